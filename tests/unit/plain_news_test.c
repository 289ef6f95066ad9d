/* What the plain face tells of what happens: news goes in, sentences come out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>
#include <uv.h>

#include "client/faces/plain.h"
#include "client/faces/plain_show.h"
#include "tests/support/face_fake.h"

enum { DEADLINE_MS = 5000, LOOK_MS = 2, SCENES_MAX = 6 };

/* One thing that happens, and what must be said before the next one does. */
struct scene {
    void (*happens)(void);
    const char *until;
};

struct stage {
    struct scene scenes[SCENES_MAX];
    size_t at;
    bool begun; /* scene `at` has happened */
    int input;
    FILE *out;
    char **text;
    uint64_t deadline_ms;
};

static char said[65536]; /* what the last face printed */

static void on_look(uv_timer_t *timer)
{
    struct stage *stage = timer->data;
    const struct scene *scene = &stage->scenes[stage->at];
    bool late = uv_now(timer->loop) > stage->deadline_ms;

    (void)fflush(stage->out);
    if (stage->begun && (late || strstr(*stage->text, scene->until) != NULL)) {
        stage->at++;
        scene++;
        stage->begun = false;
    }
    if (stage->at == SCENES_MAX || scene->happens == NULL || late) {
        (void)close(stage->input); /* the face ends */
        uv_close((uv_handle_t *)timer, NULL);
    } else if (!stage->begun) {
        stage->begun = true;
        scene->happens();
    }
}

/* Runs the face while these scenes happen. */
static void play(const struct scene *scenes, size_t count)
{
    uv_loop_t loop;
    uv_timer_t timer;
    struct face *face = NULL;
    struct face_options options = {.kind = FACE_PLAIN, .loop = &loop};
    struct stage stage = {.begun = false};
    char *out = NULL;
    size_t out_count = 0;
    int ends[2];

    assert_true(count <= SCENES_MAX);
    memcpy(stage.scenes, scenes, count * sizeof *scenes);
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(pipe(ends), 0);
    options.input = ends[0];
    options.out = open_memstream(&out, &out_count);
    assert_non_null(options.out);
    stage.input = ends[1];
    stage.out = options.out;
    stage.text = &out;
    assert_int_equal(face_create(&options, &face), STATUS_OK);
    fake.face = face_client(face);
    assert_int_equal(uv_timer_init(&loop, &timer), 0);
    timer.data = &stage;
    stage.deadline_ms = uv_now(&loop) + DEADLINE_MS;
    assert_int_equal(uv_timer_start(&timer, on_look, LOOK_MS, LOOK_MS), 0);
    (void)face_run(face, FAKE_CLIENT);
    fake.face = NULL;
    face_destroy(face);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(fclose(options.out), 0);
    assert_int_equal(close(ends[0]), 0);
    (void)snprintf(said, sizeof said, "%s", out);
    free(out);
}

#define PLAY(...)                                                                              \
    play((const struct scene[]){__VA_ARGS__},                                                  \
         sizeof((const struct scene[]){__VA_ARGS__}) / sizeof(struct scene))

static unsigned times(const char *text)
{
    unsigned count = 0;

    for (const char *at = strstr(said, text); at != NULL; at = strstr(at + 1, text)) {
        count++;
    }
    return count;
}

static void assert_times(const char *text, unsigned count)
{
    if (times(text) != count) {
        (void)fputs(said, stderr);
        fail_msg("said %u times, not %u: \"%s\"", times(text), count, text);
    }
}

/* ---- steps ---- */

static void open_first(void)
{
    fake_open(1);
    fake_news(NEWS_STEP, 1);
}

static void open_second(void)
{
    fake.steps[0].state = STEP_CLOSED;
    fake_open(2);
    fake_news(NEWS_STEP, 2);
}

