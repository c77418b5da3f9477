-- ropp's tables, triggers and procedures. They live in the database of the emulator's own `ipbanlist`.
--
--     mariadb DATABASE < sql/install.sql
--
-- Safe to load again at any time: no row is touched, triggers and procedures are made anew. Do so after a dump was restored
-- (a dump holds the procedures only with --routines, and its triggers run as the user who made them, who must exist), and
-- after sql/upgrade.sql. Needs MariaDB 10.6, and the rights to create tables, triggers and procedures in that database;
-- where the server writes a binary log, also log_bin_trust_function_creators = 1.
--
-- To ban:    CALL proxy_ban_add('203.0.113.0/24', '7 days', 'bots');     or INSERT INTO proxy_ban (prefix, reason) ...
-- To let in: CALL proxy_ban_allow('203.0.113.7', 'never', 'the office'); the longest prefix decides
-- To undo:   CALL proxy_ban_del('203.0.113.0/24');                       or DELETE FROM proxy_ban ...
-- To ask:    CALL proxy_ban_check('203.0.113.9');
-- Who did what is in proxy_ban_history. SET @ropp_author = 'name' there where one SQL user serves many people.
--
-- Whoever may INSERT into proxy_ban needs no other right: triggers do the rest in the name of the user who loaded this file.
-- Whoever is to CALL the procedures needs EXECUTE, and SELECT, INSERT and DELETE on proxy_ban (SELECT on ipbanlist, too).
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
--     COMMIT;
--     SET @ropp_bulk = NULL;

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
            'ropp: these tables are of an older version: proxy_schema: load sql/upgrade.sql first';
    ELSEIF found > 1 THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
            'ropp: these tables are of a newer version: proxy_schema: load the install.sql of that version';
    END IF;
END//

INSERT IGNORE INTO proxy_schema (version) VALUES (1)//

-- A writer gives `prefix`, and what else it likes. The triggers write it as RFC 5952 wants it and fill in the columns below it,
-- or refuse the row. An IPv6 address without a length means its /64, an IPv4-mapped one the IPv4 address.
-- Prefixes may stand here more than once; core/table.h says which entry decides.
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
    KEY in_order (source, range_start, prefix_length, id),
    KEY by_prefix (range_start, prefix_length),
    KEY by_expiry (expires),
    CONSTRAINT `ropp: the triggers are missing: load sql/install.sql`
        CHECK (prefix_length <= CASE family WHEN 4 THEN 32 WHEN 6 THEN 128 ELSE -1 END AND range_start <= range_end)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci COMMENT = 'ropp: bans and allowances'//

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
    KEY by_source (source, time)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci COMMENT = 'ropp: the journal of connections'//

