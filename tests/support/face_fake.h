/* tests/support/face_fake.h -- a session made by hand, and an engine that only writes down what
 * it is asked: for tests of the faces. Included by one test program each; it stands in for
 * client.c and member.c, so it is no part of a library. */
#ifndef TESTS_SUPPORT_FACE_FAKE_H
#define TESTS_SUPPORT_FACE_FAKE_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/client.h"
#include "client/faces/base.h"
#include "client/model.h"
#include "protocol/methods.h"

enum { FAKE_STEPS = 6, FAKE_MEMBERS = 4, FAKE_LOG_BYTES = 8192, FAKE_FIELD_BYTES = 512 };

/* Everything of the test; one per program. */
struct fake {
    struct model model;
    struct model_member members[FAKE_MEMBERS];
    struct model_step steps[FAKE_STEPS];
    struct model_own own[FAKE_STEPS];
    const char *own_fields[FAKE_STEPS][2];
    char field_text[FAKE_STEPS][2][FAKE_FIELD_BYTES];
    struct model_phase phase;
    struct model_text text;
    struct model_said message;
    const struct client_face *face; /* who hears of what happens; NULL: nobody */
    bool connected;
    enum status answers_with; /* what acting operations give */
    bool keeps_waiting;       /* answers are on their way, and stay so */
    void (*then)(void);       /* runs once, when something has been asked; NULL: nothing does */
    char log[FAKE_LOG_BYTES]; /* what was asked, a line each */
};

static struct fake fake;
#define FAKE_CLIENT ((struct client *)(void *)&fake)

static const char *const fake_attention[] = {"rollen", "macht"};
static struct model_item fake_items[] = {{"1a", "aard en *ernst*"}, {"1b", "gedrag"}};
static struct model_item fake_no_items[] = {{"", ""}};
static struct model_item fake_commitment_items[] = {{"", ""}, {"", "By when?"}};
static struct model_option fake_options[] = {
    {.number = 1, .label = "Vertrekken", .md = "De patrouille gaat weg."},
    {.number = 2, .label = "Doorvragen", .md = "De patrouille blijft."},
};
static const struct model_text *fake_texts[1];

static void fake_step(uint16_t number, enum form form, const char *title, const char *label,
                      const char *md)
{
    struct model_step *step = &fake.steps[number - 1];

    *step = (struct model_step){
        .number = number,
        .position = number,
        .plan = {.step = number,
                 .form = form,
                 .work = WORK_INDIVIDUAL,
                 .sharing = SHARING_NAMED,
                 .who = WHO_PARTICIPANTS},
        .shown = true,
        .phase = 1,
        .title = title,
        .section = "",
        .label = label,
        .md = md,
        .audience = "Nobody sees this until the facilitator shares the answers.",
        .reason = "",
        .after = "",
        .tip = "",
        .minutes = 8,
        .item_count = 1,
        .items = fake_no_items,
        .may_answer = true,
        .counts = {.expected = 2},
    };
}

static void fake_people(void)
{
    static const struct {
        const char *name;
        enum role role;
    } people[FAKE_MEMBERS] = {
        {"Mirjam", ROLE_FACILITATOR},
        {"Olga", ROLE_OBSERVER},
        {"Ay\xc5\x9f"
         "e",
         ROLE_PARTICIPANT},
        {"Bram de Wit", ROLE_PARTICIPANT},
    };

    for (uint16_t i = 0; i < FAKE_MEMBERS; i++) {
        fake.members[i] = (struct model_member){
            .number = (uint16_t)(i + 1),
            .state = MEMBER_ADMITTED,
            .role = people[i].role,
            .name = people[i].name,
            .named = true,
            .present = true,
        };
    }
    fake.model.members = fake.members;
    fake.model.member_count = FAKE_MEMBERS;
    fake.model.admitted_count = FAKE_MEMBERS;
}

/* Who looks: 1 Mirjam, facilitator; 2 Olga, observer; 3 Ayşe; 4 Bram. */
static void fake_look_as(uint16_t member)
{
    for (uint16_t i = 0; i < FAKE_MEMBERS; i++) {
        fake.members[i].me = i + 1 == member;
    }
    fake.model.me = member;
    fake.model.name = fake.members[member - 1].name;
    fake.model.role = fake.members[member - 1].role;
    fake.model.facilitator = fake.model.role == ROLE_FACILITATOR;
    for (uint16_t i = 0; i < FAKE_STEPS; i++) {
        fake.steps[i].may_answer = fake.model.role == ROLE_PARTICIPANT;
        fake.steps[i].may_note =
            fake.model.facilitator && fake.steps[i].plan.form == FORM_DISCUSSION;
    }
}

