#include <stdio.h>
#include <string.h>

#include "client/guide/case.h"
#include "client/guide/check.h"
#include "client/guide/heading.h"
#include "client/guide/source.h"
#include "client/say.h"

enum {
    MARKDOWN_LEVELS_MAX = 6,
    MARKDOWN_FENCE_MIN = 3,
    MARKDOWN_LIST_BYTES_MAX = 700,
    MARKDOWN_SECTIONS_MAX = 600
};

struct markdown_reader {
    struct case_file *case_file;
    const struct guide *guide;
    struct report *report;
    enum status status; /* only STATUS_NOMEM stops */
    uint32_t level;     /* of headings that name portions; 0: none met yet */
    char *heading;      /* of the section at hand; NULL: below the title */
    struct place place; /* of that heading */
    char *body;         /* where the section's text begins */
    uint32_t body_line; /* its line */
    uint32_t section_count;
};

static bool markdown_same(struct markdown_reader *reader, const char *a, const char *b)
{
    bool same = false;
    enum status status = heading_compare(a, b, &same);

    if (status != STATUS_OK) {
        reader->status = status;
    }
    return same;
}

/* Level 1 to 6 and the text of a heading (`## text`); 0 for any other line. */
static uint32_t markdown_heading(char *line, char **text_out)
{
    size_t level = strspn(line, "#");

    if (level == 0 || level > MARKDOWN_LEVELS_MAX ||
        (line[level] != ' ' && line[level] != '\t' && line[level] != '\0')) {
        return 0;
    }
    *text_out = line + level + strspn(line + level, " \t");
    return (uint32_t)level;
}

static bool markdown_is_blank(const char *line, size_t count)
{
    return strspn(line, " \t\n") >= count;
}

static bool markdown_is_quotation(const char *line)
{
    return line[strspn(line, " ")] == '>';
}

/* The next line's start, or the end of the text. */
static char *markdown_next(char *line)
{
    char *end = strchr(line, '\n');

    return end == NULL ? line + strlen(line) : end + 1;
}

/* Blank lines off the front; true when something is left besides quotations. */
static bool markdown_has_own_text(char *body)
{
    for (char *line = body; *line != '\0'; line = markdown_next(line)) {
        if (!markdown_is_blank(line, (size_t)(markdown_next(line) - line)) &&
            !markdown_is_quotation(line)) {
            return true;
        }
    }
    return false;
}

/* Moves past blank lines and, if it stands there, the quoted question of the portion. */
static void markdown_skip_ask(struct markdown_reader *reader, const char *ask)
{
    bool asked = ask == NULL;

    while (*reader->body != '\0') {
        char *next = markdown_next(reader->body);
        size_t count = (size_t)(next - reader->body);

        if (!markdown_is_blank(reader->body, count)) {
            char *quoted = reader->body + strspn(reader->body, " ");
            char *copy;

            if (asked || *quoted != '>') {
                return;
            }
            copy = arena_copy(reader->case_file->arena, quoted + 1, strcspn(quoted + 1, "\n"));
            if (copy == NULL) {
                reader->status = STATUS_NOMEM;
                return;
            }
            if (!markdown_same(reader, copy, ask)) {
                return;
            }
            asked = true;
        }
        reader->body = next;
        reader->body_line++;
    }
}

static void markdown_take_text(struct markdown_reader *reader, const char *name,
                               const char *ask, struct guide_text *text_out)
{
    struct place place;
    size_t count;

    if (!markdown_has_own_text(reader->body)) {
        return;
    }
    markdown_skip_ask(reader, ask);
    place = (struct place){reader->body_line, 1};
    count = strlen(reader->body);
    while (count > 0 && strchr(" \t\n", reader->body[count - 1]) != NULL) {
        reader->body[--count] = '\0';
    }
    if (count > GUIDE_TEXT_BYTES_MAX) {
        report_add(reader->report, REPORT_ERROR, reader->case_file->file, place,
                   SAY("\"%s\" has %zu bytes: at most %d fit, so shorten it"),
                   report_quote(name).text, count, GUIDE_TEXT_BYTES_MAX);
        return;
    }
    *text_out = (struct guide_text){.text = reader->body, .place = place};
}

static const struct guide_step *markdown_step(const struct guide *guide, uint32_t index)
{
    for (uint32_t i = 0; i < guide->phases.count; i++) {
        const struct guide_steps *steps = &guide->phases.at[i].steps;

        if (index < steps->count) {
            return &steps->at[index];
        }
        index -= steps->count;
    }
    return NULL;
}

