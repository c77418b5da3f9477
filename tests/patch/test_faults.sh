#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `ropp patch` when something goes wrong in the middle: a full disk, an error or a kill at any step, missing rights.
# The tree must be as it was, at once or after the next run. What needs strace or root's rights is left out without.
#
# There are some 700 steps to fail at. `make check-patch` tries every hundredth; ROPP_TEST_FAULTS=all all of them.
set -euo pipefail

# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
hooks=$dir/hooks
make_hooks "$hooks"
tree=$dir/tree
p=(--patches "$hooks")
# A leak check is not possible under strace.
export ASAN_OPTIONS=detect_leaks=0

stride=100
[ "${ROPP_TEST_FAULTS-}" != all ] || stride=1

# States: $dir/state/NAME is the tree before a command, $dir/state/NAME.after behind it.
mkdir "$dir/state"
tree_cpp "$dir/state/apply"
rm -rf "$dir/state/apply/npc"
cp -a "$dir/state/apply" "$dir/state/revert.after"
cp -a "$dir/state/apply" "$dir/state/apply.after"
run 0 apply "$dir/state/apply.after" "${p[@]}"
cp -a "$dir/state/apply.after" "$dir/state/revert"

# restore NAME: $dir/tree is that state
restore() {
    rm -rf "$tree"
    cp -a "$dir/state/$1" "$tree"
}

# is NAME: the tree is exactly in that state
is() {
    diff -r --no-dereference "$dir/state/$1" "$tree" >/dev/null
}

# -- a limit on the size of files -------------------------------------------

start "a limit on the size of files"
restore apply
# Room for the program's own output, but not for a source file.
(
    ulimit -f 1
    run 2 apply "$tree" "${p[@]}"
    has err "a file may not become this large"
    has err "nothing was changed"
    is apply || complain "the tree has changed"
    [ "$failed" = 0 ]
) || failed=$((failed + 1))
run 0 apply "$tree" "${p[@]}"
is apply.after || complain "it does not work afterwards"

# -- a full disk ------------------------------------------------------------

start "a full disk"
if unshare -m true 2>/dev/null && [ "$(id -u)" = 0 ]; then
    for kib in 40 44 48 52 56 60 64 68 72 76 80 88 96; do
        mkdir -p "$dir/disk"
        # shellcheck disable=SC2016 # for the inner shell
        unshare -m --propagation private bash -c '
            set -e
            mount -t tmpfs -o "size=$1k" none "$2/disk"
            cp -a "$2/state/apply" "$2/disk/tree" 2>/dev/null || exit 3
            status=0
            "$3" patch apply "$2/disk/tree" --patches "$2/hooks" >"$2/out" 2>"$2/err" || status=$?
            if [ "$status" = 0 ]; then
                diff -r "$2/state/apply.after" "$2/disk/tree" || exit 4
                exit 0
            fi
            [ "$status" = 2 ] || exit 5
            diff -r "$2/state/apply" "$2/disk/tree" || exit 6
            exit 1' - $kib "$dir" "$ropp" >"$dir/inner" && status=0 || status=$?
        case $status in
        0) full_ok=yes ;;
        1) full_refused=yes && has err "the disk is full" && has err "nothing was changed" ;;
        3) ;; # not even room for the tree
        *) complain "$kib KiB: the inner shell ends with $status: $(cat "$dir/inner" "$dir/err")" ;;
        esac
    done
    [ "${full_ok-}${full_refused-}" = yesyes ] || complain "the sizes do not cover both a full disk and a sufficient one"
else
    echo "left out: a full disk (needs root and a mount namespace)"
fi

# -- rights -----------------------------------------------------------------

