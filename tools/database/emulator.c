// SPDX-License-Identifier: MIT
#include "tools/database/emulator.h"

#include <unistd.h>

#include "service/lines.h"
#include "tools/base/cli.h"
#include "tools/base/keep.h"
#include "tools/database/libconfig.h"

static bool read_lines(struct ropp_config *config, const char *file)
{
    char error[ROPP_ERROR_TEXT];

    if (ropp_config_read_lines(config, ROPP_SERVER_LOGIN, file, error))
        return true;
    return ropp_error("%s", error);
}

/* How each emulator keeps its settings. The first file shows which one it is; the other one may be
 * absent, and of files of lines it is read where the first neither imports it nor names a database. */
static const struct {
    bool (*read)(struct ropp_config *config, const char *file);
    const char *files[2];
} kinds[] = {
    /* Hercules since mid-2017. A tree that was unpacked over an older one has both kinds. */
    {ropp_libconfig_read, {"conf/login/login-server.conf", "conf/common/inter-server.conf"}},
    {ropp_libconfig_read, {"conf/global/sql_connection.conf", NULL}},
    {read_lines, {"conf/login_athena.conf", "conf/inter_athena.conf"}},
    {read_lines, {"conf/inter_athena.conf", NULL}},
    {read_lines, {"conf/login-server.conf", NULL}}, /* Hercules before */
    {read_lines, {"conf/inter-server.conf", NULL}},
    {read_lines, {"conf/login_auriga.conf", NULL}},
    {read_lines, {"conf/login_freya.conf", NULL}},
};

static bool is_there(const char *tree, const char *file)
{
    return access(ropp_keep_format("%s/%s", tree, file), F_OK) == 0;
}

/* Whether a key of the emulator's own names one. */
static bool names_database(const struct ropp_dbconf *conf)
{
    for (int rank = 0; rank < ROPP_DBCONF_RANKS; rank++)
        for (int field = 0; field < ROPP_DBCONF_FIELDS && rank != ROPP_DBCONF_PROXY; field++)
            if (conf->set[rank][field])
                return true;
    return false;
}

static bool read_kind(struct ropp_config *config, size_t kind)
{
    const char *first = kinds[kind].files[0], *more = kinds[kind].files[1];

    if (!kinds[kind].read(config, first))
        return false;
    if (more == NULL || !is_there(config->tree, more) ||
        (kinds[kind].read == read_lines && names_database(&config->db)))
        return true;
    return kinds[kind].read(config, more);
}

bool ropp_emulator_read(struct ropp_dbconf *conf, struct ropp_standin_key *key, const char *tree)
{
    struct ropp_config config;
    bool good;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!is_there(tree, kinds[i].files[0]))
            continue;
        ropp_config_init(&config);
        config.tree = tree;
        good = read_kind(&config, i);
        *conf = config.db;
        *key = config.standin_key;
        ropp_config_free(&config);
        return good;
    }
    return ropp_error(
        "no emulator: %s: neither conf/login_athena.conf nor conf/login/login-server.conf "
        "is there; give the folder that the servers are started in",
        tree);
}
