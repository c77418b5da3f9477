// SPDX-License-Identifier: MIT
#include "service/db.h"

#include <stdio.h>
#include <string.h>

/* ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK */
#define DB_LOCK_WAIT_TIMEOUT 1205
#define DB_LOCK_DEADLOCK     1213

#define DB_OLDEST_SERVER 100500 /* MariaDB 10.5: sql/install.sql asks for the same */

static const char *db_or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

/* The last error of the connection, as "MariaDB: REASON". */
static void db_explain(const struct ropp_db *db, char error[ROPP_ERROR_TEXT])
{
    snprintf(error, ROPP_ERROR_TEXT, "MariaDB: %.480s", mysql_error(db->mysql));
}

static bool db_prepare(MYSQL *mysql, const struct ropp_db_settings *settings)
{
    unsigned off = 0;

    return mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &settings->server_s) == 0 &&
           mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &settings->server_s) == 0 &&
           mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &settings->server_s) == 0 &&
           mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &off) == 0 &&
           mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4") == 0;
}

bool ropp_db_open(struct ropp_db *db, const struct ropp_db_settings *settings,
                  char error[ROPP_ERROR_TEXT])
{
    db->mysql = mysql_init(NULL);
    if (db->mysql == NULL) {
        snprintf(error, ROPP_ERROR_TEXT, "cannot connect to MariaDB: out of memory");
        return false;
    }
    if (db_prepare(db->mysql, settings) &&
        mysql_real_connect(db->mysql, db_or_null(settings->host), db_or_null(settings->user),
                           settings->password, db_or_null(settings->name), settings->port,
                           db_or_null(settings->socket), 0) != NULL)
        return true;
    snprintf(error, ROPP_ERROR_TEXT, "cannot connect to MariaDB: %.60s@%.60s:%u/%.60s: %.200s",
             settings->user, settings->socket[0] != '\0' ? settings->socket : settings->host,
             settings->port, settings->name, mysql_error(db->mysql));
    ropp_db_close(db);
    return false;
}

bool ropp_db_has_room(const struct ropp_db *db, const char **what)
{
    *what = mysql_get_server_info(db->mysql);
    return strstr(*what, "MariaDB") != NULL &&
           mysql_get_server_version(db->mysql) >= DB_OLDEST_SERVER;
}

void ropp_db_close(struct ropp_db *db)
{
    if (db->mysql != NULL)
        mysql_close(db->mysql);
    db->mysql = NULL;
}

bool ropp_db_run(struct ropp_db *db, const char *sql, char error[ROPP_ERROR_TEXT])
{
    MYSQL_RES *result;

    if (mysql_real_query(db->mysql, sql, (unsigned long)strlen(sql)) != 0) {
        db_explain(db, error);
        return false;
    }
    /* mysql_next_result forgets errors and affected rows, also when there is nothing more. */
    do {
        result = mysql_use_result(db->mysql);
        mysql_free_result(result);
    } while (mysql_more_results(db->mysql) && mysql_next_result(db->mysql) == 0);
    return !ropp_db_failed(db, error);
}

MYSQL_RES *ropp_db_query(struct ropp_db *db, const char *sql, char error[ROPP_ERROR_TEXT])
{
    MYSQL_RES *result;

    if (mysql_real_query(db->mysql, sql, (unsigned long)strlen(sql)) != 0) {
        db_explain(db, error);
        return NULL;
    }
    result = mysql_use_result(db->mysql);
    if (result == NULL)
        db_explain(db, error);
    return result;
}

bool ropp_db_failed(struct ropp_db *db, char error[ROPP_ERROR_TEXT])
{
    if (mysql_errno(db->mysql) == 0)
        return false;
    db_explain(db, error);
    return true;
}

bool ropp_db_gone(const struct ropp_db *db)
{
    unsigned code = mysql_errno(db->mysql);

    /* The client library's own errors, MySQL's and MariaDB's, are all about the connection. */
    return (code >= 2000 && code < 3000) || (code >= 5000 && code < 6000);
}

bool ropp_db_busy(const struct ropp_db *db)
{
    unsigned code = mysql_errno(db->mysql);

    return code == DB_LOCK_WAIT_TIMEOUT || code == DB_LOCK_DEADLOCK;
}