/* The read step this heading means, by slot or title; NULL when none, or after a finding. */
static const struct guide_step *markdown_find_portion(struct markdown_reader *reader)
{
    const struct guide_step *found = NULL;
    const struct guide_step *step;

    for (uint32_t i = 0; (step = markdown_step(reader->guide, i)) != NULL; i++) {
        if (step->kind == GUIDE_READ &&
            markdown_same(reader, reader->heading, step->material.text)) {
            return step;
        }
    }
    for (uint32_t i = 0; (step = markdown_step(reader->guide, i)) != NULL; i++) {
        if (step->kind != GUIDE_READ || step->title.text == NULL ||
            !markdown_same(reader, reader->heading, step->title.text)) {
            continue;
        }
        if (found != NULL && strcmp(found->material.text, step->material.text) != 0) {
            report_add(reader->report, REPORT_ERROR, reader->case_file->file, reader->place,
                       SAY("two portions have this title: write \"%s\" or \"%s\" instead"),
                       found->material.text, step->material.text);
            return NULL;
        }
        found = found == NULL ? step : found;
    }
    return found;
}

/* A slot that is compared rather than read; there are only their ids to go by. */
static const char *markdown_find_compared(struct markdown_reader *reader)
{
    const struct guide_step *step;

    for (uint32_t i = 0; (step = markdown_step(reader->guide, i)) != NULL; i++) {
        for (uint32_t j = 0; j < step->materials.count; j++) {
            if (markdown_same(reader, reader->heading, step->materials.at[j].text)) {
                return step->materials.at[j].text;
            }
        }
    }
    return NULL;
}

static void markdown_list_portion(char *all, size_t size, const char *name)
{
    size_t used = strlen(all);

    (void)snprintf(all + used, size - used, "%s\"%s\"", used == 0 ? "" : ", ", name);
}

static void markdown_refuse_heading(struct markdown_reader *reader)
{
    char all[MARKDOWN_LIST_BYTES_MAX] = "";
    const struct guide_step *step;

    for (uint32_t i = 0; (step = markdown_step(reader->guide, i)) != NULL; i++) {
        if (step->kind == GUIDE_READ) {
            markdown_list_portion(all, sizeof all,
                                  step->title.text != NULL ? step->title.text
                                                           : step->material.text);
        }
        for (uint32_t j = 0; j < step->materials.count; j++) {
            markdown_list_portion(all, sizeof all, step->materials.at[j].text);
        }
    }
    report_add(reader->report, REPORT_ERROR, reader->case_file->file, reader->place,
               SAY("\"%s\" is no portion of this guide; there are: %s, \"%s\""),
               report_quote(reader->heading).text, all, SAY("People"));
}

/* "name: about" from a line of the list; marks around the name go. */
static bool markdown_take_person(struct markdown_reader *reader, char *line, uint32_t number)
{
    struct case_people *people = &reader->case_file->people;
    struct case_person *person = &people->at[people->count];
    char *about = strchr(line, ':');
    char id[GUIDE_ID_BYTES_MAX];
    const struct place place = {number, 1};
    struct heading name;

    if (about != NULL) {
        *about++ = '\0';
        about += strspn(about, " \t*_");
    }
    (void)snprintf(id, sizeof id, "person-%u", people->count + 1);
    if (heading_plain(line, &name) != STATUS_OK || name.text[0] == '\0' ||
        (about != NULL && strlen(about) > GUIDE_LINE_BYTES_MAX)) {
        return false;
    }
    person->id.text = arena_copy(reader->case_file->arena, id, strlen(id));
    person->name.text = arena_copy(reader->case_file->arena, name.text, strlen(name.text));
    if (person->id.text == NULL || person->name.text == NULL) {
        reader->status = STATUS_NOMEM;
        return false;
    }
    person->id.place = place;
    person->name.place = place;
    if (about != NULL && *about != '\0') {
        person->about = (struct guide_text){.text = about, .place = place};
    }
    people->count++;
    return true;
}

static void markdown_take_people(struct markdown_reader *reader)
{
    struct case_people *people = &reader->case_file->people;
    uint32_t number = reader->body_line;
    char *next;

    if (people->at == NULL) {
        people->place = reader->place;
        people->at = arena_alloc(reader->case_file->arena, CASE_PEOPLE_MAX, sizeof *people->at);
    }
    if (people->at == NULL) {
        reader->status = STATUS_NOMEM;
        return;
    }
    for (char *line = reader->body; *line != '\0' && reader->status == STATUS_OK;
         line = next, number++) {
        char *start = line + strspn(line, " \t");

        next = markdown_next(line);
        if (markdown_is_blank(line, (size_t)(next - line)) || markdown_is_quotation(line)) {
            continue;
        }
        if (next > line && next[-1] == '\n') {
            next[-1] = '\0';
        }
        if (people->count == CASE_PEOPLE_MAX) {
            report_add(reader->report, REPORT_ERROR, reader->case_file->file,
                       (struct place){number, 1}, SAY("more than %d people"), CASE_PEOPLE_MAX);
            return;
        }
        if (strchr("-*+", *start) == NULL || (start[1] != ' ' && start[1] != '\t') ||
            !markdown_take_person(reader, start + 1, number)) {
            report_add(reader->report, REPORT_ERROR, reader->case_file->file,
                       (struct place){number, 1}, SAY("a person is a line \"- name: about\""));
        }
    }
}

