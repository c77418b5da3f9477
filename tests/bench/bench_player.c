// SPDX-License-Identifier: MIT
/* Players for tests/bench/game, as many at once as wanted, each as soon as the one before is done:
 * see usage_text. Beside tests/player, which times nothing shorter than a millisecond. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "tools/base/buffer.h"
#include "tools/base/decimal.h"
#include "tools/player/link.h"
#include "tools/player/packet.h"
#include "tools/player/sender.h"

static const char usage_text[] =
    "usage: bench_player login|talk HOST:PORT --from ADDRESS [options]\n"
    "\n"
    "  login           each logs in, and leaves with the answer\n"
    "  talk            one asks for the key of passwords, again and again on one connection\n"
    "\n"
    "  --from ADDRESS  the first player's; each further one has the next, of 8192\n"
    "  --via ADDRESS   they come from there, behind a version 2 header that says who they are\n"
    "  --no-header     they come from there, and nothing says who they are\n"
    "  --count N       logins, or questions (default 1000)\n"
    "  --at-once N     players, or questions that are not answered yet (default 16)\n"
    "\n"
    "Prints how many were done, and how many failed; milliseconds for all; microseconds for one,\n"
    "from the connection's beginning or the question on: median and 99th percentile; bytes of\n"
    "the answers; and how many connections took a second or more. Twenty seconds are too long.\n";

enum { ADDRESSES = 8192, TIMEOUT_MS = 20000, LATE_MS = 1000, QUESTION = 2 };

struct load {
    struct ropp_hostport to, from, via;
    bool no_header;
    unsigned count, at_once;
    unsigned begun, done, failed, late;
    size_t bytes;
    int64_t *took_us; /* of those that are done */
};

/* What one link is about. */
struct player {
    struct load *load;
    int64_t began_us;
    uint8_t packet[ROPP_SENDER_MAX + ROPP_PACKET_LOGIN];
};

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- logins ---- */

static void next_player(struct ropp_link *link)
{
    struct player *player = link->context;
    struct load *load = player->load;
    struct ropp_hostport from = ropp_hostport_after(&load->from, load->begun++ % ADDRESSES);
    size_t length = 0;

    link->from = from;
    if (load->via.length != 0)
        link->from = load->via;
    if (load->via.length != 0 && !load->no_header) {
        from.v4.sin_port = htons(40000);
        length = ropp_sender_write(ROPP_SENDER_V2, &from, &load->to, 0, player->packet);
    }
    link->out = player->packet;
    link->out_length = length + ropp_packet_login("player", "secret", player->packet + length);
    player->began_us = now_us();
}

static bool logged_in(struct ropp_link *link)
{
    struct player *player = link->context;
    struct load *load = player->load;
    struct ropp_reply reply;

    if (ropp_packet_read(link->in, link->in_length, &reply) == 0)
        return false;
    if (reply.answer == ROPP_ANSWER_ACCEPTED)
        load->took_us[load->done++] = now_us() - player->began_us;
    else
        load->failed++;
    load->bytes += link->in_length;
    return true;
}

static bool goes_on(struct ropp_link *link)
{
    struct player *player = link->context;
    struct load *load = player->load;

    if (link->end != ROPP_LINK_ANSWERED)
        load->failed++;
    if (link->connected_ms == 0 || link->connected_ms - link->began_ms >= LATE_MS)
        load->late++;
    if (load->begun == load->count)
        return false;
    next_player(link);
    ropp_link_again(link);
    return true;
}

static bool run_logins(struct load *load)
{
    struct ropp_link *links = ropp_alloc(load->at_once, sizeof *links);
    struct player *players = ropp_alloc(load->at_once, sizeof *players);
    unsigned i;
    bool good;

    memset(links, 0, load->at_once * sizeof *links);
    for (i = 0; i < load->at_once; i++) {
        players[i].load = load;
        links[i].to = load->to;
        links[i].timeout_ms = TIMEOUT_MS;
        links[i].heard = logged_in;
        links[i].ended = goes_on;
        links[i].context = &players[i];
        next_player(&links[i]);
    }
    good = ropp_link_run(links, load->at_once, NULL, NULL);
    for (i = 0; i < load->at_once; i++)
        ropp_link_free(&links[i]);
    free(players);
    free(links);
    return good;
}

/* ---- a long session ---- */

struct talk {
    struct load *load;
    int64_t *asked_us;
    size_t read; /* bytes of answers that were looked at */
};

