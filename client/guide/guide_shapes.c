#include "client/guide/guide.h"
#include "client/guide/shapes.h"
#include "client/say.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ONLY(kind)   (1U << (kind))

/* The order is the enums': the first word is 1. */
const char *const shapes_languages[] = {"nl", "en", NULL};
const char *const shapes_kinds[] = {"read",       "question",     "choice",     "form",
                                    "completion", "perspectives", "comparison", "discussion",
                                    "commitment", "agreement",    "follow-up",  "report",
                                    NULL};
const char *const shapes_whos[] = {"participants", "all", "case-giver", "observer", NULL};
const char *const shapes_works[] = {"individual", "pairs", "groups", "plenary", NULL};
const char *const shapes_shares[] = {"named", "anonymous",  "private",
                                     "group", "group-only", NULL};
static const char *const talks[] = {"pairs", "groups", "plenary", NULL};
static const char *const column_types[] = {"yesno", "yesno-why", "text", NULL};
static const char *const assigns[] = {"draw", "hand", "choose", NULL};
static const char *const notes[] = {"facilitator", "scribe", NULL};
static const char *const observers[] = {"required", "advised", "optional", NULL};

static const struct shape_field slot_fields[] = {
    {.name = "text", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_slot, text)},
};
const struct shape shapes_slot = {
    .name = SAY_LATER("a text"),
    .fields = slot_fields,
    .field_count = COUNT(slot_fields),
    .size = sizeof(struct guide_slot),
    .plain = "text",
    .plain_only = true,
    .id_offset = offsetof(struct guide_slot, id),
    .place_offset = -1,
};

static const struct shape_field option_fields[] = {
    {.name = "label",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct guide_option, label),
     .required = true},
    {.name = "text", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_option, text)},
    {.name = "consequence", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_option, consequence)},
    {.name = "preferred", .type = SHAPE_BOOL, SHAPE_MEMBER(struct guide_option, preferred)},
};
static const struct shape option_shape = {
    .name = SAY_LATER("an option"),
    .fields = option_fields,
    .field_count = COUNT(option_fields),
    .size = sizeof(struct guide_option),
    .place_offset = -1,
};
static const struct shape_field choice_fields[] = {
    {.name = "text", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_choice, text)},
    {.name = "options",
     .type = SHAPE_LIST,
     SHAPE_MEMBER(struct guide_choice, options),
     .required = true,
     .shape = &option_shape,
     .min = GUIDE_OPTIONS_MIN,
     .max = GUIDE_OPTIONS_MAX},
    {.name = "after", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_choice, after)},
};
const struct shape shapes_choice = {
    .name = SAY_LATER("a choice"),
    .fields = choice_fields,
    .field_count = COUNT(choice_fields),
    .size = sizeof(struct guide_choice),
    .id_offset = offsetof(struct guide_choice, id),
    .place_offset = -1,
};

static const struct shape_field item_fields[] = {
    {.name = "text",
     .type = SHAPE_TEXT,
     SHAPE_MEMBER(struct guide_item, text),
     .required = true},
    {.name = "needs",
     .type = SHAPE_IDS,
     SHAPE_MEMBER(struct guide_item, needs),
     .max = GUIDE_REFERENCES_MAX},
};
static const struct shape item_shape = {
    .name = SAY_LATER("an item"),
    .fields = item_fields,
    .field_count = COUNT(item_fields),
    .size = sizeof(struct guide_item),
    .plain = "text",
    .place_offset = -1,
};

static const struct shape_field column_fields[] = {
    {.name = "id", .type = SHAPE_ID, SHAPE_MEMBER(struct guide_column, id), .required = true},
    {.name = "title",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct guide_column, title),
     .required = true},
    {.name = "type",
     .type = SHAPE_WORD,
     SHAPE_MEMBER(struct guide_column, type),
     .required = true,
     .words = column_types},
};
static const struct shape column_shape = {
    .name = SAY_LATER("a column"),
    .fields = column_fields,
    .field_count = COUNT(column_fields),
    .size = sizeof(struct guide_column),
    .place_offset = -1,
};

