#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the scripts have in common: root's rights, a step's line on a terminal, and their help. Needs no ./ropp.
set -euo pipefail

top=$(cd "${srcdir:-.}" && pwd)
dir=$(mktemp -d)
chmod 755 "$dir"
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

complain() { # TEXT...
    printf 'FAIL %s\n' "$*"
    failed=$((failed + 1))
}

has() { # FILE PATTERN
    grep -Eq -- "$2" "$1" || complain "$name: says '$(cat "$1")', not '$2'"
    passed=$((passed + 1))
}

# ---- root's rights, with a sudo that knows who needs which password ----

mkdir "$dir/bin"
install -m 644 "$top/scripts/lib/say.sh" "$top/scripts/lib/packages.sh" "$dir"
cat >"$dir/bin/sudo" <<'END'
#!/bin/sh
# NOPASSWD: this user needs no password. PASSWORD: there is one, and it is typed.
echo "sudo $*" >>"$CALLS"
case $1 in
-n) [ "$NOPASSWD" = yes ] ;;
-v) [ "$PASSWORD" = yes ] ;;
esac
END
chmod 755 "$dir/bin/sudo"
: >"$dir/calls"
chmod 666 "$dir/calls"

# Not as root, who needs none.
user=()
((EUID != 0)) || user=(setpriv --reuid=65534 --clear-groups)

rights() { # NAME NOPASSWD PASSWORD
    name=$1
    : >"$dir/calls"
    status=0
    # shellcheck disable=SC2016 # for the inner shell
    "${user[@]}" env PATH="$dir/bin:$PATH" CALLS="$dir/calls" NOPASSWD="$2" PASSWORD="$3" bash -c '
        set -euo pipefail
        source "$1/say.sh"
        source "$1/packages.sh"
        package_missing=(gcc)
        package_rights
        echo "${package_sudo[*]}"' _ "$dir" >"$dir/out" 2>"$dir/err" || status=$?
}

rights 'a cloud user: password locked, NOPASSWD' yes no
has "$dir/out" '^sudo$'
! grep -q -- '-v' "$dir/calls" || complain "$name: is asked for a password"
rights 'a user with a password' no yes
has "$dir/out" '^sudo$'
has "$dir/calls" '^sudo -v'
rights 'a user who may not' no no
has "$dir/err" '^ropp: packages are missing: gcc: sudo does not let you'
[[ $status == 2 ]] || complain "$name: exit status $status"

# ---- steps ----

cat >"$dir/steps" <<'END'
set -euo pipefail
source "$1/scripts/lib/say.sh"
source "$1/scripts/lib/clean.sh"
source "$1/scripts/lib/step.sh"
clean_begin test
title="A title of many words that is wider than a terminal of forty or of eighty columns, $(seq -s ' ' 60)"
step "$title" "$clean_folder/log" sleep 0.5
step "$title" "$clean_folder/log" false
say_steps=3
step 'A short one' "$clean_folder/log" true
say_note "$title"
END

# Lines as a terminal shows them: without what is written over, and without colours.
shown() {
    sed 's/\x1b\[[0-9;]*[A-Za-z]//g; s/\r*$//; s/.*\r//'
}

# on_terminal COLUMNS: what is sent, in out; as it is shown, in shown.
on_terminal() {
    name="steps at $1 columns"
    TERM=xterm script -qec "stty cols $1 rows 24; bash '$dir/steps' '$top'" /dev/null </dev/null >"$dir/out"
    # Every piece that is written over another must have room in one line; a note has eighty columns.
    sed 's/\x1b\[[0-9;]*[A-Za-z]//g' "$dir/out" | tr '\r' '\n' >"$dir/pieces"
    awk -v wide="$1" 'length($0) > wide { print "FAIL " length($0) " of " wide " columns: " $0; bad = 1 } END { exit bad }' \
        <(grep '^\[' "$dir/pieces") || complain "$name: a piece is too wide"
    has "$dir/pieces" '^\[1\] A title .*\.\.\. [|/+-] [0-9]+s $'
    shown <"$dir/out" >"$dir/shown"
    has "$dir/shown" '^\[1\] A title .*\.\.\. ok \([0-9.]+ s\)$'
    has "$dir/shown" '^\[2\] A title .*\.\.\. FAILED \(exit status 1\)$'
    has "$dir/shown" '^\[3/3\] A short one ok '
    ! grep -Eq '.{81}' "$dir/shown" || complain "$name: a note is wider than 80 columns"
    [[ $(grep -c '^\[' "$dir/shown") == 3 ]] || complain "$name: $(grep -c '^\[' "$dir/shown") lines for three steps"
}

