"""Servers that lie: that were put back from a backup, show another history, leave out, reorder or
forge, or are not the server of the invite. Clients notice, say so, and write no more."""

import os
import shutil
import sqlite3
import sys

from circle import Circle, QUESTION, READ, answer, arrived, saved
from harness import Client, Failure, Server, World, check, main, program


class Lie:
    """What kringd_lying says, from now on."""

    def __init__(self, world):
        self.path = world.path("lie")

    def say(self, what, index):
        with open(self.path + ".new", "w", encoding="ascii") as out:
            out.write("%s %d\n" % (what, index))
        os.rename(self.path + ".new", self.path)

    def stop(self):
        os.unlink(self.path)


def copy_data(server, name):
    """A backup of the stopped server's directory."""
    backup = server.world.path(name)
    shutil.rmtree(backup, ignore_errors=True)
    shutil.copytree(server.data, backup, ignore=shutil.ignore_patterns("*.sock", "*.lock"))
    return backup


def put_back(server, backup):
    shutil.rmtree(server.data)
    shutil.copytree(backup, server.data)


def check_silent(client, what):
    """After a fault: nothing is written, what is there can be read, and it stays so."""
    fault = client.expect("fault")
    check(what in fault["text"], "%s: %s" % (client.person, fault))
    check("Nothing is sent any more" in fault["text"], str(fault))
    where = client.do("where")
    check(where["fault"] == fault["text"] and not where["may_write"], str(where))
    for name, more in (("answer", {"step": QUESTION, "fields": ["x", ""]}),
                       ("park", {"text": "x"})):
        reply = client.refused(name, **more)
        check(reply["status"] == "conflict", str(reply))
    check(len(client.do("texts")) > 0, "what is there can be read")
    return fault


def head(client):
    return client.do("head")["index"]


def test_a_server_that_was_put_back_is_noticed():
    with World() as world:
        server = Server(world)
        circle = Circle(world, server)
        ben, cleo = circle.join("Ben"), circle.join("Cleo")
        circle.open_step(READ, ben, cleo)
        cleo_head = cleo.until("head", lambda seen: seen["index"] == head(circle.facilitator))
        check(cleo.quit() == 0, cleo.error_text())
        check(server.end() == 0, server.log_text())
        backup = copy_data(server, "backup")
        server.start()
        for client in (ben, circle.facilitator):
            client.until("where", lambda where: where["connected"] and where["caught_up"])
        circle.open_step(QUESTION, ben)
        for i in range(3):
            ben.do("park", text="remark %d" % i)
        ben.until("parked", lambda seen: len(seen) == 3)
        lost = head(ben) - cleo_head["index"]
        circle.facilitator.until("head", lambda seen: seen["index"] == head(ben))
        server.kill()
        put_back(server, backup)
        server.start()
        for client in (ben, circle.facilitator):
            fault = check_silent(client, "probably put back from a backup")
            check("Entries lost: %d." % lost in fault["text"], "lost %d: %s" % (lost, fault))
        check(circle.facilitator.refused("next")["status"] == "conflict", "no pace either")
        check(ben.quit() in (0, 75), ben.error_text())  # 75: something still waits here
        code, out, _ = world.kring("Ben", "export", "--output", "-")
        check(code == 0 and "remark 2" in out, "exported all the same: %s" % out)
        ben = Client(world, "Ben", ["open"])
        check_silent(ben, "Entries lost: %d." % lost)  # also after a new start
        cleo = circle.open("Cleo")  # who did not see more than the backup has no quarrel
        cleo.do("park", text="from Cleo")
        cleo.until("parked", lambda seen: [said["text"] for said in seen] == ["from Cleo"])


def test_two_histories_are_noticed():
    """Put back, and gone on with those who had seen no more than the backup."""
    with World() as world:
        server = Server(world)
        circle = Circle(world, server)
        ben, cleo = circle.join("Ben"), circle.join("Cleo")
        circle.open_step(READ, ben, cleo)
        cleo.until("head", lambda seen: seen["index"] == head(circle.facilitator))
        check(cleo.quit() == 0, cleo.error_text())
        server.end()
        backup = copy_data(server, "backup")
        server.start()
        ben.until("where", lambda where: where["caught_up"])
        ben.do("park", text="one history")
        ben.until("parked", lambda seen: len(seen) == 1)
        fork = head(ben)
        check(ben.quit() == 0, ben.error_text())
        check(circle.facilitator.quit() == 0, circle.facilitator.error_text())
        server.kill()
        put_back(server, backup)
        server.start()
        cleo = circle.open("Cleo")
        for text in ("another", "history"):
            cleo.do("park", text=text)
        cleo.until("parked", lambda seen: len(seen) == 2)
        ben = Client(world, "Ben", ["open"])
        fault = check_silent(ben, "another history")
        check("(Entry %d.)" % fork in fault["text"] and fault["index"] == fork, str(fault))
        check([said["text"] for said in ben.do("parked")] == ["one history"], "Ben's stays")
        check(cleo.do("where")["fault"] == "", "Cleo saw one history only")


