#!/bin/sh
# tests/bench/run.sh [--quickstart] -- builds a release and prints its sizes and times; with
# --quickstart also how long the demo takes from nothing built, and the second time.
set -eu

cd "$(dirname "$0")/../.."
sh deploy/packages.sh test
cmake --preset release -B build-release >/dev/null
cmake --build build-release -j "$(nproc)" --target kring kringd >/dev/null
KRING_BUILD_DIR=$PWD/build-release exec /usr/bin/python3 tests/bench/sizes.py "$@"
