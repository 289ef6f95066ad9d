#!/bin/sh
# tests/fuzz/run.sh [SECONDS] [NAME...] -- every fuzz target for a minute (or SECONDS) each, with
# its dictionary and seeds where it has them. Needs clang; what it finds it leaves in
# build-fuzz/NAME and ends with the plain closing line.
set -eu

cd "$(dirname "$0")/../.."
root=$PWD
seconds=${1:-60}
[ $# -eq 0 ] || shift
build=$root/build-fuzz

sh deploy/packages.sh test
cmake --preset fuzz -B "$build" >/dev/null
cmake --build "$build" -j "$(nproc)" >/dev/null

names=$*
if [ -z "$names" ]; then
    names=$(for source in tests/fuzz/*_fuzz.c; do basename "$source" .c; done)
fi
sh tests/fuzz/seeds.sh "$build/seeds" >/dev/null

passed=0
failed=0
for name in $names; do
    mkdir -p "$build/$name/corpus"
    short=${name%_fuzz}
    set -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 \
        -artifact_prefix="$build/$name/"
    case $short in # MessagePack without words of its own
    content | control | frame | handshake | message | reader) dictionary=message ;;
    *) dictionary=$short ;;
    esac
    [ ! -f "tests/fuzz/$dictionary.dict" ] || set -- "$@" -dict="tests/fuzz/$dictionary.dict"
    set -- "$@" "$build/$name/corpus"
    [ ! -d "$build/seeds/$short" ] || set -- "$@" "$build/seeds/$short"
    if "$build/tests/$name" "$@" >"$build/$name/log" 2>&1; then
        passed=$((passed + 1))
        echo "$name: nothing found in $seconds s," \
            "$(grep -c . "$build/$name/log") lines of log, $(ls "$build/$name/corpus" | wc -l) inputs"
    else
        failed=$((failed + 1))
        tail -n 20 "$build/$name/log"
        echo "$name: found something; see $build/$name"
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
