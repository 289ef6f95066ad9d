/* kring sessions: the sessions this device knows. */
#include <sysexits.h>
#include <time.h>

#include "client/commands/command.h"
#include "client/say.h"
#include "client/words.h"

static void print_seat(FILE *out, const struct local_seat *seat)
{
    char date[16] = "-";
    time_t seconds = (time_t)(seat->retention_ms / 1000);
    struct tm tm;

    if (seat->retention_ms > 0 && localtime_r(&seconds, &tm) != NULL) {
        (void)strftime(date, sizeof date, "%Y-%m-%d", &tm);
    }
    for (size_t i = 0; i < 4; i++) {
        (void)fprintf(out, "%02x", seat->session[i]);
    }
    (void)fprintf(out, "  %-12s %-10s  %s%s\n", words_of_role(seat->role), date,
                  seat->title[0] != '\0' ? seat->title : SAY("(not let in yet)"),
                  seat->purged ? SAY(" (deleted)") : "");
}

void command_print_seats(FILE *out, const struct local_seat *seats, size_t count)
{
    (void)fprintf(out, "%-8s  %-12s %-10s  %s\n", SAY("number"), SAY("role"), SAY("kept until"),
                  SAY("session"));
    for (size_t i = 0; i < count; i++) {
        print_seat(out, &seats[i]);
    }
}

static int run(const struct command *command, const struct command_values *values)
{
    struct local *local = NULL;
    struct local_seat *seats = NULL;
    size_t count = 0;
    int code = command_local(&local);
    enum status status;

    (void)command;
    (void)values;
    if (code != EX_OK) {
        return code;
    }
    status = local_seats(local, &seats, &count);
    if (status != STATUS_OK) {
        code = command_fail(command_exit(status), "%s", local_detail(local));
        goto out;
    }
    if (count == 0) {
        (void)puts(SAY("This device knows no session yet. \"kring join\" joins one."));
        goto out;
    }
    command_print_seats(stdout, seats, count);
out:
    local_free_seats(seats, count);
    local_close(local);
    return code;
}

const struct command command_sessions = {
    .name = "sessions",
    .words = "",
    .help = SAY_LATER("lists the sessions this device knows"),
    .run = run,
};
