# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What else of an entry is refused, and what is filled in. Sourced.

says 'ban|||manual|1|NULL' "INSERT INTO proxy_ban (prefix) VALUES ('1.2.3.4');
    SELECT kind, reason, author, source, ABS(TIMESTAMPDIFF(SECOND, created, NOW())) < 10, expires FROM proxy_ban"

for source in '' 'two words' 'a/b' "it''s" 'é' 'list;' ' manual' 'manual ' '../x'; do
    refuses "ropp: bad name of a source: ${source//\'\'/\'}: write letters, digits, dots, dashes and underscores" \
        "INSERT INTO proxy_ban (prefix, source) VALUES ('1.2.3.4', '$source')"
done
refuses 'ropp: bad name of a source: manual?: write letters, digits, dots, dashes and underscores' \
    "INSERT INTO proxy_ban (prefix, source) VALUES ('1.2.3.4', CONCAT('manual', CHAR(10)))"
refuses 'ropp: bad name of a source: a b: write letters, digits, dots, dashes and underscores' \
    "UPDATE proxy_ban SET source = 'a b'"
says 'Fire-HOL_level1.netset' "INSERT INTO proxy_ban (prefix, source) VALUES ('1.2.3.4', 'Fire-HOL_level1.netset');
    SELECT source FROM proxy_ban WHERE id = LAST_INSERT_ID()"

refuses "Data truncated for column 'kind' at row 1" \
    "SET sql_mode = 'STRICT_TRANS_TABLES'; INSERT INTO proxy_ban (prefix, kind) VALUES ('1.2.3.4', 'maybe')"
refuses 'ropp: bad kind of an entry: : write ban or allow' \
    "SET sql_mode = ''; INSERT INTO proxy_ban (prefix, kind) VALUES ('1.2.3.4', 'maybe')"
refuses 'ropp: bad kind of an entry: : write ban or allow' "SET sql_mode = ''; UPDATE proxy_ban SET kind = 'maybe'"

# ---- expiry ----

past='write a later time, or NULL for never'
refuses "ropp: expires in the past: 2020-01-01 00:00:00: $past" \
    "INSERT INTO proxy_ban (prefix, expires) VALUES ('1.2.3.4', '2020-01-01')"
refuses "ropp: expires in the past: 2026-06-01 12:00:00: $past" "SET timestamp = UNIX_TIMESTAMP('2026-06-01 12:00:00');
    INSERT INTO proxy_ban (prefix, expires) VALUES ('1.2.3.4', '2026-06-01 12:00:00')"
says 1 "SET timestamp = UNIX_TIMESTAMP('2026-06-01 12:00:00');
    INSERT INTO proxy_ban (prefix, expires, source) VALUES ('1.2.3.4', '2026-06-01 12:00:01', 'soon');
    SELECT COUNT(*) FROM proxy_ban WHERE source = 'soon'"
refuses "ropp: expires in the past: 0000-00-00 00:00:00: $past" \
    "SET sql_mode = ''; INSERT INTO proxy_ban (prefix, expires) VALUES ('1.2.3.4', 'tomorrow')"
# An expired entry may linger and be changed, but not to another time in the past.
run "SET timestamp = UNIX_TIMESTAMP('2021-01-01'); DELETE FROM proxy_ban;
    INSERT INTO proxy_ban (prefix, expires) VALUES ('1.2.3.4', '2021-06-01 12:00:00')"
says 'typo|2021-06-01 12:00:00' "UPDATE proxy_ban SET reason = 'typo', expires = '2021-06-01 12:00:00';
    SELECT reason, expires FROM proxy_ban"
refuses "ropp: expires in the past: 2021-06-01 12:00:01: $past" "UPDATE proxy_ban SET expires = '2021-06-01 12:00:01'"
refuses "ropp: expires in the past: 2026-06-01 12:00:00: $past" "SET timestamp = UNIX_TIMESTAMP('2026-06-01 12:00:00');
    UPDATE proxy_ban SET expires = '2026-06-01 12:00:00'"
says 1 "SET timestamp = UNIX_TIMESTAMP('2026-06-01 12:00:00');
    UPDATE proxy_ban SET expires = '2026-06-01 12:00:01'; SELECT COUNT(*) FROM proxy_ban WHERE expires = '2026-06-01 12:00:01'"
says NULL 'UPDATE proxy_ban SET expires = NULL; SELECT expires FROM proxy_ban'
refuses "ropp: expires in the past: 2021-06-01 12:00:00: $past" "UPDATE proxy_ban SET expires = '2021-06-01 12:00:00'"
says 1 'UPDATE proxy_ban SET expires = NOW() + INTERVAL 1 DAY; SELECT COUNT(*) FROM proxy_ban WHERE expires > NOW()'

# Each session writes in its own time zone, and all mean the same moment.
says '1800000000|1800000000' "SET time_zone = '+09:00'; INSERT INTO proxy_ban (prefix, expires, source)
        VALUES ('1.2.3.4', '2027-01-15 17:00:00', 'zones'); SET time_zone = '-05:00';
    INSERT INTO proxy_ban (prefix, expires, source) VALUES ('1.2.3.4', '2027-01-15 03:00:00', 'zones');
    SELECT GROUP_CONCAT(UNIX_TIMESTAMP(expires) SEPARATOR '|') FROM proxy_ban WHERE source = 'zones'"
# 17:00 in Tokyo has passed while it is still the morning in New York.
refuses "ropp: expires in the past: 2027-01-15 17:00:00: $past" "SET timestamp = 1800000000, time_zone = '+09:00';
    INSERT INTO proxy_ban (prefix, expires) VALUES ('1.2.3.4', '2027-01-15 17:00:00')"
says 1 "SET timestamp = 1800000000, time_zone = '-05:00'; DELETE FROM proxy_ban;
    INSERT INTO proxy_ban (prefix, expires) VALUES ('1.2.3.4', '2027-01-15 17:00:00'); SELECT COUNT(*) FROM proxy_ban"

# The same prefix may be here twice; the texts may be in any language.
says '2|悪いボット' "DELETE FROM proxy_ban; INSERT INTO proxy_ban (prefix, reason) VALUES ('1.2.3.4', '悪いボット'), ('1.2.3.4', '悪いボット');
    SELECT COUNT(*), MAX(reason) FROM proxy_ban"
refuses "ropp: expires in the past: 0000-00-00 00:00:00: $past" "SET sql_mode = ''; UPDATE proxy_ban SET expires = 'tomorrow'"