start "missing rights"
# as_nobody COMMAND ...: without root's rights
as_nobody() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        "$@"
    fi
}
chmod 755 "$dir"
if as_nobody "$ropp" --help >/dev/null 2>&1 || as_nobody "$ropp" patch --help >/dev/null 2>&1; then
    # nobody STATUS ARGUMENT ...: the same as run, but without root's rights
    nobody() {
        local wanted=$1 status=0
        shift
        as_nobody "$ropp" patch "$@" >"$dir/out" 2>"$dir/err" || status=$?
        [ "$status" = "$wanted" ] ||
            complain "'patch $*' as nobody ends with $status instead of $wanted: $(cat "$dir/out" "$dir/err")"
    }
    mine() { [ "$(id -u)" != 0 ] || chown -R 65534:65534 "$tree"; }

    restore apply
    mine
    chmod a-w "$tree"
    nobody 0 check "$tree" "${p[@]}"
    nobody 2 apply "$tree" "${p[@]}"
    has err "permission denied"
    chmod u+w "$tree"
    is apply || complain "the tree has changed"

    restore apply
    mine
    chmod a-w "$tree/src/login"
    nobody 2 apply "$tree" "${p[@]}"
    has err "src/login/login.cpp: permission denied"
    has err "nothing was changed"
    chmod u+w "$tree/src/login"
    is apply || complain "the tree has changed"

    restore apply
    mine
    chmod 000 "$tree/src/login/login.cpp"
    nobody 2 apply "$tree" "${p[@]}"
    has err "src/login/login.cpp: permission denied"
    chmod 644 "$tree/src/login/login.cpp"
    is apply || complain "the tree has changed"

    # A file that may not be written is replaced all the same, as an editor would: the folder is what counts.
    restore apply
    mine
    chmod 444 "$tree/src/login/login.cpp"
    nobody 0 apply "$tree" "${p[@]}"
    [ "$(stat -c %a "$tree/src/login/login.cpp")" = 444 ] || complain "the mode has changed"

    if [ "$(id -u)" = 0 ]; then
        # Root keeps the owner; somebody else cannot, and refuses.
        restore apply
        chown 65534:65533 "$tree/src/common/socket.cpp"
        run 0 apply "$tree" "${p[@]}"
        [ "$(stat -c %u:%g "$tree/src/common/socket.cpp")" = 65534:65533 ] || complain "the owner has changed"
        restore apply
        mine
        chown 0:0 "$tree/src/common/socket.cpp"
        chmod 644 "$tree/src/common/socket.cpp"
        nobody 2 apply "$tree" "${p[@]}"
        has err "socket.cpp: permission denied"
        chmod 640 "$tree/src/common/socket.cpp"
        is apply || complain "the tree has changed"
    fi
else
    echo "left out: missing rights (nobody cannot run $ropp)"
fi

# -- interrupted runs -------------------------------------------------------

# A run that was interrupted with the names half switched: made by hand.
half_done() { # the name of the undo log's file
    restore apply
    mkdir "$tree/.ropp-journal"
    local hash
    hash=$(printf 'new\n' | fnv)
    {
        echo 'ropp-journal 1'
        echo "replace $hash src/login/login.cpp"
        echo "create $hash src/common/mod.cpp"
        echo end
    } >"$tree/.ropp-journal/$1"
    mv "$tree/src/login/login.cpp" "$tree/src/login/.ropp-0.old"
    echo new >"$tree/src/login/login.cpp"
    echo new >"$tree/src/common/mod.cpp"
}

# FNV-1a in 64 bits of standard input, as the undo log has it.
fnv() {
    local hash=$((0xcbf29ce484222325)) byte
    for byte in $(od -An -v -tu1); do
        hash=$(((hash ^ byte) * 0x100000001b3))
    done
    printf '%016x' $hash
}

start "a half-done run is taken back by any command"
for command in check status revert diff; do
    half_done commit
    "$ropp" patch $command "$tree" "${p[@]}" >"$dir/out" 2>"$dir/err" || true
    has err "an earlier run was interrupted: $tree: its changes were taken back"
    is apply || complain "$command: the tree is not as it was: $(diff -r "$dir/state/apply" "$tree")"
done

start "a file that was edited since is not overwritten"
half_done commit
echo mine >>"$tree/src/login/login.cpp"
cp -a "$tree" "$dir/before"
run 1 check "$tree" "${p[@]}"
has err "this file was edited since: $tree/src/login/login.cpp"
has err ".ropp-0.old"
same "$tree" "$dir/before"
rm -rf "$dir/before"
run 0 check "$tree" "${p[@]}" --force
is apply || complain "--force does not take it back"
half_done commit
echo mine >"$tree/src/common/mod.cpp"
run 1 check "$tree" "${p[@]}"
has err "this file was edited since: $tree/src/common/mod.cpp"

start "a damaged undo log"
half_done commit
sed -i 2s/login/../ "$tree/.ropp-journal/commit"
cp -a "$tree" "$dir/before"
run 2 check "$tree" "${p[@]}"
has err "undo log of an interrupted run is damaged"
same "$tree" "$dir/before"
rm -rf "$dir/before"
half_done commit
sed -i '$d' "$tree/.ropp-journal/commit"
run 2 revert "$tree" "${p[@]}"
has err "damaged"
restore apply
ln -s /tmp "$tree/.ropp-journal"
run 2 check "$tree" "${p[@]}"
restore apply
mkdir "$tree/.ropp-journal"
printf 'ropp-journal 1\nreplace 0' >"$tree/.ropp-journal/prepare"
run 0 check "$tree" "${p[@]}"
is apply || complain "an undo log that was cut off is not removed"

