# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What a writer may give as a prefix, what it becomes, and what is refused. Sourced.

say_address='write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7, and a prefix as ADDRESS/LENGTH'
say_length='write it behind the slash as a plain number, at most 32 for IPv4 and 128 for IPv6'
say_bits='write 192.0.2.0/24, not 192.0.2.7/24, or drop the length to mean the one address'
say_bits_ipv6='write 2001:db8::/32, not 2001:db8::7/32, or drop the length to mean the /64 of the address'

# becomes GIVEN PREFIX FAMILY START END
becomes() {
    says "$2|${2#*/}|$3|$4|$5" "SET @ropp_wide = 1; INSERT INTO proxy_ban (prefix) VALUES ('$1');
        SELECT prefix, prefix_length, family, range_start, range_end FROM proxy_ban WHERE id = LAST_INSERT_ID()"
}

becomes 1.2.3.4 1.2.3.4/32 4 ::ffff:1.2.3.4 ::ffff:1.2.3.4
becomes 1.2.3.4/32 1.2.3.4/32 4 ::ffff:1.2.3.4 ::ffff:1.2.3.4
becomes 1.2.3.0/24 1.2.3.0/24 4 ::ffff:1.2.3.0 ::ffff:1.2.3.255
becomes 1.2.3.128/25 1.2.3.128/25 4 ::ffff:1.2.3.128 ::ffff:1.2.3.255
becomes 10.0.0.0/8 10.0.0.0/8 4 ::ffff:10.0.0.0 ::ffff:10.255.255.255
becomes 128.0.0.0/1 128.0.0.0/1 4 ::ffff:128.0.0.0 ::ffff:255.255.255.255
becomes 0.0.0.0/0 0.0.0.0/0 4 ::ffff:0.0.0.0 ::ffff:255.255.255.255
becomes 0.0.0.0 0.0.0.0/32 4 ::ffff:0.0.0.0 ::ffff:0.0.0.0
becomes 255.255.255.255 255.255.255.255/32 4 ::ffff:255.255.255.255 ::ffff:255.255.255.255
becomes ::ffff:1.2.3.4 1.2.3.4/32 4 ::ffff:1.2.3.4 ::ffff:1.2.3.4
becomes ::FFFF:102:304/128 1.2.3.4/32 4 ::ffff:1.2.3.4 ::ffff:1.2.3.4
becomes ::ffff:1.2.3.0/120 1.2.3.0/24 4 ::ffff:1.2.3.0 ::ffff:1.2.3.255
becomes ::ffff:0:0/96 0.0.0.0/0 4 ::ffff:0.0.0.0 ::ffff:255.255.255.255
# NAT64 is IPv4 to the servers, as soon as the prefix names nothing else.
becomes 64:ff9b::1.2.3.4 1.2.3.4/32 4 ::ffff:1.2.3.4 ::ffff:1.2.3.4
becomes 64:FF9B::102:304/128 1.2.3.4/32 4 ::ffff:1.2.3.4 ::ffff:1.2.3.4
becomes 64:ff9b::1.2.3.0/120 1.2.3.0/24 4 ::ffff:1.2.3.0 ::ffff:1.2.3.255
becomes 64:ff9b::/96 0.0.0.0/0 4 ::ffff:0.0.0.0 ::ffff:255.255.255.255
becomes 64:ff9b::/95 64:ff9b::/95 6 64:ff9b:: 64:ff9b::1:ffff:ffff
becomes 64:ff9b::1:0:0/96 64:ff9b::1:0:0/96 6 64:ff9b::1:0:0 64:ff9b::1:ffff:ffff
becomes 64:ff9b:1::/96 64:ff9b:1::/96 6 64:ff9b:1:: 64:ff9b:1::ffff:ffff
becomes 2001:db8::7 2001:db8::/64 6 2001:db8:: 2001:db8::ffff:ffff:ffff:ffff
becomes 2001:DB8:0:0:A::7/128 2001:db8::a:0:0:7/128 6 2001:db8::a:0:0:7 2001:db8::a:0:0:7
becomes 2001:0db8:0000::/48 2001:db8::/48 6 2001:db8:: 2001:db8::ffff:ffff:ffff:ffff:ffff
becomes 2001:db8::/65 2001:db8::/65 6 2001:db8:: 2001:db8::7fff:ffff:ffff:ffff
becomes 2001:db8::/63 2001:db8::/63 6 2001:db8:: 2001:db8::1:ffff:ffff:ffff:ffff
becomes 8000::/1 8000::/1 6 8000:: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
becomes ::/0 ::/0 6 :: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
becomes ::1 ::/64 6 :: ::ffff:ffff:ffff:ffff
becomes ::1/128 ::1/128 6 ::1 ::1
# MariaDB's own text of these is not that of RFC 5952.
becomes ::1.2.3.4/128 ::102:304/128 6 ::1.2.3.4 ::1.2.3.4
becomes ::1:0/112 ::1:0/112 6 ::0.1.0.0 ::0.1.255.255
becomes 2001:db8:0:1:1:1:1:1/128 2001:db8:0:1:1:1:1:1/128 6 2001:db8::1:1:1:1:1 2001:db8::1:1:1:1:1
becomes 0:1:2:3:4:5:6:7/128 0:1:2:3:4:5:6:7/128 6 ::1:2:3:4:5:6:7 ::1:2:3:4:5:6:7
becomes 1:2:3:4:5:6:7:0/128 1:2:3:4:5:6:7:0/128 6 1:2:3:4:5:6:7:: 1:2:3:4:5:6:7::
becomes 1:0:0:4:0:0:7:8/128 1::4:0:0:7:8/128 6 1::4:0:0:7:8 1::4:0:0:7:8
becomes 1:2:3:4:5:6:1.2.3.4/128 1:2:3:4:5:6:102:304/128 6 1:2:3:4:5:6:102:304 1:2:3:4:5:6:102:304
becomes ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128 6 \
    ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff

