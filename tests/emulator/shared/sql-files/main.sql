-- Tables of the login server. The column names are those control panels and tools work with.

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

-- the account the char server logs in with
INSERT INTO `login` (`account_id`, `userid`, `user_pass`, `sex`, `email`)
  VALUES (1, 's1', 'p1', 'S', 'athena@athena.com');
