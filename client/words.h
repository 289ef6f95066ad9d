/* client/words.h -- refusals, roles and states as sentences and words: once for people, in the
 * language of the interface, and once for programs, always the same. */
#ifndef CLIENT_WORDS_H
#define CLIENT_WORDS_H

#include <stdbool.h>

#include "client/model.h"
#include "common/entry.h"
#include "common/status.h"

/* Why something could not be done, as a sentence. Never NULL. */
const char *words_of_status(enum status status);
/* What became of an answer that was saved and never shared. */
const char *words_of_deleted(void);
/* Why an answer was not sent, and what one can do now. Never NULL. */
const char *words_of_not_sent(enum status status);
/* Why the server does not let this device in; creates: it was to make a session. Never NULL. */
const char *words_of_entering(enum status status, bool creates);
/* Why the server closes the connection. Never NULL. */
const char *words_of_closing(enum status status);
/* Why the server cannot keep something just now. Never NULL. */
const char *words_of_server(enum status status);
const char *words_of_role(enum role role); /* "participant" */
const char *words_of_form(enum form form); /* "question" */
const char *words_of_preferred(void);      /* "the guide's choice", of an option */

/* ---- for programs: never translated, never changed. Never NULL ---- */

const char *words_id_of_role(enum role role);                   /* "case-giver" */
const char *words_id_of_form(enum form form);                   /* as guides call it: "form" */
const char *words_id_of_work(enum work work);                   /* "plenary" */
const char *words_id_of_who(enum who who);                      /* "participants" */
const char *words_id_of_sharing(const struct step_plan *plan);  /* as guides: "group-only" */
const char *words_id_of_step(enum step_state state);            /* "unopened" */
const char *words_id_of_session(enum session_state state);      /* "running" */
const char *words_id_of_answer(enum answer_state state);        /* "not-sent" */
const char *words_id_of_standing(enum model_standing standing); /* "lobby" */
const char *words_id_of_kind(enum kind kind);                   /* of an entry: "answer" */
const char *words_id_of_text(enum text_type type);              /* "material" */

#endif
