#include "tools/ban/rathenaconf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/cli.h"
#include "tools/patch/buffer.h"

enum { DEPTH_MAX = 10 };

struct reader {
    struct ropp_dbconf *conf;
    const char *tree;
};

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Cuts a line into key and value, which lose the white space around them. False when it is none
 * with both. */
static bool split(char *line, char **key, char **value)
{
    char *colon, *end;

    while (is_blank(*line))
        line++;
    colon = strchr(line, ':');
    if (colon == NULL || (line[0] == '/' && line[1] == '/'))
        return false;
    *key = line;
    *value = colon + 1;
    for (end = colon; end > line && is_blank(end[-1]); end--)
        ;
    *end = '\0';
    while (is_blank(**value))
        ++*value;
    for (end = *value + strlen(*value); end > *value && is_blank(end[-1]); end--)
        ;
    *end = '\0';
    return **value != '\0';
}

/* ropp's own keys; the emulator's are known to the module. */
static const struct {
    const char *key;
    enum ropp_dbconf_field field;
} own_keys[] = {
    {"proxy_db_host", ROPP_DBCONF_HOST}, {"proxy_db_port", ROPP_DBCONF_PORT},
    {"proxy_db_user", ROPP_DBCONF_USER}, {"proxy_db_password", ROPP_DBCONF_PASSWORD},
    {"proxy_db_name", ROPP_DBCONF_NAME},
};

static bool take(struct reader *reader, const char *key, const char *value, const char *file,
                 size_t line)
{
    size_t i;

    for (i = 0; i < sizeof own_keys / sizeof own_keys[0]; i++) {
        if (strcasecmp(key, own_keys[i].key) != 0 ||
            ropp_dbconf_set(reader->conf, ROPP_DBCONF_PROXY, own_keys[i].field, value))
            continue;
        ropp_error("bad value: %s:%zu: %s: write a port from 1 to 65535, or a shorter text", file,
                   line, key);
        return false;
    }
    ropp_dbconf_take(reader->conf, ROPP_SERVER_LOGIN, key, value);
    return true;
}

/* `from` is the line that imports the file; NULL for the first one. An imported file may be absent:
 * the emulators too go on without it. */
static bool read_file(struct reader *reader, const char *file, const char *from, unsigned depth)
{
    char *path, *text = NULL, *key, *value, *here;
    size_t room = 0, line = 0;
    bool good = true;
    FILE *in;

    if (depth > DEPTH_MAX) {
        ropp_error("too many files inside each other: %s: take an import out", from);
        return false;
    }
    path = file[0] == '/' ? ropp_copy_text(file, strlen(file))
                          : ropp_format("%s/%s", reader->tree, file);
    in = fopen(path, "r");
    if (in == NULL && (from == NULL || errno != ENOENT)) {
        ropp_error("cannot read the emulator's settings: %s (%s): name a tree that you may read",
                   path, strerror(errno));
        good = false;
    }
    while (in != NULL && good && getline(&text, &room, in) >= 0) {
        line++;
        if (!split(text, &key, &value))
            continue;
        good = take(reader, key, value, path, line);
        if (!good || strcasecmp(key, "import") != 0)
            continue;
        here = ropp_format("%s:%zu", path, line);
        good = read_file(reader, value, here, depth + 1);
        free(here);
    }
    if (in != NULL)
        fclose(in);
    free(text);
    free(path);
    return good;
}

bool ropp_rathenaconf_read(struct ropp_dbconf *conf, const char *tree, const char *file)
{
    struct reader reader = {conf, tree};

    return read_file(&reader, file, NULL, 0);
}
