"""The commands of kringd on the real program: what an administrator sees, and what happens with
bad input, two servers on one directory, a full disk, and power cuts."""

import json
import os
import re
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading

BUILD = os.environ.get("KRING_BUILD_DIR", "build/asan")
KRINGD = os.path.join(BUILD, "kringd")
FORGETFUL = os.path.join(BUILD, "tests", "kringd_forgetful")
DEADLINE_S = 30
ROUNDS = 10


class Server:
    """A running kringd; its standard output is read until it listens."""

    def __init__(self, data, *options, program=KRINGD, listen="127.0.0.1:0", env=None):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [program, "serve", "--data", data, "--listen", listen, *options],
            stdout=subprocess.PIPE, stderr=self.log, text=True,
            env=dict(os.environ, **(env or {})))
        killer = threading.Timer(DEADLINE_S, self.process.kill)
        killer.start()
        line = self.process.stdout.readline()
        killer.cancel()
        found = re.fullmatch(r"listening on (.*):(\d+)\n", line)
        assert found, "not listening: %r %s" % (line, self.stderr())
        self.address = (found[1], int(found[2]))

    def stderr(self):
        self.log.seek(0)
        return self.log.read().decode()

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(DEADLINE_S)
        self.process.stdout.close()
        return code


def run(*arguments, program=KRINGD, env=None, **options):
    return subprocess.run([program, *arguments], capture_output=True, text=True,
                          timeout=DEADLINE_S, env=dict(os.environ, **(env or {})), **options)


def test_help_fits_a_screen(data):
    out = run("--help")
    assert out.returncode == 0 and not out.stderr
    lines = out.stdout.splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80, out.stdout
    for word in ("serve", "ticket", "tickets", "revoke", "status", "sessions", "purge"):
        assert "kringd " + word in out.stdout
        assert run("help", word).returncode == 0
        assert max(map(len, run("help", word).stdout.splitlines())) <= 96
    assert run("--version").stdout.startswith("kringd ")


def test_wrong_commands_are_named(data):
    assert run().returncode == 64
    out = run("bakcup")
    assert out.returncode == 64 and "bakcup: no such command" in out.stderr
    out = run("serve", "--data", data, "--listen", "nowhere")
    assert out.returncode == 64 and '--listen: "nowhere" is no ADDR:PORT' in out.stderr
    out = run("revoke", "--data", data)
    assert out.returncode == 64 and "missing" in out.stderr
    out = run("serve", "--data", data, "--store", "postgresql://db/kring")
    assert out.returncode == 64 and "only sqlite" in out.stderr


def test_bad_configuration_is_named(data):
    os.mkdir(data)
    with open(os.path.join(data, "kringd.conf"), "w") as file:
        file.write("min-free = 1M\nlisten = 1.2.3\n")
    out = run("serve", "--data", data)
    assert out.returncode == 78, out
    assert 'kringd.conf:2: listen: "1.2.3" is no ADDR:PORT' in out.stderr
    out = run("serve", "--data", data, "--config", data + "/none.conf")
    assert out.returncode == 66 and "none.conf: No such file" in out.stderr


def test_configuration_is_printed(data):
    out = run("serve", "--data", data, "--listen", "127.0.0.1:1", "--print-config",
              env={"KRING_HOST": "kring.example:9"})
    assert out.returncode == 0
    assert "# host: environment\nhost = kring.example:9\n" in out.stdout
    assert "# listen: flag\nlisten = 127.0.0.1:1\n" in out.stdout
    assert not os.path.exists(data)


def test_the_directory_is_private(data):
    server = Server(data)
    assert stat.S_IMODE(os.stat(data).st_mode) == 0o700
    for name in ("server.key", "kring.db", "kringd.sock", "kringd.lock"):
        assert stat.S_IMODE(os.stat(os.path.join(data, name)).st_mode) == 0o600, name
    assert server.end() == 0
    assert not os.path.exists(os.path.join(data, "kringd.sock"))


def test_a_second_one_is_told_who_has_it(data):
    server = Server(data)
    out = run("serve", "--data", data, "--listen", "127.0.0.1:0")
    assert out.returncode == 75
    assert "process id %d" % server.process.pid in out.stderr and data in out.stderr
    assert server.end() == 0


def test_a_port_in_use_is_named(data):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = "127.0.0.1:%d" % taken.getsockname()[1]
        out = run("serve", "--data", data, "--listen", address)
        assert out.returncode == 75, out
        assert "cannot listen on %s: the port is in use" % address in out.stderr


def test_a_place_that_cannot_be_is_named(data):
    with open(data, "w"):
        pass
    out = run("serve", "--data", data)
    assert out.returncode == 66 and data in out.stderr and "Not a directory" in out.stderr
    out = run("tickets", "--data", data + "-none")
    assert out.returncode == 66 and "no such directory" in out.stderr
    os.unlink(data)


