#include "client/letters.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/say.h"
#include "client/words.h"
#include "common/machine/file.h"

enum { PATH_BYTES_MAX = 4096, LABEL_BYTES_MAX = 40 };

/* A new file that only its owner can read; never one that was there. */
static enum status create(const struct letters *letters, const char *name, char *path,
                          size_t size, FILE **file_out)
{
    int written = snprintf(path, size, "%s/%s", letters->folder, name);
    int descriptor;

    if (written < 0 || (size_t)written >= size) {
        return STATUS_NOT_FOUND;
    }
    if (mkdir(letters->folder, 0700) != 0 && errno != EEXIST) {
        return file_status(errno);
    }
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return file_status(errno);
    }
    *file_out = fdopen(descriptor, "w");
    if (*file_out == NULL) {
        (void)close(descriptor);
        return STATUS_NOMEM;
    }
    return STATUS_OK;
}

enum status letters_settle(const struct letters *letters)
{
    char above[PATH_BYTES_MAX];
    int written = snprintf(above, sizeof above, "%s/..", letters->folder);
    enum status status = file_status(file_sync_directory(letters->folder));

    if (status == STATUS_OK && (written < 0 || (size_t)written >= sizeof above)) {
        status = STATUS_NOT_FOUND;
    }
    return status == STATUS_OK ? file_status(file_sync_directory(above)) : status;
}

/* A letter that is not whole is no letter: what failed is taken away again. */
static enum status finish(FILE *file, const char *path)
{
    int error = 0;

    if (fflush(file) != 0 || fsync(fileno(file)) != 0) {
        error = errno;
    }
    if (fclose(file) != 0 && error == 0) {
        error = errno;
    }
    if (error != 0) {
        (void)unlink(path);
        return file_status(error);
    }
    return STATUS_OK;
}

enum status letters_write_sheet(const struct letters *letters, const char *link, char *path_out,
                                size_t size)
{
    FILE *file = NULL;
    enum status status = create(letters, "recovery-sheet.txt", path_out, size, &file);

    if (status != STATUS_OK) {
        return status;
    }
    (void)fprintf(file, SAY("RECOVERY SHEET\n\nSession: %s\n\n"), letters->title);
    (void)fputs(
        SAY("Print this, keep it where you keep things under lock, and delete the file.\n"
            "Nothing else has this link: not the server, not your device.\n\n"
            "With it somebody can take the session over as facilitator when your device\n"
            "is lost or broken. This version of kring cannot do so yet; a later one can.\n"
            "Whoever finds it can do the same, and everyone in the session would see that\n"
            "it happened. It can be used once.\n\n"),
        file);
    (void)fprintf(file, "%s\n", link);
    return finish(file, path_out);
}

/* Whatever a name holds, the file's name holds letters, digits and dashes. */
static void plain_name(const char *label, char *out, size_t size)
{
    size_t used = 0;

    for (const char *at = label; *at != '\0' && used + 1 < size; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9');

        if (plain) {
            out[used++] = *at;
        } else if (used > 0 && out[used - 1] != '-') {
            out[used++] = '-';
        }
    }
    out[used] = '\0';
}

enum status letters_write_invite(const struct letters *letters, uint16_t number, enum role role,
                                 const char *label, const char *link)
{
    char name[LABEL_BYTES_MAX + 32];
    char word[LABEL_BYTES_MAX];
    char path[PATH_BYTES_MAX];
    FILE *file = NULL;
    enum status status;

    plain_name(label != NULL && label[0] != '\0' ? label : words_id_of_role(role), word,
               sizeof word);
    (void)snprintf(name, sizeof name, "invite-%02u-%s.txt", (unsigned)number, word);
    status = create(letters, name, path, sizeof path, &file);
    if (status != STATUS_OK) {
        return status;
    }
    (void)fprintf(file, SAY("%s invites you to a case discussion: %s\nYour role: %s\n\n"),
                  letters->from, letters->title, words_of_role(role));
    (void)fputs(SAY("To join, type in a terminal:\n\n    kring join\n\n"
                    "and paste this link when it asks for it, whole:\n\n"),
                file);
    (void)fprintf(file, "%s\n\n", link);
    (void)fputs(
        SAY("Does your machine not know kring, or do you not know where to type? Then ask\n"
            "the facilitator to help you get kring on your machine.\n\n"
            "You can join today, to see that it works: you will wait in the lobby,\n"
            "with a field to practise in, until the facilitator lets you in. The link is\n"
            "yours: pass it on to nobody. If it does not work, ask the facilitator for\n"
            "another one.\n\n"
            "What you write stays hidden from everyone until the facilitator shares all\n"
            "answers at once. Above every field you can read who will see it. The server\n"
            "keeps what you write, and cannot read it.\n"),
        file);
    return finish(file, path);
}