if ! strace -qq -o /dev/null true 2>/dev/null; then
    echo "left out: kills and errors at every step (needs strace)"
    summary "ropp patch, faults"
    exit
fi

# What the writing of a tree is made of.
calls=mkdirat,openat,write,fsync,linkat,renameat,unlinkat,fchmod,close,newfstatat,fstat

# points [CALLS]: for each call from the first change on that is one of CALLS (a pattern), "NAME N": the Nth of this name. One of each
# kind at least, and of those that are many every so many.
points() {
    restore "$command"
    strace -qq -o "$dir/trace" -e trace="$calls" "$ropp" patch "$command" "$tree" "${p[@]}" >/dev/null
    sed -n 's/^\([a-z]*\)(.*/\1/p' "$dir/trace" |
        awk -v stride="$stride" -v calls="^(${1-.*})\$" '{ n[$1]++ } $1 == "mkdirat" { on = 1 }
            on && $1 ~ calls && (!seen[$1]++ || i++ % stride == 0) { print $1, n[$1] }'
}

# inject INJECTION ...: runs $command under strace; leaves its status
inject() {
    local arguments=() injection
    for injection in "$@"; do arguments+=(-e "inject=$injection"); done
    status=0
    # The subshell keeps bash from reporting each kill. Signals may be ignored where this runs in the background, and ropp leaves it
    # at that, as it should.
    (
        env --default-signal=INT,TERM,HUP strace -qq -o /dev/null -e trace="$calls,flock" "${arguments[@]}" \
            "$ropp" patch "$command" "$tree" "${p[@]}" >"$dir/out" 2>"$dir/err"
        exit $?
    ) 2>/dev/null || status=$?
}

# recovered WHAT: after the next run, the tree is as before or as behind the command
recovered() {
    "$ropp" patch check "$tree" "${p[@]}" >"$dir/out" 2>"$dir/err" || complain "$command, $1: $(cat "$dir/err")"
    is "$command" || is "$command.after" || complain "$command, $1: $(diff -r "$dir/state/$command" "$tree")"
}

start "a kill at every step"
kills=0
for command in apply revert; do
    points >"$dir/points"
    while read -r call n; do
        restore $command
        inject "$call:signal=KILL:when=$n"
        [ "$status" = 137 ] || complain "$command: no $call $n to be killed at"
        kills=$((kills + 1))
        recovered "killed at $call $n"
    done <"$dir/points"
done
[ "$kills" -gt $((200 / stride)) ] || complain "only $kills kills: what is watched is not what is called"

# A run that is asked to end does so when the tree is whole.
start "a Ctrl-C while names are switched"
for command in apply revert; do
    for signal in INT TERM HUP; do
        restore $command
        inject "renameat:signal=$signal:when=2"
        [ "$status" = $((128 + $(kill -l $signal))) ] || complain "$command, SIG$signal: it ends with $status"
        is $command.after || complain "$command, SIG$signal: $(diff -r "$dir/state/$command.after" "$tree")"
    done
done

start "a kill where there are no hard links"
for command in apply revert; do
    points 'renameat|unlinkat' >"$dir/points"
    while read -r call n; do
        restore $command
        inject linkat:error=EPERM:when=1+ "$call:signal=KILL:when=$n"
        recovered "killed at $call $n without links"
    done <"$dir/points"
done

start "a kill while a half-done run is taken back"
command=check
for call in renameat unlinkat fsync newfstatat openat; do
    for ((n = 1; n < 500; n += stride)); do
        half_done commit
        inject "$call:signal=KILL:when=$n"
        [ "$status" = 137 ] || break
        run 0 check "$tree" "${p[@]}"
        is apply || complain "killed at $call $n: $(diff -r "$dir/state/apply" "$tree")"
    done
done

start "an error at every step"
errors=0
for command in apply revert; do
    points 'mkdirat|openat|write|fsync|linkat|renameat|unlinkat|fchmod' >"$dir/points"
    while read -r call n; do
        error=EIO
        [ $((n % 2)) = 0 ] || error=ENOSPC
        restore $command
        inject "$call:error=$error:when=$n"
        errors=$((errors + 1))
        if [ "$status" = 0 ] || grep -q 'standard output' "$dir/err"; then
            # All was written; at most something is left to be tidied up.
            recovered "$error at $call $n"
            is $command.after || complain "$command, $error at $call $n: it ended well, but the tree is as before"
        else
            has err "ropp: "
            is $command || complain "$command, $error at $call $n: the tree has changed: $(cat "$dir/err")"
        fi
    done <"$dir/points"
