// SPDX-License-Identifier: MIT
/* `watch`: one short connection after another, until a server sees the player as wanted. */
#include "tests/player/commands.h"

#include <stdio.h>
#include <time.h>

#include "tools/player/packet.h"

#define PAUSE_MS 30  /* between two connections */
#define SHORT_MS 200 /* who is not closed until then is in */
#define LOGIN_MS 1500

enum sight { SIGHT_NONE, SIGHT_IN, SIGHT_BANNED };

struct watch {
    const struct ropp_options *options;
    enum sight sight; /* of the last connection */
    unsigned connections;
    int64_t end_ms;  /* when the watch is over */
    int64_t next_ms; /* when the running connection was to begin */
    int64_t late_ms; /* how much later than asked for anything happened here, at most */
    int64_t seen_ms;
};

static void note_late(struct watch *watch, int64_t late_ms)
{
    if (late_ms > watch->late_ms)
        watch->late_ms = late_ms;
}

static enum sight login_sight(const struct ropp_link *link)
{
    struct ropp_reply reply;
    if (ropp_packet_read(link->in, link->in_length, &reply) == 0)
        return SIGHT_NONE;
    if (reply.answer == ROPP_ANSWER_ACCEPTED)
        return SIGHT_IN;
    return reply.answer == ROPP_ANSWER_REFUSED && reply.code == 3 ? SIGHT_BANNED : SIGHT_NONE;
}

static enum sight short_sight(const struct ropp_link *link)
{
    if (link->connected_ms == 0 || link->in_length != 0)
        return SIGHT_NONE;
    return link->end == ROPP_LINK_CLOSED ? SIGHT_BANNED : SIGHT_IN;
}

static bool heard(struct ropp_link *link)
{
    return login_sight(link) != SIGHT_NONE;
}

static bool ended(struct ropp_link *link)
{
    struct watch *watch = link->context;
    const struct ropp_options *options = watch->options;
    int64_t now = ropp_net_now_ms();
    watch->connections++;
    if (link->connected_ms != 0)
        note_late(watch, link->connected_ms - watch->next_ms);
    if (link->end == ROPP_LINK_TIMED_OUT)
        note_late(watch, now - link->deadline_ms);
    watch->sight = options->short_watch ? short_sight(link) : login_sight(link);
    /* Who is in was so from the beginning. */
    watch->seen_ms = watch->sight == SIGHT_IN ? link->connected_ms : now;
    if ((watch->sight == SIGHT_BANNED) == options->want_banned && watch->sight != SIGHT_NONE)
        return false;
    if (now >= watch->end_ms)
        return false;
    watch->next_ms = now + PAUSE_MS;
    ropp_link_again(link);
    return true;
}

static int64_t wall_ms(int64_t monotonic_ms)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + monotonic_ms - ropp_net_now_ms();
}

int ropp_player_watch(const struct ropp_options *options)
{
    static const char *const names[] = {"nothing", "in", "banned"};
    uint8_t packet[ROPP_PACKET_LOGIN];
    size_t length = options->short_watch
                        ? options->one_byte
                        : ropp_packet_login(options->user, options->password, packet);
    struct watch watch = {.options = options};
    struct ropp_link *link;

    /* A banned peer of the char server is kept until its first byte: it might be a server. */
    if (options->one_byte)
        packet[0] = 0x65;
    link = ropp_player_links(options, packet, length);
    if (link == NULL)
        return ROPP_PLAYER_USAGE;
    link->context = &watch;
    link->heard = options->short_watch ? NULL : heard;
    link->ended = ended;
    link->timeout_ms = PAUSE_MS + (options->short_watch ? SHORT_MS : LOGIN_MS);
    link->delay_ms = PAUSE_MS;
    watch.next_ms = ropp_net_now_ms() + PAUSE_MS;
    watch.end_ms = ropp_net_now_ms() + options->timeout_ms;
    if (!ropp_link_run(link, 1, NULL, NULL)) {
        perror("player");
        watch.sight = SIGHT_NONE;
    }
    printf("%s at_ms=%lld connections=%u late_ms=%lld\n", names[watch.sight],
           (long long)wall_ms(watch.seen_ms), watch.connections, (long long)watch.late_ms);
    ropp_player_unlink(link, 1);
    return (watch.sight == SIGHT_BANNED) == options->want_banned && watch.sight != SIGHT_NONE
               ? ROPP_PLAYER_OK
               : ROPP_PLAYER_FAILED;
}