def test_a_key_others_can_read_is_refused(data):
    assert run("ticket", "--data", data).returncode == 0
    os.chmod(os.path.join(data, "server.key"), 0o644)
    out = run("serve", "--data", data, "--listen", "127.0.0.1:0")
    assert out.returncode == 78 and "can be read or written by others" in out.stderr


def test_a_damaged_database_is_named(data):
    assert run("ticket", "--data", data).returncode == 0
    with open(os.path.join(data, "kring.db"), "r+b") as file:
        file.write(b"no database at all")
    out = run("serve", "--data", data, "--listen", "127.0.0.1:0")
    assert out.returncode == 74 and "kring.db is damaged" in out.stderr, out


def tickets_live(data):
    """Made, listed, withdrawn; the same with and without a server."""
    out = run("ticket", "--data", data, "--label", "spring", "--uses", "3", "--expires", "2w",
              "--host", "kring.example:5746")
    assert out.returncode == 0, out.stderr
    assert re.fullmatch(r"kring://kring\.example:5746/host#[A-Za-z0-9_-]+\n", out.stdout), out
    assert "spring: good for 3 sessions" in out.stderr
    again = run("ticket", "--data", data, "--label", "spring")
    assert again.returncode == 73 and "this label already" in again.stderr, again
    assert "another --label" in again.stderr
    listed = run("tickets", "--data", data).stdout
    assert re.search(r" 3  spring\n", listed), listed
    assert run("revoke", "spring", "--data", data).returncode == 0
    assert re.search(r" 0  spring\n", run("tickets", "--data", data).stdout)
    out = run("revoke", "autumn", "--data", data)
    assert out.returncode == 66 and "no ticket with this label" in out.stderr


def host_of(link):
    return re.fullmatch(r"kring://(.*)/host#[A-Za-z0-9_-]+\n", link)[1]


def test_a_ticket_names_where_the_server_listens(data):
    server = Server(data, listen="127.0.0.1:0")
    out = run("ticket", "--data", data)
    assert host_of(out.stdout) == "127.0.0.1:%d" % server.address[1], out
    assert "only this machine reaches" in out.stderr, out.stderr
    out = run("ticket", "--data", data, "--host", "kring.example:9")
    assert host_of(out.stdout) == "kring.example:9"
    assert "only this machine" not in out.stderr and "warning" not in out.stderr, out.stderr
    assert server.end() == 0


def test_a_ticket_of_a_server_that_listens_everywhere_says_what_it_assumes(data):
    server = Server(data, listen="0.0.0.0:0")
    out = run("ticket", "--data", data, "--label", "spring")
    assumed = "%s:%d" % (socket.gethostname().lower(), server.address[1])
    assert host_of(out.stdout) == assumed, out
    for word in ("warning", assumed.replace(":", ", port "), "--host NAME:PORT",
                 "kringd revoke 'spring'"):
        assert word in out.stderr, out.stderr
    assert server.end() == 0
    server = Server(data, "--host", "kring.example:9", listen="0.0.0.0:0")
    out = run("ticket", "--data", data)
    assert host_of(out.stdout) == "kring.example:9" and "warning" not in out.stderr, out
    assert server.end() == 0


def test_a_ticket_before_the_server_runs_says_what_it_assumes(data):
    out = run("ticket", "--data", data)
    assert host_of(out.stdout) == socket.gethostname().lower() + ":5746", out
    assert "warning" in out.stderr and "--host NAME:PORT" in out.stderr, out.stderr


def test_tickets_without_a_server(data):
    tickets_live(data)


def test_tickets_with_a_server(data):
    server = Server(data)
    tickets_live(data)
    log = server.stderr()
    assert "spring" not in log and "127.0.0.1:%d" % server.address[1] in log
    assert server.end() == 0


def ask_for_ticket(control, number):
    """[0, id, 97, [label, uses, expires, host]] in a frame, and its answer."""
    label = b"number %d" % number
    request = (b"\x94\x00\xcd" + (1000 + number).to_bytes(2, "big") + b"\x61\x94" +
               bytes([0xa0 + len(label)]) + label + b"\x01\xcf" + (2 ** 41).to_bytes(8, "big") +
               b"\xa3h:1")
    control.sendall(len(request).to_bytes(2, "big") + request)
    count = int.from_bytes(control.recv(2, socket.MSG_WAITALL), "big")
    assert b"kring://h:1/host#" in control.recv(count, socket.MSG_WAITALL)


