/* client/guide/case.h -- a case: the texts that a guide's steps ask for.
 *
 * Two ways to write one: YAML, with everything, or one Markdown file with a heading per
 * portion, for a team's own case. Both give the same struct. Read-only afterwards; all memory
 * is the case's arena. */
#ifndef CLIENT_GUIDE_CASE_H
#define CLIENT_GUIDE_CASE_H

#include "client/guide/guide.h"

enum { CASE_PEOPLE_MAX = 26, CASE_SAMPLES_MAX = 64 };

struct case_person {
    struct guide_text id;
    struct guide_text name;
    struct guide_text about;
    struct guide_text group; /* such as family; the professional is outside it */
};

struct case_people {
    struct case_person *at;
    uint32_t count;
    struct place place;
};

struct case_sample {
    struct guide_text step; /* a step's id */
    struct guide_texts texts;
};

struct case_samples {
    struct case_sample *at;
    uint32_t count;
    struct place place;
};

struct case_file {
    struct arena *arena; /* owned, with everything below */
    const char *file;    /* as findings name it */
    struct guide_text id;
    enum guide_language language;
    struct guide_text title;
    struct guide_text summary;
    struct case_people people;
    struct guide_slots materials;
    struct guide_choices choices;
    struct guide_slots explanations;
    struct case_samples samples; /* what simulated members answer */
};

/* Reads a case in YAML and checks it by itself; check_case() then holds it against a guide.
 * file is the name for findings. The caller owns *case_out: case_destroy(); NULL is fine there.
 * Errors: STATUS_MALFORMED, STATUS_TOO_LONG, with findings in report; STATUS_NOMEM. */
MUST_CHECK enum status case_read(struct bytes bytes, const char *file, struct report *report,
                                 struct case_file **case_out);
void case_destroy(struct case_file *case_file);

/* Reads a case in Markdown, whose headings name portions of guide:
 *
 *   # title
 *   ## title of a read step, or its slot     (the first heading after the title sets the
 *   text, in which deeper headings may stand  level of those that name portions)
 *   ## People                                (or Personen, Betrokkenen)
 *   - name: about
 *
 * A portion that holds nothing but a quotation counts as left empty; the step's question,
 * quoted above an answer, is taken out. Id from the file's name, language from the guide.
 * Errors: as case_read(). */
MUST_CHECK enum status case_read_markdown(struct bytes bytes, const char *file,
                                          const struct guide *guide, struct report *report,
                                          struct case_file **case_out);

/* From a path: Markdown when it ends in .md, else YAML. guide may be NULL for YAML.
 * Errors: those and STATUS_NOT_FOUND, STATUS_IO; STATUS_USAGE with a finding for Markdown
 * without a guide. */
MUST_CHECK enum status case_load(const char *path, const struct guide *guide,
                                 struct report *report, struct case_file **case_out);

/* Does the name end in .md or .markdown? */
bool case_is_markdown(const char *path);

const struct case_sample *case_find_sample(const struct case_file *case_file,
                                           const char *step_id);

/* For those who fill one in: an empty case that names file and owns an arena. */
MUST_CHECK enum status case_create(const char *file, struct case_file **case_out);

#endif
