#!/bin/sh
# tests/fuzz/seeds.sh DIR -- writes what the fuzz targets of stored bytes begin with, taken from
# the test vectors: DIR/entry (an entry a file) and DIR/link (a pasted text a file).
set -eu

cd "$(dirname "$0")/../.."
out=${1:?usage: seeds.sh DIR}
mkdir -p "$out/entry" "$out/link"

number=0
sed -n 's/^ *"entry": "\([0-9a-f]\{64,\}\)",\{0,1\}$/\1/p' \
    tests/vectors/session.json tests/vectors/slots.json | while read -r hex; do
    number=$((number + 1))
    # Octal escapes are the only ones every printf knows.
    printf "$(echo "$hex" | sed 's/../& /g' | tr ' ' '\n' | while read -r byte; do
        [ -n "$byte" ] && printf '\\%03o' "0x$byte"
    done)" >"$out/entry/$number"
done

number=0
sed -n -e 's/^ *"link": "\(.*\)",\{0,1\}$/\1/p' -e 's/^ *"text": "\(.*\)",\{0,1\}$/\1/p' \
    tests/vectors/links.json |
    while read -r text; do
        number=$((number + 1))
        printf '%s' "$text" | sed 's/\\"/"/g' >"$out/link/$number"
    done
echo "seeds: $(ls "$out/entry" | wc -l) entries, $(ls "$out/link" | wc -l) links"
