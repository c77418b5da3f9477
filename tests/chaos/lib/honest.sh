# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Honest players in the storm: whole sessions by real proxies and without one. Sourced by tests/chaos/run.

# K of tests/chaos/act.h.
honest_players=200

honest_accounts() {
    local rows='' i user
    for user in honest direct six stack allow hop; do
        for ((i = 1; i <= honest_players; i++)); do
            rows+="${rows:+, }('$user$i', 'secret', 'M', 'player@example.org')"
        done
    done
    db_sql "$cluster_database" "INSERT INTO login (userid, user_pass, sex, email)
        VALUES $rows, ('storm', 'secret', 'M', 'player@example.org'), ('mutant', 'secret', 'M', 'player@example.org')"
}

# honest_play HOP NUMBER COUNT FILE [OPTION...]: so many players from NUMBER on, each from an address of its own, to the
# map; there they ask which address the server sees, and stay a while.
honest_play() {
    local hop=$1 number=$2 count=$3 file=$4
    shift 4
    "$player" play "$(at "$hop" login)" "${cluster_client[@]}" --user player --user-each --user-first "$number" \
        --count "$count" --from "127.60.${hop/direct/9}.$number" --from-each --chat @ip --tick 500 --timeout 60000 "$@" >"$file" 2>&1
}

# honest_right HOP NUMBER COUNT FILE: all arrived, were seen with their own addresses, and were sent nothing but the hop's.
honest_right() {
    local hop=$1 number=$2 count=$3 file=$4 i told
    told=127.10.0.$hop
    [[ $hop != direct ]] || told=$cluster_origin
    grep -q "^arrived count=$count of=$count\$" "$file" || return 1
    for ((i = 0; i < count; i++)); do
        grep -q "^text player=$i leg=map words=.*127\.60\.${hop/direct/9}\.$((number + i))\$" "$file" || return 1
    done
    ! grep '^redirect ' "$file" | grep -vq " address=$told:"
}

# Rounds of sessions until the storm is over, and one was right. A round's result is a line: right, wrong, or excused because the servers
# were out of service meanwhile.
honest_rounds() {
    local round=0 count=3 hop number file before result
    : >"$clean_folder/rounds"
    until [[ -e $clean_folder/over ]] && { grep -q '^right ' "$clean_folder/rounds" || ((round > 5)); }; do
        round=$((round + 1))
        case $((round % 4)) in
        0) hop=direct ;;
        *) hop=$((round % 4)) ;;
        esac
        number=$((1 + round % 40 * count)) file=$clean_folder/round-$round
        before=$(servers_disturbances)
        honest_play "$hop" "$number" "$count" "$file" --stay 1500 --retry 60000 || true
        result=right
        if ! honest_right "$hop" "$number" "$count" "$file"; then
            sleep 1 # the word that the servers are out of service may come a little later than the fact
            result=wrong
            ((before % 2 == 0 && before == $(servers_disturbances))) || result=excused
        fi
        printf '%s %s %s\n' "$result" "$hop" "$file" >>"$clean_folder/rounds"
        [[ $result == wrong ]] || rm "$file"
    done
}

honest_check() {
    local file
    while read -r _ _ file; do
        printf '%s:\n' "${file##*/}"
        cat "$file"
    done < <(grep '^wrong ' "$clean_folder/rounds")
    printf '%s rounds of 3 right, %s excused, %s wrong\n' "$(grep -c '^right ' "$clean_folder/rounds")" \
        "$(grep -c '^excused ' "$clean_folder/rounds")" "$(grep -c '^wrong ' "$clean_folder/rounds")"
    grep -q '^right ' "$clean_folder/rounds"
    ! grep -q '^wrong ' "$clean_folder/rounds"
}

# The addresses that the storm's players logged in with, by what the emulator has written.
honest_check_addresses() {
    local wrong total
    wrong="rcode = 100 AND NOT CASE
        WHEN user LIKE 'honest%' THEN ip = CONCAT('127.61.0.', SUBSTRING(user, 7))
        WHEN user LIKE 'direct%' THEN ip = CONCAT('127.62.0.', SUBSTRING(user, 7))
        WHEN user LIKE 'stack%' THEN ip = CONCAT('127.63.0.', SUBSTRING(user, 6))
        WHEN user LIKE 'allow%' THEN ip = CONCAT('127.64.1.', SUBSTRING(user, 6))
        WHEN user LIKE 'hop%' THEN ip = CONCAT('127.10.0.', SUBSTRING(user, 4))
        WHEN user LIKE 'six%' THEN ip RLIKE '^2(4[0-9]|5[0-5])[.]'
        WHEN user LIKE 'player%' THEN ip LIKE '127.60.%'
        WHEN user = 'storm' THEN ip RLIKE '^(127[.]7[0-9]|2(4[0-9]|5[0-5]))[.]'
        ELSE TRUE END"
    db_sql "$cluster_database" "SELECT user, ip, COUNT(*) FROM loginlog WHERE $wrong GROUP BY user, ip LIMIT 40"
    db_sql "$cluster_database" "SELECT user, COUNT(DISTINCT ip) FROM loginlog WHERE rcode = 100 AND user LIKE 'six%'
        GROUP BY user HAVING COUNT(DISTINCT ip) > 1"
    total=$(db_sql "$cluster_database" "SELECT COUNT(*) FROM loginlog WHERE rcode = 100")
    printf '%s logins\n' "$total"
    ((total > 0))
    [[ $(db_sql "$cluster_database" "SELECT COUNT(*) FROM loginlog WHERE $wrong") == 0 ]]
    [[ -z $(db_sql "$cluster_database" "SELECT user FROM loginlog WHERE rcode = 100 AND user LIKE 'six%'
        GROUP BY user HAVING COUNT(DISTINCT ip) > 1") ]]
}

# One player, by the first proxy; with what it heard in a file.
honest_arrives() {
    honest_play 1 190 1 "$clean_folder/newcomer" --retry 60000 && honest_right 1 190 1 "$clean_folder/newcomer"
}

# After all of it, by every way.
honest_session() {
    local hop
    for hop in 1 2 3 direct; do
        honest_play "$hop" 180 3 "$clean_folder/session" --retry 60000 --again || true
        cat "$clean_folder/session"
        honest_right "$hop" 180 3 "$clean_folder/session"
    done
    echo 'by three proxies and without one'
}
