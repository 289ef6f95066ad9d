#!/bin/sh
# tests/bench/quickstart.sh [ROOT] -- how long deploy/quickstart.sh takes to the end of its demo:
# the first time in a fresh clone, and the second time. A measurement, not a test: it fails only
# when a demo does.
#
#   ROOT   a directory that holds a bare Debian, as `debootstrap --variant=minbase` leaves it,
#          with /proc and /dev bound into it: it is measured there, from nothing installed on.
#          You have to be root. The clone stays behind in ROOT/kring-bench.
set -eu

cd "$(dirname "$0")/../.."
cores=$(nproc)
if [ $# -gt 0 ]; then
    clone=$1/kring-bench
    inside="chroot $1 env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c"
    folder=/kring-bench
    first="first time, from what this root had installed"
else
    clone=$(mktemp -d "${TMPDIR:-/tmp}/kring-bench.XXXXXX")
    trap 'rm -rf "$clone"' EXIT
    inside="sh -c"
    folder=$clone/kring
    clone=$folder
    first="first time, packages as this machine has them"
fi
rm -rf "$clone"
git clone -q . "$clone"

measure() { # measure LABEL SECONDS
    load=$(cut -d ' ' -f 1 /proc/loadavg)
    begin=$(date +%s%N)
    # shellcheck disable=SC2086 # a command and its words
    if ! $inside "cd $folder && sh deploy/quickstart.sh --demo" >"$clone/bench.log" 2>&1 </dev/null; then
        cat "$clone/bench.log" >&2
        echo "kring: the demo did not come to its end" >&2
        exit 70
    fi
    took=$((($(date +%s%N) - begin) / 100000000))
    printf '%-52s %6d.%d s   (to reach: under %d)   load before %s, %s cores\n' \
        "$1" "$((took / 10))" "$((took % 10))" "$2" "$load" "$cores"
}

measure "$first" 240
measure "second time" 30