# Every length of both families, against the arithmetic of the shell.
all_lengths() {
    local length mask
    for ((length = 0; length <= 32; length++)); do
        mask=$(((0xffffffff << (32 - length)) & 0xffffffff))
        printf "(%d, '%d.%d.%d.%d/%d', %d, %d),\n" "$length" "$((mask >> 24))" "$((mask >> 16 & 255))" \
            "$((mask >> 8 & 255))" "$((mask & 255))" "$length" "$mask" "$((0xffffffff))"
    done
}
run "SET @ropp_wide = 1; CREATE TABLE wanted (length INT, prefix VARCHAR(64), first BIGINT, last BIGINT)
    COLLATE utf8mb4_general_ci;
    INSERT INTO wanted VALUES $(all_lengths) (NULL, '', 0, 0); DELETE FROM wanted WHERE length IS NULL;
    INSERT INTO proxy_ban (prefix, source) SELECT prefix, 'lengths' FROM wanted"
says '33' "SELECT COUNT(*) FROM wanted w JOIN proxy_ban b USING (prefix) WHERE b.source = 'lengths' AND b.prefix_length = w.length
    AND b.range_start = CONCAT('::ffff:', INET_NTOA(w.first)) AND b.range_end = CONCAT('::ffff:', INET_NTOA(w.last))"
run "SET @ropp_wide = 1; INSERT INTO proxy_ban (prefix, source)
    WITH RECURSIVE n (bits) AS (SELECT 0 UNION ALL SELECT bits + 1 FROM n WHERE bits < 128)
    SELECT CONCAT(INET6_NTOA(UNHEX(CONCAT(REPEAT('F', bits DIV 4), IF(bits = 128, '',
        SUBSTRING('08CE', bits MOD 4 + 1, 1)), REPEAT('0', 31 - bits DIV 4)))), '/', bits), 'lengths6' FROM n"
says '129|129' "SELECT COUNT(*), SUM(range_end = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')
    FROM proxy_ban WHERE source = 'lengths6' AND family = 6"

