/* client/export_private.h -- what the files that write a transcript share; nobody else includes
 * it.
 *
 *   export.c          the whole, its phases, what was promised and agreed
 *   export_head.c     the head, and who was there
 *   export_step.c     a step: what was asked, answered and concluded
 *   export_note.c     the plenary note and the observer's report
 *   export_said.c     remarks, messages, notes to oneself
 *   export_reading.c  what was read: numbered as it came up, in full behind everything else
 *   export_text.c     headings, times, names, Markdown of guides */
#ifndef CLIENT_EXPORT_PRIVATE_H
#define CLIENT_EXPORT_PRIVATE_H

#include <stdbool.h>
#include <stdio.h>

#include "client/model.h"
#include "common/status.h"

/* Something that was read: a text, or what a step itself brought. */
struct export_reading {
    const struct model_text *text; /* NULL: of the step */
    const struct model_step *step; /* NULL: a text */
    bool consequences;             /* of the step's choice; else what it gave to read */
};

struct transcript {
    FILE *out;
    const struct model *model;
    enum status status; /* the first that went wrong; writing goes on */
    uint64_t began_ms;  /* the first step opened; else the session was made */
    size_t reading_count;
    struct export_reading *readings; /* owned; number n stands at n - 1 */
};

/* ---- small pieces ---- */

void export_heading(struct transcript *transcript, int depth, const char *title);
void export_trouble(struct transcript *transcript, const char *trouble);
/* "12:31", with the day before it when that is another than the session's. */
void export_time(struct transcript *transcript, uint64_t time_ms);
void export_day(struct transcript *transcript, uint64_t time_ms);
/* Who it is; with the number when another one bears the same name. 0: no member; then `name`.
 */
void export_name(struct transcript *transcript, uint16_t member, const char *name);
/* " (the guide's choice)" where the option is that; else nothing. */
void export_preferred(struct transcript *transcript, const struct model_option *option);
/* What somebody typed, as a quotation, and a blank line. */
void export_quote(struct transcript *transcript, const char *text);

/* Markdown of a guide or case in blocks, with the paragraph numbers people pointed at where it
 * is `numbered`. A first heading that says what `title` says is left out; NULL: any. */
void export_prose(struct transcript *transcript, const char *md, const char *title,
                  bool numbered);
/* The heading it begins with, on one line; false: with none. */
bool export_prose_title(struct transcript *transcript, const char *md);
/* All its words on one line. */
void export_prose_line(struct transcript *transcript, const char *md);

/* ---- parts ---- */

void export_head(struct transcript *transcript);

/* Was it ever opened? Else nobody knows of it. */
bool export_was_opened(const struct model_step *step);
/* "Step 11 . choice 4: Leave or ask on" */
void export_step_name(struct transcript *transcript, const struct model_step *step);
void export_step(struct transcript *transcript, const struct model_step *step);
void export_notes(struct transcript *transcript, const struct model_step *step);
void export_reports(struct transcript *transcript, const struct model_step *step);

/* Numbers what was read. The caller frees transcript->readings. */
void export_readings_gather(struct transcript *transcript);
/* " (text 3)"; nothing when it is no reading. */
void export_readings_of_read(struct transcript *transcript, const struct model_step *step);
/* What is read before answering, and what came after. */
void export_readings_before(struct transcript *transcript, const struct model_step *step);
void export_readings_after(struct transcript *transcript, const struct model_step *step);
bool export_is_read_apart(const struct model_step *step); /* its own text is a reading */
void export_readings(struct transcript *transcript);

void export_parked(struct transcript *transcript);
void export_stray_reports(struct transcript *transcript);
void export_own_things(struct transcript *transcript);

#endif
