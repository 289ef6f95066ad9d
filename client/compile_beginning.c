/* What stands before the first step: for everyone, and for facilitators only; and phases. */
#include <stdio.h>

#include "client/compile_private.h"
#include "client/say.h"

/* ---- what everyone gets, and what only facilitators see, before the first step ---- */

/* The observer's text and what to look for, as one. */
static struct bytes observer_text(struct builder *builder)
{
    const struct guide *guide = builder->resolved->guide;
    size_t at = 0;

    if (guide->watch.count == 0) {
        return compile_bytes(guide->roles.observer.text);
    }
    if (guide->roles.observer.text != NULL) {
        at = (size_t)snprintf(builder->joined, sizeof builder->joined, "%s\n\n",
                              guide->roles.observer.text);
    }
    for (uint32_t i = 0; i < guide->watch.count && at < sizeof builder->joined; i++) {
        at += (size_t)snprintf(builder->joined + at, sizeof builder->joined - at, "- %s\n",
                               guide->watch.at[i].text);
    }
    if (at >= sizeof builder->joined) {
        builder->status = STATUS_TOO_LONG;
        return (struct bytes){0};
    }
    return compile_bytes(builder->joined);
}

static void put_role(struct content_pairs *roles, enum role role, struct bytes text)
{
    if (text.count > 0) {
        roles->at[roles->count++] =
            (struct content_pair){.number = (uint16_t)role, .text = text};
    }
}

static void start_with(struct builder *builder, uint16_t text)
{
    builder->script.start_texts[builder->script.start_count++] = text;
}

static enum observer_rule observer_rule(enum guide_observer observer)
{
    switch (observer) {
    case GUIDE_OBSERVER_REQUIRED:
        return OBSERVER_REQUIRED;
    case GUIDE_OBSERVER_ADVISED:
        return OBSERVER_ADVISED;
    case GUIDE_OBSERVER_UNSET:
    case GUIDE_OBSERVER_OPTIONAL:
        return OBSERVER_OPTIONAL;
    }
    return OBSERVER_OPTIONAL;
}

static void add_welcome(struct builder *builder)
{
    const struct guide *guide = builder->resolved->guide;
    const struct case_file *case_file = builder->resolved->case_file;
    struct text_welcome *welcome = &builder->text.as.welcome;
    char source[CONTENT_LINE_BYTES_MAX];

    compile_begin(builder, TEXT_WELCOME, 0);
    (void)snprintf(
        source, sizeof source, "%s%s%s",
        guide->source.authors.text == NULL ? "" : guide->source.authors.text,
        guide->source.authors.text == NULL || guide->source.licence.text == NULL ? "" : " - ",
        guide->source.licence.text == NULL ? "" : guide->source.licence.text);
    *welcome = (struct text_welcome){
        .guide_title = compile_bytes(guide->title.text),
        .summary = compile_bytes(guide->summary.text),
        .case_title = compile_bytes(case_file == NULL ? NULL : case_file->title.text),
        .language = compile_bytes(guide_language_word(guide->language)),
        .source = compile_bytes(source),
        .people_min = (uint16_t)guide->people.min,
        .observer = observer_rule(guide->people.observer),
    };
    put_role(&welcome->roles, ROLE_FACILITATOR, compile_bytes(guide->roles.facilitator.text));
    put_role(&welcome->roles, ROLE_OBSERVER, observer_text(builder));
    put_role(&welcome->roles, ROLE_PARTICIPANT, compile_bytes(guide->roles.participant.text));
    put_role(&welcome->roles, ROLE_CASE_GIVER, compile_bytes(guide->roles.case_giver.text));
    start_with(builder, compile_add(builder, NULL));
}

static void add_concepts(struct builder *builder)
{
    const struct guide_concepts *concepts = &builder->resolved->guide->concepts;
    struct content_pairs *pairs = &builder->text.as.concepts;

    if (concepts->count == 0) {
        return;
    }
    compile_begin(builder, TEXT_CONCEPTS, 0);
    if (concepts->count > CONTENT_PAIRS_MAX) {
        builder->status = STATUS_TOO_LONG;
        return;
    }
    pairs->count = (uint16_t)concepts->count;
    for (uint32_t i = 0; i < concepts->count; i++) {
        pairs->at[i] = (struct content_pair){.term = compile_bytes(concepts->at[i].term.text),
                                             .text = compile_bytes(concepts->at[i].text.text)};
    }
    start_with(builder, compile_add(builder, NULL));
}

static void add_gate(struct builder *builder)
{
    if (builder->resolved->guide->gate.count == 0) {
        return;
    }
    compile_begin(builder, TEXT_GATE, 0);
    compile_lines(builder, &builder->text.as.gate, &builder->resolved->guide->gate);
    builder->script.gate = compile_add(builder, NULL);
    start_with(builder, builder->script.gate);
}

static void add_background(struct builder *builder)
{
    const struct guide_backgrounds *background = &builder->resolved->guide->background;
    struct script *script = &builder->script;

    for (uint32_t i = 0; i < background->count && i < SCRIPT_START_TEXTS_MAX; i++) {
        script->background_texts[script->background_count++] =
            compile_titled(builder, TEXT_BACKGROUND, 0, background->at[i].title.text,
                           background->at[i].text.text);
    }
}

void compile_beginning(struct builder *builder)
{
    builder->what = SAY("the guide's beginning");
    add_welcome(builder);
    add_concepts(builder);
    add_gate(builder);
    builder->script.preparation =
        compile_tip(builder, 0, builder->resolved->guide->preparation.text);
    add_background(builder);
}

/* ---- phases ---- */

static const struct guide_texts *attention_of(const struct builder *builder,
                                              const struct guide_phase *phase)
{
    const struct guide_list *list = NULL;

    if (phase->attention.list.text == NULL) {
        return &phase->attention.lines;
    }
    list = guide_find_list(builder->resolved->guide, phase->attention.list.text);
    return list == NULL ? &phase->attention.lines : &list->lines;
}

uint16_t compile_phase(struct builder *builder, uint32_t index)
{
    struct script *script = &builder->script;
    const struct guide_phase *phase = &builder->resolved->guide->phases.at[index];
    struct script_phase *added = NULL;

    for (uint16_t i = 0; i < script->phase_count; i++) {
        if (builder->sources[script->phases[i].text] == phase) {
            return script->phases[i].number;
        }
    }
    if (script->phase_count == SCRIPT_PHASES_MAX) {
        builder->status = STATUS_TOO_LONG;
        return 0;
    }
    added = &script->phases[script->phase_count++];
    *added = (struct script_phase){.number = script->phase_count,
                                   .title = compile_bytes(phase->title.text)};
    compile_begin(builder, TEXT_PHASE, 0);
    builder->text.as.phase = (struct text_phase){.phase = added->number,
                                                 .title = compile_bytes(phase->title.text),
                                                 .goal = compile_bytes(phase->goal.text)};
    compile_lines(builder, &builder->text.as.phase.attention, attention_of(builder, phase));
    added->text = compile_add(builder, phase);
    added->tip = compile_tip(builder, 0, phase->tips.text);
    return added->number;
}