static const struct shape_field row_fields[] = {
    {.name = "text",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct guide_row, text),
     .required = true},
    {.name = "hint", .type = SHAPE_LINE, SHAPE_MEMBER(struct guide_row, hint)},
};
static const struct shape row_shape = {
    .name = SAY_LATER("a row"),
    .fields = row_fields,
    .field_count = COUNT(row_fields),
    .size = sizeof(struct guide_row),
    .plain = "text",
    .place_offset = -1,
};

static const struct shape_field own_rows_fields[] = {
    {.name = "max",
     .type = SHAPE_NUMBER,
     SHAPE_MEMBER(struct guide_own_rows, max),
     .required = true,
     .min = 1,
     .max = GUIDE_OWN_ROWS_MAX},
    {.name = "prompt", .type = SHAPE_LINE, SHAPE_MEMBER(struct guide_own_rows, prompt)},
};
static const struct shape own_rows_shape = {
    .name = SAY_LATER("own-rows"),
    .fields = own_rows_fields,
    .field_count = COUNT(own_rows_fields),
    .size = sizeof(struct guide_own_rows),
    .place_offset = -1,
};

static const struct shape_field step_fields[] = {
    {.name = "id", .type = SHAPE_ID, SHAPE_MEMBER(struct guide_step, id), .required = true},
    {.name = "kind",
     .type = SHAPE_WORD,
     SHAPE_MEMBER(struct guide_step, kind),
     .required = true,
     .words = shapes_kinds},
    {.name = "title", .type = SHAPE_LINE, SHAPE_MEMBER(struct guide_step, title)},
    {.name = "section", .type = SHAPE_LINE, SHAPE_MEMBER(struct guide_step, section)},
    {.name = "label", .type = SHAPE_LINE, SHAPE_MEMBER(struct guide_step, label)},
    {.name = "text", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_step, text)},
    {.name = "tip", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_step, tip)},
    {.name = "minutes",
     .type = SHAPE_NUMBER,
     SHAPE_MEMBER(struct guide_step, minutes),
     .min = 1,
     .max = GUIDE_MINUTES_MAX},
    {.name = "who",
     .type = SHAPE_WORD,
     SHAPE_MEMBER(struct guide_step, who),
     .words = shapes_whos},
    {.name = "needs",
     .type = SHAPE_IDS,
     SHAPE_MEMBER(struct guide_step, needs),
     .max = GUIDE_REFERENCES_MAX},
    {.name = "beside",
     .type = SHAPE_IDS,
     SHAPE_MEMBER(struct guide_step, beside),
     .max = GUIDE_REFERENCES_MAX},
    {.name = "work",
     .type = SHAPE_WORD,
     SHAPE_MEMBER(struct guide_step, work),
     .words = shapes_works},
    {.name = "share",
     .type = SHAPE_WORD,
     SHAPE_MEMBER(struct guide_step, share),
     .words = shapes_shares},
    {.name = "talk", .type = SHAPE_WORD, SHAPE_MEMBER(struct guide_step, talk), .words = talks},
    {.name = "explanation", .type = SHAPE_ID, SHAPE_MEMBER(struct guide_step, explanation)},

    {.name = "material",
     .type = SHAPE_ID,
     SHAPE_MEMBER(struct guide_step, material),
     .required = true,
     .variants = ONLY(GUIDE_READ)},
    {.name = "ask",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct guide_step, ask),
     .variants = ONLY(GUIDE_READ)},
    {.name = "recap",
     .type = SHAPE_BOOL,
     SHAPE_MEMBER(struct guide_step, recap),
     .variants = ONLY(GUIDE_READ)},

    {.name = "items",
     .type = SHAPE_LIST,
     SHAPE_MEMBER(struct guide_step, items),
     .variants = ONLY(GUIDE_QUESTION) | ONLY(GUIDE_COMPARISON) | ONLY(GUIDE_DISCUSSION),
     .shape = &item_shape,
     .min = 1,
     .max = GUIDE_ITEMS_MAX},
    {.name = "per",
     .type = SHAPE_ID,
     SHAPE_MEMBER(struct guide_step, per),
     .variants = ONLY(GUIDE_QUESTION) | ONLY(GUIDE_COMPARISON) | ONLY(GUIDE_DISCUSSION)},

    {.name = "choice",
     .type = SHAPE_ID,
     SHAPE_MEMBER(struct guide_step, choice),
     .required = true,
     .variants = ONLY(GUIDE_CHOICE)},
    {.name = "reason",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct guide_step, reason),
     .variants = ONLY(GUIDE_CHOICE)},

    {.name = "row-title",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct guide_step, row_title),
     .variants = ONLY(GUIDE_FORM)},
    {.name = "columns",
     .type = SHAPE_LIST,
     SHAPE_MEMBER(struct guide_step, columns),
     .required = true,
     .variants = ONLY(GUIDE_FORM),
     .shape = &column_shape,
     .min = 1,
     .max = GUIDE_COLUMNS_MAX},
    {.name = "rows",
     .type = SHAPE_LIST,
     SHAPE_MEMBER(struct guide_step, rows),
     .required = true,
     .variants = ONLY(GUIDE_FORM),
     .shape = &row_shape,
     .min = 1,
     .max = GUIDE_ROWS_MAX},
    {.name = "own-rows",
     .type = SHAPE_ONE,
     SHAPE_MEMBER(struct guide_step, own_rows),
     .variants = ONLY(GUIDE_FORM),
     .shape = &own_rows_shape},

    {.name = "starters",
     .type = SHAPE_LINES,
     SHAPE_MEMBER(struct guide_step, starters),
     .required = true,
     .variants = ONLY(GUIDE_COMPLETION),
     .min = 1,
     .max = GUIDE_STARTERS_MAX},

    {.name = "assign",
     .type = SHAPE_WORD,
     SHAPE_MEMBER(struct guide_step, assign),
     .variants = ONLY(GUIDE_PERSPECTIVES),
     .words = assigns},
    {.name = "prompts",
     .type = SHAPE_ID,
     SHAPE_MEMBER(struct guide_step, prompts),
     .variants = ONLY(GUIDE_PERSPECTIVES)},

    {.name = "materials",
     .type = SHAPE_IDS,
     SHAPE_MEMBER(struct guide_step, materials),
     .required = true,
     .variants = ONLY(GUIDE_COMPARISON),
     .min = 2,
     .max = 2},

    {.name = "notes",
     .type = SHAPE_WORD,
     SHAPE_MEMBER(struct guide_step, notes),
     .variants = ONLY(GUIDE_DISCUSSION),
     .words = notes},
};
static const struct shape step_shape = {
    .name = SAY_LATER("a step"),
    .fields = step_fields,
    .field_count = COUNT(step_fields),
    .size = sizeof(struct guide_step),
    .variant = "kind",
    .bytes_max = GUIDE_TEXT_BYTES_MAX,
    .place_offset = offsetof(struct guide_step, place),
};

