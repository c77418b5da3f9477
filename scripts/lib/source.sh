# shellcheck shell=bash
# The project's sources, apart from whatever has been built in their folder. Sourced after say.sh.

# source_copy FROM TO: what git knows, or in a release archive everything that is not a product of the build; with
# configure made where it is missing.
source_copy() {
    local from=$1 to=$2
    mkdir -p "$to"
    if git -C "$from" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        (cd "$from" && git -c safe.directory='*' ls-files -z --cached --others --exclude-standard) |
            (cd "$from" && while IFS= read -r -d '' path; do
                [[ ! -e $path ]] || printf '%s\0' "$path"
            done) | tar -C "$from" --null -T - -c | tar -C "$to" -x
    else
        tar -C "$from" --exclude=./.git --exclude='*.o' --exclude='*.a' --exclude=.deps --exclude=config.status --exclude=config.log \
            --exclude=./Makefile --exclude=./ropp --exclude=.dirstamp -c . | tar -C "$to" -x
    fi
    if [[ ! -e $to/configure ]]; then
        (cd "$to" && autoreconf -i)
    fi
}
