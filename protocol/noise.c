#include "protocol/noise.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "common/secret.h"

static_assert(NOISE_KEY_BYTES == crypto_scalarmult_BYTES, "X25519");
static_assert(NOISE_KEY_BYTES == crypto_aead_chacha20poly1305_ietf_KEYBYTES, "ChaChaPoly");
static_assert(NOISE_TAG_BYTES == crypto_aead_chacha20poly1305_ietf_ABYTES, "ChaChaPoly");
static_assert(NOISE_HASH_BYTES == crypto_hash_sha256_BYTES, "SHA256");
static_assert(NOISE_HASH_BYTES == crypto_auth_hmacsha256_BYTES, "HMAC-SHA256");

static const char protocol_name[NOISE_HASH_BYTES + 1] = "Noise_XK_25519_ChaChaPoly_SHA256";

/* One handshake message under way: a copy of the state, and the message's bytes. The first
 * error sticks; the copy replaces the state only when there was none. */
struct step {
    struct noise noise;
    enum status status;
    struct bytes in; /* reading: what is left of the message */
    uint8_t *out;    /* writing: where the next byte goes, with room for left more */
    size_t left;
};

static void step_fail(struct step *step, enum status status)
{
    if (step->status == STATUS_OK) {
        step->status = status;
    }
}

static struct bytes run(const uint8_t *data, size_t count)
{
    return (struct bytes){.data = data, .count = count};
}

/* Section 4.3: HKDF with two outputs. */
static void hkdf(const uint8_t chaining_key[NOISE_HASH_BYTES], struct bytes input,
                 uint8_t output_1[NOISE_HASH_BYTES], uint8_t output_2[NOISE_HASH_BYTES])
{
    crypto_auth_hmacsha256_state state;
    uint8_t temp_key[NOISE_HASH_BYTES];

    crypto_auth_hmacsha256_init(&state, chaining_key, NOISE_HASH_BYTES);
    crypto_auth_hmacsha256_update(&state, input.data, input.count);
    crypto_auth_hmacsha256_final(&state, temp_key);

    crypto_auth_hmacsha256_init(&state, temp_key, sizeof temp_key);
    crypto_auth_hmacsha256_update(&state, (const uint8_t[]){1}, 1);
    crypto_auth_hmacsha256_final(&state, output_1);

    crypto_auth_hmacsha256_init(&state, temp_key, sizeof temp_key);
    crypto_auth_hmacsha256_update(&state, output_1, NOISE_HASH_BYTES);
    crypto_auth_hmacsha256_update(&state, (const uint8_t[]){2}, 1);
    crypto_auth_hmacsha256_final(&state, output_2);

    secret_wipe(temp_key, sizeof temp_key);
    secret_wipe(&state, sizeof state);
}

/* Section 5.1: the CipherState. The nonce is 4 zero bytes and 8 of the counter, little-endian.
 * 2^64 - 1 is never used. */
static bool next_nonce(struct noise_cipher *cipher,
                       uint8_t out[crypto_aead_chacha20poly1305_ietf_NPUBBYTES])
{
    if (cipher->nonce == UINT64_MAX) {
        return false;
    }
    memset(out, 0, 4);
    for (size_t i = 0; i < 8; i++) {
        out[4 + i] = (uint8_t)(cipher->nonce >> (8 * i) & 0xff);
    }
    return true;
}

/* out has room for a tag more than plaintext; the two may be the same place. */
static enum status cipher_encrypt(struct noise_cipher *cipher, struct bytes associated,
                                  struct bytes plaintext, uint8_t *out)
{
    uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

    if (!next_nonce(cipher, nonce)) {
        return STATUS_CRYPTO;
    }
    (void)crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plaintext.data, plaintext.count,
                                                    associated.data, associated.count, NULL,
                                                    nonce, cipher->key);
    cipher->nonce++;
    return STATUS_OK;
}

/* out has room for a tag less than ciphertext; the two may be the same place. */
static enum status cipher_decrypt(struct noise_cipher *cipher, struct bytes associated,
                                  struct bytes ciphertext, uint8_t *out)
{
    uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

    if (ciphertext.count < NOISE_TAG_BYTES) {
        return STATUS_MALFORMED;
    }
    if (!next_nonce(cipher, nonce) ||
        crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, ciphertext.data,
                                                  ciphertext.count, associated.data,
                                                  associated.count, nonce, cipher->key) != 0) {
        return STATUS_CRYPTO;
    }
    cipher->nonce++;
    return STATUS_OK;
}

/* Section 5.2: the SymmetricState. */
static void mix_hash(struct noise *noise, struct bytes data)
{
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, noise->h, sizeof noise->h);
    crypto_hash_sha256_update(&state, data.data, data.count);
    crypto_hash_sha256_final(&state, noise->h);
}

static void mix_key(struct noise *noise, const uint8_t input[NOISE_KEY_BYTES])
{
    uint8_t ck[NOISE_HASH_BYTES];

    hkdf(noise->ck, run(input, NOISE_KEY_BYTES), ck, noise->handshake.key);
    memcpy(noise->ck, ck, sizeof ck);
    noise->handshake.nonce = 0;
    secret_wipe(ck, sizeof ck);
}