def test_a_saved_answer_that_is_lost_is_sent_again():
    """A backup without it, before sharing: nothing is lost, so nobody need be alarmed."""
    with World() as world:
        server = Server(world)
        circle = Circle(world, server)
        ben = circle.join("Ben")
        circle.open_step(READ, ben)
        circle.open_step(QUESTION, ben)
        server.end()
        backup = copy_data(server, "backup")
        server.start()
        ben.until("where", lambda where: where["caught_up"])
        answer(ben, QUESTION, "kept here", "")
        ben.expect("answer", lambda event: event["own"]["state"] == "saved")
        server.kill()
        put_back(server, backup)
        server.start()
        ben.expect("answer", lambda event: event["own"]["state"] == "waiting" and
                   event["own"]["edit"] == 1)
        saved(ben, QUESTION)
        circle.facilitator.until("where", lambda where: where["caught_up"])
        shown = circle.release_step(QUESTION, ben)
        check([one["fields"][0] for one in shown[0]["answers"]] == ["kept here"], str(shown))


def test_an_answer_that_sharing_left_out_is_noticed():
    with World() as world:
        server = Server(world)
        circle = Circle(world, server)
        ben, cleo = circle.join("Ben"), circle.join("Cleo")
        circle.open_step(READ, ben, cleo)
        circle.open_step(QUESTION, ben, cleo)
        answer(ben, QUESTION, "left out", "")
        answer(cleo, QUESTION, "left in", "")
        me = ben.do("where")["me"]
        check(ben.quit() == 0, ben.error_text())
        server.end()
        database = sqlite3.connect(os.path.join(server.data, "kring.db"))
        database.execute("DELETE FROM waiting WHERE member = ?", (me,))
        database.commit()
        database.close()
        server.start()
        circle.facilitator.until("where", lambda where: where["caught_up"])
        circle.release_step(QUESTION, cleo)
        ben = Client(world, "Ben", ["open"])
        fault = ben.expect("fault")
        check("said it had kept is not there" in fault["text"], str(fault))
        check(ben.do("mine", step=QUESTION)["fields"] == ["left out", ""], "it stays")


def test_lies_about_the_log_are_noticed():
    """One who was away comes back and is told something else than the others."""
    cases = [("skip", "left out entries"), ("swap", "another history"), ("repeat", "the same entry twice"),
             ("forge", "not signed by its author"), ("alter", ""),
             ("time", "Time runs backwards")]
    with World() as world:
        lie = Lie(world)
        server = Server(world, program=program("kringd_lying"),
                        environment={"KRING_LIE": lie.path})
        circle = Circle(world, server)
        ben, cleo = circle.join("Ben"), circle.join("Cleo")
        circle.open_step(READ, ben, cleo)
        known = cleo.until("head", lambda seen: seen["index"] == head(circle.facilitator))
        check(cleo.quit() == 0, cleo.error_text())
        home = world.home("Cleo")
        for i in range(4):
            # Each has seen the one before, so that they fit in one order only.
            ben.do("park", text="remark %d" % i)
            ben.until("parked", lambda seen, count=i + 1: len(seen) == count)
        for what, text in cases:
            shutil.copytree(home, home + "-" + what)
            lie.say(what, known["index"] + 2)
            cleo = Client(world, "Cleo-" + what, ["open"])
            try:
                fault = check_silent(cleo, text)
            except Failure as failure:
                raise Failure("%s: %s" % (what, failure)) from failure
            check(len(cleo.do("parked")) == 1, "%s: from there on nothing is believed: %s" %
                  (what, cleo.do("parked")))
            check(fault["index"] - known["index"] in (2, 3), "%s: %s" % (what, fault))
            cleo.finish()
            lie.stop()
        cleo = circle.open("Cleo")
        check(len(cleo.do("parked")) == 4 and cleo.do("where")["fault"] == "", "the truth")
        check(ben.do("where")["fault"] == "", "who was told the truth sees no fault")


def test_another_genesis_is_noticed():
    with World() as world:
        lie = Lie(world)
        server = Server(world, program=program("kringd_lying"),
                        environment={"KRING_LIE": lie.path})
        circle = Circle(world, server)
        other = Client(world, "Other", ["host", *circle.guide, "--name", "Other", "--letters",
                                        world.path("other")], {"KRING_TICKET": server.ticket()})
        other.expect("created")
        other.until("where", lambda where: where["caught_up"])
        lie.say("genesis", 1)
        ben = circle.enter("Ben")
        fault = ben.expect("fault")
        check("another session than the one you were invited to" in fault["text"], str(fault))
        check(ben.do("where")["standing"] == "outside", "Ben did not go in")
        people = circle.facilitator.do("people")["members"]
        check([member["name"] for member in people] == ["Mirjam"], "nobody joined: %s" % people)
        ben.finish()
        lie.stop()
        arrived(circle.enter("Ben", invite=circle.invites[1]))


def test_another_server_is_noticed():
    """The right address, the wrong key: an invite is for one server."""
    with World() as world:
        server = Server(world)
        circle = Circle(world, server)
        ben = circle.join("Ben")
        check(server.end() == 0, server.log_text())
        impostor = Server.__new__(Server)
        impostor.__dict__.update(server.__dict__, data=world.path("impostor"),
                                 log=world.path("impostor.log"))
        impostor.start()
        check(impostor.address == server.address, "the same address")
        sentence = "127.0.0.1 answers, but is not the server of this invite"
        cleo = circle.enter("Cleo")
        for client in (ben, circle.facilitator, cleo):
            lost = client.expect("connection", lambda event: sentence in event["text"])
            check(not lost["connected"], str(lost))
        check("goes on trying" not in cleo.seen[-1], "no use in trying: %s" % cleo.seen[-1])
        check(cleo.do("where")["standing"] == "outside", "nothing was sent")
        code, out, _ = impostor.command("status", "--json")
        check(code == 0 and '"sessions": 0' in out.replace('":0', '": 0'), out)


if __name__ == "__main__":
    main(sys.modules[__name__])
