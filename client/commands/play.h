/* client/commands/play.h -- being in a session: what host, join and open share. The flags that
 * choose a face, the loop, and the way out. */
#ifndef CLIENT_COMMANDS_PLAY_H
#define CLIENT_COMMANDS_PLAY_H

#include "client/commands/command.h"
#include "client/faces/face.h"
#include "client/prepare.h"

struct uv_loop_s;

/* The flags every one of them has. */
#define PLAY_FLAGS                                                                             \
    {"plain", NULL, SAY_LATER("lines of text: for screen readers, slow links and scripts")},   \
        {"json", NULL, SAY_LATER("one JSON object per line, both ways")},                      \
        {"auto", NULL, SAY_LATER("a simulated member, answering from the case's samples")},    \
        {"route", SAY_LATER("ROUTE"), SAY_LATER("the guide's route to play; else the whole")}, \
        {"case", SAY_LATER("CASE"), SAY_LATER("the case: a file, or one of kring's")},         \
        {"pace", SAY_LATER("MS"), SAY_LATER("with --auto: milliseconds between two acts")},    \
    {                                                                                          \
        "people", SAY_LATER("N"), SAY_LATER("with --auto: how many to wait for")               \
    }
#define PLAY_GUIDE_FLAG                                                                        \
    {                                                                                          \
        "guide", SAY_LATER("GUIDE"), SAY_LATER("with --auto: the guide the case belongs to")   \
    }

struct play {
    enum face_kind kind;
    struct uv_loop_s *loop;         /* owned */
    struct local *local;            /* owned */
    struct face *face;              /* owned */
    struct client *client;          /* given to face_run() */
    struct preparation preparation; /* owned; of the guide, if one was named */
    char detail[LOCAL_DETAIL_BYTES_MAX];
};

/* Opens the local store, reads the guide (NULL: none) with the case of the flags, and makes the
 * face that the flags choose. An error was said. Finish it also on an error. */
int play_begin(struct play *play, const struct command *command,
               const struct command_values *values, const char *guide);
/* How client_host(), client_join() or client_open() went, and then being in the session. */
int play_run(struct play *play, enum status status);
void play_finish(struct play *play);

/* A number in a flag, or `otherwise`. False, and said, when it is no number of min to max. */
bool play_number(const struct command *command, const struct command_values *values,
                 const char *flag, uint32_t min, uint32_t max, uint32_t otherwise,
                 uint32_t *number_out);

#endif
