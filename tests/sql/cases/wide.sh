# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Bans that are wider than anybody's network. Sourced.

means_it='if you mean it, SET @ropp_wide = 1 first'
for prefix in 0.0.0.0/0 128.0.0.0/1 10.0.0.0/7; do
    refuses "ropp: very wide: $prefix: shorter than /8: $means_it" "CALL proxy_ban_add('$prefix', '7 days', 'a slip')"
    refuses "ropp: very wide: $prefix: shorter than /8: $means_it" "INSERT INTO proxy_ban (prefix) VALUES ('$prefix')"
    says "$prefix" "SET @ropp_wide = 1; CALL proxy_ban_add('$prefix', NULL, 'no slip');
        SELECT prefix FROM proxy_ban ORDER BY id DESC LIMIT 1"
done
for prefix in ::/0 2000::/3 2001::/15; do
    refuses "ropp: very wide: ${prefix/2001::/2000::}: shorter than /16: $means_it" \
        "INSERT INTO proxy_ban (prefix) VALUES ('${prefix/2001::/2000::}')"
done
# All of IPv4, written as IPv6.
for prefix in ::ffff:0:0/96 64:ff9b::/96; do
    refuses "ropp: very wide: 0.0.0.0/0: shorter than /8: $means_it" "INSERT INTO proxy_ban (prefix) VALUES ('$prefix')"
done
refuses "ropp: very wide: 0.0.0.0/0: shorter than /8: $means_it" \
    "SET @ropp_bulk = 1; INSERT INTO proxy_ban (prefix, source) VALUES ('192.0.2.0/24', 'list'), ('0.0.0.0/0', 'list')"
says 0 "SELECT COUNT(*) FROM proxy_ban WHERE source = 'list'"
refuses "ropp: very wide: 0.0.0.0/0: shorter than /8: $means_it" \
    "SET @ropp_wide = 'yes'; INSERT INTO proxy_ban (prefix) VALUES ('0.0.0.0/0')"
says '10.0.0.0/8|2001::/16' "INSERT INTO proxy_ban (prefix, source) VALUES ('10.0.0.0/8', 'narrow'), ('2001::/16', 'narrow');
    SELECT GROUP_CONCAT(prefix ORDER BY id SEPARATOR '|') FROM proxy_ban WHERE source = 'narrow'"
says '0.0.0.0/0' "CALL proxy_ban_allow('0.0.0.0/0', '1 hour', 'lets everybody in');
    SELECT prefix FROM proxy_ban WHERE kind = 'allow'"

# What is in already stays, whatever is loaded again, and may be changed but for its prefix and kind.
run "DELETE FROM proxy_ban; SET @ropp_wide = 1; INSERT INTO proxy_ban (prefix, kind) VALUES ('0.0.0.0/0', 'ban'), ('::/0', 'allow')"
load install.sql
says '0.0.0.0/0|a reason' "UPDATE proxy_ban SET reason = 'a reason', expires = NOW() + INTERVAL 1 DAY WHERE kind = 'ban';
    SELECT prefix, reason FROM proxy_ban WHERE kind = 'ban'"
refuses "ropp: very wide: 128.0.0.0/1: shorter than /8: $means_it" "UPDATE proxy_ban SET prefix = '128.0.0.0/1' WHERE kind = 'ban'"
refuses "ropp: very wide: ::/0: shorter than /16: $means_it" "UPDATE proxy_ban SET kind = 'ban'"
