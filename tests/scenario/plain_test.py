"""The plain face in a terminal, as a person types at it."""

import signal
import sys

from circle import (CHOICE, Circle, MIRROR, QUESTION, READ, TOGETHER, answer, arrived, saved,
                    see_step)
from harness import KRING, Server, Terminal, World, check, main

PROMPT = r"> $"


class Person:
    """Somebody at a terminal. Without an invite: the facilitator, who comes back."""

    def __init__(self, circle, name, invite=None, environment=None):
        words = ["open"] if invite is None else ["join", "--name", name]
        self.circle = circle
        self.terminal = Terminal(circle.world, name, [KRING, *words], environment)
        if invite is not None:
            self.terminal.expect("Paste your invite:")
            self.terminal.enter(invite)

    def expect(self, pattern):
        return self.terminal.expect(pattern)

    def enter(self, line, *patterns):
        """Types a line; waits for what must be said on it, in order."""
        self.terminal.enter(line)
        for pattern in patterns:
            self.terminal.expect(pattern)

    def leave(self):
        self.enter("/quit")
        check(self.terminal.wait() == 0, self.terminal.text[-3000:])
        check(self.terminal.is_restored(), "the terminal is not as it was")


def begin(world):
    circle = Circle(world, Server(world))
    circle.cleo = circle.join("Cleo")
    return circle


def facilitate(circle):
    """The facilitator goes on at a terminal."""
    check(circle.facilitator.quit() == 0, circle.facilitator.error_text())
    mirjam = Person(circle, "Mirjam")
    mirjam.expect("Connected")  # before that there is no pace to set
    return mirjam


def test_a_participant_plays_along():
    with World() as world:
        circle = begin(world)
        ben = Person(circle, "Ben", circle.invite("participant"))
        ben.expect("You are participant")
        ben.expect("You are in, as Ben")
        circle.open_step(READ, circle.cleo)
        ben.expect("To read here: The situation. Enter, or /read, reads it")
        ben.expect(PROMPT)
        ben.enter("", "\u00b61 +Every Monday the team meets at nine", PROMPT)
        ben.enter("/where", "step 1", PROMPT)
        ben.enter("/read \u00b62", "This Monday Bo's chair is empty", PROMPT)
        ben.enter("/read 3", "begin with the\n?.*figures|figures", PROMPT)
        ben.enter("/read 44", "no paragraph 44", PROMPT)
        ben.enter("/people", "Mirjam, facilitator", r"Ben, participant \(you\)", PROMPT)
        ben.enter("/concepts", "Pressure", PROMPT)
        ben.enter("/attention", "See what happens", "Who keeps silent", PROMPT)
        ben.enter("/done", "Marked: you are done here", PROMPT)
        circle.facilitator.until("who", lambda seen: seen["counts"]["done"] == 1)
        ben.enter("/next", "Your role in this session does not do that", PROMPT)
        ben.enter("/dance", "no command /dance", PROMPT)
        ben.enter("/read four", "\"four\" is not the number", PROMPT)

        circle.open_step(QUESTION, circle.cleo)
        ben.expect("What stands out in what these people do")
        ben.expect("Nobody sees this until the facilitator shares the answers")
        ben.expect("1a> $")
        ben.enter("the chair", "1a> $")
        ben.enter("and the silence", "1a> $")
        ben.enter(".", "1b> $")
        ben.enter("//not a command", "1b> $")
        ben.enter("/field", "the chair", "and the silence", "/not a command", "1b> $")
        ben.enter(".", "saved [0-9][0-9]:[0-9][0-9]", PROMPT)
        circle.facilitator.until("who", lambda seen: seen["counts"]["answered"] == 1)
        shared = circle.release_step(QUESTION, circle.cleo)[0]
        check([one["fields"] for one in shared["answers"]] ==
              [["the chair\nand the silence", "/not a command"]], str(shared))
        ben.expect("Shared at step 2, question 1")
        ben.expect("the chair")

        circle.open_step(CHOICE, circle.cleo)
        ben.expect("option> $")
        ben.enter("5", "There is no option 5; choose 1 or 2", "option> $")
        ben.enter("2 it can wait", "You chose 2, Let it ring", PROMPT)
        ben.enter(".", "saved", PROMPT)
        shared = circle.release_step(CHOICE, circle.cleo)[0]
        check([(one["option"], one["fields"]) for one in shared["answers"]] ==
              [(2, ["it can wait"])], str(shared))
        ben.expect(r"(?s)When you have talked: what follows.*/explanation\.")
        ben.enter("/explanation", "What follows from your choice, 2", "never mind", PROMPT)
        circle.open_step(TOGETHER, circle.cleo)
        ben.expect(PROMPT)
        ben.enter("what I think while we talk", "kept as a note to\\s+yourself", PROMPT)
        ben.enter("/jottings", "what I think while we talk", PROMPT)
        circle.facilitator.do("end")
        ben.expect("The session has ended")
        ben.leave()