static void a_phase_says_its_goal_once(void **state)
{
    (void)state;
    fake_begin(3);
    PLAY({open_first, "/done says"}, {open_second, "1b"});
    assert_times("Wat voegt gender toe?", 1);
    assert_times("  - macht\n", 1);
    assert_times("Again: /attention", 1);
    assert_times("Fase 1, directe veiligheid\n", 2); /* once with each step */
}

static void release_choice(void)
{
    static struct model_answer answer = {.author = 4, .author_name = "Bram", .option = 1};

    fake.steps[2].state = STEP_RELEASED;
    fake.steps[2].answers = &answer;
    fake.steps[2].answer_count = 1;
    fake.steps[2].explanation = &fake.text;
    fake_options[0].tally = 1;
    fake_options[0].consequence = "Het blijft stil.";
    fake_options[1].consequence = "Zij vertelt meer.";
    fake_options[1].preferred = true;
    fake_news(NEWS_STEP, 3);
}

static void the_explanation_waits_till_the_group_has_talked(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(3);
    PLAY({release_choice, "When you have talked"});
    assert_times("Vertrekken: chosen by 1 of 1", 1);
    assert_times("When you have talked: what follows from each option and Situatieschets\n"
                 "can be read now: /explanation.",
                 1);
    assert_times("Het blijft stil.", 0);
    assert_times("the guide's choice", 0);
    assert_times("voorjaar", 0);
    fake_begin(1);
    fake_open(3);
    PLAY({release_choice, "Everyone can read it from now on"});
}

/* ---- coming in late ---- */

static void go_on_without_us(void)
{
    fake_open(2);
    fake_news(NEWS_STEP, 2);
    fake.steps[1].state = STEP_RELEASED;
    fake.steps[1].released_ms = 2000;
    fake_news(NEWS_STEP, 2);
    fake_open(4);
    fake.steps[3].shown = false;
    fake.model.timer_ends_ms = 1;
    fake_news(NEWS_STEP, 4);
    fake_news(NEWS_NOTE, 2);
    fake_news(NEWS_COUNTS, 4);
    fake_news(NEWS_TIMER, 0);
    fake_news(NEWS_PASSAGE, 0);
    fake.model.lobby = LOBBY_AGREEMENT;
    fake_news(NEWS_STANDING, 0);
}

static void let_in(void)
{
    fake.steps[3].shown = true;
    fake.model.standing = STANDING_MEMBER;
    fake.model.admitted_count++;
    fake_news(NEWS_STANDING, 0);
    fake_news(NEWS_MEMBERS, 0);
}

static void who_comes_late_hears_nothing_of_steps_until_let_in(void **state)
{
    (void)state;
    fake_begin(3);
    fake.model.standing = STANDING_LOBBY;
    fake.model.lobby = LOBBY_NO_FACILITATOR;
    PLAY({go_on_without_us, "A facilitator is connected"});
    assert_times("you wait to be let in.", 1);
    assert_times("tep 2", 0);
    assert_times("tep 4", 0);
    assert_times("not shown yet", 0);
    assert_times("timer", 0);
}

static void who_is_let_in_late_comes_to_the_step_with_what_went_before(void **state)
{
    (void)state;
    fake_begin(3);
    fake.model.standing = STANDING_LOBBY;
    PLAY({go_on_without_us, "A facilitator is connected"}, {let_in, "what:"});
    assert_times("You are in, as Ay\xc5\x9f"
                 "e",
                 1);
    assert_times("You come in at step 4. What went before: /overview, /shared 2.", 1);
    assert_times("Vanaf morgen ga ik", 1);
    assert_times("In the circle", 0);         /* that they are in it is not news to them */
    assert_times("Wat voegt gender toe?", 1); /* a phase that is new to them */
}

/* ---- the line ---- */

static void find(void)
{
    fake.connected = true;
    fake.model.caught_up = true;
    fake_news(NEWS_CONNECTION, 0);
}

