"""A circle of real clients around one session: who hosts, joins and opens, and the moves that
most scenarios share. Step numbers are those of the guide tests/guides/small.en.yaml."""

import glob
import os

from harness import Client, SMALL_CASE, SMALL_GUIDE, check

READ, QUESTION, CHOICE, TOGETHER, YOURSELF, RESOLVE, MIRROR = range(1, 8)


def read_letters(folder):
    """The links of the letters, in the order of their numbers."""
    links = []
    for path in sorted(glob.glob(os.path.join(folder, "invite-*.txt"))):
        with open(path, encoding="utf-8") as letter:
            links += [line.strip() for line in letter if line.startswith("kring://")]
    return links


class Circle:
    """A facilitator with a session, and those who joined. The first invites are observers'."""

    def __init__(self, world, server, guide=SMALL_GUIDE, case=SMALL_CASE, name="Mirjam",
                 participants=3, observers=1, options=()):
        self.world = world
        self.server = server
        self.guide = [guide, "--case", case]
        self.letters = world.path("letters")
        self.observers = observers
        self.facilitator = Client(
            world, name,
            ["host", *self.guide, "--name", name, "--letters", self.letters,
             "--participants", str(participants), "--observers", str(observers), *options],
            {"KRING_TICKET": server.ticket()})
        self.session = self.facilitator.expect("created")["session"]
        self.facilitator.until("where", lambda where: where["caught_up"])
        self.invites = read_letters(self.letters)
        check(len(self.invites) == participants + observers, "letters: %s" % self.invites)
        self.used = {"observer": 0, "participant": observers}

    def invite(self, role):
        """The next unused one."""
        self.used[role] += 1
        return self.invites[self.used[role] - 1]

    def enter(self, name, role="participant", invite=None):
        """Joins, and does not wait for anything."""
        return Client(self.world, name, ["join", "--name", name],
                      {"KRING_INVITE": invite or self.invite(role)})

    def join(self, name, role="participant", invite=None):
        return arrived(self.enter(name, role, invite))

    def open(self, name, *arguments):
        return arrived(Client(self.world, name, ["open", *arguments]))

    def open_step(self, step, *people):
        """The facilitator opens it; everyone named has seen that."""
        self.facilitator.do("open", step=step)
        for person in (self.facilitator, *people):
            see_step(person, step, "open")

    def close_step(self, step, *people):
        self.facilitator.do("close", step=step)
        for person in (self.facilitator, *people):
            see_step(person, step, "closed")

    def release_step(self, step, *people):
        """Shares it; what each has seen then, as the object `shared`."""
        self.facilitator.do("release", step=step)
        return [person.expect("released", lambda event: event["shared"]["step"] == step)
                ["shared"] for person in (self.facilitator, *people)]


def arrived(client):
    """Waits until somebody is let in and has all there is."""
    client.until("where", lambda where: where["standing"] == "member" and where["caught_up"])
    return client


def see_step(client, step, state):
    return client.until("step", lambda seen: seen["state"] == state, step=step)


def answer(client, step, *fields, option=None):
    """Answers, and waits until it is durable on the server."""
    given = {"step": step, "fields": list(fields)}
    if option is not None:
        given["option"] = option
    client.do("answer", **given)
    return saved(client, step)


def saved(client, step):
    return client.until("mine", lambda own: own["state"] == "saved", step=step)