static bool markdown_is_people(struct markdown_reader *reader)
{
    return markdown_same(reader, reader->heading, "People") ||
           markdown_same(reader, reader->heading, "Personen") ||
           markdown_same(reader, reader->heading, "Betrokkenen");
}

static void markdown_take_portion(struct markdown_reader *reader)
{
    struct guide_slots *slots = &reader->case_file->materials;
    uint32_t errors = report_count(reader->report, REPORT_ERROR);
    const struct guide_step *step = markdown_find_portion(reader);
    const char *slot = step != NULL ? step->material.text : markdown_find_compared(reader);
    const struct guide_slot *same;
    struct guide_slot *material;

    if (slot == NULL) {
        if (report_count(reader->report, REPORT_ERROR) == errors) {
            markdown_refuse_heading(reader);
        }
        return;
    }
    same = guide_find_slot(slots, slot);
    if (same != NULL) {
        report_add(reader->report, REPORT_ERROR, reader->case_file->file, reader->place,
                   SAY("this portion stands here a second time (first on line %u): keep one"),
                   same->id.place.line);
        return;
    }
    material = &slots->at[slots->count];
    markdown_take_text(reader, reader->heading, step != NULL ? step->ask.text : NULL,
                       &material->text);
    if (material->text.text != NULL) {
        material->id = (struct guide_text){.text = slot, .place = reader->place};
        slots->count++;
    }
}

/* The section at hand ends where its text was cut off. */
static void markdown_end_section(struct markdown_reader *reader)
{
    reader->section_count++;
    if (reader->heading == NULL) {
        markdown_take_text(reader, "summary", NULL, &reader->case_file->summary);
    } else if (markdown_is_people(reader)) {
        markdown_take_people(reader);
    } else {
        markdown_take_portion(reader);
    }
}

/* Is this line the fence of a block of code? Keeps which one is open. */
static void markdown_watch_fence(const char *line, char *fence)
{
    size_t indent = strspn(line, " ");
    char mark = line[indent];
    size_t count = 0;

    if (mark != '`' && mark != '~') {
        return;
    }
    while (line[indent + count] == mark) {
        count++;
    }
    if (count >= MARKDOWN_FENCE_MIN && (*fence == '\0' || *fence == mark)) {
        *fence = (char)(*fence == '\0' ? mark : '\0');
    }
}

/* Cuts the heading's line out of the text, so that what came before ends there. */
static void markdown_begin_section(struct markdown_reader *reader, char *line, char *heading,
                                   uint32_t number)
{
    char *end = heading + strcspn(heading, "\n");

    reader->body = *end == '\0' ? end : end + 1;
    reader->body_line = number + 1;
    *end = '\0';
    *line = '\0';
    reader->heading = heading;
    reader->place = (struct place){number, 1};
}

static void markdown_take_sections(struct markdown_reader *reader, char *text, uint32_t number)
{
    char fence = '\0';
    char *next;

    for (char *line = text; *line != '\0' && reader->status == STATUS_OK;
         line = next, number++) {
        char *heading = NULL;
        uint32_t level = fence == '\0' ? markdown_heading(line, &heading) : 0;

        next = markdown_next(line);
        markdown_watch_fence(line, &fence);
        if (level != 0 && reader->level == 0) {
            reader->level = level;
        }
        if (level != 0 && level <= reader->level) {
            *line = '\0';
            markdown_end_section(reader);
            if (reader->section_count == MARKDOWN_SECTIONS_MAX) {
                report_add(reader->report, REPORT_ERROR, reader->case_file->file,
                           (struct place){number, 1},
                           SAY("more headings than any guide has portions"));
                return;
            }
            markdown_begin_section(reader, line, heading, number);
        }
    }
    if (reader->status == STATUS_OK) {
        markdown_end_section(reader);
    }
}

