#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/idmap.h"

static void make_id(uint8_t id_out[ID_BYTES], uint32_t n)
{
    memset(id_out, 0, ID_BYTES);
    memcpy(id_out + n % 12, &n, sizeof n);
    id_out[ID_BYTES - 1] = (uint8_t)(n % 12);
}

static void an_empty_map_holds_nothing(void **state)
{
    struct idmap map = {0};
    uint8_t id[ID_BYTES] = {0};

    (void)state;
    assert_null(idmap_find(&map, id));
    assert_int_equal(idmap_reserve(&map), STATUS_OK);
    assert_null(idmap_find(&map, id));
    idmap_finish(&map);
    idmap_finish(&map);
}

static void it_holds_all_up_to_its_maximum(void **state)
{
    struct idmap map = {0};
    uint8_t id[ID_BYTES];

    (void)state;
    for (uint32_t n = 1; n <= IDMAP_IDS_MAX; n++) {
        make_id(id, n);
        assert_null(idmap_find(&map, id));
        assert_int_equal(idmap_reserve(&map), STATUS_OK);
        idmap_insert(&map, id, (struct idmap_value){.index = n, .author = (uint16_t)n});
    }
    assert_int_equal(idmap_reserve(&map), STATUS_FULL);
    for (uint32_t n = 1; n <= IDMAP_IDS_MAX; n++) {
        make_id(id, n);
        assert_non_null(idmap_find(&map, id));
        assert_int_equal(idmap_find(&map, id)->index, n);
        assert_int_equal(idmap_find(&map, id)->author, (uint16_t)n);
    }
    make_id(id, IDMAP_IDS_MAX + 1);
    assert_null(idmap_find(&map, id));
    idmap_finish(&map);
    assert_null(idmap_find(&map, id));
}

static void a_mark_stays_where_it_was_put(void **state)
{
    struct idmap map = {0};
    uint8_t id[ID_BYTES];

    (void)state;
    for (uint32_t n = 1; n <= 1000; n++) {
        make_id(id, n);
        assert_int_equal(idmap_reserve(&map), STATUS_OK);
        idmap_insert(&map, id, (struct idmap_value){.index = n});
        if (n % 3 == 0) {
            idmap_mark_replaced(&map, id);
        }
    }
    for (uint32_t n = 1; n <= 1000; n++) {
        make_id(id, n);
        assert_int_equal(idmap_find(&map, id)->replaced, n % 3 == 0);
    }
    idmap_finish(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_holds_nothing),
        cmocka_unit_test(it_holds_all_up_to_its_maximum),
        cmocka_unit_test(a_mark_stays_where_it_was_put),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
