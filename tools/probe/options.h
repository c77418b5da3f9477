// SPDX-License-Identifier: MIT
/* What `ropp probe` is asked to do. */
#ifndef ROPP_PROBE_OPTIONS_H
#define ROPP_PROBE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/base/options.h"
#include "tools/player/client.h"
#include "tools/player/journey.h"
#include "tools/player/scramble.h"
#include "tools/player/sender.h"

#define ROPP_PROBE_HIDDEN 8

struct ropp_probe_options {
    const char *where; /* HOST[:PORT] as it was given */
    struct ropp_hostport to;
    struct ropp_hostport from;
    struct ropp_hostport char_at;
    struct ropp_hostport map_at;
    const char *user; /* NULL: one is made up */
    const char *pass_file;
    const char *create; /* name of a character to make where there is none */
    enum ropp_leg until;
    bool until_set;
    enum ropp_sender sender;
    struct ropp_hostport claim;
    struct ropp_hostport destination;
    unsigned packetver;
    const struct ropp_client *client; /* of that version, or of the nearest older one known */
    struct ropp_scramble_keys keys;
    bool keys_set;
    struct ropp_hostport hidden[ROPP_PROBE_HIDDEN]; /* must not be in what is received */
    size_t hidden_count;
    int timeout_ms;
    bool json;
};

extern const struct ropp_option ropp_probe_options[];
extern const struct ropp_probe_options ropp_probe_defaults;

/* Completes what the options say and finds the host's address; `where` is NULL when none was given.
 * False with a message when something is wrong. */
bool ropp_probe_options_complete(struct ropp_probe_options *options, const char *where);

#endif
