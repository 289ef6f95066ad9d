"""One session from beginning to end, with five real clients and a real server: what each may
see, and when."""

import sys

from circle import (CHOICE, Circle, MIRROR, QUESTION, READ, RESOLVE, TOGETHER, YOURSELF, answer,
                    arrived, see_step)
from harness import Server, World, check, main

MATERIAL = "This Monday Bo's chair is empty."
EXPLANATION = "The text never says why the chair is empty."
CONSEQUENCE = "I did not dare to come in"
TIP = "Ask for the number of the paragraph."


def begin(world, **more):
    """A circle with an observer and two participants; a third one is still to come."""
    circle = Circle(world, Server(world), **more)
    circle.olga = circle.join("Olga", "observer")
    circle.ben = circle.join("Ben")
    circle.cleo = circle.join("Cleo")
    return circle


def everyone(circle):
    return [circle.facilitator, circle.olga, circle.ben, circle.cleo]


def head(client):
    """Where a client is in both of its streams: the public head, and the messages it has."""
    return client.do("head")["index"], [said["index"] for said in client.do("messages")]


def same_head(*clients):
    """Waits until all have the same public history; its index."""
    most = max(client.do("head")["index"] for client in clients)
    heads = [client.until("head", lambda seen: seen["index"] >= most) for client in clients]
    hashes = {seen["hash"] for seen in heads}
    check(len(hashes) == 1, "two histories: %s" % heads)
    return most


def texts_of(client):
    return "\n".join(text["text"] + "\n".join(text["lines"]) for text in client.do("texts"))


def answers_by_name(shared):
    return {one["name"]: (one["option"], one["fields"]) for one in shared["answers"]}


def export(world, name):
    code, out, errors = world.kring(name, "export", "--output", "-")
    check(code == 0, "export of %s: %d %s" % (name, code, errors))
    return out


# ---- a whole session, in the order of the guide ----


def read_situation(circle):
    check(MATERIAL not in texts_of(circle.ben), "read ahead")
    circle.open_step(READ, circle.olga, circle.ben, circle.cleo)
    read = circle.ben.do("read")
    check(any(MATERIAL in text["text"] for text in read), "the situation: %s" % read)
    circle.ben.do("done")
    counts = circle.cleo.expect("counts", lambda event: event["counts"]["done"] == 1)["counts"]
    check(counts["step"] == READ and counts["expected"] == 2, "counts: %s" % counts)
    who = circle.facilitator.until("who", lambda seen: seen["counts"]["done"] == 1)["who"]
    done = {mark["name"]: mark["done"] for mark in who}
    check(done["Ben"] and not done["Cleo"], "done: %s" % done)
    circle.ben.refused("who")


def ask_question(circle):
    circle.open_step(QUESTION, circle.olga, circle.ben, circle.cleo)
    step = circle.ben.do("step")
    check(len(step["items"]) == 2, "items of what the case has: %s" % step["items"])
    check(step["may_answer"] and not circle.olga.do("step")["may_answer"], "who answers")
    check("until the facilitator shares" in step["audience"], step["audience"])
    check(TIP in circle.facilitator.do("tips")["step"], "the facilitator's tip")
    circle.ben.refused("tips")
    circle.ben.refused("release", step=QUESTION)
    circle.olga.refused("answer", fields=["the observer does not answer", ""])
    own = answer(circle.ben, QUESTION, "Ben sees the chair", "Ben hears the figures")
    check(own["edit"] == 1, "first edit: %s" % own)
    own = answer(circle.ben, QUESTION, "Ben sees the empty chair", "Ben hears the figures")
    check(own["edit"] == 2, "second edit: %s" % own)
    circle.facilitator.until("who", lambda seen: seen["counts"]["answered"] == 1)
    answer(circle.cleo, QUESTION, "Cleo sees Ada begin", "")


