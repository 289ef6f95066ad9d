#!/bin/sh
# The dependency rule, second proof: who may include what. (The first is that each box links
# alone.) Also: a library's header only where that library lives.
cd "$(dirname "$0")/../.." || exit 1
number=0
failed=0

check() { # check LABEL OFFENDERS
    number=$((number + 1))
    if [ -z "$2" ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        echo "$2" | sed 's/^/# /'
        failed=1
    fi
}

includes() { # includes PATTERN PLACE...
    pattern=$1
    shift
    grep -rnE "^#include [<\"]($pattern)" --include='*.c' --include='*.h' "$@" || true
}

outside() { # outside PATTERN ALLOWED-PATH-PATTERN
    includes "$1" common protocol server client | grep -vE "^($2)" || true
}

check "common uses nothing of ours but common" "$(includes '(protocol|server|client)/' common)"
check "files and clocks are for server and client" \
    "$(includes 'common/machine/' common protocol | grep -v '^common/machine/')"
check "protocol uses common only" "$(includes '(server|client)/' protocol)"
check "server does not use client" "$(includes 'client/' server)"
check "client does not use server" "$(includes 'server/' client)"
check "libsodium only in protocol" "$(outside 'sodium' protocol/)"
check "msgpack-c only in protocol/writer.c" "$(outside 'msgpack' 'protocol/writer\.c')"
check "SQLite only in the stores" "$(outside 'sqlite3' '(server/database|client/local)')"
check "libuv neither in common nor in protocol" "$(includes 'uv\.h' common protocol)"
check "the hub knows no libuv and no SQL" "$(includes 'uv\.h|sqlite3\.h' \
    $(ls server/hub* server/batch* server/waiting* 2>/dev/null))"
check "libyaml only in the guide reader" "$(outside 'yaml\.h' client/guide/)"
check "jansson only in the json face and export" \
    "$(outside 'jansson' 'client/(face_json|faces/json|export)')"
check "md4c only in the Markdown reader" "$(outside 'md4c' 'client/markdown')"
echo "1..$number"
exit $failed