/* 1 read, 2 question with two items, 3 choice, 4 commitment, 5 discussion, 6 report. */
static void fake_begin(uint16_t member)
{
    static const uint8_t session[HASH_BYTES] = {0xab, 0xcd};

    fake = (struct fake){.connected = true};
    fake.text = (struct model_text){
        .number = 7,
        .type = TEXT_MATERIAL,
        .step = 1,
        .title = "Situatieschets",
        .md = "De vader is sinds het voorjaar thuis.\n\nDe oudste vertelt op *school* niets.",
    };
    fake_texts[0] = &fake.text;
    fake.phase = (struct model_phase){
        .number = 1,
        .shown = true,
        .title = "Fase 1, directe veiligheid",
        .goal = "Wat voegt gender toe?",
        .attention = {.count = 2, .at = (const char **)(uintptr_t)fake_attention},
        .tip = "",
    };
    fake.model = (struct model){
        .session = session,
        .standing = STANDING_MEMBER,
        .connected = true,
        .caught_up = true,
        .may_write = true,
        .fault = "",
        .state = SESSION_RUNNING,
        .title = "Intervisie",
        .guide_title = "Gendersensitief handelen",
        .guide_summary = "",
        .guide_source = "",
        .case_title = "Gezin onder druk",
        .language = "nl",
        .preparation = "",
        .phase_count = 1,
        .phases = &fake.phase,
        .step_count = FAKE_STEPS,
        .steps = fake.steps,
        .text_count = 1,
        .texts = &fake.text,
        .messages = &fake.message,
    };
    fake_people();
    fake_step(1, FORM_READ, "Situatieschets", "", "Lees rustig.");
    fake.steps[0].texts = (struct model_texts){.count = 1, .at = fake_texts};
    fake_step(2, FORM_QUESTION, "Verbanden", "1", "Welke verbanden met gender zie je?");
    fake.steps[1].item_count = 2;
    fake.steps[1].items = fake_items;
    fake.steps[1].beside = (struct model_texts){.count = 1, .at = fake_texts};
    fake_step(3, FORM_CHOICE, "De politie", "2", "Wat doet de politie?");
    fake.steps[2].option_count = 2;
    fake.steps[2].options = fake_options;
    fake.steps[2].reason = "Waarom?";
    for (uint16_t i = 0; i < 2; i++) {
        fake_options[i].tally = 0;
        fake_options[i].consequence = NULL;
        fake_options[i].preferred = false;
    }
    fake_step(4, FORM_COMMITMENT, "Voornemen", "", "Vanaf morgen ga ik ...");
    fake.steps[3].item_count = 2;
    fake.steps[3].items = fake_commitment_items;
    fake_step(5, FORM_DISCUSSION, "Nabespreking", "", "Wat valt op?");
    fake.steps[4].plan.work = WORK_PLENARY;
    fake.steps[4].item_count = 0;
    fake_step(6, FORM_REPORT, "Verslag", "", "Wat heb je gezien?");
    fake.steps[5].plan.who = WHO_OBSERVER;
    fake_look_as(member);
}

/* The facilitator opened this step, and the group is there. */
static void fake_open(uint16_t number)
{
    for (uint16_t i = 0; i < FAKE_STEPS; i++) {
        fake.steps[i].here = i + 1 == number;
    }
    fake.model.here = number;
    fake.steps[number - 1].state = STEP_OPEN;
    fake.steps[number - 1].opened_ms = 1000;
}

static void fake_changed(void);

static inline void fake_news(enum news_kind kind, uint16_t step)
{
    const struct news news = {.kind = kind, .step = step};

    fake_changed();
    if (fake.face != NULL) {
        fake.face->news(fake.face->context, &news);
    }
}

/* ---- the engine ---- */

/* What member_model() gave: gone as soon as anything is asked, as the real one is, so that the
 * sanitizer sees whoever still looks at it. */
