#include "tests/support/story.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { STORY_SECOND_MS = 1000 };
#define STORY_START_MS     UINT64_C(1790000000000)
#define STORY_RETENTION_MS UINT64_C(1798761600000)
#define STORY_EXPIRY_MS    UINT64_C(1792000000000)

/* Plaintexts, MessagePack too. */
#define BYTES(literal) ((struct bytes){(const uint8_t *)(literal), sizeof(literal) - 1})
static const struct bytes no_body;

static struct bytes copy_of(struct bytes bytes)
{
    uint8_t *data = malloc(bytes.count);

    if (data == NULL) {
        abort();
    }
    memcpy(data, bytes.data, bytes.count);
    return (struct bytes){data, bytes.count};
}

/* Puts an entry that is in the story already into the public stream. */
static void publish(struct story *story, uint8_t entry, uint64_t time_ms)
{
    assert(story->stream_count < STORY_ENTRIES_MAX);
    story->stream[story->stream_count++] = (struct story_item){entry, time_ms};
    sealing_append(&story->sealing, story->entries[entry].bytes, time_ms);
}

/* Seals what stands in sealing->entry and adds it to the story. */
static uint8_t add(struct story *story, const char *name, struct bytes plaintext,
                   uint16_t signer, enum stream stream)
{
    struct sealing *sealing = &story->sealing;
    struct story_entry *entry = &story->entries[story->count];

    assert(story->count < STORY_ENTRIES_MAX);
    *entry = (struct story_entry){
        .name = name,
        .bytes = copy_of(sealing_seal(sealing, plaintext, signer)),
        .stream = stream,
        .plaintext = plaintext,
    };
    if (plaintext.data != NULL) {
        memcpy(entry->content_key, sealing->draws[0], KEY_BYTES);
    }
    if (sealing->slot_count > 0) {
        memcpy(entry->e_secret, sealing->draws[plaintext.data == NULL ? 0 : 1], KEY_BYTES);
    }
    if (stream == STREAM_PUBLIC) {
        publish(story, story->count,
                STORY_START_MS + (uint64_t)story->stream_count * STORY_SECOND_MS);
    }
    return story->count++;
}

/* An entry whose body the group reads. */
static struct entry *for_group(struct story *story, enum kind kind, uint16_t author,
                               uint16_t step)
{
    struct entry *entry = sealing_entry(&story->sealing, kind, author, step);

    sealing_lock_group(&story->sealing, story->sealing.epoch, NAME_CONTENT, 0, NULL);
    return entry;
}

/* ---- creation ---- */

static void add_genesis(struct story *story)
{
    static const struct step_plan plans[] = {
        {1, FORM_READ, WORK_INDIVIDUAL, WORKING_NONE, SHARING_NEVER, WHO_ALL},
        {STORY_STEP, FORM_QUESTION, WORK_INDIVIDUAL, WORKING_NONE, SHARING_NAMED,
         WHO_PARTICIPANTS},
        {STORY_ANONYMOUS_STEP, FORM_QUESTION, WORK_INDIVIDUAL, WORKING_NONE, SHARING_ANONYMOUS,
         WHO_ALL},
        {STORY_PAIRS_STEP, FORM_PERSPECTIVES, WORK_PAIRS, WORKING_GROUP, SHARING_NEVER,
         WHO_ALL},
    };
    struct sealing *sealing = &story->sealing;
    struct args_genesis *args =
        &sealing_entry(sealing, KIND_GENESIS, STORY_FACILITATOR, 0)->args.genesis;

    args->device = sealing->seats[STORY_FACILITATOR].keys;
    args->recovery = sealing->recovery[1].keys;
    key_group_check(sealing->k[1], args->group_check);
    args->text_count = 2;
    args->retention_ms = STORY_RETENTION_MS;
    args->admission = ADMISSION_BY_HAND;
    args->step_count = sizeof plans / sizeof plans[0];
    memcpy(args->steps, plans, sizeof plans);
    sealing_lock_group(sealing, 1, NAME_CONTENT, 0, NULL);
    sealing_lock_member(sealing, STORY_FACILITATOR, NAME_FACILITATOR, 0, sealing->f[1]);
    sealing_lock_recovery(sealing, 1, sealing->f[1]);
    (void)add(story, "genesis",
              BYTES("\x91\xa5"
                    "Title"),
              STORY_FACILITATOR, STREAM_PUBLIC);
}

