/* client/faces/face.h -- a face: how one person, or a program in their place, sees one session
 * and acts in it. All faces stand on the same table of intents (client/intent.h) and the same
 * model (client/model.h); they differ in how they listen and how they speak.
 *
 *   plain   lines of text both ways, no screen control; a terminal or a pipe
 *   json    one JSON object per line both ways, for tests and scripts
 *   auto    nobody: a simulated member that acts by itself
 *
 * Used by commands so:
 *
 *   face_create(&options, &face);
 *   client_join(options.loop, local, face_client(face), ...);   or client_host, client_open
 *   code = face_run(face, client);       runs the loop; closes the client
 *   face_destroy(face);
 *
 * A face never opens sockets or files. It restores the terminal on every way out, and keeps
 * what is being typed as a draft when it is told to end (SIGHUP, SIGTERM, a terminal that is
 * gone). */
#ifndef CLIENT_FACES_FACE_H
#define CLIENT_FACES_FACE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "client/client.h"
#include "common/status.h"

struct uv_loop_s;
struct face; /* opaque */

enum {
    FACE_LINE_BYTES_MAX = 64 * 1024, /* of one line of input, without its end */
    FACE_LEAVE_MS_MAX = 10000,       /* how long what was said may take to be acknowledged */
};

enum face_kind { FACE_PLAIN, FACE_JSON, FACE_AUTO };
enum { FACE_KIND_COUNT = 3 };

/* What a simulated member says. */
struct face_samples {
    void *context;
    /* The n-th text for this step, n from 0 and without end (a case repeats its own); NULL:
     * there is none, and the face says something of its own. Borrowed until the next call. */
    const char *(*text)(void *context, uint16_t step, uint16_t n);
};

struct face_options {
    enum face_kind kind;
    struct uv_loop_s *loop;
    int input; /* a descriptor: terminal, pipe, socket or file; -1: none. auto reads none */
    FILE *out; /* everything it says; auto: what it does, in short lines */

    /* auto only */
    uint32_t pace_ms;            /* between two things it does; 0: at once */
    uint16_t people;             /* facilitator: begins when so many are in, itself included */
    struct face_samples samples; /* text NULL: none */
};

/* Copies the options. Ignores SIGPIPE. Errors: STATUS_NOMEM, STATUS_IO. */
MUST_CHECK enum status face_create(const struct face_options *options, struct face **face_out);
/* After face_run(), or when no client came to be. NULL is fine. */
void face_destroy(struct face *face);

/* What client_host(), client_join() and client_open() are given. */
const struct client_face *face_client(struct face *face);

/* Runs the loop until this person leaves, is removed or was turned away, or the session ends
 * for a face that has nothing left to do; then says goodbye, closes `client` and returns an
 * exit code (sysexits.h): EX_OK; EX_NOPERM: the server does not take this invite or ticket, or
 * they were removed; EX_UNAVAILABLE: the server has no such session for somebody who was never
 * in it, or (auto only) refused for good; EX_PROTOCOL: the server is not believed any more
 * (auto only, people may go on reading); EX_IOERR: standard input or output failed;
 * EX_TEMPFAIL: not all that was said could be sent in time: it is kept, and sent the next time.
 */
int face_run(struct face *face, struct client *client);

/* ---- for commands, before or instead of a face ---- */

/* Asks for one line: prints the question and reads no byte beyond the line's end, so that a
 * face may read on. False: input ended, or the line did not fit. */
bool face_ask(int input, FILE *out, const char *question, char *line, size_t size);

/* Says what failed, in the manner of this face: a sentence, or {"event":"failed", ...}. */
void face_fail(enum face_kind kind, FILE *out, enum status status, const char *text);

/* `kring help plain`, `kring help json`: every command and event, from the tables. */
void faces_help_plain(FILE *out);
void faces_help_json(FILE *out);

#endif
