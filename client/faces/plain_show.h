/* client/faces/plain_show.h -- what the plain face prints of the model: sentences and short
 * paragraphs, one thing below the other, in an order that makes sense when read aloud. Pure
 * functions of the model onto a FILE; nothing is drawn, marked or moved. */
#ifndef CLIENT_FACES_PLAIN_SHOW_H
#define CLIENT_FACES_PLAIN_SHOW_H

#include <stdint.h>
#include <stdio.h>

#include "client/model.h"

enum { SHOW_CLOCK_BYTES = 8, SHOW_NAME_BYTES = 400 };

/* Guide's text (Markdown) and people's text (plain), every line after `indent`. */
void show_prose(FILE *out, const char *md, const char *indent);
void show_text(FILE *out, const char *text, const char *indent);
/* A line of a list. */
void show_item(FILE *out, const char *text);

/* "14:02", local time. */
void show_clock(uint64_t time_ms, char out[SHOW_CLOCK_BYTES]);
/* "step 4, question 3: Roles and expectations" */
void show_step_name(const struct model_step *step, char out[SHOW_NAME_BYTES]);
/* "open", "closed", "shared", "skipped", "not opened yet" */
const char *show_state_word(enum step_state state);

/* What a text is called. */
const char *show_title(const struct model_text *text);
/* The texts of an answer under the names of their fields. */
void show_fields(FILE *out, const struct model_step *step, const char *const *fields,
                 uint16_t count, const char *indent);

/* Everything that is asked at a step, and before anything is typed who will see it. */
void show_step(FILE *out, const struct model *model, const struct model_step *step);
/* The same where a phase begins: its goal and attention points before it. */
void show_first_step(FILE *out, const struct model *model, const struct model_step *step);
/* Title, goal, attention points. */
void show_phase(FILE *out, const struct model_phase *phase);
/* All that is read at a step, or one paragraph of a text (0: all), numbered. */
void show_reading(FILE *out, const struct model_text *text, uint16_t paragraph);
/* One's own answer and its state. */
void show_mine(FILE *out, const struct model_step *step);
/* What was released: by person or by option, conclusion, reports; and that the guide's own
 * words on it can be read. */
void show_shared(FILE *out, const struct model *model, const struct model_step *step);
/* Those words: what follows from each option, one's own first, and the explanation. */
void show_explanation(FILE *out, const struct model_step *step);
/* "Answered at step 3: 3 of 6, still writing: 2"; nothing where nobody is asked anything. */
void show_counts(FILE *out, const struct model_step *step);
/* To facilitators: names. */
void show_who(FILE *out, const struct model_step *step);

/* What is asked of this person now. */
void show_asked(FILE *out, const struct model *model);
/* Where one was, on coming back, before the server has been reached. */
void show_return(FILE *out, const struct model *model, uint64_t now_ms);

/* Registered, and waiting to be let in: what that means, and what one can do meanwhile. */
void show_lobby(FILE *out, const struct model *model);
/* Let in: guide, role, what is agreed. */
void show_arrival(FILE *out, const struct model *model);
/* That somebody else has one's name, where that is so. */
void show_namesake(FILE *out, const struct model *model);
/* What everyone agrees to, while this person has not. */
void show_gate(FILE *out, const struct model *model);
/* To facilitators: who is not there yet. */
void show_missing(FILE *out, const struct model *model);
void show_people(FILE *out, const struct model *model);
void show_where(FILE *out, const struct model *model, uint64_t now_ms);
void show_overview(FILE *out, const struct model *model);
void show_attention(FILE *out, const struct model *model);
void show_concepts(FILE *out, const struct model *model);
void show_texts(FILE *out, const struct model *model);
void show_messages(FILE *out, const struct model *model);
void show_jottings(FILE *out, const struct model *model);
void show_parked(FILE *out, const struct model *model);
void show_tips(FILE *out, const struct model *model, const struct model_step *step);

#endif