struct fake_snapshot {
    struct model model;
    struct model_member members[FAKE_MEMBERS];
    struct model_step steps[FAKE_STEPS];
};
static struct fake_snapshot *fake_snapshot;

static void fake_changed(void)
{
    free(fake_snapshot);
    fake_snapshot = NULL;
}

__attribute__((format(printf, 1, 2))) static void fake_log(const char *format, ...)
{
    size_t used = strlen(fake.log);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(fake.log + used, sizeof fake.log - used, format, arguments);
    va_end(arguments);
    fake_changed();
    used = strlen(fake.log);
    (void)snprintf(fake.log + used, sizeof fake.log - used, "\n");
    if (fake.then != NULL) {
        void (*then)(void) = fake.then;

        fake.then = NULL;
        then();
    }
}

static enum status fake_asked(const char *what, unsigned number)
{
    fake_log("%s %u", what, number);
    return fake.answers_with;
}

static void fake_keep(uint16_t number, const struct content_answer *answer, bool draft)
{
    struct model_step *step = &fake.steps[number - 1];
    struct model_own *own = &fake.own[number - 1];

    own->field_count = answer->field_count < 2 ? answer->field_count : 2;
    own->fields = fake.own_fields[number - 1];
    for (uint16_t i = 0; i < own->field_count; i++) {
        char *text = fake.field_text[number - 1][i];

        (void)snprintf(text, FAKE_FIELD_BYTES, "%.*s", (int)answer->fields[i].count,
                       (const char *)answer->fields[i].data);
        fake.own_fields[number - 1][i] = text;
    }
    own->option = answer->option;
    own->reason = "";
    own->draft_differs = draft;
    own->state = draft                ? (own->state == ANSWER_NONE ? ANSWER_TYPING : own->state)
                 : fake.keeps_waiting ? ANSWER_WAITING
                                      : ANSWER_SAVED;
    step->own = own;
    step->own_count = 1;
}

static void fake_log_answer(const char *what, uint16_t step,
                            const struct content_answer *answer)
{
    char text[FAKE_LOG_BYTES / 4] = "";
    size_t used = 0;

    for (uint16_t i = 0; i < answer->field_count && used < sizeof text; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, " [%.*s]",
                                 (int)answer->fields[i].count,
                                 (const char *)answer->fields[i].data);
    }
    fake_log("%s %u option %u%s", what, (unsigned)step, (unsigned)answer->option, text);
}

enum status member_draft(struct member *member, uint16_t step, uint8_t behalf,
                         const struct content_answer *answer)
{
    (void)member;
    (void)behalf;
    fake_log_answer("draft", step, answer);
    fake_keep(step, answer, true);
    return STATUS_OK;
}

enum status member_answer(struct member *member, uint16_t step, uint8_t behalf,
                          const struct content_answer *answer)
{
    (void)member;
    (void)behalf;
    fake_log_answer("answer", step, answer);
    if (fake.answers_with == STATUS_OK) {
        fake_keep(step, answer, false);
        fake_news(NEWS_ANSWER, step);
    }
    return fake.answers_with;
}

enum status member_submit(struct member *member, uint16_t step, uint8_t behalf)
{
    (void)member;
    (void)behalf;
    return fake_asked("submit", step);
}