static void encrypt_and_hash(struct step *step, struct bytes plaintext)
{
    size_t count = plaintext.count + NOISE_TAG_BYTES;

    if (step->status == STATUS_OK && count > step->left) {
        step_fail(step, STATUS_TOO_LONG);
    }
    if (step->status != STATUS_OK) {
        return;
    }
    step->status = cipher_encrypt(&step->noise.handshake, run(step->noise.h, NOISE_HASH_BYTES),
                                  plaintext, step->out);
    mix_hash(&step->noise, run(step->out, count));
    step->out += count;
    step->left -= count;
}

/* Decrypts the next count bytes of the message; out has room for a tag less. */
static void decrypt_and_hash(struct step *step, size_t count, uint8_t *out)
{
    struct noise *noise = &step->noise;

    if (step->status == STATUS_OK && count > step->in.count) {
        step_fail(step, STATUS_MALFORMED);
    }
    if (step->status != STATUS_OK) {
        return;
    }
    step->status = cipher_decrypt(&noise->handshake, run(noise->h, sizeof noise->h),
                                  run(step->in.data, count), out);
    mix_hash(noise, run(step->in.data, count));
    step->in.data += count;
    step->in.count -= count;
}

/* Section 5.3: the tokens, as they are written and read. */
static void write_e(struct step *step)
{
    struct noise *noise = &step->noise;
    uint8_t secret_key[NOISE_KEY_BYTES];

    if (step->status == STATUS_OK && step->left < NOISE_KEY_BYTES) {
        step_fail(step, STATUS_TOO_LONG);
    }
    if (step->status != STATUS_OK) {
        return;
    }
    entropy_fill(&noise->entropy, secret_key, sizeof secret_key);
    noise_keypair_from(secret_key, &noise->e);
    secret_wipe(secret_key, sizeof secret_key);
    memcpy(step->out, noise->e.public_key, NOISE_KEY_BYTES);
    step->out += NOISE_KEY_BYTES;
    step->left -= NOISE_KEY_BYTES;
    mix_hash(noise, run(noise->e.public_key, NOISE_KEY_BYTES));
}

static void read_e(struct step *step)
{
    struct noise *noise = &step->noise;

    if (step->in.count < NOISE_KEY_BYTES) {
        step_fail(step, STATUS_MALFORMED);
        return;
    }
    memcpy(noise->re, step->in.data, NOISE_KEY_BYTES);
    step->in.data += NOISE_KEY_BYTES;
    step->in.count -= NOISE_KEY_BYTES;
    mix_hash(noise, run(noise->re, NOISE_KEY_BYTES));
}

static void write_s(struct step *step)
{
    uint8_t own[NOISE_KEY_BYTES];

    memcpy(own, step->noise.s.public_key, sizeof own);
    encrypt_and_hash(step, run(own, sizeof own));
}

static void read_s(struct step *step)
{
    decrypt_and_hash(step, NOISE_KEY_BYTES + NOISE_TAG_BYTES, step->noise.rs);
}

/* ee, es, se: which keys they are depends on the side, so the caller names them. */
static void mix_dh(struct step *step, const struct noise_keypair *own,
                   const uint8_t other[NOISE_KEY_BYTES])
{
    uint8_t shared[NOISE_KEY_BYTES];

    if (step->status != STATUS_OK) {
        return;
    }
    if (crypto_scalarmult(shared, own->secret_key, other) != 0) {
        step_fail(step, STATUS_BAD_KEY); /* all zero: a point of small order */
    } else {
        mix_key(&step->noise, shared);
    }
    secret_wipe(shared, sizeof shared);
}

static void read_payload(struct step *step, uint8_t *payload, size_t *count_out)
{
    size_t count = step->in.count;

    decrypt_and_hash(step, count, payload);
    if (step->status == STATUS_OK) {
        *count_out = count - NOISE_TAG_BYTES;
    }
}

/* Section 5.2, Split(): the first key is the initiator's to send with. Ends the handshake. */
static void split(struct noise *noise, bool initiator)
{
    struct noise_cipher *first = initiator ? &noise->sending : &noise->receiving;
    struct noise_cipher *second = initiator ? &noise->receiving : &noise->sending;

    hkdf(noise->ck, run(NULL, 0), first->key, second->key);
    first->nonce = 0;
    second->nonce = 0;
    secret_wipe(&noise->s, sizeof noise->s);
    secret_wipe(&noise->e, sizeof noise->e);
    secret_wipe(noise->re, sizeof noise->re);
    secret_wipe(noise->ck, sizeof noise->ck);
    secret_wipe(&noise->handshake, sizeof noise->handshake);
    noise->state = NOISE_READY;
}

void noise_keypair_from(const uint8_t secret_key[NOISE_KEY_BYTES],
                        struct noise_keypair *keypair_out)
{
    memcpy(keypair_out->secret_key, secret_key, NOISE_KEY_BYTES);
    (void)crypto_scalarmult_base(keypair_out->public_key, secret_key);
}

