// SPDX-License-Identifier: MIT
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* vasprintf */
#endif
#include "common/sql.h"

#include "common/memmgr.h"
#include "common/showmsg.h"
#include "common/timer.h"

#include <mysql.h>
#include <stdarg.h>
#include <stdio.h>

struct Sql {
	MYSQL mysql;
	MYSQL_RES *rows;
	MYSQL_ROW row;
	int32 ping_timer;
};

/* A connection that was silent for longer than the server's wait_timeout would be closed. */
static TIMER_FUNC(sql_ping)
{
	return mysql_ping(&((struct Sql *)data)->mysql);
}

static void sql_keep_alive(struct Sql *self)
{
	int32 interval = 28800;

	if (Sql_Query(self, "SHOW VARIABLES LIKE 'wait_timeout'") && Sql_NextRow(self))
		interval = (int32)Sql_Number(self, 1);
	Sql_FreeResult(self);
	interval = ((interval < 60 ? 60 : interval) - 30) * 1000;
	self->ping_timer = timer_start(gettick() + interval, sql_ping, 0, (intptr_t)self, interval);
}

struct Sql *Sql_Open(const struct db_address *address, const char *what)
{
	struct Sql *self;
	bool reconnect = true;

	CREATE(self, struct Sql, 1);
	self->ping_timer = INVALID_TIMER;
	mysql_init(&self->mysql);
	mysql_options(&self->mysql, MYSQL_OPT_RECONNECT, &reconnect);
	if (mysql_real_connect(&self->mysql, address->hostname, address->username, address->password,
	                       address->database, address->port, NULL, 0) == NULL) {
		ShowError("%s: no database '%s' for '%s' at %s, port %u: %s\n", what, address->database,
		          address->username, address->hostname, address->port, mysql_error(&self->mysql));
		Sql_Free(self);
		return NULL;
	}
	if (address->codepage[0] != '\0' &&
	    mysql_set_character_set(&self->mysql, address->codepage) != 0)
		ShowSQL("%s: no character set '%s'\n", what, address->codepage);
	sql_keep_alive(self);
	return self;
}

void Sql_Free(struct Sql *self)
{
	if (self == NULL)
		return;
	Sql_FreeResult(self);
	timer_stop(self->ping_timer, sql_ping);
	mysql_close(&self->mysql);
	aFree(self);
}

void Sql_Escape(struct Sql *self, char *to, const char *from, size_t length)
{
	mysql_real_escape_string(&self->mysql, to, from, (unsigned long)length);
}

bool Sql_Query(struct Sql *self, const char *query, ...)
{
	char *text = NULL;
	va_list args;
	int length;
	bool done;

	va_start(args, query);
	length = vasprintf(&text, query, args);
	va_end(args);
	if (length < 0)
		return false;
	Sql_FreeResult(self);
	done = mysql_real_query(&self->mysql, text, (unsigned long)length) == 0;
	if (done) {
		self->rows = mysql_store_result(&self->mysql);
		done = mysql_errno(&self->mysql) == 0;
	}
	if (!done)
		ShowSQL("%s: %s\n", mysql_error(&self->mysql), text);
	free(text);
	return done;
}

uint64 Sql_NumRows(struct Sql *self)
{
	return self->rows != NULL ? mysql_num_rows(self->rows) : 0;
}

bool Sql_NextRow(struct Sql *self)
{
	self->row = self->rows != NULL ? mysql_fetch_row(self->rows) : NULL;
	return self->row != NULL;
}

const char *Sql_Text(struct Sql *self, size_t column)
{
	if (self->row == NULL || column >= mysql_num_fields(self->rows) || self->row[column] == NULL)
		return "";
	return self->row[column];
}

uint32 Sql_Number(struct Sql *self, size_t column)
{
	return (uint32)strtoul(Sql_Text(self, column), NULL, 10);
}

void Sql_FreeResult(struct Sql *self)
{
	if (self->rows != NULL)
		mysql_free_result(self->rows);
	self->rows = NULL;
	self->row = NULL;
}
