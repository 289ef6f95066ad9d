"""The server is killed again and again while people answer. What was acknowledged must be on its
disk at once, before any client could send it again, and nothing may be there twice. The same on
a disk that forgets what was not synced, where a kill is a power cut.

KRING_ROUNDS sets the number of kills, KRING_SEED when they come."""

import os
import random
import shutil
import sqlite3
import sys
import threading
import time

from circle import CHOICE, Circle, QUESTION, READ, RESOLVE, answer, see_step
from harness import DEADLINE_S, Failure, KRINGD, Server, World, check, main, program

ROUNDS = int(os.environ.get("KRING_ROUNDS", "50"))
SEED = int(os.environ.get("KRING_SEED", "1"))
ALL = ["Ben", "Cleo", "Dina"]
ACKS_MAX = 12  # a round is at most so many acknowledgements long


class Writer(threading.Thread):
    """Somebody who writes on and on: an edit of an answer, now and then a remark for all; the
    next one as soon as the last one is known to be saved."""

    def __init__(self, client, changed):
        super().__init__(daemon=True)
        self.client = client
        self.changed = changed  # a condition that guards everything below
        self.written = 0        # of what it wrote
        self.edit = 0           # the last acknowledged one
        self.remarks = []       # acknowledged ones: (index, text)
        self.acks = 0
        self.lost = False       # the connection, since the last acknowledgement
        self.stopping = False
        self.stopped = False
        self.trouble = None
        self.pending = None

    def write(self):
        self.written += 1
        text = "%s %d" % (self.client.person, self.written)
        if self.written % 4 == 0:
            self.pending = ("park", text)
            line = '{"do": "park", "text": "%s"}' % text
        else:
            self.pending = ("answer", text)
            line = '{"do": "answer", "step": %d, "fields": ["%s", ""]}' % (QUESTION, text)
        self.client.send_line(line)

    def take(self, event):
        kind, text = self.pending
        if event["event"] == "answer" and kind == "answer" and \
                event["own"]["state"] == "saved" and event["own"]["fields"][0] == text:
            self.edit = event["own"]["edit"]
        elif event["event"] == "parked" and kind == "park" and event["said"]["text"] == text:
            self.remarks.append((event["said"]["index"], text))
        elif event["event"] == "connection" and not event["connected"]:
            self.lost = True
            return
        elif event["event"] in ("fault", "refused", "not-done", "failed"):
            raise Failure("%s: %s" % (self.client.person, event))
        else:
            return
        self.acks += 1
        self.lost = False
        if self.stopping:
            self.stopped = True
        else:
            self.write()

    def run(self):
        try:
            with self.changed:
                self.write()
            while not self.stopped:
                before = len(self.client.events)
                if not self.client.take(time.monotonic() + DEADLINE_S):
                    raise Failure("%s has ended\n%s" % (self.client.name(),
                                                        self.client.error_text()))
                with self.changed:
                    for event in self.client.events[before:]:
                        self.take(event)
                    self.changed.notify_all()
        except Exception as trouble:  # for the test to tell
            with self.changed:
                self.trouble = trouble
                self.changed.notify_all()


def wait_for(changed, writers, what):
    """Waits, under the condition's lock, for what must come true."""
    def fits():
        return any(writer.trouble for writer in writers) or what()
    if not changed.wait_for(fits, DEADLINE_S):
        raise Failure("somebody stands still:\n%s" % "\n".join(
            "%s, last heard:\n%s" % (writer.pending, "\n".join(writer.client.seen[-5:]))
            for writer in writers))
    for writer in writers:
        if writer.trouble:
            raise writer.trouble


class Disk:
    """What a killed server left, read from a copy."""

    def __init__(self, world, server):
        copy = world.path("copy")
        shutil.rmtree(copy, ignore_errors=True)
        os.mkdir(copy)
        for name in ("kring.db", "kring.db-wal"):
            if os.path.exists(os.path.join(server.data, name)):
                shutil.copy(os.path.join(server.data, name), copy)
        database = sqlite3.connect(os.path.join(copy, "kring.db"))
        try:
            check(database.execute("PRAGMA integrity_check").fetchone() == ("ok",), "damaged")
            self.edits = dict(database.execute(
                "SELECT member, edit FROM waiting WHERE step = ?", (QUESTION,)))
            self.entries = database.execute(
                "SELECT count(*), max(idx), count(DISTINCT id) FROM entry WHERE stream = 0"
            ).fetchone()
        finally:
            database.close()


