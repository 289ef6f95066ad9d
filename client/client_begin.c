/* The three ways into a session: hosting it, joining it, and coming back to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/client_private.h"
#include "client/words.h"
#include "common/machine/clock.h"
#include "common/secret.h"

static struct client *create(struct uv_loop_s *loop, struct local *local,
                             const struct client_face *face)
{
    struct client *client = calloc(1, sizeof *client);

    if (client != NULL) {
        client->loop = loop;
        client->local = local;
        client->face = *face;
    }
    return client;
}

static enum status create_member(struct client *client)
{
    struct member_options options = {
        .driver = client_member_driver(client),
        .entropy = entropy_system(),
        .admits = true,
    };
    enum status status;

    memcpy(options.seed, client->seat.seed, SEED_BYTES);
    memcpy(options.session, client->seat.session, HASH_BYTES);
    status = member_create(&options, &client->member);
    secret_wipe(&options, sizeof options);
    return status;
}

static void sit_down(struct client *client, const struct link *link)
{
    struct entropy entropy = entropy_system();

    entropy_fill(&entropy, client->seat.seed, SEED_BYTES);
    memcpy(client->seat.host, link->host, sizeof client->seat.host);
    client->seat.port = link->port;
    memcpy(client->seat.server_key, link->server_key, KEY_BYTES);
}

/* The session is this process's alone. Comes before anything of it is read: reading takes away
 * what is torn, and that must not be what another process is writing. */
static enum status claim(struct client *client)
{
    enum status status = local_claim(client->local, client->seat.session);

    client->claimed = client->claimed || status == STATUS_OK;
    return status;
}

/* This device knows the session before anything is said. */
static enum status keep(struct client *client, bool is_new)
{
    enum status status = local_begin(client->local);
    enum status end_status;

    if (status != STATUS_OK) {
        return status;
    }
    client->seat.opened_ms = clock_now_ms();
    status = local_put_seat(client->local, &client->seat);
    if (status == STATUS_OK && is_new) {
        member_keep_all(client->member);
        status = client->disk_status;
    }
    end_status = local_end(client->local);
    return status == STATUS_OK ? end_status : status;
}

static enum status start_connecting(struct client *client)
{
    struct seat seat;
    struct connection_options options = {
        .host = client->seat.host,
        .port = client->seat.port,
        .entropy = entropy_system(),
        .driver = client_connection_driver(client),
    };
    enum status status;

    seat_derive(client->seat.seed, &seat);
    memcpy(options.server_key, client->seat.server_key, KEY_BYTES);
    memcpy(options.noise_secret, seat.noise_secret, KEY_BYTES);
    status = connection_create(client->loop, &options, &client->connection);
    seat_wipe(&seat);
    secret_wipe(&options, sizeof options);
    if (status != STATUS_OK) {
        return status;
    }
    (void)uv_idle_init(client->loop, &client->turn);
    (void)uv_timer_init(client->loop, &client->timer);
    client->turn.data = client;
    client->timer.data = client;
    connection_start(client->connection);
    client_wake(client);
    return STATUS_OK;
}

/* The common end of the three ways in. `client` becomes the caller's, or is gone. */
static enum status begin(struct client *client, bool is_new, char *detail,
                         struct client **client_out)
{
    enum status status = keep(client, is_new);

    if (status == STATUS_OK) {
        status = start_connecting(client);
    }
    if (status != STATUS_OK) {
        (void)snprintf(detail, LOCAL_DETAIL_BYTES_MAX, "%s", local_detail(client->local));
        client_destroy(client);
        return status;
    }
    *client_out = client;
    return STATUS_OK;
}

enum status client_host(struct uv_loop_s *loop, struct local *local,
                        const struct client_face *face, const struct link *ticket,
                        struct member_host_options *options,
                        const struct client_handing_out *handing_out, char *detail,
                        struct client **client_out)
{
    struct client *client = create(loop, local, face);
    struct link recovery;
    enum status status = STATUS_NOMEM;

