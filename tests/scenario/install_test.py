"""What is installed stands on its own: it finds its guides beside itself, not in the tree it was
built from."""

import os
import subprocess
import sys

from harness import BUILD, ROOT, World, check, main, run


def install(part, prefix):
    subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix, "--component", part],
                   check=True, stdout=subprocess.DEVNULL)


def test_kring_finds_the_guides_it_was_installed_with():
    with World() as world:
        prefix = world.path("usr")
        install("kring", prefix)
        guides = os.path.join(prefix, "share", "kring", "guides")
        with open(os.path.join(guides, "only-here.nl.yaml"), "w", encoding="utf-8") as guide:
            guide.write("kring-guide: 1\ntitle: Only here\n")
        code, out, errors = run([os.path.join(prefix, "bin", "kring"), "guides"])
        check(code == 0 and "Only here" in out, "%d %s %s" % (code, out, errors))
        for name in os.listdir(os.path.join(ROOT, "client", "guides", "cases")):
            check(name.split(".")[0] in out, "%s is not in\n%s" % (name, out))


def test_kringd_comes_with_its_unit_and_settings():
    with World() as world:
        prefix = world.path("usr")
        install("kringd", prefix)
        with open(os.path.join(prefix, "lib", "systemd", "system", "kringd.service"),
                  encoding="utf-8") as unit:
            check("ExecStart=/usr/bin/kringd serve" in unit.read(), "the unit")
        settings = os.path.join(prefix, "share", "doc", "kringd", "kringd.conf")
        code, out, errors = run([os.path.join(prefix, "bin", "kringd"), "serve", "--print-config",
                                 "--config", settings])
        check(code == 0 and "min-free = 64M" in out, "%d %s %s" % (code, out, errors))


if __name__ == "__main__":
    main(sys.modules[__name__])
