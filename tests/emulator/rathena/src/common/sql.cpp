#include "sql.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <mysql.h>

#include "showmsg.hpp"
#include "timer.hpp"

struct Sql {
	MYSQL handle;
	MYSQL_RES *result;
	MYSQL_ROW row;
	unsigned long *lengths;
	std::string query;
	int32 keepalive;
};

Sql *Sql_Malloc(void)
{
	Sql *self = new Sql();
	bool reconnect = true;

	mysql_init(&self->handle);
	mysql_options(&self->handle, MYSQL_OPT_RECONNECT, &reconnect);
	self->keepalive = INVALID_TIMER;
	return self;
}

// A connection that idles longer than the server's wait_timeout would be closed.
static TIMER_FUNC(Sql_P_KeepaliveTimer)
{
	(void)tid, (void)tick, (void)id;
	ShowInfo("Pinging SQL server to keep connection alive...\n");
	return mysql_ping(&((Sql *)data)->handle);
}

int32 Sql_Connect(Sql *self, const char *user, const char *passwd, const char *host, uint16 port,
                  const char *db)
{
	char *text = nullptr;
	int32 timeout_s = 28800;

	if (mysql_real_connect(&self->handle, host, user, passwd, db, port, nullptr, 0) == nullptr) {
		ShowSQL("%s\n", mysql_error(&self->handle));
		return SQL_ERROR;
	}
	if (Sql_Query(self, "SHOW VARIABLES LIKE 'wait_timeout'") == SQL_SUCCESS &&
	    Sql_NextRow(self) == SQL_SUCCESS && Sql_GetData(self, 1, &text, nullptr) == SQL_SUCCESS &&
	    text != nullptr)
		timeout_s = atoi(text);
	Sql_FreeResult(self);
	if (timeout_s < 60)
		timeout_s = 60;
	add_timer_func_list(Sql_P_KeepaliveTimer, "Sql_P_KeepaliveTimer");
	int32 interval = (timeout_s - 30) * 1000;
	self->keepalive =
	    add_timer_interval(gettick() + interval, Sql_P_KeepaliveTimer, 0, (intptr_t)self, interval);
	return SQL_SUCCESS;
}

int32 Sql_SetEncoding(Sql *self, const char *encoding)
{
	return mysql_set_character_set(&self->handle, encoding) == 0 ? SQL_SUCCESS : SQL_ERROR;
}

size_t Sql_EscapeStringLen(Sql *self, char *out_to, const char *from, size_t from_len)
{
	return mysql_real_escape_string(&self->handle, out_to, from, (unsigned long)from_len);
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
	if (mysql_real_query(&self->handle, self->query.data(), (unsigned long)length) != 0) {
		ShowSQL("DB error - %s\n", mysql_error(&self->handle));
		return SQL_ERROR;
	}
	self->result = mysql_store_result(&self->handle);
	if (mysql_errno(&self->handle) != 0) {
		ShowSQL("DB error - %s\n", mysql_error(&self->handle));
		return SQL_ERROR;
	}
	return SQL_SUCCESS;
}

uint64 Sql_NumRows(Sql *self)
{
	return self->result != nullptr ? mysql_num_rows(self->result) : 0;
}

int32 Sql_NextRow(Sql *self)
{
	if (self->result == nullptr)
		return SQL_ERROR;
	self->row = mysql_fetch_row(self->result);
	if (self->row == nullptr)
		return mysql_errno(&self->handle) != 0 ? SQL_ERROR : SQL_NO_DATA;
	self->lengths = mysql_fetch_lengths(self->result);
	return SQL_SUCCESS;
}

int32 Sql_GetData(Sql *self, size_t col, char **out_buf, size_t *out_len)
{
	if (self->row == nullptr || col >= mysql_num_fields(self->result))
		return SQL_ERROR;
	if (out_buf != nullptr)
		*out_buf = self->row[col];
	if (out_len != nullptr)
		*out_len = self->lengths[col];
	return SQL_SUCCESS;
}

void Sql_FreeResult(Sql *self)
{
	if (self->result == nullptr)
		return;
	mysql_free_result(self->result);
	self->result = nullptr;
	self->row = nullptr;
	self->lengths = nullptr;
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
	if (self->keepalive != INVALID_TIMER)
		delete_timer(self->keepalive, Sql_P_KeepaliveTimer);
	mysql_close(&self->handle);
	delete self;
}
