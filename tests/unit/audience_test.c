/* What is promised to people before they write must differ where the rule differs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/audience.h"
#include "client/words.h"

static struct step_plan plan_of(enum working working, enum sharing sharing)
{
    return (struct step_plan){.step = 1,
                              .form = FORM_QUESTION,
                              .work = WORK_INDIVIDUAL,
                              .working = working,
                              .sharing = sharing,
                              .who = WHO_PARTICIPANTS};
}

static void every_sharing_has_a_promise_of_its_own(void **state)
{
    struct step_plan plans[] = {
        plan_of(WORKING_NONE, SHARING_NAMED),  plan_of(WORKING_NONE, SHARING_ANONYMOUS),
        plan_of(WORKING_NONE, SHARING_NEVER),  plan_of(WORKING_GROUP, SHARING_NAMED),
        plan_of(WORKING_GROUP, SHARING_NEVER),
    };
    size_t count = sizeof plans / sizeof plans[0];

    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(audience_of_step(&plans[i]), audience_of_step(&plans[k]));
            assert_string_not_equal(audience_in_short(&plans[i]), audience_in_short(&plans[k]));
        }
    }
    assert_non_null(strstr(audience_of_step(&plans[0]), "with your name"));
    assert_non_null(strstr(audience_of_step(&plans[1]), "no name shown"));
    assert_non_null(strstr(audience_of_step(&plans[2]), "stays on this device"));
}

static void a_shared_note_is_seen_at_once(void **state)
{
    struct step_plan plan = plan_of(WORKING_NONE, SHARING_NAMED);

    (void)state;
    plan.form = FORM_DISCUSSION;
    assert_non_null(strstr(audience_of_step(&plan), "at once"));
    plan.form = FORM_QUESTION;
    plan.work = WORK_PLENARY;
    assert_non_null(strstr(audience_of_step(&plan), "at once"));
    plan.form = FORM_REPORT;
    assert_string_equal(audience_of_step(&plan), audience_of_kind(KIND_REPORT));
    assert_non_null(strstr(audience_of_kind(KIND_MESSAGE), "Others do not"));
}

static void every_refusal_is_a_sentence(void **state)
{
    (void)state;
    for (int status = 0; status >= -60; status--) {
        const char *sentence = words_of_status((enum status)status);

        assert_true(strlen(sentence) > 3);
        assert_int_equal(sentence[strlen(sentence) - 1], '.');
        assert_true(strlen(words_of_not_sent((enum status)status)) > 20);
        assert_true(strlen(words_of_entering((enum status)status, true)) > 3);
        assert_true(strlen(words_of_entering((enum status)status, false)) > 3);
        assert_true(strlen(words_of_closing((enum status)status)) > 3);
    }
    for (int role = ROLE_FACILITATOR; role < ROLE_COUNT; role++) {
        assert_string_not_equal(words_of_role((enum role)role), "");
    }
    for (int form = FORM_READ; form < FORM_COUNT; form++) {
        assert_string_not_equal(words_of_form((enum form)form), "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sharing_has_a_promise_of_its_own),
        cmocka_unit_test(a_shared_note_is_seen_at_once),
        cmocka_unit_test(every_refusal_is_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
