# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What people see of a script: results, errors, logs; and its clock. Sourced.

# Colour only where a person reads.
if [[ -t 1 && -z ${NO_COLOR-} && ${TERM-dumb} != dumb ]]; then
    # shellcheck disable=SC2034 # for the scripts
    say_bold=$'\e[1m' say_green=$'\e[32m' say_red=$'\e[31m' say_dim=$'\e[2m' say_plain=$'\e[0m'
else
    # shellcheck disable=SC2034 # for the scripts
    say_bold='' say_green='' say_red='' say_dim='' say_plain=''
fi

# die WHAT: WHERE: WHAT TO DO
die() {
    printf 'ropp: %s\n' "$*" >&2
    exit 2
}

say_title() {
    printf '%s%s%s\n' "$say_bold" "$*" "$say_plain"
}

# In 80 columns.
say_note() {
    printf '%s\n' "$*" | fold -s -w 74 | sed 's/^/      /; s/ *$//'
}

# Milliseconds, for measuring.
now_ms() {
    local now=${EPOCHREALTIME/[.,]/}
    printf '%s' "$((now / 1000))"
}

# nap SECONDS: waits so long, without a process of its own; that is much, where hundreds of conditions are looked at.
nap_pipe=
nap() {
    [[ -n $nap_pipe ]] || exec {nap_pipe}<> <(:)
    read -rt "$1" -u "$nap_pipe" || true # nobody ever writes to it
}

say_seconds() { # MS
    printf '%d.%d s' "$(($1 / 1000))" "$(($1 % 1000 / 100))"
}

# The end of a log, set apart from what the script itself says.
say_log() { # FILE [LINES]
    printf '      ---- the last lines of %s\n' "${1##*/}"
    tail -n "${2-40}" "$1" | sed 's/^/      | /'
    printf '      ----\n'
}