if command -v script >/dev/null; then
    on_terminal 80
    on_terminal 40
else
    echo 'left out: steps on a terminal (needs script)'
fi
name='steps in a file'
bash "$dir/steps" "$top" >"$dir/out" 2>&1
has "$dir/out" '^\[1\] A title of many .* 59 60 ok \([0-9.]+ s\)$'
has "$dir/out" '^\[2\] A title of many .* 59 60 FAILED \(exit status 1\)$'
has "$dir/out" '^\[3/3\] A short one ok '

# ---- what to do with a woven tree ----

# next DIALECT: all that an owner needs so that a player gets into the game, in eighty columns.
next() {
    # shellcheck disable=SC2016 # for the inner shell
    bash -euo pipefail -c 'source "$1"; next_steps "$2" "$3" "$4"' _ "$top/scripts/lib/next.sh" "$dir/tree" "$1" "$dir/ropp" >"$dir/out"
    sed 's/^./         &/' "$top/docs/settings/$1.conf" | grep . >"$dir/wanted"
    grep . "$dir/out" | grep -Fxc -f "$dir/wanted" | grep -qx "$(wc -l <"$dir/wanted")" || complain "$name: not all of its settings"
    ! grep -E '.{81}' <(grep -v "$dir" "$dir/out") || complain "$name: wider than 80 columns"
    for port in 6900 6121 5121; do
        has "$dir/out" "bind :$port"
        has "$dir/out" "ORIGIN:$port send-proxy-v2"
    done
    has "$dir/out" "mariadb DATABASE < $dir/ropp/sql/install.sql"
    has "$dir/out" 'proxy_direct'
}

mkdir "$dir/tree" "$dir/ropp"
ln -s "$top/docs" "$dir/ropp/docs"
name='next: rAthena, never configured'
next rathena
has "$dir/out" 'login_conf.txt, char_conf.txt and map_conf.txt'
has "$dir/out" '^ +proxy_trusted: 192'
has "$dir/out" 'Configure and build'
name='next: Hercules, configured before'
: >"$dir/tree/config.status"
next hercules
has "$dir/out" 'login-server.conf, char-server.conf and map-server.conf'
has "$dir/out" 'api-server.conf'
has "$dir/out" '^ +proxy_trusted: \["192'
has "$dir/out" 'configure in the tree again'

# Both dialects' say the same.
name='settings with comments'
sed 's/^proxy_protocol: {$//; s/^}$//; s/^    //; s/mode:/proxy_protocol:/; s/: \["\(.*\)"\]$/: \1/; s/: "\(.*\)"$/: \1/' \
    "$top/docs/settings/hercules.conf" | grep . | tail -n +4 >"$dir/hercules"
grep . "$top/docs/settings/rathena.conf" | tail -n +4 | diff - "$dir/hercules" || complain "$name: not the same"

# ---- a tree that the servers' account cannot read ----

unreadable() { # TREE
    status=0
    # shellcheck disable=SC2016 # for the inner shell
    bash -euo pipefail -c 'source "$1/scripts/lib/say.sh"; source "$1/tests/e2e/lib/tree.sh"; source "$1/tests/e2e/lib/server.sh"
        tree=$2 tree_bin=$2
        server_choose_account' _ "$top" "$1" >"$dir/out" 2>"$dir/err" || status=$?
}

