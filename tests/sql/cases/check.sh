# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# proxy_ban_check: which entry decides. Sourced.

# decides ADDRESS VERDICT [REASON]: the reason names the entry.
decides() {
    local got
    got=$(rows "CALL proxy_ban_check('$1')" | cut -d '|' -f 1,6)
    if [[ $got == "$2|${3-NULL}" ]]; then
        good
    else
        bad "CALL proxy_ban_check('$1'): says '$got' instead of '$2|${3-NULL}'"
    fi
}

decides 1.2.3.4 'not listed' # an empty table, and no ipbanlist
run "INSERT INTO proxy_ban (prefix, kind, reason, expires, source) VALUES
    ('10.0.0.0/8', 'ban', 'eight', NULL, 'droplist'),
    ('10.1.0.0/16', 'allow', 'sixteen', NULL, 'manual'),
    ('10.1.2.0/24', 'ban', 'twenty-four', NOW() + INTERVAL 1 DAY, 'other'),
    ('10.1.2.3', 'allow', 'one', NULL, 'manual'),
    ('10.2.0.0/16', 'ban', 'both, ban', NULL, 'manual'),
    ('10.2.0.0/16', 'allow', 'both, allow', NOW() + INTERVAL 1 DAY, 'manual'),
    ('10.3.0.0/16', 'ban', 'a week', NOW() + INTERVAL 7 DAY, 'manual'),
    ('10.3.0.0/16', 'ban', 'first for good', NULL, 'manual'),
    ('10.3.0.0/16', 'ban', 'second for good', NULL, 'manual'),
    ('10.4.0.0/16', 'ban', 'a day', NOW() + INTERVAL 1 DAY, 'manual'),
    ('10.4.0.0/16', 'ban', 'two days', NOW() + INTERVAL 2 DAY, 'manual'),
    ('2001:db8::/32', 'ban', 'thirty-two', NULL, 'manual'),
    ('2001:db8:1::/48', 'allow', 'forty-eight', NULL, 'manual'),
    ('2001:db8:1:1::7', 'ban', 'sixty-four', NULL, 'manual'),
    ('2001:db8:1:1::9/128', 'allow', 'one of six', NULL, 'manual'),
    ('0.0.0.0/1', 'allow', 'half the world', NULL, 'manual')"
decides 10.1.2.3 allowed one
decides 10.1.2.4 banned twenty-four
decides ::ffff:10.1.2.4 banned twenty-four
decides 10.1.3.4 allowed sixteen
decides 10.9.9.9 banned eight
decides 10.0.0.0 banned eight
decides 10.255.255.255 banned eight
decides 10.2.2.2 allowed 'both, allow'
decides 10.3.3.3 banned 'first for good'
decides 10.4.4.4 banned 'two days'
decides 11.0.0.0 allowed 'half the world'
decides 127.255.255.255 allowed 'half the world'
decides 128.0.0.0 'not listed'
decides 2001:db8::1 banned thirty-two
decides 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff banned thirty-two
decides 2001:db8:1::1 allowed forty-eight
decides 2001:db8:1:1::8 banned sixty-four
decides 2001:db8:1:1::9 allowed 'one of six'
decides 2001:db9:: 'not listed'
run "SET @ropp_wide = 1; INSERT INTO proxy_ban (prefix, reason) VALUES ('0.0.0.0/0', 'all of four'), ('::/0', 'all of six')"
decides 128.0.0.0 banned 'all of four'
decides 2001:db9:: banned 'all of six'
decides :: banned 'all of six'
run "DELETE FROM proxy_ban WHERE reason LIKE 'all of%'"

# What has expired does not count: the next shorter one decides.
run "SET timestamp = UNIX_TIMESTAMP() - 10; INSERT INTO proxy_ban (prefix, kind, reason, expires)
    VALUES ('10.1.2.4', 'allow', 'expired', NOW() + INTERVAL 5 SECOND), ('10.9.9.9', 'allow', 'not yet', NOW() + INTERVAL 1 HOUR)"