no_address() { # GIVEN
    refuses "ropp: no address: $1: $say_address" \
        "INSERT INTO proxy_ban (prefix) VALUES ('$1')"
}
for given in '' 1.2.3 1.2.3.4.5 1.2.3.256 ' 1.2.3.4' '1.2.3.4 ' 1.2.3.04 01.2.3.4 1.2.3.0x4 -1.2.3.4 +1.2.3.4 1.2.3. 16909060 \
    /24 1.2.3/24 '1.2.3.0 /24' '1.2.3.*' 1.2.3.4-1.2.3.9 localhost ::g : ::: 1::2::3 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 00001:: \
    '[::1]' fe80::1%eth0 ' ::1' '::1 ' ::1.2.3 ::1.2.3.04 ::01.2.3.4 ::ffff:1.2.3.4.5 1.2.3.4:: '１.2.3.4' 'é'; do
    no_address "$given"
done
refuses "ropp: no address: 1.2.3.4?: $say_address" \
    "INSERT INTO proxy_ban (prefix) VALUES (CONCAT('1.2.3.4', CHAR(0)))"
refuses "ropp: no address: ::1?: $say_address" \
    "INSERT INTO proxy_ban (prefix) VALUES (CONCAT('::1', CHAR(0)))"
refuses "ropp: no address: NULL: $say_address" \
    'INSERT INTO proxy_ban (prefix) VALUES (NULL)'
refuses "ropp: no address: : $say_address" \
    "INSERT INTO proxy_ban (reason) VALUES ('no prefix at all')"

for given in 1.2.3.4/33 1.2.3.4/-1 1.2.3.4/ 1.2.3.0/024 1.2.3.0/24/8 '1.2.3.0/ 24' '1.2.3.0/24 ' 1.2.3.0/2,24 1.2.3.0/+24 \
    1.2.3.0/24.0 1.2.3.0/255.255.255.0 1.2.3.0/99999999999 1.2.3.0/１ ::/129 ::/ ::/-1 ::/064 ::/1e1 '::/64 ' ::/64/64 ::/999; do
    refuses "ropp: bad length of a prefix: $given: $say_length" \
        "INSERT INTO proxy_ban (prefix) VALUES ('$given')"
done
refuses "ropp: bad length of a prefix: ::/64?: $say_length" \
    "INSERT INTO proxy_ban (prefix) VALUES (CONCAT('::/64', CHAR(10)))"

for given in 1.2.3.4/24 1.2.3.1/31 128.0.0.0/0 1.2.3.4/29; do
    refuses "ropp: bits are set after the prefix: $given: $say_bits" \
        "INSERT INTO proxy_ban (prefix) VALUES ('$given')"
done
for given in 2001:db8::7/32 2001:db8::1/127 8000::/0 2001:db8:0:0:8000::/64 ::ffff:1.2.3.4/120 ::ffff:0:0/95 ::ffff:1.2.3.4/0; do
    refuses "ropp: bits are set after the prefix: $given: $say_bits_ipv6" \
        "INSERT INTO proxy_ban (prefix) VALUES ('$given')"
done

# Too long for the column: MariaDB says so itself in strict mode, and the table when it has been cut off.
refuses "Data too long for column 'prefix' at row 1" \
    "SET sql_mode = 'STRICT_TRANS_TABLES'; INSERT INTO proxy_ban (prefix) VALUES (REPEAT('1', 300))"
cut_off=$(printf '1%.0s' {1..64})
refuses "ropp: no address: $cut_off: $say_address" "SET sql_mode = ''; INSERT INTO proxy_ban (prefix) VALUES (REPEAT('1', 300))"
refuses "ropp: bad length of a prefix: 1.2.3.0/24$(printf '0%.0s' {1..54}): $say_length" \
    "SET sql_mode = ''; INSERT INTO proxy_ban (prefix) VALUES (CONCAT('1.2.3.0/24', REPEAT('0', 290)))"

# Nothing a writer says about the derived columns counts.
says '1.2.3.0/24|::ffff:1.2.3.0|::ffff:1.2.3.255|24|4' "INSERT INTO proxy_ban (prefix, range_start, range_end, prefix_length, family)
    VALUES ('1.2.3.0/24', '::', '::5', 7, 6); SELECT prefix, range_start, range_end, prefix_length, family FROM proxy_ban
    WHERE id = LAST_INSERT_ID()"
