// SPDX-License-Identifier: MIT
#include "tools/hop/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/run.h"
#include "tools/hop/network.h"

/* -- files ---------------------------------------------------------------------- */

static bool is_key(const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    return strlen(text) == ROPP_KEY_TEXT - 1 && strspn(text, digits) == ROPP_KEY_TEXT - 2 &&
           text[ROPP_KEY_TEXT - 2] == '=';
}

/* Takes a key without what is around it. */
static bool take_key(char *text, char key[ROPP_KEY_TEXT])
{
    text += strspn(text, " \t\r\n");
    text[strcspn(text, " \t\r\n")] = '\0';
    if (!is_key(text))
        return false;
    memcpy(key, text, ROPP_KEY_TEXT);
    return true;
}

static bool read_key(const char *path, char key[ROPP_KEY_TEXT])
{
    struct ropp_buffer text = {0};
    FILE *file = fopen(path, "rb");
    bool good;

    if (file == NULL)
        return ropp_error("cannot open the key: %s: %s", path, strerror(errno));
    good = ropp_buffer_read(&text, file, 256) && text.size && take_key(text.data, key);
    fclose(file);
    if (text.size)
        explicit_bzero(text.data, text.size);
    ropp_buffer_free(&text);
    return good || ropp_error("this is no key: %s: it must be one line, as `wg genkey` and "
                              "`wg pubkey` print it",
                              path);
}

/* A new file. */
static bool write_key(const char *path, mode_t mode, const char *key)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool good = fd >= 0 && dprintf(fd, "%s\n", key) > 0;

    if (fd >= 0)
        good = close(fd) == 0 && good;
    return good || ropp_error("cannot write the key: %s: %s", path, strerror(errno));
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* -- keys ----------------------------------------------------------------------- */

/* What a line of shell with `wg` in it prints. */
static bool ask_wg(const char *line, char key[ROPP_KEY_TEXT])
{
    struct ropp_buffer output = {0};
    struct ropp_run run;
    bool good = ropp_run_begin(&run, ".", line);

    if (!good)
        return false;
    good = ropp_run_end(&run, &output) && take_key(output.data, key);
    if (!good)
        ropp_error("no key: wg: %.*s: is wireguard-tools installed?",
                   (int)strcspn(output.data, "\r\n"), output.data);
    explicit_bzero(output.data, output.size);
    ropp_buffer_free(&output);
    return good;
}

static bool public_of(const char *path, char key[ROPP_KEY_TEXT])
{
    struct ropp_buffer line = {0};
    bool good;

    ropp_buffer_text(&line, "wg pubkey <");
    ropp_run_quote(&line, path);
    good = ask_wg(line.data, key);
    ropp_buffer_free(&line);
    return good;
}

/* A private key that others can read is none. One that has just been taken away is not read either. */
static bool is_private(const char *path)
{
    struct stat state;

    return stat(path, &state) != 0 || (state.st_mode & 077) == 0 ||
           ropp_error("others can read a private key: %s: chmod 600, or make a new one", path);
}

static bool load_pair(const char *own, const char *public, struct ropp_hop_keys *keys)
{
    char written[ROPP_KEY_TEXT];

    if (!is_private(own) || !read_key(own, keys->own) || !public_of(own, keys->public))
        return false;
    if (!exists(public))
        return write_key(public, 0644, keys->public);
    if (!read_key(public, written))
        return false;
    return strcmp(written, keys->public) == 0 ||
           ropp_error("this is not the public key of %s: %s: remove it, and it is made anew", own,
                      public);
}

static bool load_machine(const char *folder, const char *name, struct ropp_hop_keys *keys)
{
    char *own = ropp_format("%s/%s.key", folder, name);
    char *public = ropp_format("%s/%s.pub", folder, name);
    bool good = true;

    if (!exists(own) && exists(public)) {
        good = read_key(public, keys->public);
    } else {
        if (!exists(own))
            good = ask_wg("wg genkey", keys->own) && write_key(own, 0600, keys->own);
        good = good && load_pair(own, public, keys);
    }
    free(own);
    free(public);
    return good;
}

bool ropp_keys_load(struct ropp_network *network, const char *folder)
{
    struct ropp_hop_keys *keys = ropp_alloc(network->count + 1, sizeof *keys);
    bool good = mkdir(folder, 0700) == 0 || errno == EEXIST, tunnels = false;

    network->keys = keys;
    if (!good)
        return ropp_error("cannot make the folder: %s: %s", folder, strerror(errno));
    for (size_t i = 0; i < network->count && good; i++)
        if (ropp_has_tunnel(&network->hops[i])) {
            good = load_machine(folder, network->hops[i].name, &keys[i]);
            tunnels = true;
        }
    return good && (!tunnels || load_machine(folder, "origin", &keys[network->count]));
}