CREATE TABLE IF NOT EXISTS proxy_status (
    server           VARCHAR(16)       NOT NULL COMMENT 'login, char, map or api',
    host             VARCHAR(64)       NOT NULL,
    port             SMALLINT UNSIGNED NOT NULL,
    pid              INT UNSIGNED      NOT NULL DEFAULT 0,
    version          VARCHAR(16)       NOT NULL DEFAULT '',
    started          TIMESTAMP         NOT NULL DEFAULT CURRENT_TIMESTAMP,
    heartbeat        TIMESTAMP         NOT NULL DEFAULT CURRENT_TIMESTAMP,
    mode             VARCHAR(8)        NOT NULL DEFAULT '' COMMENT 'proxy_protocol',
    snapshot_loaded  TIMESTAMP         NULL DEFAULT NULL,
    snapshot_entries INT UNSIGNED      NOT NULL DEFAULT 0,
    snapshot_bytes   BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    bans_state       VARCHAR(16)       NOT NULL DEFAULT '' COMMENT 'loading, current, stale or off',
    journal_dropped  BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    accepted         BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    proxied          BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    refused          BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    banned           BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    kicked           BIGINT UNSIGNED   NOT NULL DEFAULT 0,
    reasons          TEXT              NOT NULL DEFAULT '{}' COMMENT 'JSON: how often for which reason',
    PRIMARY KEY (server, host, port)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci COMMENT = 'ropp: one row a server process'//

-- ---- what triggers and procedures share ----

CREATE OR REPLACE PROCEDURE proxy_refuse(
    what VARCHAR(64) CHARACTER SET utf8mb4, value VARCHAR(255) CHARACTER SET utf8mb4,
    what_to_do VARCHAR(255) CHARACTER SET utf8mb4)
    NO SQL SQL SECURITY INVOKER COMMENT 'ropp: ends the statement with an error'
BEGIN
    DECLARE message VARCHAR(512) CHARACTER SET utf8mb4 DEFAULT
        CONCAT('ropp: ', what, ': ', COALESCE(LEFT(value, 64), 'NULL'), ': ', what_to_do);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = message;
END//

-- Reads ADDRESS or ADDRESS/LENGTH as the module does (core/addr.h), but for one IPv6 address: that means its /64.
-- `prefix` comes back as it is to be written.
CREATE OR REPLACE PROCEDURE proxy_prefix_parse(
    INOUT prefix VARCHAR(64) CHARACTER SET utf8mb4, OUT family TINYINT UNSIGNED, OUT prefix_length TINYINT UNSIGNED,
    OUT range_start INET6, OUT range_end INET6)
    NO SQL SQL SECURITY INVOKER COMMENT 'ropp: reads a prefix'
BEGIN
    DECLARE address VARCHAR(64) CHARACTER SET utf8mb4 DEFAULT SUBSTRING_INDEX(prefix, '/', 1);
    DECLARE digits VARCHAR(32) CHARACTER SET utf8mb4 DEFAULT HEX(INET6_ATON(address));
    DECLARE length VARCHAR(64) CHARACTER SET utf8mb4;
    DECLARE bits INT;                                                 -- the prefix's, of 128
    DECLARE high, low, high_mask, low_mask BIGINT UNSIGNED DEFAULT 0; -- masks: the bits after the prefix

    -- MariaDB reads 1.2.3.04, which others take for octal, and stops at a NUL.
    IF digits IS NULL OR IF(CHAR_LENGTH(digits) = 8, INET6_NTOA(UNHEX(digits)) <> address,
                            address RLIKE '[^0-9A-Fa-f:.]|[:.]0[0-9]+\\.|\\.0[0-9]') THEN
        CALL proxy_refuse('no address', prefix,
            'write an IPv4 or IPv6 address such as 192.0.2.7 or 2001:db8::7, and a prefix as ADDRESS/LENGTH');
    END IF;

    SET bits = 128;
    IF CHAR_LENGTH(address) < CHAR_LENGTH(prefix) THEN
        SET length = SUBSTRING(prefix, CHAR_LENGTH(address) + 2);
        IF length NOT RLIKE '^(0|[1-9][0-9]{0,2})\\z' OR length > CHAR_LENGTH(digits) * 4 THEN
            CALL proxy_refuse('bad prefix length', prefix,
                'write it behind the slash as a plain number, at most 32 for IPv4 and 128 for IPv6');
        END IF;
        SET bits = length + 128 - CHAR_LENGTH(digits) * 4;
    ELSEIF CHAR_LENGTH(digits) = 32 AND digits NOT LIKE '00000000000000000000FFFF%' THEN
        SET bits = 64, digits = RPAD(LEFT(digits, 16), 32, '0');
    END IF;

    SET digits = LPAD(digits, 32, '00000000000000000000FFFF');
    SET high = CONV(LEFT(digits, 16), 16, 10), low = CONV(RIGHT(digits, 16), 16, 10);
    SET high_mask = ~0 >> LEAST(bits, 64), low_mask = ~0 >> GREATEST(bits - 64, 0);
    IF high & high_mask OR low & low_mask THEN
        CALL proxy_refuse('bits are set after the prefix', prefix,
            'write 192.0.2.0/24, not 192.0.2.7/24, or drop the length to mean the one address');
    END IF;
    SET range_start = UNHEX(digits);
    SET range_end = UNHEX(CONCAT(LPAD(HEX(high | high_mask), 16, '0'), LPAD(HEX(low | low_mask), 16, '0')));

    IF digits LIKE '00000000000000000000FFFF%' THEN
        SET family = 4, prefix_length = bits - 96;
        SET address = INET_NTOA(low & 0xFFFFFFFF);
    ELSE
        SET family = 6, prefix_length = bits;
        SET address = INET6_NTOA(UNHEX(digits));
        -- Where MariaDB's text is not that of RFC 5952: ::1.2.3.4, and a single zero group shortened.
        IF address LIKE '%.%' THEN
            SET address = LOWER(CONCAT('::', HEX(low >> 16), ':', HEX(low & 0xFFFF)));
        ELSEIF address RLIKE '^:{0,2}([0-9a-f]+(:{1,2}|\\z)){7}\\z' THEN
            SET address = TRIM(BOTH ':' FROM REPLACE(address, '::', ':0:'));
        END IF;
    END IF;
    SET prefix = CONCAT(address, '/', prefix_length);
END//

-- ---- triggers ----

CREATE OR REPLACE TRIGGER proxy_ban_before_insert BEFORE INSERT ON proxy_ban FOR EACH ROW
BEGIN
    CALL proxy_prefix_parse(NEW.prefix, NEW.family, NEW.prefix_length, NEW.range_start, NEW.range_end);
    IF NEW.source NOT RLIKE '^[A-Za-z0-9._-]+\\z' THEN
        CALL proxy_refuse('bad name of a source', NEW.source, 'write letters, digits, dots, dashes and underscores');
    END IF;
    IF UNIX_TIMESTAMP(NEW.expires) <= UNIX_TIMESTAMP() THEN
        CALL proxy_refuse('expires in the past', NEW.expires, 'write a later time, or NULL for never');
    END IF;
    IF NEW.kind = '' THEN -- what a wrong word becomes without strict mode
        CALL proxy_refuse('bad kind', NEW.kind, 'write ban or allow');
    END IF;
END//

CREATE OR REPLACE TRIGGER proxy_ban_before_update BEFORE UPDATE ON proxy_ban FOR EACH ROW
BEGIN
    CALL proxy_prefix_parse(NEW.prefix, NEW.family, NEW.prefix_length, NEW.range_start, NEW.range_end);
    IF NEW.source NOT RLIKE '^[A-Za-z0-9._-]+\\z' THEN
        CALL proxy_refuse('bad name of a source', NEW.source, 'write letters, digits, dots, dashes and underscores');
    END IF;
    IF NOT NEW.expires <=> OLD.expires AND UNIX_TIMESTAMP(NEW.expires) <= UNIX_TIMESTAMP() THEN
        CALL proxy_refuse('expires in the past', NEW.expires, 'write a later time, or NULL for never');
    END IF;
    IF NEW.kind = '' THEN
        CALL proxy_refuse('bad kind', NEW.kind, 'write ban or allow');
    END IF;
END//

CREATE OR REPLACE PROCEDURE proxy_source_changed(
    source VARCHAR(64) CHARACTER SET utf8mb4, author VARCHAR(64) CHARACTER SET utf8mb4)
    MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT 'ropp: counts a change of a list'
BEGIN
    INSERT INTO proxy_source (name, version, author) VALUES (source, 1, author)
        ON DUPLICATE KEY UPDATE version = version + 1, updated = CURRENT_TIMESTAMP, author = VALUES(author);
END//

CREATE OR REPLACE TRIGGER proxy_ban_after_insert AFTER INSERT ON proxy_ban FOR EACH ROW
BEGIN
    DECLARE actor VARCHAR(64) CHARACTER SET utf8mb4;
    IF COALESCE(@ropp_bulk, '') <> '1' THEN
        SET actor = LEFT(COALESCE(NULLIF(@ropp_author, ''), NULLIF(NEW.author, ''), USER()), 64);
        CALL proxy_source_changed(NEW.source, actor);
        INSERT INTO proxy_ban_history (action, ban_id, kind, prefix, reason, author, source, expires, user)
            VALUES ('add', NEW.id, NEW.kind, NEW.prefix, NEW.reason, actor, NEW.source, NEW.expires, LEFT(USER(), 128));
    END IF;
END//

CREATE OR REPLACE TRIGGER proxy_ban_after_update AFTER UPDATE ON proxy_ban FOR EACH ROW
BEGIN
    DECLARE actor VARCHAR(64) CHARACTER SET utf8mb4;
    IF COALESCE(@ropp_bulk, '') <> '1' THEN
        SET actor = LEFT(COALESCE(NULLIF(@ropp_author, ''), USER()), 64);
        CALL proxy_source_changed(NEW.source, actor);
        IF NEW.source <> OLD.source THEN
            CALL proxy_source_changed(OLD.source, actor);
        END IF;
        INSERT INTO proxy_ban_history (action, ban_id, kind, prefix, reason, author, source, expires, user)
            VALUES ('change', NEW.id, NEW.kind, NEW.prefix, NEW.reason, actor, NEW.source, NEW.expires, LEFT(USER(), 128));
    END IF;
END//

CREATE OR REPLACE TRIGGER proxy_ban_after_delete AFTER DELETE ON proxy_ban FOR EACH ROW
BEGIN
    DECLARE actor VARCHAR(64) CHARACTER SET utf8mb4;
    IF COALESCE(@ropp_bulk, '') <> '1' THEN
        SET actor = LEFT(COALESCE(NULLIF(@ropp_author, ''), USER()), 64);
        CALL proxy_source_changed(OLD.source, actor);
        INSERT INTO proxy_ban_history (action, ban_id, kind, prefix, reason, author, source, expires, user)
            VALUES ('delete', OLD.id, OLD.kind, OLD.prefix, OLD.reason, actor, OLD.source, OLD.expires, LEFT(USER(), 128));
    END IF;
END//

DELIMITER ;
SET sql_mode = @ropp_sql_mode;
