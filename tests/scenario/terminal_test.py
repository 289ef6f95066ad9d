"""A terminal gets back what it was: echo, and lines as they were edited before, on every way out
of the plain face, a crash of ours among them."""

import resource
import signal
import sys
import termios

from circle import Circle, QUESTION, READ
from harness import KRING, Server, Terminal, World, check, main

PROMPT = r"> $"
CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL,
           signal.SIGQUIT, signal.SIGTRAP, signal.SIGSYS, signal.SIGXCPU, signal.SIGALRM,
           signal.SIGUSR1, signal.SIGUSR2)


def begin(world):
    circle = Circle(world, Server(world))
    check(circle.join("Ben").quit() == 0, "Ben was here")
    return circle


def sit_down(world, name="Ben", words=("open",)):
    terminal = Terminal(world, name, [KRING, *words])
    terminal.expect(PROMPT)
    check(not terminal.is_restored(), "key by key while it runs")
    return terminal


def is_cooked(terminal):
    """The two settings whose loss leaves somebody with a shell that shows nothing."""
    local = termios.tcgetattr(terminal.slave)[3]
    return bool(local & termios.ECHO) and bool(local & termios.ICANON)


def test_a_crash_gives_the_terminal_back():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with World() as world:
        begin(world)
        for number in CRASHES:
            terminal = sit_down(world)
            check(not is_cooked(terminal), "key by key while it runs")
            terminal.child.send_signal(number)
            code = terminal.wait()
            # with a sanitizer some of them end in its report; without one, as the signal does
            check(code != 0, "signal %d: %d" % (number, code))
            check(is_cooked(terminal) and terminal.is_restored(), "after signal %d" % number)


def test_being_told_to_end_gives_it_back_with_a_line_half_typed():
    with World() as world:
        circle = begin(world)
        for step in (READ, QUESTION):
            circle.open_step(step)
        for number in (signal.SIGTERM, signal.SIGHUP):
            terminal = sit_down(world)
            terminal.type("half a li")
            terminal.expect("half a li")
            terminal.child.send_signal(number)
            check(terminal.wait() == 0, "signal %d: %d" % (number, terminal.wait()))
            check(is_cooked(terminal) and terminal.is_restored(), "after signal %d" % number)


def test_being_turned_away_gives_it_back():
    with World() as world:
        circle = begin(world)
        terminal = Terminal(world, "Late", [KRING, "join", "--name", "Late", circle.invites[1]])
        terminal.expect("This invite has been used already")
        check(terminal.wait() == 77, "%d" % terminal.wait())
        check(terminal.is_restored(), "turned away")


if __name__ == "__main__":
    main(sys.modules[__name__])
