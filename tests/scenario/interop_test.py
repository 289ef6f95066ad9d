"""The independent client in a live session: tests/interop was written from PROTOCOL.md alone,
so where it gets along with the real programs, the specification is true."""

import os
import sys
import time

from circle import CHOICE, Circle, QUESTION, READ, answer
from harness import DEADLINE_S, ROOT, Server, World, check, main, parse

INTEROP = os.path.join(ROOT, "tests", "interop", "interop.mjs")


class Independent:
    """The independent client as a child process; its lines are JSON objects."""

    def __init__(self, world, name, invite):
        self.process = world.start(["node", INTEROP, "--name", name],
                                   {"KRING_INVITE": invite})

    def expect(self, event, **where):
        while True:
            line = self.process.next_line(time.monotonic() + DEADLINE_S)
            check(line is not None, "it ended before %s" % event)
            seen = parse(line)
            check(seen["event"] != "fault", "it does not believe the server: %s" % seen)
            if seen["event"] == event and all(seen.get(key) == value
                                              for key, value in where.items()):
                return seen


def test_an_independent_client_plays_along():
    with World() as world:
        circle = Circle(world, Server(world))
        facilitator, olga = circle.facilitator, circle.join("Olga", "observer")
        ben = circle.join("Ben")
        node = Independent(world, "Node", circle.invite("participant"))

        member = node.expect("admitted")["member"]
        circle.open_step(READ, olga, ben)
        text = node.expect("text", step=READ, type=6)["text"]
        check("Bo's chair is empty" in text, "it reads another text: %s" % text)

        circle.close_step(READ)
        circle.open_step(QUESTION, olga, ben)
        node.expect("answered", step=QUESTION)
        answer(ben, QUESTION, "a silence", "the chair")
        olga.do("message", to=["Node"], text="You write quickly.")
        check(node.expect("message")["text"] == "You write quickly.", "another message")

        released = circle.release_step(QUESTION, ben)
        told = node.expect("released", step=QUESTION)["answers"]
        check({one["name"] for one in told} == {"Ben", "Node"}, "released: %s" % told)
        check([one["fields"] for one in told if one["name"] == "Ben"] ==
              [["a silence", "the chair"]], "released: %s" % told)
        for shared in released:
            check(len(shared["answers"]) == 2, "released here: %s" % shared)

        circle.open_step(CHOICE, ben)
        node.expect("answered", step=CHOICE)
        circle.release_step(CHOICE, ben)
        options = node.expect("released", step=CHOICE)["answers"]
        check([one["option"] for one in options if one["member"] == member] == [1],
              "its own choice: %s" % options)

        facilitator.do("end")
        node.expect("ended")
        check(node.process.wait() == 0, "exit code %d" % node.process.wait())


if __name__ == "__main__":
    main(sys.modules[__name__])
