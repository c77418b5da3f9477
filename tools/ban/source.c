#include "tools/ban/source.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/ban/entry.h"
#include "tools/ban/ipbanlist.h"
#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/database/query.h"

#define SOURCES_SHOWN 12

/* A list without a row of its own, which a program may have forgotten, is one all the same. */
#define SOURCES "SELECT name FROM proxy_source UNION SELECT DISTINCT source FROM proxy_ban"

/* Whether a SELECT that is in *sql has a row, and empties it. False when it failed. */
static bool has_row(struct ropp_session *session, struct ropp_buffer *sql, bool *found)
{
    MYSQL_RES *result = ropp_session_rows(session, sql);

    if (result == NULL)
        return false;
    *found = mysql_num_rows(result) > 0;
    mysql_free_result(result);
    return true;
}

bool ropp_source_known(struct ropp_session *session, const char *name, bool *known)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_text(&sql, "SELECT 1 FROM proxy_source WHERE name = ");
    ropp_sql_text(&sql, session, name);
    ropp_buffer_text(&sql, " UNION ALL (SELECT 1 FROM proxy_ban WHERE source = ");
    ropp_sql_text(&sql, session, name);
    ropp_buffer_text(&sql, " LIMIT 1)");
    return has_row(session, &sql, known);
}

bool ropp_source_recorded(struct ropp_session *session, const char *name, bool *recorded)
{
    struct ropp_buffer sql = {0};

    if (!ropp_source_known(session, name, recorded))
        return false;
    if (*recorded)
        return true;
    ropp_buffer_text(&sql, "SELECT 1 FROM proxy_ban_history WHERE source = ");
    ropp_sql_text(&sql, session, name);
    ropp_buffer_text(&sql, " LIMIT 1");
    return has_row(session, &sql, recorded);
}

static MYSQL_RES *read_sources(struct ropp_session *session)
{
    struct ropp_buffer sql = {0};

    ropp_buffer_text(&sql, SOURCES " ORDER BY 1");
    return ropp_session_rows(session, &sql);
}

/* Which of the rows of read_sources may be meant. */
static struct ropp_suggestion guess(MYSQL_RES *sources, const char *name)
{
    struct ropp_suggestion meant;
    MYSQL_ROW row;

    ropp_suggest_begin(&meant, name);
    while ((row = mysql_fetch_row(sources)) != NULL)
        ropp_suggest_offer(&meant, row[0]);
    return meant;
}

bool ropp_source_guess(struct ropp_session *session, const char *name,
                       struct ropp_suggestion *meant)
{
    MYSQL_RES *sources = read_sources(session);

    if (sources == NULL)
        return false;
    *meant = guess(sources, name);
    mysql_free_result(sources);
    return true;
}

static void add_names(MYSQL_RES *sources, struct ropp_buffer *out)
{
    uint64_t count = mysql_num_rows(sources), i;
    MYSQL_ROW row;

    mysql_data_seek(sources, 0);
    for (i = 0; i < count && i < SOURCES_SHOWN; i++) {
        row = mysql_fetch_row(sources);
        ropp_buffer_format(out, "%s%s", i > 0 ? ", " : "", row[0]);
    }
    if (count > SOURCES_SHOWN)
        ropp_buffer_format(out, " and %llu more", (unsigned long long)(count - SOURCES_SHOWN));
}

int ropp_source_refuse(struct ropp_session *session, const char *name)
{
    struct ropp_buffer names = {0};
    struct ropp_suggestion meant;
    MYSQL_RES *sources;

    if (strcasecmp(name, ROPP_SOURCE_IPBANLIST) == 0) {
        ropp_error("the emulator's own table: %s: see it with `ropp ban export --format plain "
                   "--source %s`",
                   ROPP_SOURCE_IPBANLIST, ROPP_SOURCE_IPBANLIST);
        return ROPP_EXIT_REFUSED;
    }
    sources = read_sources(session);
    if (sources == NULL)
        return ropp_session_error(session);
    meant = guess(sources, name);
    add_names(sources, &names);
    ropp_error("no such list: %s: %sthe lists are %s", name, ropp_suggest_text(&meant), names.data);
    ropp_buffer_free(&names);
    mysql_free_result(sources);
    return ROPP_EXIT_REFUSED;
}
