#!/bin/sh
# deploy/quickstart.sh [--demo|--open] -- from a fresh Debian machine to an open session.
#
# Installs the packages it lacks, builds a release, starts kringd on this machine alone, and
# opens the shipped guide as facilitator; with --open it comes back to the session of last time.
# With --demo, or without a terminal, five simulated people play the whole session over the real
# protocol instead, the server is killed and comes back in the middle, and the last line is the
# path of the facilitator's transcript.
#
#   KRING_BUILD=DIR   build somewhere else than ./build
set -eu

cd "$(dirname "$0")/.."
root=$PWD
build=${KRING_BUILD:-$root/build}
guide=gendersensitief-handelen
case=gezin-onder-druk
demo=
again=
case "$#${1:-}" in
0) ;;
1--demo) demo=yes ;;
1--open) again=yes ;;
*)
    echo "usage: sh deploy/quickstart.sh [--demo|--open]" >&2
    exit 64
    ;;
esac
[ -t 0 ] || demo=yes

step() {
    echo "kring: $*"
}

sh deploy/packages.sh build
step "building a release in $build"
mkdir -p "$build"
if ! { cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DKRING_TESTS=OFF &&
    cmake --build "$build" -j "$(nproc)" --target kring kringd; } >"$build/quickstart.log" 2>&1; then
    tail -n 40 "$build/quickstart.log" >&2
    echo "kring: the build failed; all of it is in $build/quickstart.log" >&2
    exit 70
fi
kring=$build/kring
kringd=$build/kringd

server=
members=
stop() {
    # shellcheck disable=SC2086 # a list of process numbers
    [ -z "$members" ] || kill $members 2>/dev/null || true
    [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; } || true
    server=
    members=
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Waits until a file holds a line that begins so; prints the rest of that line.
wait_for() { # wait_for FILE BEGINNING PROCESS SECONDS
    left=$(($4 * 10))
    while ! grep -q "^$2" "$1" 2>/dev/null; do
        if [ "$left" -eq 0 ] || ! kill -0 "$3" 2>/dev/null; then
            return 1
        fi
        left=$((left - 1))
        sleep 0.1
    done
    sed -n "s/^$2//p" "$1" | head -n 1
}

start_server() { # start_server DIR ADDRESS: sets $server and $address
    : >"$1/listening"
    "$kringd" serve --data "$1" --listen "$2" >"$1/listening" 2>>"$1/log" &
    server=$!
    address=$(wait_for "$1/listening" "listening on " "$server" 30) || {
        tail -n 5 "$1/log" >&2
        echo "kring: the server did not start; its log is $1/log" >&2
        exit 69
    }
}

# The server is there as long as the facilitator is: for trying out on one machine.
open_session() {
    data=${XDG_STATE_HOME:-$HOME/.local/state}/kring
    (umask 077 && mkdir -p "$data")
    if "$kringd" status --json --data "$data" 2>/dev/null | grep -q '"running":true'; then
        step "a server is running already, on the data in $data"
    else
        start_server "$data" 127.0.0.1:5746
        step "the server listens on $address; its data is in $data, its log in $data/log"
    fi
    if [ -n "$again" ]; then
        "$kring" open
    else
        KRING_TICKET=$("$kringd" ticket --data "$data" --host 127.0.0.1:5746 \
            --label "quickstart-$(date +%Y%m%d-%H%M%S)")
        export KRING_TICKET
        step "opening the guide $guide as facilitator; to see what a colleague sees, type in" \
            "another terminal: KRING_HOME=\$HOME/colleague $kring join"
        "$kring" host "$guide" --case "$case" --letters "$HOME/kring-$(date +%Y%m%d-%H%M%S)"
    fi
    [ -z "$server" ] || step "the server ends now and the session is kept; back to it:" \
        "sh deploy/quickstart.sh --open"
}
if [ -z "$demo" ]; then
    open_session
    exit
fi

demo_dir=$(mktemp -d "${TMPDIR:-/tmp}/kring-demo.XXXXXX")
mkdir -m 700 "$demo_dir/server"
start_server "$demo_dir/server" 127.0.0.1:0
step "the server listens on $address"
KRING_TICKET=$("$kringd" ticket --data "$demo_dir/server" --host "$address" --label demo)
export KRING_TICKET

KRING_HOME=$demo_dir/facilitator "$kring" host "$guide" --case "$case" --auto --people 5 \
    --name Mirjam --participants 3 --observers 1 --letters "$demo_dir/letters" \
    >"$demo_dir/facilitator.out" 2>"$demo_dir/facilitator.err" &
host=$!
members=$host
unset KRING_TICKET
if ! wait_for "$demo_dir/facilitator.out" "Mirjam: the session stands" "$host" 60 >/dev/null; then
    cat "$demo_dir/facilitator.err" >&2
    echo "kring: the session was not made" >&2
    exit 70
fi
number=0
for name in Joris Bram Fatima Lena; do
    number=$((number + 1))
    letter=$demo_dir/letters/invite-0$number
    KRING_INVITE=$(grep '^kring://' "$letter"-*.txt) KRING_HOME=$demo_dir/$name \
        "$kring" join --auto --guide "$guide" --case "$case" --name "$name" \
        >"$demo_dir/$name.out" 2>"$demo_dir/$name.err" &
    members="$members $!"
done
step "five people are in: Mirjam facilitates, Joris observes, Bram, Fatima and Lena take part"

# What the facilitator does is told as it happens; in the middle the server dies and comes back.
tail -n +1 -f --pid="$host" "$demo_dir/facilitator.out" 2>/dev/null &
telling=$!
if ! wait_for "$demo_dir/facilitator.out" "Mirjam, step 12: opens" "$host" 120 >/dev/null; then
    tail -n 5 "$demo_dir"/*.err >&2
    echo "kring: the session came to a halt; all they said is in $demo_dir" >&2
    exit 70
fi
step "the server is killed in the middle"
kill -9 "$server" 2>/dev/null || true
wait "$server" 2>/dev/null || true
start_server "$demo_dir/server" "$address"
step "the server is back; everyone goes on where they were"

failed=0
for member in $members; do
    wait "$member" || failed=$((failed + 1))
done
members=
wait "$telling" 2>/dev/null || true
if [ "$failed" -gt 0 ]; then
    tail -n 5 "$demo_dir"/*.err >&2
    echo "kring: $failed of five did not come to the end; all they said is in $demo_dir" >&2
    exit 70
fi
KRING_HOME=$demo_dir/facilitator "$kring" export --output "$demo_dir/transcript.md" >/dev/null
stop
find "$demo_dir" -mindepth 1 ! -name transcript.md -delete
step "the session is played; the facilitator's transcript:"
echo "$demo_dir/transcript.md"
