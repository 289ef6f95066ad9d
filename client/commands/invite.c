/* kring invite: one more invite, for a session this device facilitates. */
#include <string.h>
#include <sysexits.h>
#include <uv.h>

#include "client/commands/play.h"
#include "client/say.h"
#include "client/words.h"
#include "common/machine/clock.h"
#include "common/secret.h"

enum { WAIT_MS_MAX = 20000, INVITE_DAYS = 30 };

struct inviting {
    struct client *client;
    enum role role;
    uint16_t uses;
    uint16_t number; /* 0: not asked for yet */
    bool closing;
    int code;
    uv_timer_t timer;
};

static void close_timer(void *context)
{
    struct inviting *inviting = context;

    uv_close((uv_handle_t *)&inviting->timer, NULL);
}

static void leave(struct inviting *inviting, int code)
{
    if (inviting->closing) {
        return;
    }
    inviting->closing = true;
    inviting->code = code;
    client_close(inviting->client, close_timer, inviting);
}

static void on_late(uv_timer_t *timer)
{
    struct inviting *inviting = timer->data;

    leave(inviting,
          command_fail(EX_UNAVAILABLE, SAY("the server did not answer; no invite was made")));
}

static void ask(struct inviting *inviting)
{
    struct member *member = client_member(inviting->client);
    const struct model *model = member_model(member);
    enum status status;

    if (model == NULL || !model->caught_up || inviting->number != 0) {
        return;
    }
    status = member_invite(member, inviting->role, inviting->uses,
                           clock_now_ms() + (uint64_t)INVITE_DAYS * 86400000, NULL,
                           &inviting->number);
    if (status != STATUS_OK) {
        leave(inviting, command_fail(command_exit(status), "%s", words_of_status(status)));
    }
}

static void give(struct inviting *inviting)
{
    char text[LINK_TEXT_BYTES_MAX + 1];
    enum status status = client_invite_text(inviting->client, inviting->number, text);

    if (status == STATUS_OK) {
        (void)printf("%s\n", text);
    }
    secret_wipe(text, sizeof text);
    leave(inviting, command_exit(status));
}

static void on_news(void *context, const struct news *news)
{
    struct inviting *inviting = context;

    if (inviting->client == NULL || inviting->closing) {
        return;
    }
    if (news->kind == NEWS_REFUSED || news->kind == NEWS_FAULT) {
        leave(inviting,
              command_fail(EX_UNAVAILABLE, "%s",
                           news->text != NULL ? news->text : words_of_status(news->status)));
    } else if (inviting->number == 0) {
        ask(inviting);
    } else if (member_is_settled(client_member(inviting->client))) {
        give(inviting);
    }
}

static bool read_role(const char *text, enum role *role_out)
{
    for (int role = ROLE_OBSERVER; text != NULL && role < ROLE_COUNT; role++) {
        if (strcmp(text, words_id_of_role((enum role)role)) == 0 ||
            strcmp(text, words_of_role((enum role)role)) == 0) {
            *role_out = (enum role)role;
            return true;
        }
    }
    return false;
}

/* With a loop of its own: no face, nobody to talk to. */
static int connect_and_ask(struct local *local, const struct local_seat *seat,
                           struct inviting *inviting)
{
    const struct client_face face = {.context = inviting, .news = on_news};
    char detail[LOCAL_DETAIL_BYTES_MAX] = "";
    uv_loop_t loop;
    enum status status;

    if (uv_loop_init(&loop) != 0 || uv_timer_init(&loop, &inviting->timer) != 0) {
        return EX_OSERR;
    }
    inviting->timer.data = inviting;
    (void)uv_timer_start(&inviting->timer, on_late, WAIT_MS_MAX, 0);
    status = client_open(&loop, local, &face, seat->session, detail, &inviting->client);
    if (status != STATUS_OK) {
        inviting->code =
            command_fail(command_exit(status), "%s",
                         status == STATUS_BUSY
                             ? SAY("this session is open in another window; type /invite there")
                             : detail);
        uv_close((uv_handle_t *)&inviting->timer, NULL);
    }
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&loop);
    return inviting->code;
}

static int run(const struct command *command, const struct command_values *values)
{
    struct inviting inviting = {.code = EX_OK};
    struct local_seat seat = {.port = 0};
    struct local *local = NULL;
    uint32_t uses;
    int code;

    if (!play_number(command, values, "uses", 1, INVITE_USES_MAX, 1, &uses)) {
        return EX_USAGE;
    }
    inviting.uses = (uint16_t)uses;
    if (!read_role(command_flag(command, values, "role"), &inviting.role)) {
        return command_fail(EX_USAGE,
                            SAY("--role is needed: participant, observer or case-giver"));
    }
    code = command_local(&local);
    if (code == EX_OK) {
        code = command_session(local, values->words[0], &seat);
    }
    if (code == EX_OK) {
        code = connect_and_ask(local, &seat, &inviting);
    }
    secret_wipe(&seat, sizeof seat);
    local_close(local);
    return code;
}

const struct command command_invite = {
    .name = "invite",
    .words = "SESSION",
    .help = SAY_LATER("makes one more invite for a session you facilitate"),
    .words_min = 1,
    .words_max = 1,
    .flags = {{"role", SAY_LATER("ROLE"), SAY_LATER("participant, observer or case-giver")},
              {"uses", SAY_LATER("N"), SAY_LATER("how many people it is for; else 1")}},
    .run = run,
};
