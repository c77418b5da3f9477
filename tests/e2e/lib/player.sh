# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The test player, made from its sources alone: live-check runs where nothing of the project was built. Sourced.

player_build() { # FILE
    # shellcheck disable=SC2086 # it may be two words
    ${CC:-cc} -std=c11 -D_GNU_SOURCE -I"$top" "$top"/tests/player/*.c "$top"/tools/player/*.c \
        "$top"/tools/base/{buffer,cli,decimal,terminal,utf8}.c -o "$1"
}
