#include "sql.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <mysql.h>

#include "showmsg.hpp"
#include "timer.hpp"

struct Sql {
	MYSQL mysql;
	MYSQL_RES *rows;
	MYSQL_ROW current;
	unsigned long *widths;
	std::string query;
	int32 ping_timer;
};

Sql *Sql_Malloc(void)
{
	Sql *self = new Sql();
	bool reconnect = true;

	mysql_init(&self->mysql);
	mysql_options(&self->mysql, MYSQL_OPT_RECONNECT, &reconnect);
	self->ping_timer = INVALID_TIMER;
	return self;
}

// A connection that idles longer than the server's wait_timeout would be closed.
static TIMER_FUNC(sql_ping)
{
	(void)tid, (void)tick, (void)id;
	ShowInfo("Is the database still there?\n");
	return mysql_ping(&((Sql *)data)->mysql);
}

int32 Sql_Connect(Sql *self, const char *user, const char *passwd, const char *host, uint16 port,
                  const char *db)
{
	char *text = nullptr;
	int32 timeout_s = 28800;

	if (mysql_real_connect(&self->mysql, host, user, passwd, db, port, nullptr, 0) == nullptr) {
		ShowSQL("cannot connect: %s\n", mysql_error(&self->mysql));
		return SQL_ERROR;
	}
	if (Sql_Query(self, "SHOW VARIABLES LIKE 'wait_timeout'") == SQL_SUCCESS &&
	    Sql_NextRow(self) == SQL_SUCCESS && Sql_GetData(self, 1, &text, nullptr) == SQL_SUCCESS &&
	    text != nullptr)
		timeout_s = atoi(text);
	Sql_FreeResult(self);
	if (timeout_s < 60)
		timeout_s = 60;
	add_timer_func_list(sql_ping, "sql_ping");
	int32 interval = (timeout_s - 30) * 1000;
	self->ping_timer =
	    add_timer_interval(gettick() + interval, sql_ping, 0, (intptr_t)self, interval);
	return SQL_SUCCESS;
}

int32 Sql_SetEncoding(Sql *self, const char *encoding)
{
	return mysql_set_character_set(&self->mysql, encoding) == 0 ? SQL_SUCCESS : SQL_ERROR;
}

size_t Sql_EscapeStringLen(Sql *self, char *out_to, const char *from, size_t from_len)
{
	return mysql_real_escape_string(&self->mysql, out_to, from, (unsigned long)from_len);
}

int32 Sql_Query(Sql *self, const char *query, ...)
{
	char *text = nullptr;
	va_list args;

	va_start(args, query);
	int length = vasprintf(&text, query, args);
	va_end(args);
	if (length < 0)
		return SQL_ERROR;
	self->query.assign(text, (size_t)length);
	free(text);

	Sql_FreeResult(self);
	if (mysql_real_query(&self->mysql, self->query.data(), (unsigned long)length) != 0) {
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

uint64 Sql_NumRows(Sql *self)
{
	return self->rows != nullptr ? mysql_num_rows(self->rows) : 0;
}

int32 Sql_NextRow(Sql *self)
{
	if (self->rows == nullptr)
		return SQL_ERROR;
	self->current = mysql_fetch_row(self->rows);
	if (self->current == nullptr)
		return mysql_errno(&self->mysql) != 0 ? SQL_ERROR : SQL_NO_DATA;
	self->widths = mysql_fetch_lengths(self->rows);
	return SQL_SUCCESS;
}

int32 Sql_GetData(Sql *self, size_t col, char **out_buf, size_t *out_len)
{
	if (self->current == nullptr || col >= mysql_num_fields(self->rows))
		return SQL_ERROR;
	if (out_buf != nullptr)
		*out_buf = self->current[col];
	if (out_len != nullptr)
		*out_len = self->widths[col];
	return SQL_SUCCESS;
}

void Sql_FreeResult(Sql *self)
{
	if (self->rows == nullptr)
		return;
	mysql_free_result(self->rows);
	self->rows = nullptr;
	self->current = nullptr;
	self->widths = nullptr;
}

void Sql_ShowDebug_(Sql *self, const char *debug_file, const unsigned long debug_line)
{
	ShowDebug("at %s:%lu - %s\n", debug_file, debug_line, self->query.c_str());
}

void Sql_Free(Sql *self)
{
	if (self == nullptr)
		return;
	Sql_FreeResult(self);
	if (self->ping_timer != INVALID_TIMER)
		delete_timer(self->ping_timer, sql_ping);
	mysql_close(&self->mysql);
	delete self;
}