def share_question(circle, *late):
    people = [circle.olga, circle.ben, circle.cleo, *late]
    circle.close_step(QUESTION, *people)
    circle.ben.refused("answer", step=QUESTION, fields=["too late", ""])
    for client in people:
        check(client.do("shared", step=QUESTION)["answers"] == [], "shown before it is shared")
    shown = circle.release_step(QUESTION, *people)
    for shared in shown:
        answers = answers_by_name(shared)
        check(answers == {"Ben": (0, ["Ben sees the empty chair", "Ben hears the figures"]),
                          "Cleo": (0, ["Cleo sees Ada begin", ""])}, "shared: %s" % answers)
        check(shared["explanation"] is None, "the explanation waits for the choice")
    orders = [[one["name"] for one in shared["answers"]] for shared in shown]
    check(all(order == orders[0] for order in orders), "one order for all: %s" % orders)
    circle.ben.until("mine", lambda own: own["state"] == "shared", step=QUESTION)


def choose(circle, dina):
    people = [circle.olga, circle.ben, circle.cleo, dina]
    circle.open_step(CHOICE, *people)
    check("consequence" not in str(dina.do("shared", step=CHOICE)), "consequence ahead of time")
    answer(circle.ben, CHOICE, "somebody has to", option=1)
    answer(circle.cleo, CHOICE, "", option=2)
    answer(dina, CHOICE, "he called", option=1)
    for client in people:
        check(CONSEQUENCE not in str(client.do("step", step=CHOICE)), "consequence before")
    for shared in circle.release_step(CHOICE, *people):
        tally = [option["tally"] for option in shared["options"]]
        check(tally == [2, 1], "tally: %s" % tally)
        check(CONSEQUENCE in shared["options"][0]["consequence"], "first consequence")
        check(shared["options"][0]["preferred"], "preferred")
        check("the chair is empty again" in shared["after"], "after: %s" % shared["after"])
        check(answers_by_name(shared)["Dina"] == (1, ["he called"]), "reasons")
        check(EXPLANATION in shared["explanation"]["text"], "the explanation is unlocked")
    check(EXPLANATION in dina.do("shared", step=QUESTION)["explanation"]["text"],
          "it belongs to both questions")


def talk(circle, dina):
    people = [circle.olga, circle.ben, circle.cleo, dina]
    circle.open_step(TOGETHER, *people)
    circle.ben.refused("note", text="a participant does not write it")
    circle.facilitator.do("note", text="We look away together.")
    circle.facilitator.do("note", text="We looked away, all of us.")
    for client in people:
        client.until("shared", lambda seen: [note["text"] for note in seen["notes"]][-1:] ==
                     ["We looked away, all of us."], step=TOGETHER)
    circle.facilitator.do("call", paragraph=2, reading=material_number(circle))
    passage = dina.expect("passage")
    check(passage["paragraph"] == 2, "called to: %s" % passage)
    circle.cleo.do("park", text="Who sits where?")
    check(dina.expect("parked")["said"]["text"] == "Who sits where?", "parked")


def material_number(circle):
    return [text["number"] for text in circle.facilitator.do("texts")
            if MATERIAL in text["text"]][0]


def ask_privately(circle, dina):
    people = [circle.olga, circle.ben, circle.cleo, dina]
    circle.open_step(YOURSELF, *people)
    step = circle.ben.do("step")
    check(step["share"] == "private" and "stays on this device" in step["audience"], "%s" % step)
    circle.ben.do("answer", step=YOURSELF, fields=["Ben was silent himself"])
    circle.ben.until("mine", lambda own: own["state"] == "kept", step=YOURSELF)
    marks = circle.facilitator.until("who", lambda seen: seen["counts"]["done"] == 1)["who"]
    check([mark["name"] for mark in marks if mark["done"]] == ["Ben"], "only that: %s" % marks)
    circle.facilitator.refused("release", step=YOURSELF)
    circle.close_step(YOURSELF, *people)


def commit(circle, dina):
    people = [circle.olga, circle.ben, circle.cleo, dina]
    circle.open_step(RESOLVE, *people)
    answer(circle.facilitator, RESOLVE, "I ask who is missing", "next Monday")
    answer(circle.olga, RESOLVE, "I say sooner what I see", "")
    answer(dina, RESOLVE, "I call Bo", "tomorrow")
    for shared in circle.release_step(RESOLVE, *people):
        check(answers_by_name(shared) == {
            "Mirjam": (0, ["I ask who is missing", "next Monday"]),
            "Olga": (0, ["I say sooner what I see", ""]),
            "Dina": (0, ["I call Bo", "tomorrow"])}, "commitments: %s" % shared["answers"])


