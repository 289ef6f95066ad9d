#include <locale.h>
#include <signal.h>

#include "client/commands/command.h"

int main(int argc, char *argv[])
{
    (void)setlocale(LC_ALL, "");
    (void)signal(SIGPIPE, SIG_IGN); /* a line that breaks is an error, not an end */
    return command_main(argc, argv);
}