static void add_text(struct story *story, const char *name, uint16_t number,
                     struct bytes plaintext)
{
    struct entry *entry = sealing_entry(&story->sealing, KIND_TEXT, STORY_FACILITATOR, 0);

    entry->args.text = number;
    sealing_lock_facilitator(&story->sealing, 1, NAME_CONTENT, 0, NULL);
    (void)add(story, name, plaintext, STORY_FACILITATOR, STREAM_PUBLIC);
}

static void add_invite(struct story *story)
{
    struct args_invite *args =
        &sealing_entry(&story->sealing, KIND_INVITE, STORY_FACILITATOR, 0)->args.invite;

    args->number = 1;
    memcpy(args->key, story->sealing.invite_key, KEY_BYTES);
    args->role = ROLE_PARTICIPANT;
    args->uses = 5;
    args->expiry_ms = STORY_EXPIRY_MS;
    (void)add(story, "invite", no_body, STORY_FACILITATOR, STREAM_PUBLIC);
}

/* ---- arrival ---- */

static void add_join(struct story *story, const char *name, uint16_t member, uint16_t invite,
                     struct bytes plaintext)
{
    struct sealing *sealing = &story->sealing;
    struct args_join *args = &sealing_entry(sealing, KIND_JOIN, 0, 0)->args.join;
    const uint8_t *secret =
        invite == 0 ? sealing->recovery[1].sign_secret : sealing->invite_secret;

    args->device = sealing->seats[member].keys;
    args->invite = invite;
    proof_invite(secret, sealing->session, &args->device, args->proof);
    sealing_lock_member(sealing, STORY_FACILITATOR, NAME_CONTENT, 0, NULL);
    (void)add(story, name, plaintext, member, STREAM_PUBLIC);
}

static void add_roster(struct story *story)
{
    struct sealing *sealing = &story->sealing;
    struct args_roster *args =
        &sealing_entry(sealing, KIND_ROSTER, STORY_FACILITATOR, 0)->args.roster;

    args->roster_index = 1; /* genesis */
    args->change_count = 2;
    args->changes[0] = (struct roster_change){STORY_PARTICIPANT, ROLE_PARTICIPANT};
    args->changes[1] = (struct roster_change){STORY_OBSERVER, ROLE_OBSERVER};
    sealing_lock_member(sealing, STORY_PARTICIPANT, NAME_GROUP, 0, sealing->k[1]);
    sealing_lock_member(sealing, STORY_OBSERVER, NAME_GROUP, 0, sealing->k[1]);
    (void)add(story, "roster", no_body, STORY_FACILITATOR, STREAM_PUBLIC);
}

static void add_arrival(struct story *story)
{
    struct entry *entry;

    add_join(story, "join", STORY_PARTICIPANT, 1,
             BYTES("\x91\xa4"
                   "Bram"));
    add_join(story, "join of the observer", STORY_OBSERVER, 1,
             BYTES("\x91\xa4"
                   "Noor"));
    add_roster(story);
    (void)for_group(story, KIND_NAME, STORY_PARTICIPANT, 0);
    (void)add(story, "name",
              BYTES("\x91\xa4"
                    "Bram"),
              STORY_PARTICIPANT, STREAM_PUBLIC);
    entry = sealing_entry(&story->sealing, KIND_CONFIRM, STORY_PARTICIPANT, 0);
    entry->args.gate_text = 1;
    (void)add(story, "confirm", no_body, STORY_PARTICIPANT, STREAM_PUBLIC);
}

/* ---- a step ---- */

static void add_step(struct story *story)
{
    struct args_step *args =
        &sealing_entry(&story->sealing, KIND_STEP, STORY_FACILITATOR, STORY_PLENARY_STEP)
             ->args.step;

    args->plan = (struct step_plan){STORY_PLENARY_STEP, FORM_DISCUSSION, WORK_PLENARY,
                                    WORKING_NONE,       SHARING_NAMED,   WHO_ALL};
    args->position = STORY_STEP;
    sealing_lock_facilitator(&story->sealing, 1, NAME_CONTENT, 0, NULL);
    (void)add(story, "step", BYTES("\x91\x01"), STORY_FACILITATOR, STREAM_PUBLIC);
}