def report(circle, dina):
    people = [circle.ben, circle.cleo, dina]
    circle.open_step(MIRROR, circle.olga, *people)
    circle.ben.refused("report", text="a participant does not report")
    circle.olga.do("report", text="You were quick to explain.")
    for client in (circle.facilitator, *people):
        said = client.expect("report")["said"]
        check(said["text"] == "You were quick to explain." and said["name"] == "Olga", str(said))


def check_transcripts(circle):
    world = circle.world
    all_of_them = {name: export(world, name)
                   for name in ("Mirjam", "Olga", "Ben", "Cleo", "Dina")}
    for name, text in all_of_them.items():
        for common in ("Ben sees the empty chair", "Cleo sees Ada begin", "he called",
                       "We looked away, all of us.", "I call Bo", "You were quick to explain.",
                       "The empty chair", "not part of a client's", MATERIAL.split("'")[0],
                       "Who sits where?", "Dina"):
            check(common in text, "%s lacks %r" % (name, common))
        for never in ("Ben sees the chair", "too late", "We look away together.", TIP):
            check(never not in text, "%s has %r" % (name, never))
        check(("Ben was silent himself" in text) == (name == "Ben"), "private, in %s" % name)
        check(("slow down" in text) == (name in ("Olga", "Mirjam")), "feedback, in %s" % name)
        check(("look at Cleo" in text) == (name in ("Olga", "Ben")), "feedback, in %s" % name)
        check(("Olga, to myself" in text) == (name == "Olga"), "jotting, in %s" % name)


def test_a_whole_session():
    with World() as world:
        circle = begin(world)
        missing = circle.facilitator.until(
            "people", lambda seen: sum(m["state"] == "member" for m in seen["members"]) == 4)
        check(missing["missing"] == {"observer": False, "people": 0}, "missing: %s" % missing)
        read_situation(circle)
        ask_question(circle)
        circle.olga.do("message", to=["Mirjam"], text="slow down")
        check(circle.facilitator.expect("message")["said"]["text"] == "slow down", "feedback")
        circle.olga.do("message", to=["Ben"], text="look at Cleo")
        check(circle.ben.expect("message")["said"]["name"] == "Olga", "feedback to one")
        circle.olga.do("jot", text="Olga, to myself")
        dina = circle.join("Dina")
        share_question(circle, dina)
        choose(circle, dina)
        talk(circle, dina)
        ask_privately(circle, dina)
        commit(circle, dina)
        report(circle, dina)
        people = [*everyone(circle), dina]
        circle.facilitator.do("end")
        for client in people:
            client.expect("session", lambda event: event["state"] == "ended")
        circle.ben.refused("answer", step=RESOLVE, fields=["after the end", ""])
        same_head(*people)
        for client in people:
            check(client.quit() == 0, "%s: %s" % (client.name(), client.error_text()))
        check_transcripts(circle)
        code, out, _ = world.kring("Ben", "sessions")
        check(code == 0 and circle.session[:8] in out and "participant" in out, out)
        check(circle.server.end() == 0, circle.server.log_text())


# ---- who comes late ----


def test_a_late_one_gets_what_they_may_have():
    with World() as world:
        circle = begin(world)
        circle.open_step(READ, circle.ben, circle.cleo)
        circle.open_step(QUESTION, circle.ben, circle.cleo)
        answer(circle.ben, QUESTION, "Ben's first", "Ben's second")
        answer(circle.cleo, QUESTION, "Cleo's first", "")
        circle.olga.do("message", to=["Ben"], text="feedback to Ben")
        circle.ben.expect("message")
        circle.release_step(QUESTION, circle.ben, circle.cleo)
        circle.open_step(CHOICE, circle.ben, circle.cleo)
        answer(circle.ben, CHOICE, "Ben's hidden reason", option=1)

        dina = circle.join("Dina")
        where = dina.do("where")
        check(where["here"] == CHOICE and where["role"] == "participant", str(where))
        check(MATERIAL in texts_of(dina), "what was opened can be read")
        check(answers_by_name(dina.do("shared", step=QUESTION)) ==
              {"Ben": (0, ["Ben's first", "Ben's second"]), "Cleo": (0, ["Cleo's first", ""])},
              "what was released is there")
        seen = "\n".join(dina.seen)
        for hidden in ("Ben's hidden reason", CONSEQUENCE, EXPLANATION, "feedback to Ben", TIP,
                       "the expectations in this group"):
            check(hidden not in seen, "a late one has %r" % hidden)
        overview = {step["number"]: step for step in dina.do("overview")}
        check(overview[CHOICE]["shown"] and not overview[TOGETHER]["shown"], str(overview))
        check(overview[MIRROR]["title"] == "", "a title ahead of time: %s" % overview[MIRROR])
        check(all(event["past"] for event in dina.events if event["event"] == "released"),
              "what was before is told as past")
        answer(dina, CHOICE, "Dina is in time", option=2)
        shown = circle.release_step(CHOICE, dina)
        check(answers_by_name(shown[1]) == answers_by_name(shown[0]), "one release for all")


