"""The server is blind: a session full of strings that stand nowhere else leaves none of them in
the server's data directory, its log, or a dump of all its memory. The same search is held
against places where such a string does stand, or it would be blind itself."""

import base64
import os
import shutil
import sys
import time

# A sanitizer's shadow memory cannot be dumped whole: this test is about the release.
if "KRING_RELEASE_DIR" in os.environ:
    os.environ["KRING_BUILD_DIR"] = os.environ["KRING_RELEASE_DIR"]

from circle import CHOICE, Circle, QUESTION, READ, RESOLVE, TOGETHER, answer
from harness import BUILD, DEADLINE_S, SMALL_CASE, SMALL_GUIDE, Server, World, check, main, run

HOLD_SECRET = os.path.join(BUILD, "tests", "hold_secret")
CANARY = "canary-%s-7f3a9c51"
PLACES = ("case", "title", "name", "answer", "reason", "note", "feedback",
          "commitment")


def canary(place):
    return CANARY % place


def encodings(text):
    """How a string could stand in bytes: each with what to call it."""
    utf8 = text.encode()
    forms = [("UTF-8", utf8), ("UTF-16LE", text.encode("utf-16-le")),
             ("UTF-16BE", text.encode("utf-16-be")), ("hex", utf8.hex().encode()),
             ("HEX", utf8.hex().upper().encode())]
    for shift in range(3):
        # What stays the same of its base64 whatever stands around it.
        whole = base64.b64encode(b"\0" * shift + utf8 + b"\0\0")
        forms.append(("base64", whole[(4 if shift else 0):len(whole) - 8]))
    return forms


def found_in(path, places=PLACES):
    """The canaries a file holds, read in pieces that overlap."""
    wanted = [(place, name, form) for place in places for name, form in
              encodings(canary(place))]
    overlap = max(len(form) for _, _, form in wanted)
    hits = set()
    with open(path, "rb") as file:
        before = b""
        while True:
            piece = file.read(1 << 24)
            if not piece:
                return hits
            window = before + piece
            hits.update((place, name) for place, name, form in wanted if form in window)
            before = window[-overlap:]


def dump(world, pid, name):
    """All memory of a process, locked and excluded pages too."""
    path = world.path(name)
    code, out, errors = run(
        ["gdb", "--batch", "-p", str(pid), "-ex", "set use-coredump-filter off",
         "-ex", "set dump-excluded-mappings on", "-ex", "generate-core-file " + path],
        deadline_s=240.0)
    check(os.path.exists(path), "no dump: %d\n%s\n%s" % (code, out, errors))
    return path


def plant(world):
    """Guide and case with a canary in what participants read."""
    with open(SMALL_CASE, encoding="utf-8") as file:
        text = file.read()
    check("Bo's chair" in text, "the case changed; this test must too")
    path = world.path("case.en.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("Bo's chair", canary("case") + " chair"))
    return SMALL_GUIDE, path


def play(world, server):
    guide, case = plant(world)
    circle = Circle(world, server, guide=guide, case=case,
                    name="Mirjam " + canary("name"),
                    options=["--title", canary("title")])
    olga = circle.join("Olga", "observer")
    ben = circle.join("Ben " + canary("name"))
    circle.open_step(READ, ben)
    circle.close_step(READ)
    circle.open_step(QUESTION, ben)
    answer(ben, QUESTION, canary("answer"), "first")
    answer(ben, QUESTION, canary("answer"), "second")
    circle.release_step(QUESTION, ben)
    circle.open_step(CHOICE, ben)
    answer(ben, CHOICE, canary("reason"), option=1)
    olga.do("message", to=["1"], text=canary("feedback"))
    circle.facilitator.expect("message")
    circle.open_step(TOGETHER, ben)
    circle.facilitator.do("note", text=canary("note"))
    ben.expect("note")
    circle.open_step(RESOLVE, ben)
    answer(ben, RESOLVE, canary("commitment"), "tomorrow")
    return circle, ben


def files_below(directory):
    for folder, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def test_the_search_finds_what_is_there():
    with World() as world:
        for name, form in encodings(canary("case")):
            path = world.path("planted")
            with open(path, "wb") as file:
                file.write(b"x" * 1000 + form + b"y" * 1000)
            check(("case", name) in found_in(path), "%s is not found in a file" % name)
        for shift in range(3):
            path = world.path("planted")
            with open(path, "wb") as file:
                file.write(base64.b64encode(b"z" * shift + canary("case").encode() + b"tail"))
            check(("case", "base64") in found_in(path), "base64 after %d bytes" % shift)
        holder = world.start([HOLD_SECRET])
        holder.send_line(canary("case"))
        check(holder.next_line(time.monotonic() + DEADLINE_S) == "held", "it holds nothing")
        check(("case", "UTF-8") in found_in(dump(world, holder.child.pid, "held.core")),
              "memory that is locked and left out of dumps is not searched")


def test_the_server_cannot_read_a_word():
    with World() as world:
        server = Server(world)
        circle, ben = play(world, server)
        core = dump(world, server.pid(), "server.core")
        check(not found_in(core), "in the server's memory: %s" % found_in(core))
        os.unlink(core)
        # The control on the same session: whoever took part does hold it.
        client = dump(world, ben.child.pid, "client.core")
        check({place for place, _ in found_in(client)} >= {"case", "answer", "note"},
              "a client's own dump holds only %s" % found_in(client))
        os.unlink(client)
        circle.facilitator.do("end")
        ben.expect("session")
        for path in files_below(server.data):
            check(not found_in(path), "in %s: %s" % (path, found_in(path)))
        check(not found_in(server.log), "in the log: %s" % found_in(server.log))
        check(server.end() == 0, "kringd ended badly")
        seen = 0
        for path in files_below(server.data):
            seen += os.path.getsize(path)
            check(not found_in(path), "in %s: %s" % (path, found_in(path)))
        check(seen > 10000, "the data directory is all but empty: %d bytes" % seen)
        copy = shutil.copy(server.log, world.path("log-copy"))
        with open(copy, "a", encoding="utf-8") as log:
            log.write(canary("title"))
        check(("title", "UTF-8") in found_in(copy), "a canary in the log is not found")


if __name__ == "__main__":
    main(sys.modules[__name__])
