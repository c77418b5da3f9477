# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # what test_cli.sh has set
# How a command comes to its database. Sourced by tests/ban/test_cli.sh.

start 'help of every command'
plain 0 ban --help
has out 'usage: ropp ban COMMAND'
plain 2 ban
cp err commands
has commands 'usage: ropp ban COMMAND'
for name in add del list check import export; do
    has commands "  $name "
    plain 0 ban "$name" --help
    has out "usage: ropp ban $name"
    has out '--tree DIR'
    has out 'exit status: 0'
done
plain 0 status -h
has out 'usage: ropp status'
plain 0 --help
has out '  ban '
has out '  status '

start 'wrong usage'
plain 2 ban dance
is_error 'no such command: ban dance'
for name in add del list check import export; do
    run 2 ban "$name" --sing
    is_error 'no such option: --sing'
done
for name in add del check import; do
    run 2 ban "$name" a b
    is_error "one word too many: 'b'"
done
for name in add del check import; do
    run 2 ban "$name"
    is_error "ban $name: write \`ropp ban $name"
done
run 2 ban add 192.0.2.1 --force=yes
is_error 'a value too many: --force=yes'
plain 2 ban add 192.0.2.1 --reason
is_error 'no value: --reason'
run 2 status 7
is_error "one word too many: '7'"

start 'a password is never on the command line'
for word in --password --password=secret -psecret -p; do
    plain 2 ban list --database bans "$word"
    is_error 'a password on the command line'
    has_no err secret
done
plain 2 ban list --database bans --ask-password
is_error 'nobody to ask'

start 'no database'
plain 2 ban list
is_error 'no database'

start 'options'
export ROPP_PASSWORD=$db_password
plain 0 ban list --host 127.0.0.1 --port "$db_port" --user "$db_user" --database bans
ROPP_PASSWORD=wrong plain 2 ban list --host 127.0.0.1 --port "$db_port" --user "$db_user" --database bans
is_error "cannot connect to MariaDB: $db_user@127.0.0.1:$db_port/bans: Access denied"
has_no err wrong
unset ROPP_PASSWORD
plain 0 ban list "--socket=$db_socket" --user root --database bans
plain 2 ban list --host 127.0.0.1 --port 1 --user x --database bans
is_error 'cannot connect to MariaDB: x@127.0.0.1:1/bans'
plain 2 ban list --host 127.0.0.1 --port 70000 --database bans
is_error "no port: --port: '70000'"

start 'option files'
plain 2 ban list --defaults-file "$dir/absent.cnf"
is_error "cannot read the option file: $dir/absent.cnf"
cp ropp.cnf .my.cnf
plain 0 ban list
printf '[client]\nport = 1\nuser = nobody\n' >>.my.cnf
plain 0 ban list
plain 2 ban list --port 1
printf '[ropp]\nport = many\n' >.my.cnf
plain 2 ban list --database bans
is_error "$dir/.my.cnf:2: port: 'many'"
{ printf '\xef\xbb\xbf' && cat ropp.cnf; } >.my.cnf
plain 0 ban list
sed 's/\[ropp\]/[client]/' ropp.cnf >.my.cnf
plain 0 ban list
chmod o+w .my.cnf
plain 2 ban list --database bans --host 127.0.0.1 --port 1
has err 'everybody can write to it'
rm .my.cnf

start "rAthena's tree"
mkdir -p rathena/conf/import
cat >rathena/conf/inter_athena.conf <<END
// login_server_port: 1
login_server_ip: 127.0.0.1
login_server_port: 1
login_server_id: $db_user
login_server_pw: $db_password
login_server_db: blank
import: conf/import/inter_conf.txt
END
printf 'ipban_db_port: %s\nipban_db_db: bans\n' "$db_port" >rathena/conf/import/inter_conf.txt
plain 0 ban list --tree rathena
plain 2 ban list --tree rathena --database blank
is_error "ropp's tables are not there: blank on 127.0.0.1: run \`mariadb blank < $(sql_file install)\`"
# The tree decides, an option or a file that is named is stronger.
printf '[ropp]\ndatabase = blank\n[client]\nport = 1\n' >.my.cnf
plain 0 ban list --tree rathena
plain 2 ban list --tree rathena --defaults-file .my.cnf
is_error 'blank on 127.0.0.1'
plain 0 ban list --tree rathena --defaults-file .my.cnf --database bans
rm .my.cnf
printf 'proxy_db_port: 0\n' >rathena/conf/login_athena.conf
plain 2 ban list --tree rathena
is_error 'bad value: rathena/conf/login_athena.conf:1: proxy_db_port'