static void lose(void)
{
    const struct news news = {.kind = NEWS_CONNECTION,
                              .text = "No connection with x; this goes on trying."};

    fake.connected = false;
    fake_changed();
    fake.face->news(fake.face->context, &news);
}

static void coming_back_shows_nothing_that_may_be_old(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    fake.connected = false;
    fake.model.connected = false;
    fake.model.caught_up = false;
    PLAY({find, "Connected."}, {lose, "back"}, {find, "Connected again."});
    assert_times("Looking for the server.", 1);
    assert_times("no connection at the moment", 0);
    assert_times("Answered at", 0);
    assert_times("this goes on trying. What you write is kept, and\n"
                 "sent when the connection is back.",
                 1);
    assert_times("tried again", 0);
}

static void a_server_that_was_never_lost_is_not_found_again(void **state)
{
    (void)state;
    fake_begin(3);
    fake.connected = false;
    fake.model.caught_up = false;
    PLAY({lose, "back"}, {find, "Connected."});
    assert_times("Connected again", 0);
}

/* ---- the session ---- */

static void pause_it(void)
{
    fake.model.state = SESSION_PAUSED;
    fake_news(NEWS_SESSION, 0);
}

static void a_pause_speaks_of_writing_to_who_writes(void **state)
{
    (void)state;
    fake_begin(3);
    fake_open(2);
    PLAY({pause_it, "paused."});
    assert_times("What you write is kept, and sent when it goes on.", 1);
    fake_begin(2);
    fake_open(2);
    PLAY({pause_it, "paused."});
    assert_times("What you write", 0);
}

static uint64_t now_ms(void)
{
    uv_timeval64_t now;

    assert_int_equal(uv_gettimeofday(&now), 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_usec / 1000;
}

static void start_timer(void)
{
    fake.model.timer_ends_ms = now_ms() + 20;
    fake_news(NEWS_TIMER, 0);
}

static void a_timer_that_ends_is_told_once(void **state)
{
    (void)state;
    fake_begin(3);
    PLAY({start_timer, "The time on the timer is over."});
    assert_times("On the timer: 1 minutes left.", 1);
    assert_times("The time on the timer is over.", 1);
}

static void create(void)
{
    fake.model.state = SESSION_RUNNING;
    fake_news(NEWS_CREATED, 0);
}

static void invites_are_not_poured_out(void **state)
{
    (void)state;
    fake_begin(1);
    fake.model.state = SESSION_FILLING;
    PLAY({create, "/invites shows them here"});
    assert_times("kring://", 0);
    fake_begin(1); /* back, later */
    PLAY({create, ""});
    assert_times("invite", 0);
}

static void somebody_comes_with_our_name(void)
{
    fake.members[2].namesake = true;
    fake.members[2].name = "Aisha (3)";
    fake.model.admitted_count++;
    fake_news(NEWS_MEMBERS, 0);
}

static void who_has_a_namesake_is_told(void **state)
{
    (void)state;
    fake_begin(3);
    PLAY({somebody_comes_with_our_name, "everyone sees you as"});
    assert_times("Somebody else here bears your name, so everyone sees you as Aisha (3).\n"
                 "/name changes it.",
                 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_phase_says_its_goal_once),
        cmocka_unit_test(the_explanation_waits_till_the_group_has_talked),
        cmocka_unit_test(who_comes_late_hears_nothing_of_steps_until_let_in),
        cmocka_unit_test(who_is_let_in_late_comes_to_the_step_with_what_went_before),
        cmocka_unit_test(coming_back_shows_nothing_that_may_be_old),
        cmocka_unit_test(a_server_that_was_never_lost_is_not_found_again),
        cmocka_unit_test(a_pause_speaks_of_writing_to_who_writes),
        cmocka_unit_test(a_timer_that_ends_is_told_once),
        cmocka_unit_test(invites_are_not_poured_out),
        cmocka_unit_test(who_has_a_namesake_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
