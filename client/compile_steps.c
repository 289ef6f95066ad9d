/* Steps: the plan the server gets, the prompt, and what is shown beside it. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "client/compile_private.h"

static const enum form forms[] = {
    [GUIDE_READ] = FORM_READ,
    [GUIDE_QUESTION] = FORM_QUESTION,
    [GUIDE_CHOICE] = FORM_CHOICE,
    [GUIDE_FORM] = FORM_TABLE,
    [GUIDE_COMPLETION] = FORM_COMPLETION,
    [GUIDE_PERSPECTIVES] = FORM_PERSPECTIVES,
    [GUIDE_COMPARISON] = FORM_COMPARISON,
    [GUIDE_DISCUSSION] = FORM_DISCUSSION,
    [GUIDE_COMMITMENT] = FORM_COMMITMENT,
    [GUIDE_AGREEMENT] = FORM_AGREEMENT,
    [GUIDE_FOLLOW_UP] = FORM_FOLLOW_UP,
    [GUIDE_REPORT] = FORM_REPORT,
};
static const enum who whos[] = {
    [GUIDE_WHO_UNSET] = WHO_PARTICIPANTS,
    [GUIDE_WHO_PARTICIPANTS] = WHO_PARTICIPANTS,
    [GUIDE_WHO_ALL] = WHO_ALL,
    [GUIDE_WHO_CASE_GIVER] = WHO_CASE_GIVER,
    [GUIDE_WHO_OBSERVER] = WHO_OBSERVER,
};
static const enum work works[] = {
    [GUIDE_WORK_UNSET] = WORK_INDIVIDUAL, [GUIDE_WORK_INDIVIDUAL] = WORK_INDIVIDUAL,
    [GUIDE_WORK_PAIRS] = WORK_PAIRS,      [GUIDE_WORK_GROUPS] = WORK_GROUPS,
    [GUIDE_WORK_PLENARY] = WORK_PLENARY,
};
static const struct {
    enum working working;
    enum sharing sharing;
} shares[] = {
    [GUIDE_SHARE_UNSET] = {WORKING_NONE, SHARING_NAMED},
    [GUIDE_SHARE_NAMED] = {WORKING_NONE, SHARING_NAMED},
    [GUIDE_SHARE_ANONYMOUS] = {WORKING_NONE, SHARING_ANONYMOUS},
    [GUIDE_SHARE_PRIVATE] = {WORKING_NONE, SHARING_NEVER},
    [GUIDE_SHARE_GROUP] = {WORKING_GROUP, SHARING_NAMED},
    [GUIDE_SHARE_GROUP_ONLY] = {WORKING_GROUP, SHARING_NEVER},
};
static const enum talk talks[] = {
    [GUIDE_TALK_UNSET] = TALK_NONE,
    [GUIDE_TALK_PAIRS] = TALK_PAIRS,
    [GUIDE_TALK_GROUPS] = TALK_GROUPS,
    [GUIDE_TALK_PLENARY] = TALK_PLENARY,
};

static struct step_plan plan_of(const struct resolved_step *step, uint16_t number)
{
    return (struct step_plan){
        .step = number,
        .form = forms[step->kind],
        .work = works[step->work],
        .working = shares[step->share].working,
        .sharing = shares[step->share].sharing,
        .who = step->kind == GUIDE_REPORT ? WHO_OBSERVER : whos[step->who],
    };
}

static void put_number(struct builder *builder, struct content_numbers *numbers,
                       uint16_t number)
{
    if (numbers->count == CONTENT_BESIDE_MAX) {
        builder->status = STATUS_TOO_LONG;
    } else if (number != 0) {
        numbers->at[numbers->count++] = number;
    }
}

/* The texts shown at a step: its own portion, and what lies beside it. */
static void add_step_texts(struct builder *builder, const struct resolved_step *step,
                           uint16_t number, struct text_prompt *prompt)
{
    if (step->material != NULL) {
        put_number(builder, &prompt->texts,
                   compile_titled(builder, TEXT_MATERIAL, number, step->title, step->material));
    }
    for (uint32_t i = 0; i < step->beside_count; i++) {
        const struct resolved_beside *beside = &step->beside[i];

        switch (beside->kind) {
        case RESOLVED_MATERIAL:
            put_number(builder, &prompt->beside_texts,
                       compile_titled(builder, TEXT_MATERIAL, 0, beside->title, beside->text));
            break;
        case RESOLVED_LIST:
            put_number(builder, &prompt->beside_texts,
                       compile_list(builder, beside->id, beside->lines));
            break;
        case RESOLVED_STEP:
            put_number(builder, &prompt->beside_steps, (uint16_t)(beside->step + 1));
            break;
        }
    }
}

static void put_item(struct builder *builder, struct text_prompt *prompt, const char *first,
                     const char *second, const char *text)
{
    struct content_pairs *items = &prompt->items;
    char *label = NULL;

    if (items->count == CONTENT_PAIRS_MAX || items->count == CONTENT_FIELDS_MAX) {
        builder->status = STATUS_TOO_LONG;
        return;
    }
    label = builder->labels[items->count];
    (void)snprintf(label, LABEL_BYTES_MAX, "%s%s", first == NULL ? "" : first,
                   second == NULL ? "" : second);
    items->at[items->count++] =
        (struct content_pair){.term = compile_bytes(label), .text = compile_bytes(text)};
}

static void put_items(struct builder *builder, const struct resolved_step *step,
                      struct text_prompt *prompt)
{
    const struct guide_texts *starters = &step->source->starters;
    char number[16];