static void step_key(struct story *story, uint16_t step, uint8_t secret[KEY_BYTES],
                     uint8_t public_key[KEY_BYTES])
{
    enum status status =
        key_step(story->sealing.f[1], story->sealing.session, step, secret, public_key);

    assert(status == STATUS_OK);
}

static void add_open(struct story *story, const char *name, uint16_t step)
{
    struct args_open *args =
        &sealing_entry(&story->sealing, KIND_OPEN, STORY_FACILITATOR, step)->args.open;
    uint8_t secret[KEY_BYTES];

    args->has_key = true;
    step_key(story, step, secret, args->step_key);
    if (step == STORY_STEP) {
        sealing_lock_group(&story->sealing, 1, NAME_TEXT, 1,
                           story_find(story, "text")->content_key);
    }
    (void)add(story, name, no_body, STORY_FACILITATOR, STREAM_PUBLIC);
}

static uint8_t add_answer(struct story *story, const char *name, uint16_t author, uint16_t step,
                          uint32_t edit, uint8_t behalf)
{
    struct sealing *sealing = &story->sealing;
    struct entry *entry = sealing_entry(sealing, KIND_ANSWER, author, step);
    uint8_t secret[KEY_BYTES];
    uint8_t public_key[KEY_BYTES];

    entry->args.answer = (struct args_answer){.edit = edit, .behalf = behalf};
    step_key(story, step, secret, public_key);
    sealing_lock_step(sealing, step, public_key, 1);
    if (author != 0) {
        sealing_lock_member(sealing, author, NAME_CONTENT, 0, NULL);
    }
    return add(story, name, BYTES("\x93\x02\x91\xa2Ja\x00"), author, STREAM_WAITING);
}

static void add_pace(struct story *story, const char *name, enum verb verb, uint16_t step,
                     uint32_t seconds)
{
    struct entry *entry = sealing_entry(&story->sealing, KIND_PACE, STORY_FACILITATOR, step);

    entry->args.pace = (struct args_pace){.verb = verb, .seconds = seconds};
    (void)add(story, name, no_body, STORY_FACILITATOR, STREAM_PUBLIC);
}

/* Released answers follow in order of id, which is the order they were made in here. */
static void add_release(struct story *story, const char *name, uint16_t step,
                        const uint8_t *answers, uint32_t count)
{
    struct sealing *sealing = &story->sealing;
    struct args_release *args =
        &sealing_entry(sealing, KIND_RELEASE, STORY_FACILITATOR, step)->args.release;
    struct release_digest digest;
    uint8_t secret[KEY_BYTES];
    uint8_t public_key[KEY_BYTES];

    release_digest_init(&digest);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t hash[HASH_BYTES];

        hash_of(story->entries[answers[i]].bytes, hash);
        release_digest_add(&digest, hash);
    }
    args->count = count;
    release_digest_finish(&digest, args->digest);
    step_key(story, step, secret, public_key);
    sealing_lock_group(sealing, 1, NAME_STEP, step, secret);
    (void)add(story, name, no_body, STORY_FACILITATOR, STREAM_PUBLIC);
    for (uint32_t i = 0; i < count; i++) {
        publish(story, answers[i], story->stream[story->stream_count - 1].time_ms);
    }
}

static void add_reveal(struct story *story)
{
    struct entry *entry = sealing_entry(&story->sealing, KIND_REVEAL, STORY_FACILITATOR, 0);

    entry->args.reveal = (struct args_reveal){.text = 1, .paragraph = 2};
    sealing_lock_group(&story->sealing, 1, NAME_TEXT, 1,
                       story_find(story, "text")->content_key);
    (void)add(story, "reveal", no_body, STORY_FACILITATOR, STREAM_PUBLIC);
}

static void add_named_step(struct story *story)
{
    uint8_t answers[2];

    add_step(story);
    add_open(story, "open", STORY_STEP);
    answers[0] = add_answer(story, "answer", STORY_PARTICIPANT, STORY_STEP, 1, 0);
    answers[1] = add_answer(story, "answer on behalf", STORY_PARTICIPANT, STORY_STEP, 3, 1);
    add_pace(story, "pace timer start", VERB_TIMER_START, 0, 300);
    add_pace(story, "pace close", VERB_CLOSE, STORY_STEP, 0);
    add_release(story, "release", STORY_STEP, answers, 2);
    add_reveal(story);
}

/* ---- what members write ---- */

