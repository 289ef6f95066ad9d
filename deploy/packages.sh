#!/bin/sh
# deploy/packages.sh build|pack|test -- installs the Debian packages that this machine lacks and
# that kring needs to be built, or also to be made into Debian packages, or also to be tested.
# Says what it installs; does nothing when nothing is lacking.
set -eu

build="gcc libc6-dev make cmake pkg-config libuv1-dev libmsgpack-dev libsodium-dev
    libsqlite3-dev libyaml-dev libunistring-dev libmd4c-dev libjansson-dev"
pack="dpkg-dev file"
tests="libcmocka-dev clang clang-format git tmux gdb procps python3-minimal python3
    golang-github-flynn-noise-dev"

case ${1:-} in
build) wanted=$build ;;
pack) wanted="$build $pack" ;;
test) wanted="$build $pack $tests" ;;
*)
    echo "usage: sh deploy/packages.sh build|pack|test" >&2
    exit 64
    ;;
esac

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=
for package in $wanted; do
    installed "$package" || missing="$missing $package"
done
# Any Node from 18 on will do; Debian's own is 18.
if [ "$1" = test ] && ! command -v node >/dev/null 2>&1; then
    missing="$missing nodejs"
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "kring: this machine has no apt-get; please install:$missing" >&2
    exit 69
fi
sudo=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "kring: not root and no sudo here; please install:$missing" >&2
        exit 77
    fi
    sudo=sudo
fi
echo "kring: installing$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # lists of words on purpose
if ! { $sudo apt-get update -q && $sudo apt-get install -y -q --no-install-recommends $missing; } \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "kring: apt-get could not install:$missing" >&2
    exit 69
fi
