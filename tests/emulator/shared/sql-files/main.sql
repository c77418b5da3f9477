-- SPDX-License-Identifier: MIT
-- Tables of the login and the char server. The column names are those control panels and tools work with.

CREATE TABLE `char` (
  char_id int unsigned NOT NULL AUTO_INCREMENT,
  account_id int unsigned DEFAULT 0 NOT NULL,
  char_num tinyint(1) DEFAULT 0 NOT NULL,
  name varchar(30) DEFAULT '' NOT NULL,
  class smallint(6) unsigned DEFAULT 0 NOT NULL,
  base_level smallint(6) unsigned DEFAULT 1 NOT NULL,
  hair tinyint(4) unsigned DEFAULT 0 NOT NULL,
  hair_color smallint(5) unsigned DEFAULT 0 NOT NULL,
  last_map varchar(11) DEFAULT '' NOT NULL,
  last_x smallint(4) unsigned DEFAULT 0 NOT NULL,
  last_y smallint(4) unsigned DEFAULT 0 NOT NULL,
  online tinyint(2) DEFAULT 0 NOT NULL,
  sex enum('M','F') DEFAULT 'M' NOT NULL,
  PRIMARY KEY (char_id),
  UNIQUE KEY name_key (name),
  KEY account_id (account_id)
) AUTO_INCREMENT=150000;

CREATE TABLE charlog (
  time datetime NOT NULL,
  char_msg varchar(255) DEFAULT 'char select' NOT NULL,
  account_id int unsigned DEFAULT 0 NOT NULL,
  char_num tinyint(4) unsigned DEFAULT 0 NOT NULL,
  name varchar(23) DEFAULT '' NOT NULL,
  hair tinyint(4) DEFAULT 0 NOT NULL,
  hair_color int DEFAULT 0 NOT NULL,
  KEY account_id (account_id)
);

CREATE TABLE ipbanlist (
  list varchar(15) DEFAULT '' NOT NULL, -- a.b.c.d, a.b.c.*, a.b.*.* or a.*.*.*
  btime datetime NOT NULL,
  rtime datetime NOT NULL,
  reason varchar(255) DEFAULT '' NOT NULL,
  PRIMARY KEY (list, btime)
);

CREATE TABLE login (
  account_id int unsigned NOT NULL AUTO_INCREMENT,
  userid varchar(23) DEFAULT '' NOT NULL,
  user_pass varchar(32) DEFAULT '' NOT NULL,
  sex enum('M','F','S') DEFAULT 'M' NOT NULL,
  email varchar(39) DEFAULT '' NOT NULL,
  group_id tinyint(3) DEFAULT 0 NOT NULL,
  state int unsigned DEFAULT 0 NOT NULL,
  unban_time int unsigned DEFAULT 0 NOT NULL,
  expiration_time int unsigned DEFAULT 0 NOT NULL,
  logincount mediumint(9) unsigned DEFAULT 0 NOT NULL,
  lastlogin datetime,
  last_ip varchar(100) DEFAULT '' NOT NULL,
  birthdate date,
  character_slots tinyint(3) unsigned DEFAULT 0 NOT NULL,
  pincode varchar(4) DEFAULT '' NOT NULL,
  pincode_change int unsigned DEFAULT 0 NOT NULL,
  web_auth_token varchar(17) NULL,
  web_auth_token_enabled tinyint(2) DEFAULT 0 NOT NULL,
  PRIMARY KEY (account_id),
  KEY name (userid),
  UNIQUE KEY web_auth_token_key (web_auth_token)
) AUTO_INCREMENT=2000000;

-- the account the char server logs in with, and the map servers there
INSERT INTO login (account_id, userid, user_pass, sex, email)
  VALUES (1, 's1', 'p1', 'S', 'athena@athena.com');
