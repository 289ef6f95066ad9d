/* Texts that can be read, each put where it belongs. */
#include "client/model_private.h"
#include "common/text.h"

enum { LIST_TITLE_BYTES = 48 };

static void put_lines(struct build *build, struct model_lines *lines,
                      const struct content_lines *from)
{
    lines->at = build_alloc(build, from->count, sizeof *lines->at);
    if (build->failed) {
        return;
    }
    lines->count = from->count;
    for (uint16_t i = 0; i < from->count; i++) {
        lines->at[i] = build_copy(build, from->at[i]);
    }
}

static struct model_term *put_terms(struct build *build, const struct content_pairs *from)
{
    struct model_term *terms = build_alloc(build, from->count, sizeof *terms);

    for (uint16_t i = 0; i < from->count && !build->failed; i++) {
        terms[i] = (struct model_term){
            .term = build_line(build, from->at[i].term),
            .md = build_copy(build, from->at[i].text),
            .role = (enum role)from->at[i].number,
        };
    }
    return terms;
}

static void put_welcome(struct build *build, const struct text_welcome *welcome)
{
    struct model *model = build->model;

    model->guide_title = build_line(build, welcome->guide_title);
    model->guide_summary = build_copy(build, welcome->summary);
    model->guide_source = build_line(build, welcome->source);
    model->case_title = build_line(build, welcome->case_title);
    model->language = build_line(build, welcome->language);
    model->roles = put_terms(build, &welcome->roles);
    model->role_count = build->failed ? 0 : welcome->roles.count;
    model->missing.people = welcome->people_min;
    model->missing.observer_rule = welcome->observer;
}

static struct model_phase *phase_of(struct build *build, uint16_t number)
{
    for (uint16_t i = 0; i < build->model->phase_count; i++) {
        if (build->model->phases[i].number == number) {
            return &build->model->phases[i];
        }
    }
    return NULL;
}

static void put_phase(struct build *build, const struct text_phase *text)
{
    struct model_phase *phase = phase_of(build, text->phase);

    if (phase != NULL) {
        phase->shown = true;
        phase->title = build_line(build, text->title);
        phase->goal = build_copy(build, text->goal);
        put_lines(build, &phase->attention, &text->attention);
    }
}

/* A field each; where the guide names none, what the form asks for. */
static void put_items(struct build *build, struct model_step *step,
                      const struct text_prompt *prompt)
{
    uint16_t count = prompt->items.count;

    if (count == 0 && step->item_count > 0) {
        return; /* made from the form before */
    }
    step->items = build_alloc(build, count, sizeof *step->items);
    step->item_count = build->failed ? 0 : count;
    for (uint16_t i = 0; i < step->item_count; i++) {
        step->items[i] = (struct model_item){
            .label = build_line(build, prompt->items.at[i].term),
            .md = build_copy(build, prompt->items.at[i].text),
        };
    }
}

static void put_options(struct build *build, struct model_step *step,
                        const struct text_prompt *prompt)
{
    step->options = build_alloc(build, prompt->option_count, sizeof *step->options);
    step->option_count = build->failed ? 0 : prompt->option_count;
    for (uint16_t i = 0; i < step->option_count; i++) {
        step->options[i] = (struct model_option){
            .number = (uint16_t)(i + 1),
            .label = build_line(build, prompt->options[i].label),
            .md = build_copy(build, prompt->options[i].text),
        };
    }
}

/* Which texts lie there is filled in when all of them are known: put_shown(). */
static void put_prompt(struct build *build, uint16_t number, const struct text_prompt *prompt)
{
    struct model_step *step = build_step(build, number);

    if (step == NULL) {
        return;
    }
    step->shown = true;
    step->phase = prompt->phase;
    step->title = build_line(build, prompt->title);
    step->section = build_line(build, prompt->section);
    step->label = build_line(build, prompt->label);
    step->md = build_copy(build, prompt->text);
    step->reason = build_copy(build, prompt->reason);
    step->minutes = prompt->minutes;
    step->talk = prompt->talk;
    step->beside_steps = prompt->beside_steps;
    put_items(build, step, prompt);
    put_options(build, step, prompt);
}

