# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # what test_cli.sh has set
# scripts/fail2ban in the real fail2ban, with settings and a socket of its own. Sourced by tests/ban/test_cli.sh.

cp -r "$top/scripts/fail2ban" f2b
mkdir f2b/filter.d
cat >f2b/filter.d/panel.conf <<'END'
[Definition]
failregex = ^panel: wrong password from <HOST>$
datepattern = {NONE}
END
cat >f2b/fail2ban.conf <<END
[Definition]
loglevel = INFO
logtarget = $dir/f2b/log
syslogsocket = auto
socket = $dir/f2b/socket
pidfile = $dir/f2b/pid
dbfile = $dir/f2b/bans.sqlite3
dbpurgeage = 1d
allowipv6 = auto
END
cat >f2b/jail.conf <<END
[game]
enabled = true
backend = polling
filter = panel
logpath = $dir/f2b/login.log
maxretry = 3
findtime = 600
bantime = 600
usedns = no
action = ropp[ropp="$ropp", database="--defaults-file $dir/ropp.cnf"]
END
: >f2b/login.log
in_force="SELECT GROUP_CONCAT(prefix ORDER BY id SEPARATOR ' ') FROM proxy_ban WHERE source = 'fail2ban'"

f2b_client() { # WORD...
    timeout -k 5 20 fail2ban-client -c f2b -s f2b/socket -p f2b/pid "$@" >out 2>err </dev/null
}

f2b_answers() {
    f2b_client ping
}

f2b_start() {
    clean_group fail2ban-server -f -c f2b -s f2b/socket -p f2b/pid start >>f2b/out 2>&1
    f2b_pid=$clean_child
    wait_for 20 f2b_answers || complain "fail2ban does not start: $(tail -n 5 f2b/log)"
}

f2b_end() { # SIGNAL
    kill -s "$1" -- "$f2b_pid"
    wait "$f2b_pid" 2>/dev/null || true
    clean_forget "$f2b_pid" || true
}

is_result() { # STATEMENT RESULT
    [[ $(sql "$1") == "$2" ]]
}

becomes() { # STATEMENT RESULT
    wait_for 20 is_result "$@" || complain "$1: is '$(sql "$1")' and should become '$2': $(tail -n 5 f2b/log)"
}

refuse() { # ADDRESS
    echo "panel: wrong password from $1" >>f2b/login.log
}

start 'fail2ban: the settings are fine'
empty
command -v fail2ban-server >/dev/null || complain 'fail2ban is not installed'
fail2ban-client -c f2b -s f2b/socket -p f2b/pid -t >out 2>&1 || complain "fail2ban-client -t: $(cat out)"

start 'fail2ban: three wrong passwords are a ban'
run 0 ban add 198.51.100.7 --reason bots
f2b_start
for _ in 1 2 3; do
    refuse 198.51.100.7
    refuse 203.0.113.5
    refuse 2001:db8::5
done
refuse 203.0.113.9
becomes "$in_force" '198.51.100.7/32 203.0.113.5/32 2001:db8::/64'
is "SELECT DISTINCT CONCAT_WS('|', kind, author, reason, UNIX_TIMESTAMP(expires) - UNIX_TIMESTAMP(created) BETWEEN 590 AND 610)
    FROM proxy_ban WHERE source = 'fail2ban'" 'ban|fail2ban|fail2ban: game|1'

start 'fail2ban: an unban takes out its own alone'
f2b_client set game unbanip 198.51.100.7 || complain "unbanip: $(cat out err)"
becomes "$in_force" '203.0.113.5/32 2001:db8::/64'
is "SELECT CONCAT_WS(' ', prefix, reason) FROM proxy_ban WHERE source = 'manual'" '198.51.100.7/32 bots'

start 'fail2ban: what is gone already is no error'
run 0 ban del 203.0.113.5 --source fail2ban
f2b_client set game unbanip 203.0.113.5 || complain "unbanip: $(cat out err)"
becomes "$in_force" '2001:db8::/64'

start 'fail2ban: a ban without an end'
f2b_client set game bantime -1 || complain "bantime: $(cat out err)"
f2b_client set game banip 203.0.113.77 || complain "banip: $(cat out err)"
becomes "$in_force" '2001:db8::/64 203.0.113.77/32'
is "SELECT expires IS NULL FROM proxy_ban WHERE prefix = '203.0.113.77/32'" 1

start 'fail2ban: killed and started again, it makes nothing twice'
f2b_end KILL
rm -f f2b/socket f2b/pid
ids="SELECT GROUP_CONCAT(id ORDER BY id) FROM proxy_ban WHERE source = 'fail2ban'"
before=$(sql "$ids")
f2b_start
for _ in 1 2 3; do
    refuse 203.0.113.88
done
becomes "$in_force" '2001:db8::/64 203.0.113.77/32 203.0.113.88/32'
[[ $(sql "$ids") == "$before",* ]] || complain "the ids were $before and are $(sql "$ids")"
grep -c 'Restore Ban' f2b/log >out || true
[[ $(cat out) == 2 ]] || complain "it restores $(cat out) bans"

start 'fail2ban: it takes its bans along when it ends, and brings them back'
f2b_end TERM
is "$in_force" NULL
is "SELECT COUNT(*) FROM proxy_ban WHERE source = 'manual'" 1
f2b_start
becomes "SELECT GROUP_CONCAT(prefix ORDER BY prefix SEPARATOR ' ') FROM proxy_ban WHERE source = 'fail2ban'" \
    '2001:db8::/64 203.0.113.77/32 203.0.113.88/32'
f2b_end TERM
! grep -E ' (ERROR|CRITICAL) ' f2b/log >out || complain "fail2ban says: $(cat out)"
empty