static const struct shape_field phase_fields[] = {
    {.name = "id", .type = SHAPE_ID, SHAPE_MEMBER(struct guide_phase, id), .required = true},
    {.name = "title",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct guide_phase, title),
     .required = true},
    {.name = "goal", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_phase, goal)},
    {.name = "attention",
     .type = SHAPE_ATTENTION,
     SHAPE_MEMBER(struct guide_phase, attention),
     .max = GUIDE_LINES_MAX},
    {.name = "tips", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_phase, tips)},
    {.name = "detours",
     .type = SHAPE_IDS,
     SHAPE_MEMBER(struct guide_phase, detours),
     .max = GUIDE_LEAVE_OUT_MAX},
    {.name = "steps",
     .type = SHAPE_LIST,
     SHAPE_MEMBER(struct guide_phase, steps),
     .shape = &step_shape,
     .max = GUIDE_STEPS_MAX},
};
static const struct shape phase_shape = {
    .name = SAY_LATER("a phase"),
    .fields = phase_fields,
    .field_count = COUNT(phase_fields),
    .size = sizeof(struct guide_phase),
    .place_offset = offsetof(struct guide_phase, place),
};

static const struct shape_field concept_fields[] = {
    {.name = "term",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct guide_concept, term),
     .required = true},
    {.name = "text",
     .type = SHAPE_TEXT,
     SHAPE_MEMBER(struct guide_concept, text),
     .required = true},
};
static const struct shape concept_shape = {
    .name = SAY_LATER("a concept"),
    .fields = concept_fields,
    .field_count = COUNT(concept_fields),
    .size = sizeof(struct guide_concept),
    .place_offset = -1,
};

