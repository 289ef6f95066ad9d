#!/bin/sh
# tests/run.sh -- installs what the tests need, builds, runs every test, and ends with one line
#     N passed, N failed, N skipped
# A test is any program that prints TAP (https://testanything.org): the cmocka units, the
# simulation, the scenarios on real programs, the independent client, the tidy checks.
#
#   KRING_BUILD=DIR    build somewhere else than ./build-test
#   KRING_ONLY=WORD    only tests whose name holds WORD
set -eu

cd "$(dirname "$0")/.."
root=$PWD
build=${KRING_BUILD:-$root/build-test}
only=${KRING_ONLY:-}
jobs=$(nproc)

sh deploy/packages.sh test

quietly() { # quietly LABEL COMMAND...: its output only when it fails
    label=$1
    shift
    start=$(date +%s)
    if ! "$@" >"$build/log" 2>&1; then
        cat "$build/log"
        echo "kring: $label failed"
        echo "0 passed, 1 failed, 0 skipped"
        exit 1
    fi
    echo "kring: $label ($(($(date +%s) - start)) s)"
}

mkdir -p "$build/results"
rm -f "$build"/results/*
quietly "configured, gcc with sanitizers" cmake --preset asan -B "$build/asan"
quietly "built with gcc, sanitizers on" cmake --build "$build/asan" -j "$jobs"
quietly "configured, clang" cmake --preset clang -B "$build/clang"
quietly "built with clang, every box alone too" \
    cmake --build "$build/clang" -j "$jobs" --target all dependency_rule
quietly "configured, release" cmake --preset release -B "$build/release"
quietly "built the release" cmake --build "$build/release" -j "$jobs" --target kring kringd hold_secret

KRING_BUILD_DIR=$build/asan
KRING_RELEASE_DIR=$build/release
CMOCKA_MESSAGE_OUTPUT=TAP
ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
UBSAN_OPTIONS=print_stacktrace=1
export KRING_BUILD_DIR KRING_RELEASE_DIR CMOCKA_MESSAGE_OUTPUT ASAN_OPTIONS UBSAN_OPTIONS

# One line per test: NAME, a deadline in seconds, the command.
list_tests() {
    for test in "$build"/asan/tests/*_test; do
        echo "unit/$(basename "$test") 300 $test"
    done
    echo "simulation 600 $build/asan/tests/simulation --tap"
    for test in tests/tidy/*.sh; do
        echo "tidy/$(basename "$test" .sh) 120 sh $test"
    done
    for test in tests/scenario/*_test.py; do
        echo "scenario/$(basename "$test" .py) 600 /usr/bin/python3 $test"
    done
    echo "interop/vectors_test 300 node tests/interop/vectors_test.mjs"
}

run_test() { # run_test NAME DEADLINE COMMAND...
    name=$1
    deadline=$2
    shift 2
    out=$build/results/$(echo "$name" | tr / .).tap
    status=0
    timeout -k 10 "$deadline" "$@" >"$out" 2>&1 </dev/null || status=$?
    trouble=$(awk -f tests/tap.awk -v name="$name" -v status="$status" "$out")
    [ -z "$trouble" ] || echo "$trouble" >>"$out"
    counted=$(awk -f tests/tap.awk -v total=1 "$out")
    case $counted in
    *", 0 failed, "*)
        echo "ok $name ($counted)"
        grep -i '# *skip' "$out" | sed 's/^/   /' || true
        ;;
    *)
        echo "== $name"
        cat "$out"
        ;;
    esac
}

list_tests | grep -F -- "$only" >"$build/tests" || true

# As many lanes as cores: each test waits for events with deadlines far above what it needs.
run_lane() { # run_lane NUMBER
    awk -v lane="$1" -v lanes="$jobs" 'NR % lanes == lane' "$build/tests" >"$build/lane$1"
    while read -r name deadline command; do
        # shellcheck disable=SC2086 # a command and its words
        run_test "$name" "$deadline" $command
    done <"$build/lane$1"
}
lane=0
while [ "$lane" -lt "$jobs" ]; do
    run_lane "$lane" &
    lane=$((lane + 1))
done
wait

ran=$(find "$build/results" -name '*.tap' | wc -l)
if [ "$ran" -ne "$(wc -l <"$build/tests")" ]; then
    echo "not ok - only $ran of $(wc -l <"$build/tests") tests ran to their end" |
        tee "$build/results/lanes.tap"
fi

counted=$(awk -f tests/tap.awk -v total=1 "$build"/results/*.tap)
echo "$counted"
case $counted in
"0 passed"*) exit 1 ;;
*", 0 failed, "*) ;;
*) exit 1 ;;
esac
