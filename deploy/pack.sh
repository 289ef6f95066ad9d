#!/bin/sh
# deploy/pack.sh -- builds a release and makes two Debian packages of it, in ./build/packages:
# kring, for whoever takes part, and kringd, the server. They fit machines with the same version
# of Debian and the same processor as this one.
set -eu

cd "$(dirname "$0")/.."
build=$PWD/build

sh deploy/packages.sh pack
echo "kring: building a release in $build"
mkdir -p "$build/packages"
rm -f "$build"/packages/*.deb
if ! { cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DKRING_TESTS=OFF &&
    cmake --build "$build" -j "$(nproc)" &&
    cd "$build" && cpack -B "$build/packages"; } >"$build/pack.log" 2>&1; then
    tail -n 40 "$build/pack.log" >&2
    echo "kring: no packages were made; all of it is in $build/pack.log" >&2
    exit 70
fi
rm -rf "$build/packages/_CPack_Packages"
ls "$build"/packages/*.deb
