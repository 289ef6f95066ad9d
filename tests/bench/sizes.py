"""tests/bench/sizes.py -- prints the sizes and times this project sets itself, as measured on
this machine now, beside what they should be. A measurement, not a test: it never fails because
a machine is slow. Run tests/bench/run.sh, which builds the release it measures."""

import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scenario"))

from circle import Circle, READ  # noqa: E402
from harness import KRING, Server, World  # noqa: E402

RUNS = 101


def resident_kib(pid):
    """What the kernel says a process holds in memory now."""
    with open("/proc/%d/status" % pid, encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise RuntimeError("no VmRSS")


def run_ms(arguments):
    """How long a program takes from being started to having ended: the median of many runs."""
    times = []
    for _ in range(RUNS):
        begin = time.monotonic()
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
        times.append((time.monotonic() - begin) * 1000)
    return statistics.median(times)


def row(what, measured, unit, limit):
    print("%-52s %8.1f %s   (to reach: under %d)" % (what, measured, unit, limit))


def main():
    row("kring --version, median of %d" % RUNS, run_ms([KRING, "--version"]), "ms ", 10)
    print("  of which starting any program (/bin/true) %18.1f ms" % run_ms(["/bin/true"]))
    with World() as world:
        server = Server(world)
        circle = Circle(world, server)
        circle.join("Olga", "observer")
        ben = circle.join("Ben")
        circle.open_step(READ, ben)
        row("kring joined and idle, resident", resident_kib(ben.child.pid) / 1024, "MiB", 12)
        row("kringd with one session of three, resident",
            resident_kib(server.pid()) / 1024, "MiB", 10)


if __name__ == "__main__":
    main()