done
[ "$errors" -gt $((100 / stride)) ] || complain "only $errors errors"

start "an error that stays"
for command in apply revert; do
    points 'write|openat|linkat|renameat|unlinkat|fsync' >"$dir/points"
    while read -r call n; do
        restore $command
        inject "$call:error=EIO:when=$n+"
        recovered "EIO at $call from $n on"
    done <"$dir/points"
done

start "no hard links, no locks"
for command in apply revert; do
    for call in linkat flock; do
        restore $command
        inject "$call:error=EOPNOTSUPP:when=1+"
        [ "$status" = 0 ] || complain "$command without $call: $(cat "$dir/err")"
        is $command.after || complain "$command without $call: the tree is not as it should be"
    done
done

start "all is on the disk before the first name is switched, and before the last old file goes"
command=apply
restore $command
strace -y -qq -o "$dir/trace" -e trace=mkdirat,openat,linkat,fsync,renameat,unlinkat "$ropp" patch "$command" "$tree" "${p[@]}" >/dev/null
switched=$(grep -n '^renameat(.*"commit")' "$dir/trace" | head -n 1 | cut -d: -f1)
for name in 0.new 1.new 2.new 3.new 4.new 5.new; do
    head -n "$switched" "$dir/trace" | grep -q "^fsync(.*/\.ropp-$name>" || complain ".ropp-$name is not synced in time"
done
head -n "$switched" "$dir/trace" | grep -q '^fsync(.*/prepare>' || complain "the undo log is not synced in time"
# What is left of a run is found by the log: its folder is there before anything else is.
awk '/^mkdirat\(.*"\.ropp-journal"/ { tree = $0; sub(/^[^<]*</, "", tree); sub(/>.*/, "", tree) }
     /^fsync/ { folder = $0; sub(/^[^<]*</, "", folder); sub(/>.*/, "", folder); if (folder == tree) good = 1 }
     /^openat\(.*"\.ropp-[^"]*\.new"/ { exit }
     END { exit !good }' "$dir/trace" || complain "the folder of the undo log is not synced in time: $(cat "$dir/trace")"
# A name is on the disk when its folder is: new files and links before the switch, the switch before the first name.
awk '{ folder = $0; sub(/^[^<]*</, "", folder); sub(/>.*/, "", folder) }
     /^fsync/ { delete open[folder] }
     /^renameat/ { for (name in open) late = late " " name }
     /^renameat\(.*\.new"/ { exit }
     /^openat\(.*O_CREAT/ || /^linkat/ || /^renameat/ { open[folder] = 1 }
     END { print late; exit late != "" }' "$dir/trace" >"$dir/late" || complain "not synced in time:$(cat "$dir/late")"
awk '/^renameat\(.*\.new"/ { folder = $0; sub(/^[^<]*</, "", folder); sub(/>.*/, "", folder); open[folder] = 1 }
     /^fsync/ { folder = $0; sub(/^[^<]*</, "", folder); sub(/>.*/, "", folder); delete open[folder] }
     /^unlinkat\(.*\.old"/ { for (folder in open) bad = 1 }
     END { exit bad }' "$dir/trace" || complain "an old file goes before the new name is synced: $(cat "$dir/trace")"

start "a file that changes while the run is under way"
restore apply
strace -qq -o /dev/null -e trace=fsync -e inject=fsync:delay_enter=1000000:when=1 \
    "$ropp" patch apply "$tree" "${p[@]}" >"$dir/out" 2>"$dir/err" &
pid=$!
for ((i = 0; i < 200; i++)); do
    [ ! -e "$tree/.ropp-journal" ] || break
    sleep 0.05
done
echo '// mine' >>"$tree/src/common/socket.cpp"
status=0
wait $pid || status=$?
[ "$status" = 1 ] || complain "it ends with $status: $(cat "$dir/err")"
has err "somebody changed this file at the same time: $tree/src/common/socket.cpp"
tail -n 1 "$tree/src/common/socket.cpp" | grep -qx '// mine' || complain "the change is lost"
sed -i '$d' "$tree/src/common/socket.cpp"
is apply || complain "the tree has changed: $(diff -r "$dir/state/apply" "$tree")"

echo "$kills kills, $errors errors"
summary "ropp patch, faults"
