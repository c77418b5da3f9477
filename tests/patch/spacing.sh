# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Forks write the same code with other blanks in it. Sourced, after lib.sh.

sources() { # TREE
    find "$1" -name '*.c' -o -name '*.cpp' -o -name '*.h' -o -name '*.hpp'
}

# rewritten TREE FOLDER PROGRAM VARIABLES...: what awk's program makes of each source, under the same name in FOLDER, which is new
rewritten() {
    local tree=$1 folder=$2 program=$3
    shift 3
    mkdir -p "$folder"
    (
        cd "$tree" || exit
        find . -type d -printf "$folder/%p\0" | xargs -0 mkdir -p
        # One process for all of them: there are thousands in a run.
        sources . | xargs awk "$@" -v folder="$folder" \
            'FNR == 1 { if (out != "") close(out); out = folder "/" FILENAME; begin() } '"$program"
    )
}

# spaced wide|narrow TREE: rewrites the blanks between the tokens of its sources; comments, literals and what the preprocessor reads stay
# as they are.
spaced() {
    rm -rf "$dir/spaced"
    # shellcheck disable=SC2016 # awk's
    rewritten "$2" "$dir/spaced" '
        function begin() { in_comment = continued = 0 }
        function is_word(c) { return c ~ /[A-Za-z0-9_]/ }
        # Side by side, these would be another token.
        function must_part(a, b) {
            return is_word(a) && is_word(b) || a == b || index("-+&|<>/=*!:%^", a) && index("-+&|<>/=*:", b)
        }
        function put(token) {
            if (line != "" && (blank ? how == "wide" || must_part(substr(line, length(line)), substr(token, 1, 1)) : how == "wide"))
                line = line " "
            line = line token
            blank = 0
        }
        {
            if (!in_comment && ($0 ~ /^[ \t]*#/ || continued)) { continued = $0 ~ /\\$/; print >out; next }
            match($0, /^[ \t]*/)
            indent = substr($0, 1, RLENGTH)
            rest = substr($0, RLENGTH + 1)
            line = ""
            blank = 0
            while (rest != "") {
                if (in_comment) {
                    at = index(rest, "*/")
                    length_ = at ? at + 1 : length(rest)
                    in_comment = !at
                } else if (match(rest, /^[ \t]+/)) {
                    blank = 1
                    rest = substr(rest, RLENGTH + 1)
                    continue
                } else if (rest ~ /^\/\*/) {
                    at = index(substr(rest, 3), "*/")
                    length_ = at ? at + 3 : length(rest)
                    in_comment = !at
                } else if (rest ~ /^\/\//) length_ = length(rest)
                else if (match(rest, /^"([^"\\]|\\.)*"/) || match(rest, /^\047([^\047\\]|\\.)*\047/) || match(rest, /^[A-Za-z0-9_]+(\.[0-9]+)?/) ||
                    match(rest, /^(->|\+\+|--|&&|\|\||<<=?|>>=?|::|\.\.\.|[-+*\/%&|^=!<>]=|.)/)) length_ = RLENGTH
                put(substr(rest, 1, length_))
                rest = substr(rest, length_ + 1)
            }
            print indent line >out
        }' -v how="$1"
    cp -R "$dir/spaced/." "$2" # with the modes that were there
}

# without_blanks TREE FOLDER: its sources without a blank, to compare; and without the hashes of what is inserted, which count blanks
without_blanks() {
    # shellcheck disable=SC2016 # awk's
    rewritten "$1" "$2" '
        function begin() { }
        {
            if (match($0, /ropp:begin [^ ]* [^ ]* [0-9a-f]*/)) {
                hashed = substr($0, RSTART, RLENGTH)
                sub(/ [0-9a-f]*$/, "", hashed)
                $0 = substr($0, 1, RSTART - 1) hashed substr($0, RSTART + RLENGTH)
            }
            gsub(/[ \t\r]/, "")
            print >out
        }'
}

# same_places NAME TREE: its hooks go to the same places when every token has blanks around it, and when no blank is left that C can do
# without.
same_places() {
    local how
    rm -rf "$dir/woven" "$dir/as-it-is"
    cp -a "$2" "$dir/woven"
    run 0 apply "$dir/woven"
    without_blanks "$dir/woven" "$dir/as-it-is"
    for how in wide narrow; do
        start "$1, $how"
        rm -rf "$dir/woven" "$dir/compared"
        cp -a "$2" "$dir/woven"
        spaced "$how" "$dir/woven"
        differ "$2" "$dir/woven"
        run 0 apply "$dir/woven"
        without_blanks "$dir/woven" "$dir/compared"
        same "$dir/as-it-is" "$dir/compared"
    done
}