    for (uint32_t i = 0; i < step->item_count; i++) {
        put_item(builder, prompt, step->items[i].label == NULL ? NULL : step->label,
                 step->items[i].label, step->items[i].text);
    }
    for (uint32_t i = 0; step->kind == GUIDE_COMPLETION && i < starters->count; i++) {
        (void)snprintf(number, sizeof number, "%u", (unsigned)i + 1);
        put_item(builder, prompt, number, NULL, starters->at[i].text);
    }
}

static void put_options(struct builder *builder, const struct guide_choice *choice,
                        struct text_prompt *prompt)
{
    if (choice == NULL) {
        return;
    }
    if (choice->options.count > CONTENT_OPTIONS_MAX) {
        builder->status = STATUS_TOO_LONG;
        return;
    }
    prompt->option_count = (uint16_t)choice->options.count;
    for (uint32_t i = 0; i < choice->options.count; i++) {
        prompt->options[i] = (struct content_option){
            .label = compile_bytes(choice->options.at[i].label.text),
            .text = compile_bytes(choice->options.at[i].text.text),
        };
    }
}

/* `first`, an empty line, `second`; either may be NULL. */
static struct bytes join(struct builder *builder, const char *first, const char *second)
{
    int count = 0;

    if (first == NULL || second == NULL) {
        return compile_bytes(first == NULL ? second : first);
    }
    count = snprintf(builder->joined, sizeof builder->joined, "%s\n\n%s", first, second);
    if (count < 0 || (size_t)count >= sizeof builder->joined) {
        builder->status = STATUS_TOO_LONG;
        return (struct bytes){0};
    }
    return compile_bytes(builder->joined);
}

static uint16_t add_prompt(struct builder *builder, const struct resolved_step *step,
                           struct script_step *scripted, const struct text_prompt *texts)
{
    struct text_prompt *prompt = &builder->text.as.prompt;

    compile_begin(builder, TEXT_PROMPT, scripted->step);
    *prompt = *texts;
    prompt->form = forms[step->kind];
    prompt->phase = scripted->phase;
    prompt->title = compile_bytes(step->title);
    prompt->section = compile_bytes(step->section);
    prompt->label = compile_bytes(step->label);
    prompt->text =
        join(builder, step->text, step->choice == NULL ? NULL : step->choice->text.text);
    prompt->reason = compile_bytes(step->source->reason.text);
    prompt->minutes = (uint16_t)step->minutes;
    prompt->talk = talks[step->talk];
    put_items(builder, step, prompt);
    put_options(builder, step->choice, prompt);
    return compile_add(builder, NULL);
}

static uint16_t add_consequences(struct builder *builder, const struct guide_choice *choice,
                                 uint16_t step)
{
    struct text_consequences *consequences = &builder->text.as.consequences;
    bool any = choice != NULL && choice->after.text != NULL;

    for (uint32_t i = 0; choice != NULL && i < choice->options.count; i++) {
        any = any || choice->options.at[i].consequence.text != NULL ||
              choice->options.at[i].preferred;
    }
    if (!any || choice->options.count > CONTENT_OPTIONS_MAX) {
        return 0;
    }
    compile_begin(builder, TEXT_CONSEQUENCES, step);
    consequences->count = (uint16_t)choice->options.count;
    for (uint32_t i = 0; i < choice->options.count; i++) {
        consequences->at[i] = (struct content_consequence){
            .text = compile_bytes(choice->options.at[i].consequence.text),
            .preferred = choice->options.at[i].preferred,
        };
    }
    consequences->after = compile_bytes(choice->after.text);
    return compile_add(builder, NULL);
}

/* The keys that go out with the step: of all its texts, each once. */
static void put_texts(struct script_step *scripted, const struct text_prompt *prompt)
{
    static_assert(SCRIPT_STEP_TEXTS_MAX >= CONTENT_BESIDE_MAX + 1, "own portion, and beside");

    for (uint16_t i = 0; i < prompt->texts.count; i++) {
        scripted->texts[scripted->text_count++] = prompt->texts.at[i];
    }
    for (uint16_t i = 0; i < prompt->beside_texts.count; i++) {
        scripted->texts[scripted->text_count++] = prompt->beside_texts.at[i];
    }
}

void compile_step(struct builder *builder, uint32_t index)
{
    const struct resolved_step *step = &builder->resolved->steps[index];
    struct script_step *scripted = &builder->script.steps[index];
    struct text_prompt texts = {0};

    builder->what = step->id;
    scripted->step = (uint16_t)(index + 1);
    builder->compiled->steps[index] = plan_of(step, scripted->step);
    builder->compiled->step_ids[index] = strdup(step->id);
    if (builder->compiled->step_ids[index] == NULL) {
        builder->status = STATUS_NOMEM;
        return;
    }
    scripted->phase = compile_phase(builder, step->phase);
    scripted->minutes = (uint16_t)step->minutes;
    scripted->label = compile_bytes(step->label);
    scripted->title = compile_bytes(step->title);
    scripted->explanation = (uint16_t)(step->explanation + 1);
    add_step_texts(builder, step, scripted->step, &texts);
    scripted->prompt = add_prompt(builder, step, scripted, &texts);
    scripted->tip = compile_tip(builder, scripted->step, step->tip);
    scripted->consequences = add_consequences(builder, step->choice, scripted->step);
    put_texts(scripted, &texts);
}