def test_nothing_is_printed_while_a_line_is_typed():
    with World() as world:
        circle = begin(world)
        circle.open_step(READ, circle.cleo)
        circle.open_step(QUESTION, circle.cleo)
        ben = Person(circle, "Ben", circle.invite("participant"))
        ben.expect("1a> $")
        begun = len(ben.terminal.text)
        line = "I do not want to be disturbed"
        happenings = [
            lambda: circle.cleo.do("park", text="a remark"),
            lambda: circle.facilitator.do("call", paragraph=2, reading=6),
            lambda: circle.facilitator.do("timer", minutes=5),
            lambda: answer(circle.cleo, QUESTION, "Cleo's", ""),
            lambda: [circle.facilitator.do("pause"), circle.facilitator.expect(
                "session", lambda event: event["state"] == "paused")],
            lambda: circle.facilitator.do("resume"),
            lambda: circle.join("Dina"),
            lambda: circle.close_step(QUESTION, circle.cleo)]
        for number, letter in enumerate(line):
            ben.terminal.type(letter)
            ben.terminal.expect(letter)
            if number % 3 == 2 and number // 3 < len(happenings):
                happenings[number // 3]()
        typed = ben.terminal.text[begun:].replace("\a", "")
        check(typed == line, "while a line was typed: %r" % typed)
        ben.enter("", "Cleo keeps for later:")
        said = ben.expect(r"(?s)a remark.*> $").group(0)
        for words in ("look at \u00b62", "Closed, no more answers", "In the circle: 4"):
            check(words in said, "%r is not among what came: %s" % (words, said))
        check("paused" not in said, "what is over is not told: %s" % said)
        ben.enter("/new", "a remark", PROMPT)
        ben.enter("/new", "Nothing new", PROMPT)
        ben.enter("/mine", line, PROMPT)
        ben.leave()


def test_the_lobby_is_not_an_error_screen():
    with World() as world:
        circle = Circle(world, Server(world), options=("--admit", "by-hand"))
        ben = Person(circle, "Ben", circle.invite("participant"))
        ben.expect("You are registered as Ben. That worked; you wait to be let in")
        ben.expect("The facilitator has been told that you are here")
        ben.expect("You are participant: you read the case in portions")
        for words in ("/help", "/where", "/quit"):
            ben.expect(words)
        ben.expect("To practise, type something here")
        ben.expect(PROMPT)
        ben.enter("just trying", PROMPT)
        ben.enter(".", "This is how you would have answered:", "just trying",
                  "It was only practice: it is gone now, and nobody saw it", PROMPT)
        check(circle.facilitator.quit() == 0, circle.facilitator.error_text())
        ben.expect("No facilitator is connected")
        mirjam = Person(circle, "Mirjam")
        mirjam.expect("Ben \\(participant\\) waits to be let in: /admit 2|Ben.*waits|In the lobby")
        ben.expect("A facilitator is connected")
        mirjam.enter("/admit ben", PROMPT)
        ben.expect("You are in, as Ben")
        ben.leave()
        mirjam.leave()


def test_the_facilitator_takes_back_is_asked_and_calls_last():
    with World() as world:
        circle = begin(world)
        mirjam = facilitate(circle)
        mirjam.expect(PROMPT)
        mirjam.enter("/next", "In three seconds for everyone: step 1", "takes it back")
        mirjam.enter("")  # pressed by habit
        mirjam.enter("/back", "Taken back; nobody saw anything")
        check(circle.cleo.do("step", step=READ)["state"] == "unopened", "taken back")
        mirjam.enter("/next", "takes it back")
        mirjam.enter("/now")
        see_step(circle.cleo, READ, "open")
        mirjam.enter("/next", "Not everyone is ready at this step", "Type yes or no")
        mirjam.enter("", "Type yes or no")  # a held key is no answer
        mirjam.enter("no", "Nothing was done")
        mirjam.enter("/next", "Type yes or no")
        mirjam.enter("yes", "In three seconds")
        see_step(circle.cleo, QUESTION, "open")  # nothing was typed: it goes by itself
        check(circle.cleo.do("where")["here"] == QUESTION, "there")

        ben = Person(circle, "Ben", circle.invite("participant"))
        ben.expect("1a> $")
        ben.enter("a first thought", "1a> $")
        answer(circle.cleo, QUESTION, "Cleo's", "")
        circle.cleo.expect("counts", lambda event: event["counts"]["writing"] == 1)
        mirjam.enter("/release", "Not answered yet: Ben \\(is writing\\)", "Share now\\?",
                     "Type yes or no")
        mirjam.enter("yes", "Not answered yet: Ben", "They have fifteen seconds")
        ben.expect("about to share step 2; 15 seconds to\\s+send. /send\\s+sends all\\s+parts")
        mirjam.enter("/back", "Left open")
        check(circle.cleo.do("step", step=QUESTION)["state"] == "open", "left open")
        mirjam.enter("/release", "Type yes or no")
        mirjam.enter("yes", "They have fifteen seconds")
        ben.enter("/send", "saved")  # nobody writes any more: shared at once, not after 15 s
        see_step(circle.cleo, QUESTION, "released")
        names = {one["name"] for one in circle.cleo.do("shared", step=QUESTION)["answers"]}
        check(names == {"Ben", "Cleo"}, "nobody's thought is missing: %s" % names)
        mirjam.expect("Shared at step 2, question 1")

        mirjam.enter("/next", "takes it back")
        mirjam.enter("/now")
        see_step(circle.cleo, CHOICE, "open")
        mirjam.enter("/who", "Ben")
        mirjam.enter("/tips")
        mirjam.enter("/open 4", "Type yes or no")
        mirjam.enter("yes", "In three seconds")
        mirjam.enter("/now")
        see_step(circle.cleo, TOGETHER, "open")
        mirjam.enter("What we concluded together")
        mirjam.enter(".", "Sent")
        circle.cleo.until("shared", lambda seen: [note["text"] for note in seen["notes"]] ==
                          ["What we concluded together"], step=TOGETHER)
        mirjam.enter("/end", "End the session for everyone")
        mirjam.enter("yes")
        circle.cleo.expect("session", lambda event: event["state"] == "ended")
        mirjam.leave()
        ben.leave()


def test_the_observer_writes_along():
    with World() as world:
        circle = begin(world)
        olga = Person(circle, "Olga", circle.invite("observer"))
        olga.expect("You are in, as Olga")
        circle.open_step(READ, circle.cleo)
        olga.expect(PROMPT)
        olga.enter("they begin with the figures", "Noted, for yourself", PROMPT)
        olga.enter("/message Mirjam slow down", PROMPT)
        said = circle.facilitator.expect("message")["said"]
        check(said["text"] == "slow down", str(said))
        olga.enter("/message Nobody hello", 'Not sent. Nobody here is called "Nobody"', PROMPT)
        circle.facilitator.do("message", to=["Olga"], text="thank you")
        olga.expect("1 private message: /messages")  # never over what somebody reads
        olga.enter("/messages", "thank you", PROMPT)
        circle.facilitator.do("open", step=MIRROR)
        olga.expect("report")
        olga.expect(PROMPT)
        olga.enter("You were quick to explain.", PROMPT)
        olga.enter(".", "Sent")
        check(circle.cleo.expect("report")["said"]["text"] == "You were quick to explain.", "")
        olga.enter("/jottings", "they begin with the figures", PROMPT)
        olga.leave()


def test_it_comes_back_to_what_was_typed():
    with World() as world:
        circle = begin(world)
        circle.open_step(READ, circle.cleo)
        circle.open_step(QUESTION, circle.cleo)
        ben = Person(circle, "Ben", circle.invite("participant"))
        ben.expect("1a> $")
        ben.enter("half of it", "1a> $")
        ben.terminal.type("the oth")
        ben.expect("the oth")
        ben.terminal.type("\x03")  # Ctrl-C over a draft asks
        ben.expect("kept on this device, but not sent. Leave all the\\s+same\\?")
        ben.enter("yes")
        check(ben.terminal.wait() == 0 and ben.terminal.is_restored(), "left")
        ben = Person(circle, "Ben")
        ben.expect("Looking for the server")
        ben.expect("What you were typing at step 2 is still here")
        ben.expect("Connected")
        ben.expect("1b> $")  # the first part that is empty yet
        ben.enter("/field", "half of it", "the oth", "1b> $")
        circle.server.kill()
        ben.expect("goes on trying. What\\s+you\\s+write\\s+is\\s+kept")
        ben.enter(".", "waiting")
        circle.server.start()
        ben.expect("saved")
        ben.terminal.type("\x04")  # Ctrl-D with nothing unsent leaves
        check(ben.terminal.wait() == 0 and ben.terminal.is_restored(), "left")


def test_who_came_back_with_a_draft_is_waited_for():
    with World() as world:
        circle = begin(world)
        circle.open_step(READ, circle.cleo)
        circle.open_step(QUESTION, circle.cleo)
        answer(circle.cleo, QUESTION, "Cleo's", "")
        ben = Person(circle, "Ben", circle.invite("participant"))
        ben.expect("1a> $")
        ben.enter("half of it", "1a> $")
        ben.terminal.child.kill()
        ben.terminal.child.wait()
        ben = Person(circle, "Ben")
        ben.expect("What you were typing at step 2 is still here")
        circle.cleo.expect("counts", lambda event: event["counts"]["writing"] == 1)
        mirjam = facilitate(circle)
        mirjam.expect(PROMPT)
        mirjam.enter("/release", "Not answered yet: Ben \\(is writing\\)", "Type yes or no")
        mirjam.enter("yes", "They have fifteen seconds")
        ben.expect("about to share step 2; 15 seconds to\\s+send")
        mirjam.enter("", PROMPT)  # pressed by habit
        check(circle.cleo.do("step", step=QUESTION)["state"] == "open", "it is waited for")
        ben.terminal.type("and more")  # that nobody interrupts
        ben.expect("and more")
        mirjam.enter("/now")
        see_step(circle.cleo, QUESTION, "released")
        ben.enter("", "What you typed at step 2 was not sent before it was\\s+shared. It stays on")
        mirjam.enter("/next", "takes it back")
        mirjam.enter("/now")
        ben.expect("option> $")  # the prompt goes along
        ben.enter("1 as it says", "You chose 1", PROMPT)
        ben.enter(".", "saved")
        ben.enter("/mine 2", "Your answer at step 2: not sent", "half of it", "and more",
                  PROMPT)
        check(ben.terminal.text.count("was not sent before it was") == 1, "said once")
        ben.leave()
        mirjam.leave()


def test_only_an_answer_that_is_asked_is_being_written():
    with World() as world:
        circle = begin(world)
        circle.open_step(READ, circle.cleo)
        circle.open_step(QUESTION, circle.cleo)
        olga = Person(circle, "Olga", circle.invite("observer"))
        ben, dina = (Person(circle, name, circle.invite("participant"))
                     for name in ("Ben", "Dina"))
        for person in (ben, dina):
            person.expect("1a> $")
        olga.expect("You are in, as Olga")
        begun = len(circle.facilitator.events)
        ben.terminal.type("/messages")  # nobody presses Enter
        olga.terminal.type("/message Ben: go on")
        ben.expect("/messages$")
        olga.expect("go on$")
        dina.terminal.type("a thought")  # which is kept, and told, after both
        circle.facilitator.expect("counts", lambda event: event["counts"]["writing"] == 1)
        told = [event["counts"]["writing"] for event in circle.facilitator.events[begun:]
                if event["event"] == "counts"]
        check(max(told) == 1, "writing: %s" % told)


def test_it_works_without_a_locale():
    with World() as world:
        circle = begin(world)
        circle.open_step(READ, circle.cleo)
        circle.open_step(QUESTION, circle.cleo)
        ben = Person(circle, "Ben", circle.invite("participant"),
                     {"LC_ALL": "C", "LANG": "C", "LANGUAGE": "", "TERM": "dumb"})
        ben.expect("1a> $")
        ben.enter("caf\u00e9, \u4f60\u597d, \U0001f469\u200d\U0001f4bb\u007f!", "1a> $")
        ben.enter(".", "1b> $")
        ben.enter(".", "saved")
        shared = circle.release_step(QUESTION, circle.cleo)[0]
        check([one["fields"][0] for one in shared["answers"]] == ["caf\u00e9, \u4f60\u597d, !"],
              "one backspace takes the whole of an emoji: %s" % shared["answers"])
        ben.expect("caf\u00e9")
        ben.leave()


def test_the_terminal_is_restored_on_every_way_out():
    with World() as world:
        circle = begin(world)
        ben = Person(circle, "Ben", circle.invite("participant"))
        ben.expect("You are in")
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            ben.expect(PROMPT)
            check(not ben.terminal.is_restored(), "key by key while it runs")
            ben.terminal.child.send_signal(number)
            check(ben.terminal.wait() == 0, "signal %d: %d" % (number, ben.terminal.wait()))
            check(ben.terminal.is_restored(), "after signal %d" % number)
            ben = Person(circle, "Ben")
        ben.expect(PROMPT)
        ben.enter("/quit")
        ben.terminal.wait()
        check(ben.terminal.is_restored(), "after /quit")
        refused = Terminal(world, "Nobody", [KRING, "open"])
        refused.expect("knows no session yet")
        check(refused.wait() == 66 and refused.is_restored(), "after a refusal")


def test_plain_is_the_default_without_a_terminal():
    with World() as world:
        circle = begin(world)
        circle.open_step(READ, circle.cleo)
        circle.open_step(QUESTION, circle.cleo)
        code, out, errors = world.kring(
            "Ben", "join", "--name", "Ben", circle.invite("participant"), stdin="")
        check(code == 0, "%d %s %s" % (code, out, errors))
        ben = arrived(circle.open("Ben"))
        see_step(ben, QUESTION, "open")
        check(ben.quit() == 0, ben.error_text())
        code, out, errors = world.kring(
            "Ben", "open", stdin="from a pipe\n.\nsecond\n.\n/mine\n/quit\n")
        check(code == 0 and "from a pipe" in out, "%d %s %s" % (code, out, errors))
        check("\x1b" not in out and "\a" not in out, "control codes: %r" % out)
        circle.facilitator.until("who", lambda seen: seen["counts"]["answered"] == 1)
        saved(circle.open("Ben"), QUESTION)


if __name__ == "__main__":
    main(sys.modules[__name__])
