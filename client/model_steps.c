/* Steps: what the skeleton says of them, and what was done there. */
#include <string.h>

#include "client/audience.h"
#include "client/model_private.h"
#include "client/say.h"
#include "client/words.h"

struct model_step *build_step(struct build *build, uint16_t number)
{
    uint16_t position = number <= STEPS_MAX ? build->step_positions[number] : 0;

    return position == 0 ? NULL : &build->model->steps[position - 1];
}

/* ---- plans ---- */

/* The fields of an answer, where the prompt names none. */
static void put_form_items(struct build *build, struct model_step *step)
{
    bool commitment = step->plan.form == FORM_COMMITMENT;

    step->items = build_alloc(build, 2, sizeof *step->items);
    if (build->failed) {
        return;
    }
    step->item_count = commitment ? 2 : 1;
    step->items[0] = (struct model_item){.label = "", .md = ""};
    step->items[1] = (struct model_item){.label = "", .md = commitment ? SAY("By when?") : ""};
}

static bool is_answered(const struct step_plan *plan)
{
    return plan->work != WORK_PLENARY &&
           (plan->form == FORM_QUESTION || plan->form == FORM_CHOICE ||
            plan->form == FORM_COMMITMENT || plan->form == FORM_COMPLETION ||
            plan->form == FORM_TABLE || plan->form == FORM_PERSPECTIVES ||
            plan->form == FORM_COMPARISON);
}

static bool is_noted(const struct step_plan *plan)
{
    return plan->work == WORK_PLENARY || plan->form == FORM_DISCUSSION;
}

static uint64_t opened_ms(const struct build *build, uint64_t index)
{
    return index == 0 ? 0 : replica_at(build->replica, STREAM_PUBLIC, index)->time_ms;
}

static void put_plan(struct build *build, const struct session_step *known,
                     struct model_step *step)
{
    uint16_t me = build->model->me;

    step->number = known->plan.step;
    step->plan = known->plan;
    step->state = known->state;
    step->here = known->plan.step == build->model->here;
    step->title = step->section = step->label = step->md = step->reason = step->after =
        step->tip = "";
    step->audience = audience_of_step(&known->plan);
    step->opened_ms = opened_ms(build, known->open_index);
    step->released_ms = opened_ms(build, known->release_index);
    step->may_answer = me != 0 && session_may_answer(build->session, step->number, me);
    step->may_note = build->model->may_write && is_noted(&known->plan) &&
                     known->state == STEP_OPEN &&
                     (build->model->facilitator || session_scribe(build->session) == me);
    step->done = build->sources->done[step->number];
    if (is_answered(&known->plan)) {
        put_form_items(build, step);
    }
}

void build_steps(struct build *build)
{
    struct model *model = build->model;
    uint16_t count = session_step_count(build->session);

    model->steps = build_alloc(build, count, sizeof *model->steps);
    for (uint16_t i = 0; i < count && !build->failed; i++) {
        const struct session_step *known = session_step_at(build->session, i);

        model->steps[i].position = (uint16_t)(i + 1);
        put_plan(build, known, &model->steps[i]);
        build->step_positions[known->plan.step] = (uint16_t)(i + 1);
        model->step_count = (uint16_t)(i + 1);
    }
}

/* ---- released answers ---- */

static void put_fields(struct build *build, const struct content_answer *decoded,
                       uint16_t least, uint16_t *count_out, const char ***fields_out)
{
    uint16_t count = decoded->field_count > least ? decoded->field_count : least;
    const char **fields = build_alloc(build, count, sizeof *fields);

    *count_out = build->failed ? 0 : count;
    *fields_out = fields;
    for (uint16_t i = 0; i < *count_out; i++) {
        fields[i] = i < decoded->field_count ? build_copy(build, decoded->fields[i]) : "";
    }
}

static void put_answer(struct build *build, struct model_step *step,
                       const struct replica_entry *entry)
{
    struct model_answer *answer = &step->answers[step->answer_count++];
    struct content_answer decoded;

    *answer = (struct model_answer){
        .author = entry->author,
        .author_name = entry->author == 0 ? "" : build_name(build, entry->author),
        .behalf = entry->answer_behalf,
        .mine = entry->author != 0 && entry->author == build->model->me,
        .id = entry->id,
    };
    if (entry->body != REPLICA_OPEN ||
        content_answer_decode(entry->plaintext, &decoded) != STATUS_OK) {
        answer->trouble = build_trouble(build, entry);
        return;
    }
    put_fields(build, &decoded, step->item_count, &answer->field_count, &answer->fields);
    answer->option = decoded.option;
    if (decoded.option >= 1 && decoded.option <= step->option_count) {
        step->options[decoded.option - 1].tally++;
    }
}