#define FAKE_ASKED(name, type)                                                                 \
    enum status member_##name(struct member *member, type value)                               \
    {                                                                                          \
        (void)member;                                                                          \
        return fake_asked(#name, (unsigned)value);                                             \
    }
#define FAKE_ASKED_ALONE(name)                                                                 \
    enum status member_##name(struct member *member)                                           \
    {                                                                                          \
        (void)member;                                                                          \
        return fake_asked(#name, 0);                                                           \
    }
#define FAKE_SAID(name)                                                                        \
    enum status member_##name(struct member *member, uint16_t step, const char *text)          \
    {                                                                                          \
        (void)member;                                                                          \
        fake_log(#name " %u [%s]", (unsigned)step, text);                                      \
        return fake.answers_with;                                                              \
    }

FAKE_ASKED(open_step, uint16_t)
FAKE_ASKED(close_step, uint16_t)
FAKE_ASKED(release_step, uint16_t)
FAKE_ASKED(skip_step, uint16_t)
FAKE_ASKED(go, uint16_t)
FAKE_ASKED(admit, uint16_t)
FAKE_ASKED(refuse, uint16_t)
FAKE_ASKED(timer_start, uint32_t)
FAKE_ASKED(timer_extend, uint32_t)
FAKE_ASKED(signal, enum member_signal)
FAKE_ASKED_ALONE(next)
FAKE_ASKED_ALONE(previous)
FAKE_ASKED_ALONE(pause)
FAKE_ASKED_ALONE(resume)
FAKE_ASKED_ALONE(end)
FAKE_ASKED_ALONE(purge)
FAKE_ASKED_ALONE(confirm)
FAKE_ASKED_ALONE(timer_stop)
FAKE_SAID(park)
FAKE_SAID(report)
FAKE_SAID(note)

enum status member_done(struct member *member, uint16_t step, bool done)
{
    (void)member;
    fake.steps[step - 1].done = done;
    return fake_asked("done", step);
}

enum status member_last_call(struct member *member, uint16_t step, uint32_t seconds)
{
    (void)member;
    fake_log("last_call %u %u", (unsigned)step, (unsigned)seconds);
    return STATUS_OK;
}

enum status member_rename(struct member *member, const char *name)
{
    (void)member;
    fake_log("rename [%s]", name);
    return fake.answers_with;
}

enum status member_jot(struct member *member, const char *text, uint64_t now_ms)
{
    (void)member;
    (void)now_ms;
    fake_log("jot [%s]", text);
    return fake.answers_with;
}

enum status member_message(struct member *member, const uint16_t *recipients, size_t count,
                           const char *text)
{
    (void)member;
    fake_log("message to %u (%u) [%s]", (unsigned)recipients[0], (unsigned)count, text);
    return fake.answers_with;
}

enum status member_reveal(struct member *member, uint16_t text, uint16_t paragraph)
{
    (void)member;
    fake_log("reveal %u %u", (unsigned)text, (unsigned)paragraph);
    return fake.answers_with;
}

enum status member_invite(struct member *member, enum role role, uint16_t uses,
                          uint64_t expiry_ms, const char *label, uint16_t *number_out)
{
    (void)member;
    (void)expiry_ms;
    (void)label;
    *number_out = 1;
    fake_log("invite %u %u", (unsigned)role, (unsigned)uses);
    return fake.answers_with;
}

const struct model *member_model(struct member *member)
{
    (void)member;
    if (fake_snapshot == NULL) {
        fake_snapshot = malloc(sizeof *fake_snapshot);
        if (fake_snapshot == NULL) {
            return NULL;
        }
        fake.model.connected = fake.connected;
        memcpy(fake_snapshot->members, fake.members, sizeof fake.members);
        memcpy(fake_snapshot->steps, fake.steps, sizeof fake.steps);
        fake_snapshot->model = fake.model;
        fake_snapshot->model.members = fake_snapshot->members;
        fake_snapshot->model.steps = fake_snapshot->steps;
    }
    return &fake_snapshot->model;
}

const struct replica *member_replica(const struct member *member)
{
    (void)member;
    return NULL;
}

bool member_is_settled(const struct member *member)
{
    (void)member;
    return true;
}

bool member_next_invite(const struct member *member, uint16_t *at_inout,
                        struct member_invite *invite_out)
{
    (void)member;
    if (*at_inout == 1) {
        return false;
    }
    *at_inout = 1;
    *invite_out = (struct member_invite){.number = 1, .role = ROLE_PARTICIPANT, .uses = 1};
    return true;
}

uint16_t member_next_step(const struct member *member)
{
    (void)member;
    return (uint16_t)(fake.model.here + 1);
}

struct member *client_member(struct client *client)
{
    (void)client;
    return NULL;
}

enum status client_invite_text(const struct client *client, uint16_t number,
                               char out[LINK_TEXT_BYTES_MAX + 1])
{
    (void)client;
    (void)snprintf(out, LINK_TEXT_BYTES_MAX + 1, "kring://example.org:5746/join#%u",
                   (unsigned)number);
    return STATUS_OK;
}

bool client_is_connected(const struct client *client)
{
    (void)client;
    return fake.connected;
}

void client_close(struct client *client, void (*done)(void *context), void *context)
{
    (void)client;
    fake_changed();
    done(context);
}

#endif
