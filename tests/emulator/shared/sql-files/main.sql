-- SPDX-License-Identifier: MIT
-- Tables of the login and the char server. The column names are those control panels and tools work with.

CREATE TABLE IF NOT EXISTS `char` (
  `char_id` int(11) unsigned NOT NULL AUTO_INCREMENT,
  `account_id` int(11) unsigned NOT NULL DEFAULT 0,
  `char_num` tinyint(1) NOT NULL DEFAULT 0,
  `name` varchar(30) NOT NULL DEFAULT '',
  `class` smallint(6) unsigned NOT NULL DEFAULT 0,
  `base_level` smallint(6) unsigned NOT NULL DEFAULT 1,
  `hair` tinyint(4) unsigned NOT NULL DEFAULT 0,
  `hair_color` smallint(5) unsigned NOT NULL DEFAULT 0,
  `last_map` varchar(11) NOT NULL DEFAULT '',
  `last_x` smallint(4) unsigned NOT NULL DEFAULT 0,
  `last_y` smallint(4) unsigned NOT NULL DEFAULT 0,
  `online` tinyint(2) NOT NULL DEFAULT 0,
  `sex` enum('M','F') NOT NULL DEFAULT 'M',
  PRIMARY KEY (`char_id`),
  UNIQUE KEY `name_key` (`name`),
  KEY `account_id` (`account_id`)
) AUTO_INCREMENT=150000;

CREATE TABLE IF NOT EXISTS `charlog` (
  `time` datetime NOT NULL,
  `char_msg` varchar(255) NOT NULL DEFAULT 'char select',
  `account_id` int(11) unsigned NOT NULL DEFAULT 0,
  `char_num` tinyint(4) unsigned NOT NULL DEFAULT 0,
  `name` varchar(23) NOT NULL DEFAULT '',
  `hair` tinyint(4) NOT NULL DEFAULT 0,
  `hair_color` int(11) NOT NULL DEFAULT 0,
  KEY `account_id` (`account_id`)
);

CREATE TABLE IF NOT EXISTS `ipbanlist` (
  `list` varchar(15) NOT NULL DEFAULT '', -- a.b.c.d, a.b.c.*, a.b.*.* or a.*.*.*
  `btime` datetime NOT NULL,
  `rtime` datetime NOT NULL,
  `reason` varchar(255) NOT NULL DEFAULT '',
  PRIMARY KEY (`list`, `btime`)
);

CREATE TABLE IF NOT EXISTS `login` (
  `account_id` int(11) unsigned NOT NULL AUTO_INCREMENT,
  `userid` varchar(23) NOT NULL DEFAULT '',
  `user_pass` varchar(32) NOT NULL DEFAULT '',
  `sex` enum('M','F','S') NOT NULL DEFAULT 'M',
  `email` varchar(39) NOT NULL DEFAULT '',
  `group_id` tinyint(3) NOT NULL DEFAULT 0,
  `state` int(11) unsigned NOT NULL DEFAULT 0,
  `unban_time` int(11) unsigned NOT NULL DEFAULT 0,
  `expiration_time` int(11) unsigned NOT NULL DEFAULT 0,
  `logincount` mediumint(9) unsigned NOT NULL DEFAULT 0,
  `lastlogin` datetime,
  `last_ip` varchar(100) NOT NULL DEFAULT '',
  `birthdate` date,
  `character_slots` tinyint(3) unsigned NOT NULL DEFAULT 0,
  `pincode` varchar(4) NOT NULL DEFAULT '',
  `pincode_change` int(11) unsigned NOT NULL DEFAULT 0,
  `web_auth_token` varchar(17) NULL,
  `web_auth_token_enabled` tinyint(2) NOT NULL DEFAULT 0,
  PRIMARY KEY (`account_id`),
  KEY `name` (`userid`),
  UNIQUE KEY `web_auth_token_key` (`web_auth_token`)
) AUTO_INCREMENT=2000000;

-- the account the char server logs in with, and the map servers there
INSERT INTO `login` (`account_id`, `userid`, `user_pass`, `sex`, `email`)
  VALUES (1, 's1', 'p1', 'S', 'athena@athena.com');
