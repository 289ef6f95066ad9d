/* common/secret and common/entropy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/entropy.h"
#include "common/secret.h"

static void what_is_wiped_is_gone(void **state)
{
    uint8_t data[64];

    (void)state;
    memset(data, 0xaa, sizeof data);
    secret_wipe(data + 8, 48);
    for (size_t i = 0; i < sizeof data; i++) {
        assert_int_equal(data[i], i >= 8 && i < 56 ? 0 : 0xaa);
    }
    secret_wipe(NULL, 0);
}

static void equal_means_every_byte(void **state)
{
    uint8_t a[33];
    uint8_t b[33];

    (void)state;
    memset(a, 7, sizeof a);
    memset(b, 7, sizeof b);
    assert_true(secret_equal(a, b, sizeof a));
    for (size_t i = 0; i < sizeof a; i++) {
        b[i] ^= 0x80;
        assert_false(secret_equal(a, b, sizeof a));
        assert_true(secret_equal(a, b, i));
        b[i] ^= 0x80;
    }
    assert_true(secret_equal(NULL, NULL, 0));
}

/* Reads the kernel's word on the mapping that holds `data`: true when it has this flag. */
static bool mapping_has_flag(const void *data, const char *flag)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    char line[512];
    bool inside = false;
    bool has = false;

    assert_non_null(maps);
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long first = 0;
        unsigned long last = 0;

        if (sscanf(line, "%lx-%lx ", &first, &last) == 2) {
            inside = (uintptr_t)data >= first && (uintptr_t)data < last;
        } else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
            has = strstr(line, flag) != NULL;
        }
    }
    fclose(maps);
    return has;
}

static void secrets_start_zeroed_and_stay_out_of_dumps(void **state)
{
    enum { COUNT = 5000 };
    uint8_t *data = secret_alloc(COUNT);
    uint8_t *plain = malloc(COUNT);

    (void)state;
    assert_non_null(data);
    assert_non_null(plain);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(data[i], 0);
    }
    memset(data, 1, COUNT);
    assert_true(mapping_has_flag(data, " dd")); /* MADV_DONTDUMP */
    assert_false(mapping_has_flag(plain, " dd"));
    free(plain);
    secret_free(data, COUNT);
    secret_free(NULL, 0);
}

static void fill_with_seven(void *context, void *out, size_t count)
{
    size_t *calls = context;

    (*calls)++;
    memset(out, 7, count);
}

static void entropy_comes_from_whoever_was_given(void **state)
{
    size_t calls = 0;
    struct entropy entropy = {.fill = fill_with_seven, .context = &calls};
    uint8_t out[3] = {0};

    (void)state;
    entropy_fill(&entropy, out, 2);
    assert_memory_equal(out, "\7\7\0", 3);
    assert_int_equal(calls, 1);
}

/* 1 MiB, more than one getrandom() call gives: every byte position sees many values. */
static void the_systems_entropy_fills_all_of_it(void **state)
{
    enum { COUNT = 1024 * 1024, COLUMNS = 64 };
    struct entropy entropy = entropy_system();
    uint8_t *out = calloc(COUNT + 1, 1);
    uint8_t seen[COLUMNS] = {0};

    (void)state;
    assert_non_null(out);
    entropy_fill(&entropy, out, COUNT);
    assert_int_equal(out[COUNT], 0);
    for (size_t i = 0; i < COUNT; i++) {
        seen[i / (COUNT / COLUMNS)] = (uint8_t)(seen[i / (COUNT / COLUMNS)] | out[i]);
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        assert_int_equal(seen[i], 0xff); /* no part was left out */
    }
    entropy_fill(&entropy, out, 0);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wiped_is_gone),
        cmocka_unit_test(equal_means_every_byte),
        cmocka_unit_test(secrets_start_zeroed_and_stay_out_of_dumps),
        cmocka_unit_test(entropy_comes_from_whoever_was_given),
        cmocka_unit_test(the_systems_entropy_fills_all_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
