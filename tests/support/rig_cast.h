/* tests/support/rig_cast.h -- a rig of its own for each test of a program, and its four people
 * by name. Included by one test program each; it is no part of the library. */
#ifndef TESTS_SUPPORT_RIG_CAST_H
#define TESTS_SUPPORT_RIG_CAST_H

#include "tests/support/rig.h"

static struct rig rig;
static struct person *host, *observer, *anna, *bram;

static int rig_set_up(void **state)
{
    (void)state;
    rig_begin(&rig);
    host = &rig.people[0];
    observer = &rig.people[1];
    anna = &rig.people[2];
    bram = &rig.people[3];
    return 0;
}

static int rig_tear_down(void **state)
{
    (void)state;
    rig_end(&rig);
    return 0;
}

/* A test between the two. */
#define SCENARIO(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

#endif
