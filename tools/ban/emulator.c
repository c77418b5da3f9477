#include "tools/ban/emulator.h"

#include <stdlib.h>
#include <unistd.h>

#include "tools/ban/libconfig.h"
#include "tools/ban/rathenaconf.h"
#include "tools/cli.h"
#include "tools/patch/buffer.h"

/* How each emulator keeps its settings. The first file tells which one it is; the others may be
 * absent. */
static const struct {
    bool (*read)(struct ropp_dbconf *conf, const char *tree, const char *file);
    const char *files[2];
} kinds[] = {
    /* Hercules since mid-2017. A tree that was unpacked over an older one has both kinds. */
    {ropp_libconfig_read, {"conf/login/login-server.conf", "conf/common/inter-server.conf"}},
    {ropp_libconfig_read, {"conf/global/sql_connection.conf", NULL}},
    {ropp_rathenaconf_read, {"conf/inter_athena.conf", "conf/login_athena.conf"}},
    {ropp_rathenaconf_read, {"conf/inter-server.conf", "conf/login-server.conf"}}, /* before */
};

static bool is_there(const char *tree, const char *file)
{
    char *path = ropp_format("%s/%s", tree, file);
    bool there = access(path, F_OK) == 0;

    free(path);
    return there;
}

bool ropp_emulator_read(struct ropp_dbconf *conf, const char *tree)
{
    const char *more;
    size_t i;

    ropp_dbconf_init(conf);
    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!is_there(tree, kinds[i].files[0]))
            continue;
        more = kinds[i].files[1];
        return kinds[i].read(conf, tree, kinds[i].files[0]) &&
               (more == NULL || !is_there(tree, more) || kinds[i].read(conf, tree, more));
    }
    ropp_error("no emulator: %s: neither conf/inter_athena.conf nor conf/login/login-server.conf "
               "is there; give the folder that the servers are started in",
               tree);
    return false;
}
