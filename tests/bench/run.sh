#!/bin/sh
# tests/bench/run.sh -- builds a release and prints its sizes and times; quickstart.sh beside it
# those of the quickstart.
set -eu

cd "$(dirname "$0")/../.."
sh deploy/packages.sh test
cmake --preset release -B build-release >/dev/null
cmake --build build-release -j "$(nproc)" --target kring kringd >/dev/null
KRING_BUILD_DIR=$PWD/build-release exec /usr/bin/python3 tests/bench/sizes.py