says '1.2.3.0/24|::ffff:1.2.3.0|::ffff:1.2.3.255|24|4' "INSERT INTO proxy_ban (prefix) VALUES ('1.2.3.0/24');
    UPDATE proxy_ban SET range_start = '::', range_end = '::5', prefix_length = 7, family = 6 WHERE id = LAST_INSERT_ID();
    SELECT prefix, range_start, range_end, prefix_length, family FROM proxy_ban WHERE id = LAST_INSERT_ID()"
says '2001:db8::/48|2001:db8::|2001:db8::ffff:ffff:ffff:ffff:ffff|48|6' "INSERT INTO proxy_ban (prefix) VALUES ('1.2.3.0/24');
    UPDATE proxy_ban SET prefix = '2001:DB8:0::/48' WHERE id = LAST_INSERT_ID();
    SELECT prefix, range_start, range_end, prefix_length, family FROM proxy_ban WHERE id = LAST_INSERT_ID()"
refuses "ropp: bits are set after the prefix: 1.2.3.4/24: $say_bits" \
    "UPDATE proxy_ban SET prefix = '1.2.3.4/24'"
refuses "ropp: no address: nonsense: $say_address" \
    "INSERT INTO proxy_ban (id, prefix) VALUES (1, '1.2.3.4') ON DUPLICATE KEY UPDATE prefix = 'nonsense'"
refuses "ropp: no address: nonsense: $say_address" \
    "REPLACE INTO proxy_ban (id, prefix) VALUES (1, 'nonsense')"
refuses "ropp: no address: nonsense: $say_address" \
    "INSERT IGNORE INTO proxy_ban (prefix) VALUES ('nonsense')"
refuses "ropp: no address: nonsense: $say_address" \
    "SET @ropp_bulk = 1; INSERT INTO proxy_ban (prefix) VALUES ('1.1.1.1'), ('nonsense')"
says 0 "SELECT COUNT(*) FROM proxy_ban WHERE prefix LIKE '1.1.1.1%'" # all or nothing
# Where a dump was restored without its triggers.
run 'CREATE TABLE bare LIKE proxy_ban'
refuses "CONSTRAINT \`ropp: the triggers are missing: load sql/install.sql\` failed for \`$db\`.\`bare\`" \
    "INSERT INTO bare (prefix) VALUES ('1.2.3.4')"

# What comes in bulk with all its columns is compared with them, and nothing else is believed.
bulk() { # PREFIX FAMILY LENGTH START END
    printf "SET @ropp_bulk = 1, @ropp_wide = 1; INSERT INTO proxy_ban (prefix, family, prefix_length, range_start, range_end, source)
        VALUES ('%s', %s, %s, '%s', '%s', 'bulk')" "$@"
}
misfit="CONSTRAINT \`ropp: the columns do not fit the prefix: give the prefix alone\` failed for \`$db\`.\`proxy_ban\`"
while read -r row; do
    # shellcheck disable=SC2086 # five words
    says "${row%% *}" "$(bulk $row); SELECT prefix FROM proxy_ban WHERE id = LAST_INSERT_ID()"
done <<'END'
192.0.2.7/32 4 32 ::ffff:192.0.2.7 ::ffff:192.0.2.7
192.0.2.0/25 4 25 ::ffff:192.0.2.0 ::ffff:192.0.2.127
0.0.0.0/0 4 0 ::ffff:0.0.0.0 ::ffff:255.255.255.255
2001:db8::/64 6 64 2001:db8:: 2001:db8::ffff:ffff:ffff:ffff
2001:db8::/61 6 61 2001:db8:: 2001:db8:0:7:ffff:ffff:ffff:ffff
2001:db8::8/125 6 125 2001:db8::8 2001:db8::f
2001:db8:0:1:1:1:1:1/128 6 128 2001:db8:0:1:1:1:1:1 2001:db8:0:1:1:1:1:1
::102:304/128 6 128 ::1.2.3.4 ::1.2.3.4
::/0 6 0 :: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
END
while read -r row; do
    # shellcheck disable=SC2086 # five words
    refuses "$misfit" "$(bulk $row)"