static const struct shape_field background_fields[] = {
    {.name = "id",
     .type = SHAPE_ID,
     SHAPE_MEMBER(struct guide_background, id),
     .required = true},
    {.name = "title",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct guide_background, title),
     .required = true},
    {.name = "text",
     .type = SHAPE_TEXT,
     SHAPE_MEMBER(struct guide_background, text),
     .required = true},
};
static const struct shape background_shape = {
    .name = SAY_LATER("a background text"),
    .fields = background_fields,
    .field_count = COUNT(background_fields),
    .size = sizeof(struct guide_background),
    .place_offset = -1,
};

static const struct shape_field list_fields[] = {
    {.name = "lines",
     .type = SHAPE_LINES,
     SHAPE_MEMBER(struct guide_list, lines),
     .min = 1,
     .max = GUIDE_LINES_MAX},
};
static const struct shape list_shape = {
    .name = SAY_LATER("a list"),
    .fields = list_fields,
    .field_count = COUNT(list_fields),
    .size = sizeof(struct guide_list),
    .plain = "lines",
    .plain_only = true,
    .bytes_max = GUIDE_TEXT_BYTES_MAX,
    .id_offset = offsetof(struct guide_list, id),
    .place_offset = -1,
};

static const struct shape_field route_fields[] = {
    {.name = "id", .type = SHAPE_ID, SHAPE_MEMBER(struct guide_route, id), .required = true},
    {.name = "title",
     .type = SHAPE_LINE,
     SHAPE_MEMBER(struct guide_route, title),
     .required = true},
    {.name = "leave-out",
     .type = SHAPE_IDS,
     SHAPE_MEMBER(struct guide_route, leave_out),
     .max = GUIDE_LEAVE_OUT_MAX},
};
static const struct shape route_shape = {
    .name = SAY_LATER("a route"),
    .fields = route_fields,
    .field_count = COUNT(route_fields),
    .size = sizeof(struct guide_route),
    .place_offset = -1,
};

static const struct shape_field source_fields[] = {
    {.name = "authors", .type = SHAPE_LINE, SHAPE_MEMBER(struct guide_source, authors)},
    {.name = "licence", .type = SHAPE_LINE, SHAPE_MEMBER(struct guide_source, licence)},
    {.name = "contact", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_source, contact)},
};
static const struct shape source_shape = {
    .name = SAY_LATER("source"),
    .fields = source_fields,
    .field_count = COUNT(source_fields),
    .size = sizeof(struct guide_source),
    .place_offset = -1,
};

static const struct shape_field people_fields[] = {
    {.name = "min",
     .type = SHAPE_NUMBER,
     SHAPE_MEMBER(struct guide_people, min),
     .min = GUIDE_PEOPLE_MIN,
     .max = GUIDE_PEOPLE_MAX},
    {.name = "max",
     .type = SHAPE_NUMBER,
     SHAPE_MEMBER(struct guide_people, max),
     .min = GUIDE_PEOPLE_MIN,
     .max = GUIDE_PEOPLE_MAX},
    {.name = "observer",
     .type = SHAPE_WORD,
     SHAPE_MEMBER(struct guide_people, observer),
     .words = observers},
};
static const struct shape people_shape = {
    .name = SAY_LATER("people"),
    .fields = people_fields,
    .field_count = COUNT(people_fields),
    .size = sizeof(struct guide_people),
    .place_offset = offsetof(struct guide_people, place),
};

