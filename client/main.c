#include <locale.h>

#include "client/commands/command.h"

int main(int argc, char *argv[])
{
    (void)setlocale(LC_ALL, "");
    return command_main(argc, argv);
}
