#include "server/listener.h"

#include <assert.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static_assert(CONFIG_LISTENS_MAX + 1 <= PEERS_LISTENERS_MAX, "and the control socket");

static enum status status_of(int error)
{
    switch (error) { /* libuv's numbers: a default is in place */
    case 0:
        return STATUS_OK;
    case UV_EADDRINUSE:
        return STATUS_BUSY;
    case UV_EACCES:
    case UV_EPERM:
        return STATUS_PERMISSION;
    case UV_EADDRNOTAVAIL:
    case UV_EAFNOSUPPORT:
    case UV_ENOENT:
        return STATUS_NOT_FOUND;
    default:
        return STATUS_IO;
    }
}

static void on_connection(uv_stream_t *stream, int error)
{
    struct listener *listener = stream->data;

    if (error == 0) {
        peers_accept(listener->peers, stream, listener->service);
    } else {
        peers_accept_failed(listener->peers, error);
    }
}

static void begin(struct listener *listener, struct peers *peers,
                  const struct peer_service *service)
{
    memset(listener, 0, sizeof *listener);
    listener->peers = peers;
    listener->service = service;
}

enum status listener_open_tcp(struct listener *listener, uv_loop_t *loop,
                              const union config_address *address, bool v6_only,
                              struct peers *peers, const struct peer_service *service)
{
    int error;

    begin(listener, peers, service);
    error = uv_tcp_init(loop, &listener->uv.tcp);
    listener->uv.handle.data = listener;
    if (error == 0) {
        error = uv_tcp_bind(&listener->uv.tcp, &address->any, v6_only ? UV_TCP_IPV6ONLY : 0);
    }
    if (error == 0) {
        error = uv_listen(&listener->uv.stream, LISTENER_BACKLOG, on_connection);
    }
    return status_of(error);
}

enum status listener_open_local(struct listener *listener, uv_loop_t *loop, const char *path,
                                struct peers *peers, const struct peer_service *service)
{
    int error;

    begin(listener, peers, service);
    error = uv_pipe_init(loop, &listener->uv.pipe, 0);
    listener->uv.handle.data = listener;
    (void)unlink(path); /* who holds the directory's lock knows that nobody listens there */
    if (error == 0) {
        error = uv_pipe_bind(&listener->uv.pipe, path);
    }
    if (error == 0 && chmod(path, 0600) != 0) {
        error = UV_EACCES;
    }
    if (error == 0) {
        error = uv_listen(&listener->uv.stream, LISTENER_BACKLOG, on_connection);
    }
    return status_of(error);
}

void listener_address(const struct listener *listener, union config_address *address_out)
{
    int count = sizeof *address_out;

    memset(address_out, 0, sizeof *address_out);
    (void)uv_tcp_getsockname(&listener->uv.tcp, &address_out->any, &count);
}

static void after_close(uv_handle_t *handle)
{
    struct listener *listener = handle->data;

    listener->closed(listener->context);
}

void listener_close(struct listener *listener, void (*closed)(void *context), void *context)
{
    peers_forget_listener(listener->peers, &listener->uv.stream);
    listener->closed = closed;
    listener->context = context;
    uv_close(&listener->uv.handle, after_close);
}