decides 10.1.2.4 banned twenty-four
decides 10.9.9.9 allowed 'not yet'
# The last second of an entry, and the first one without it.
expiry="(SELECT UNIX_TIMESTAMP(expires) FROM proxy_ban WHERE reason = 'not yet')"
begins 'allowed|' "SET timestamp = $expiry - 1; CALL proxy_ban_check('10.9.9.9')"
begins 'banned|' "SET timestamp = $expiry; CALL proxy_ban_check('10.9.9.9')"
begins 'banned|' "SET timestamp = $expiry, time_zone = '-11:00'; CALL proxy_ban_check('10.9.9.9')"
begins 'allowed|' "SET timestamp = $expiry - 1, time_zone = '+13:00'; CALL proxy_ban_check('10.9.9.9')"

run "UPDATE proxy_ban SET created = '2026-01-02 03:04:05', author = 'Alice' WHERE reason = 'eight'"
says 'banned|10.8.8.8|1|ban|10.0.0.0/8|eight|Alice|droplist|2026-01-02 03:04:05|NULL' "CALL proxy_ban_check('10.8.8.8')"

refuses 'ropp: no single address: 10.0.0.0/8: write it without a length' "CALL proxy_ban_check('10.0.0.0/8')"
refuses 'ropp: no address: NULL: write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7, and a prefix as ADDRESS/LENGTH' \
    'CALL proxy_ban_check(NULL)'
refuses 'ropp: no address: 10.0.0/32: write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7, and a prefix as ADDRESS/LENGTH' \
    "CALL proxy_ban_check('10.0.0')"

# ---- stand-ins: what the module's own arithmetic gives for 2001:db8:5::/64, ::/64 and ffff:...::/64 ----

says '241.1.191.135|240.0.0.0|246.75.87.32|241.139.140.6' "CALL proxy_standin(0x20010db800050000, @a); CALL proxy_standin(0, @b); CALL proxy_standin(0xffffffffffffffff, @c);
    CALL proxy_standin(0x123456789abcdef0, @d); SELECT INET_NTOA(@a), INET_NTOA(@b), INET_NTOA(@c), INET_NTOA(@d)"
# The network whose stand-in would be the broadcast address.
says '255.255.255.254' "CALL proxy_standin(0xfdec40cb6536de9f, @a); SELECT INET_NTOA(@a)"
standin=241.1.191.135
decides 2001:db8:5::1 banned thirty-two
run "INSERT INTO proxy_ban (prefix, kind, reason) VALUES ('$standin', 'allow', 'stand-in')"
decides 2001:db8:5::1 allowed stand-in
decides 2001:db8:5:0:ffff::1 allowed stand-in
decides 2001:db8:5:1::1 banned thirty-two
decides "$standin" allowed stand-in
run "INSERT INTO proxy_ban (prefix, kind, reason) VALUES ('2001:db8:5::1/128', 'ban', 'longer')"
decides 2001:db8:5::1 banned longer
decides 2001:db8:5::2 allowed stand-in
# It counts as a /64: an allowance for the /64 itself comes before a ban of the stand-in.
run "UPDATE proxy_ban SET kind = 'ban' WHERE reason = 'stand-in';
    INSERT INTO proxy_ban (prefix, kind, reason) VALUES ('2001:db8:5::/64', 'allow', 'the /64')"
decides 2001:db8:5::2 allowed 'the /64'
run "DELETE FROM proxy_ban WHERE reason = 'the /64'"
decides 2001:db8:5::2 banned stand-in
# Prefixes around a stand-in reach nobody.
run "DELETE FROM proxy_ban WHERE reason IN ('stand-in', 'longer'); INSERT INTO proxy_ban (prefix, kind, reason) VALUES
    ('240.0.0.0/4', 'allow', 'unroutable'), ('${standin%.*}.0/24', 'allow', 'unroutable')"
decides 2001:db8:5::1 banned thirty-two
decides "$standin" 'not listed'



# ---- the emulator's own list ----

