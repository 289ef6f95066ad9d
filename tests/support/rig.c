#include "tests/support/rig.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/entry.h"

enum { DAY_MS = 24 * 3600 * 1000 };

static void must(bool good)
{
    if (!good) {
        abort();
    }
}

struct bytes rig_text(const char *text)
{
    return (struct bytes){.data = (const uint8_t *)text, .count = strlen(text)};
}

/* ---- the driver ---- */

static void on_send(void *context, uint32_t connection, struct bytes message)
{
    struct rig *rig = context;
    struct rig_message *sent = &rig->sent[rig->sent_count];

    must(rig->sent_count < RIG_MESSAGES_MAX && !rig->is_closed[connection]);
    sent->connection = connection;
    sent->count = message.count;
    sent->data = malloc(message.count);
    must(sent->data != NULL);
    memcpy(sent->data, message.data, message.count);
    rig->sent_count++;
}

static void on_close(void *context, uint32_t connection, enum status reason)
{
    struct rig *rig = context;

    must(!rig->is_closed[connection]);
    rig->is_closed[connection] = true;
    rig->closed_why[connection] = reason;
}

static void on_store(void *context, struct batch *batch)
{
    struct rig *rig = context;

    must(rig->batch == NULL);
    rig->batch = batch;
    rig->batch_count++;
}

static void on_load(void *context, const uint8_t session[HASH_BYTES])
{
    struct rig *rig = context;

    must(!rig->loads);
    rig->loads = true;
    memcpy(rig->load_id, session, HASH_BYTES);
}

static void on_log(void *context, const char *event, const uint8_t *session, uint16_t member,
                   enum status status)
{
    (void)context;
    (void)event;
    (void)session;
    (void)member;
    (void)status;
}

static void start(struct rig *rig)
{
    struct hub_driver driver = {
        .context = rig,
        .send = on_send,
        .close = on_close,
        .store = on_store,
        .load = on_load,
        .log = on_log,
    };

    must(hub_create(&driver, rig->now_ms, &rig->hub) == STATUS_OK);
    must(hub_ticket_put(rig->hub, &rig->store.ticket) == STATUS_OK);
}

void rig_begin(struct rig *rig)
{
    uint8_t seed[SEED_BYTES] = {0};
    uint8_t secret[KEY_BYTES];

    *rig = (struct rig){.now_ms = RIG_START_MS, .random = {.state = 7}, .text_count = 3};
    rig->entropy = seeded_entropy(&rig->random);
    rig->people = calloc(RIG_PEOPLE_MAX, sizeof *rig->people);
    must(rig->people != NULL);
    entropy_fill(&rig->entropy, rig->f, KEY_BYTES);
    entropy_fill(&rig->entropy, rig->invite_seeds, sizeof rig->invite_seeds);
    recovery_derive(seed, &rig->recovery, secret);
    link_sign_keys(seed, rig->store.ticket.key, rig->ticket_secret);
    rig->store.ticket.uses_left = 1;
    rig->store.ticket.expiry_ms = RIG_START_MS + DAY_MS;
    for (size_t i = 0; i < RIG_PEOPLE_MAX; i++) {
        rig->people[i].rig = rig;
    }
    start(rig);
}

void rig_end(struct rig *rig)
{
    hub_destroy(rig->hub);
    rig_forget_sent(rig);
    batch_destroy(rig->batch);
    memory_store_finish(&rig->store);
    for (size_t i = 0; i < RIG_PEOPLE_MAX; i++) {
        side_finish(&rig->people[i].side);
    }
    free(rig->people);
}

void rig_restart(struct rig *rig)
{
    hub_destroy(rig->hub);
    batch_destroy(rig->batch);
    rig->batch = NULL;
    rig->loads = false;
    rig_forget_sent(rig);
    for (size_t i = 0; i < RIG_PEOPLE_MAX; i++) {
        rig->people[i].connection = 0;
    }
    start(rig);
}

void rig_forget_sent(struct rig *rig)
{
    for (size_t i = 0; i < rig->sent_count; i++) {
        free(rig->sent[i].data);
    }
    rig->sent_count = 0;
}

void rig_store(struct rig *rig, enum status status)
{
    struct batch *batch = rig->batch;
    uint64_t number = batch->number;

    rig->batch = NULL;
    if (status == STATUS_OK) {
        status = memory_store_apply(&rig->store, batch);
        must(status == STATUS_OK);
    }
    batch_destroy(batch);
    hub_stored(rig->hub, number, status, rig->now_ms);
}

void rig_load(struct rig *rig)
{
    struct row *rows = NULL;
    size_t count = 0;
    enum status status = memory_store_load(&rig->store, rig->load_id, &rows, &count);

    rig->loads = false;
    hub_loaded(rig->hub, rig->load_id, status, rows, count, rig->now_ms);
    free(rows);
}

void rig_settle(struct rig *rig)
{
    while (rig->loads || rig->batch != NULL) {
        if (rig->loads) {
            rig_load(rig);
        } else {
            rig_store(rig, STATUS_OK);
        }
    }
}