def test_who_waits_in_the_lobby_has_nothing():
    with World() as world:
        circle = Circle(world, Server(world), options=("--admit", "by-hand"))
        ben = circle.enter("Ben")
        ben.until("where", lambda where: where["standing"] == "lobby" and
                  where["lobby"] == "agreement")
        circle.facilitator.do("open", step=READ)
        see_step(circle.facilitator, READ, "open")
        ben.until("where", lambda where: where["standing"] == "lobby")
        check(ben.refused("texts")["status"] != "", "the lobby reads nothing")
        check(ben.refused("answer", step=QUESTION, fields=["from outside"])["text"] ==
              "You have not been let in yet.", "the lobby answers nothing")
        seen = "\n".join(ben.seen)
        check(MATERIAL not in seen and "empty chair" not in seen, "the lobby has a text")
        people = circle.facilitator.until(
            "people", lambda seen: any(m["state"] == "lobby" for m in seen["members"]))
        waiting = [m for m in people["members"] if m["state"] == "lobby"]
        check([m["name"] for m in waiting] == ["Ben"], str(waiting))
        circle.facilitator.do("admit", who="Ben")
        arrived(ben)
        see_step(ben, READ, "open")
        check(MATERIAL in texts_of(ben), "let in, and reads")

        stranger = circle.enter("Stranger")
        circle.facilitator.until(
            "people", lambda seen: any(m["name"] == "Stranger" and m["state"] == "lobby"
                                       for m in seen["members"]))
        circle.facilitator.do("refuse", who="Stranger")
        stranger.expect("standing", lambda event: event["where"]["standing"] == "removed")
        check(stranger.wait() == 77, "turned away: %d" % stranger.wait())
        code, out, _ = world.kring("Stranger", "open", "--plain")
        check(code == 77 and "You are not in this session any more" in out, "%d %s" % (code, out))


def test_a_private_message_leaves_no_trace():
    with World() as world:
        circle = begin(world)
        dina = circle.join("Dina")
        circle.open_step(READ, circle.olga, circle.ben, circle.cleo, dina)
        others = (circle.cleo, dina)
        circle.ben.do("done")  # counts come a little later: none may still be on its way
        for client in others:
            client.expect("counts", lambda event: event["counts"]["done"] == 1)
        before_public = same_head(circle.facilitator, circle.olga, circle.ben, *others)
        before = {client: head(client) for client in others}
        lines = {client: len(client.seen) for client in others}

        circle.olga.do("message", to=["Ben"], text="only for Ben")
        said = circle.ben.expect("message")["said"]
        check(said["text"] == "only for Ben" and said["name"] == "Olga", str(said))
        circle.olga.do("message", to=["Mirjam"], text="only for Mirjam")
        check(circle.facilitator.expect("message")["said"]["text"] == "only for Mirjam", "")
        circle.facilitator.do("message", to=["Olga"], text="an answer")
        circle.olga.expect("message", lambda event: event["said"]["text"] == "an answer")
        circle.ben.refused("message", to=["Cleo"], text="participants have no whispers")

        # A round after it that everyone sees: whatever the messages brought came before it.
        circle.facilitator.do("timer", minutes=3)
        for client in others:
            client.expect("timer", lambda event: not event["past"])
        for client in others:
            index, own = head(client)
            check(index == before_public + 1, "the public stream grew by %d"
                  % (index - before_public))
            check(own == before[client][1] == [], "own stream: %s" % own)
            fresh = [event for line, event in zip(client.seen, client.events)
                     ][lines[client]:]
            kinds = {event["event"] for event in fresh} - {"done"}
            check(kinds == {"timer"}, "a third person heard of %s" % kinds)
        check([m["text"] for m in circle.ben.do("messages")] == ["only for Ben"], "Ben's")
        check([m["text"] for m in circle.olga.do("messages")] ==
              ["only for Ben", "only for Mirjam", "an answer"], "Olga's")