if ((EUID == 0)); then
    mkdir -p "$dir/closed/tree/conf" "$dir/open/tree/conf"
    install -m 755 /bin/true "$dir/closed/tree/login-server"
    install -m 755 /bin/true "$dir/open/tree/login-server"
    name='a tree below a folder that is closed, as /root is'
    chmod 700 "$dir/closed"
    unreadable "$dir/closed/tree"
    [[ $status == 2 ]] || complain "$name: exit status $status"
    has "$dir/err" "nobody else may enter $dir/closed: move the tree"
    name='a tree that is closed'
    chmod 700 "$dir/open/tree"
    unreadable "$dir/open/tree"
    has "$dir/err" "chmod -R o\+rX $dir/open/tree"
    chmod -R o+rX "$dir/open/tree"
    unreadable "$dir/open/tree"
    [[ $status == 0 ]] || complain "$name: is still refused: $(cat "$dir/err")"
fi

# ---- what is no tree ----

name='quickstart on a folder that is no emulator'
status=0
"$top/scripts/quickstart" "$dir/bin" >"$dir/out" 2>"$dir/err" || status=$?
[[ $status == 2 ]] || complain "$name: exit status $status"
has "$dir/err" "not an emulator's sources: $dir/bin: give the folder"
[[ ! -s $dir/out ]] || complain "$name: did something all the same: $(cat "$dir/out")"

# ---- the test player of live-check, made from the sources alone ----

# shellcheck source=tests/e2e/lib/player.sh
source "$top/tests/e2e/lib/player.sh"
name='the test player'
player_build "$dir/player" 2>"$dir/err" || complain "$name: $(cat "$dir/err")"
"$dir/player" client 20211103 >"$dir/out" 2>&1 || true
has "$dir/out" '^client version='

# ---- the line of live-check for the documents ----

# live_check LINE...: live-check on a tree that is none, with a suite that says these lines.
live_check() {
    local live=$dir/live
    mkdir -p "$live"/{scripts/lib,tests/e2e/lib,tree/conf,tree/src/common,bin}
    cp "$top/scripts/live-check" "$live/scripts/"
    cp "$top/scripts/lib/say.sh" "$live/scripts/lib/"
    cp "$top/tests/e2e/lib/tree.sh" "$live/tests/e2e/lib/"
    : >"$live/tree/conf/login_athena.conf"
    : >"$live/tree/src/common/ropp_glue.inc"
    echo ropp_hook_ >"$live/tree/login-server"
    printf '#!/bin/sh\nprintf "%%s\\n"%s\n' "$(printf " '%s'" "$@")" >"$live/tests/e2e/run"
    printf '#!/bin/sh\n' | tee "$live/bin/haproxy" >"$live/bin/ss"
    chmod 755 "$live"/{bin/*,tests/e2e/run,tree/login-server}
    PATH=$live/bin:$PATH "$live/scripts/live-check" "$live/tree" >"$dir/out" 2>&1
}

name='live-check with a case that was skipped'
live_check '  skip  some-case  for a reason' '1 skipped' 'took 2.0 s' '5 passed, 0 failed'
has "$dir/out" '^\| tree \| .* \| 5 passed, 0 failed, 1 skipped \|$'
[[ $(tail -n 1 "$dir/out") == '5 passed, 0 failed' ]] || complain "$name: ends with '$(tail -n 1 "$dir/out")'"
name='live-check without one'
live_check 'took 2.0 s' '5 passed, 0 failed'
has "$dir/out" '^\| tree \| .* \| 5 passed, 0 failed \|$'
name='live-check that did not run'
live_check 'something else'
! grep -q COMPATIBILITY "$dir/out" || complain "$name: says '$(cat "$dir/out")'"

# ---- help ----

for script in check live-check quickstart; do
    name="scripts/$script --help"
    "$top/scripts/$script" --help >"$dir/out"
    has "$dir/out" "^ *scripts/$script "
    awk -v name="$name" 'length($0) > 80 { print "FAIL " name ": " length($0) " columns: " $0; bad = 1 } END { exit bad }' \
        "$dir/out" || failed=$((failed + 1))
done

echo "scripts: $passed cases, $failed complaints"
((failed == 0))
