#!/bin/sh
# clang-format decides; and what a tree like this must not hold.
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

sources() {
    find common protocol server client tests -name '*.[ch]' | sort
}

check "clang-format would change nothing" \
    "$(sources | xargs clang-format --dry-run 2>&1 | grep 'warning:' | head -20)"
check "nothing is left to be done later" \
    "$(grep -rnE 'TO''DO|FIX''ME|\bXX''X\b|HA''CK' common protocol server client tests deploy \
        --include='*.[ch]' --include='*.sh' --include='*.md' --include='*.py' --include='*.mjs' \
        | head)"
check "no file over 600 lines, no test over 700" \
    "$(sources | xargs wc -l | awk '$2 != "total" && $1 > ($2 ~ /^tests/ ? 700 : 600) {
        print $2, $1 }')"
check "shell scripts are POSIX sh" \
    "$(for script in deploy/*.sh tests/*.sh tests/*/*.sh; do
        sh -n "$script" 2>&1
        head -n 1 "$script" | grep -qx '#!/bin/sh' || echo "$script: not #!/bin/sh"
    done)"
echo "1..$number"
exit $failed
