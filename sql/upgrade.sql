-- SPDX-License-Identifier: MIT
-- Brings the tables of an older ropp to the shape that this version's install.sql works with; then load that, for it makes the
-- triggers and procedures anew:
--
--     cat sql/upgrade.sql sql/install.sql | mariadb DATABASE
--
-- Safe to load again at any time: what is up to date stays as it is. No ban is lost, and the servers may run meanwhile.
-- Each version adds its step below, and each step ends by writing its version to proxy_schema. There is none yet: 1 is the
-- first version.

SET @ropp_sql_mode = @@sql_mode, sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

DELIMITER //

BEGIN NOT ATOMIC
    IF NOT EXISTS (SELECT 1 FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'proxy_schema') THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
            'ropp: there is nothing to upgrade: no table proxy_schema in this database: load sql/install.sql';
    ELSEIF (SELECT MAX(version) FROM proxy_schema) > 1 THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
            'ropp: the tables are of a newer version: proxy_schema: load the upgrade.sql of that version';
    END IF;
END//

DELIMITER ;
SET sql_mode = @ropp_sql_mode;
