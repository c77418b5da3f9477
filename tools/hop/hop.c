// SPDX-License-Identifier: MIT
#include "tools/hop/hop.h"

static const struct ropp_cli_command *const commands[] = {&ropp_hop_render, &ropp_hop_check,
                                                          &ropp_hop_measure, NULL};

const struct ropp_cli_command ropp_hop = {
    .name = "hop",
    .summary = "a network of hops, from one file: write what it needs, check and measure it",
    .usage = "COMMAND [ARGUMENT ...]",
    .about = "A network of hops, proxies in front of a game server, is described in one file: "
             "docs/hops.md shows it.",
    .commands = commands,
    .example = "hop render hops.conf --out hops",
};
