/* Coming in: a new session, or somebody else's by an invite; and giving invites out. */
#include <stdlib.h>
#include <string.h>

#include "client/compile.h"
#include "client/member_private.h"
#include "common/secret.h"
#include "common/text.h"
#include "protocol/writer.h"

static enum status set_name(struct member *member, const char *name)
{
    struct bytes bytes = {(const uint8_t *)name, strlen(name)};

    if (bytes.count > CONTENT_NAME_BYTES_MAX) {
        return STATUS_TOO_LONG;
    }
    if (text_is_blank(bytes) || !bytes_is_utf8(bytes)) {
        return STATUS_MALFORMED;
    }
    memcpy(member->name, name, bytes.count + 1);
    return STATUS_OK;
}

static enum status make_genesis(struct member *member,
                                const struct member_host_options *options,
                                uint8_t recovery_seed_out[SEED_BYTES])
{
    const struct compiled *compiled = options->compiled;
    struct args_genesis *args = calloc(1, sizeof *args);
    uint8_t f[KEY_BYTES], box_secret[KEY_BYTES], id[ID_BYTES], title[1024];
    struct content_strings strings = {
        .count = 1, .at = {{(const uint8_t *)options->title, strlen(options->title)}}};
    struct writer writer;
    struct bytes sealed = {0};
    enum status status = args == NULL ? STATUS_NOMEM : STATUS_OK;

    writer_init(&writer, title, sizeof title);
    content_strings_encode(&writer, &strings);
    if (status == STATUS_OK) {
        status = writer_status(&writer);
    }
    if (status == STATUS_OK) {
        entropy_fill(&member->entropy, f, sizeof f);
        entropy_fill(&member->entropy, recovery_seed_out, SEED_BYTES);
        recovery_derive(recovery_seed_out, &args->recovery, box_secret);
        args->text_count = compiled->text_count;
        args->retention_ms = options->retention_ms;
        args->admission = options->admission;
        args->step_count = compiled->step_count;
        memcpy(args->steps, compiled->steps, compiled->step_count * sizeof *compiled->steps);
        member_new_id(member, id);
        status = sealer_seal_genesis(member->sealer, args, f, writer_bytes(&writer), id,
                                     member->session, &sealed);
    }
    if (status == STATUS_OK) {
        status = outbox_replace(&member->genesis, sealed);
    }
    secret_wipe(f, sizeof f);
    secret_wipe(box_secret, sizeof box_secret);
    secret_wipe(title, sizeof title);
    free(args);
    return status;
}

static enum status want_texts(struct member *member, const struct compiled *compiled)
{
    struct wish *wish = NULL;
    enum status status = STATUS_OK;

    for (uint16_t i = 0; i < compiled->text_count && status == STATUS_OK; i++) {
        status = member_wish(member, KIND_TEXT, 0, compiled->texts[i], true, &wish);
        if (status == STATUS_OK) {
            wish->args.text = i;
        }
    }
    return status;
}

static enum status want_invites(struct member *member,
                                const struct member_host_options *options)
{
    uint16_t number = 0;
    enum status status = STATUS_OK;

    for (uint16_t i = 0; i < options->invite_count && status == STATUS_OK; i++) {
        const struct member_invite_plan *plan = &options->invites[i];

        status = member_invite(member, plan->role, plan->uses, options->invite_expiry_ms,
                               plan->label, &number);
        if (status == STATUS_OK) {
            member->facilitates[number] = plan->facilitates;
        }
    }
    return status;
}

enum status member_host(struct member *member, const struct member_host_options *options,
                        uint8_t session_out[HASH_BYTES], uint8_t recovery_seed_out[SEED_BYTES])
{
    enum status status = set_name(member, options->name);

    if (status == STATUS_OK && member->way != WAY_NONE) {
        status = STATUS_BAD_STATE;
    }
    member->restoring = true; /* nothing is kept until there is a place for it */
    if (status == STATUS_OK) {
        status = make_genesis(member, options, recovery_seed_out);
    }
    if (status == STATUS_OK) {
        status = replica_create(&member->seat, member->session, &member->replica);
    }
    if (status == STATUS_OK) {
        member->way = WAY_HOST;
        memcpy(member->ticket_seed, options->ticket_seed, SEED_BYTES);
        status = want_texts(member, options->compiled);
    }
    if (status == STATUS_OK) {
        status = want_invites(member, options);
    }
    member->restoring = false;
    if (status == STATUS_OK) {
        memcpy(session_out, member->session, HASH_BYTES);
    }
    return status;
}

enum status member_join(struct member *member, const struct link *invite, const char *name)
{
    enum status status = set_name(member, name);

    if (status != STATUS_OK) {
        return status;
    }
    if (invite->type != LINK_INVITE || member->replica == NULL || member->way == WAY_HOST ||
        replica_me(member->replica) != 0 ||
        memcmp(invite->session, member->session, HASH_BYTES) != 0) {
        return STATUS_USAGE;
    }
    member->way = WAY_INVITE;
    member->invite = invite->invite;
    memcpy(member->invite_seed, invite->seed, SEED_BYTES);
    return STATUS_OK;
}

/* ---- invites ---- */

enum status member_invite(struct member *member, enum role role, uint16_t uses,
                          uint64_t expiry_ms, const char *label, uint16_t *number_out)
{
    struct args_invite args = {.role = role, .uses = uses, .expiry_ms = expiry_ms, .number = 1};
    struct invite_record *invite = NULL;
    uint8_t secret[SIGN_SECRET_BYTES];
    struct wish *wish = NULL;
    size_t label_count = label == NULL ? 0 : strlen(label);
    enum status status = member->created || member->way != WAY_HOST
                             ? member_check(member, KIND_INVITE, 0, 0)
                             : STATUS_OK;

    if (status == STATUS_OK && (role == ROLE_FACILITATOR || role == ROLE_REMOVED || uses == 0 ||
                                uses > INVITE_USES_MAX)) {
        status = STATUS_FORBIDDEN; /* one joins and is made facilitator */
    }
    if (status == STATUS_OK) {
        status = label_count > CONTENT_NAME_BYTES_MAX ? STATUS_TOO_LONG
                                                      : member_reserve_invites(member);
    }
    while (status == STATUS_OK && args.number <= INVITES_MAX &&
           (member->invites[args.number].exists ||
            session_invite(replica_session(member->replica), args.number) != NULL)) {
        args.number++;
    }
    if (status == STATUS_OK && args.number > INVITES_MAX) {
        status = STATUS_FULL;
    }
    if (status == STATUS_OK) {
        status = member_wish(member, KIND_INVITE, 0, (struct bytes){0}, true, &wish);
    }
    if (status != STATUS_OK) {
        return status;
    }
    invite = &member->invites[args.number];
    *invite = (struct invite_record){.exists = true, .role = role, .uses = uses};
    entropy_fill(&member->entropy, invite->seed, SEED_BYTES);
    if (label_count > 0) {
        memcpy(invite->label, label, label_count);
    }
    link_sign_keys(invite->seed, args.key, secret);
    secret_wipe(secret, sizeof secret);
    wish->args.invite = args;
    member_keep_invite(member, args.number);
    member_keep_wish(member, wish);
    *number_out = args.number;
    if (!member->restoring) {
        member_pump(member);
    }
    return STATUS_OK;
}
