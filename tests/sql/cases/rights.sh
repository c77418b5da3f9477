# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# SQL users with few rights; and the owner of the database, who is not root. Sourced.

run "CREATE USER plain_owner@localhost, panel@localhost, moderator@localhost, reader@localhost;
    GRANT ALL ON $db.* TO plain_owner@localhost;
    GRANT SELECT, INSERT, UPDATE, DELETE ON $db.proxy_ban TO panel@localhost;
    GRANT SELECT, INSERT, DELETE ON $db.proxy_ban TO moderator@localhost; GRANT EXECUTE ON $db.* TO moderator@localhost;
    GRANT SELECT ON $db.* TO reader@localhost"
run "DROP DATABASE $db; CREATE DATABASE $db"
mariadb_client --user=plain_owner "$db" <"$top/sql/install.sql"
good

as panel says '1.2.3.0/24' "INSERT INTO proxy_ban (prefix) VALUES ('::ffff:1.2.3.0/120'); SELECT prefix FROM proxy_ban"
says 'panel@localhost|panel@localhost|1' "SELECT author, user, (SELECT version FROM proxy_source) FROM proxy_ban_history"
as panel refuses 'ropp: bits are set after the prefix: 1.2.3.4/24: write 192.0.2.0/24, not 192.0.2.7/24, or drop the length to mean the one address' \
    "INSERT INTO proxy_ban (prefix) VALUES ('1.2.3.4/24')"
as panel says 'x' "UPDATE proxy_ban SET reason = 'x'; SELECT reason FROM proxy_ban"
as panel says '0' 'DELETE FROM proxy_ban; SELECT COUNT(*) FROM proxy_ban'
says 'add,change,delete|3' 'SELECT GROUP_CONCAT(action ORDER BY id), (SELECT version FROM proxy_source) FROM proxy_ban_history'
as panel refuses "*command denied to user 'panel'@'localhost' for table \`$db\`.\`proxy_source\`" 'UPDATE proxy_source SET version = 0'
as panel refuses "*command denied to user 'panel'@'localhost' for table \`$db\`.\`proxy_ban_history\`" 'DELETE FROM proxy_ban_history'
as panel refuses "*command denied to user 'panel'@'localhost' for routine '$db.proxy_ban_add'" "CALL proxy_ban_add('1.2.3.4', NULL, NULL)"

as moderator says '5.5.5.0/24|moderator@localhost' "CALL proxy_ban_add('5.5.5.0/24', '7 days', 'bots'); SELECT prefix, author FROM proxy_ban"
as moderator says "banned|5.5.5.5|$(rows 'SELECT id, kind, prefix, reason, author, source, created, expires FROM proxy_ban')" \
    "CALL proxy_ban_check('5.5.5.5')"
as moderator refuses "*command denied to user 'moderator'@'localhost' for table \`$db\`.\`proxy_source\`" "CALL proxy_source_changed('manual', 'x')"
as moderator says 0 "CALL proxy_ban_del('5.5.5.0/24'); SELECT COUNT(*) FROM proxy_ban"
as reader refuses "*command denied to user 'reader'@'localhost' for table \`$db\`.\`proxy_ban\`" "INSERT INTO proxy_ban (prefix) VALUES ('1.2.3.4')"
# A moderator who may not look at ipbanlist is shown what proxy_ban says.
run "CREATE TABLE ipbanlist (list VARCHAR(15) NOT NULL, btime DATETIME NOT NULL, rtime DATETIME NOT NULL, reason VARCHAR(255) NOT NULL);
    INSERT INTO ipbanlist VALUES ('5.*.*.*', NOW(), NOW() + INTERVAL 1 DAY, 'old')"
as moderator says 'not listed|5.5.5.5|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL' "CALL proxy_ban_check('5.5.5.5')"
run "GRANT SELECT ON $db.ipbanlist TO moderator@localhost"
as moderator says "banned|5.5.5.5|NULL|ban|5.*.*.*|old||ipbanlist|$(rows 'SELECT btime, rtime FROM ipbanlist')" "CALL proxy_ban_check('5.5.5.5')"

# The user who had loaded the tables is gone, as after a dump came to another server: nobody can write, until somebody loads
# install.sql again.
run 'DROP USER plain_owner@localhost; CREATE USER next_owner@localhost; GRANT ALL ON case_rights.* TO next_owner@localhost'
as panel refuses "The user specified as a definer ('plain_owner'@'localhost') does not exist" "INSERT INTO proxy_ban (prefix) VALUES ('1.2.3.4')"
mariadb_client --user=next_owner "$db" <"$top/sql/install.sql"
as panel says '1.2.3.4/32' "INSERT INTO proxy_ban (prefix) VALUES ('1.2.3.4'); SELECT prefix FROM proxy_ban"
run "DROP USER next_owner@localhost, panel@localhost, moderator@localhost, reader@localhost"
