"""Clients that are killed, cut off, or lose their terminal: what somebody wrote is kept, is sent
when it can be, and what could not be sent says so."""

import os
import random
import signal
import sys
import time

from circle import CHOICE, Circle, QUESTION, READ, RESOLVE, answer, arrived, saved
from harness import DEADLINE_S, KRING, Client, Server, Terminal, World, check, main

ROUNDS = int(os.environ.get("KRING_ROUNDS", "10"))
SEED = int(os.environ.get("KRING_SEED", "1"))


def begin(world):
    circle = Circle(world, Server(world))
    ben = circle.join("Ben")
    circle.open_step(READ, ben)
    circle.open_step(QUESTION, ben)
    return circle, ben


def kill(client):
    client.kill()
    check(client.wait() == -signal.SIGKILL, "killed")


def cut_off(client):
    """The server dies, and the client knows."""
    client.world.server.kill()
    client.expect("connection", lambda event: not event["connected"])


def test_a_draft_outlives_a_kill():
    with World() as world:
        circle, ben = begin(world)
        ben.do("draft", step=QUESTION, fields=["half a thou", "and \u00e9\U0001f600"])
        kill(ben)
        ben = circle.open("Ben")
        own = ben.do("mine", step=QUESTION)
        check(own["state"] == "typing" and own["fields"] == ["half a thou",
                                                             "and \u00e9\U0001f600"], str(own))
        ben.do("answer", step=QUESTION)
        saved(ben, QUESTION)
        ben.do("draft", step=QUESTION, fields=["a second thought", ""])
        kill(ben)
        ben = circle.open("Ben")
        own = ben.do("mine", step=QUESTION)
        check(own["state"] == "saved" and own["draft_differs"], str(own))
        check(own["fields"] == ["a second thought", ""] and own["edit"] == 1, str(own))
        circle.release_step(QUESTION, ben)
        shared = ben.do("shared", step=QUESTION)["answers"]
        check([one["fields"] for one in shared] == [["half a thou", "and \u00e9\U0001f600"]],
              "what was sent is shared, not the draft: %s" % shared)
        check(ben.do("mine", step=QUESTION)["fields"] == ["a second thought", ""], "kept")


def test_an_answer_waits_for_the_server():
    with World() as world:
        circle, ben = begin(world)
        world.server = circle.server
        cut_off(ben)
        ben.do("answer", step=QUESTION, fields=["written offline", ""])
        own = ben.do("mine", step=QUESTION)
        check(own["state"] == "waiting", str(own))
        circle.server.start()
        ben.expect("answer", lambda event: event["own"]["state"] == "saved")
        check(circle.facilitator.until("who", lambda seen: seen["counts"]["answered"] == 1), "")

        cut_off(ben)
        ben.do("answer", step=QUESTION, fields=["edited offline", ""])
        ben.do("park", text="a remark, offline")
        check(ben.do("where")["outgoing"] == 2, "on its way: %s" % ben.do("where"))
        kill(ben)
        ben = Client(world, "Ben", ["open"])
        own = ben.do("mine", step=QUESTION)
        check(own["state"] == "waiting" and own["fields"][0] == "edited offline", str(own))
        circle.server.start()
        saved(ben, QUESTION)
        parked = circle.facilitator.until("parked", lambda seen: len(seen) > 0)
        check([said["text"] for said in parked] == ["a remark, offline"], str(parked))
        shown = circle.release_step(QUESTION, ben)
        check([one["fields"][0] for one in shown[0]["answers"]] == ["edited offline"], str(shown))


def write_offline(circle, ben, step, *fields):
    """An answer that stays on the device: its client is killed before the server comes back."""
    cut_off(ben)
    ben.do("answer", step=step, fields=list(fields))
    check(ben.do("mine", step=step)["state"] == "waiting", "waits")
    kill(ben)
    circle.server.start()
    circle.facilitator.until("where", lambda where: where["connected"] and where["caught_up"])


def not_sent(circle, step):
    ben = circle.open("Ben")
    own = ben.until("mine", lambda seen: seen["state"] == "not-sent", step=step)
    ben.expect("answer", lambda event: event["own"]["state"] == "not-sent")
    return ben, own


def test_what_came_too_late_says_so():
    with World() as world:
        circle, ben = begin(world)
        world.server = circle.server
        write_offline(circle, ben, QUESTION, "too late", "")
        circle.close_step(QUESTION)
        ben, own = not_sent(circle, QUESTION)
        check("The step was closed before it was sent." in own["reason"], own["reason"])
        check(own["fields"] == ["too late", ""], "it stays: %s" % own)
        circle.open_step(QUESTION, ben)
        saved(ben, QUESTION)  # the step opened again, so it is sent after all

        circle.open_step(CHOICE, ben)
        write_offline(circle, ben, CHOICE, "an option of my own")
        circle.release_step(CHOICE)
        ben, own = not_sent(circle, CHOICE)
        check("The step was shared before it was sent." in own["reason"], own["reason"])
        check(ben.do("shared", step=CHOICE)["answers"] == [], "it was not shared")

        circle.open_step(RESOLVE, ben)
        write_offline(circle, ben, RESOLVE, "my own resolve", "")
        circle.facilitator.do("end")
        circle.facilitator.expect("session", lambda event: event["state"] == "ended")
        ben, own = not_sent(circle, RESOLVE)
        check("The session ended before it was sent." in own["reason"], own["reason"])
        check(ben.quit() == 0, ben.error_text())
        code, out, _ = world.kring("Ben", "export", "--output", "-")
        check(code == 0 and "an option of my own" in out and "my own resolve" in out, "in Ben's own: %s" % out)
        code, out, _ = world.kring("Mirjam", "export", "--output", "-")
        check("an option of my own" not in out and "my own resolve" not in out, "in nobody else's")