static void add_notes(struct story *story)
{
    struct entry *entry = NULL;
    uint8_t named[ID_BYTES];

    add_open(story, "open of the plenary step", STORY_PLENARY_STEP);
    entry = for_group(story, KIND_NOTE, STORY_FACILITATOR, STORY_PLENARY_STEP);
    memcpy(named, entry->id, ID_BYTES);
    (void)add(story, "note",
              BYTES("\x91\xa5"
                    "first"),
              STORY_FACILITATOR, STREAM_PUBLIC);
    entry = for_group(story, KIND_NOTE, STORY_FACILITATOR, STORY_PLENARY_STEP);
    entry->args.note.has_replaces = true;
    memcpy(entry->args.note.replaces, named, ID_BYTES);
    (void)add(story, "note that replaces",
              BYTES("\x91\xa6"
                    "second"),
              STORY_FACILITATOR, STREAM_PUBLIC);
    (void)for_group(story, KIND_AGREEMENT, STORY_FACILITATOR, STORY_PLENARY_STEP);
    (void)add(story, "agreement", BYTES("\x94\xa4Text\xa5Owner\xa4When\xa7Process"),
              STORY_FACILITATOR, STREAM_PUBLIC);
    entry = for_group(story, KIND_PARK, STORY_PARTICIPANT, STORY_STEP);
    memcpy(named, entry->id, ID_BYTES);
    (void)add(story, "park",
              BYTES("\x91\xa5"
                    "later"),
              STORY_PARTICIPANT, STREAM_PUBLIC);
    (void)for_group(story, KIND_REPORT, STORY_OBSERVER, 0);
    (void)add(story, "report",
              BYTES("\x91\xa3"
                    "saw"),
              STORY_OBSERVER, STREAM_PUBLIC);
    (void)for_group(story, KIND_FOLLOW_UP, STORY_PARTICIPANT, 0);
    (void)add(story, "follow-up",
              BYTES("\x93\xa4Item\xa4"
                    "done\xa5learn"),
              STORY_PARTICIPANT, STREAM_PUBLIC);
    entry = sealing_entry(&story->sealing, KIND_LEAVE_OUT, STORY_PARTICIPANT, 0);
    memcpy(entry->args.left_out, named, ID_BYTES);
    (void)add(story, "leave out", no_body, STORY_PARTICIPANT, STREAM_PUBLIC);
}

static void add_message(struct story *story)
{
    struct args_message *args =
        &sealing_entry(&story->sealing, KIND_MESSAGE, STORY_OBSERVER, 0)->args.message;

    args->recipient_count = 1;
    args->recipients[0] = STORY_FACILITATOR;
    sealing_lock_member(&story->sealing, STORY_FACILITATOR, NAME_CONTENT, 0, NULL);
    sealing_lock_member(&story->sealing, STORY_OBSERVER, NAME_CONTENT, 0, NULL);
    (void)add(story, "message",
              BYTES("\x91\xa6"
                    "slower"),
              STORY_OBSERVER, STREAM_OWN);
}

static void add_groups(struct story *story)
{
    struct entry *entry = for_group(story, KIND_GROUPS, STORY_FACILITATOR, 0);
    struct args_groups *groups = &entry->args.groups;

    groups->group_count = 2;
    groups->member_count = 3;
    groups->group_ends[0] = 2;
    groups->group_ends[1] = 3;
    groups->members[0] = STORY_PARTICIPANT;
    groups->members[1] = STORY_OBSERVER;
    groups->members[2] = STORY_FACILITATOR;
    (void)add(story, "groups",
              BYTES("\x92\x92\xa1"
                    "A\x00\x92\xa1"
                    "B\x01"),
              STORY_FACILITATOR, STREAM_PUBLIC);
    entry = sealing_entry(&story->sealing, KIND_ASSIGN, STORY_FACILITATOR, 0);
    entry->args.assign = (struct args_assign){ASSIGNMENT_SCRIBE, 1, STORY_PARTICIPANT};
    (void)add(story, "assign scribe", no_body, STORY_FACILITATOR, STREAM_PUBLIC);
    entry = for_group(story, KIND_ASSIGN, STORY_FACILITATOR, STORY_PAIRS_STEP);
    entry->args.assign = (struct args_assign){ASSIGNMENT_PERSPECTIVE, 0, STORY_OBSERVER};
    (void)add(story, "assign perspective",
              BYTES("\x91\xa6"
                    "mother"),
              STORY_FACILITATOR, STREAM_PUBLIC);
}

