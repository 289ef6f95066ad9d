/* client/guide/check.h -- the rules between the parts of a guide, and between guide and case.
 *
 * What a file may hold by itself (keys, types, lengths) is shape.h's; here it is about names
 * that must lead somewhere, combinations that cannot be played, and what a case lacks. What
 * this accepts never fails in a session. Findings go into the report; nothing is printed. */
#ifndef CLIENT_GUIDE_CHECK_H
#define CLIENT_GUIDE_CHECK_H

#include "client/guide/case.h"
#include "client/guide/guide.h"
#include "client/guide/report.h"

/* Of a guide alone; guide_read() has called it already. Errors: STATUS_NOMEM only. */
MUST_CHECK enum status check_guide(const struct guide *guide, struct report *report);

/* Of a case alone, without knowing any guide; case_read() has called it already.
 * Errors: STATUS_NOMEM only. */
MUST_CHECK enum status check_case_alone(const struct case_file *case_file,
                                        struct report *report);

/* Of a case against the guide it is to be played with: unknown step ids are errors, names no
 * step asks for are warnings, and what the case lacks is listed as notes on the guide's file.
 * Errors: STATUS_NOMEM only. */
MUST_CHECK enum status check_case(const struct guide *guide, const struct case_file *case_file,
                                  struct report *report);

/* Of one choice: two options that read the same cannot be told apart in the tally; and the
 * wording with all options is one text of the session. file is where findings point. */
void check_choice(const struct guide_choice *choice, const char *file, struct report *report);

enum { CHECK_FILES_MAX = 64 };

/* `kring check`: reads every file, finds out what each is, and holds every case against every
 * guide among them. Says the minutes of each guide as a note.
 * Errors: STATUS_NOT_FOUND or STATUS_IO when a file could not be read, STATUS_MALFORMED when
 * report has another error afterwards, STATUS_TOO_LONG for more than CHECK_FILES_MAX files,
 * STATUS_NOMEM. */
MUST_CHECK enum status check_files(const char *const *paths, size_t count,
                                   struct report *report);

#endif