start "rAthena's tree as Notepad saves it"
# What the servers understand of it, the tool must: it would ban in another database.
printf 'ipban_db_port: %s // the tunnel\r\nipban_db_db: blank\r\n' "$db_port" >rathena/conf/import/inter_conf.txt
printf '\xef\xbb\xbfproxy_db_name: bans // ours\r\nimport: conf/inter_athena.conf\r\n' >rathena/conf/login_athena.conf
plain 0 ban list --tree rathena
printf 'import: conf/inter_athena.conf\r\n proxy_db_name : blank\r\n' >rathena/conf/login_athena.conf
plain 2 ban list --tree rathena
is_error 'blank on 127.0.0.1'
rm rathena/conf/login_athena.conf

start "Hercules' tree"
mkdir -p hercules/conf/{global,login,import}
cat >hercules/conf/global/sql_connection.conf <<END
sql_connection: {
    db_hostname: "127.0.0.1"
    db_port: $db_port // the port
    db_username: "$db_user"
    db_password: "$db_password"
    db_database: "blank"
}
END
cat >hercules/conf/login/login-server.conf <<'END'
login_configuration: {
    account: {
        @include "conf/global/sql_connection.conf"
        ipban: {
            @include "conf/global/sql_connection.conf"
        }
    }
}
import: "conf/import/login-server.conf"
END
plain 2 ban list --tree hercules
is_error 'blank on 127.0.0.1'
printf 'login_configuration: { account: { ipban: { sql_connection: { db_database: "bans" } } } }' \
    >hercules/conf/import/login-server.conf
plain 0 ban list --tree hercules
printf 'proxy_protocol: { proxy_db_password: 00042 }\n' >hercules/conf/import/login-server.conf
plain 2 ban list --tree hercules
is_error 'hercules/conf/import/login-server.conf:1: proxy_db_password: not in quotes'
printf 'login_configuration: {\n' >hercules/conf/import/login-server.conf
plain 2 ban list --tree hercules
is_error 'a group without an end: hercules/conf/import/login-server.conf:2'

start 'no tree'
plain 2 ban list --tree "$dir/nowhere"
is_error "no emulator: $dir/nowhere"

start 'tables of another version'
sql 'UPDATE proxy_schema SET version = 2'
run 2 ban list
is_error 'the tables are newer than this program'
sql 'UPDATE proxy_schema SET version = 0'
run 2 ban list
is_error "run \`cat $(sql_file upgrade) $(sql_file install) | mariadb bans\`"
sql 'UPDATE proxy_schema SET version = 1'

start 'rights'
mariadb_client -e "CREATE USER reader@127.0.0.1; GRANT SELECT ON bans.* TO reader@127.0.0.1"
plain 0 ban list --host 127.0.0.1 --port "$db_port" --user reader --database bans
plain 2 ban add 192.0.2.1 --host 127.0.0.1 --port "$db_port" --user reader --database bans
is_error 'MariaDB does not allow it: bans on 127.0.0.1'
plain 0 ban check 192.0.2.1 --host 127.0.0.1 --port "$db_port" --user reader --database bans
plain 1 status --host 127.0.0.1 --port "$db_port" --user reader --database bans

start 'an account that may read one table'
mariadb_client -e "CREATE USER half@127.0.0.1; GRANT SELECT ON bans.proxy_schema TO half@127.0.0.1"
half=(--host 127.0.0.1 --port "$db_port" --user half --database bans)
for command in list 'del 192.0.2.1' 'add 192.0.2.1' 'check 192.0.2.1' 'export --format plain'; do
    # shellcheck disable=SC2086 # a command and its words
    plain 2 ban $command "${half[@]}"
    is_error 'MariaDB does not allow it'
done
plain 2 ban export --format plain --host 127.0.0.1 --port 1 --user x --database bans
is_error 'cannot connect to MariaDB'

start 'what the tables see of a command'
# One transaction, which locks no gaps, and times in UTC whatever the server's zone is.
sql 'CREATE TABLE seen (what VARCHAR(100)) ENGINE=MyISAM;
    CREATE TRIGGER seen_add BEFORE INSERT ON proxy_ban FOR EACH ROW INSERT INTO seen
        VALUES (CONCAT_WS(" ", "add", @@tx_isolation, @@in_transaction, @@time_zone));
    CREATE TRIGGER seen_del BEFORE DELETE ON proxy_ban FOR EACH ROW INSERT INTO seen
        VALUES (CONCAT_WS(" ", "del", @@tx_isolation, @@in_transaction, @@time_zone))'
run 0 ban add 192.0.2.77
run 0 ban del 192.0.2.77
is 'SELECT what FROM seen WHERE what LIKE "add%"' 'add READ-COMMITTED 1 +00:00'
is 'SELECT what FROM seen WHERE what LIKE "del%"' 'del READ-COMMITTED 1 +00:00'
sql 'DROP TRIGGER seen_add; DROP TRIGGER seen_del; DROP TABLE seen'

start 'a full disk'
"$ropp" ban list --defaults-file ropp.cnf >/dev/full 2>err && complain 'it ends with 0'
has err 'cannot write: standard output'
