"""Bad input to the real programs: every case gets a clear sentence that names what is wrong, an
exit code of sysexits.h, and loses nothing."""

import glob
import os
import shutil
import subprocess
import sys

from circle import Circle, QUESTION, READ, answer, arrived, read_letters, saved, see_step
from harness import (CANTCREAT, DATAERR, GUIDES, IOERR, KRING, KRINGD, NOINPUT, NOPERM,
                     SMALL_CASE, SMALL_GUIDE, USAGE, Client, Server, Skip, World, check,
                     clean_environment, main, program, run, told)


# ---- words and flags ----


def test_unknown_words_are_named():
    with World() as world:
        told(world.kring("Ben", "jion"), USAGE, 'there is no command "jion"', "kring --help")
        told(world.kring("Ben"), USAGE, "kring join")
        told(world.kring("Ben", "join", "--nmae", "Ben"), USAGE, "no flag --nmae",
             "kring help join")
        told(world.kring("Ben", "join", "--name"), USAGE, "--name wants a value")
        told(world.kring("Ben", "open", "--json=yes"), USAGE, "--json takes no value")
        told(world.kring("Ben", "open", "--json", "--plain"), USAGE, "exclude each other")
        told(world.kring("Ben", "open", "a", "b"), USAGE, 'too many words: "b"')
        told(world.kring("Ben", "host"), USAGE, "something is missing")
        told(world.kring("Ben", "help", "jion"), USAGE, 'no help about "jion"')
        told(world.kring("Ben", "invite", "abcd", "--role", "boss"), USAGE, "--role")
        told(world.kring("Ben", "host", SMALL_GUIDE, "--participants", "many"), USAGE,
             "--participants wants a number", '"many"')
        told(world.kring("Ben", "export", "--format", "pdf"), USAGE, '"pdf"')
        told(world.kring("Ben", "open"), NOINPUT, "knows no session yet")
        told(world.kring("Ben", "open", "tuesday"), NOINPUT, 'called "tuesday"')
        told(run([KRINGD, "sreve"]), USAGE, "sreve")
        told(run([KRINGD, "serve", "--dta", "x"]), USAGE, "--dta")


# ---- guides and cases ----


def test_broken_guides_are_refused_with_their_place():
    with World() as world:
        server = Server(world)
        ticket = {"KRING_TICKET": server.ticket()}
        for name in ("anchor", "alias", "tag", "deep", "duplicate-key", "unknown-key", "tab",
                     "slot-name", "bad-id", "latin1", "two-documents", "empty"):
            path = os.path.join(GUIDES, "bad", name + ".yaml")
            with open(path + ".txt", encoding="utf-8") as file:
                expected = [line.rstrip("\n").split("bad/", 1)[1] for line in file]
            told(world.kring("Mirjam", "check", path), DATAERR, *expected)
            told(world.kring("Mirjam", "host", path, "--name", "Mirjam", environment=ticket),
                 DATAERR, expected[0], "cannot be played")
        for words in (["none.yaml"], [SMALL_GUIDE, "none.md"],
                      [SMALL_GUIDE, "--case", "none.yaml"]):
            told(world.kring("Mirjam", "check", *words), NOINPUT, words[-1], "No such file",
                 "kring: 1 error\n")
        told(world.kring("Mirjam", "check", world.directory), NOINPUT, "Is a directory")
        told(world.kring("Mirjam", "host", "no-such-guide"), NOINPUT, "no guide of this name",
             "kring guides")
        told(world.kring("Mirjam", "host", SMALL_GUIDE, "--case", "no-such-case"), NOINPUT,
             "no case of this name")
        check(glob.glob(world.path("kring-*")) == [], "letters for nothing")
        _, out, _ = world.kring("Mirjam", "sessions")
        check("no session yet" in out, out)


