#!/bin/sh
# tests/fuzz/seeds.sh DIR -- writes what the fuzz targets of stored bytes begin with, taken from
# the test vectors: DIR/entry (an entry a file) and DIR/link (a pasted text a file); and what is
# written by hand: DIR/face, DIR/keys, DIR/config, DIR/control and DIR/markdown.
set -eu

cd "$(dirname "$0")/../.."
out=${1:?usage: seeds.sh DIR}
mkdir -p "$out/entry" "$out/link" "$out/face" "$out/keys" "$out/config" "$out/control" \
    "$out/markdown"

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
lines_of() { # lines_of FILE FIRST LINE...: the first byte, in octal, and the lines
    file=$out/$1
    first=$2
    shift 2
    {
        printf "\\$first"
        printf '%s\n' "$@"
    } >"$file"
}

# A face (bit 0: plain), who looks (bits 1 and 2), what is open (bits 4 to 6); then the lines.
lines_of face/json-answer 044 '{"do": "answer", "step": 2, "fields": ["a", "b"], "tag": 1}' \
    '{"do": "where"}' '{"do": "quit"}'
lines_of face/json-choice 064 '{"do": "park", "text": "later"}' '{"do": "people"}' \
    '{"do": "answer", "step": 3, "option": 2, "fields": ["x"], "wait": true}'
lines_of face/json-facilitator 020 '{"do": "open", "step": 2}' '{"do": "close"}' \
    '{"do": "release", "wait": true}' '{"do": "timer", "minutes": 5}'
lines_of face/plain-answer 045 'hij bepaalt' 'wat kan' . 'zij zwijgt' . /where /quit
lines_of face/plain-choice 065 omdat 2 . '/read 1' '/park later' /people /help
lines_of face/plain-facilitator 021 '/open 2' /close /release '/invite x' '/timer 5'
lines_of config/flags 055 -listen 127.0.0.1:0 --uses=3 '' 'host = kring.example:9' \
    'min-free = 1M'
lines_of config/file 012 '# all of it' 'data = /x' 'listen = [::1]:1' 'listen = 0.0.0.0:2' \
    'store = sqlite' 'min-free = 1G' 'log-addresses = yes'
printf '\001een \303\251\342\200\215\177\025twee\027\033[A\033[200~x\033[201~\r' >"$out/keys/1"
printf '\140\220' >"$out/control/status"
printf '\141\224\244team\001\317\000\000\002\000\000\000\000\000\243h:1' >"$out/control/ticket"
printf '\142\221\240' >"$out/control/tickets"
printf '\143\221\244team' >"$out/control/revoke"
printf '\144\221\304\000' >"$out/control/sessions"
printf '\145\221\304\040%032d' 0 >"$out/control/purge"
for text in tests/guides/*.md README.md; do
    cp "$text" "$out/markdown/$(basename "$text")"
done
echo "seeds: $(ls "$out/entry" | wc -l) entries, $(ls "$out/link" | wc -l) links"
