-- SPDX-License-Identifier: MIT
CREATE TABLE loginlog (
  time datetime NOT NULL,
  ip varchar(15) DEFAULT '' NOT NULL,
  user varchar(23) DEFAULT '' NOT NULL,
  rcode tinyint(4) DEFAULT 0 NOT NULL,
  log varchar(255) DEFAULT '' NOT NULL,
  KEY ip (ip)
);