def test_a_case_that_lacks_a_slot_is_told_from_one_that_does_not_fit():
    """A guide may ask for what a case has not: that is left out. A case that names what the
    guide does not know is a mistake."""
    with World() as world:
        told(world.kring("Mirjam", "check", SMALL_GUIDE, SMALL_CASE), 0)
        path = world.path("odd.yaml")
        with open(SMALL_CASE, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("  situation: |", "  sitaution: |"))
        code, out, errors = world.kring("Mirjam", "check", SMALL_GUIDE, path)
        check("odd.yaml:" in out and "sitaution" in out, "%d %s %s" % (code, out, errors))


def test_what_is_not_playable_names_its_step():
    changes = [("kind: discussion", "kind: agreement", '"kind: agreement"', "together"),
               ("who: all\n        share", "who: observer\n        share", '"who: observer"',
                "for-yourself"),
               ("share: private", "share: anonymous", '"share: anonymous"', "for-yourself"),
               ("    minutes: 8\n", "    work: pairs\n        minutes: 8\n", '"work: pairs"',
                "what-stands-out")]
    with open(SMALL_GUIDE, encoding="utf-8") as file:
        text = file.read()
    with World() as world:
        server = Server(world)
        for old, new, words, step in changes:
            check(old in text, "the guide has changed: %r" % old)
            path = world.path("changed.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace(old, new, 1).replace("        notes: facilitator\n", ""))
            told(world.kring("Mirjam", "host", path, "--case", SMALL_CASE, "--name", "Mirjam",
                             environment={"KRING_TICKET": server.ticket()}),
                 DATAERR, 'step "%s": %s is not playable yet' % (step, words), "changed.yaml:",
                 "cannot be played")


# ---- invites and tickets ----


def replace_at(text, at, with_what="x"):
    other = with_what if text[at] != with_what else "y"
    return text[:at] + other + text[at + 1:]


def test_a_typo_in_an_invite_names_the_part():
    with World() as world:
        server = Server(world)
        circle = Circle(world, server)
        link = circle.invites[1]
        payload = link.index("#") + 1
        cases = [(link.replace("kring://", "krnig://"), "must begin with kring://"),
                 (link.replace("127.0.0.1", "127.0.0.2"), "the name of the server"),
                 (link.replace(":%s/" % server.address.split(":")[1], ":1/"), "the port number"),
                 (link.replace("/join", "/jion"), 'the word before the #'),
                 (replace_at(link, payload + 27), "the first third behind the #"),
                 (replace_at(link, payload + 73), "the middle behind the #"),
                 (replace_at(link, payload + 120), "the last third behind the #"),
                 (replace_at(link, len(link) - 3), "the last characters"),
                 (link[:-10], "not whole"),
                 ("good morning", "must begin with kring://"),
                 ("", "")]
        for text, words in cases:
            for result in (world.kring("Ben", "join", text, "--name", "Ben"),
                           world.kring("Ben", "join", "--name", "Ben",
                                       environment={"KRING_INVITE": text})):
                told(result, DATAERR, "this invite cannot be right", words)
        told(world.kring("Ben", "join", server.ticket(), "--name", "Ben"), DATAERR,
             "this is no invite: it is a ticket")
        told(world.kring("Ben", "host", SMALL_GUIDE, "--ticket", link, "--name", "Ben"), DATAERR,
             "this is no ticket: it is an invite")
        told(world.kring("Ben", "join", stdin="\n\n"), USAGE, "no invite was given")
        _, out, _ = world.kring("Ben", "sessions")
        check("no session yet" in out, "nothing was kept: %s" % out)
        people = circle.facilitator.do("people")["members"]
        check(len(people) == 1, "nobody came in: %s" % people)


def test_an_invite_that_a_mail_program_wrapped_is_read():
    with World() as world:
        circle = Circle(world, Server(world))
        link = circle.invites[1]
        ben = Client(world, "Ben", ["join", "--name", "Ben"])
        for piece in ("> " + link[:60], "> " + link[60:130], "> " + link[130:]):
            ben.send_line(piece)
        ben.expect("hello")
        arrived(ben)
        quoted = circle.invites[2].replace("=", "=3D")
        cleo = Client(world, "Cleo", ["join"])
        cleo.send_line("Good morning, here it is: <" + quoted + ">")
        cleo.send_line("")
        cleo.send_line("Cleo")
        cleo.expect("hello")
        arrived(cleo)


def turned_away(client, code):
    """It ends by itself: there is nothing to stay for."""
    seen = client.wait()
    check(seen == code, "exit %d instead of %d: %s" % (seen, code, client.error_text()))
    client.expect("bye")


def test_an_invite_that_is_used_up_or_withdrawn():
    with World() as world:
        circle = Circle(world, Server(world))
        ben = circle.join("Ben", invite=circle.invites[1])
        cleo = circle.enter("Cleo", invite=circle.invites[1])
        refused = cleo.expect("not-done")
        check(refused["kind"] == "join" and refused["status"] == "used up", str(refused))
        check(refused["text"] == "This invite has been used already; ask for one of your own.",
              str(refused))
        turned_away(cleo, NOPERM)
        told(world.kring("Cleo", "open", "--plain"), NOPERM, "has been used already")
        # With one of her own, on the same device.
        cleo = circle.join("Cleo", invite=circle.invites[2])
        people = circle.facilitator.do("people")["members"]
        check(sorted(member["name"] for member in people if member["state"] == "member") ==
              ["Ben", "Cleo", "Mirjam"], str(people))
        # The same invite on the same device is only a way back.
        check(ben.quit() == 0, ben.error_text())
        circle.join("Ben", invite=circle.invites[1])


def host(world, name, ticket):
    return Client(world, name, ["host", SMALL_GUIDE, "--name", name, "--letters",
                                world.path(name)], {"KRING_TICKET": ticket})


def test_what_has_expired():
    with World() as world:
        server = Server(world, program=program("kringd_ahead"))
        circle = Circle(world, server, options=("--keep", "365"))
        ticket = server.ticket()
        check(server.end() == 0, server.log_text())
        server.environment = {"KRING_AHEAD_DAYS": "91"}  # tickets 30 days, invites 90
        server.start()
        ben = circle.enter("Ben")
        refused = ben.expect("not-done")
        check(refused["status"] == "expired" and
              refused["text"] == "This invite has expired; ask for a new one.", str(refused))
        turned_away(ben, NOPERM)
        other = host(world, "Other", ticket)
        refused = other.expect("not-done")
        check(refused["kind"] == "genesis" and refused["status"] == "expired" and
              "This ticket has expired" in refused["text"], str(refused))
        turned_away(other, NOPERM)


def test_a_ticket_that_is_used_up_or_revoked():
    with World() as world:
        server = Server(world)
        ticket = server.ticket()
        host(world, "First", ticket).expect("created")
        second = host(world, "Second", ticket)
        refused = second.expect("not-done")
        check(refused["status"] == "used up" and "This ticket has been used" in refused["text"],
              str(refused))
        turned_away(second, NOPERM)
        revoked = server.ticket()
        told(server.command("revoke", "ticket-2"), 0)
        told(server.command("revoke", "ticket-99"), NOINPUT, "ticket-99")
        third = host(world, "Third", revoked)
        refused = third.expect("not-done")
        check("ticket" in refused["text"], str(refused))
        turned_away(third, NOPERM)
        # What was no use is not remembered: the next time it asks.
        told(world.kring("Third", "host", SMALL_GUIDE, "--name", "Third"), USAGE,
             "Paste the ticket", "no ticket was given")
        told(server.command("ticket", "--label", "ticket-1"), CANTCREAT,
             "a ticket with this label already", "another --label")


# ---- servers that are not there ----


def test_a_server_that_is_not_reachable_is_tried_again():
    with World() as world:
        server = Server(world)
        ticket = server.ticket()
        check(server.end() == 0, server.log_text())
        letters = world.path("letters")
        mirjam = Client(world, "Mirjam", ["host", SMALL_GUIDE, "--case", SMALL_CASE, "--name",
                                          "Mirjam", "--letters", letters],
                        {"KRING_TICKET": ticket})
        lost = mirjam.expect("connection")
        check(not lost["connected"] and "No connection with 127.0.0.1" in lost["text"] and
              "goes on trying" in lost["text"], str(lost))
        server.start()
        mirjam.expect("created")
        check(server.end() == 0, server.log_text())
        ben = Client(world, "Ben", ["join", "--name", "Ben"],
                     {"KRING_INVITE": read_letters(letters)[1]})
        check("goes on trying" in ben.expect("connection")["text"], "Ben")
        server.start()
        check(ben.until("where", lambda where: where["connected"]), "Ben")


def test_a_name_that_no_machine_has():
    with World() as world:
        server = Server(world)
        code, ticket, errors = server.command("ticket", "--host", "no-machine.invalid:5746")
        check(code == 0, errors)
        lost = host(world, "Mirjam", ticket.strip()).expect("connection")
        check("No machine is called no-machine.invalid" in lost["text"], str(lost))


# ---- disks ----


class SmallDisk:
    """A file system of its own with little room; None where this machine gives none."""

    def __init__(self, path, size):
        self.path = path
        os.mkdir(path)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=700,size=%s" % size, "none",
                               path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.mounted = done.returncode == 0

    def need(self):
        if not self.mounted:
            raise Skip("no tmpfs of a few pages can be mounted here")

    def fill(self):
        """All the room there is, in one file."""
        filler = os.open(os.path.join(self.path, "filler"), os.O_WRONLY | os.O_CREAT)
        try:
            while True:
                os.write(filler, b"x" * 4096)
        except OSError:
            os.close(filler)

    def empty(self):
        os.unlink(os.path.join(self.path, "filler"))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.mounted:
            subprocess.run(["umount", "-l", self.path], check=False)


def test_a_full_disk_of_the_server_loses_nothing():
    with World() as world, SmallDisk(world.path("server"), "24m") as disk:
        server = Server(world, options=("--min-free", "1M"))
        circle = Circle(world, server)
        ben = circle.join("Ben")
        circle.open_step(READ, ben)
        circle.open_step(QUESTION, ben)
        answer(ben, QUESTION, "before", "")
        if disk.mounted:
            disk.fill()
        else:  # the same refusal, without a full disk
            server.end()
            server.options = ["--min-free", "1000000G"]
            server.start()
            ben.until("where", lambda where: where["connected"] and where["caught_up"])
        ben.do("answer", step=QUESTION, fields=["while it was full", ""])
        refused = ben.expect("not-done")
        check(refused["status"] == "no space" and "server's disk is full" in refused["text"],
              str(refused))
        check(ben.do("mine", step=QUESTION)["state"] == "waiting", "it waits")
        check(ben.do("where")["connected"], "reading goes on")
        told(server.command("ticket", "--label", "no-room"), IOERR, "no space")
        if disk.mounted:
            disk.empty()
        else:
            server.end()
            server.options = []
            server.start()
        saved(ben, QUESTION)
        shown = circle.release_step(QUESTION, ben)
        check([one["fields"][0] for one in shown[0]["answers"]] == ["while it was full"], "")


def test_a_full_disk_of_the_client_is_said():
    with World() as world:
        with SmallDisk(world.home("Ben"), "3m") as disk:
            disk.need()
            circle = Circle(world, Server(world))
            ben = circle.join("Ben")
            circle.open_step(READ, ben)
            circle.open_step(QUESTION, ben)
            answer(ben, QUESTION, "before", "")
            disk.fill()
            for i in range(200):  # what is left inside the files is used up first
                reply = ben.ask("draft", step=QUESTION, fields=["%d " % i + "long " * 2000, ""])
                if any(event["event"] == "notice" for event in ben.events):
                    break
            notice = ben.expect("notice")
            check("full" in notice["text"] and world.home("Ben") in notice["text"], str(notice))
            check(ben.do("where")["connected"], "what it can do without the disk goes on")
            disk.empty()
            ben.do("draft", step=QUESTION, fields=["after", ""])
            check(ben.quit() == 0, ben.error_text())
            ben = circle.open("Ben")
            own = ben.do("mine", step=QUESTION)
            check(own["fields"][0] == "after" and own["state"] == "saved", str(own))


def test_a_disk_that_is_full_from_the_beginning():
    with World() as world, SmallDisk(world.home("Ben"), "16k") as disk:
        disk.need()
        circle = Circle(world, Server(world))
        code, out, errors = world.kring("Ben", "join", circle.invites[1], "--name", "Ben")
        check(code == IOERR and world.home("Ben") in out + errors and "full" in out + errors,
              "%d %s %s" % (code, out, errors))
        arrived(circle.enter("Cleo", invite=circle.invites[1]))  # the invite is not used up


def test_places_that_cannot_be_written():
    with World() as world:
        server = Server(world)
        circle = Circle(world, server)
        ticket = {"KRING_TICKET": server.ticket()}
        told(world.kring("Other", "host", SMALL_GUIDE, "--name", "Other", "--letters",
                         world.path("none", "letters"), environment=ticket),
             CANTCREAT, "cannot write the letters", "no session was made")
        told(world.kring("Other", "host", SMALL_GUIDE, "--name", "Other", "--letters",
                         circle.letters, environment=ticket),
             CANTCREAT, "cannot write the letters", "no session was made")
        _, out, _ = world.kring("Other", "sessions")
        check("no session yet" in out, out)
        check(circle.facilitator.quit() == 0, circle.facilitator.error_text())
        told(world.kring("Mirjam", "export", "--output", world.path("none", "x.md")), CANTCREAT,
             "cannot write")
        check(not os.path.exists(world.path("none")), "made a directory")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([KRING, "export", "--output", "-"], stdout=full,
                                  stderr=subprocess.PIPE, env=clean_environment(
                                      {"KRING_HOME": world.home("Mirjam")}), check=False)
        check(done.returncode == IOERR and b"full" in done.stderr, str(done))


def test_a_transcript_is_a_file_of_ones_own():
    with World() as world:
        circle = Circle(world, Server(world))
        check(circle.facilitator.quit() == 0, circle.facilitator.error_text())
        path = world.path("transcript.md")
        planted = path + ".part"
        with open(planted, "w", encoding="utf-8") as file:
            file.write("planted by somebody who reads along")
        os.chmod(planted, 0o666)
        with open(planted, encoding="utf-8") as along:
            told(world.kring("Mirjam", "export", "--output", path), 0, path)
            check(along.read().startswith("planted"), "the transcript went into the planted file")
        check(os.stat(path).st_mode & 0o777 == 0o600, oct(os.stat(path).st_mode))
        check(not os.path.exists(planted), "left .part behind")


def test_devices_that_are_damaged_or_open_to_others():
    with World() as world:
        circle = Circle(world, Server(world))
        check(circle.join("Ben").quit() == 0, "Ben")
        home = world.home("Ben")

        def copy(name):
            shutil.copytree(home, world.home(name))
            return world.home(name)

        os.chmod(copy("open"), 0o777)
        told(world.kring("open", "open", "--json"), NOPERM, "others may write in", "chmod 700")
        os.chmod(os.path.join(copy("readable"), "identity"), 0o644)
        told(world.kring("readable", "sessions"), NOPERM, "others may read", "chmod 600")
        os.unlink(os.path.join(copy("headless"), "identity"))
        told(world.kring("headless", "sessions"), DATAERR, "identity is missing or damaged")
        with open(os.path.join(copy("torn"), "kring.db"), "r+b") as file:
            file.write(b"no database at all, but a letter to my mother")
        told(world.kring("torn", "sessions"), DATAERR, "kring.db", "damaged")
        with open(world.path("file"), "w", encoding="utf-8"):
            pass
        told(world.kring("x", "sessions", environment={"KRING_HOME": world.path("file")}),
             IOERR, world.path("file"), "Not a directory")
        told(world.kring("Ben", "sessions"), 0, circle.session[:8])


# ---- lines ----


def test_bad_lines_are_refused_and_nothing_else_happens():
    with World() as world:
        circle = Circle(world, Server(world))
        ben = circle.join("Ben")
        circle.open_step(READ, ben)
        circle.open_step(QUESTION, ben)
        lines = [(b"hello", "malformed", "not JSON"),
                 (b'{"do": "where"', "malformed", "not JSON"),
                 (b"[1, 2]", "malformed", '"do"'),
                 (b'"where"', "malformed", "not JSON"),
                 (b'{"tag": 1}', "malformed", '"do"'),
                 (b'{"do": 7}', "malformed", '"do"'),
                 (b'{"do": "where", "do": "quit"}', "malformed", "duplicate"),
                 (b'{"do": "dance"}', "unknown", "nothing is called that"),
                 (b'{"do": "answer", "feilds": []}', "usage", 'unknown argument "feilds"'),
                 (b'{"do": "answer", "fields": {"a": 1}}', "usage", '"fields" must be text'),
                 (b'{"do": "answer", "fields": [true]}', "usage", '"fields" must be text'),
                 (b'{"do": "answer", "step": [1]}', "usage", '"step" is no list'),
                 (b'{"do": "answer", "step": 99, "fields": ["x"]}', "usage",
                  "there is no step 99"),
                 (b'{"do": "answer", "step": -1, "fields": ["x"]}', "usage",
                  "there is no step -1"),
                 (b'{"do": "read", "paragraph": "four"}', "usage", "number of a paragraph"),
                 (b'{"do": "name"}', "usage", "something is missing"),
                 (b'{"do": "name", "text": ""}', "usage", "something is missing"),
                 (b'{"do": "name", "text": "' + b"n" * 3000 + b'"}', "too long", "too long"),
                 (b'{"do": "name", "text": "a\\u0000b"}', "malformed", ""),
                 (b"\xff\xfe", "malformed", "UTF-8"),
                 (b'{"do": "park", "text": "' + b"x" * 70000 + b'"}', "too long", "64 KiB"),
                 (b"{" * 5000, "malformed", "not JSON"),
                 (b'{"do": "jot", "text": "\xc0\xaf"}', "malformed", "")]
        for line, status, words in lines:
            ben.child.stdin.write(line + b"\n")
            ben.child.stdin.flush()
            refused = ben.expect("refused")
            check(refused["status"] == status and words in refused["text"],
                  "%r: %s" % (line[:80], refused))
        for line in (b"", b"   ", b"\r"):
            ben.child.stdin.write(line + b"\n")
        ben.child.stdin.flush()
        ben.do("where")
        check(ben.do("mine", step=QUESTION)["state"] == "none", "no answer came of it")
        check(ben.do("jottings") == [] and ben.do("parked") == [], "nothing else did")
        ben.send_line('{"do": "answer", "step": 2, "fields": ["a", "b", "c", "d"]}')
        last = answer(ben, QUESTION, "good", "")
        check(last["fields"] == ["good", ""], str(last))
        see_step(ben, QUESTION, "open")
        check(ben.quit() == 0, ben.error_text())


def test_a_reader_that_goes_away_ends_it():
    """Whoever listened to standard output is gone: the client ends, and says so by its code."""
    with World() as world:
        circle = Circle(world, Server(world))
        check(circle.join("Ben").quit() == 0, "Ben")
        reading, writing = os.pipe()
        client = subprocess.Popen([KRING, "open", "--json"], stdin=subprocess.PIPE,
                                  stdout=writing, stderr=subprocess.PIPE, env=clean_environment(
                                      {"KRING_HOME": world.home("Ben")}))
        os.close(writing)
        os.read(reading, 1)
        os.close(reading)
        try:
            client.stdin.write(b'{"do": "where"}\n')
            client.stdin.flush()
        except BrokenPipeError:
            pass
        code = client.wait(60)
        errors = client.stderr.read()
        check(code == IOERR, "%d %s" % (code, errors))
        check(b"Sanitizer" not in errors, errors.decode())


if __name__ == "__main__":
    main(sys.modules[__name__])