run "CREATE TABLE ipbanlist (list VARCHAR(15) NOT NULL DEFAULT '', btime DATETIME NOT NULL, rtime DATETIME NOT NULL,
    reason VARCHAR(255) NOT NULL DEFAULT '', PRIMARY KEY (list, btime)) CHARACTER SET latin1;
    INSERT INTO ipbanlist (list, btime, rtime, reason) VALUES
    ('200.1.2.3', NOW(), NOW() + INTERVAL 1 DAY, 'old 32'),
    ('200.1.2.*', NOW(), NOW() + INTERVAL 1 DAY, 'old 24'),
    ('200.1.*.*', NOW(), NOW() + INTERVAL 1 DAY, 'old 16'),
    ('200.*.*.*', NOW(), NOW() + INTERVAL 1 DAY, 'old 8'),
    ('*.*.*.*', NOW(), NOW() + INTERVAL 1 DAY, 'never matches'),
    ('', NOW(), NOW() + INTERVAL 1 DAY, 'never matches'),
    ('201.1.*', NOW(), NOW() + INTERVAL 1 DAY, 'never matches'),
    ('201.1.2.4', NOW() - INTERVAL 2 DAY, NOW() - INTERVAL 1 DAY, 'over'),
    ('10.1.2.3', NOW(), NOW() + INTERVAL 1 DAY, 'old, as long as one'),
    ('10.1.2.*', NOW(), NOW() + INTERVAL 2 DAY, 'old, stays longer'),
    ('10.3.*.*', NOW(), NOW() + INTERVAL 2 DAY, 'old, does not stay longer'),
    ('10.5.5.*', NOW(), NOW() + INTERVAL 2 DAY, 'old, longer prefix'),
    ('$standin', NOW(), NOW() + INTERVAL 2 DAY, 'old stand-in'),
    ('10.2.*.*', NOW(), NOW() + INTERVAL 2 DAY, 'old, stays longer than the allowance'),
    ('${standin%.*}.*', NOW(), NOW() + INTERVAL 2 DAY, 'around a stand-in'),
    ('${standin%%.*}.*.*.*', NOW(), NOW() + INTERVAL 2 DAY, 'around a stand-in')"
decides 200.1.2.3 banned 'old 32'
decides 200.1.2.4 banned 'old 24'
decides 200.1.3.4 banned 'old 16'
decides 200.2.3.4 banned 'old 8'
decides 201.1.2.3 'not listed'
decides 201.1.2.4 'not listed'
decides 10.1.2.3 allowed one
decides 10.1.2.4 banned twenty-four # proxy_ban decides, whatever is in ipbanlist
decides 10.2.2.2 allowed 'both, allow'
decides 10.3.3.3 banned 'first for good'
decides 10.5.5.5 banned eight
decides 10.5.6.5 banned eight
decides 2001:db8:5::1 banned thirty-two
decides 2001:db8:5:1::1 banned thirty-two
decides "$standin" banned 'old stand-in'
says "banned|200.1.2.4|NULL|ban|200.1.2.*|old 24||ipbanlist|$(rows "SELECT btime, rtime FROM ipbanlist WHERE reason = 'old 24'")" \
    "CALL proxy_ban_check('200.1.2.4')"
run 'ALTER TABLE ipbanlist CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci'
decides 200.1.2.4 banned 'old 24'
run "DELETE FROM ipbanlist WHERE list = '$standin'"
decides 2001:db8:5::1 banned thirty-two
decides "$standin" 'no new logins' 'around a stand-in' # in the emulator's own check alone

# What the emulator wrote itself refuses new logins; what its reason is, the servers know.
run "INSERT INTO ipbanlist (list, btime, rtime, reason) VALUES
    ('202.1.2.*', NOW(), NOW() + INTERVAL 5 MINUTE, 'Password error ban'),
    ('202.1.3.*', NOW(), NOW() + INTERVAL 5 MINUTE, 'Contraseña \"mala\"'),
    ('202.1.*.*', NOW(), NOW() + INTERVAL 5 MINUTE, 'Password error ban'), ('202.1.4.*', NOW(), NOW() + INTERVAL 1 DAY, 'panel')"
decides 202.1.2.3 'no new logins' 'Password error ban'
decides 202.1.3.3 banned 'Contraseña "mala"'
decides 202.1.4.3 banned panel
run "INSERT INTO proxy_status (server, host, port, login_only) VALUES
    ('login', 'a', 6900, '[\"Password error ban\"]'), ('map', 'a', 5121, '[\"Contraseña \\\\\"mala\\\\\"\", \"x\"]')"
decides 202.1.3.3 'no new logins' 'Contraseña "mala"'
run "INSERT INTO proxy_ban (prefix, kind, reason) VALUES ('202.1.2.3', 'allow', 'a friend')"
decides 202.1.2.3 allowed 'a friend'
run "DELETE FROM proxy_status"
