// SPDX-License-Identifier: MIT
/* `raw`: sends given bytes, shows what comes back. `listen`: takes connections, keeps what they send
 * and answers with given bytes. */
#include "tests/player/commands.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static bool save(const char *path, const uint8_t *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return false;
    bool whole = fwrite(bytes, 1, length, file) == length;
    return fclose(file) == 0 && whole;
}

/* Something has come: it was all when nothing follows. */
static bool await_more(struct ropp_link *link)
{
    const struct ropp_options *options = link->context;

    link->deadline_ms = ropp_net_now_ms() + options->quiet_ms;
    return false;
}

int ropp_player_raw(const struct ropp_options *options)
{
    struct ropp_link *links = ropp_player_links(options, NULL, 0);
    if (links == NULL)
        return ROPP_PLAYER_USAGE;
    for (unsigned i = 0; options->quiet_ms != 0 && i < options->count; i++) {
        links[i].context = (void *)(uintptr_t)options;
        links[i].heard = await_more;
    }
    if (!ropp_link_run(links, options->count, NULL, NULL)) {
        perror("player");
        ropp_player_unlink(links, options->count);
        return ROPP_PLAYER_FAILED;
    }
    bool answered = false;
    for (unsigned i = 0; i < options->count; i++) {
        answered = answered || links[i].in_length != 0;
        printf("received ");
        for (size_t at = 0; at < links[i].in_length; at++)
            printf("%02x", links[i].in[at]);
        putchar('\n');
        ropp_player_say_end(&links[i]);
    }
    if (options->save != NULL && !save(options->save, links[0].in, links[0].in_length)) {
        perror(options->save);
        answered = false;
    }
    ropp_player_unlink(links, options->count);
    return answered ? ROPP_PLAYER_OK : ROPP_PLAYER_FAILED;
}

/* Reads until the sender closes, falls silent or the time is over. Returns the bytes read. */
static size_t take(int fd, uint8_t *bytes, size_t room, int64_t deadline)
{
    size_t length = 0;
    while (length < room) {
        int64_t now = ropp_net_now_ms();
        struct pollfd polled = {.fd = fd, .events = POLLIN};
        /* Once something has come, a quiet fifth of a second means that it was all. */
        int64_t wait = length != 0 && deadline - now > 200 ? 200 : deadline - now;
        if (wait <= 0 || poll(&polled, 1, (int)wait) <= 0)
            break;
        ssize_t got = recv(fd, bytes + length, room - length, 0);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    return length;
}

/* The next connection that sends anything: a proxy's own health checks may not. It is answered, if
 * there is an answer, and closed. */
static size_t next_sender(int listener, const struct ropp_options *options, uint8_t *bytes,
                          size_t room, int64_t deadline)
{
    for (;;) {
        int64_t now = ropp_net_now_ms();
        struct pollfd polled = {.fd = listener, .events = POLLIN};
        if (now >= deadline || poll(&polled, 1, (int)(deadline - now)) <= 0)
            return 0;
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        size_t length = take(fd, bytes, room, deadline);
        if (length != 0 && options->bytes_length != 0)
            (void)send(fd, options->bytes, options->bytes_length, MSG_NOSIGNAL);
        close(fd);
        if (length != 0)
            return length;
    }
}

int ropp_player_listen(const struct ropp_options *options)
{
    static uint8_t bytes[2 * ROPP_SENDER_MAX];
    char text[ROPP_HOSTPORT_TEXT];
    struct ropp_hostport at = options->to;
    int listener = ropp_net_listen(&at);
    if (listener < 0) {
        perror("player: listen");
        return ROPP_PLAYER_FAILED;
    }
    ropp_hostport_format(&at, text);
    printf("listening at=%s port=%u\n", text, ropp_hostport_port(&at));
    fflush(stdout);
    size_t length = next_sender(listener, options, bytes, sizeof bytes,
                                ropp_net_now_ms() + options->timeout_ms);
    close(listener);
    printf("received bytes=%zu\n", length);
    if (options->save != NULL && !save(options->save, bytes, length)) {
        perror(options->save);
        return ROPP_PLAYER_FAILED;
    }
    return length != 0 ? ROPP_PLAYER_OK : ROPP_PLAYER_FAILED;
}
