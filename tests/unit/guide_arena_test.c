#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/guide/arena.h"

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    struct arena *arena = NULL;
    unsigned char *first;
    unsigned char *second;

    (void)state;
    assert_int_equal(arena_create(1 << 20, &arena), STATUS_OK);
    first = arena_alloc(arena, 3, 1);
    second = arena_alloc(arena, 100000, 1); /* larger than a block */
    assert_non_null(first);
    assert_non_null(second);
    assert_int_equal((uintptr_t)second % _Alignof(max_align_t), 0);
    assert_int_equal(first[2], 0);
    memset(second, 0xff, 100000);
    first = arena_alloc(arena, 8, 8); /* the first block is still in use */
    assert_non_null(first);
    for (int i = 0; i < 64; i++) {
        assert_int_equal(first[i], 0);
    }
    assert_non_null(arena_alloc(arena, 0, 8));
    assert_string_equal(arena_copy(arena, "kring", 3), "kri");
    arena_destroy(arena);
    arena_destroy(NULL);
}

static void no_more_than_the_maximum_is_given(void **state)
{
    struct arena *arena = NULL;

    (void)state;
    assert_int_equal(arena_create(1000, &arena), STATUS_OK);
    assert_null(arena_alloc(arena, 1001, 1));
    assert_null(arena_alloc(arena, SIZE_MAX, 16));
    assert_null(arena_alloc(arena, SIZE_MAX / 16, 16));
    assert_non_null(arena_alloc(arena, 900, 1));
    assert_null(arena_alloc(arena, 200, 1));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(no_more_than_the_maximum_is_given),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
