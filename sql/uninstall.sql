-- SPDX-License-Identifier: MIT
-- Removes everything that sql/install.sql has made: all bans, their history and the connection log. The emulator's own tables,
-- ipbanlist among them, stay.
--
--     mariadb DATABASE < sql/uninstall.sql
--
-- Safe to load again. Set proxy_bans to off in the servers' settings first, or they will look for the tables.

DROP TABLE IF EXISTS proxy_ban; -- its triggers go with it
DROP TABLE IF EXISTS proxy_source, proxy_ban_history, proxy_connlog, proxy_status, proxy_schema;
DROP PROCEDURE IF EXISTS proxy_ban_add;
DROP PROCEDURE IF EXISTS proxy_ban_allow;
DROP PROCEDURE IF EXISTS proxy_ban_changed;
DROP PROCEDURE IF EXISTS proxy_ban_check;
DROP PROCEDURE IF EXISTS proxy_ban_del;
DROP PROCEDURE IF EXISTS proxy_ban_find;
DROP PROCEDURE IF EXISTS proxy_ban_find_old;
DROP PROCEDURE IF EXISTS proxy_ban_put;
DROP PROCEDURE IF EXISTS proxy_ban_until;
DROP PROCEDURE IF EXISTS proxy_prefix_parse;
DROP PROCEDURE IF EXISTS proxy_prefix_parse_ipv6;
DROP PROCEDURE IF EXISTS proxy_refuse;
DROP PROCEDURE IF EXISTS proxy_source_changed;
DROP PROCEDURE IF EXISTS proxy_standin;
DROP PROCEDURE IF EXISTS proxy_wide_check;
