-- SPDX-License-Identifier: MIT
-- ropp's tables, triggers and procedures. They live in the database of the emulator's own `ipbanlist`.
--
--     mariadb DATABASE < sql/install.sql
--
-- Safe to load again at any time: no row is touched, triggers and procedures are made anew. Do so after a dump was restored
-- (a dump holds the procedures only with --routines, and its triggers run as the user who made them, who must exist), and
-- after sql/upgrade.sql. Needs MariaDB 10.5 or newer (MySQL does not do), and the rights to create tables, triggers and procedures in that database;
-- where the server writes a binary log, also log_bin_trust_function_creators = 1.
--
-- To ban:    CALL proxy_ban_add('203.0.113.0/24', '7 days', 'bots');     or INSERT INTO proxy_ban (prefix, reason) ...
-- To let in: CALL proxy_ban_allow('203.0.113.7', 'never', 'the office'); the longest prefix decides
-- To undo:   CALL proxy_ban_del('203.0.113.0/24');                       or DELETE FROM proxy_ban ...
-- To ask:    CALL proxy_ban_check('203.0.113.9');
-- A ban wider than /8 (IPv4) or /16 (IPv6) is refused unless SET @ropp_wide = 1 says that it is meant.
-- Who did what is in proxy_ban_history. Where one SQL user serves many people, SET @ropp_author = 'name' says who it is.
--
-- Whoever may INSERT into proxy_ban needs no other right: triggers do the rest in the name of the user who loaded this file.
-- Whoever is to CALL the procedures needs EXECUTE on the database, and SELECT, INSERT and DELETE on proxy_ban; SELECT on
-- ipbanlist lets proxy_ban_check look there as well.
--
-- To replace a long list (a source) without a moment in which it is missing, and without keeping others from their bans:
--
--     SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;  -- locks its own rows, not the gaps beside them
--     SET @ropp_bulk = 1;                                      -- the triggers leave version and history to us
--     START TRANSACTION;
--     DELETE FROM proxy_ban WHERE source = 'droplist';
--     INSERT INTO proxy_ban (prefix, reason, source) VALUES (...), (...), ...;     -- a thousand rows at a time
--     INSERT INTO proxy_source (name, version, entries) VALUES ('droplist', 1, ROWS)
--         ON DUPLICATE KEY UPDATE version = version + 1, entries = ROWS, updated = CURRENT_TIMESTAMP;
--     INSERT INTO proxy_ban_history (action, source, entries, author, user)
--         VALUES ('import', 'droplist', ROWS, 'name', USER());
--     COMMIT;
--     SET @ropp_bulk = NULL;
--
-- A million rows come in within half a minute on two cores, with MariaDB's default settings. Twice that many, or lists that are
-- replaced every hour, want innodb_buffer_pool_size = 512M and innodb_log_file_size = 512M. TRUNCATE passes the triggers by, and
-- to the servers it looks like a dump that is being restored: the bans stay in force. Write DELETE, or let the servers know that it
-- was meant with UPDATE proxy_source SET version = version + 1.

-- Before anything is made: an older server, or MySQL, is refused by the name of a table that it does not find.
SET @ropp_server = SUBSTRING_INDEX(VERSION(), '-', 1);
SET @ropp_server = IF(VERSION() LIKE '%MariaDB%' AND 10005 <= SUBSTRING_INDEX(@ropp_server, '.', 1) * 1000
        + SUBSTRING_INDEX(SUBSTRING_INDEX(@ropp_server, '.', 2), '.', -1),
    'DO 0', 'SELECT * FROM `ropp needs MariaDB 10.5 or newer`');
PREPARE ropp_server FROM @ropp_server;
EXECUTE ropp_server;
DEALLOCATE PREPARE ropp_server;

SET @ropp_sql_mode = @@sql_mode, sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

DELIMITER //

-- ---- tables ----

CREATE TABLE IF NOT EXISTS proxy_schema (
    version INT NOT NULL PRIMARY KEY
) ENGINE = InnoDB COMMENT = 'ropp: one row, the version of these tables'//

-- Tables of another version are not ours to touch.
BEGIN NOT ATOMIC
    DECLARE found INT DEFAULT (SELECT MAX(version) FROM proxy_schema);
    IF found < 1 THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
            'ropp: the tables are of an older version: proxy_schema: load sql/upgrade.sql first';
    ELSEIF found > 1 THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
            'ropp: the tables are of a newer version: proxy_schema: load the install.sql of that version';
    END IF;
END//

INSERT IGNORE INTO proxy_schema (version) VALUES (1)//

