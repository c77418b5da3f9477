# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Versions of the lists, and who did what. Sourced.

versions() { # NAME VERSION ...
    local wanted
    wanted=$(printf '%s|%s\n' "$@")
    says "$wanted" 'SELECT name, version FROM proxy_source ORDER BY name'
}
last_history='SELECT action, ban_id, kind, prefix, reason, author, source, expires, user, entries FROM proxy_ban_history ORDER BY id DESC LIMIT 1'

versions manual 0
run "INSERT INTO proxy_ban (prefix, reason) VALUES ('1.2.3.4', 'bots')"
versions manual 1
says 'add|1|ban|1.2.3.4/32|bots|root@localhost|manual|NULL|root@localhost|NULL' "$last_history"
says 'root@localhost|NULL' "SELECT author, entries FROM proxy_source WHERE name = 'manual'"
run "INSERT INTO proxy_ban (prefix, author, kind, expires) VALUES ('2001:db8::/32', 'panel', 'allow', '2037-01-01')"
versions manual 2
says 'add|2|allow|2001:db8::/32||panel|manual|2037-01-01 00:00:00|root@localhost|NULL' "$last_history"
says panel "SELECT author FROM proxy_source WHERE name = 'manual'"
run "SET @ropp_author = 'Alice'; UPDATE proxy_ban SET reason = 'more bots' WHERE id = 1"
versions manual 3
says 'change|1|ban|1.2.3.4/32|more bots|Alice|manual|NULL|root@localhost|NULL' "$last_history"
run "SET @ropp_author = 'Alice'; INSERT INTO proxy_ban (prefix, author) VALUES ('5.5.5.5', 'panel')"
says 'add|3|ban|5.5.5.5/32||Alice|manual|NULL|root@localhost|NULL' "$last_history"
run "SET @ropp_author = ''; UPDATE proxy_ban SET kind = 'allow' WHERE id = 3"
says 'change|3|allow|5.5.5.5/32||root@localhost|manual|NULL|root@localhost|NULL' "$last_history"
versions manual 5
# A list that an entry leaves has changed as well as the one it comes to.
run "UPDATE proxy_ban SET source = 'other' WHERE id = 3"
versions manual 6 other 1
says 'change|3|allow|5.5.5.5/32||root@localhost|other|NULL|root@localhost|NULL' "$last_history"
run "SET @ropp_author = 'Bob'; DELETE FROM proxy_ban WHERE id = 3"
versions manual 6 other 2
says 'delete|3|allow|5.5.5.5/32||Bob|other|NULL|root@localhost|NULL' "$last_history"
run "INSERT INTO proxy_ban (prefix) VALUES ('6.6.6.1'), ('6.6.6.2'), ('6.6.6.3')"
versions manual 9 other 2
run "REPLACE INTO proxy_ban (id, prefix) VALUES (1, '7.7.7.7')"
says 1 "SELECT version > 9 FROM proxy_source WHERE name = 'manual'"
says '1|7.7.7.7/32' "SELECT ban_id, prefix FROM proxy_ban_history ORDER BY id DESC LIMIT 1"
# What is refused or taken back leaves no trace.
before=$(rows 'SELECT SUM(version), (SELECT COUNT(*) FROM proxy_ban_history) FROM proxy_source')
refuses '*: nonsense: write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7, and a prefix as ADDRESS/LENGTH' \
    "INSERT INTO proxy_ban (prefix) VALUES ('8.8.8.8'), ('nonsense')"
run "START TRANSACTION; INSERT INTO proxy_ban (prefix) VALUES ('8.8.8.8'); DELETE FROM proxy_ban; ROLLBACK"
says "$before" 'SELECT SUM(version), (SELECT COUNT(*) FROM proxy_ban_history) FROM proxy_source'
# An author longer than the column, and one in another collation.
says "$(printf 'a%.0s' {1..64})" "SET @ropp_author = REPEAT('a', 300); INSERT INTO proxy_ban (prefix) VALUES ('9.9.9.9');
    SELECT author FROM proxy_ban_history ORDER BY id DESC LIMIT 1"
# What fits into an entry fits into its history.
says '64|64|255' "INSERT INTO proxy_ban (prefix, source, author, reason)
        VALUES ('9.9.9.9', REPEAT('s', 64), REPEAT('a', 64), REPEAT('r', 255));
    SELECT LENGTH(source), LENGTH(author), LENGTH(reason) FROM proxy_ban_history ORDER BY id DESC LIMIT 1"
says 'Zoë' "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_520_ci; SET @ropp_author = 'Zoë';
    INSERT INTO proxy_ban (prefix, author) VALUES ('9.9.9.9', 'panel'); SELECT author FROM proxy_ban_history ORDER BY id DESC LIMIT 1"

# ---- bulk ----

before=$(rows 'SELECT SUM(version), (SELECT COUNT(*) FROM proxy_ban_history) FROM proxy_source')
run "SET @ropp_bulk = 1; INSERT INTO proxy_ban (prefix, source) VALUES ('10.0.0.0/8', 'bulk'); UPDATE proxy_ban SET reason = 'x';
    UPDATE proxy_ban SET source = 'bulk2'; DELETE FROM proxy_ban WHERE prefix = '10.0.0.0/8'"
run "SET @ropp_bulk = '1'; DELETE FROM proxy_ban"
says "$before" 'SELECT SUM(version), (SELECT COUNT(*) FROM proxy_ban_history) FROM proxy_source'
for bulk in 0 NULL "''" "'x'" "'10'" 2 -1 1.5; do
    says 1 "SET @before = (SELECT version FROM proxy_source WHERE name = 'manual'); SET sql_mode = 'STRICT_ALL_TABLES';
        SET @ropp_bulk = $bulk; INSERT INTO proxy_ban (prefix) VALUES ('1.1.1.1');
        SELECT version - @before FROM proxy_source WHERE name = 'manual'"
done
