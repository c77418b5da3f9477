#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What every command of `ropp` has in common for the one who types it: a help of 80 columns with an example, the version, and
# what was meant. The commands are those that the help itself names. ROPP names the program to test, ./ropp by default.
set -euo pipefail

ropp=${ROPP:-./ropp}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0

complain() { # TEXT...
    printf 'FAIL %s\n' "$*"
    failed=$((failed + 1))
}

run() { # STATUS ARGUMENT...
    local wanted=$1 status=0
    shift
    "$ropp" "$@" </dev/null >"$dir/out" 2>"$dir/err" || status=$?
    [[ $status == "$wanted" ]] || complain "ropp $*: exit status $status, not $wanted"
    passed=$((passed + 1))
}

# The names in the list of commands of a help.
commands_of() { # FILE
    sed -n 's/^  \([a-z][a-z]*\)  *[a-z].*/\1/p' "$1"
}

help_is_good() { # COMMAND...
    run 0 "$@" --help
    [[ ! -s $dir/err ]] || complain "ropp $* --help writes to standard error"
    grep -q '^usage: ropp ' "$dir/out" || complain "ropp $* --help: no usage"
    grep -q '^example: ropp ' "$dir/out" || complain "ropp $* --help: no example"
    awk -v command="ropp $* --help" 'length($0) > 80 { print "FAIL " command ": " length($0) " columns: " $0; bad = 1 }
        END { exit bad }' "$dir/out" || failed=$((failed + 1))
    # An option has one word for its value, if any, and then what it is for.
    ! grep -E '^  -' "$dir/out" | grep -Ev '^  --[a-z-]+( [^ ]+)?   +[^ ]+ ' || complain "ropp $* --help: the option above"
    cp "$dir/out" "$dir/long"
    run 0 "$@" -h
    cmp -s "$dir/out" "$dir/long" || complain "ropp $* -h says something else than --help"
}

# message PATTERN ARGUMENT...: wrong usage; an extended pattern in standard error.
message() {
    local pattern=$1
    shift
    run 2 "$@"
    grep -Eq "$pattern" "$dir/err" || complain "ropp $*: says '$(cat "$dir/err")', not '$pattern'"
}

# ---- help ----