/* They stand in order of their ids, which are random: shuffled, the same way for everybody. */
static void put_answers(struct build *build, struct model_step *step)
{
    const struct session_step *known = session_step(build->session, step->number);
    uint64_t last = known->release_index + known->release_count;

    if (known->state != STEP_RELEASED || last > replica_count(build->replica, STREAM_PUBLIC)) {
        return; /* some are still on their way */
    }
    step->answers = build_alloc(build, known->release_count, sizeof *step->answers);
    for (uint64_t i = known->release_index + 1; i <= last && !build->failed; i++) {
        put_answer(build, step, replica_at(build->replica, STREAM_PUBLIC, i));
    }
}

static void put_left_out(struct build *build, const uint8_t id[ID_BYTES])
{
    for (uint16_t i = 0; i < build->model->step_count; i++) {
        struct model_step *step = &build->model->steps[i];

        for (uint32_t k = 0; k < step->answer_count; k++) {
            if (memcmp(step->answers[k].id, id, ID_BYTES) == 0) {
                step->answers[k].left_out = true;
                return;
            }
        }
    }
}

/* ---- notes ---- */

static uint32_t count_notes(const struct build *build, uint16_t number)
{
    uint32_t count = 0;

    for (uint64_t i = 1; i <= replica_count(build->replica, STREAM_PUBLIC); i++) {
        const struct replica_entry *entry = replica_at(build->replica, STREAM_PUBLIC, i);

        count += entry->kind == KIND_NOTE && entry->step == number;
    }
    return count;
}

static void put_note(struct build *build, const struct replica_entry *entry)
{
    struct model_step *step = build_step(build, entry->step);
    struct content_strings strings;
    struct model_note *note = NULL;

    if (step == NULL || entry->body == REPLICA_CLOSED) {
        return;
    }
    if (step->notes == NULL) {
        step->notes = build_alloc(build, count_notes(build, entry->step), sizeof *step->notes);
    }
    if (build->failed) {
        return;
    }
    note = &step->notes[step->note_count++];
    *note = (struct model_note){
        .id = entry->id,
        .author = entry->author,
        .author_name = build_name(build, entry->author),
        .time_ms = entry->time_ms,
        .text = "",
    };
    if (build_strings(build, entry, &strings, &note->trouble)) {
        note->text = build_copy(build, strings.at[0]);
    }
}

static void put_kept_notes(struct build *build)
{
    for (size_t i = 0; i < build->sources->kept_note_count; i++) {
        struct model_step *step = build_step(build, build->sources->kept_notes[i].step);

        if (step != NULL) {
            step->note_kept = build_copy(build, build->sources->kept_notes[i].text);
        }
    }
}

/* ---- own answers ---- */

/* The server deletes at the end what was not shared: what it had is here alone again. */
static bool was_deleted(const struct build *build, const struct model_own_source *source)
{
    return session_state(build->session) == SESSION_ENDED && source->state == ANSWER_NOT_SENT &&
           source->reason == STATUS_ENDED && source->saved_ms > 0 && source->draft.count == 0;
}

/* What an answer is to be called, and why. What is typed where nothing can be sent any more is
 * not being typed: it was not sent. */
static enum answer_state state_of(const struct build *build, const struct model_step *step,
                                  const struct model_own_source *source,
                                  const char **reason_out)
{
    bool ended = session_state(build->session) == SESSION_ENDED;
    bool over = step->state == STEP_RELEASED || ended;

    *reason_out = "";
    if (was_deleted(build, source)) {
        *reason_out = words_of_deleted();
        return ANSWER_KEPT;
    }
    if (source->state == ANSWER_TYPING && over) {
        *reason_out =
            words_of_not_sent(step->state == STEP_RELEASED ? STATUS_EXISTS : STATUS_ENDED);
        return ANSWER_NOT_SENT;
    }
    if (source->state == ANSWER_NOT_SENT) {
        *reason_out = words_of_not_sent(source->reason);
    }
    return source->state;
}

static void put_own(struct build *build, struct model_step *step,
                    const struct model_own_source *source)
{
    const char *reason = "";
    enum answer_state state = state_of(build, step, source, &reason);
    struct model_own *own = &step->own[step->own_count++];
    struct bytes shown = source->draft.count > 0 ? source->draft : source->submitted;
    struct content_answer decoded = {.field_count = 0};

    if (shown.count == 0 || content_answer_decode(shown, &decoded) != STATUS_OK) {
        decoded = (struct content_answer){.field_count = 0};
    }
    *own = (struct model_own){
        .behalf = source->behalf,
        .state = state,
        .reason = reason,
        .option = decoded.option,
        .draft_differs = source->draft.count > 0,
        .edit = source->edit,
        .saved_ms = source->saved_ms,
    };
    put_fields(build, &decoded, step->item_count, &own->field_count, &own->fields);
}

