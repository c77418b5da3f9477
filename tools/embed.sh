#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints a C file that holds the contents of files as `ropp_bundle()` (tools/patch/hooks/bundle.h).
# usage: embed.sh PATH=FILE ...      PATH is the name inside the program, FILE what is read now
set -eu

for pair in "$@"; do
    case $pair in
    *=*) ;;
    *) echo "embed.sh: not PATH=FILE: $pair" >&2; exit 2 ;;
    esac
    if [ ! -r "${pair#*=}" ]; then
        echo "embed.sh: cannot read: ${pair#*=}" >&2
        exit 1
    fi
done

echo '/* Made by tools/embed.sh. */'
echo '#include "tools/patch/hooks/bundle.h"'
number=0
for pair in "$@"; do
    echo
    echo "static const unsigned char file_${number}[] = {"
    # A file may be empty, an array may not: one byte more, not counted below.
    { od -An -v -tu1 "${pair#*=}"; echo 0; } |
        awk '{ for (i = 1; i <= NF; i++) printf "%s,%s", $i, (++n % 24 ? "" : "\n") } END { print "" }'
    echo '};'
    number=$((number + 1))
done
echo
echo 'static const struct ropp_bundle_file files[] = {'
number=0
for pair in "$@"; do
    path=$(printf '%s' "${pair%%=*}" | sed 's/[\\"]/\\&/g')
    echo "    {\"$path\", file_$number, sizeof file_$number - 1},"
    number=$((number + 1))
done
echo '    {0, 0, 0},'
echo '};'
cat <<'END'

const struct ropp_bundle_file *ropp_bundle(size_t *count)
{
    *count = sizeof files / sizeof files[0] - 1;
    return files;
}
END