static void ask(struct ropp_link *link)
{
    struct talk *talk = link->context;

    talk->asked_us[talk->load->begun++] = now_us();
    link->out_length += QUESTION;
}

static bool hears_answers(struct ropp_link *link)
{
    struct talk *talk = link->context;
    struct load *load = talk->load;
    struct ropp_reply reply;
    size_t length;

    while ((length = ropp_packet_read(link->in + talk->read, link->in_length - talk->read,
                                      &reply)) != 0) {
        load->took_us[load->done] = now_us() - talk->asked_us[load->done];
        load->done++;
        talk->read += length;
        if (load->begun < load->count)
            ask(link);
    }
    load->bytes = talk->read;
    return load->done == load->count;
}

static bool run_talk(struct load *load)
{
    static const uint8_t question[QUESTION] = {0xdb, 0x01};
    uint8_t *out = ropp_alloc(ROPP_SENDER_MAX + (size_t)load->count * QUESTION, 1);
    struct talk talk = {.load = load, .asked_us = ropp_alloc(load->count, sizeof(int64_t))};
    struct ropp_link link = {.to = load->to,
                             .from = load->from,
                             .out = out,
                             .heard = hears_answers};
    struct ropp_hostport from = load->from;
    unsigned i;
    bool good;

    link.timeout_ms = TIMEOUT_MS;
    link.context = &talk;
    if (load->via.length != 0) {
        from.v4.sin_port = htons(40000);
        link.out_length = ropp_sender_write(ROPP_SENDER_V2, &from, &load->to, 0, out);
        link.from = load->via;
    }
    for (i = 0; i < load->count; i++)
        memcpy(out + link.out_length + (size_t)i * QUESTION, question, QUESTION);
    for (i = 0; i < load->at_once; i++)
        ask(&link);
    good = ropp_link_run(&link, 1, NULL, NULL);
    load->failed = load->count - load->done;
    ropp_link_free(&link);
    free(talk.asked_us);
    free(out);
    return good;
}

/* ---- what came of it ---- */

static int compare_us(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

static void say(const struct load *load, int64_t us)
{
    unsigned n = load->done;

    qsort(load->took_us, n, sizeof *load->took_us, compare_us);
    printf("done=%u failed=%u ms=%.1f p50_us=%lld p99_us=%lld bytes=%zu late=%u\n", n, load->failed,
           (double)us / 1000, n == 0 ? 0 : (long long)load->took_us[n / 2],
           n == 0 ? 0 : (long long)load->took_us[(size_t)n * 99 / 100], load->bytes, load->late);
}

static bool parse_count(const char *text, unsigned *out)
{
    uint64_t number;

    if (!ropp_decimal_read(text, 1, 1000000, &number))
        return false;
    *out = (unsigned)number;
    return true;
}

static bool parse(int argc, char **argv, struct load *load)
{
    static const struct option options[] = {{"from", required_argument, NULL, 'f'},
                                            {"via", required_argument, NULL, 'v'},
                                            {"no-header", no_argument, NULL, 'n'},
                                            {"count", required_argument, NULL, 'c'},
                                            {"at-once", required_argument, NULL, 'a'},
                                            {NULL, 0, NULL, 0}};
    bool good = argc > 2 && ropp_hostport_parse(argv[2], 0, &load->to);
    int key;

    optind = 3;
    while (good && (key = getopt_long(argc, argv, "", options, NULL)) != -1)
        good = (key == 'f' && ropp_hostport_parse(optarg, 0, &load->from)) ||
               (key == 'v' && ropp_hostport_parse(optarg, 0, &load->via)) ||
               (key == 'n' && (load->no_header = true)) ||
               (key == 'c' && parse_count(optarg, &load->count)) ||
               (key == 'a' && parse_count(optarg, &load->at_once));
    return good && optind == argc && load->from.length != 0 && load->at_once <= load->count;
}

/* A socket for each of those that are there at once. */
static void raise_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    struct load load = {.count = 1000, .at_once = 16};
    bool talks = argc > 1 && strcmp(argv[1], "talk") == 0, good;
    int64_t began_us;

    if (!parse(argc, argv, &load) || (!talks && strcmp(argv[1], "login") != 0)) {
        fputs(usage_text, stderr);
        return 2;
    }
    raise_limit();
    load.took_us = ropp_alloc(load.count, sizeof *load.took_us);
    began_us = now_us();
    good = talks ? run_talk(&load) : run_logins(&load);
    say(&load, now_us() - began_us);
    free(load.took_us);
    return good && load.failed == 0 ? 0 : 1;
}
