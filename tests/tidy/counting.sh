#!/bin/sh
# tests/tidy/counting.sh -- the counting of tests/run.sh itself: what a program that stops halfway,
# skips or says nothing comes to. Prints TAP.
set -u

cd "$(dirname "$0")/../.."
number=0
failed=0

expect() { # expect NAME WANTED GOT
    number=$((number + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        echo "# wanted: $2"
        echo "# got:    $3"
        failed=1
    fi
}

troubles() { # troubles STATUS LINE...: what is wrong with a program that printed those
    status=$1
    shift
    printf '%s\n' "$@" | awk -f tests/tap.awk -v name=x -v status="$status"
}

total() {
    printf '%s\n' "$@" | awk -f tests/tap.awk -v total=1
}

expect "all it planned" "" "$(troubles 0 1..2 'ok 1 - a' 'ok 2 - b')"
expect "a plan at the end" "" "$(troubles 0 'ok 1 - a' 1..1)"
expect "two plans" "" "$(troubles 0 1..1 'ok 1 - a' 1..2 'ok 1 - b' 'ok 2 - c')"
expect "a skipped test is one of them" "" "$(troubles 0 1..2 'ok 1 - a' 'ok 2 - b # SKIP why')"
expect "nothing but skipped ones" "" "$(troubles 0 '1..0 # SKIP no such thing here')"
expect "fewer than planned" "not ok - x planned 3 tests, and ran 2" \
    "$(troubles 0 1..3 'ok 1 - a' 'ok 2 - b')"
expect "more than planned" "not ok - x planned 1 tests, and ran 2" \
    "$(troubles 0 1..1 'ok 1 - a' 'ok 2 - b')"
expect "no plan" "not ok - x planned no tests (1..N)" "$(troubles 0 'ok 1 - a')"
expect "no test" "not ok - x ran no test" "$(troubles 0 1..0)"
expect "ended badly behind its tests" "not ok - x ended with 139" "$(troubles 139 1..1 'ok 1 - a')"
expect "a failure speaks for itself" "" "$(troubles 1 1..1 'not ok 1 - a')"
expect "words are no tests" "" "$(troubles 0 1..1 'ok 1 - a' 'okay 2' '# ok 3' 'not okay')"
expect "counted" "1 passed, 2 failed, 3 skipped" \
    "$(total 'ok 1 - a' 'not ok 2 - b' 'ok 3 - c # SKIP why' 'not ok 4 # SKIP d' \
        '1..0 # skip all' 'not ok - x ended with 139')"
echo "1..$number"
exit $failed
