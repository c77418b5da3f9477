#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A hook with `each` goes into every one of its files that exists.
set -euo pipefail

# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
hooks=$dir/hooks
make_hooks "$hooks"
tree=$dir/tree
orig=$dir/orig
p=(--patches "$hooks")
dialect=$(basename "$(dirname "$(grep -l "C++" "$hooks"/*/dialect)")")
cat >"$hooks/$dialect/projects.hook" <<'END'
hook projects
    why      every server has a project of its own
    each     vs-1/a.vcxproj | vs-1/b.vcxproj | vs-2/a.vcxproj | vs-3/a.vcxproj
    at       after-line <ClCompile \s+ Include="socket\.c"
    optional there may be none
    insert
        | <ClCompile Include="ropp.c" />
end
END

project() { # FILE
    mkdir -p "$(dirname "$1")"
    printf '<Project>\r\n  <ClCompile Include="socket.c" />\r\n</Project>\r\n' >"$1"
}

start "none is there"
fresh cpp
run 0 check "$tree" "${p[@]}"
has out "there may be none"

start "all that are there"
project "$tree/vs-1/a.vcxproj"
project "$tree/vs-1/b.vcxproj"
project "$tree/vs-3/a.vcxproj"
rm -rf "$orig"
cp -a "$tree" "$orig"
run 0 check "$tree" "${p[@]}"
has out "vs-1/a.vcxproj:4"
has out "vs-1/b.vcxproj:4"
has out "vs-3/a.vcxproj:4"
has_no out "vs-2"
run 0 apply "$tree" "${p[@]}"
for file in vs-1/a vs-1/b vs-3/a; do
    grep -q '<ClCompile Include="ropp.c" />' "$tree/$file.vcxproj" || complain "$file has no insertion"
done
run 0 status "$tree" "${p[@]}"
run 0 revert "$tree" "${p[@]}"
same "$tree" "$orig"

start "one of them has no place"
sed -i 's/socket/select/' "$tree/vs-1/b.vcxproj"
sed -i '/optional/d' "$hooks/$dialect/projects.hook"
rm -rf "$orig"
cp -a "$tree" "$orig"
run 1 apply "$tree" "${p[@]}"
has err "vs-1/b.vcxproj"
same "$tree" "$orig"

start "when"
cat >"$hooks/$dialect/projects.hook" <<'END'
hook projects
    why  only trees with an api server have this file
    when src/api/api.c | src/api/api.cpp
    file vs-1/a.vcxproj
    at   after-line <ClCompile \s+ Include="socket\.c"
    insert
        | <ClCompile Include="ropp.c" />
end
END
sed -i 's/socket/select/' "$tree/vs-1/a.vcxproj"
run 0 check "$tree" "${p[@]}"
has out "there is no src/api/api.c"
mkdir -p "$tree/src/api"
: >"$tree/src/api/api.cpp"
run 1 check "$tree" "${p[@]}"
has err "vs-1/a.vcxproj"

start "file and each"
cat >"$hooks/$dialect/projects.hook" <<'END'
hook projects
    why  a mistake
    each vs-1/a.vcxproj
    at   start
    insert
        | x
end
END
sed -i 's/^    each .*/&\n    file vs-2\/a.vcxproj/' "$hooks/$dialect/projects.hook"
run 2 check "$tree" "${p[@]}"
has err "a second 'file'"

summary "ropp patch, each"
