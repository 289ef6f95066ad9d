"""An answer reaches nobody before it is shared. Looked for in all that other devices receive, as
it is after the transport's decryption, in all that they hold and can open, and, as the worst
case, with the help of a server that hands its waiting answers to whoever asks."""

import os
import sqlite3
import sys
import time

from circle import Circle, QUESTION, READ, answer, see_step
from harness import DEADLINE_S, Server, World, check, main, program

CANARY = "a heron stands in the reeds"
KIND_ANSWER = 16


class Listener:
    """A device of the circle whose kring has ended, connected by a program that shows all it is
    sent."""

    def __init__(self, world, name):
        self.name = name
        self.process = world.start([program("probe_member"), world.home(name), "listen"])
        self.messages = []
        self.entries = []

    def end(self):
        """What it was sent, and what it holds then."""
        self.process.child.stdin.close()
        while True:
            line = self.process.next_line(time.monotonic() + DEADLINE_S)
            if line is None:
                break
            self.take(line)
        check(self.process.wait() == 0, "the listener: %s" % self.process.error_text())

    def take(self, line):
        words = line.split()
        check(words[0] in ("message", "entry"), "%s heard: %s" % (self.name, line))
        if words[0] == "message":
            self.messages.append(bytes.fromhex(words[1]))
        else:
            self.entries.append(words[1:])

    def wait_for_message(self, where):
        while not any(where(message) for message in self.messages):
            self.take(self.process.next_line(time.monotonic() + DEADLINE_S))


def is_item(message):
    """A notification (2) of ITEM (66)."""
    return message[:3] == bytes([0x93, 2, 66])


def has_answer(message):
    """An ITEM with an entry whose header says kind answer (16): version 1, bin 32, epoch 1."""
    at = message.find(b"\x99\x01\xc4\x20")
    return is_item(message) and at >= 0 and message[at + 4 + 32 + 1] == KIND_ANSWER


def answers(entries):
    return [entry for entry in entries if entry[2] == "answer"]


def with_canary(listener):
    """Where the canary is in what a listener has."""
    canary = CANARY.encode()
    return ([message for message in listener.messages if canary in message] +
            [entry for entry in listener.entries
             if entry[6] != "-" and canary in bytes.fromhex(entry[6])])


def waiting_of(world, server):
    """The waiting answers, taken from the stopped server's database, as files."""
    database = sqlite3.connect(os.path.join(server.data, "kring.db"))
    rows = database.execute("SELECT member, bytes FROM waiting WHERE step = ?", (QUESTION,))
    paths = {}
    for member, entry in rows.fetchall():
        paths[member] = world.path("waiting-%d" % member)
        with open(paths[member], "wb") as out:
            out.write(entry)
    database.close()
    return paths


def try_to_open(world, name, path):
    code, out, errors = world.kring_program("probe_member", world.home(name), "try", path)
    check(code == 0, "try: %d %s" % (code, errors))
    return out.strip().rsplit(": ", 1)[1]


def test_an_answer_reaches_nobody_before_it_is_shared():
    with World() as world:
        server = Server(world)
        circle = Circle(world, server)
        ben = circle.join("Ben")
        others = [circle.join("Cleo"), circle.join("Dina"), circle.join("Olga", "observer")]
        circle.open_step(READ, ben, *others)
        circle.open_step(QUESTION, ben, *others)
        for client in others:
            check(client.quit() == 0, client.error_text())
        listeners = [Listener(world, client.person) for client in others]
        answer(ben, QUESTION, CANARY, "")
        answer(ben, QUESTION, CANARY, "once more")
        circle.close_step(QUESTION, ben)
        # The facilitator's own device, too: attached anew, while the answer waits.
        check(circle.facilitator.quit() == 0, circle.facilitator.error_text())
        listeners.append(Listener(world, "Mirjam"))
        # COUNTS (68) of the step come last when a device attaches: one answered.
        for listener in listeners:
            listener.wait_for_message(lambda message: message[:3] == b"\x93\x02\x44" and
                                      message[4] == QUESTION and message[5] == 1)
        for listener in listeners:
            listener.end()
            check(any(is_item(message) for message in listener.messages) or
                  listener.name == "Mirjam", "%s was sent nothing at all" % listener.name)
            check(not any(has_answer(message) for message in listener.messages),
                  "%s was sent an answer" % listener.name)
            check(answers(listener.entries) == [], "%s holds an answer" % listener.name)
            check(with_canary(listener) == [], "%s has the text" % listener.name)

        mirjam = circle.open("Mirjam")
        cleo = Listener(world, "Cleo")
        mirjam.do("release", step=QUESTION)
        see_step(mirjam, QUESTION, "released")
        cleo.wait_for_message(has_answer)
        cleo.end()
        held = answers(cleo.entries)
        check([entry[5] for entry in held] == ["open"], "after it is shared: %s" % held)
        check(len(with_canary(cleo)) == 1, "the canary is found where it is")


