"""What the commands ask and tell: which session is meant, who somebody is, what is not wise."""

import sys

from circle import CHOICE, Circle, QUESTION, READ, answer, arrived
from harness import (KRING, NOINPUT, SMALL_GUIDE, USAGE, Client, Server, Terminal, World, check,
                     main, told)


def host(world, server, name, title, letters):
    client = Client(world, name, ["host", SMALL_GUIDE, "--name", name, "--title", title,
                                  "--letters", world.path(letters)],
                    {"KRING_TICKET": server.ticket()})
    session = client.expect("created")["session"]
    check(client.quit() == 0, client.error_text())
    return session


def test_open_asks_only_where_there_is_a_choice():
    with World() as world:
        server = Server(world)
        told(world.kring("Ada", "open"), NOINPUT, "knows no session yet", "kring join")
        first = host(world, server, "Ada", "Monday's", "one")
        check(arrived(Client(world, "Ada", ["open"])).quit() == 0, "the only one")
        second = host(world, server, "Ada", "Tuesday's", "two")
        told(world.kring("Ada", "open"), USAGE, "knows 2 sessions", first[:8], second[:8],
             "Monday's", "Tuesday's")
        told(world.kring("Ada", "open", "day's"), USAGE, '2 sessions here fit "day\'s"',
             first[:8], second[:8])
        told(world.kring("Ada", "open", "Wednesday"), NOINPUT,
             'no session here is called "Wednesday"', "kring sessions")
        for word in (first[:8], "Monday"):
            ada = arrived(Client(world, "Ada", ["open", word]))
            check(ada.do("where")["title"] == "Monday's", "that one: %s" % ada.do("where"))
            check(ada.quit() == 0, ada.error_text())
        # One that was deleted is no choice.
        ada = arrived(Client(world, "Ada", ["open", second[:8]]))
        ada.do("end")
        ada.expect("session", lambda event: event["state"] == "ended")
        ada.do("purge")
        ada.expect("session", lambda event: event["state"] == "purged")
        ada.quit()
        told(world.kring("Ada", "open", second[:8]), 69, "has been deleted")
        check(arrived(Client(world, "Ada", ["open"])).quit() == 0, "the one that is left")


def test_open_says_that_the_server_is_gone_and_goes_on():
    with World() as world:
        circle = Circle(world, Server(world))
        check(circle.join("Ben").quit() == 0, "Ben was here")
        check(circle.server.end() == 0, circle.server.log_text())
        ben = Terminal(world, "Ben", [KRING, "open"])
        ben.expect(r"No connection with\s+127.0.0.1; this\s+goes\s+on\s+trying")
        circle.server.start()
        ben.expect(r"Connected\.")
        ben.enter("/quit")
        check(ben.wait() == 0, ben.text)


def test_a_name_is_something_that_shows():
    with World() as world:
        circle = Circle(world, Server(world))
        invite = {"KRING_INVITE": circle.invite("participant")}
        for name in ("", "  ", "\t\u200b\u00a0", "\x1b\x07", "\u202e"):
            told(world.kring("Ben", "join", "--name", name, environment=invite), USAGE,
                 "this name is blank")
        told(world.kring("Ben", "join", "--name", "n" * 300, environment=invite), USAGE,
             "too long")
        told(world.kring("Ben", "join", stdin="\n \n\x1b\n", environment=invite), USAGE,
             "Your name", "this name is blank", "without a name nobody can be there")
        told(world.kring("Ada", "host", SMALL_GUIDE, "--name", " ",
                         environment={"KRING_TICKET": circle.server.ticket()}), USAGE,
             "this name is blank")
        _, out, _ = world.kring("Ben", "sessions")
        check("no session yet" in out, out)
        ben = Client(world, "Ben", ["join"], invite)
        for line in ("", " \u00a0", "Ben"):
            ben.send_line(line)
        arrived(ben)
        people = circle.facilitator.do("people")["members"]
        check("Ben" in [member["name"] for member in people], str(people))


def test_join_warns_of_links_in_the_command_line():
    with World() as world:
        told(world.kring("Ben", "join", "--help"), 0, "read by other users of this machine",
             "history of your shell", "KRING_INVITE")


def test_who_and_tips_are_asked_of_any_step():
    with World() as world:
        circle = Circle(world, Server(world))
        ben = circle.join("Ben")
        circle.open_step(READ, ben)
        circle.open_step(QUESTION, ben)
        answer(ben, QUESTION, "what I saw", "")
        circle.open_step(CHOICE, ben)
        mirjam = circle.facilitator
        mirjam.until("who", lambda seen: seen["counts"]["answered"] == 1, step=QUESTION)
        check(mirjam.do("who")["counts"]["answered"] == 0, "the step where the group is")
        tips = [mirjam.do("tips", step=step)["step"] for step in (READ, QUESTION, CHOICE)]
        check(mirjam.do("tips")["step"] == tips[2] and len(set(tips)) > 1, str(tips))


if __name__ == "__main__":
    main(sys.modules[__name__])
