# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A list is replaced in one transaction: what others see and may do meanwhile; and that long lists are read by index. Sourced.

# A client that stays, so that its transaction does.
other_begin() {
    mkfifo "$clean_folder/other"
    "$db_client" --no-defaults --protocol=socket --socket="$db_socket" --user=root --batch --skip-column-names --unbuffered \
        "$db" <"$clean_folder/other" >"$clean_folder/other.out" 2>&1 &
    other_pid=$!
    clean_own "$other_pid"
    exec {other_fd}>"$clean_folder/other"
}

other_step=0
other() { # STATEMENTS: waits until they are done
    other_step=$((other_step + 1))
    printf "%s; SELECT 'step %d done';\n" "$1" "$other_step" >&"$other_fd"
    wait_for 30 file_says "$clean_folder/other.out" "^step $other_step done\$" ||
        die "the other client is stuck: $1: $(tail -n 3 "$clean_folder/other.out")"
}

networks() { # SECOND: 20000 rows of 10.SECOND.0.0 and on, without two addresses side by side
    local i
    printf "('10.%d.0.0', 'droplist')" "$1"
    for ((i = 1; i < 20000; i++)); do
        printf ",('10.%d.%d.%d','droplist')" $(($1 + i / 32768)) $((i / 128 % 256)) $((i * 2 % 256))
    done
}

count="SELECT (SELECT COUNT(*) FROM proxy_ban WHERE source = 'droplist'), (SELECT MIN(prefix) FROM proxy_ban WHERE source = 'droplist'),
    (SELECT version FROM proxy_source WHERE name = 'droplist')"
version="INSERT INTO proxy_source (name, version, entries) VALUES ('droplist', 1, 20000)
    ON DUPLICATE KEY UPDATE version = version + 1, entries = 20000"
run "INSERT INTO proxy_ban (prefix, source) VALUES ('10.9.0.0/16', 'aaa'), ('10.9.0.0/16', 'manual'), ('10.9.0.0/16', 'zzz')"
other_begin
other "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; SET @ropp_bulk = 1; START TRANSACTION;
    INSERT INTO proxy_ban (prefix, source) VALUES $(networks 1); $version"
says '0|NULL|NULL' "$count"
other 'COMMIT'
says '20000|10.1.0.0/32|1' "$count"

# The list is replaced; its old rows stay until the new ones are there, and nobody has to wait.
other "START TRANSACTION; DELETE FROM proxy_ban WHERE source = 'droplist'; INSERT INTO proxy_ban (prefix, source) VALUES $(networks 2)"
says '20000|10.1.0.0/32|1' "$count"
patience='SET SESSION innodb_lock_wait_timeout = 1;'
for source in aaa manual zzz droplist2 a-new-one; do
    for prefix in 0.0.0.0/8 10.1.0.1 10.2.0.1 255.0.0.0/8 2001:db8::; do
        says 1 "$patience INSERT INTO proxy_ban (prefix, source) VALUES ('$prefix', '$source'); SELECT ROW_COUNT() <> 0"
    done
done
says 1 "$patience CALL proxy_ban_add('10.2.0.3', '7 days', 'bots'); CALL proxy_ban_del('10.2.0.3'); DELETE FROM proxy_ban WHERE id = 1; SELECT ROW_COUNT()"
other "$version; COMMIT"
says '20000|10.2.0.0/32|2' "$count"
says '0' "SELECT COUNT(*) FROM proxy_ban_history WHERE source = 'droplist'"

# An import that dies half way has never been.
other "START TRANSACTION; DELETE FROM proxy_ban WHERE source = 'droplist'; $version"
kill -s KILL "$other_pid"
exec {other_fd}>&-
wait "$other_pid" 2>/dev/null || true
clean_forget "$other_pid"
# Its locks are free as soon as its transaction is taken back. INNODB_TRX would not show it: read ten times a second, it stays as it was.
says 20000 "SET SESSION innodb_lock_wait_timeout = 30; SELECT COUNT(*) FROM proxy_ban WHERE source = 'droplist' FOR UPDATE"
says '20000|10.2.0.0/32|2' "$count"

# What a server asks for: the whole list in order, from the index alone.
run 'ANALYZE TABLE proxy_ban'
load="SELECT id, kind, CAST(range_start AS BINARY(16)), family, prefix_length, UNIX_TIMESTAMP(expires) FROM proxy_ban
    WHERE source = 'droplist' AND (expires IS NULL OR expires > NOW()) ORDER BY range_start, prefix_length"
plan=$(rows "EXPLAIN $load")
if [[ $plan == *'|in_order|'*'|Using where; Using index' ]]; then good; else bad "EXPLAIN says $plan"; fi
# An address is looked up by a few looks at the index, however long the lists are.
for address in 10.2.0.4 10.2.0.5 2001:db8:5::1; do
    reads=$(rows "FLUSH STATUS; CALL proxy_ban_check('$address');
        SELECT SUM(VARIABLE_VALUE) FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME LIKE 'Handler_read_%'" | tail -n 1)
    if ((reads > 40 && reads < 2000)); then good; else bad "proxy_ban_check('$address') reads $reads rows"; fi
done