void rig_wait(struct rig *rig, uint64_t ms)
{
    uint64_t next_ms = 0;

    rig->now_ms += ms;
    hub_tick(rig->hub, rig->now_ms, &next_ms);
}

/* ---- longer ways ---- */

static void everybody_folds(struct rig *rig)
{
    for (size_t i = 0; i < RIG_PEOPLE_MAX; i++) {
        if (rig->people[i].connection != 0) {
            (void)person_fold(&rig->people[i]);
        }
    }
}

void person_must(struct person *person)
{
    uint32_t id = person_append(person, draft_bytes(&person->draft));

    rig_settle(person->rig);
    must(person_answer(person, id) == STATUS_OK);
    everybody_folds(person->rig);
    rig_forget_sent(person->rig);
}

void rig_draft_genesis(struct rig *rig)
{
    struct person *person = &rig->people[0];
    static const struct step_plan steps[RIG_STEPS] = {
        {.step = RIG_QUESTION,
         .form = FORM_QUESTION,
         .work = WORK_INDIVIDUAL,
         .sharing = SHARING_NAMED,
         .who = WHO_PARTICIPANTS},
        {.step = RIG_PRIVATE,
         .form = FORM_QUESTION,
         .work = WORK_INDIVIDUAL,
         .sharing = SHARING_NEVER,
         .who = WHO_ALL},
    };
    struct draft_session session = {
        .steps = steps,
        .step_count = RIG_STEPS,
        .text_count = rig->text_count,
        .retention_ms = RIG_START_MS + 90ULL * DAY_MS,
        .admission = rig->admission,
        .recovery = rig->recovery,
    };

    memcpy(session.f, rig->f, KEY_BYTES);
    person_know_session(person); /* for its seat; the session's id is the genesis' hash */
    draft_genesis(&person->draft, &person->side.seat, &session, rig_text("title"),
                  &rig->entropy);
    memcpy(rig->genesis, person->draft.sealed.bytes, person->draft.sealed.count);
    rig->genesis_count = person->draft.sealed.count;
    memcpy(rig->session, person->draft.sealed.hash, HASH_BYTES);
    side_finish(&person->side);
    person_know_session(person);
}

void rig_create(struct rig *rig)
{
    struct person *host = &rig->people[0];
    uint32_t id = 0;

    rig_draft_genesis(rig);
    person_connect(host);
    id = person_create(host);
    rig_settle(rig);
    must(person_answer(host, id) == STATUS_OK);
    id = person_attach(host);
    rig_settle(rig);
    must(person_answer(host, id) == STATUS_OK);
    everybody_folds(rig);
}

void rig_found(struct rig *rig)
{
    static const enum role roles[] = {
        [1] = ROLE_OBSERVER, [2] = ROLE_PARTICIPANT, [3] = ROLE_PARTICIPANT};
    struct person *host = &rig->people[0];

    rig_create(rig);
    for (uint16_t n = 0; n < rig->text_count; n++) {
        draft_text(&host->draft, &host->side, n, rig_text("a text"), &rig->entropy);
        person_must(host);
    }
    for (uint16_t n = 1; n <= RIG_INVITES; n++) {
        draft_invite(&host->draft, &host->side, n, rig->invite_seeds[n], roles[n], 4,
                     RIG_START_MS + DAY_MS, &rig->entropy);
        person_must(host);
    }
}

void rig_knock(struct rig *rig, size_t n, uint16_t invite)
{
    struct person *person = &rig->people[n];
    uint32_t id = 0;

    person->invite = invite;
    person_connect(person);
    id = person_knock(person);
    rig_settle(rig);
    must(person_answer(person, id) == STATUS_OK);
    (void)person_fold(person);
}

void rig_join(struct rig *rig, size_t n, uint16_t invite)
{
    struct person *person = &rig->people[n];

    rig_knock(rig, n, invite);
    draft_join(&person->draft, &person->side, invite, rig->invite_seeds[invite],
               rig_text("a name"), &rig->entropy);
    person_must(person);
}

void rig_admit(struct rig *rig, size_t n)
{
    struct person *host = &rig->people[0];
    uint16_t member =
        session_member_by_noise(host->side.core, rig->people[n].side.seat.keys.noise);

    draft_roster(&host->draft, &host->side, member,
                 session_member(host->side.core, member)->role, &rig->entropy);
    person_must(host);
}

void rig_meet(struct rig *rig)
{
    struct person *host = &rig->people[0];

    rig_found(rig);
    for (size_t n = 1; n <= 3; n++) {
        rig_join(rig, n, n == 1 ? 1 : 2);
        rig_admit(rig, n);
    }
    draft_open(&host->draft, &host->side, RIG_QUESTION, 2, &rig->entropy);
    person_must(host);
    rig_wait(rig, HUB_TOLD_MS);
    rig_forget_sent(rig);
}

void rig_answer(struct rig *rig, size_t n, uint32_t edit, const char *text)
{
    struct person *person = &rig->people[n];

    draft_answer(&person->draft, &person->side, RIG_QUESTION, edit, rig_text(text),
                 &rig->entropy);
    person_must(person);
}
