#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/outbox.h"
#include "protocol/writer.h"

static struct bytes text(const char *string)
{
    return (struct bytes){.data = (const uint8_t *)string, .count = strlen(string)};
}

static struct wish *add(struct outbox *outbox, enum kind kind, const char *plaintext)
{
    struct wish *wish = outbox_add(outbox, kind, 3, text(plaintext));

    assert_non_null(wish);
    memset(wish->id, (int)wish->order, ID_BYTES);
    return wish;
}

static void wishes_stand_in_order_until_they_are_done(void **state)
{
    struct outbox outbox = {0};
    struct wish *first = add(&outbox, KIND_NOTE, "one");
    struct wish *second = add(&outbox, KIND_PARK, "two");
    struct wish *third = add(&outbox, KIND_NOTE, "three");

    (void)state;
    assert_ptr_equal(outbox.first, first);
    assert_ptr_equal(outbox_find(&outbox, 2), second);
    assert_ptr_equal(outbox_last_of(&outbox, KIND_NOTE, 3), third);
    assert_null(outbox_last_of(&outbox, KIND_NOTE, 4));
    outbox_remove(&outbox, third);
    assert_ptr_equal(outbox_last_of(&outbox, KIND_NOTE, 0), first);
    assert_int_equal(add(&outbox, KIND_REPORT, "four")->order, 4);
    outbox_remove(&outbox, first);
    assert_ptr_equal(outbox.first, second);
    assert_int_equal(outbox.wish_count, 2);
    outbox_finish(&outbox);
}

/* Every kind that is kept, with something in its arguments. */
static void fill(struct wish *wish)
{
    if (wish->kind == KIND_TEXT || wish->kind == KIND_CONFIRM) {
        wish->args.text = 7;
    } else if (wish->kind == KIND_INVITE) {
        wish->args.invite =
            (struct args_invite){.number = 2, .role = ROLE_OBSERVER, .uses = 1, .expiry_ms = 9};
        memset(wish->args.invite.key, 5, KEY_BYTES);
    } else if (wish->kind == KIND_JOIN) {
        wish->args.join.invite = 2;
        memset(wish->args.join.proof, 6, SIGNATURE_BYTES);
    } else if (wish->kind == KIND_NOTE) {
        wish->args.note.has_replaces = true;
        memset(wish->args.note.replaces, 8, ID_BYTES);
    } else if (wish->kind == KIND_MESSAGE) {
        wish->args.message =
            (struct args_message){.recipient_count = 2, .recipients = {4, 500}};
    } else if (wish->kind == KIND_LEAVE_OUT) {
        memset(wish->args.left_out, 9, ID_BYTES);
    }
}

static void a_wish_comes_back_as_it_was_kept(void **state)
{
    static const enum kind kinds[] = {KIND_TEXT, KIND_CONFIRM,   KIND_INVITE,  KIND_JOIN,
                                      KIND_NOTE, KIND_AGREEMENT, KIND_MESSAGE, KIND_LEAVE_OUT,
                                      KIND_NAME, KIND_PARK,      KIND_REPORT};
    uint8_t first[512], second[512];

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct outbox outbox = {0}, back = {0};
        struct wish *wish = add(&outbox, kinds[i], "words");
        struct writer writer, again;

        fill(wish);
        assert_int_equal(wish_set_sealed(wish, text("sealed")), STATUS_OK);
        writer_init(&writer, first, sizeof first);
        writer_init(&again, second, sizeof second);
        wish_encode(&writer, wish);
        assert_int_equal(writer_status(&writer), STATUS_OK);
        assert_int_equal(outbox_restore_wish(&back, 41, writer_bytes(&writer)), STATUS_OK);
        assert_int_equal(back.first->order, 41);
        assert_true(back.first->kept);
        wish_encode(&again, back.first);
        assert_true(bytes_equal(writer_bytes(&writer), writer_bytes(&again)));
        for (size_t count = 0; count < writer_bytes(&writer).count; count++) {
            struct outbox none = {0};

            assert_int_equal(outbox_restore_wish(&none, 1, (struct bytes){first, count}),
                             STATUS_MALFORMED);
            assert_null(none.first);
        }
        outbox_finish(&outbox);
        outbox_finish(&back);
    }
}

static void an_answer_comes_back_as_it_was_kept(void **state)
{
    struct outbox outbox = {0}, back = {0};
    struct own_answer *answer = outbox_answer(&outbox, 5, 2);
    uint8_t buffer[512];
    struct writer writer;

    (void)state;
    assert_non_null(answer);
    answer->edit = 3;
    answer->sealed_edit = 2;
    answer->saved_edit = 1;
    answer->state = ANSWER_NOT_SENT;
    answer->reason = STATUS_ENDED;
    answer->saved_ms = 12345;
    memset(answer->id, 4, ID_BYTES);
    assert_int_equal(outbox_replace(&answer->submitted, text("said")), STATUS_OK);
    assert_int_equal(outbox_replace(&answer->sealed, text("sealed")), STATUS_OK);
    writer_init(&writer, buffer, sizeof buffer);
    answer_encode(&writer, answer);
    assert_int_equal(outbox_restore_answer(&back, 5, 2, writer_bytes(&writer)), STATUS_OK);
    assert_null(outbox_find_answer(&back, 5, 0));
    answer = outbox_find_answer(&back, 5, 2);
    assert_int_equal(answer->edit, 3);
    assert_int_equal(answer->sealed_edit, 2);
    assert_int_equal(answer->saved_edit, 1);
    assert_int_equal(answer->state, ANSWER_NOT_SENT);
    assert_int_equal(answer->reason, STATUS_ENDED);
    assert_true(bytes_equal(answer->submitted, text("said")));
    assert_true(bytes_equal(answer->sealed, text("sealed")));
    for (size_t count = 0; count < writer_bytes(&writer).count; count++) {
        assert_int_equal(outbox_restore_answer(&back, 6, 0, (struct bytes){buffer, count}),
                         STATUS_MALFORMED);
    }
    assert_null(outbox_find_answer(&back, 6, 0));
    outbox_finish(&outbox);
    outbox_finish(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wishes_stand_in_order_until_they_are_done),
        cmocka_unit_test(a_wish_comes_back_as_it_was_kept),
        cmocka_unit_test(an_answer_comes_back_as_it_was_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
