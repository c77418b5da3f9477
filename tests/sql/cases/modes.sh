# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sessions and databases that are set otherwise. Sourced.

# A few of everything: a row, a change, a refusal, the procedures.
everything() {
    says '1.2.3.0/24|24' "$1 INSERT INTO proxy_ban (prefix, reason) VALUES ('::ffff:1.2.3.0/120', 'é');
        SELECT prefix, prefix_length FROM proxy_ban WHERE id = LAST_INSERT_ID()"
    says '2001:db8:0:1:1:1:1:1/128' "$1 INSERT INTO proxy_ban (prefix) VALUES ('2001:DB8:0:1:1:1:1:1/128');
        SELECT prefix FROM proxy_ban WHERE id = LAST_INSERT_ID()"
    refuses 'ropp: no address: 1.2.3: write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7, and a prefix as ADDRESS/LENGTH' \
        "$1 INSERT INTO proxy_ban (prefix) VALUES ('1.2.3')"
    refuses 'ropp: bad length of a prefix: ::/x: write it behind the slash as a plain number, at most 32 for IPv4 and 128 for IPv6' \
        "$1 INSERT INTO proxy_ban (prefix) VALUES ('::/x')"
    refuses 'ropp: bad length of a prefix: 1.2.3.0/x: write it behind the slash as a plain number, at most 32 for IPv4 and 128 for IPv6' \
        "$1 UPDATE proxy_ban SET prefix = '1.2.3.0/x'"
    refuses 'ropp: expires in the past: 2020-01-01 00:00:00: write a later time, or NULL for never' \
        "$1 INSERT INTO proxy_ban (prefix, expires) VALUES ('1.2.3.4', '2020-01-01 00:00:00')"
    refuses 'ropp: bad name of a source: a b: write letters, digits, dots, dashes and underscores' \
        "$1 INSERT INTO proxy_ban (prefix, source) VALUES ('1.2.3.4', 'a b')"
    says '5.5.5.0/24|é' "$1 SET @ropp_author = 'Zoë'; CALL proxy_ban_add('5.5.5.0/24', '2 weeks', 'é');
        SELECT prefix, reason FROM proxy_ban ORDER BY id DESC LIMIT 1"
    says 'add|Zoë' 'SELECT action, author FROM proxy_ban_history ORDER BY id DESC LIMIT 1'
    refuses 'ropp: no duration: ever: write 30 minutes, 12 hours, 7 days, 2 weeks, never or a time like 2026-12-31 23:59:59' \
        "$1 CALL proxy_ban_add('5.5.5.0/24', 'ever', '')"
    says 1 "$1 CALL proxy_ban_del('5.5.5.0/24'); SELECT COUNT(*) = 0 FROM proxy_ban WHERE prefix = '5.5.5.0/24'"
    begins 'banned|1.2.3.4|' "$1 CALL proxy_ban_check('1.2.3.4')"
    says 0 "$1 DELETE FROM proxy_ban; SELECT COUNT(*) FROM proxy_ban"
}

for mode in '' ANSI_QUOTES STRICT_ALL_TABLES ANSI,TRADITIONAL,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT NO_ZERO_DATE,STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY; do
    everything "SET sql_mode = '$mode';"
done
everything 'SET NAMES utf8mb4 COLLATE utf8mb4_unicode_520_ci;'
everything 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;'

# Databases of another character set and collation, and a client of another when the tables were made.
for charset in 'latin1' 'utf8mb3' 'utf8mb4 COLLATE utf8mb4_unicode_ci' 'utf8mb4 COLLATE utf8mb4_bin' 'ucs2'; do
    fresh "modes_${charset//[^a-z0-9]/_}" "CHARACTER SET $charset"
    everything ''
    run "CREATE TABLE ipbanlist (list VARCHAR(15) NOT NULL, btime DATETIME NOT NULL, rtime DATETIME NOT NULL, reason VARCHAR(255) NOT NULL);
        INSERT INTO ipbanlist VALUES ('200.1.*.*', NOW(), NOW() + INTERVAL 1 DAY, 'é')"
    begins 'banned|200.1.2.3|NULL|ban|200.1.*.*|é|' "CALL proxy_ban_check('200.1.2.3')"
done
mariadb_client --default-character-set=latin1 "$db" <"$top/sql/install.sql"
everything ''

# The table is named in full, from another database or from none.
says '6.6.6.6/32' "USE mysql; INSERT INTO $db.proxy_ban (prefix) VALUES ('6.6.6.6'); CALL $db.proxy_ban_allow('7.7.7.7', NULL, NULL);
    SELECT prefix FROM $db.proxy_ban ORDER BY id LIMIT 1"
begins 'banned|200.1.2.3|NULL|ban|' "USE mysql; CALL $db.proxy_ban_check('200.1.2.3')"
