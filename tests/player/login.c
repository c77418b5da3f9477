// SPDX-License-Identifier: MIT
/* `login` and `server-login`: the first packets of a player and of a char server. */
#include "tests/player/commands.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/player/serverlogin.h"

#define PING_MS 10000

static bool heard(struct ropp_link *link)
{
    struct ropp_reply reply;
    return ropp_packet_read(link->in, link->in_length, &reply) != 0;
}

static bool accepts(const struct ropp_reply *reply)
{
    return reply->answer == ROPP_ANSWER_ACCEPTED ||
           (reply->answer == ROPP_ANSWER_SERVER && reply->code == 0);
}

static void say_reply(const struct ropp_reply *reply)
{
    switch (reply->answer) {
    case ROPP_ANSWER_ACCEPTED:
        printf("accepted account=%u", reply->account_id);
        for (unsigned i = 0; i < reply->server_count; i++) {
            const struct ropp_char_server *server = &reply->servers[i];
            printf(" char=%u.%u.%u.%u:%u", server->ip[0], server->ip[1], server->ip[2],
                   server->ip[3], server->port);
        }
        putchar('\n');
        return;
    case ROPP_ANSWER_REFUSED:
        printf("refused code=%u\n", reply->code);
        return;
    case ROPP_ANSWER_NOTICE:
        printf("notice code=%u\n", reply->code);
        return;
    case ROPP_ANSWER_SERVER:
        printf("%s code=%u\n", reply->code == 0 ? "accepted" : "refused", reply->code);
        return;
    case ROPP_ANSWER_NEED_MORE:
    case ROPP_ANSWER_UNKNOWN:
    default:
        printf("unknown packet=0x%04x\n", reply->code);
    }
}

/* Says what came of each link; returns how many were accepted. */
static unsigned say_links(const struct ropp_link *links, unsigned count, bool times)
{
    unsigned accepted = 0;
    for (unsigned i = 0; i < count; i++) {
        struct ropp_reply reply;
        if (links[i].end != ROPP_LINK_ANSWERED) {
            ropp_player_say_end(&links[i]);
            continue;
        }
        ropp_packet_read(links[i].in, links[i].in_length, &reply);
        accepted += accepts(&reply) ? 1U : 0U;
        say_reply(&reply);
        if (times)
            printf("took us=%lld\n", (long long)links[i].took_us);
    }
    fflush(stdout);
    return accepted;
}

int ropp_player_login(const struct ropp_options *options)
{
    uint8_t packet[ROPP_PACKET_LOGIN];
    int status = ROPP_PLAYER_FAILED;
    ropp_packet_login(options->user, options->password, packet);
    struct ropp_link *links = ropp_player_links(options, packet, sizeof packet);
    if (links == NULL)
        return ROPP_PLAYER_USAGE;
    for (unsigned i = 0; i < options->count; i++)
        links[i].heard = heard;
    if (!ropp_link_run(links, options->count, NULL, NULL))
        perror("player");
    else if (say_links(links, options->count, options->times) == options->count)
        status = ROPP_PLAYER_OK;
    ropp_player_unlink(links, options->count);
    return status;
}

/* Keeps a char server's connection alive as a real one does, until the login server closes it or
 * the time is over. */
static void stay(int fd, int stay_ms)
{
    static const uint8_t ping[2] = {0x19, 0x27};
    int64_t now = ropp_net_now_ms();
    int64_t end = now + stay_ms;
    int64_t next_ping = now + PING_MS;
    uint8_t ignored[4096];
    while (now < end) {
        struct pollfd polled = {.fd = fd, .events = POLLIN};
        int64_t wake = next_ping < end ? next_ping : end;
        if (poll(&polled, 1, wake <= now ? 0 : (int)(wake - now)) < 0 && errno != EINTR)
            break;
        now = ropp_net_now_ms();
        if (polled.revents != 0) {
            ssize_t got = recv(fd, ignored, sizeof ignored, MSG_DONTWAIT);
            if (got == 0 || (got < 0 && errno != EAGAIN)) {
                printf("closed\n");
                fflush(stdout);
                return;
            }
        }
        if (now >= next_ping) {
            (void)send(fd, ping, sizeof ping, MSG_NOSIGNAL | MSG_DONTWAIT);
            next_ping = now + PING_MS;
        }
    }
    printf("stayed\n");
}

int ropp_player_server_login(const struct ropp_options *options)
{
    static const uint8_t ip[4] = {127, 0, 0, 1};
    uint8_t packet[ROPP_SERVER_LOGIN_LENGTH];
    int status = ROPP_PLAYER_FAILED;
    ropp_server_login_write(options->user, options->password, options->name, ip, 6121, packet);
    struct ropp_link *links = ropp_player_links(options, packet, sizeof packet);
    if (links == NULL)
        return ROPP_PLAYER_USAGE;
    for (unsigned i = 0; i < options->count; i++) {
        links[i].heard = heard;
        links[i].keep = options->stay_ms > 0;
    }
    if (!ropp_link_run(links, options->count, NULL, NULL))
        perror("player");
    else if (say_links(links, options->count, options->times) == options->count)
        status = ROPP_PLAYER_OK;
    if (status == ROPP_PLAYER_OK && options->stay_ms > 0)
        stay(links[0].fd, options->stay_ms);
    ropp_player_unlink(links, options->count);
    return status;
}