help_is_good
mapfile -t commands < <(commands_of "$dir/long")
((${#commands[@]} >= 5)) || complain "the help names ${#commands[@]} commands: ${commands[*]}"
everything=()
declare -A groups=([ban]=6 [hop]=1) # have commands and nothing else, so many at least
for command in "${commands[@]}"; do
    help_is_good "$command"
    everything+=("$command")
    [[ -n ${groups[$command]-} ]] || continue
    mapfile -t below < <(commands_of "$dir/long")
    ((${#below[@]} >= groups[$command])) || complain "the help names ${#below[@]} commands of $command: ${below[*]}"
    for word in "${below[@]}"; do
        help_is_good "$command" "$word"
        everything+=("$command $word")
    done
done

# ---- version ----

run 0 --version
grep -Eqx 'ropp [0-9]+\.[0-9]+\.[0-9]+' "$dir/out" || complain "--version prints $(cat "$dir/out")"
cp "$dir/out" "$dir/version"
for words in -V "${commands[@]/%/ --version}" "${commands[@]/%/ -V}"; do
    # shellcheck disable=SC2086 # words
    run 0 $words
    cmp -s "$dir/out" "$dir/version" || complain "ropp $words prints '$(cat "$dir/out")'"
done

# ---- did you mean ----

message "^ropp: no such command: 'stauts': did you mean 'status'\? see \`ropp --help\`$" stauts
message "^ropp: no such command: 'dance': see \`ropp --help\`$" dance
message "^ropp: no such option: '--verison': did you mean '--version'\? see" --verison
message "^ropp: no such command: ban ad: did you mean 'add'\? see \`ropp ban --help\`$" ban ad
message "^ropp: no such command: ban dance: see \`ropp ban --help\`$" ban dance
message "^ropp: no such command: patch aply: did you mean 'apply'\? " patch aply tree
for command in "${everything[@]}"; do
    words=() slip=--jsno meant=--json
    [[ -z ${groups[$command]-} ]] || continue # has no option
    case $command in
    patch) words=(check .) ;;
    'hop render') slip=--fro meant=--for ;;
    'ban follow') slip=--ipst meant=--ipset ;;
    esac
    # shellcheck disable=SC2086 # words
    message "^ropp: no such option: $slip: did you mean '$meant'\? see \`ropp $command --help\`$" $command "${words[@]}" "$slip"
    # shellcheck disable=SC2086 # words
    message "^ropp: no such option: --sing: see \`ropp $command --help\`$" $command "${words[@]}" --sing
done

# ---- the man page's synopsis is what the usage lines say ----

for command in "${everything[@]}"; do
    [[ -z ${groups[$command]-} ]] || continue # has only commands
    # shellcheck disable=SC2086 # words
    run 0 $command --help
    sed -n 's/^usage: //p' "$dir/out"
done | sort >"$dir/usages"
sed -n '/^\.SH SYNOPSIS/,/^\.SH DESCRIPTION/ { /^\\fBropp/ { s/\\f[BIR]//g; s/\\-/-/g; p } }' \
    "${srcdir:-.}/docs/ropp.1" | sort >"$dir/synopsis"
diff "$dir/usages" "$dir/synopsis" || complain "docs/ropp.1: the synopsis is not what the help says"
passed=$((passed + 1))

# ---- completion: in bash, and in zsh and fish where they are ----

completion=$(realpath "${srcdir:-.}")/tools/completion
# shellcheck source=tools/completion/ropp
source "$completion/ropp"

complete_in_bash() { # WORD...
    COMP_WORDS=("$ropp" "$@") COMP_CWORD=$# COMPREPLY=()
    _ropp
    printf '%s\n' "${COMPREPLY[@]}"
}

# A zsh of its own on a terminal, which prints the line as it is after a TAB and a second one that lists what else there is.
cat >"$dir/zsh" <<'END'
zmodload zsh/zpty
zpty shell env TERM=dumb zsh -f -i
zpty -w shell "fpath=($1 \$fpath) path=($2 \$path) PS1= zle_highlight=(none:); autoload -U compinit; compinit -u -d $3"
zpty -w shell 'unset zle_bracketed_paste; setopt noautolist; show() { print; print -r -- "<$BUFFER>"; BUFFER= }; zle -N show; bindkey "^X" show'
zpty -w shell 'print re""ady'
zpty -r -m shell line '*ready*'
zpty -w -n shell "${4}"$'\t\x18'
zpty -r -m shell line '*<ropp*>*'
print -r -- ${${line##*<}%%>*}
END

complete_in_zsh() { # WORD...
    timeout 30 zsh -f "$dir/zsh" "$completion" "$bin" "$dir/zcompdump" "ropp $*"
}

complete_in_fish() { # WORD...
    HOME=$dir timeout 30 fish --no-config -c "source $completion/ropp.fish; set -gx PATH $bin \$PATH; complete -C 'ropp $*'"
}

# completes WANTED WORD...: what is offered.
completes() {
    local wanted=$1 got
    shift
    got=$(complete_in_bash "$@" | paste -sd ' ')
    [[ $got == "$wanted" ]] || complain "bash: ropp $* is completed by '$got', not '$wanted'"
    passed=$((passed + 1))
    [[ -n $wanted ]] || return 0
    if command -v fish >/dev/null; then
        got=$(complete_in_fish "$@" | paste -sd ' ')
        [[ $got == "$wanted" ]] || complain "fish: ropp $* is completed by '$got', not '$wanted'"
        passed=$((passed + 1))
    fi
    if command -v zsh >/dev/null && [[ $wanted != *' '* ]]; then
        got=$(complete_in_zsh "$@")
        [[ $got == "ropp ${*:1:$#-1} $wanted "* || $got == "ropp $wanted "* ]] || complain "zsh: ropp $* becomes '$got', not '$wanted'"
        passed=$((passed + 1))
    fi
}

bin=$(realpath "$(dirname "$ropp")")
completes patch pa
completes import ban im
completes revert patch r
completes '' patch apply r # a file's name
completes --dialect patch apply --dia # an option behind the word for what to do
completes --format ban export --form
completes --prometheus status --pro
completes '--version --help' --
completes map probe 127.0.0.1 --until m
completes '' ban list --within st # an address
completes '' patch --dialect r    # a name

# Where ropp has nothing to offer, it is a file. Bash does that itself (-o default).
mkdir "$dir/empty" "$dir/empty/tree-of-mine"
for shell in fish zsh; do
    command -v "$shell" >/dev/null || continue
    got=$(cd "$dir/empty" && "complete_in_$shell" patch apply tree-)
    [[ ${got#ropp patch apply } == tree-of-mine/* ]] || complain "$shell: a folder is completed by '$got'"
    passed=$((passed + 1))
done

echo "usage: $passed runs, $failed complaints"
((failed == 0))
