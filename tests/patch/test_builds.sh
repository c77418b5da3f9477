#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The build files of other years and forks: ropp becomes part of each, and of nothing that is only nearly the socket layer's.
set -euo pipefail
# shellcheck source=tests/patch/lib.sh
. "${srcdir:-.}/tests/patch/lib.sh"
# shellcheck source=tests/patch/years.sh
. "${srcdir:-.}/tests/patch/years.sh"
tree=$dir/tree

tree_of() { # YEAR
    rm -rf "$tree"
    make_year "$1" "$tree"
}

# follows FILE LINE HOOK: what the hook inserts is right behind this very line of the file, and is the standard input
follows() {
    local wanted
    wanted=$(cat)
    awk -v wanted="$2" -v hook="ropp:begin $3 " '
        inside && /ropp:end/ { exit }
        inside { print }
        index($0, hook) && before == wanted { inside = 1 }
        { before = $0; sub(/\r$/, "", before) }' "$tree/$1" | tr -d '\r' >"$dir/got"
    [ "$(cat "$dir/got")" = "$wanted" ] || complain "$1: behind '$2' is not '$wanted' but '$(cat "$dir/got")': $(grep -B2 -A6 ropp "$tree/$1")"
}

# times FILE NUMBER: so often something is inserted
times() {
    [ "$(grep -c 'ropp:begin' "$tree/$1")" = "$2" ] || complain "$1 has not $2 insertions: $(cat "$tree/$1")"
}

start "rathena: lists of objects"
while IFS='|' read -r line object; do
    tree_of rathena
    sed -i "1s,^COMMON_OBJ = .*,NOT_COMMON_OBJ = obj/socket.o\nCOMMON_OBJECTS = obj/socket.o\n$line \\\\," "$tree/src/common/Makefile.in"
    run 0 apply "$tree"
    follows src/common/Makefile.in '	showmsg.o socket.o sql.o strlib.o timer.o minicore.o minisocket.o' build-make <<<"COMMON_OBJ += $object"
    times src/common/Makefile.in 2
done <<'WORDS'
COMMON_OBJ = conf.o|ropp.o
COMMON_OBJ := conf.o|ropp.o
COMMON_OBJ=conf.o|ropp.o
COMMON_OBJ = obj/conf.o|obj/ropp.o
COMMON_OBJ := obj_all/conf.o|obj_all/ropp.o
WORDS

start "hercules: lists of objects and sources"
for sign in '=' ' = ' ' := '; do
    tree_of hercules
    sed -i -e "s/^COMMON_OBJ = /NOT_COMMON_OBJ = x.o\nCOMMON_OBJECTS = x.o\nCOMMON_OBJ$sign/" -e 's/^COMMON_C = .*/&\nCOMMON_C += minisocket.c socket_c\nCOMMON_CC += socket.c\nTHE_COMMON_C += socket.c/' \
        "$tree/src/common/Makefile.in"
    run 0 apply "$tree"
    follows src/common/Makefile.in '             session.o settings.o showmsg.o socket.o sql.o strlib.o timer.o)' build-make <<<'COMMON_OBJ += obj_all/ropp.o'
    follows src/common/Makefile.in 'COMMON_C += session.c settings.c showmsg.c socket.c sql.c strlib.c timer.c' build-make-sources <<<'COMMON_C += ropp.c'
done

start "servers that list what they take"
tree_of eathena-char
sed -i 's/^COMMON_SQL_OBJ = .*/NOT_&\nCOMMON_SQL_OBJ_D = ..\/common\/obj_sql\/sql.d\n&/' "$tree"/src/{login,char,map}/Makefile.in
run 0 apply "$tree"
for server in login char map; do
    follows "src/$server/Makefile.in" 'COMMON_SQL_OBJ = ../common/obj_sql/sql.o' build-make-servers <<<'COMMON_SQL_OBJ += ../common/obj_sql/ropp.o'
    times "src/$server/Makefile.in" 2
done

start "servers without SQL"
# shellcheck disable=SC2016 # for make
for objects in '$(COMMON_OBJ) $(LOGIN_TXT_OBJ)' 'obj_txt/x.o'; do
    tree_of eathena-char
    for server in login char map; do
        printf '\n%s-server_sql: obj_txt/x.o\nthe-%s-server: obj_txt/x.o\n%s-server: %s\n\tcc x\n' "$server" "$server" "$server" "$objects" >>"$tree/src/$server/Makefile.in"
    done
    run 0 apply "$tree"
    for server in login char map; do
        follows "src/$server/Makefile.in" "the-$server-server: obj_txt/x.o" build-make-text <<WORDS
