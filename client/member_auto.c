/* What a member does without being asked: joins, says its name, and, as a facilitator, lets
 * people in and gives out what everyone should have by now. */
#include <string.h>

#include "client/member_private.h"
#include "common/secret.h"
#include "protocol/writer.h"

enum status member_read_script(struct member *member)
{
    uint16_t text = 0;
    enum status status = STATUS_OK;

    if (member->script_read || member->replica == NULL || !member_is_facilitator(member)) {
        return STATUS_OK;
    }
    for (unsigned parts = 0; parts <= TEXTS_MAX; parts++) {
        const struct replica_entry *entry = replica_text(member->replica, text);

        if (entry == NULL || entry->body != REPLICA_OPEN) {
            break; /* not here yet */
        }
        status = script_add(&member->script, entry->plaintext);
        text = member->script.next;
        if (status != STATUS_OK) {
            break;
        }
        if (text == 0) {
            member->script_read = true;
            return STATUS_OK;
        }
    }
    script_finish(&member->script);
    return status == STATUS_NOMEM ? status : STATUS_OK;
}

static void want_join(struct member *member)
{
    struct content_strings name = {
        .count = 1, .at = {{(const uint8_t *)member->name, strlen(member->name)}}};
    uint8_t plaintext[CONTENT_NAME_BYTES_MAX + 8];
    uint8_t key[KEY_BYTES], secret[SIGN_SECRET_BYTES];
    struct writer writer;
    struct wish *wish = outbox_last_of(&member->outbox, KIND_JOIN, 0);

    if (wish != NULL && wish->args.join.invite != member->invite) {
        member_drop_wish(member, wish); /* of an invite that did not open the door */
        wish = NULL;
    }
    if (member->way != WAY_INVITE || replica_me(member->replica) != 0 || wish != NULL) {
        return;
    }
    writer_init(&writer, plaintext, sizeof plaintext);
    content_strings_encode(&writer, &name);
    if (writer_status(&writer) != STATUS_OK ||
        member_wish(member, KIND_JOIN, 0, writer_bytes(&writer), true, &wish) != STATUS_OK) {
        return;
    }
    wish->args.join.invite = member->invite;
    link_sign_keys(member->invite_seed, key, secret);
    proof_invite(secret, member->session, &member->seat.keys, wish->args.join.proof);
    secret_wipe(secret, sizeof secret);
    member_keep_wish(member, wish);
}

static void want_name(struct member *member)
{
    const struct session_member *self = member_self(member);
    struct content_strings name = {
        .count = 1, .at = {{(const uint8_t *)member->name, strlen(member->name)}}};
    uint8_t plaintext[CONTENT_NAME_BYTES_MAX + 8];
    struct writer writer;
    struct wish *wish = NULL;

    if (self == NULL || self->state != MEMBER_ADMITTED || member->last_name_index != 0 ||
        outbox_last_of(&member->outbox, KIND_NAME, 0) != NULL) {
        return;
    }
    writer_init(&writer, plaintext, sizeof plaintext);
    content_strings_encode(&writer, &name);
    if (writer_status(&writer) == STATUS_OK) {
        enum status status =
            member_wish(member, KIND_NAME, 0, writer_bytes(&writer), true, &wish);

        if (status == STATUS_OK) {
            member_keep_wish(member, wish);
        }
    }
}

static void want_admissions(struct member *member)
{
    const struct session *session = replica_session(member->replica);
    struct wish_roster roster;
    struct wish *wish = NULL;

    if (!member->admits || session_admission(session) != ADMISSION_AUTOMATIC ||
        outbox_last_of(&member->outbox, KIND_ROSTER, 0) != NULL) {
        return;
    }
    policy_admissions(session, member->facilitates, &roster);
    if (roster.count > 0 &&
        member_wish(member, KIND_ROSTER, 0, (struct bytes){0}, false, &wish) == STATUS_OK) {
        wish->args.roster = roster;
    }
}

static void want_texts_due(struct member *member)
{
    enum session_state state = session_state(replica_session(member->replica));
    struct policy_texts texts;
    struct wish *wish = NULL;

    if ((state != SESSION_RUNNING && state != SESSION_PAUSED) ||
        member->releasing.stage != RELEASE_NONE ||
        outbox_last_of(&member->outbox, KIND_REVEAL, 0) != NULL) {
        return;
    }
    policy_due(&member->script, member->replica, &texts);
    if (texts.count > 0 &&
        member_wish(member, KIND_REVEAL, 0, (struct bytes){0}, false, &wish) == STATUS_OK &&
        wish_set_texts(wish, texts.at, texts.count) != STATUS_OK) {
        outbox_remove(&member->outbox, wish);
    }
}

bool member_stands(struct member *member)
{
    enum session_state state = session_state(replica_session(member->replica));

    return member->way == WAY_HOST && state != SESSION_EMPTY && state != SESSION_FILLING &&
           outbox_last_of(&member->outbox, KIND_TEXT, 0) == NULL &&
           outbox_last_of(&member->outbox, KIND_INVITE, 0) == NULL;
}

static void tell_created(struct member *member)
{
    if (!member->told_created && member_stands(member)) {
        member->told_created = true;
        member_tell(member, &(struct news){.kind = NEWS_CREATED});
    }
}

void member_pump(struct member *member)
{
    if (member->replica == NULL || member->erased || member->restoring) {
        return;
    }
    member_drop_passing(member);
    if (!member_has_line(member)) {
        return;
    }
    if (member_read_script(member) != STATUS_OK) {
        return; /* no memory: at the next turn */
    }
    if (member->now_ms >= member->calm_until_ms) {
        want_join(member);
        want_name(member);
    }
    if (member->now_ms >= member->calm_until_ms && member->script_read &&
        policy_acts(replica_session(member->replica), replica_me(member->replica),
                    member->present)) {
        want_admissions(member);
        want_texts_due(member);
    }
    member_send_all(member);
    tell_created(member);
}
