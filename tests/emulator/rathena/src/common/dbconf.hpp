#ifndef DBCONF_HPP
#define DBCONF_HPP

#include <string>

#include "sql.hpp"

// Where a part of the server has its tables, as inter_athena.conf says under a prefix of its own:
// <prefix>_ip, _port, _id, _pw, _db.
struct db_address {
	std::string ip = "127.0.0.1";
	uint16 port = 3306;
	std::string id = "ragnarok";
	std::string pw = "";
	std::string db = "ragnarok";
	std::string codepage = "";

	// Takes a setting; false if the key does not begin with the prefix.
	bool take(const char *prefix, const char *key, const char *value);

	// A new connection, or a null pointer and a word about it.
	Sql *open(const char *what) const;
};

#endif /* DBCONF_HPP */