static void add_anonymous_step(struct story *story)
{
    uint8_t answers[3];

    add_open(story, "open of the anonymous step", STORY_ANONYMOUS_STEP);
    answers[0] = add_answer(story, "anonymous answer", 0, STORY_ANONYMOUS_STEP, 0, 0);
    answers[1] = add_answer(story, "anonymous answer 2", 0, STORY_ANONYMOUS_STEP, 0, 0);
    answers[2] = add_answer(story, "anonymous answer 3", 0, STORY_ANONYMOUS_STEP, 0, 0);
    add_pace(story, "pace close of the anonymous step", VERB_CLOSE, STORY_ANONYMOUS_STEP, 0);
    add_release(story, "release of the anonymous step", STORY_ANONYMOUS_STEP, answers, 3);
}

/* ---- recovery and a second epoch ---- */

static void add_second_epoch(struct story *story)
{
    struct sealing *sealing = &story->sealing;
    struct args_roster *args;

    add_join(story, "join by recovery", STORY_RECOVERED, 0,
             BYTES("\x91\xa4"
                   "Anna"));
    args = &sealing_entry(sealing, KIND_ROSTER, STORY_RECOVERED, 0)->args.roster;
    args->roster_index = chain_head(&sealing->chain).index; /* a join by recovery counts */
    args->change_count = 1;
    args->changes[0] = (struct roster_change){STORY_FACILITATOR, ROLE_REMOVED};
    args->has_epoch = true;
    args->epoch = 2;
    key_group_check(sealing->k[2], args->group_check);
    args->has_recovery = true;
    args->recovery = sealing->recovery[2].keys;
    sealing_lock_member(sealing, STORY_RECOVERED, NAME_FACILITATOR, 0, sealing->f[2]);
    sealing_lock_member(sealing, STORY_PARTICIPANT, NAME_GROUP, 0, sealing->k[2]);
    sealing_lock_member(sealing, STORY_OBSERVER, NAME_GROUP, 0, sealing->k[2]);
    sealing_lock_recovery(sealing, 2, sealing->f[2]);
    sealing_lock_group(sealing, 2, NAME_PREVIOUS_GROUP, 0, sealing->k[1]);
    sealing_lock_facilitator(sealing, 2, NAME_PREVIOUS_FACILITATOR, 0, sealing->f[1]);
    (void)add(story, "roster with an epoch", no_body, STORY_RECOVERED, STREAM_PUBLIC);
    sealing->epoch = 2;
    (void)for_group(story, KIND_NAME, STORY_RECOVERED, 0);
    (void)add(story, "name in epoch 2",
              BYTES("\x91\xa4"
                    "Anna"),
              STORY_RECOVERED, STREAM_PUBLIC);
    (void)sealing_entry(sealing, KIND_PURGE, STORY_RECOVERED, 0);
    (void)add(story, "purge", no_body, STORY_RECOVERED, STREAM_PUBLIC);
}

struct story *story_create(void)
{
    struct story *story = calloc(1, sizeof *story);

    if (story == NULL) {
        abort();
    }
    sealing_begin(&story->sealing);
    add_genesis(story);
    add_text(story, "script", 0,
             BYTES("\x9d\x00\x00\xa5"
                   "guide\xa5"
                   "Title\xa0\xa0\xa2nl\x90\x90\x90\x90\x90\x93\x00\x00\x00"));
    add_text(story, "text", 1,
             BYTES("\x94\x06\x02\xa4"
                   "Case\xab"
                   "He decides."));
    add_invite(story);
    add_arrival(story);
    add_named_step(story);
    add_notes(story);
    add_message(story);
    add_groups(story);
    add_anonymous_step(story);
    add_second_epoch(story);
    return story;
}

void story_destroy(struct story *story)
{
    if (story == NULL) {
        return;
    }
    for (uint8_t i = 0; i < story->count; i++) {
        free((void *)(uintptr_t)story->entries[i].bytes.data);
    }
    sealing_end(&story->sealing);
    free(story);
}

const struct story_entry *story_find(const struct story *story, const char *name)
{
    for (uint8_t i = 0; i < story->count; i++) {
        if (strcmp(story->entries[i].name, name) == 0) {
            return &story->entries[i];
        }
    }
    abort();
}
