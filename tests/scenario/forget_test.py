"""kring forget: a session goes from one device and stays with the others."""

import sys

from circle import Circle
from harness import Server, World, check, main, run, KRING


def forget(world, name, session, says):
    return run([KRING, "forget", session], {"KRING_HOME": world.home(name)}, stdin=says + "\n")


def test_a_session_is_forgotten_when_one_is_sure():
    with World() as world:
        circle = Circle(world, Server(world))
        ben = circle.join("Ben")
        code, _, errors = forget(world, "Ben", circle.session[:8], "yes")
        check(code == 75 and "open in another kring" in errors, "%d %s" % (code, errors))
        check(ben.quit() == 0, ben.error_text())
        code, _, errors = forget(world, "Ben", circle.session[:8], "no")
        check(code == 64 and "nothing was deleted" in errors, "%d %s" % (code, errors))
        code, _, errors = forget(world, "Ben", circle.session[:8], "yes")
        check(code == 0, "%d %s" % (code, errors))
        code, out, _ = world.kring("Ben", "sessions")
        check(code == 0 and "knows no session" in out, out)
        people = circle.facilitator.do("people")["members"]
        check("Ben" in [member["name"] for member in people], "he stays with the others")


if __name__ == "__main__":
    main(sys.modules[__name__])