/* One's own comes first, whether it was begun or not. */
static void put_all_own(struct build *build, struct model_step *step)
{
    const struct model_sources *sources = build->sources;
    const struct model_own_source nothing = {.step = step->number};
    const struct model_own_source *sorted[BEHALF_MAX + 1] = {NULL};
    size_t count = 0;

    for (size_t i = 0; i < sources->own_count; i++) {
        const struct model_own_source *own = &sources->own[i];

        if (own->step == step->number && own->behalf <= BEHALF_MAX &&
            (own->state != ANSWER_NONE || own->draft.count > 0)) {
            count += sorted[own->behalf] == NULL;
            sorted[own->behalf] = own;
        }
    }
    if (step->may_answer && sorted[0] == NULL) {
        sorted[0] = &nothing;
        count++;
    }
    step->own = build_alloc(build, count, sizeof *step->own);
    for (size_t i = 0; i <= BEHALF_MAX && !build->failed; i++) {
        if (sorted[i] != NULL) {
            put_own(build, step, sorted[i]);
        }
    }
}

/* ---- counts and marks ---- */

static bool is_expected(const struct build *build, const struct model_step *step,
                        uint16_t number)
{
    const struct session_member *member = session_member(build->session, number);

    if (member->state != MEMBER_ADMITTED) {
        return false;
    }
    if (step->plan.form != FORM_READ) {
        return session_may_answer(build->session, step->number, number);
    }
    return step->plan.who == WHO_ALL || member->role == ROLE_PARTICIPANT ||
           member->role == ROLE_CASE_GIVER;
}

static uint32_t marks_of(const struct model_live_step *live, uint16_t number)
{
    for (uint16_t i = 0; live != NULL && i < live->mark_count; i++) {
        if (live->marks[i].member == number) {
            return live->marks[i].marks;
        }
    }
    return 0;
}

static void put_marks(struct build *build, struct model_step *step,
                      const struct model_live_step *live)
{
    struct model *model = build->model;

    step->marks = build_alloc(build, model->member_count, sizeof *step->marks);
    for (uint16_t n = 1; n <= model->member_count && !build->failed; n++) {
        struct model_mark mark = {.member = n,
                                  .name = build_name(build, n),
                                  .marks = marks_of(live, n),
                                  .expected = is_expected(build, step, n)};

        if (mark.expected || mark.marks != 0) {
            step->marks[step->mark_count++] = mark;
        }
        if (step->here) {
            model->members[n - 1].marks = mark.marks;
        }
    }
}

static void put_live(struct build *build, struct model_step *step)
{
    const struct model_live_step *live = NULL;

    for (size_t i = 0; i < build->sources->live_count; i++) {
        if (build->sources->live[i].step == step->number) {
            live = &build->sources->live[i];
        }
    }
    if (live != NULL) {
        step->counts = live->counts;
        step->last_call_seconds = live->last_call_seconds;
    }
    for (uint16_t n = 1; n <= build->model->member_count; n++) {
        step->counts.expected += is_expected(build, step, n);
    }
    if (build->model->facilitator && (live != NULL || step->here)) {
        put_marks(build, step, live);
    }
}

/* ---- all of it ---- */

void build_step_work(struct build *build)
{
    for (uint16_t i = 0; i < build->model->step_count && !build->failed; i++) {
        struct model_step *step = &build->model->steps[i];

        put_answers(build, step);
        put_all_own(build, step);
        put_live(build, step);
    }
    for (uint64_t i = 1; i <= replica_count(build->replica, STREAM_PUBLIC) && !build->failed;
         i++) {
        const struct replica_entry *entry = replica_at(build->replica, STREAM_PUBLIC, i);

        if (entry->kind == KIND_NOTE) {
            put_note(build, entry);
        } else if (entry->kind == KIND_LEAVE_OUT) {
            put_left_out(build, entry->left_out);
        } else if (entry->kind == KIND_REVEAL && entry->number != 0) {
            build->model->passage = (struct model_passage){.text = entry->number,
                                                           .paragraph = (uint16_t)entry->detail,
                                                           .time_ms = entry->time_ms};
        }
    }
    put_kept_notes(build);
}
