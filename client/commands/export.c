/* kring export: one's own transcript, from what this device holds. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "client/commands/command.h"
#include "client/export.h"
#include "client/say.h"
#include "client/words.h"
#include "common/secret.h"

/* Reading a session back needs nothing of the network. */
static void ignore_message(void *context, struct bytes message)
{
    (void)context;
    (void)message;
}

static void ignore_record(void *context, enum record_kind kind, struct bytes key,
                          struct bytes value)
{
    (void)context;
    (void)kind;
    (void)key;
    (void)value;
}

static void ignore_entry(void *context, enum stream stream, uint64_t index, uint64_t time_ms,
                         struct bytes entry)
{
    (void)context;
    (void)stream;
    (void)index;
    (void)time_ms;
    (void)entry;
}

static void ignore_erase(void *context)
{
    (void)context;
}

static void ignore_news(void *context, const struct news *news)
{
    (void)context;
    (void)news;
}

static enum status create_member(const struct local_seat *seat, struct member **member_out)
{
    struct member_options options = {
        .driver = {.send = ignore_message,
                   .keep_record = ignore_record,
                   .keep_entry = ignore_entry,
                   .erase = ignore_erase,
                   .news = ignore_news},
        .entropy = entropy_system(),
    };
    enum status status;

    memcpy(options.seed, seat->seed, sizeof options.seed);
    memcpy(options.session, seat->session, sizeof options.session);
    status = member_create(&options, member_out);
    secret_wipe(&options, sizeof options);
    return status;
}

/* The session may be open in another window: what it keeps meanwhile waits this moment, so that
 * records and entries are read as they belong together. */
static enum status restore(struct local *local, const struct local_seat *seat,
                           struct member *member)
{
    enum status status = local_begin(local);
    enum status ended;

    if (status != STATUS_OK) {
        return status;
    }
    status = local_restore(local, seat->session, member);
    ended = local_end(local);
    return status != STATUS_OK ? status : ended;
}

/* A new file that nobody else has open: what stood there may be another's, or open to others.
 */
static FILE *create(const char *path)
{
    FILE *out;
    int file;

    (void)unlink(path);
    file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    out = file < 0 ? NULL : fdopen(file, "w");
    if (out == NULL && file >= 0) {
        (void)close(file);
        (void)unlink(path);
    }
    return out;
}

/* Writes it, whole and on the disk, and closes. */
static enum status fill(FILE *out, const struct model *model)
{
    enum status status = export_markdown(model, out);

    if (status == STATUS_OK && fsync(fileno(out)) != 0) {
        status = errno == ENOSPC ? STATUS_NO_SPACE : STATUS_IO;
    }
    if (fclose(out) != 0 && status == STATUS_OK) {
        status = errno == ENOSPC ? STATUS_NO_SPACE : STATUS_IO;
    }
    return status;
}

static int fail_exists(const char *path)
{
    return command_fail(EX_CANTCREAT,
                        SAY("%s exists already, and nothing was written; --output names "
                            "another file, --replace writes over this one"),
                        path);
}

/* Gives what was written its name. Without `replace` nothing may stand there, also not since we
 * looked: a link is made or not. */
static int put_in_place(const char *partial, const char *path, bool replace)
{
    struct stat there;

    if (!replace && link(partial, path) == 0) {
        (void)unlink(partial);
        return EX_OK;
    }
    if (!replace && (errno == EEXIST || lstat(path, &there) == 0)) {
        return fail_exists(path);
    }
    if (rename(partial, path) != 0) { /* a file system without links, or asked for */
        return command_fail(EX_IOERR, SAY("cannot write %s: %s"), path, strerror(errno));
    }
    return EX_OK;
}

/* The file holds a case: it is for its owner's eyes (0600), and never half written. */
static int write_file(const struct model *model, const char *path, bool replace)
{
    size_t length = strlen(path);
    char *partial = malloc(length + sizeof ".part");
    FILE *out = NULL;
    int code = EX_OK;
    enum status status;

    if (partial == NULL) {
        return EX_OSERR;
    }
    memcpy(partial, path, length);
    memcpy(partial + length, ".part", sizeof ".part");
    out = create(partial);
    if (out == NULL) {
        code = command_fail(EX_CANTCREAT, SAY("cannot write %s: %s"), partial, strerror(errno));
        goto out;
    }
    status = fill(out, model);
    if (status != STATUS_OK) {
        code = command_fail(command_exit(status), SAY("cannot write %s: %s"), path,
                            status == STATUS_NO_SPACE ? SAY("the disk is full")
                                                      : words_of_status(status));
    } else {
        code = put_in_place(partial, path, replace);
    }
    if (code != EX_OK) {
        (void)unlink(partial);
    }
out:
    free(partial);
    return code;
}

