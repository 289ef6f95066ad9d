/* client/model_private.h -- what the files that build a model share; nobody else includes it.
 *
 *   model.c         finding in it; building it, first to last
 *   model_people.c  members, names, what is missing
 *   model_names.c   telling people with the same name apart
 *   model_texts.c   texts: welcome, phases, prompts, materials
 *   model_steps.c   steps: answers, tallies, notes, own answers
 *   model_said.c    reports, messages, parked remarks, agreements, jottings */
#ifndef CLIENT_MODEL_PRIVATE_H
#define CLIENT_MODEL_PRIVATE_H

#include "client/guide/arena.h"
#include "client/model.h"
#include "protocol/script.h"

enum { MODEL_BYTES_MAX = 256 * 1024 * 1024 };

struct build {
    const struct model_sources *sources;
    const struct replica *replica;
    const struct session *session;
    struct model *model;
    struct content_text *text; /* the one at hand; large */
    const char **names;        /* by member number */
    uint16_t *step_positions;  /* by step number; 0: none, else position */
    bool failed;               /* no memory */
};

/* Zeroed; failed is set when there is no memory, and then a static empty string or NULL. */
void *build_alloc(struct build *build, size_t count, size_t size);
/* A clean copy: no control characters but line feeds and tabs, nothing that turns the direction
 * of text; never NULL. */
const char *build_copy(struct build *build, struct bytes text);
/* The same on one line, for names and titles: they stand beside the screen's own words, and a
 * line break in them would begin a line that looks like one of those. */
const char *build_line(struct build *build, struct bytes text);
const char *build_name(const struct build *build, uint16_t member);
/* "unreadable, by X" when the body cannot be read; NULL when it can. */
const char *build_trouble(struct build *build, const struct replica_entry *entry);
/* The strings of a readable body; false, and *trouble_out set, otherwise. */
bool build_strings(struct build *build, const struct replica_entry *entry,
                   struct content_strings *strings_out, const char **trouble_out);
struct model_step *build_step(struct build *build, uint16_t number); /* NULL: none */

void build_people(struct build *build);
void build_namesakes(struct build *build); /* names become those shown */
void build_missing(struct build *build);
void build_texts(struct build *build);
void build_steps(struct build *build);     /* before texts: plans and states */
void build_step_work(struct build *build); /* after texts: answers, notes, own */
void build_said(struct build *build);

#endif
