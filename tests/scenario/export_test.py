"""kring export: the file it writes, what it leaves alone, and that a session may be open in
another window meanwhile."""

import os
import sys
import threading

from circle import Circle, QUESTION, READ, answer
from harness import CANTCREAT, Server, World, check, main, told


def content(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def export_often(world, name, results, stop):
    while not stop.is_set() or not results:
        results.append(world.kring(name, "export", "--output", "-"))


def test_while_the_session_is_open_in_another_window():
    with World() as world:
        circle = Circle(world, Server(world))
        ben = circle.join("Ben")
        circle.open_step(READ, ben)
        circle.open_step(QUESTION, ben)
        results = []
        stop = threading.Event()
        beside = threading.Thread(target=export_often, args=(world, "Ben", results, stop))
        beside.start()
        for edit in range(20):
            answer(ben, QUESTION, "Ben's thought %d" % edit, "")
            ben.do("jot", text="jotting %d" % edit)
            circle.facilitator.do("message", to=["Ben"], text="message %d" % edit)
            ben.expect("message")
        stop.set()
        beside.join()
        for result in results:
            told(result, 0, "not ended yet", "Not shared.")
        told(world.kring("Ben", "export", "--output", "-"), 0, "Ben's thought 19", "jotting 19",
             "message 19", "your own answer, saved")
        told(world.kring("Mirjam", "export", "--output", "-"), 0, "Not shared.")
        check("Ben's thought" not in world.kring("Mirjam", "export", "--output", "-")[1],
              "not shared, and in another's transcript")
        check(ben.quit() == 0, ben.error_text())


def test_nothing_is_written_over_unasked():
    with World() as world:
        circle = Circle(world, Server(world))
        check(circle.facilitator.quit() == 0, circle.facilitator.error_text())
        path = world.path("mine.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write("something of my own")
        os.chmod(path, 0o644)
        told(world.kring("Mirjam", "export", "--output", path), CANTCREAT, path,
             "exists already", "--replace")
        check(content(path) == "something of my own", "written over")
        check(not os.path.exists(path + ".part"), "left .part behind")
        told(world.kring("Mirjam", "export", "--output", path, "--replace"), 0, path,
             "in the place of")
        check("What we said" in content(path), content(path))
        check(os.stat(path).st_mode & 0o777 == 0o600, oct(os.stat(path).st_mode))
        told(world.kring("Mirjam", "export", "--output", path), CANTCREAT, "exists already")
        told(world.kring("Mirjam", "export", "--output", world.path("."), "--replace"),
             CANTCREAT, "no file")
        new = world.path("new.md")
        code, out, _ = world.kring("Mirjam", "export", "--output", new, "--replace")
        check(code == 0 and "in the place of" not in out, out)
        check(os.stat(new).st_mode & 0o777 == 0o600, oct(os.stat(new).st_mode))


if __name__ == "__main__":
    main(sys.modules[__name__])
