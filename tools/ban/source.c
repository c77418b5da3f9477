// SPDX-License-Identifier: MIT
#include "tools/ban/source.h"

#include <inttypes.h>
#include <strings.h>

#include "tools/ban/ipbanlist.h"
#include "tools/base/buffer.h"
#include "tools/base/cli.h"
#include "tools/database/query.h"

#define SOURCES_SHOWN 12

static bool is_known(struct ropp_session *session, const char *name, bool history, uint64_t *known)
{
    const char *source = ropp_sql_text(session, name);

    return ropp_session_number(
        session, known,
        ropp_sql_format(session,
                        "SELECT EXISTS (SELECT 1 FROM proxy_source WHERE name = %s) OR "
                        "EXISTS (SELECT 1 FROM proxy_ban WHERE source = %s) OR "
                        "(%d AND EXISTS (SELECT 1 FROM proxy_ban_history WHERE source = %s))",
                        source, source, history, source));
}

/* Reads the names of all lists, and which one may be meant. A list without a row of its own, which a
 * program may have forgotten, is one all the same. NULL when the statement failed. */
static MYSQL_RES *guess(struct ropp_session *session, const char *name,
                        struct ropp_suggestion *meant)
{
    MYSQL_RES *sources = ropp_session_rows(session, "SELECT name FROM proxy_source UNION SELECT "
                                                    "DISTINCT source FROM proxy_ban ORDER BY 1");
    MYSQL_ROW row;

    ropp_suggest_begin(meant, name);
    while (sources != NULL && (row = mysql_fetch_row(sources)) != NULL)
        ropp_suggest_offer(meant, row[0]);
    return sources;
}

bool ropp_source_new(struct ropp_session *session, const char *name, bool *is_new,
                     struct ropp_suggestion *meant)
{
    MYSQL_RES *sources;
    uint64_t known;

    if (!is_known(session, name, false, &known))
        return false;
    *is_new = known == 0;
    sources = guess(session, name, meant);
    mysql_free_result(sources);
    return sources != NULL;
}

static void add_names(MYSQL_RES *sources, struct ropp_buffer *out)
{
    uint64_t count = mysql_num_rows(sources), i;

    mysql_data_seek(sources, 0);
    for (i = 0; i < count && i < SOURCES_SHOWN; i++)
        ropp_buffer_format(out, "%s%s", i > 0 ? ", " : "", mysql_fetch_row(sources)[0]);
    if (count > SOURCES_SHOWN)
        ropp_buffer_format(out, " and %" PRIu64 " more", count - SOURCES_SHOWN);
}

int ropp_source_check(struct ropp_session *session, const char *name, bool history)
{
    struct ropp_buffer names = {0};
    struct ropp_suggestion meant;
    MYSQL_RES *sources;
    uint64_t known;

    if (!is_known(session, name, history, &known))
        return ropp_session_error(session);
    if (known)
        return ROPP_EXIT_DONE;
    if (strcasecmp(name, ROPP_SOURCE_IPBANLIST) == 0)
        return ropp_fail(
            ROPP_EXIT_REFUSED,
            "the emulator's own table: %s: see it with `ropp ban export --format plain "
            "--source %s`",
            ROPP_SOURCE_IPBANLIST, ROPP_SOURCE_IPBANLIST);
    sources = guess(session, name, &meant);
    if (sources == NULL)
        return ropp_session_error(session);
    add_names(sources, &names);
    ropp_error("no such list: %s: %sthe lists are %s", name, ropp_suggest_text(&meant), names.data);
    ropp_buffer_free(&names);
    mysql_free_result(sources);
    return ROPP_EXIT_REFUSED;
}