static void init(struct noise *noise, struct bytes prologue, const struct noise_keypair *own,
                 struct entropy entropy)
{
    *noise = (struct noise){.entropy = entropy, .s = *own};
    memcpy(noise->h, protocol_name, NOISE_HASH_BYTES); /* exactly as long as a hash */
    memcpy(noise->ck, noise->h, sizeof noise->ck);
    mix_hash(noise, prologue);
}

void noise_init_initiator(struct noise *noise, struct bytes prologue,
                          const struct noise_keypair *own,
                          const uint8_t responder_key[NOISE_KEY_BYTES], struct entropy entropy)
{
    init(noise, prologue, own, entropy);
    memcpy(noise->rs, responder_key, NOISE_KEY_BYTES);
    mix_hash(noise, run(noise->rs, NOISE_KEY_BYTES));
    noise->state = NOISE_WRITE_1;
}

void noise_init_responder(struct noise *noise, struct bytes prologue,
                          const struct noise_keypair *own, struct entropy entropy)
{
    init(noise, prologue, own, entropy);
    mix_hash(noise, run(own->public_key, NOISE_KEY_BYTES));
    noise->state = NOISE_READ_1;
}

void noise_finish(struct noise *noise)
{
    secret_wipe(noise, sizeof *noise);
}

enum status noise_write(struct noise *noise, struct bytes payload, uint8_t *out,
                        size_t capacity, size_t *count_out)
{
    size_t left = capacity < NOISE_MESSAGE_BYTES_MAX ? capacity : NOISE_MESSAGE_BYTES_MAX;
    struct step step = {.noise = *noise, .out = out, .left = left};
    struct noise *next = &step.noise;
    enum status status;

    switch (noise->state) {
    case NOISE_WRITE_1:
        write_e(&step);
        mix_dh(&step, &next->e, next->rs); /* es */
        encrypt_and_hash(&step, payload);
        next->state = NOISE_READ_2;
        break;
    case NOISE_WRITE_2:
        write_e(&step);
        mix_dh(&step, &next->e, next->re); /* ee */
        encrypt_and_hash(&step, payload);
        next->state = NOISE_READ_3;
        break;
    case NOISE_WRITE_3:
        write_s(&step);
        mix_dh(&step, &next->s, next->re); /* se */
        encrypt_and_hash(&step, payload);
        split(next, true);
        break;
    case NOISE_FAILED:
    case NOISE_READ_1:
    case NOISE_READ_2:
    case NOISE_READ_3:
    case NOISE_READY:
        step_fail(&step, STATUS_BAD_STATE);
        break;
    }
    status = step.status;
    if (status == STATUS_OK) {
        *noise = step.noise;
        *count_out = left - step.left;
    }
    secret_wipe(&step, sizeof step);
    return status;
}

enum status noise_read(struct noise *noise, struct bytes message, uint8_t *payload,
                       size_t *count_out)
{
    struct step step = {.noise = *noise, .in = message};
    struct noise *next = &step.noise;
    enum status status;

    switch (noise->state) {
    case NOISE_READ_1:
        read_e(&step);
        mix_dh(&step, &next->s, next->re); /* es */
        read_payload(&step, payload, count_out);
        next->state = NOISE_WRITE_2;
        break;
    case NOISE_READ_2:
        read_e(&step);
        mix_dh(&step, &next->e, next->re); /* ee */
        read_payload(&step, payload, count_out);
        next->state = NOISE_WRITE_3;
        break;
    case NOISE_READ_3:
        read_s(&step);
        mix_dh(&step, &next->e, next->rs); /* se */
        read_payload(&step, payload, count_out);
        split(next, false);
        break;
    case NOISE_FAILED:
    case NOISE_WRITE_1:
    case NOISE_WRITE_2:
    case NOISE_WRITE_3:
    case NOISE_READY:
        step_fail(&step, STATUS_BAD_STATE);
        break;
    }
    status = step.status;
    if (status == STATUS_OK) {
        *noise = step.noise;
    } else {
        noise_finish(noise); /* a handshake is never tried twice */
    }
    secret_wipe(&step, sizeof step);
    return status;
}

enum status noise_seal(struct noise *noise, uint8_t *data, size_t count)
{
    struct bytes plaintext = {.data = data, .count = count};

    if (noise->state != NOISE_READY) {
        return STATUS_BAD_STATE;
    }
    if (count > NOISE_PLAINTEXT_BYTES_MAX) {
        return STATUS_TOO_LONG;
    }
    return cipher_encrypt(&noise->sending, run(NULL, 0), plaintext, data);
}

enum status noise_open(struct noise *noise, uint8_t *data, size_t count, size_t *count_out)
{
    struct bytes ciphertext = {.data = data, .count = count};
    enum status status;

    if (noise->state != NOISE_READY) {
        return STATUS_BAD_STATE;
    }
    if (count > NOISE_MESSAGE_BYTES_MAX) {
        return STATUS_TOO_LONG;
    }
    status = cipher_decrypt(&noise->receiving, run(NULL, 0), ciphertext, data);
    if (status == STATUS_OK) {
        *count_out = count - NOISE_TAG_BYTES;
    }
    return status;
}
