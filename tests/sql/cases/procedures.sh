# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# proxy_ban_add, proxy_ban_allow, proxy_ban_del. Sourced.

at="SET timestamp = 1800000000; " # 2027-01-15 08:00:00 UTC
last='SELECT kind, prefix, reason, author, source, UNIX_TIMESTAMP(expires) - 1800000000 FROM proxy_ban ORDER BY id DESC LIMIT 1'

# lasts DURATION SECONDS
lasts() {
    says "$2" "$at CALL proxy_ban_add('1.2.3.4', $1, 'x');
        SELECT UNIX_TIMESTAMP(expires) - 1800000000 FROM proxy_ban ORDER BY id DESC LIMIT 1"
}

says 'ban|203.0.113.0/24|bots|root@localhost|manual|604800' "$at CALL proxy_ban_add('203.0.113.0/24', '7 days', 'bots'); $last"
says 'allow|203.0.113.7/32|the office|root@localhost|manual|NULL' "$at CALL proxy_ban_allow('203.0.113.7', 'never', 'the office'); $last"
says 'ban|2001:db8::/64||Alice|manual|NULL' "$at SET @ropp_author = 'Alice'; CALL proxy_ban_add('2001:DB8::7', NULL, NULL); $last"
says 'add|Alice' 'SELECT action, author FROM proxy_ban_history ORDER BY id DESC LIMIT 1'
says 3 "SELECT version FROM proxy_source WHERE name = 'manual'"
lasts "'30 minutes'" 1800
lasts "'1 minute'" 60
lasts "'12 hours'" 43200
lasts "'2 weeks'" 1209600
lasts "'90 seconds'" 90
lasts "'1 month'" 2592000
lasts "'1 YEAR'" 31536000
lasts "' 7  days '" 604800
lasts "'7days'" 604800
lasts "''" NULL
lasts "'Never'" NULL
lasts 'NULL' NULL
# The server's zone is CET, an hour before UTC.
lasts "'2027-01-15 10:00:00'" 3600
lasts "'2027-01-15 10:00'" 3600
lasts "'2027-01-16'" 54000
says 3600 "$at SET time_zone = '+09:00'; CALL proxy_ban_add('1.2.3.4', '2027-01-15 18:00:00', '');
    SELECT UNIX_TIMESTAMP(expires) - 1800000000 FROM proxy_ban ORDER BY id DESC LIMIT 1"
# In the night in which 02:50 comes twice, thirty minutes are thirty minutes. 2026-10-25 00:50:00 UTC is the first of the two.
says 1800 "SET timestamp = 1792889400; CALL proxy_ban_add('1.2.3.4', '30 minutes', '');
    SELECT UNIX_TIMESTAMP(expires) - 1792889400 FROM proxy_ban ORDER BY id DESC LIMIT 1"
says '02:50:00' "SET timestamp = 1792889400; SELECT TIME(NOW())" # or the check above would look at nothing

what='write 30 minutes, 12 hours, 7 days, 2 weeks, never or a time like 2026-12-31 23:59:59'
for duration in soon 7 days '7 day ago' '-7 days' '7.5 days' '1 fortnight' '1e3 days' '9999999999 days' 2027-02-30 2027-13-01 \
    '2027-01-16 25:00:00' '2027-1-16' 2027-01-16T10:00:00 '7 days; 1 day' '７ days'; do
    refuses "ropp: no duration: $duration: $what" "$at CALL proxy_ban_add('1.2.3.4', '$duration', '')"
done
refuses 'ropp: ends after 2038-01-19: 100 years: write an earlier time, or never' "$at CALL proxy_ban_add('1.2.3.4', '100 years', '')"
refuses 'ropp: ends after 2038-01-19: 999999999 years: write an earlier time, or never' \
    "$at CALL proxy_ban_add('1.2.3.4', '999999999 years', '')"
refuses 'ropp: ends after 2038-01-19: 2099-12-31: write an earlier time, or never' "$at CALL proxy_ban_add('1.2.3.4', '2099-12-31', '')"
refuses 'ropp: expires in the past: 2027-01-15 08:00:00: write a later time, or NULL for never' \
    "$at CALL proxy_ban_add('1.2.3.4', '0 days', '')"
refuses 'ropp: expires in the past: 2019-12-31 23:00:00: write a later time, or NULL for never' \
    "$at CALL proxy_ban_add('1.2.3.4', '2020-01-01', '')"
refuses 'ropp: bits are set after the prefix: 1.2.3.4/24: write 192.0.2.0/24, not 192.0.2.7/24, or drop the length to mean the one address' \
    "CALL proxy_ban_add('1.2.3.4/24', '7 days', 'bots')"
refuses 'ropp: no address: NULL: write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7, and a prefix as ADDRESS/LENGTH' \
    'CALL proxy_ban_add(NULL, NULL, NULL)'
# The session's own settings are as they were.
says '+09:00|ANSI_QUOTES' "SET time_zone = '+09:00', sql_mode = 'ANSI_QUOTES'; CALL proxy_ban_add('1.2.3.4', NULL, NULL);
    SELECT @@time_zone, @@sql_mode"

# ---- taking back ----

run "DELETE FROM proxy_ban; INSERT INTO proxy_ban (prefix, source, kind) VALUES ('5.5.5.0/24', 'manual', 'ban'), ('5.5.5.0/24', 'manual', 'allow'),
    ('5.5.5.0/24', 'droplist', 'ban'), ('5.5.5.0/25', 'manual', 'ban'), ('5.5.5.0', 'manual', 'ban'), ('2001:db8::/64', 'manual', 'ban')"
says 'ban|5.5.5.0/24|droplist
ban|5.5.5.0/25|manual
ban|5.5.5.0/32|manual
ban|2001:db8::/64|manual' "CALL proxy_ban_del('::ffff:5.5.5.0/120'); SELECT kind, prefix, source FROM proxy_ban ORDER BY id"
says delete 'SELECT action FROM proxy_ban_history ORDER BY id DESC LIMIT 1'
refuses 'ropp: no manual entry has this prefix: 5.5.5.0/24: CALL proxy_ban_check(an address) names the entry that decides' \
    "CALL proxy_ban_del('5.5.5.0/24')"
says '5.5.5.0/24|5.5.5.0/25|2001:db8::/64' "CALL proxy_ban_del('5.5.5.0');
    SELECT GROUP_CONCAT(prefix ORDER BY id SEPARATOR '|') FROM proxy_ban"
says '5.5.5.0/24|5.5.5.0/25' "CALL proxy_ban_del('2001:db8::1234'); SELECT GROUP_CONCAT(prefix ORDER BY id SEPARATOR '|') FROM proxy_ban"
refuses 'ropp: no address: all: write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7, and a prefix as ADDRESS/LENGTH' \
    "CALL proxy_ban_del('all')"