$server-server: ../common/obj_sql/ropp.o
$server-server: COMMON_OBJ += ../common/obj_sql/ropp.o @MYSQL_LIBS@
../common/obj_sql/ropp.o:
	@\$(MAKE) -C ../common sql
WORDS
    done
done

start "CMake"
for folder in COMMON_SOURCE_DIR COMMON_DIR; do
    for suffix in cpp c; do
        year=rathena
        [ "$suffix" = cpp ] || year=rathena-c
        tree_of "$year"
        sed -i -e "s/COMMON_SOURCE_DIR/$folder/" -e "s,^.*/socket\..*,	\"\${$folder}/minisocket.$suffix\"\n	\"\${OTHER_DIR}/socket.$suffix\"\n	\"\${$folder}/socket.h\"\n&," "$tree/src/common/CMakeLists.txt"
        run 0 apply "$tree"
        follows src/common/CMakeLists.txt "	\"\${$folder}/socket.$suffix\"" build-cmake <<<"	\"\${$folder}/ropp.$suffix\""
        times src/common/CMakeLists.txt 1
    done
    tree_of hercules
    sed -i "s,^\s*socket\.c\s*\$,	\"\${OTHER_DIR}/socket.c\"\n	\"\${$folder}/minisocket.c\"\n	\"\${$folder}/socket.c\"," "$tree/src/common/CMakeLists.txt"
    run 0 apply "$tree"
    follows src/common/CMakeLists.txt "	\"\${$folder}/socket.c\"" build-cmake <<<"	\"\${$folder}/ropp.c\""
done
tree_of hercules
sed -i 's,^\(\s*\)socket\.c\s*$,\1minisocket.c\n\1tests socket.c\n\1socket.c old\n\1socket_c\n&,' "$tree/src/common/CMakeLists.txt"
line=$(grep -m 1 '^\s*socket\.c\s*$' "$tree/src/common/CMakeLists.txt")
run 0 apply "$tree"
follows src/common/CMakeLists.txt "$line" build-cmake <<<"${line/socket/ropp}"

# Every year's folder has projects of its own.
project='  <ClCompile Include="..\src\common\socket.c" />'
for kind in rathena hercules; do
    start "$kind: Visual Studio"
    servers=(char login map)
    [ "$kind" = rathena ] || servers+=(api)
    tree_of "$kind"
    for year in vcproj vcproj-1{0..7}; do
        mkdir "$tree/$year"
        for server in "${servers[@]}"; do
            printf '<Project>\r\n  <ClInclude Include="..\\src\\common\\socket.c" />\r\n  <ClCompile Include="..\\src\\common\\minisocket.c" />\r\n  <ClCompile Include="..\\src\\other\\socket.c" />\r\n  <ClCompile Include="..\\3rdparty\\common\\socket.c" />\r\n%s\r\n</Project>\r\n' \
                "$project" >"$tree/$year/$server-server.vcxproj"
        done
    done
    run 0 apply "$tree"
    for year in vcproj vcproj-1{0..7}; do
        for server in "${servers[@]}"; do
            follows "$year/$server-server.vcxproj" "$project" "$([ "$kind" = hercules ] && echo build-visual-studio || echo build-visual-studio-servers)" \
                <<<"${project/socket/ropp}"
        done
    done
done
start "rathena: the common library's project"
for suffix in cpp c; do
    year=rathena
    [ "$suffix" = cpp ] || year=rathena-c
    tree_of "$year"
    sed -i "s,^.*socket\..*,    <ClCompile Include=\"minisocket.$suffix\" />\n    <ClInclude Include=\"socket.$suffix\" />\n    <ClCompile Include=\"socket.h\" />\n&," "$tree/src/common/common.vcxproj"
    run 0 apply "$tree"
    follows src/common/common.vcxproj "    <ClCompile Include=\"socket.$suffix\" />" build-visual-studio <<<"    <ClCompile Include=\"ropp.$suffix\" />"
done

summary "the hooks in build files"