static const struct shape_field roles_fields[] = {
    {.name = "facilitator", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_roles, facilitator)},
    {.name = "observer", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_roles, observer)},
    {.name = "participant", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_roles, participant)},
    {.name = "case-giver", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide_roles, case_giver)},
};
static const struct shape roles_shape = {
    .name = SAY_LATER("roles"),
    .fields = roles_fields,
    .field_count = COUNT(roles_fields),
    .size = sizeof(struct guide_roles),
    .place_offset = -1,
};

static const struct shape_field guide_fields[] = {
    {.name = "kring-guide", .type = SHAPE_VERSION, .required = true},
    {.name = "id", .type = SHAPE_ID, SHAPE_MEMBER(struct guide, id), .required = true},
    {.name = "language",
     .type = SHAPE_WORD,
     SHAPE_MEMBER(struct guide, language),
     .required = true,
     .words = shapes_languages},
    {.name = "title", .type = SHAPE_LINE, SHAPE_MEMBER(struct guide, title), .required = true},
    {.name = "summary", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide, summary)},
    {.name = "source",
     .type = SHAPE_ONE,
     SHAPE_MEMBER(struct guide, source),
     .shape = &source_shape},
    {.name = "people",
     .type = SHAPE_ONE,
     SHAPE_MEMBER(struct guide, people),
     .shape = &people_shape},
    {.name = "roles",
     .type = SHAPE_ONE,
     SHAPE_MEMBER(struct guide, roles),
     .shape = &roles_shape},
    {.name = "preparation", .type = SHAPE_TEXT, SHAPE_MEMBER(struct guide, preparation)},
    {.name = "gate",
     .type = SHAPE_LINES,
     SHAPE_MEMBER(struct guide, gate),
     .max = GUIDE_LINES_MAX},
    {.name = "concepts",
     .type = SHAPE_LIST,
     SHAPE_MEMBER(struct guide, concepts),
     .shape = &concept_shape,
     .max = GUIDE_CONCEPTS_MAX},
    {.name = "background",
     .type = SHAPE_LIST,
     SHAPE_MEMBER(struct guide, background),
     .shape = &background_shape,
     .max = GUIDE_BACKGROUND_MAX},
    {.name = "lists",
     .type = SHAPE_MAP,
     SHAPE_MEMBER(struct guide, lists),
     .shape = &list_shape,
     .max = GUIDE_LISTS_MAX},
    {.name = "watch",
     .type = SHAPE_LINES,
     SHAPE_MEMBER(struct guide, watch),
     .max = GUIDE_LINES_MAX},
    {.name = "routes",
     .type = SHAPE_LIST,
     SHAPE_MEMBER(struct guide, routes),
     .shape = &route_shape,
     .max = GUIDE_ROUTES_MAX},
    {.name = "materials",
     .type = SHAPE_MAP,
     SHAPE_MEMBER(struct guide, materials),
     .shape = &shapes_slot,
     .max = GUIDE_SLOTS_MAX},
    {.name = "choices",
     .type = SHAPE_MAP,
     SHAPE_MEMBER(struct guide, choices),
     .shape = &shapes_choice,
     .max = GUIDE_SLOTS_MAX},
    {.name = "explanations",
     .type = SHAPE_MAP,
     SHAPE_MEMBER(struct guide, explanations),
     .shape = &shapes_slot,
     .max = GUIDE_SLOTS_MAX},
    {.name = "phases",
     .type = SHAPE_LIST,
     SHAPE_MEMBER(struct guide, phases),
     .shape = &phase_shape,
     .max = GUIDE_PHASES_MAX},
};
const struct shape shapes_guide = {
    .name = SAY_LATER("a guide"),
    .fields = guide_fields,
    .field_count = COUNT(guide_fields),
    .size = sizeof(struct guide),
    .place_offset = -1,
};