    *client_out = NULL;
    detail[0] = '\0';
    if (client == NULL) {
        return STATUS_NOMEM;
    }
    sit_down(client, ticket);
    client->seat.role = ROLE_FACILITATOR;
    client->seat.retention_ms = options->retention_ms;
    client_cut_title(options->title, client->seat.title);
    memcpy(options->ticket_seed, ticket->seed, SEED_BYTES);
    recovery = *ticket;
    recovery.type = LINK_RECOVERY;
    status = create_member(client);
    if (status == STATUS_OK) {
        status = member_host(client->member, options, client->seat.session, recovery.seed);
        memcpy(recovery.session, client->seat.session, HASH_BYTES);
    }
    secret_wipe(options->ticket_seed, SEED_BYTES);
    if (status == STATUS_OK) {
        status = handing_out->run(handing_out->context, client, &recovery);
    }
    link_wipe(&recovery);
    if (status == STATUS_OK) {
        status = claim(client);
    }
    if (status != STATUS_OK) {
        client_destroy(client);
        return status;
    }
    return begin(client, true, detail, client_out);
}

/* What an invite says to a device that has a seat in its session already: where the server is
 * now; and if it never came in, another way in for the same keys. */
static enum status take_invite(struct client *client, const struct link *invite,
                               const char *name, bool *joins_out)
{
    struct local_seat *seat = &client->seat;

    if (memcmp(seat->server_key, invite->server_key, KEY_BYTES) == 0) {
        memcpy(seat->host, invite->host, sizeof seat->host);
        seat->port = invite->port;
    }
    *joins_out =
        seat->role != ROLE_FACILITATOR && replica_me(member_replica(client->member)) == 0;
    return *joins_out ? member_join(client->member, invite, name) : STATUS_OK;
}

/* Takes the seat that this device has. `invite` may be NULL; `name` is for it. */
static enum status reopen(struct client *client, const struct link *invite, const char *name,
                          bool *joins_out)
{
    enum status status = client->seat.purged ? STATUS_PURGED : create_member(client);

    if (status == STATUS_OK) {
        status = local_restore(client->local, client->seat.session, client->member);
    }
    if (status == STATUS_OK && invite != NULL) {
        status = take_invite(client, invite, name, joins_out);
    }
    return status;
}

/* Takes a new seat, by an invite. */
static enum status join(struct client *client, const struct link *invite, const char *name)
{
    enum status status;

    sit_down(client, invite);
    status = create_member(client);
    return status == STATUS_OK ? member_join(client->member, invite, name) : status;
}

/* Into a session that was made before: with the seat this device has, or by the invite. */
static enum status enter(struct client *client, const uint8_t session[HASH_BYTES],
                         const struct link *invite, const char *name, char *detail,
                         struct client **client_out)
{
    bool joins = false;
    enum status status;

    memcpy(client->seat.session, session, HASH_BYTES);
    status = claim(client);
    if (status == STATUS_OK) {
        status = local_seat(client->local, session, &client->seat);
    }
    if (status == STATUS_OK) {
        status = reopen(client, invite, name, &joins);
    } else if (status == STATUS_NOT_FOUND && invite != NULL) {
        joins = true;
        status = join(client, invite, name);
    }
    if (status != STATUS_OK) {
        (void)snprintf(detail, LOCAL_DETAIL_BYTES_MAX, "%s",
                       status == STATUS_PURGED ? words_of_status(status)
                                               : local_detail(client->local));
        client_destroy(client);
        return status;
    }
    return begin(client, joins, detail, client_out);
}

enum status client_join(struct uv_loop_s *loop, struct local *local,
                        const struct client_face *face, const struct link *invite,
                        const char *name, char *detail, struct client **client_out)
{
    struct client *client = create(loop, local, face);

    *client_out = NULL;
    detail[0] = '\0';
    return client == NULL ? STATUS_NOMEM
                          : enter(client, invite->session, invite, name, detail, client_out);
}

enum status client_open(struct uv_loop_s *loop, struct local *local,
                        const struct client_face *face, const uint8_t session[HASH_BYTES],
                        char *detail, struct client **client_out)
{
    struct client *client = create(loop, local, face);

    *client_out = NULL;
    detail[0] = '\0';
    return client == NULL ? STATUS_NOMEM
                          : enter(client, session, NULL, NULL, detail, client_out);
}