/* Looks before anything is made: what stands there must be a file, and may be written over. */
static int look_at(const char *path, bool replace, bool *there_out)
{
    struct stat there;

    *there_out = lstat(path, &there) == 0;
    if (!*there_out) {
        return EX_OK;
    }
    if (!replace) {
        return fail_exists(path);
    }
    if (!S_ISREG(there.st_mode)) {
        return command_fail(EX_CANTCREAT, SAY("%s is no file; nothing was written"), path);
    }
    return EX_OK;
}

static int write_out(const struct model *model)
{
    enum status status = export_markdown(model, stdout);

    if (status != STATUS_OK) {
        return command_fail(command_exit(status), SAY("cannot write the transcript: %s"),
                            status == STATUS_NO_SPACE ? SAY("the disk is full")
                                                      : strerror(errno));
    }
    return EX_OK;
}

static int write_transcript(const struct command *command, const struct command_values *values,
                            const struct model *model)
{
    const char *path = command_flag(command, values, "output");
    bool replace = command_flag(command, values, "replace") != NULL;
    bool there = false;
    char name[64];
    int code;

    if (path != NULL && strcmp(path, "-") == 0) {
        return write_out(model);
    }
    if (path == NULL) {
        (void)snprintf(name, sizeof name, "kring-%02x%02x%02x%02x.md", model->session[0],
                       model->session[1], model->session[2], model->session[3]);
        path = name;
    }
    code = look_at(path, replace, &there);
    if (code == EX_OK) {
        code = write_file(model, path, replace);
    }
    if (code != EX_OK) {
        return code;
    }
    (void)printf(SAY("Your transcript: %s\n"), path);
    if (there) {
        (void)printf("%s\n", SAY("It stands in the place of the file that was there."));
    }
    (void)printf("%s\n",
                 SAY("It holds confidential text; keep it where only you can read it."));
    return EX_OK;
}

static int run(const struct command *command, const struct command_values *values)
{
    const char *format = command_flag(command, values, "format");
    const struct model *model;
    struct local *local = NULL;
    struct local_seat seat;
    struct member *member = NULL;
    enum status status;
    int code;

    if (format != NULL && strcmp(format, "md") != 0) {
        return command_fail(EX_USAGE, SAY("\"%s\" is no format that this kring writes: md"),
                            format);
    }
    code = command_local(&local);
    if (code != EX_OK) {
        return code;
    }
    code = command_session(local, values->word_count > 0 ? values->words[0] : NULL, &seat);
    if (code != EX_OK) {
        goto out;
    }
    if (seat.purged) {
        code = command_fail(EX_UNAVAILABLE,
                            SAY("this session was deleted; nothing of it is left here"));
        goto out;
    }
    status = create_member(&seat, &member);
    if (status == STATUS_OK) {
        status = restore(local, &seat, member);
    }
    if (status == STATUS_BUSY) {
        code = command_fail(EX_TEMPFAIL,
                            SAY("this session is being written to just now; try again in a "
                                "moment"));
        goto out;
    }
    model = status == STATUS_OK ? member_model(member) : NULL;
    if (model == NULL) {
        code = command_fail(command_exit(status), "%s", words_of_status(status));
        goto out;
    }
    code = write_transcript(command, values, model);
out:
    member_destroy(member);
    secret_wipe(&seat, sizeof seat);
    local_close(local);
    return code;
}

const struct command command_export = {
    .name = "export",
    .words = "[SESSION]",
    .help = SAY_LATER("writes your own transcript of a session to a file"),
    .words_max = 1,
    .flags = {{"output", SAY_LATER("FILE"), SAY_LATER("where to; - for standard output")},
              {"replace", NULL, SAY_LATER("writes over a file that stands there")},
              {"format", SAY_LATER("md"), SAY_LATER("Markdown, the only one so far")}},
    .run = run,
};
