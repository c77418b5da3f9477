#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a tree may be without: which of ropp's hooks belong to which feature, and which are left out without a word from the owner.
set -euo pipefail
# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
# shellcheck source=tests/patch/years.sh
. "${srcdir:-.}/tests/patch/years.sh"
tree=$dir/tree

# lacking YEAR NAME...: the tree of that year, in which these functions are called otherwise
lacking() {
    local year=$1
    shift
    rm -rf "$tree"
    make_year "$year" "$tree"
    [ $# = 0 ] || find "$tree/src" \( -name '*.c' -o -name '*.cpp' \) -exec sed -i "$(printf 's/\\b%s\\b/elsewhere/g\n' "$@")" {} +
}

# features YEAR FUNCTION...: without these functions the tree is refused for the hooks of the standard input, `HOOK FEATURE`, and for
# no others; and taken with --without for each.
features() {
    local hook feature without=()
    lacking "$@"
    : >"$dir/wanted"
    run 1 apply "$tree" --dialect "$(year_dialect "$1")"
    while read -r hook feature; do
        grep -q "hook '$hook' .*; with --without $feature it is left out: " "$dir/err" || complain "$hook is not of $feature: $(cat "$dir/err")"
        without+=(--without "$feature")
        echo "$hook" >>"$dir/wanted"
    done
    sed -n "s/^ropp: hook '\([a-z-]*\)' .*/\1/p" "$dir/err" | sort >"$dir/named"
    sort "$dir/wanted" | diff - "$dir/named" >"$dir/diff" || complain "other hooks find no place: $(cat "$dir/diff")"
    run 0 apply "$tree" --dialect "$(year_dialect "$1")" "${without[@]}"
}

for year in rathena rathena-c; do
    start "$year: features"
    features "$year" logchrif_parse_reqauth chclif_parse_reqtoconnect chmapif_parse_reqauth WFIFOSET ipban_check char_config_read \
        map_config_read inter_config_read <<'WORDS'
login-ticket-from tickets
login-ticket tickets
char-ticket tickets
map-ticket tickets
socket-send routes
ipban-allowed allowances
char-config char-settings
char-inter-config char-settings
map-config map-settings
map-inter-config map-settings
WORDS
done

for year in eathena eathena-char; do
    start "$year: features"
    features "$year" parse_fromchar parse_frommap WFIFOSET ipban_check char_config_read map_config_read inter_config_read <<'WORDS'
login-ticket-from tickets
login-ticket tickets
map-ticket tickets
socket-send routes
ipban-allowed allowances
char-config char-settings
char-inter-config char-settings
map-config map-settings
map-inter-config map-settings
WORDS
done

start "hercules: features"
features hercules login_fromchar_parse_auth char_parse_char_connect char_parse_frommap_auth_request wfifoset ipban_check \
    char_config_read map_config_read api_config_read <<'WORDS'
login-ticket-from tickets
login-ticket tickets
char-ticket tickets
map-ticket tickets
socket-send routes
ipban-allowed allowances
char-config char-settings
map-config map-settings
api-config api-settings
WORDS

# What nobody can do without.
refused() { # YEAR FUNCTION HOOK
    start "$1: not without $3"
    lacking "$1" "$2"
    run 1 apply "$tree" --dialect "$1"
    grep -q "^ropp: hook '$3' " "$dir/err" || complain "$3 is not missed: $(cat "$dir/err")"
    ! grep "^ropp: hook '$3' " "$dir/err" | grep -q 'it is left out' || complain "$3 can be left out"
}
for year in rathena hercules; do
    refused "$year" connect_check socket-guard
    refused "$year" make_listen_bind socket-listening
    refused "$year" create_session socket-session
    refused "$year" login_config_read login-config
    refused "$year" socket_final socket-final
done
refused rathena logclif_parse_reqcharconnec login-char-server
refused rathena chclif_parse_maplogin char-map-server
refused hercules login_parse_request_connection login-char-server
refused hercules login_parse_request_api_connection login-api-server
refused hercules char_parse_char_login_map_server char-map-server

# without_a_word HOOK: it is left out, and the rest is woven
without_a_word() {
    run 0 check "$tree"
    grep -q "^  hook $1  *left out: " "$dir/out" || complain "$1 is not left out: $(grep "$1" "$dir/out" "$dir/err")"
    run 0 apply "$tree"
}
start "without a word"
lacking rathena sscanf
without_a_word map-config-known
lacking hercules-early sscanf
without_a_word map-config-known
lacking hercules-early inter_config_read
without_a_word map-inter-config
lacking rathena
rm "$tree/src/common/common.vcxproj"
without_a_word build-visual-studio
lacking rathena
rm "$tree/src/common/CMakeLists.txt"
without_a_word build-cmake
for year in rathena hercules; do
    lacking "$year"
    rm "$tree/src/common/Makefile.in"
    without_a_word build-make
    without_a_word build-make-depend
done
lacking hercules
sed -i 's/^COMMON_C +=/OTHER +=/' "$tree/src/common/Makefile.in"
without_a_word build-make-sources

# The reason of the login server's own bans: the tree's, or the emulators' usual one.
for year in rathena hercules eathena; do
    start "$year: the reason of the login server's own bans"
    lacking "$year" ipban_log
    run 0 apply "$tree"
    grep -qxF '#define ROPP_TREE_IPBAN_REASON "Password error ban"' "$tree/src/common/ropp_tree.h" || complain 'no reason by default'
    lacking "$year"
    find "$tree/src/login" -name 'ipban*' -exec sed -i 's/Password error ban\|Contraseña incorrecta otra vez/Seven of them/' {} +
    run 0 apply "$tree"
    grep -qxF '#define ROPP_TREE_IPBAN_REASON "Seven of them"' "$tree/src/common/ropp_tree.h" || complain 'the reason is not read'
done

summary "the hooks, and trees that are without something"