def test_the_facilitator_sees_what_is_missing():
    with World() as world:
        circle = Circle(world, Server(world))
        missing = circle.facilitator.do("people")["missing"]
        check(missing == {"observer": True, "people": 3}, "alone: %s" % missing)
        ben = circle.join("Ben")
        circle.facilitator.until("people", lambda seen: seen["missing"] ==
                                 {"observer": True, "people": 2})
        circle.join("Olga", "observer")
        circle.facilitator.until("people", lambda seen: seen["missing"] ==
                                 {"observer": False, "people": 1})
        circle.join("Cleo")
        circle.facilitator.until("people", lambda seen: seen["missing"] ==
                                 {"observer": False, "people": 0})
        check(ben.do("people")["missing"]["people"] == 0, "nothing is missing for Ben to see")
        check(ben.quit() == 0, ben.error_text())
        circle.facilitator.until("people", lambda seen: [
            m["present"] for m in seen["members"] if m["name"] == "Ben"] == [False])


def test_the_pace_is_the_facilitators():
    with World() as world:
        circle = begin(world)
        for name, more in (("next", {}), ("open", {"step": READ}), ("close", {}), ("end", {}),
                           ("pause", {}), ("timer", {"minutes": 1}), ("skip", {"step": READ}),
                           ("invite", {"role": "participant"}), ("purge", {})):
            for client in (circle.ben, circle.olga):
                reply = client.refused(name, **more)
                check(reply["status"] == "forbidden", "%s: %s" % (name, reply))
        circle.facilitator.do("next")
        see_step(circle.ben, READ, "open")
        circle.facilitator.do("next")
        see_step(circle.ben, QUESTION, "open")
        circle.facilitator.do("previous")
        circle.ben.until("where", lambda where: where["here"] == READ)
        circle.facilitator.do("skip", step=TOGETHER)
        see_step(circle.ben, TOGETHER, "skipped")
        circle.facilitator.do("pause")
        circle.ben.expect("session", lambda event: event["state"] == "paused")
        circle.ben.do("answer", step=QUESTION, fields=["during the pause", ""])
        check(circle.ben.do("mine", step=QUESTION)["state"] == "waiting", "kept in the pause")
        circle.facilitator.do("resume")
        circle.ben.until("mine", lambda own: own["state"] == "saved", step=QUESTION)
        circle.close_step(QUESTION, circle.ben)
        circle.open_step(QUESTION, circle.ben)
        answer(circle.ben, QUESTION, "after it was opened again", "")
        circle.close_step(QUESTION, circle.ben)
        shown = circle.release_step(QUESTION, circle.ben)
        check(answers_by_name(shown[1]) == {"Ben": (0, ["after it was opened again", ""])},
              str(shown))
        check(circle.facilitator.refused("open", step=QUESTION)["status"] != "",
              "what is shared stays shared")


def test_a_session_can_be_deleted():
    with World() as world:
        circle = begin(world)
        circle.open_step(READ, circle.ben)
        circle.facilitator.do("purge")
        for client in (circle.facilitator, circle.ben):
            client.expect("session", lambda event: event["state"] == "purged")
            client.send_line('{"do": "quit"}')
            client.wait()
        code, _, errors = world.kring("Ben", "export", "--output", "-")
        check(code == 69 and "deleted" in errors, "%d %s" % (code, errors))
        _, out, _ = circle.server.command("sessions")
        check(circle.session[:8] in out and "purged" in out, out)


if __name__ == "__main__":
    main(sys.modules[__name__])