def test_a_second_window_is_told():
    with World() as world:
        circle, ben = begin(world)
        for face in ("--json", "--plain"):
            code, out, errors = world.kring("Ben", "open", face)
            check(code == 75, "%d %s %s" % (code, out, errors))
            check("another" in out + errors, "%s %s" % (out, errors))
        check(ben.do("where")["connected"], "the first one goes on")
        code, out, _ = world.kring("Ben", "sessions")
        check(code == 0 and circle.session[:8] in out, "looking is no trouble")
        code, out, errors = world.kring("Mirjam", "invite", circle.session[:8], "--role",
                                        "participant")
        check(code == 75 and "open in another window" in errors, "%d %s" % (code, errors))
        kill(ben)
        check(circle.open("Ben").quit() == 0, "free again after a kill")


def test_the_same_person_at_two_devices():
    """A copied device: the newer connection wins, the older one says so and stays away."""
    with World() as world:
        circle, ben = begin(world)
        os.system("cp -a '%s' '%s'" % (world.home("Ben"), world.home("copy")))
        copy = arrived(Client(world, "copy", ["open"]))
        closing = ben.expect("closing")
        check("somewhere else" in closing["text"], str(closing))
        check(copy.do("where")["connected"], "the newer one is connected")
        ben.until("where", lambda where: not where["connected"])
        circle.close_step(QUESTION, copy)  # a round that both would see
        check(copy.do("where")["connected"], "the newer one stays")
        check(ben.do("step", step=QUESTION)["state"] == "open", "the older one stays away")


def test_a_terminal_that_goes_away_keeps_the_draft():
    with World() as world:
        circle, ben = begin(world)
        check(ben.quit() == 0, ben.error_text())
        terminal = Terminal(world, "Ben", [KRING, "open", "--plain"])
        terminal.expect("2a>|a>")
        terminal.enter("a whole line")
        terminal.type("and half a li")
        terminal.expect("and half a li")
        code = terminal.hang_up()
        check(code in (0, 74), "it ended with %d:\n%s" % (code, terminal.text[-2000:]))
        ben = circle.open("Ben")
        own = ben.do("mine", step=QUESTION)
        check(own["state"] == "typing", str(own))
        check(own["fields"][0] == "a whole line\nand half a li", "kept: %s" % own)


def test_being_told_to_end():
    with World() as world:
        circle, ben = begin(world)
        ben.do("draft", step=QUESTION, fields=["unfinished", ""])
        ben.kill(signal.SIGTERM)
        check(ben.wait() == 0, "SIGTERM: %d %s" % (ben.wait(), ben.error_text()))
        ben = circle.open("Ben")
        check(ben.do("mine", step=QUESTION)["fields"][0] == "unfinished", "kept")
        ben.send_line('{"do": "answer", "step": %d, "fields": ["said, and gone", ""]}' % QUESTION)
        ben.child.stdin.close()
        check(ben.wait() == 0, "end of input: %s" % ben.error_text())
        check(ben.next_line(0) is not None, "it spoke")
        while ben.take(0):
            pass
        check(ben.events[-1] == {"event": "bye", "settled": True}, str(ben.events[-1]))
        check(circle.facilitator.until("who", lambda seen: seen["counts"]["answered"] == 1), "")


def test_kills_at_any_moment_lose_nothing_taken_in():
    """What a client said `done` to is kept, and reaches the server once."""
    chance = random.Random(SEED)
    with World() as world:
        circle, ben = begin(world)
        remarks = []
        for number in range(ROUNDS):
            for i in range(chance.randint(1, 4)):
                remark = "remark %d.%d" % (number, i)
                ben.do("park", text=remark)
                remarks.append(remark)
                ben.do("answer", step=QUESTION, fields=["edit %d.%d" % (number, i), ""])
                last = "edit %d.%d" % (number, i)
            for _ in range(chance.randint(0, 3)):
                ben.take(time.monotonic() + DEADLINE_S)
            kill(ben)
            ben = circle.open("Ben")
            check(ben.do("mine", step=QUESTION)["fields"][0] == last, "the last edit is there")
        saved(ben, QUESTION)
        parked = circle.facilitator.until("parked", lambda seen: len(seen) >= len(remarks))
        check([said["text"] for said in parked] == remarks, "lost, doubled, or out of order")
        shown = circle.release_step(QUESTION, ben)
        check([one["fields"][0] for one in shown[1]["answers"]] == [last], str(shown))



if __name__ == "__main__":
    main(sys.modules[__name__])