def test_a_server_that_hands_answers_out_gives_nothing_to_read():
    with World() as world:
        server = Server(world)
        circle = Circle(world, server)
        ben, cleo, olga = circle.join("Ben"), circle.join("Cleo"), circle.join("Olga", "observer")
        circle.open_step(READ, ben, cleo, olga)
        circle.open_step(QUESTION, ben, cleo, olga)
        answer(ben, QUESTION, CANARY, "")
        answer(cleo, QUESTION, "Cleo's own", "")
        circle.close_step(QUESTION, ben, cleo, olga)
        numbers = {client.person: client.do("where")["me"] for client in (ben, cleo)}
        for client in (ben, cleo, olga):
            check(client.quit() == 0, client.error_text())
        check(server.end() == 0, server.log_text())
        paths = waiting_of(world, server)
        check(len(paths) == 2, "waiting: %s" % paths)
        of_ben, of_cleo = paths[numbers["Ben"]], paths[numbers["Cleo"]]
        check(try_to_open(world, "Ben", of_ben) == "ok", "one's own can be opened")
        check(try_to_open(world, "Cleo", of_cleo) == "ok", "one's own can be opened")
        for name, path in (("Cleo", of_ben), ("Olga", of_ben), ("Ben", of_cleo),
                           ("Olga", of_cleo)):
            check(try_to_open(world, name, path) != "ok", "%s opened %s" % (name, path))

        server.start()
        circle.facilitator.until("where", lambda where: where["caught_up"])
        circle.facilitator.do("release", step=QUESTION)
        circle.open("Cleo").quit()
        check(try_to_open(world, "Cleo", of_ben) == "ok", "with the key that came with sharing")
        check(try_to_open(world, "Olga", of_ben) != "ok", "who has not fetched it yet has not")


def test_what_is_private_or_for_facilitators_is_nowhere_else():
    """A private answer leaves no device, and what a facilitator's device holds open is closed
    to the others: what comes later in the guide, tips, the script."""
    with World() as world:
        circle = Circle(world, Server(world))
        ben = circle.join("Ben")
        circle.open_step(READ, ben)
        circle.facilitator.do("open", step=5)
        see_step(ben, 5, "open")
        ben.do("answer", step=5, fields=[CANARY])
        circle.facilitator.until("who", lambda seen: seen["counts"]["done"] == 1)
        for client in (ben, circle.facilitator):
            check(client.quit() == 0, client.error_text())
        check(circle.server.end() == 0, circle.server.log_text())
        held = {}
        for name in ("Ben", "Mirjam"):
            code, out, errors = world.kring_program("probe_member", world.home(name), "dump")
            check(code == 0, errors)
            held[name] = [line.split()[1:] for line in out.splitlines()]
            check(answers(held[name]) == [], "a private answer in the log of %s" % name)
            check(CANARY.encode().hex() not in out, "a private answer at %s" % name)
        texts = {name: {entry[1]: entry[5] for entry in entries if entry[2] == "text"}
                 for name, entries in held.items()}
        check(texts["Ben"].keys() == texts["Mirjam"].keys(), "one log for all")
        check(set(texts["Mirjam"].values()) == {"open"}, "the facilitator reads all")
        closed = [index for index, body in texts["Ben"].items() if body == "closed"]
        check(len(closed) >= 8, "closed to Ben: %s of %d" % (closed, len(texts["Ben"])))
        secret = [bytes.fromhex(entry[6]) for entry in held["Mirjam"] if entry[1] in closed]
        text = b"\n".join(secret)
        for words in (b"Ask for the number of the paragraph", b"never says why the chair",
                      b"did not dare to come in", b"From tomorrow"):
            check(words in text, "%r is not among what is closed" % words)


if __name__ == "__main__":
    main(sys.modules[__name__])
