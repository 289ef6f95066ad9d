"""Runs the real programs for the scenario tests: servers, clients over their JSON face, and a
TAP line per test. Nothing here sleeps to wait: everything waits for a line, with a deadline."""

import codecs
import fcntl
import json
import os
import pty
import queue
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("KRING_BUILD_DIR", os.path.join(ROOT, "build"))
# What programs end with, as sysexits.h has it.
USAGE, DATAERR, NOINPUT, CANTCREAT, IOERR, NOPERM = 64, 65, 66, 73, 74, 77
# For any one event; generous, for a slow machine is no failure.
DEADLINE_S = float(os.environ.get("KRING_DEADLINE_S", "60"))

KRINGD = os.path.join(BUILD, "kringd")
KRING = os.path.join(BUILD, "kring")
GUIDES = os.path.join(ROOT, "tests", "guides")
SMALL_GUIDE = os.path.join(GUIDES, "small.en.yaml")
SMALL_CASE = os.path.join(GUIDES, "small-case.en.yaml")


def program(name):
    """A program of tests/programs."""
    return os.path.join(BUILD, "tests", name)


class Failure(Exception):
    """What a test did not see."""


def clean_environment(more=None):
    """The caller's, without what would make the programs behave differently."""
    full = {name: value for name, value in os.environ.items()
            if not name.startswith("KRING_") and name not in ("LISTEN_FDS", "NOTIFY_SOCKET")}
    full.update(more or {})
    return full


class Process:
    """A child whose standard output is read line by line."""

    def __init__(self, arguments, environment=None, cwd=None, stderr=None, limits=None):
        self.arguments = arguments
        self.lines = queue.Queue()
        self.seen = []
        full = clean_environment(environment)
        self.errors = stderr if stderr is not None else tempfile.TemporaryFile()
        self.child = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
            env=full, cwd=cwd, start_new_session=True, preexec_fn=limits)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.child.stdout:
            self.lines.put(line.decode("utf-8", "strict").rstrip("\n"))
        self.lines.put(None)

    def next_line(self, deadline):
        """The next line, or None at the end of the output."""
        try:
            line = self.lines.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise Failure("%s said nothing more; last lines:\n%s\nerrors:\n%s"
                          % (self.name(), "\n".join(self.seen[-15:]), self.error_text()))
        if line is None:
            self.lines.put(None)
        else:
            self.seen.append(line)
        return line

    def name(self):
        return " ".join(os.path.basename(word) for word in self.arguments[:3])

    def error_text(self):
        try:
            self.errors.seek(0)
            return self.errors.read().decode("utf-8", "replace")[-4000:]
        except (OSError, ValueError, AttributeError):
            return ""

    def send_line(self, text):
        self.child.stdin.write(text.encode() + b"\n")
        self.child.stdin.flush()

    def wait(self, deadline_s=DEADLINE_S):
        """Its exit code."""
        try:
            return self.child.wait(deadline_s)
        except subprocess.TimeoutExpired:
            raise Failure("%s did not end; last lines:\n%s"
                          % (self.name(), "\n".join(self.seen[-15:])))

    def kill(self, number=signal.SIGKILL):
        if self.child.poll() is None:
            self.child.send_signal(number)

    def finish(self):
        """Ends it by force; checks nothing."""
        self.kill()
        self.child.wait()
        for stream in (self.child.stdin, self.child.stdout):
            try:
                stream.close()
            except OSError:
                pass