def check_disk(disk, writers):
    count, last, ids = disk.entries
    check(count == last == ids, "entries: %d, the last is %d, ids %d" % disk.entries)
    for writer in writers:
        edit = disk.edits.get(writer.member, 0)
        check(edit >= writer.edit, "%s was told that edit %d is saved; on the disk is %d"
              % (writer.client.person, writer.edit, edit))
        check(last >= max([index for index, _ in writer.remarks], default=0),
              "%s was shown a remark that is not on the disk" % writer.client.person)


def one_round(circle, writers, changed, chance):
    with changed:
        begun = {writer: writer.acks for writer in writers}
        wait_for(changed, writers, lambda: all(writer.acks > begun[writer]
                                               for writer in writers))
        target = sum(writer.acks for writer in writers) + chance.randint(0, ACKS_MAX)
        wait_for(changed, writers, lambda: sum(writer.acks for writer in writers) >= target)
    circle.server.kill()
    with changed:  # all that was acknowledged has been read when the loss is
        wait_for(changed, writers, lambda: all(writer.lost for writer in writers))
        check_disk(Disk(circle.world, circle.server), writers)
    circle.server.start()


def stop(writers, changed):
    with changed:
        for writer in writers:
            writer.stopping = True
        wait_for(changed, writers, lambda: all(writer.stopped for writer in writers))
    for writer in writers:
        writer.join(DEADLINE_S)


def check_end(circle, writers):
    """Everybody holds each remark once, and each answer as it was last acknowledged."""
    remarks = sorted(text for writer in writers for _, text in writer.remarks)
    everyone = [circle.facilitator] + [writer.client for writer in writers]
    for client in everyone:
        parked = client.until("parked", lambda seen: len(seen) >= len(remarks))
        check(sorted(said["text"] for said in parked) == remarks, "lost or doubled, at %s"
              % client.person)
    last = {}
    for writer in writers:
        own = writer.client.do("mine", step=QUESTION)
        check(own["edit"] >= writer.edit, "an older edit: %s" % own)
        last[writer.client.person] = own["fields"][0]
    for shared in circle.release_step(QUESTION, *everyone[1:]):
        released = {one["name"]: one["fields"][0] for one in shared["answers"]}
        check(len(shared["answers"]) == len(writers) and released == last,
              "released: %s, written: %s" % (released, last))
    heads = [client.do("head") for client in everyone]
    check(all(head == heads[0] for head in heads), "heads: %s" % heads)


def play(server_program):
    chance = random.Random(SEED)
    with World() as world:
        circle = Circle(world, Server(world, program=server_program))
        clients = [circle.join(name) for name in ALL]
        circle.open_step(READ, *clients)
        circle.open_step(QUESTION, *clients)
        changed = threading.Condition()
        writers = [Writer(client, changed) for client in clients]
        for writer in writers:
            writer.member = writer.client.do("where")["me"]
            writer.start()
        for number in range(ROUNDS):
            try:
                one_round(circle, writers, changed, chance)
            except Exception as trouble:
                raise Failure("round %d of seed %d: %s" % (number + 1, SEED, trouble)) from trouble
        stop(writers, changed)
        check_end(circle, writers)
        check(circle.server.end() == 0, circle.server.log_text()[-2000:])


def test_a_kill_loses_nothing_acknowledged():
    play(KRINGD)


def test_a_power_cut_loses_nothing_acknowledged():
    play(program("kringd_forgetful"))


def shared_names(client, step):
    return sorted(one["fields"][0] for one in client.do("shared", step=step)["answers"])


def test_a_kill_while_sharing_shares_all_or_nothing():
    chance = random.Random(SEED)
    with World() as world:
        circle = Circle(world, Server(world, program=program("kringd_forgetful")))
        clients = [circle.join(name) for name in ALL]
        for step, option in ((QUESTION, None), (CHOICE, 1), (RESOLVE, None)):
            circle.open_step(step, *clients)
            for client in clients:
                answer(client, step, client.person, *([""] if option is None else []),
                       option=option)
            circle.facilitator.do("release", step=step)
            if chance.random() < 0.5:
                see_step(circle.facilitator, step, "closed")
            circle.server.kill()
            circle.server.start()
            for client in (circle.facilitator, *clients):
                client.until("where", lambda where: where["connected"] and where["caught_up"])
                check(shared_names(client, step) in ([], ALL), "half of it is shared")
            circle.facilitator.ask("release", step=step)  # where it was not done yet
            for client in (circle.facilitator, *clients):
                see_step(client, step, "released")
                check(shared_names(client, step) == ALL, "at %s" % client.person)


if __name__ == "__main__":
    main(sys.modules[__name__])