done <<'END'
192.0.2.7/32 4 32 ::ffff:192.0.2.8 ::ffff:192.0.2.8
192.0.2.7/32 4 32 ::ffff:192.0.2.7 ::ffff:192.0.2.8
192.0.2.7 4 32 ::ffff:192.0.2.7 ::ffff:192.0.2.7
192.0.2.07/32 4 32 ::ffff:192.0.2.7 ::ffff:192.0.2.7
192.0.2.0/24 4 25 ::ffff:192.0.2.0 ::ffff:192.0.2.127
192.0.2.0/24 4 24 ::ffff:192.0.2.0 ::ffff:192.0.2.254
192.0.2.7/24 4 24 ::ffff:192.0.2.7 ::ffff:192.0.2.255
1:2:3/32 4 32 ::ffff:1:2:3 ::ffff:1:2:3
192.0.2.7/32 6 32 ::ffff:192.0.2.7 ::ffff:192.0.2.7
::ffff:192.0.2.7/128 6 128 ::ffff:192.0.2.7 ::ffff:192.0.2.7
2001:DB8::/64 6 64 2001:db8:: 2001:db8::ffff:ffff:ffff:ffff
2001:db8:0::/64 6 64 2001:db8:: 2001:db8::ffff:ffff:ffff:ffff
2001:db8::/64 6 64 2001:db8:: 2001:db8::ffff:ffff:ffff:fffe
2001:db8::/63 6 63 2001:db8:: 2001:db8::ffff:ffff:ffff:ffff
2001:db8::7/64 6 64 2001:db8::7 2001:db8::ffff:ffff:ffff:ffff
2001:db8::1/127 6 127 2001:db8::1 2001:db8::1
2001:db8:0:1::/61 6 61 2001:db8:0:1:: 2001:db8:0:7:ffff:ffff:ffff:ffff
2001:db8::1/126 6 126 2001:db8::1 2001:db8::3
2001:db8::1:1:1:1:1/128 6 128 2001:db8:0:1:1:1:1:1 2001:db8:0:1:1:1:1:1
::1.2.3.4/128 6 128 ::1.2.3.4 ::1.2.3.4
64:ff9b::102:304/128 6 128 64:ff9b::102:304 64:ff9b::102:304
64:ff9b::/96 6 96 64:ff9b:: 64:ff9b::ffff:ffff
nonsense 6 64 2001:db8:: 2001:db8::ffff:ffff:ffff:ffff
END
refuses "CONSTRAINT \`ropp: bad name of a source: letters, digits, . - and _ alone\` failed for \`$db\`.\`proxy_ban\`" \
    "$(bulk 192.0.2.7/32 4 32 ::ffff:192.0.2.7 ::ffff:192.0.2.7 | sed "s/'bulk'/'a b'/")"
# And is asked all else that a row is asked.
whole() { # COLUMN VALUE: such a row with a column more
    bulk 192.0.2.7/32 4 32 ::ffff:192.0.2.7 ::ffff:192.0.2.7 | sed "s/source)/source, $1)/; s/'bulk')/'bulk', $2)/"
}
refuses 'ropp: expires in the past: 2020-01-01 00:00:00: write a later time, or NULL for never' "$(whole expires "'2020-01-01'")"
refuses 'ropp: bad kind of an entry: : write ban or allow' "SET sql_mode = ''; $(whole kind "'maybe'")"
says '192.0.2.9/32|32' "SET @ropp_bulk = 1; INSERT INTO proxy_ban (prefix, prefix_length) VALUES ('192.0.2.9', 24);
    SELECT prefix, prefix_length FROM proxy_ban WHERE id = LAST_INSERT_ID()"
says '2030-01-01 00:00:00' "$(whole expires "'2030-01-01'"); SELECT expires FROM proxy_ban WHERE id = LAST_INSERT_ID()"
refuses 'ropp: very wide: 0.0.0.0/0: shorter than /8: if you mean it, SET @ropp_wide = 1 first' \
    "$(bulk 0.0.0.0/0 4 0 ::ffff:0.0.0.0 ::ffff:255.255.255.255 | sed 's/, @ropp_wide = 1//')"
# A table from before these rules has them once install.sql was loaded again.
run "ALTER TABLE proxy_ban DROP CONSTRAINT \`ropp: the columns do not fit the prefix: give the prefix alone\`"
load install.sql
refuses "$misfit" "$(bulk 192.0.2.7/32 4 32 ::ffff:192.0.2.8 ::ffff:192.0.2.8)"