def test_many_tickets_are_all_listed(data):
    server = Server(data)
    with socket.socket(socket.AF_UNIX) as control:
        control.settimeout(DEADLINE_S)
        control.connect(os.path.join(data, "kringd.sock"))
        for i in range(140):
            ask_for_ticket(control, i)
    listed = run("tickets", "--data", data).stdout.splitlines()
    assert len(listed) == 141, len(listed)
    assert server.end() == 0


def test_status_says_how_it_goes(data):
    server = Server(data)
    status = json.loads(run("status", "--json", "--data", data).stdout)
    assert status["running"] is True and status["sessions"] == 0
    assert status["store_bytes"] > 0 and status["version"].startswith("kringd ")
    assert "running since" in run("status", "--data", data).stdout
    assert server.end() == 0
    status = json.loads(run("status", "--json", "--data", data).stdout)
    assert status["running"] is False
    assert "not running" in run("status", "--data", data).stdout


def test_purge_wants_a_session(data):
    server = Server(data)
    out = run("purge", "nothing", "--data", data)
    assert out.returncode == 64 and "is no session" in out.stderr
    out = run("purge", "0123456789abcdef", "--data", data)
    assert out.returncode == 66 and "no such session" in out.stderr
    assert server.end() == 0


def test_a_long_path_works(data):
    deep = os.path.join(data, *["a-directory-with-a-long-name"] * 5)
    assert len(deep) > 108
    server = Server(deep)
    assert json.loads(run("status", "--json", "--data", deep).stdout)["running"] is True
    assert server.end() == 0


def test_it_ends_in_time_whatever_is_connected(data):
    server = Server(data)
    silent = [socket.create_connection(server.address) for _ in range(20)]
    begun = os.times().elapsed
    assert server.end() == 0
    assert os.times().elapsed - begun < 5
    for connection in silent:
        connection.close()


def test_systemd_is_told(data):
    path = data + ".notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(path)
        notify.settimeout(DEADLINE_S)
        server = Server(data, env={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "200000"})
        assert notify.recv(100) == b"READY=1"
        assert notify.recv(100) == b"WATCHDOG=1"
        assert server.end() == 0
        heard = b"WATCHDOG=1"
        while heard == b"WATCHDOG=1":
            heard = notify.recv(100)
        assert heard == b"STOPPING=1"
    os.unlink(path)


def test_strangers_meet_a_limit(data):
    server = Server(data)
    open_ones = []
    busy = 0
    for _ in range(396):
        connection = socket.create_connection(server.address)
        open_ones.append(connection)
    for connection in open_ones[384:]:
        connection.settimeout(DEADLINE_S)
        busy += connection.recv(10) == b"\0\0"
    assert busy == 12, busy
    for connection in open_ones:
        connection.close()
    assert server.end() == 0


def test_a_full_disk_is_said(data):
    assert run("ticket", "--data", data).returncode == 0
    out = run("ticket", "--data", data, env={"KRING_MIN_FREE": "1000000G"})
    assert out.returncode == 74 and "no space" in out.stderr, out
    server = Server(data, "--min-free", "1000000G")
    out = run("ticket", "--data", data)
    assert out.returncode == 74 and "no space" in out.stderr, out
    assert len(run("tickets", "--data", data).stdout.splitlines()) == 2
    assert server.end() == 0


def test_a_power_cut_loses_no_ticket(data):
    """The server's unsynced writes are lost with it; what was printed must be there."""
    labels = []
    for round_number in range(ROUNDS):
        server = Server(data, program=FORGETFUL)
        for i in range(3):
            label = "%d-%d" % (round_number, i)
            if run("ticket", "--data", data, "--label", label).returncode == 0:
                labels.append(label)
        # One more, cut off somewhere in the middle.
        last = subprocess.Popen([KRINGD, "ticket", "--data", data, "--label",
                                 "%d-cut" % round_number], stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL)
        server.end(signal.SIGKILL)
        if last.communicate(timeout=DEADLINE_S)[0]:
            labels.append("%d-cut" % round_number)
    assert len(labels) >= ROUNDS * 3
    listed = [line.split()[-1] for line in
              run("tickets", "--data", data).stdout.splitlines()[1:]]
    assert len(set(listed)) == len(listed)
    assert set(labels) <= set(listed), set(labels) - set(listed)


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tests = [(name[5:], test) for name, test in globals().items() if name.startswith("test_")]
    print("1..%d" % len(tests))
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        parent = tempfile.mkdtemp(prefix="kring-")
        try:
            test(os.path.join(parent, "data"))
            print("ok %d - %s" % (number, name), flush=True)
        except Exception as error:  # a test's failure, whatever it is
            failed += 1
            print("not ok %d - %s" % (number, name))
            for line in ("%s: %s" % (type(error).__name__, error)).splitlines():
                print("# " + line, flush=True)
        finally:
            shutil.rmtree(parent, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