static void put_consequences(struct build *build, uint16_t number,
                             const struct text_consequences *consequences)
{
    struct model_step *step = build_step(build, number);

    if (step == NULL) {
        return;
    }
    for (uint16_t i = 0; i < step->option_count && i < consequences->count; i++) {
        step->options[i].consequence = build_copy(build, consequences->at[i].text);
        step->options[i].preferred = consequences->at[i].preferred;
    }
    step->after = build_copy(build, consequences->after);
}

static void put_tip(struct build *build, uint16_t number)
{
    const struct script *script = build->sources->script;
    struct model *model = build->model;
    const char *tip = build_copy(build, build->text->as.tip);
    struct model_step *step = build_step(build, build->text->step);

    if (step != NULL) {
        step->tip = tip;
    }
    if (script == NULL || step != NULL) {
        return;
    }
    if (number == script->preparation) {
        model->preparation = tip;
    }
    for (uint16_t i = 0; i < script->phase_count; i++) {
        struct model_phase *phase = phase_of(build, script->phases[i].number);

        if (script->phases[i].tip == number && phase != NULL) {
            phase->tip = tip;
        }
    }
}

/* What a list without a title is called by: how it begins. */
static const char *beginning_of(struct build *build, const char *line)
{
    char *title = build_alloc(build, LIST_TITLE_BYTES, 1);

    if (title == NULL) {
        return "";
    }
    text_cut(line, title, LIST_TITLE_BYTES);
    return title;
}

static void add_text(struct build *build, uint16_t number, const char *trouble)
{
    struct model *model = build->model;
    struct model_text *text = &model->texts[model->text_count++];

    *text = (struct model_text){
        .number = number,
        .given = replica_text_given(build->replica, number),
        .type = build->text->type,
        .step = build->text->step,
        .title = "",
        .md = "",
        .trouble = trouble,
    };
    if (trouble != NULL) {
        return;
    }
    if (text->type == TEXT_LIST) {
        text->title = build_line(build, build->text->as.list.title);
        put_lines(build, &text->lines, &build->text->as.list.lines);
        if (text->title[0] == '\0' && text->lines.count > 0) {
            text->title = beginning_of(build, text->lines.at[0]);
        }
    } else {
        text->title = build_line(build, build->text->as.titled.title);
        text->md = build_copy(build, build->text->as.titled.text);
    }
}

static void put_gate(struct build *build, uint16_t number)
{
    put_lines(build, &build->model->gate, &build->text->as.gate);
    build->model->gate_text = number;
}

/* One text, first of the kinds that others refer to. `given`: what only facilitators know
 * beforehand does not count as shown. */
static void put_text(struct build *build, uint16_t number)
{
    struct content_text *text = build->text;
    bool given = replica_text_given(build->replica, number);

    switch (text->type) {
    case TEXT_SCRIPT:
        break;
    case TEXT_WELCOME:
        put_welcome(build, &text->as.welcome);
        break;
    case TEXT_CONCEPTS:
        build->model->concepts = put_terms(build, &text->as.concepts);
        build->model->concept_count = build->failed ? 0 : text->as.concepts.count;
        break;
    case TEXT_GATE:
        put_gate(build, number);
        break;
    case TEXT_PHASE:
        put_phase(build, &text->as.phase);
        break;
    case TEXT_PROMPT:
        put_prompt(build, text->step, &text->as.prompt);
        break;
    case TEXT_CONSEQUENCES:
        if (given) {
            put_consequences(build, text->step, &text->as.consequences);
        }
        break;
    case TEXT_TIP:
        put_tip(build, number);
        break;
    case TEXT_MATERIAL:
    case TEXT_EXPLANATION:
    case TEXT_BACKGROUND:
    case TEXT_LIST:
        add_text(build, number, NULL);
        break;
    }
}

