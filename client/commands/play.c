#include "client/commands/play.h"

#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>
#include <uv.h>

#include "client/guide/report.h"
#include "client/say.h"
#include "client/words.h"

bool play_number(const struct command *command, const struct command_values *values,
                 const char *flag, uint32_t min, uint32_t max, uint32_t otherwise,
                 uint32_t *number_out)
{
    const char *text = command_flag(command, values, flag);
    char *end = NULL;
    unsigned long number;

    if (text == NULL) {
        *number_out = otherwise;
        return true;
    }
    number = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
    if (end == NULL || *end != '\0' || number < min || number > max) {
        (void)command_fail(EX_USAGE, SAY("--%s wants a number from %u to %u, not \"%s\""), flag,
                           (unsigned)min, (unsigned)max, text);
        return false;
    }
    *number_out = (uint32_t)number;
    return true;
}

static int choose_face(const struct command *command, const struct command_values *values,
                       enum face_kind *kind_out)
{
    bool plain = command_flag(command, values, "plain") != NULL;
    bool json = command_flag(command, values, "json") != NULL;
    bool simulated = command_flag(command, values, "auto") != NULL;

    if (plain + json + simulated > 1) {
        return command_fail(EX_USAGE, SAY("--plain, --json and --auto exclude each other"));
    }
    *kind_out = json ? FACE_JSON : simulated ? FACE_AUTO : FACE_PLAIN;
    return EX_OK;
}

/* ---- what a simulated member says ---- */

static const char *sample_text(void *context, uint16_t step, uint16_t n)
{
    const struct play *play = context;
    const struct compiled *compiled = play->preparation.compiled;
    const struct case_file *case_file = play->preparation.case_file;
    const struct case_sample *sample = NULL;

    for (uint16_t i = 0; case_file != NULL && i < compiled->step_count; i++) {
        if (compiled->steps[i].step == step) {
            sample = case_find_sample(case_file, compiled->step_ids[i]);
        }
    }
    return sample == NULL || sample->texts.count == 0
               ? NULL
               : sample->texts.at[n % sample->texts.count].text;
}

static int prepare(struct play *play, const char *guide, const char *case_name,
                   const char *route)
{
    enum status status = prepare_session(guide, case_name, route, &play->preparation);
    int code;

    if (status == STATUS_OK) {
        return EX_OK;
    }
    if (play->preparation.report != NULL) {
        report_print(play->preparation.report, stderr);
    }
    code = command_exit(status);
    return command_fail(code, SAY("\"%s\" cannot be played: see above"), guide);
}

int play_begin(struct play *play, const struct command *command,
               const struct command_values *values, const char *guide)
{
    struct face_options options = {.input = STDIN_FILENO, .out = stdout};
    uint32_t people;
    int code;

    *play = (struct play){.kind = FACE_PLAIN};
    code = choose_face(command, values, &play->kind);
    if (code != EX_OK) {
        return code;
    }
    if (!play_number(command, values, "pace", 0, 600000, 0, &options.pace_ms) ||
        !play_number(command, values, "people", 1, MEMBERS_MAX, 1, &people)) {
        return EX_USAGE;
    }
    if (guide != NULL) {
        code = prepare(play, guide, command_flag(command, values, "case"),
                       command_flag(command, values, "route"));
        if (code != EX_OK) {
            return code;
        }
    }
    if (play->kind == FACE_AUTO) {
        options.input = -1;
        options.samples =
            (struct face_samples){.context = play, .text = guide != NULL ? sample_text : NULL};
    }
    code = command_local(&play->local);
    if (code != EX_OK) {
        return code;
    }
    play->loop = malloc(sizeof *play->loop);
    if (play->loop == NULL || uv_loop_init(play->loop) != 0) {
        free(play->loop);
        play->loop = NULL;
        return EX_OSERR;
    }
    options.kind = play->kind;
    options.loop = play->loop;
    options.people = (uint16_t)people;
    return command_exit(face_create(&options, &play->face));
}

int play_run(struct play *play, enum status status)
{
    if (status != STATUS_OK) {
        face_fail(play->kind, play->kind == FACE_JSON ? stdout : stderr, status,
                  play->detail[0] != '\0' ? play->detail : words_of_status(status));
        return command_exit(status);
    }
    return face_run(play->face, play->client);
}

/* What closes does so in callbacks, and the resolver's thread answers when it will: both are
 * waited for. What was never closed would keep it from ending. */
static void close_loop(struct uv_loop_s *loop)
{
    while (uv_run(loop, UV_RUN_DEFAULT) != 0) {
    }
    (void)uv_loop_close(loop);
}

void play_finish(struct play *play)
{
    if (play->loop != NULL) {
        close_loop(play->loop); /* first: its last callbacks still speak to the face */
        free(play->loop);
    }
    face_destroy(play->face);
    local_close(play->local);
    prepare_finish(&play->preparation);
}