/* `# title` is the first line with anything on it; gives what follows. */
static bool markdown_take_title(struct markdown_reader *reader, char *text, char **rest_out,
                                uint32_t *number_out)
{
    uint32_t number = 1;
    char *heading = NULL;

    while (*text == '\n' || (*text != '\0' && markdown_is_blank(text, strcspn(text, "\n")))) {
        text = markdown_next(text);
        number++;
    }
    if (markdown_heading(text, &heading) != 1 ||
        markdown_is_blank(heading, strcspn(heading, "\n"))) {
        report_add(reader->report, REPORT_ERROR, reader->case_file->file,
                   (struct place){number, 1},
                   SAY("a case begins with its title: a line \"# title\""));
        return false;
    }
    *rest_out = markdown_next(text);
    *number_out = number + 1;
    heading[strcspn(heading, "\n")] = '\0';
    if (strlen(heading) > GUIDE_LINE_BYTES_MAX) {
        report_add(reader->report, REPORT_ERROR, reader->case_file->file,
                   (struct place){number, 1},
                   SAY("the title has %zu bytes: at most %d fit, so shorten it"),
                   strlen(heading), GUIDE_LINE_BYTES_MAX);
        return false;
    }
    reader->case_file->title = (struct guide_text){.text = heading, .place = {number, 1}};
    return true;
}

/* The file's name as an id: letters and digits, the rest a dash. */
static const char *markdown_id(struct arena *arena, const char *file)
{
    const char *name = strrchr(file, '/') == NULL ? file : strrchr(file, '/') + 1;
    const char *dot = strrchr(name, '.');
    size_t name_bytes = dot == NULL ? strlen(name) : (size_t)(dot - name);
    char id[GUIDE_ID_BYTES_MAX + 1] = "";
    size_t count = 0;

    for (size_t i = 0; i < name_bytes && count < GUIDE_ID_BYTES_MAX; i++) {
        char letter = name[i];

        letter = (char)(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
        if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) {
            id[count++] = letter;
        } else if (count > 0 && id[count - 1] != '-') {
            id[count++] = '-';
        }
    }
    while (count > 0 && id[count - 1] == '-') {
        count--;
    }
    return count == 0 ? arena_copy(arena, "case", 4) : arena_copy(arena, id, count);
}

/* A copy to cut up, with plain line breaks. */
static char *markdown_copy(struct arena *arena, struct bytes bytes)
{
    char *text = arena_copy(arena, (const char *)bytes.data, bytes.count);
    size_t count = 0;

    for (size_t i = 0; text != NULL && i < bytes.count; i++) {
        if (text[i] == '\r') {
            if (text[i + 1] != '\n') {
                text[count++] = '\n';
            }
        } else {
            text[count++] = text[i];
        }
    }
    if (text != NULL) {
        text[count] = '\0';
    }
    return text;
}

static enum status markdown_fill(struct case_file *case_file, struct bytes bytes,
                                 const struct guide *guide, struct report *report)
{
    uint32_t errors = report_count(report, REPORT_ERROR);
    struct markdown_reader reader = {.case_file = case_file, .guide = guide, .report = report};
    char *text = markdown_copy(case_file->arena, bytes);
    uint32_t number;

    case_file->language = guide->language;
    case_file->id.text = markdown_id(case_file->arena, case_file->file);
    case_file->materials.at =
        arena_alloc(case_file->arena, MARKDOWN_SECTIONS_MAX, sizeof *case_file->materials.at);
    if (text == NULL || case_file->id.text == NULL || case_file->materials.at == NULL) {
        return STATUS_NOMEM;
    }
    if (!markdown_take_title(&reader, text, &reader.body, &number)) {
        return STATUS_MALFORMED;
    }
    reader.body_line = number;
    markdown_take_sections(&reader, reader.body, number);
    if (reader.status != STATUS_OK) {
        return reader.status;
    }
    if (report_count(report, REPORT_ERROR) > errors) {
        return STATUS_MALFORMED;
    }
    reader.status = check_case_alone(case_file, report);
    if (reader.status == STATUS_OK && report_count(report, REPORT_ERROR) > errors) {
        return STATUS_MALFORMED;
    }
    return reader.status;
}

enum status case_read_markdown(struct bytes bytes, const char *file, const struct guide *guide,
                               struct report *report, struct case_file **case_out)
{
    struct case_file *case_file = NULL;
    struct bytes text;
    enum status status = source_check(bytes, file, report, &text);

    if (status != STATUS_OK) {
        return status;
    }
    status = case_create(file, &case_file);
    if (status != STATUS_OK) {
        return status;
    }
    status = markdown_fill(case_file, text, guide, report);
    if (status == STATUS_OK) {
        *case_out = case_file;
        case_file = NULL;
    }
    case_destroy(case_file);
    return status;
}