/* ---- where texts are shown ---- */

static void put_shown(struct build *build, struct model_texts *shown,
                      const struct content_numbers *numbers)
{
    shown->at = build_alloc(build, numbers->count, sizeof *shown->at);
    for (uint16_t i = 0; i < numbers->count && !build->failed; i++) {
        const struct model_text *text = model_text(build->model, numbers->at[i]);

        if (text != NULL) {
            shown->at[shown->count++] = text;
        }
    }
}

static void put_explanation(struct build *build, uint16_t number)
{
    const struct content_numbers *steps = &build->text->as.titled.steps;

    for (uint16_t i = 0; i < steps->count; i++) {
        struct model_step *step = build_step(build, steps->at[i]);

        if (step != NULL) {
            step->explanation = model_text(build->model, number);
        }
    }
}

static void place_text(struct build *build, uint16_t number)
{
    struct model_step *step = build_step(build, build->text->step);

    if (build->text->type == TEXT_PROMPT && step != NULL) {
        put_shown(build, &step->texts, &build->text->as.prompt.texts);
        put_shown(build, &step->beside, &build->text->as.prompt.beside_texts);
    } else if (build->text->type == TEXT_EXPLANATION &&
               replica_text_given(build->replica, number)) {
        put_explanation(build, number);
    }
}

/* ---- all of them ---- */

static bool is_phase_text(const struct build *build, uint16_t number, uint16_t *phase_out)
{
    const struct replica_entry *entry = replica_text(build->replica, number);

    if (entry == NULL || entry->body != REPLICA_OPEN ||
        content_text_decode(entry->plaintext, build->text) != STATUS_OK ||
        build->text->type != TEXT_PHASE) {
        return false;
    }
    *phase_out = build->text->as.phase.phase;
    return true;
}

/* Phases in order of their numbers, which is that of the guide. */
static void make_phases(struct build *build)
{
    struct model *model = build->model;
    uint16_t number = 0;

    model->phases = build_alloc(build, SCRIPT_PHASES_MAX, sizeof *model->phases);
    for (uint16_t text = 1; text < TEXTS_MAX && !build->failed; text++) {
        uint16_t at = model->phase_count;

        if (!is_phase_text(build, text, &number) || phase_of(build, number) != NULL ||
            model->phase_count == SCRIPT_PHASES_MAX) {
            continue;
        }
        while (at > 0 && model->phases[at - 1].number > number) {
            model->phases[at] = model->phases[at - 1];
            at--;
        }
        model->phases[at] =
            (struct model_phase){.number = number, .title = "", .goal = "", .tip = ""};
        model->phase_count++;
    }
}

typedef void put_function(struct build *build, uint16_t number);

static void each_text(struct build *build, put_function *put, bool tell_trouble)
{
    for (uint16_t number = 1; number < TEXTS_MAX && !build->failed; number++) {
        const struct replica_entry *entry = replica_text(build->replica, number);

        if (entry == NULL || entry->body == REPLICA_CLOSED) {
            continue;
        }
        if (entry->body == REPLICA_OPEN &&
            content_text_decode(entry->plaintext, build->text) == STATUS_OK) {
            put(build, number);
        } else if (tell_trouble && replica_text_given(build->replica, number)) {
            build->text->type = TEXT_MATERIAL;
            build->text->step = 0;
            add_text(build, number, build_trouble(build, entry));
        }
    }
}

void build_texts(struct build *build)
{
    struct model *model = build->model;
    size_t count = 0;

    for (uint16_t number = 1; number < TEXTS_MAX; number++) {
        count += replica_text(build->replica, number) != NULL;
    }
    model->texts = build_alloc(build, count, sizeof *model->texts);
    make_phases(build);
    if (build->failed) {
        return;
    }
    each_text(build, put_text, true);
    each_text(build, place_text, false);
}
