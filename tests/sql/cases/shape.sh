# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The shape of the tables: servers and programs of other versions write and read them, and so do panels. Another one wants a step in
# sql/upgrade.sql. Sourced.

# shape TABLE: its columns are these of the standard input, in that order: name, type, default; `may be NULL` where it may.
shape() {
    says "$(cat)" "SELECT CONCAT_WS(' ', COLUMN_NAME, COLUMN_TYPE, IF(IS_NULLABLE = 'YES', 'may be', NULL), COLUMN_DEFAULT, NULLIF(EXTRA, ''))
        FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '$1' ORDER BY ORDINAL_POSITION"
}

shape proxy_schema <<'END'
version int(11)
END
shape proxy_ban <<'END'
id bigint(20) unsigned auto_increment
kind enum('ban','allow') 'ban'
prefix varchar(64) ''
range_start inet6 '::'
range_end inet6 '::'
prefix_length tinyint(3) unsigned 0
family tinyint(3) unsigned 0
reason varchar(255) ''
author varchar(64) ''
source varchar(64) 'manual'
created timestamp current_timestamp()
expires timestamp may be NULL
END
shape proxy_source <<'END'
name varchar(64)
version bigint(20) unsigned 0
entries int(10) unsigned may be NULL
updated timestamp current_timestamp()
author varchar(64) ''
END
shape proxy_ban_history <<'END'
id bigint(20) unsigned auto_increment
time timestamp(3) current_timestamp(3)
action enum('add','change','delete','import')
ban_id bigint(20) unsigned may be NULL
kind enum('ban','allow') may be NULL
prefix varchar(64) ''
reason varchar(255) ''
author varchar(64) ''
source varchar(64) ''
expires timestamp may be NULL
user varchar(128) ''
entries int(10) unsigned may be NULL
END
shape proxy_connlog <<'END'
id bigint(20) unsigned auto_increment
time timestamp(3) current_timestamp(3)
server varchar(16) ''
source inet6 '::'
source_port smallint(5) unsigned 0
hop inet6 may be NULL
destination inet6 may be NULL
destination_port smallint(5) unsigned may be NULL
header tinyint(3) unsigned 0
unique_id varbinary(128) may be NULL
authority varchar(255) may be NULL
tls varchar(32) may be NULL
verdict enum('accepted','refused','kicked') 'accepted'
reason varchar(32) ''
ban_id bigint(20) unsigned may be NULL
dropped int(10) unsigned 0
END
shape proxy_status <<'END'
server varchar(16)
host varchar(64)
port smallint(5) unsigned
pid int(10) unsigned 0
version varchar(16) ''
started timestamp current_timestamp()
heartbeat timestamp current_timestamp()
mode varchar(8) ''
snapshot_loaded timestamp may be NULL
snapshot_entries int(10) unsigned 0
snapshot_bytes bigint(20) unsigned 0
bans_state varchar(16) ''
connlog_dropped bigint(20) unsigned 0
accepted bigint(20) unsigned 0
proxied bigint(20) unsigned 0
refused bigint(20) unsigned 0
banned bigint(20) unsigned 0
kicked bigint(20) unsigned 0
reasons text '{}'
login_only text '[]'
left_out varchar(255) ''
target varchar(255) ''
trouble varchar(255) ''
END

says 'proxy_ban: by_expiry (expires)
proxy_ban: by_prefix (range_start, prefix_length)
proxy_ban: in_order (source, range_start, prefix_length, kind, expires, family)
proxy_ban: PRIMARY (id)
proxy_ban_history: by_prefix (prefix)
proxy_ban_history: by_time (time)
proxy_ban_history: PRIMARY (id)
proxy_connlog: by_reason (reason)
proxy_connlog: by_source (source, time)
proxy_connlog: by_time (time)
proxy_connlog: PRIMARY (id)
proxy_schema: PRIMARY (version)
proxy_source: PRIMARY (name)
proxy_status: PRIMARY (server, host, port)' "SELECT CONCAT(TABLE_NAME, ': ', INDEX_NAME, ' (', GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX SEPARATOR ', '), ')')
    FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() GROUP BY TABLE_NAME, INDEX_NAME ORDER BY TABLE_NAME, INDEX_NAME"

# A procedure takes what its table's column holds: shorter, and a prefix or reason would be cut off. Only what is not of a column's
# type is named here.
says 'action varchar(8)
address varchar(64)
begins datetime
counts_as int(11)
duration varchar(64)
expires datetime
high bigint(20) unsigned
is_standin tinyint(1)
kind varchar(8)
list varchar(15)
login_only tinyint(1)
low bigint(20) unsigned
network bigint(20) unsigned
quad varchar(15)
standin int(10) unsigned
until_s bigint(20)
value varchar(255)
what varchar(64)
what_to_do varchar(255)' "SELECT DISTINCT CONCAT(PARAMETER_NAME, ' ', DTD_IDENTIFIER) FROM information_schema.PARAMETERS p
    WHERE SPECIFIC_SCHEMA = DATABASE() AND NOT EXISTS (SELECT 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
        AND TABLE_NAME = 'proxy_ban' AND COLUMN_NAME = p.PARAMETER_NAME AND COLUMN_TYPE = p.DTD_IDENTIFIER) ORDER BY 1"
