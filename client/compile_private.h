/* client/compile_private.h -- what the files of the compiler share; nobody else includes it.
 *
 *   compile.c            texts by number, explanations, the script, and all of it
 *   compile_beginning.c  what stands before the first step, and phases
 *   compile_steps.c      steps */
#ifndef CLIENT_COMPILE_PRIVATE_H
#define CLIENT_COMPILE_PRIVATE_H

#include "client/compile.h"
#include "client/guide/resolve.h"
#include "protocol/content.h"
#include "protocol/script.h"
#include "protocol/writer.h"

enum { LABEL_BYTES_MAX = 80, JOINED_BYTES_MAX = PLAINTEXT_BYTES_MAX };

/* Work in progress. The first error sticks; what follows it does nothing. */
struct builder {
    const struct resolved *resolved;
    struct compiled *compiled;
    struct script script;           /* its lists are owned here */
    const void *sources[TEXTS_MAX]; /* of each text that may be asked for again */
    struct content_text text;       /* the one at hand */
    struct writer writer;
    char labels[CONTENT_PAIRS_MAX][LABEL_BYTES_MAX];
    char joined[JOINED_BYTES_MAX + 1]; /* two texts that become one */
    enum status status;
    const char *what; /* for a message: the step or part it went wrong at */
};

/* NULL: empty. */
struct bytes compile_bytes(const char *text);
/* A fresh builder->text. */
void compile_begin(struct builder *builder, enum text_type type, uint16_t step);
/* Adds builder->text; gives its number. `source`: what it came from, NULL: asked for once. */
uint16_t compile_add(struct builder *builder, const void *source);
/* The text that came from there; 0: none. */
uint16_t compile_find(const struct builder *builder, const void *source);
/* Each gives the text's number, the same when it was added before; 0 for NULL. */
uint16_t compile_titled(struct builder *builder, enum text_type type, uint16_t step,
                        const char *title, const char *text);
/* A list has no title in a guide: it is called by its id, "guiding-questions". */
uint16_t compile_list(struct builder *builder, const char *id, const struct guide_texts *lines);
uint16_t compile_tip(struct builder *builder, uint16_t step, const char *tip);
void compile_lines(struct builder *builder, struct content_lines *lines,
                   const struct guide_texts *texts);

void compile_beginning(struct builder *builder);
/* The number of a phase, which is added when its first step comes. */
uint16_t compile_phase(struct builder *builder, uint32_t index);
void compile_step(struct builder *builder, uint32_t index);

#endif
