// SPDX-License-Identifier: MIT
/* Any bytes as a file of settings, in each of the three forms: an emulator's lines, Hercules' groups, MariaDB's option files. It is
 * read or refused without harm, and what was read is within its bounds.
 *
 * The first byte is the form. */
#include "tests/fuzz/file.h"

#include <string.h>

#include "service/lines.h"
#include "tools/base/keep.h"
#include "tools/database/libconfig.h"
#include "tools/database/optionfile.h"

enum { FILE_MAX = 1 << 16 };

/* Texts end within their fields. */
static void check_database(const struct ropp_db_settings *db)
{
    FUZZ_CHECK(memchr(db->host, '\0', sizeof db->host) != NULL);
    FUZZ_CHECK(memchr(db->socket, '\0', sizeof db->socket) != NULL);
    FUZZ_CHECK(memchr(db->user, '\0', sizeof db->user) != NULL);
    FUZZ_CHECK(memchr(db->password, '\0', sizeof db->password) != NULL);
    FUZZ_CHECK(memchr(db->name, '\0', sizeof db->name) != NULL);
    FUZZ_CHECK(db->port <= 65535);
}

static void check_config(const struct ropp_config *config)
{
    char text[ROPP_ERROR_TEXT];
    const struct ropp_db_settings db = ropp_dbconf_settings(&config->db);

    check_database(&db);
    FUZZ_CHECK(config->header_timeout_ms >= 100 && config->header_timeout_ms <= 60000);
    FUZZ_CHECK(config->listen_backlog >= 1);
    FUZZ_CHECK(config->listen_backlog <= 65535 || config->listen_backlog == ROPP_BACKLOG_SYSTEM);
    FUZZ_CHECK(config->connlog_days >= 1 && config->connlog_days <= 3650);
    FUZZ_CHECK(config->connlog_rows >= 1000 && config->connlog_rows <= 100000000);
    text[0] = '\0';
    FUZZ_CHECK(ropp_config_check(config, text) || text[0] != '\0');
    (void)ropp_config_policy(config);
    (void)ropp_config_routes(config);
}

static void read_lines(const char *path, enum ropp_server server)
{
    char error[ROPP_ERROR_TEXT] = "";
    struct ropp_config config;

    ropp_config_init(&config);
    if (ropp_config_read_lines(&config, server, path, error))
        check_config(&config);
    else
        FUZZ_CHECK(error[0] != '\0' && memchr(error, '\0', sizeof error) != NULL);
    ropp_config_free(&config);
}

static void read_groups(const char *path)
{
    struct ropp_config config;

    ropp_config_init(&config);
    config.tree = "/nowhere";
    if (ropp_libconfig_read(&config, path))
        check_config(&config);
    ropp_config_free(&config);
}

static void read_options(const char *path)
{
    struct ropp_db_settings settings;

    memset(&settings, 0, sizeof settings);
    if (ropp_optionfile_read(&settings, path, "ropp"))
        check_database(&settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[FUZZ_PATH];
    int fd;

    if (size < 1 || size > FILE_MAX)
        return 0;
    fuzz_quiet();
    fd = fuzz_file(data + 1, size - 1, path);
    switch (data[0] % 3) {
    case 0:
        read_lines(path, (enum ropp_server)(data[0] / 3 % 5));
        break;
    case 1:
        read_groups(path);
        break;
    default:
        read_options(path);
        break;
    }
    close(fd);
    ropp_keep_end();
    return 0;
}
