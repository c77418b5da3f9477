-- SPDX-License-Identifier: MIT
CREATE TABLE IF NOT EXISTS `loginlog` (
  `time` datetime NOT NULL,
  `ip` varchar(15) NOT NULL DEFAULT '',
  `user` varchar(23) NOT NULL DEFAULT '',
  `rcode` tinyint(4) NOT NULL DEFAULT 0,
  `log` varchar(255) NOT NULL DEFAULT '',
  KEY `ip` (`ip`)
);
