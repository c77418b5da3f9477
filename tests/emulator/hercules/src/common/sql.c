#define _GNU_SOURCE
#define HERCULES_CORE

#include "sql.h"

#include "common/memmgr.h"
#include "common/showmsg.h"
#include "common/timer.h"

#include <mysql.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct sql_interface the_sql;
struct sql_interface *SQL;

struct Sql {
	MYSQL mysql;
	MYSQL_RES *rows;
	MYSQL_ROW current;
	unsigned long *widths;
	char *query;
	int ping_timer;
};

static struct Sql *Sql_Malloc(void)
{
	struct Sql *self;
	bool reconnect = true;

	CREATE(self, struct Sql, 1);
	mysql_init(&self->mysql);
	mysql_options(&self->mysql, MYSQL_OPT_RECONNECT, &reconnect);
	self->ping_timer = INVALID_TIMER;
	return self;
}

/* A connection that idles longer than the server's wait_timeout would be closed. */
static int sql_ping(int tid, int64 tick, int id, intptr_t data)
{
	ShowInfo("Is the database still there?\n");
	return mysql_ping(&((struct Sql *)data)->mysql);
}

static int Sql_Connect(struct Sql *self, const char *user, const char *passwd, const char *host,
                       uint16 port, const char *db)
{
	char *text = NULL;
	int timeout_s = 28800;

	if (mysql_real_connect(&self->mysql, host, user, passwd, db, port, NULL, 0) == NULL) {
		ShowSQL("cannot connect: %s\n", mysql_error(&self->mysql));
		return SQL_ERROR;
	}
	if (SQL->Query(self, "SHOW VARIABLES LIKE 'wait_timeout'") == SQL_SUCCESS &&
	    SQL->NextRow(self) == SQL_SUCCESS && SQL->GetData(self, 1, &text, NULL) == SQL_SUCCESS &&
	    text != NULL)
		timeout_s = atoi(text);
	SQL->FreeResult(self);
	if (timeout_s < 60)
		timeout_s = 60;
	int interval = (timeout_s - 30) * 1000;
	timer->add_func_list(sql_ping, "sql_ping");
	self->ping_timer =
	    timer->add_interval(timer->gettick() + interval, sql_ping, 0, (intptr_t)self, interval);
	return SQL_SUCCESS;
}

static int Sql_SetEncoding(struct Sql *self, const char *encoding)
{
	return mysql_set_character_set(&self->mysql, encoding) == 0 ? SQL_SUCCESS : SQL_ERROR;
}

static size_t Sql_EscapeStringLen(struct Sql *self, char *out_to, const char *from, size_t from_len)
{
	return mysql_real_escape_string(&self->mysql, out_to, from, (unsigned long)from_len);
}

static int Sql_Query(struct Sql *self, const char *query, ...)
{
	va_list args;

	SQL->FreeResult(self);
	free(self->query);
	va_start(args, query);
	int length = vasprintf(&self->query, query, args);
	va_end(args);
	if (length < 0) {
		self->query = NULL;
		return SQL_ERROR;
	}
	if (mysql_real_query(&self->mysql, self->query, (unsigned long)length) != 0) {
		ShowSQL("query failed: %s\n", mysql_error(&self->mysql));
		return SQL_ERROR;
	}
	self->rows = mysql_store_result(&self->mysql);
	if (mysql_errno(&self->mysql) != 0) {
		ShowSQL("query failed: %s\n", mysql_error(&self->mysql));
		return SQL_ERROR;
	}
	return SQL_SUCCESS;
}

static uint64 Sql_NumRows(struct Sql *self)
{
	return self->rows != NULL ? mysql_num_rows(self->rows) : 0;
}

static int Sql_NextRow(struct Sql *self)
{
	if (self->rows == NULL)
		return SQL_ERROR;
	self->current = mysql_fetch_row(self->rows);
	if (self->current == NULL)
		return mysql_errno(&self->mysql) != 0 ? SQL_ERROR : SQL_NO_DATA;
	self->widths = mysql_fetch_lengths(self->rows);
	return SQL_SUCCESS;
}

static int Sql_GetData(struct Sql *self, size_t col, char **out_buf, size_t *out_len)
{
	if (self->current == NULL || col >= mysql_num_fields(self->rows))
		return SQL_ERROR;
	if (out_buf != NULL)
		*out_buf = self->current[col];
	if (out_len != NULL)
		*out_len = self->widths[col];
	return SQL_SUCCESS;
}

static void Sql_FreeResult(struct Sql *self)
{
	if (self->rows == NULL)
		return;
	mysql_free_result(self->rows);
	self->rows = NULL;
	self->current = NULL;
	self->widths = NULL;
}

static void Sql_ShowDebug_(struct Sql *self, const char *debug_file, unsigned long debug_line)
{
	ShowDebug("at %s:%lu - %s\n", debug_file, debug_line, self->query != NULL ? self->query : "");
}

static void Sql_Free(struct Sql *self)
{
	if (self == NULL)
		return;
	SQL->FreeResult(self);
	if (self->ping_timer != INVALID_TIMER)
		timer->delete_(self->ping_timer, sql_ping);
	mysql_close(&self->mysql);
	free(self->query);
	aFree(self);
}

void sql_defaults(void)
{
	SQL = &the_sql;
	SQL->Malloc = Sql_Malloc;
	SQL->Free = Sql_Free;
	SQL->Connect = Sql_Connect;
	SQL->SetEncoding = Sql_SetEncoding;
	SQL->EscapeStringLen = Sql_EscapeStringLen;
	SQL->Query = Sql_Query;
	SQL->NumRows = Sql_NumRows;
	SQL->NextRow = Sql_NextRow;
	SQL->GetData = Sql_GetData;
	SQL->FreeResult = Sql_FreeResult;
	SQL->ShowDebug_ = Sql_ShowDebug_;
}