-- A writer gives `prefix`, and what else it likes. The triggers write it as RFC 5952 wants it and fill in the columns below it,
-- or refuse the row. An IPv6 address without a length means its /64, an IPv4-mapped one or one of NAT64 the IPv4 address.
-- Prefixes may be here more than once; core/table.h says which entry decides.
CREATE TABLE IF NOT EXISTS proxy_ban (
    id            BIGINT UNSIGNED  NOT NULL AUTO_INCREMENT,
    kind          ENUM('ban', 'allow') NOT NULL DEFAULT 'ban',
    prefix        VARCHAR(64)      NOT NULL DEFAULT '' COMMENT 'ADDRESS/LENGTH',
    range_start   INET6            NOT NULL DEFAULT '::' COMMENT 'the first address; IPv4 as ::ffff:a.b.c.d',
    range_end     INET6            NOT NULL DEFAULT '::' COMMENT 'the last address',
    prefix_length TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 to 32 (IPv4) or 128 (IPv6)',
    family        TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT '4 or 6',
    reason        VARCHAR(255)     NOT NULL DEFAULT '',
    author        VARCHAR(64)      NOT NULL DEFAULT '',
    source        VARCHAR(64)      NOT NULL DEFAULT 'manual' COMMENT 'the list it belongs to',
    created       TIMESTAMP        NOT NULL DEFAULT CURRENT_TIMESTAMP,
    expires       TIMESTAMP        NULL DEFAULT NULL COMMENT 'the first second it is not in force; NULL = never',
    PRIMARY KEY (id),
    KEY in_order (source, range_start, prefix_length, kind, expires, family), -- all that the servers read of a list
    KEY by_prefix (range_start, prefix_length),
    KEY by_expiry (expires),
    CONSTRAINT `ropp: the triggers are missing: load sql/install.sql`
        CHECK (prefix_length <= CASE family WHEN 4 THEN 32 WHEN 6 THEN 128 ELSE -1 END AND range_start <= range_end)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci COMMENT = 'ropp: bans and allowances'//

-- What an import gives is compared, which costs a third of what it costs to make it: expressions of a table are compiled once, those of
-- a trigger for every row. MariaDB's text of an address is that of RFC 5952 but for ::1.2.3.4, and for a single group of zeros, which it shortens.
ALTER TABLE proxy_ban
    ADD CONSTRAINT IF NOT EXISTS `ropp: the columns do not fit the prefix: give the prefix alone` CHECK (CASE family
        WHEN 4 THEN prefix LIKE '%.%' AND CONCAT('::ffff:', prefix) = BINARY CONCAT(range_start, '/', prefix_length)
            AND IF(prefix_length = 32, range_end = range_start,
                NOT INET_ATON(SUBSTRING_INDEX(prefix, '/', 1)) & 4294967295 >> prefix_length
                AND range_end = CONCAT('::ffff:',
                    INET_NTOA(INET_ATON(SUBSTRING_INDEX(prefix, '/', 1)) | 4294967295 >> prefix_length)))
        ELSE prefix = BINARY CONCAT(CASE
                WHEN range_start BETWEEN '::1:0' AND '::ffff:ffff' THEN LOWER(CONCAT('::',
                    CONV(HEX(SUBSTRING(CAST(range_start AS BINARY(16)), 13, 2)), 16, 16), ':',
                    CONV(HEX(SUBSTRING(CAST(range_start AS BINARY(16)), 15, 2)), 16, 16)))
                WHEN REPLACE(range_start, '::', ':0:') LIKE '%_:_%:_%:_%:_%:_%:_%:_%' THEN
                    TRIM(BOTH ':' FROM REPLACE(range_start, '::', ':0:'))
                ELSE CAST(range_start AS CHAR CHARACTER SET utf8mb4) END, '/', prefix_length)
            AND range_start NOT BETWEEN '::ffff:0.0.0.0' AND '::ffff:255.255.255.255'
            AND (prefix_length < 96 OR range_start NOT BETWEEN '64:ff9b::' AND '64:ff9b::255.255.255.255')
            AND IF(prefix_length % 8 = 0,
                CAST(range_start AS BINARY(16)) =
                        RPAD(LEFT(CAST(range_end AS BINARY(16)), prefix_length DIV 8), 16, x'00')
                    AND CAST(range_end AS BINARY(16)) =
                        RPAD(LEFT(CAST(range_end AS BINARY(16)), prefix_length DIV 8), 16, x'FF'),
                NOT CAST(CONV(HEX(LEFT(CAST(range_start AS BINARY(16)), 8)), 16, 10) AS UNSIGNED) & ~0 >> LEAST(prefix_length, 64)
                    AND NOT CAST(CONV(HEX(RIGHT(CAST(range_start AS BINARY(16)), 8)), 16, 10) AS UNSIGNED) & ~0 >> GREATEST(prefix_length, 64) - 64
                    AND CAST(CONV(HEX(LEFT(CAST(range_end AS BINARY(16)), 8)), 16, 10) AS UNSIGNED) =
                        CAST(CONV(HEX(LEFT(CAST(range_start AS BINARY(16)), 8)), 16, 10) AS UNSIGNED) | ~0 >> LEAST(prefix_length, 64)
                    AND CAST(CONV(HEX(RIGHT(CAST(range_end AS BINARY(16)), 8)), 16, 10) AS UNSIGNED) =
                        CAST(CONV(HEX(RIGHT(CAST(range_start AS BINARY(16)), 8)), 16, 10) AS UNSIGNED) | ~0 >> GREATEST(prefix_length, 64) - 64)
        END),
    ADD CONSTRAINT IF NOT EXISTS `ropp: bad name of a source: letters, digits, . - and _ alone`
        CHECK (source RLIKE '^[A-Za-z0-9._-]+\\z')//

CREATE TABLE IF NOT EXISTS proxy_source (
    name    VARCHAR(64)     NOT NULL,
    version BIGINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'grows with every change of its entries',
    entries INT UNSIGNED    NULL DEFAULT NULL COMMENT 'as of the last import',
    updated TIMESTAMP       NOT NULL DEFAULT CURRENT_TIMESTAMP,
    author  VARCHAR(64)     NOT NULL DEFAULT '',
    PRIMARY KEY (name)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci COMMENT = 'ropp: the lists, one row each'//

INSERT IGNORE INTO proxy_source (name) VALUES ('manual')//

CREATE TABLE IF NOT EXISTS proxy_ban_history (
    id      BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    time    TIMESTAMP(3)    NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    action  ENUM('add', 'change', 'delete', 'import') NOT NULL,
    ban_id  BIGINT UNSIGNED NULL DEFAULT NULL COMMENT 'proxy_ban.id; NULL for an import',
    kind    ENUM('ban', 'allow') NULL DEFAULT NULL,
    prefix  VARCHAR(64)     NOT NULL DEFAULT '',
    reason  VARCHAR(255)    NOT NULL DEFAULT '',
    author  VARCHAR(64)     NOT NULL DEFAULT '' COMMENT 'who acted',
    source  VARCHAR(64)     NOT NULL DEFAULT '',
    expires TIMESTAMP       NULL DEFAULT NULL,
    user    VARCHAR(128)    NOT NULL DEFAULT '' COMMENT 'the SQL user',
    entries INT UNSIGNED    NULL DEFAULT NULL COMMENT 'of an import',
    PRIMARY KEY (id),
    KEY by_time (time),
    KEY by_prefix (prefix)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci COMMENT = 'ropp: who did what to proxy_ban'//

CREATE TABLE IF NOT EXISTS proxy_connlog (
    id               BIGINT UNSIGNED   NOT NULL AUTO_INCREMENT,
    time             TIMESTAMP(3)      NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    server           VARCHAR(16)       NOT NULL DEFAULT '' COMMENT 'login, char, map or api',
    source           INET6             NOT NULL DEFAULT '::' COMMENT 'the player; IPv4 as ::ffff:a.b.c.d',
    source_port      SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    hop              INET6             NULL DEFAULT NULL COMMENT 'the proxy; NULL when direct',
    destination      INET6             NULL DEFAULT NULL,
    destination_port SMALLINT UNSIGNED NULL DEFAULT NULL,
    header           TINYINT UNSIGNED  NOT NULL DEFAULT 0 COMMENT 'version 1 or 2; 0 for none',
    unique_id        VARBINARY(128)    NULL DEFAULT NULL,
    authority        VARCHAR(255)      NULL DEFAULT NULL,
    tls              VARCHAR(32)       NULL DEFAULT NULL,
    verdict          ENUM('accepted', 'refused', 'kicked') NOT NULL DEFAULT 'accepted',
    reason           VARCHAR(32)       NOT NULL DEFAULT '' COMMENT 'why it was not accepted',
    ban_id           BIGINT UNSIGNED   NULL DEFAULT NULL COMMENT 'proxy_ban.id',
    dropped          INT UNSIGNED      NOT NULL DEFAULT 0 COMMENT 'records lost before this one, which has reason dropped',
    PRIMARY KEY (id),
    KEY by_time (time),
    KEY by_source (source, time),
    KEY by_reason (reason) -- the oldest of a reason that floods the table go first
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci COMMENT = 'ropp: the log of connections'//

-- A table that was made before had it not.
CREATE INDEX IF NOT EXISTS by_reason ON proxy_connlog (reason)//

CREATE TABLE IF NOT EXISTS proxy_status (
    server           VARCHAR(16)       NOT NULL COMMENT 'login, char, map or api; edge: a target of `ropp ban follow`',
    host             VARCHAR(64)       NOT NULL COMMENT 'the machine it runs on',
    port             SMALLINT UNSIGNED NOT NULL COMMENT 'of an edge a number made of its target',
    pid              INT UNSIGNED      NOT NULL DEFAULT 0,
    version          VARCHAR(16)       NOT NULL DEFAULT '',
    started          TIMESTAMP         NOT NULL DEFAULT CURRENT_TIMESTAMP,
    heartbeat        TIMESTAMP         NOT NULL DEFAULT CURRENT_TIMESTAMP,
    mode             VARCHAR(8)        NOT NULL DEFAULT '' COMMENT 'proxy_protocol',
    snapshot_loaded  TIMESTAMP         NULL DEFAULT NULL,
    snapshot_entries INT UNSIGNED      NOT NULL DEFAULT 0,
    snapshot_bytes   BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    bans_state       VARCHAR(16)       NOT NULL DEFAULT '' COMMENT 'loading, current, stale or off',
    connlog_dropped  BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    accepted         BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    proxied          BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    refused          BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    banned           BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    kicked           BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    reasons          TEXT              NOT NULL DEFAULT '{}' COMMENT 'JSON: how often for which reason',
    login_only       TEXT              NOT NULL DEFAULT '[]' COMMENT 'JSON: reasons in ipbanlist that act at the login server alone',
    left_out         VARCHAR(255)      NOT NULL DEFAULT '' COMMENT 'features that the server was woven without',
    target           VARCHAR(255)      NOT NULL DEFAULT '' COMMENT 'of an edge: what refuses the banned',
    trouble          VARCHAR(255)      NOT NULL DEFAULT '' COMMENT 'of an edge: why it is not in step',
    PRIMARY KEY (server, host, port)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci COMMENT = 'ropp: one row a server process'//

ALTER TABLE proxy_status ADD COLUMN IF NOT EXISTS
    login_only TEXT NOT NULL DEFAULT '[]' COMMENT 'JSON: reasons in ipbanlist that act at the login server alone'//
ALTER TABLE proxy_status ADD COLUMN IF NOT EXISTS
    left_out VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'features that the server was woven without'//
ALTER TABLE proxy_status ADD COLUMN IF NOT EXISTS
    target VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'of an edge: what refuses the banned'//
ALTER TABLE proxy_status ADD COLUMN IF NOT EXISTS
    trouble VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'of an edge: why it is not in step'//
ALTER TABLE proxy_status CHANGE COLUMN IF EXISTS
    journal_dropped connlog_dropped BIGINT UNSIGNED NOT NULL DEFAULT 0//

-- ---- reading what people write ----

CREATE OR REPLACE PROCEDURE proxy_refuse(
    what VARCHAR(64) CHARACTER SET utf8mb4, value VARCHAR(255) CHARACTER SET utf8mb4,
    what_to_do VARCHAR(255) CHARACTER SET utf8mb4)
    NO SQL SQL SECURITY INVOKER COMMENT 'ropp: ends the statement with an error'
BEGIN
    DECLARE message VARCHAR(512) CHARACTER SET utf8mb4 DEFAULT
        CONCAT('ropp: ', what, ': ', COALESCE(REGEXP_REPLACE(LEFT(value, 64), '[[:cntrl:]]', '?'), 'NULL'), ': ', what_to_do);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = message;
END//

-- Reads ADDRESS or ADDRESS/LENGTH as the module does (core/addr.h), but for one IPv6 address, which means its /64.
-- `prefix` comes back as it is to be written.
--
-- This runs for every row of an import. What takes time is not what an expression computes but that there is one: hence
-- few and short ones for IPv4, and no RLIKE, which compiles its pattern each time.
CREATE OR REPLACE PROCEDURE proxy_prefix_parse(
    INOUT prefix VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    OUT family TINYINT UNSIGNED, OUT prefix_length TINYINT UNSIGNED, OUT range_start INET6, OUT range_end INET6)
    NO SQL SQL SECURITY INVOKER COMMENT 'ropp: reads a prefix'
BEGIN
    DECLARE address VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT SUBSTRING_INDEX(prefix, '/', 1);
    DECLARE number BIGINT UNSIGNED DEFAULT INET_ATON(address);
    DECLARE length INT DEFAULT IF(prefix = address, 32, FIND_IN_SET(SUBSTRING(prefix, CHAR_LENGTH(address) + 2),
        '0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32') - 1);
    DECLARE mask BIGINT UNSIGNED DEFAULT 4294967295 >> length; -- the bits after the prefix

    IF INET_NTOA(number) = address THEN -- INET_ATON also reads 1.2.3 and 1.2.3.04
        IF length < 0 THEN
            CALL proxy_refuse('bad length of a prefix', prefix,
                'write it behind the slash as a plain number, at most 32 for IPv4 and 128 for IPv6');
        END IF;
        IF number & mask THEN
            CALL proxy_refuse('bits are set after the prefix', prefix,
                'write 192.0.2.0/24, not 192.0.2.7/24, or drop the length to mean the one address');
        END IF;
        SET family = 4, prefix_length = length;
        SET range_start = CONCAT('::ffff:', address), range_end = CONCAT('::ffff:', INET_NTOA(number | mask));
        SET prefix = CONCAT(address, '/', length);
    ELSE
        CALL proxy_prefix_parse_ipv6(prefix, family, prefix_length, range_start, range_end);
    END IF;
END//

CREATE OR REPLACE PROCEDURE proxy_prefix_parse_ipv6(
    INOUT prefix VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    OUT family TINYINT UNSIGNED, OUT prefix_length TINYINT UNSIGNED, OUT range_start INET6, OUT range_end INET6)
    NO SQL SQL SECURITY INVOKER COMMENT 'ropp: reads an IPv6 prefix'
BEGIN
    DECLARE address VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT SUBSTRING_INDEX(prefix, '/', 1);
    DECLARE digits VARCHAR(32) CHARACTER SET utf8mb4 DEFAULT HEX(INET6_ATON(address));
    DECLARE length VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE high, low, high_mask, low_mask BIGINT UNSIGNED; -- masks: the bits after the prefix

    -- INET6_ATON also reads ::1.2.3.04, and stops at a NUL.
    IF digits IS NULL OR CHAR_LENGTH(digits) <> 32 OR address RLIKE '[^0-9A-Fa-f:.]|[:.]0[0-9]+\\.|\\.0[0-9]' THEN
        CALL proxy_refuse('no address', prefix,
            'write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7, and a prefix as ADDRESS/LENGTH');
    END IF;
    IF prefix <> address THEN
        SET length = SUBSTRING(prefix, CHAR_LENGTH(address) + 2);
        IF length NOT RLIKE '^(0|[1-9][0-9]{0,2})\\z' OR length > 128 THEN
            CALL proxy_refuse('bad length of a prefix', prefix,
                'write it behind the slash as a plain number, at most 32 for IPv4 and 128 for IPv6');
        END IF;
        SET prefix_length = length;
    ELSEIF digits LIKE '00000000000000000000FFFF%' OR digits LIKE '0064FF9B0000000000000000%' THEN
        SET prefix_length = 128;
    ELSE
        SET prefix_length = 64, digits = RPAD(LEFT(digits, 16), 32, '0');
    END IF;

    SET high = CONV(LEFT(digits, 16), 16, 10), low = CONV(RIGHT(digits, 16), 16, 10);
    SET high_mask = ~0 >> LEAST(prefix_length, 64), low_mask = ~0 >> GREATEST(prefix_length, 64) - 64;
    IF high & high_mask OR low & low_mask THEN
        CALL proxy_refuse('bits are set after the prefix', prefix,
            'write 2001:db8::/32, not 2001:db8::7/32, or drop the length to mean the /64 of the address');
    END IF;
    IF prefix_length >= 96 AND digits LIKE '0064FF9B0000000000000000%' THEN -- NAT64: to the servers it is IPv4
        SET digits = CONCAT('00000000000000000000FFFF', RIGHT(digits, 8)), high = 0, low = low | 0xffff00000000;
    END IF;
    SET range_start = UNHEX(digits);
    SET range_end = UNHEX(CONCAT(LPAD(HEX(high | high_mask), 16, '0'), LPAD(HEX(low | low_mask), 16, '0')));

    SET family = 6, address = INET6_NTOA(UNHEX(digits));
    IF digits LIKE '00000000000000000000FFFF%' THEN -- prefix_length is 96 at least: a bit before that is set
        SET family = 4, prefix_length = prefix_length - 96, address = INET_NTOA(low & 4294967295);
    -- Where MariaDB's text is not that of RFC 5952: ::1.2.3.4, and a single group of zeros shortened.
    ELSEIF address LIKE '%.%' THEN
        SET address = LOWER(CONCAT('::', HEX(low >> 16), ':', HEX(low & 65535)));
    ELSEIF address RLIKE '^:{0,2}([0-9a-f]+(:{1,2}|\\z)){7}\\z' THEN
        SET address = TRIM(BOTH ':' FROM REPLACE(address, '::', ':0:'));
    END IF;
    SET prefix = CONCAT(address, '/', prefix_length);
END//

-- Reads '7 days', 'never' (also NULL and an empty text) or '2026-12-31 23:59:59': Unix time, NULL for never. A month has
-- 30 days here and a year 365.
CREATE OR REPLACE PROCEDURE proxy_ban_until(
    duration VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, OUT until_s BIGINT)
    NO SQL SQL SECURITY INVOKER COMMENT 'ropp: when a ban ends'
BEGIN
    DECLARE number INT UNSIGNED;
    DECLARE CONTINUE HANDLER FOR 1292 SET until_s = NULL; -- a day like February 30

    SET duration = TRIM(COALESCE(duration, ''));
    IF duration IN ('', 'never') THEN
        SET until_s = NULL;
    ELSE
        IF duration RLIKE '^[0-9]{1,9} *(second|minute|hour|day|week|month|year)s?\\z' THEN
            SET number = REGEXP_SUBSTR(duration, '^[0-9]+');
            SET until_s = UNIX_TIMESTAMP() + number * CASE
                WHEN duration LIKE '%second%' THEN 1
                WHEN duration LIKE '%minute%' THEN 60
                WHEN duration LIKE '%hour%' THEN 3600
                WHEN duration LIKE '%day%' THEN 86400
                WHEN duration LIKE '%week%' THEN 604800
                WHEN duration LIKE '%month%' THEN 2592000
                ELSE 31536000 END;
        ELSEIF duration RLIKE '^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}(:[0-9]{2})?)?\\z' THEN
            SET until_s = IF(duration > '2038-01-19', 2147483648, UNIX_TIMESTAMP(duration));
        END IF;
        IF until_s IS NULL THEN
            CALL proxy_refuse('no duration', duration,
                'write 30 minutes, 12 hours, 7 days, 2 weeks, never or a time like 2026-12-31 23:59:59');
        ELSEIF until_s > 2147483647 THEN -- all that a TIMESTAMP holds
            CALL proxy_refuse('ends after 2038-01-19', duration, 'write an earlier time, or never');
        END IF;
    END IF;
END//

-- The address that an IPv6 player has in the emulator, from the upper half of the true one: core/standin.c says the same in
-- C. A BIGINT overflows where C wraps around, so each product is put together from halves.
CREATE OR REPLACE PROCEDURE proxy_standin(network BIGINT UNSIGNED, OUT standin INT UNSIGNED)
    NO SQL SQL SECURITY INVOKER COMMENT 'ropp: the stand-in of an IPv6 network'
BEGIN
    DECLARE x BIGINT UNSIGNED DEFAULT network ^ (network >> 33);
    DECLARE low BIGINT UNSIGNED DEFAULT (x & 0xffffffff) * 0xed558ccd; -- times 0xff51afd7ed558ccd
    SET x = ((((x >> 32) * 0xed558ccd & 0xffffffff) + ((x & 0xffffffff) * 0xff51afd7 & 0xffffffff) + (low >> 32)
        & 0xffffffff) << 32) | (low & 0xffffffff);
    SET x = x ^ (x >> 33);
    SET low = (x & 0xffffffff) * 0x1a85ec53; -- times 0xc4ceb9fe1a85ec53
    SET x = ((((x >> 32) * 0x1a85ec53 & 0xffffffff) + ((x & 0xffffffff) * 0xc4ceb9fe & 0xffffffff) + (low >> 32)
        & 0xffffffff) << 32) | (low & 0xffffffff);
    SET x = x ^ (x >> 33);
    SET standin = LEAST(0xf0000000 | (x >> 36), 0xfffffffe);
END//

-- ---- triggers ----

-- A ban that hits half of the world is a slip, most likely. The bounds are those of `ropp ban`: shorter than /8 and /16.
CREATE OR REPLACE PROCEDURE proxy_wide_check(
    kind VARCHAR(8) CHARACTER SET utf8mb4, prefix VARCHAR(64) CHARACTER SET utf8mb4, family TINYINT UNSIGNED,
    prefix_length TINYINT UNSIGNED)
    NO SQL SQL SECURITY INVOKER COMMENT 'ropp: refuses a ban that is very wide'
BEGIN
    IF kind = 'ban' AND prefix_length < IF(family = 4, 8, 16) AND COALESCE(@ropp_wide, '') <> '1' THEN
        CALL proxy_refuse('very wide', prefix,
            CONCAT('shorter than /', IF(family = 4, 8, 16), ': if you mean it, SET @ropp_wide = 1 first'));
    END IF;
END//

CREATE OR REPLACE TRIGGER proxy_ban_before_insert BEFORE INSERT ON proxy_ban FOR EACH ROW
BEGIN
    -- Of what comes in bulk with all its columns the table's own rules say whether they fit, and most of a long list is not to be
    -- asked anything else. Each statement of a trigger costs, so that one tells those apart.
    IF NOT (@ropp_bulk <=> '1') OR NEW.family = 0 OR NEW.kind = '' OR NEW.prefix_length < 16
        OR (NEW.expires IS NOT NULL AND UNIX_TIMESTAMP(NEW.expires) <= UNIX_TIMESTAMP())
    THEN
        IF NEW.family = 0 OR NOT (@ropp_bulk <=> '1') THEN
            CALL proxy_prefix_parse(NEW.prefix, NEW.family, NEW.prefix_length, NEW.range_start, NEW.range_end);
            IF NEW.source NOT RLIKE '^[A-Za-z0-9._-]+\\z' THEN
                CALL proxy_refuse('bad name of a source', NEW.source, 'write letters, digits, dots, dashes and underscores');
            END IF;
        END IF;
        IF NEW.kind = '' THEN -- what a wrong word becomes without strict mode
            CALL proxy_refuse('bad kind of an entry', NEW.kind, 'write ban or allow');
        END IF;
        IF NEW.expires IS NOT NULL AND COALESCE(UNIX_TIMESTAMP(NEW.expires), 0) <= UNIX_TIMESTAMP() THEN
            CALL proxy_refuse('expires in the past', NEW.expires, 'write a later time, or NULL for never');
        END IF;
        IF NEW.prefix_length < 16 THEN
            CALL proxy_wide_check(NEW.kind, NEW.prefix, NEW.family, NEW.prefix_length);
        END IF;
    END IF;
END//

CREATE OR REPLACE TRIGGER proxy_ban_before_update BEFORE UPDATE ON proxy_ban FOR EACH ROW
BEGIN
    CALL proxy_prefix_parse(NEW.prefix, NEW.family, NEW.prefix_length, NEW.range_start, NEW.range_end);
    IF NEW.kind = '' THEN
        CALL proxy_refuse('bad kind of an entry', NEW.kind, 'write ban or allow');
    END IF;
    IF NEW.source NOT RLIKE '^[A-Za-z0-9._-]+\\z' THEN
        CALL proxy_refuse('bad name of a source', NEW.source, 'write letters, digits, dots, dashes and underscores');
    END IF;
    -- An entry that has expired may still be changed, but not to expire at some other time in the past.
    IF NEW.expires IS NOT NULL AND NOT NEW.expires <=> OLD.expires
        AND COALESCE(UNIX_TIMESTAMP(NEW.expires), 0) <= UNIX_TIMESTAMP() THEN
        CALL proxy_refuse('expires in the past', NEW.expires, 'write a later time, or NULL for never');
    END IF;
    -- What is in already may stay, with another reason or end.
    IF NEW.prefix <> OLD.prefix OR NEW.kind <> OLD.kind THEN
        CALL proxy_wide_check(NEW.kind, NEW.prefix, NEW.family, NEW.prefix_length);
    END IF;
END//

CREATE OR REPLACE PROCEDURE proxy_source_changed(
    source VARCHAR(64) CHARACTER SET utf8mb4, author VARCHAR(64) CHARACTER SET utf8mb4)
    MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT 'ropp: counts a change of a list'
BEGIN
    INSERT INTO proxy_source (name, version, author) VALUES (source, 1, author)
        ON DUPLICATE KEY UPDATE version = version + 1, updated = CURRENT_TIMESTAMP, author = VALUES(author);
END//

CREATE OR REPLACE PROCEDURE proxy_ban_changed(
    action VARCHAR(8) CHARACTER SET utf8mb4, id BIGINT UNSIGNED, kind VARCHAR(8) CHARACTER SET utf8mb4,
    prefix VARCHAR(64) CHARACTER SET utf8mb4, reason VARCHAR(255) CHARACTER SET utf8mb4,
    author VARCHAR(64) CHARACTER SET utf8mb4, source VARCHAR(64) CHARACTER SET utf8mb4, expires TIMESTAMP)
    MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT 'ropp: keeps the history of proxy_ban'
BEGIN
    SET author = LEFT(COALESCE(NULLIF(@ropp_author, ''), NULLIF(author, ''), USER()), 64);
    CALL proxy_source_changed(source, author);
    INSERT INTO proxy_ban_history (action, ban_id, kind, prefix, reason, author, source, expires, user)
        VALUES (action, id, kind, prefix, reason, author, source, expires, LEFT(USER(), 128));
END//

CREATE OR REPLACE TRIGGER proxy_ban_after_insert AFTER INSERT ON proxy_ban FOR EACH ROW
BEGIN
    IF NOT (@ropp_bulk <=> '1') THEN
        CALL proxy_ban_changed('add', NEW.id, NEW.kind, NEW.prefix, NEW.reason, NEW.author, NEW.source, NEW.expires);
    END IF;
END//

CREATE OR REPLACE TRIGGER proxy_ban_after_update AFTER UPDATE ON proxy_ban FOR EACH ROW
BEGIN
    IF NOT (@ropp_bulk <=> '1') THEN
        IF NEW.source <> OLD.source THEN
            CALL proxy_source_changed(OLD.source, LEFT(COALESCE(NULLIF(@ropp_author, ''), USER()), 64));
        END IF;
        CALL proxy_ban_changed('change', NEW.id, NEW.kind, NEW.prefix, NEW.reason, '', NEW.source, NEW.expires);
    END IF;
END//

CREATE OR REPLACE TRIGGER proxy_ban_after_delete AFTER DELETE ON proxy_ban FOR EACH ROW
BEGIN
    IF NOT (@ropp_bulk <=> '1') THEN
        CALL proxy_ban_changed('delete', OLD.id, OLD.kind, OLD.prefix, OLD.reason, '', OLD.source, OLD.expires);
    END IF;
END//

-- ---- for people who live in SQL ----

CREATE OR REPLACE PROCEDURE proxy_ban_put(
    kind VARCHAR(8) CHARACTER SET utf8mb4, prefix VARCHAR(64) CHARACTER SET utf8mb4,
    duration VARCHAR(64) CHARACTER SET utf8mb4, reason VARCHAR(255) CHARACTER SET utf8mb4)
    MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT 'ropp: proxy_ban_add and proxy_ban_allow'
BEGIN
    DECLARE until_s BIGINT;
    CALL proxy_ban_until(duration, until_s);
    -- In UTC, which has no hour that comes twice.
    SET STATEMENT time_zone = '+00:00' FOR
        INSERT INTO proxy_ban (kind, prefix, expires, reason, author)
            VALUES (kind, prefix, FROM_UNIXTIME(until_s), COALESCE(reason, ''),
                LEFT(COALESCE(NULLIF(@ropp_author, ''), USER()), 64));
END//

CREATE OR REPLACE PROCEDURE proxy_ban_add(
    prefix VARCHAR(64) CHARACTER SET utf8mb4, duration VARCHAR(64) CHARACTER SET utf8mb4,
    reason VARCHAR(255) CHARACTER SET utf8mb4)
    MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT 'ropp: bans a prefix for a duration; NULL or never for good'
BEGIN
    CALL proxy_ban_put('ban', prefix, duration, reason);
END//

CREATE OR REPLACE PROCEDURE proxy_ban_allow(
    prefix VARCHAR(64) CHARACTER SET utf8mb4, duration VARCHAR(64) CHARACTER SET utf8mb4,
    reason VARCHAR(255) CHARACTER SET utf8mb4)
    MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT 'ropp: lets a prefix in, whatever shorter prefix is banned'
BEGIN
    CALL proxy_ban_put('allow', prefix, duration, reason);
END//

CREATE OR REPLACE PROCEDURE proxy_ban_del(prefix VARCHAR(64) CHARACTER SET utf8mb4)
    MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT 'ropp: takes back all manual entries of a prefix'
BEGIN
    DECLARE family, length TINYINT UNSIGNED;
    DECLARE first, last INET6;
    CALL proxy_prefix_parse(prefix, family, length, first, last);
    DELETE FROM proxy_ban WHERE source = 'manual' AND range_start = first AND prefix_length = length;
    IF ROW_COUNT() = 0 THEN
        CALL proxy_refuse('no manual entry has this prefix', prefix,
            'CALL proxy_ban_check(an address) names the entry that decides');
    END IF;
END//

-- The entry of proxy_ban that decides about an address, in two halves; NULL when there is none. `counts_as` is the length its
-- prefix counts as: an entry for the stand-in of an IPv6 player counts as one for the /64. Prefixes around a stand-in reach nobody.
CREATE OR REPLACE PROCEDURE proxy_ban_find(
    family TINYINT UNSIGNED, high BIGINT UNSIGNED, low BIGINT UNSIGNED, standin INT UNSIGNED,
    OUT id BIGINT UNSIGNED, OUT kind VARCHAR(8) CHARACTER SET utf8mb4, OUT counts_as INT, OUT expires DATETIME)
    READS SQL DATA SQL SECURITY INVOKER COMMENT 'ropp: the entry that decides'
BEGIN
    DECLARE unused INT DEFAULT IF(family = 4, 96, 0); -- the bits before an IPv4 prefix
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    -- One look at the index for each length that a prefix around the address can have.
    WITH RECURSIVE lengths (bits) AS (
        SELECT IF(family = 4 AND standin IS NOT NULL, 128, unused) UNION ALL SELECT bits + 1 FROM lengths WHERE bits < 128
    ), probes (counts_as, length, start) AS (
        SELECT bits - unused, bits - unused, CAST(UNHEX(CONCAT(
                LPAD(HEX(high & ~(~0 >> LEAST(bits, 64))), 16, '0'),
                LPAD(HEX(low & ~(~0 >> GREATEST(bits, 64) - 64)), 16, '0'))) AS INET6)
            FROM lengths
        UNION ALL
        SELECT 64, 32, CAST(CONCAT('::ffff:', INET_NTOA(standin)) AS INET6) FROM DUAL WHERE family = 6
    )
    SELECT b.id, b.kind, p.counts_as, b.expires INTO id, kind, counts_as, expires
        FROM probes p STRAIGHT_JOIN proxy_ban b FORCE INDEX (by_prefix)
            ON b.range_start = p.start AND b.prefix_length = p.length
        WHERE b.expires IS NULL OR UNIX_TIMESTAMP(b.expires) > UNIX_TIMESTAMP()
        ORDER BY p.counts_as DESC, b.kind = 'allow' DESC, b.expires IS NULL DESC, b.expires DESC, b.id
        LIMIT 1;
END//

-- The row of the emulator's ipbanlist that decides about an address, as a dotted quad; NULL when there is none. One that the
-- emulator has written itself acts at its login alone, and so does a pattern around a stand-in; it decides where no other does.
CREATE OR REPLACE PROCEDURE proxy_ban_find_old(
    quad VARCHAR(15) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, is_standin BOOLEAN,
    OUT list VARCHAR(15) CHARACTER SET utf8mb4, OUT login_only BOOLEAN, OUT begins DATETIME, OUT expires DATETIME,
    OUT reason VARCHAR(255) CHARACTER SET utf8mb4)
    READS SQL DATA SQL SECURITY INVOKER COMMENT 'ropp: the row of ipbanlist that decides'
BEGIN
    DECLARE reasons TEXT CHARACTER SET utf8mb4;
    DECLARE CONTINUE HANDLER FOR NOT FOUND, 1142 BEGIN END; -- 1142: somebody who may not look at proxy_status

    -- What the servers say; the emulators' usual one where no server has said anything yet.
    SET reasons = (SELECT GROUP_CONCAT(s.login_only SEPARATOR '|') FROM proxy_status s);
    SET reasons = COALESCE(reasons, '["Password error ban"]');

    WITH patterns (pattern, length) AS (
        SELECT quad, 32 UNION ALL
        SELECT CONCAT(SUBSTRING_INDEX(quad, '.', 3), '.*'), 24 UNION ALL
        SELECT CONCAT(SUBSTRING_INDEX(quad, '.', 2), '.*.*'), 16 UNION ALL
        SELECT CONCAT(SUBSTRING_INDEX(quad, '.', 1), '.*.*.*'), 8
    )
    SELECT i.list, (is_standin AND p.length < 32) OR LOCATE(JSON_QUOTE(CONVERT(i.reason USING utf8mb4)), reasons) > 0 AS own,
            i.btime, i.rtime, i.reason
        INTO list, login_only, begins, expires, reason
        FROM patterns p JOIN ipbanlist i ON CONVERT(i.list USING utf8mb4) = p.pattern
        WHERE i.rtime > NOW() ORDER BY own, p.length DESC, i.rtime DESC LIMIT 1;
END//

-- What the servers say of an address, and the entry that decides: core/table.h and core/ban.h have the rule.
CREATE OR REPLACE PROCEDURE proxy_ban_check(address VARCHAR(64) CHARACTER SET utf8mb4)
    READS SQL DATA SQL SECURITY INVOKER COMMENT 'ropp: whether an address is banned, and why'
BEGIN
    DECLARE prefix VARCHAR(64) CHARACTER SET utf8mb4 DEFAULT CONCAT(address, IF(LOCATE(':', address), '/128', '/32'));
    DECLARE family, prefix_length TINYINT UNSIGNED;
    DECLARE first, last INET6;
    DECLARE high, low BIGINT UNSIGNED; -- the halves of the address
    DECLARE standin INT UNSIGNED;      -- of an IPv6 player, or itself the address
    DECLARE id BIGINT UNSIGNED;
    DECLARE kind VARCHAR(8) CHARACTER SET utf8mb4;
    DECLARE counts_as INT;
    DECLARE old_login_only BOOLEAN;
    DECLARE expires, old_begins, old_expires DATETIME;
    DECLARE old_list VARCHAR(15) CHARACTER SET utf8mb4;
    DECLARE old_reason VARCHAR(255) CHARACTER SET utf8mb4;

    IF LOCATE('/', address) THEN
        CALL proxy_refuse('no single address', address, 'write it without a length');
    END IF;
    CALL proxy_prefix_parse(prefix, family, prefix_length, first, last);
    SET high = CONV(LEFT(HEX(INET6_ATON(first)), 16), 16, 10), low = CONV(RIGHT(HEX(INET6_ATON(first)), 16), 16, 10);
    IF family = 6 THEN
        CALL proxy_standin(high, standin);
    ELSEIF low & 0xf0000000 = 0xf0000000 THEN
        SET standin = low & 0xffffffff;
    END IF;
    CALL proxy_ban_find(family, high, low, standin, id, kind, counts_as, expires);
    IF EXISTS (SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'ipbanlist') THEN
        CALL proxy_ban_find_old(INET_NTOA(COALESCE(standin, low & 0xffffffff)), standin IS NOT NULL,
            old_list, old_login_only, old_begins, old_expires, old_reason);
    END IF;

    IF old_list IS NOT NULL AND id IS NULL THEN
        SELECT IF(old_login_only, 'no new logins', 'banned') AS verdict, address, NULL AS id, 'ban' AS kind, old_list AS prefix, old_reason AS reason,
            '' AS author, 'ipbanlist' AS source, old_begins AS created, old_expires AS expires;
    ELSE
        SELECT CASE b.kind WHEN 'ban' THEN 'banned' WHEN 'allow' THEN 'allowed' ELSE 'not listed' END AS verdict,
            address, b.id, b.kind, b.prefix, b.reason, b.author, b.source, b.created, b.expires
            FROM (SELECT id AS found) decides LEFT JOIN proxy_ban b ON b.id = decides.found;
    END IF;
END//

DELIMITER ;
SET sql_mode = @ropp_sql_mode;
