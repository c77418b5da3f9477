# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Loading the three files: again, after each other, and where they must refuse. Sourced.

# All that the files make, as MariaDB describes it.
made() {
    local name
    for name in $(rows "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1"); do
        rows "SHOW CREATE TABLE $name" | sed 's/ AUTO_INCREMENT=[0-9]*//'
    done
    rows "SELECT TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT, SQL_MODE FROM information_schema.TRIGGERS
        WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1"
    rows "SELECT ROUTINE_NAME, ROUTINE_DEFINITION, SECURITY_TYPE, SQL_MODE FROM information_schema.ROUTINES
        WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 1"
}

same() { # WHAT BEFORE AFTER
    if [[ $2 == "$3" ]]; then
        good
    else
        bad "$1: $(diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") || true)"
    fi
}

content="SELECT * FROM proxy_ban; SELECT * FROM proxy_source; SELECT * FROM proxy_ban_history; SELECT * FROM proxy_schema"
says '6|5|15|1' "SELECT (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND ENGINE = 'InnoDB'),
    (SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()),
    (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()), (SELECT version FROM proxy_schema)"
# The history has room for whatever an entry has.
says '' "SELECT h.COLUMN_NAME, h.COLUMN_TYPE, b.COLUMN_TYPE FROM information_schema.COLUMNS h
    JOIN information_schema.COLUMNS b USING (TABLE_SCHEMA, COLUMN_NAME)
    WHERE TABLE_SCHEMA = DATABASE() AND h.TABLE_NAME = 'proxy_ban_history' AND b.TABLE_NAME = 'proxy_ban'
        AND h.COLUMN_TYPE <> b.COLUMN_TYPE"
run "INSERT INTO proxy_ban (prefix) VALUES ('1.2.3.0/24'), ('2001:db8::1')"
first=$(made) rows=$(rows "$content")
load install.sql
same 'install.sql again' "$first" "$(made)"
same 'rows after install.sql again' "$rows" "$(rows "$content")"
load upgrade.sql
load upgrade.sql
same 'upgrade.sql twice' "$first" "$(made)"
same 'rows after upgrade.sql twice' "$rows" "$(rows "$content")"
load install.sql
same 'install.sql after upgrade.sql' "$first" "$(made)"

# A trigger that somebody has dropped comes back.
run 'DROP TRIGGER proxy_ban_before_insert; DROP PROCEDURE proxy_ban_add'
refuses "*failed for \`$db\`.\`proxy_ban\`" "INSERT INTO proxy_ban (prefix) VALUES ('1.2.3.4')"
load install.sql
same 'install.sql mends' "$first" "$(made)"

# Tables that were made before these columns, keys and rules were: install.sql alone brings them up to date, and no figure is lost.
run "INSERT INTO proxy_status (server, host, port, connlog_dropped) VALUES ('map', 'a', 5121, 7);
    ALTER TABLE proxy_status DROP COLUMN login_only, DROP COLUMN left_out, DROP COLUMN target, DROP COLUMN trouble,
        CHANGE COLUMN connlog_dropped journal_dropped BIGINT UNSIGNED NOT NULL DEFAULT 0;
    DROP INDEX by_reason ON proxy_connlog;
    ALTER TABLE proxy_ban DROP CONSTRAINT \`ropp: the columns do not fit the prefix: give the prefix alone\`,
        DROP CONSTRAINT \`ropp: bad name of a source: letters, digits, . - and _ alone\`"
load install.sql
same 'install.sql on older tables' "$first" "$(made)"
says '7|[]' "SELECT connlog_dropped, login_only FROM proxy_status; DELETE FROM proxy_status"

# Tables of other versions.
refused_file() { # FILE MESSAGE
    local got
    if got=$(mariadb_client "$db" 2>&1 <"$top/sql/$1"); then
        bad "$1: is not refused"
    elif [[ $got != *"(45000) at line "*": $2" ]]; then
        bad "$1: is refused with '$got' instead of '$2'"
    else
        good
    fi
}
run 'UPDATE proxy_schema SET version = 2; DROP TRIGGER proxy_ban_before_insert'
refused_file install.sql 'ropp: the tables are of a newer version: proxy_schema: load the install.sql of that version'
refused_file upgrade.sql 'ropp: the tables are of a newer version: proxy_schema: load the upgrade.sql of that version'
run 'UPDATE proxy_schema SET version = 0'
refused_file install.sql 'ropp: the tables are of an older version: proxy_schema: load sql/upgrade.sql first'
says 0 "SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND TRIGGER_NAME = 'proxy_ban_before_insert'"

# What is not ours stays.
run 'CREATE TABLE ipbanlist (list VARCHAR(15))'
load uninstall.sql
says ipbanlist 'SELECT GROUP_CONCAT(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()'
says '0|0' "SELECT (SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()),
    (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE())"
load uninstall.sql
refused_file upgrade.sql 'ropp: there is nothing to upgrade: no table proxy_schema in this database: load sql/install.sql'
run 'DROP TABLE ipbanlist'
load install.sql
same 'install.sql after uninstall.sql' "$first" "$(made)"
says '1|1' "INSERT INTO proxy_ban (prefix) VALUES ('1.2.3.4'); SELECT id, (SELECT version FROM proxy_source) FROM proxy_ban"

# The files do not depend on how the server or the database is set, and leave the session as it was.
for mode in ANSI_QUOTES NO_BACKSLASH_ESCAPES ANSI,NO_BACKSLASH_ESCAPES,TRADITIONAL ORACLE PIPES_AS_CONCAT,HIGH_NOT_PRECEDENCE; do
    mariadb_client "$db" <"$top/sql/uninstall.sql"
    mode_before=$(rows "SET sql_mode = '$mode'; SELECT @@sql_mode")
    mode_after=$({
        echo "SET sql_mode = '$mode';"
        cat "$top/sql/install.sql"
        echo 'SELECT @@sql_mode;'
    } | mariadb_client --batch --skip-column-names "$db")
    same "install.sql in mode $mode" "$first" "$(made)"
    same "the session in mode $mode" "$mode_before" "$mode_after"
done
# No statement stays prepared.
prepared=$({
    cat "$top/sql/install.sql"
    echo "SHOW SESSION STATUS LIKE 'Prepared_stmt_count';"
} | mariadb_client --batch --skip-column-names "$db")
same 'prepared statements' $'Prepared_stmt_count\t0' "$prepared"
