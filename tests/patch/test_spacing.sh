#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The hooks find their places in the reference emulators whatever blanks these are written with. Those for what is older than 2008:
# test_athena.sh.
set -euo pipefail
# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
# shellcheck source=tests/patch/spacing.sh
. "${srcdir:-.}/tests/patch/spacing.sh"

for kind in rathena hercules eathena; do
    "${srcdir:-.}/tests/emulator/make-tree" "$kind" "$dir/$kind" >/dev/null
    same_places "$kind" "$dir/$kind"
done

summary "the hooks, however a tree is spaced"
