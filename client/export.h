/* client/export.h -- the transcript: what this person was allowed to see, as a report a team
 * would want to keep. Pure: from the model to a stream; opens no files, asks nothing.
 *
 * What people said comes first, step by step, in the words of the screen; what they read stands
 * behind it, each text once, under a number that the steps refer to. The numbers and everything
 * that was shared are the same in everybody's transcript; what is only this person's says so.
 *
 * Text of guides is Markdown and stays so, paragraphs of readings numbered (¶4) as on screen.
 * Text of people is plain: whatever they typed, it cannot become a heading, a table, a link or
 * HTML here. */
#ifndef CLIENT_EXPORT_H
#define CLIENT_EXPORT_H

#include <stdio.h>

#include "client/model.h"
#include "common/status.h"

/* Writes the whole transcript as Markdown (CommonMark with tables).
 * Errors: STATUS_NOMEM, STATUS_IO, STATUS_NO_SPACE. */
MUST_CHECK enum status export_markdown(const struct model *model, FILE *out);

#endif
