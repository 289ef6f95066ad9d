# tests/tap.awk -- reads what one test program printed as TAP (https://testanything.org).
#
#   awk -f tests/tap.awk -v name=NAME -v status=STATUS FILE
#
# prints a line "not ok - NAME ..." for each thing that no test of its own says: it ended badly, it
# ran fewer tests or more than it planned, it ran none. Plans of one program are added up.
#
#   awk -f tests/tap.awk -v total=1 FILE...
#
# prints "N passed, N failed, N skipped". A skipped test is neither passed nor failed, whether it
# stands as ok (the rule) or as not ok (cmocka).

function is_skipped(line) {
    return tolower(line) ~ /# *skip/
}

function trouble(what) {
    print "not ok - " name " " what
}

FNR == 1 { planned = -1 }

/^1\.\.[0-9]+/ {
    split($1, ends, /\.\./)
    planned = (planned < 0 ? 0 : planned) + ends[2]
    if (ends[2] == 0 && is_skipped($0)) {
        skipped++
        planned++
    }
}

/^(not )?ok( |$)/ {
    if (is_skipped($0)) {
        skipped++
    } else if ($1 == "ok") {
        passed++
    } else {
        failed++
    }
}

END {
    ran = passed + failed + skipped
    if (total) {
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit
    }
    if (status != 0 && failed == 0) {
        trouble("ended with " status)
    }
    if (planned < 0) {
        trouble("planned no tests (1..N)")
    } else if (ran != planned) {
        trouble("planned " planned " tests, and ran " ran + 0)
    } else if (ran == 0) {
        trouble("ran no test")
    }
}