class World:
    """A directory of its own with a server and clients in it, all gone at the end."""

    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="kring-test-")
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        for process in self.processes:
            process.finish()
        if kind is None or not os.environ.get("KRING_KEEP"):
            shutil.rmtree(self.directory, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def start(self, arguments, environment=None, **more):
        process = Process(arguments, environment, cwd=self.directory, **more)
        self.processes.append(process)
        return process

    def home(self, name):
        """The device of one person."""
        return self.path("home-" + name)

    def kring(self, name, *arguments, stdin="", **more):
        """Runs a command at somebody's device to its end, as run()."""
        environment = {"KRING_HOME": self.home(name), "HOME": self.directory}
        environment.update(more.pop("environment", None) or {})
        return run([KRING, *arguments], environment, stdin, cwd=self.directory, **more)

    def kring_program(self, name, *arguments):
        """Runs a program of tests/programs to its end, as run()."""
        return run([program(name), *arguments], cwd=self.directory)


class Server:
    """A kringd on this machine, on a free port that it keeps when it is started again."""

    def __init__(self, world, name="server", program=KRINGD, options=(), environment=None):
        self.world = world
        self.data = world.path(name)
        self.log = world.path(name + ".log")
        self.program = program
        self.options = list(options)
        self.environment = environment
        self.address = "127.0.0.1:0"
        self.tickets = 0
        self.process = None
        self.start()

    def start(self, **more):
        with open(self.log, "ab") as log:
            self.process = self.world.start(
                [self.program, "serve", "--data", self.data, "--listen", self.address,
                 *self.options], self.environment, stderr=log, **more)
        line = self.process.next_line(time.monotonic() + DEADLINE_S) or ""
        if not line.startswith("listening on "):
            raise Failure("kringd does not listen: %r\n%s" % (line, self.log_text()[-4000:]))
        self.address = line[len("listening on "):]

    def log_text(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def pid(self):
        return self.process.child.pid

    def kill(self):
        """As a crash would: nothing is said or written any more."""
        self.process.kill()
        self.process.wait()

    def end(self):
        """As an administrator would. Its exit code."""
        self.process.kill(signal.SIGTERM)
        return self.process.wait()

    def command(self, *arguments):
        return run([KRINGD, *arguments, "--data", self.data])

    def ticket(self, uses=1):
        self.tickets += 1
        code, out, errors = self.command("ticket", "--label", "ticket-%d" % self.tickets,
                                         "--uses", str(uses), "--host", self.address)
        check(code == 0, "no ticket: %d %s" % (code, errors))
        return out.strip()


class Client(Process):
    """A kring with its JSON face, at the device of one person."""

    def __init__(self, world, name, arguments, environment=None, limits=None):
        full = {"KRING_HOME": world.home(name), "HOME": world.directory}
        full.update(environment or {})
        self.world = world
        self.person = name
        self.events = []
        self.cursors = {}
        self.tags = 0
        super().__init__([KRING, *arguments, "--json"], full, cwd=world.directory,
                         limits=limits)
        world.processes.append(self)

    def name(self):
        return "%s (kring %s)" % (self.person, self.arguments[1])

    def take(self, deadline):
        """Takes in one more event; False at the end of all."""
        line = self.next_line(deadline)
        if line is None:
            return False
        self.events.append(parse(line))
        return True

    def expect(self, name, where=None, deadline_s=DEADLINE_S):
        """The first event of that name, behind the last one that was expected, that fits."""
        deadline = time.monotonic() + deadline_s
        at = self.cursors.get(name, 0)
        while True:
            while at < len(self.events):
                event = self.events[at]
                at += 1
                if event["event"] == name and (where is None or where(event)):
                    self.cursors[name] = at
                    return event
            try:
                more = self.take(deadline)
            except Failure as failure:
                raise Failure("expected \"%s\": %s" % (name, failure)) from None
            if not more:
                raise Failure("expected \"%s\", but %s has ended with %s; last lines:\n%s\n%s"
                              % (name, self.name(), self.child.wait(),
                                 "\n".join(self.seen[-15:]), self.error_text()))

    def ask(self, name, **arguments):
        """Sends a command; its reply, `done` or `refused`."""
        self.tags += 1
        tag = "t%d" % self.tags
        self.send_line(json.dumps(dict(arguments, do=name, tag=tag)))
        deadline = time.monotonic() + DEADLINE_S
        at = len(self.events)
        while True:
            while at < len(self.events):
                event = self.events[at]
                at += 1
                if event.get("tag") == tag and event["event"] in ("done", "refused"):
                    return event
            if not self.take(deadline):
                raise Failure("%s ended instead of answering \"%s\": %s\n%s"
                              % (self.name(), name, "\n".join(self.seen[-15:]),
                                 self.error_text()))

    def do(self, name, **arguments):
        """Does something, or looks: what stands in `result`."""
        reply = self.ask(name, **arguments)
        check(reply["event"] == "done", "%s may not \"%s\": %s" % (self.name(), name, reply))
        return reply.get("result")

    def refused(self, name, **arguments):
        reply = self.ask(name, **arguments)
        check(reply["event"] == "refused", "%s could \"%s\"" % (self.name(), name))
        return reply

    def until(self, name, where, deadline_s=DEADLINE_S, **arguments):
        """Looks again after each event, until what is seen fits."""
        deadline = time.monotonic() + deadline_s
        while True:
            seen = self.do(name, **arguments)
            if where(seen):
                return seen
            try:
                while self.take(deadline) and self.events[-1]["event"] == "done":
                    pass
            except Failure as failure:
                raise Failure("\"%s\" stays %s; %s" % (name, seen, failure)) from None
            check(self.child.poll() is None, "%s has ended; last lines:\n%s"
                  % (self.name(), "\n".join(self.seen[-15:])))

    def quit(self):
        """Leaves; its exit code."""
        self.send_line(json.dumps({"do": "quit"}))
        return self.wait()


class Terminal:
    """A program in a terminal of its own (80 by 24), as a person sits before it."""

    def __init__(self, world, name, arguments, environment=None, columns=80):
        full = {"KRING_HOME": world.home(name), "HOME": world.directory, "TERM": "xterm",
                "LC_ALL": "C.UTF-8"}
        full.update(environment or {})
        self.text = ""  # all that was written
        self.at = 0     # what was expected ends here
        self.pieces = queue.Queue()
        self.arguments = arguments
        self.master, self.slave = pty.openpty()
        self.leave, self.leaving = os.pipe()  # ends the reader
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.child = subprocess.Popen(
            arguments, stdin=self.slave, stdout=self.slave, stderr=self.slave,
            env=clean_environment(full), cwd=world.directory, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        world.processes.append(self)

    def _read(self):
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        while True:
            ready, _, _ = select.select([self.master, self.leave], [], [])
            try:
                piece = b"" if self.leave in ready else os.read(self.master, 65536)
            except OSError:  # nobody holds the other end any more
                piece = b""
            if not piece:
                self.pieces.put(None)
                return
            self.pieces.put(decode(piece))

    def take(self, deadline):
        """Takes in what was written since; False at the end."""
        try:
            piece = self.pieces.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise Failure("nothing more on the terminal; it shows:\n%s" % self.text[-3000:])
        if piece is None:
            self.pieces.put(None)
            return False
        self.text += piece
        return True

    def expect(self, pattern, deadline_s=DEADLINE_S):
        """Waits for what fits the pattern, behind what was last expected; the match."""
        deadline = time.monotonic() + deadline_s
        while True:
            found = re.compile(pattern).search(self.text, self.at)
            if found:
                self.at = found.end()
                return found
            try:
                more = self.take(deadline)
            except Failure as failure:
                raise Failure("expected %r: %s" % (pattern, failure)) from None
            check(more, "expected %r, but it ended; the terminal shows:\n%s"
                  % (pattern, self.text[-3000:]))

    def type(self, text):
        os.write(self.master, text.encode())

    def enter(self, line):
        self.type(line + "\r")

    def hang_up(self):
        """The terminal goes away: the window is closed, the line is cut. The exit code."""
        self._close()
        return self.wait()

    def _close(self):
        os.write(self.leaving, b".")
        self.reader.join()
        for end in (self.slave, self.master, self.leave, self.leaving):
            os.close(end)
        self.master = None

    def wait(self, deadline_s=DEADLINE_S):
        try:
            return self.child.wait(deadline_s)
        except subprocess.TimeoutExpired:
            raise Failure("it does not end; the terminal shows:\n%s" % self.text[-3000:])

    def is_restored(self):
        """Are the terminal's settings as they were before?"""
        return termios.tcgetattr(self.slave) == self.before

    def finish(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        if self.master is not None:
            self._close()


def run(arguments, environment=None, stdin="", deadline_s=DEADLINE_S, cwd=None, limits=None):
    """Runs a command to its end: (exit code, standard output, standard error)."""
    done = subprocess.run(arguments, input=stdin.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=clean_environment(environment),
                          timeout=deadline_s, cwd=cwd, preexec_fn=limits)
    return (done.returncode, done.stdout.decode("utf-8", "replace"),
            done.stderr.decode("utf-8", "replace"))


class Skip(Exception):
    """This machine cannot do what a test needs; said as such, not as passed."""


def check(condition, text):
    if not condition:
        raise Failure(text)


def told(result, code, *words):
    """One command's exit code, and words of what it said."""
    seen, out, errors = result
    check(seen == code, "exit code %d instead of %d: %s %s" % (seen, code, out, errors))
    for word in words:
        check(word in out + errors, "%r is not in: %s %s" % (word, out, errors))
    check("Sanitizer" not in errors, errors)


def parse(line):
    try:
        return json.loads(line)
    except ValueError:
        raise Failure("not a line of JSON: %r" % line)


def main(module):
    """Runs every test_* of a module and prints TAP. Arguments name the tests to run."""
    wanted = sys.argv[1:]
    tests = [(name, test) for name, test in sorted(vars(module).items())
             if name.startswith("test_") and (not wanted or name in wanted)]
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print("ok %d - %s" % (number, name), flush=True)
        except Skip as skip:
            print("ok %d - %s # SKIP %s" % (number, name, skip), flush=True)
        except Exception:  # a test may fail in any way; the next one still runs
            failed += 1
            print("not ok %d - %s" % (number, name))
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            sys.stdout.flush()
    print("1..%d" % len(tests))
    sys.exit(1 if failed else 0)
