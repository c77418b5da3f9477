// SPDX-License-Identifier: MIT
/* `ropp hop render`: a folder a machine, with its files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/base/outfile.h"
#include "tools/hop/hop.h"
#include "tools/hop/network.h"
#include "tools/hop/render.h"

struct request {
    const char *file;
    const char *out;
    const char *machine; /* NULL: all of them */
    const char *keys;    /* a folder; NULL: tunnels have none */
};

static const struct ropp_option options[] = {
    ROPP_TEXT(struct request, out, "--out", "DIR", "the folder to write to; it is made"),
    ROPP_TEXT(struct request, machine, "--for", "NAME", "only this hop, or origin"),
    ROPP_TEXT(
        struct request, keys, "--keys", "DIR",
        "with WireGuard's keys from DIR/NAME.key, or DIR/NAME.pub where the private one is on "
        "the machine alone; who has neither gets new ones there"),
    ROPP_OPTIONS_END,
};

static int read_request(void *context, const struct ropp_words *words)
{
    struct request *request = context;

    request->file = words->items[0];
    if (request->out == NULL)
        return ropp_fail(ROPP_EXIT_USAGE, "no folder: hop render: say where to write: --out DIR");
    return ROPP_EXIT_DONE;
}

/* -- files ------------------------------------------------------------------ */

static bool make_folder(const char *path)
{
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return true;
    return ropp_error("cannot make the folder: %s: %s", path, strerror(errno));
}

/* Whether a file has exactly this text. */
static bool is_same(const char *path, const struct ropp_buffer *text)
{
    FILE *file = fopen(path, "rb");
    struct ropp_buffer old = {0};
    bool same = file && ropp_buffer_read(&old, file, text->size + 1) && old.size == text->size &&
                memcmp(old.data, text->data, old.size) == 0;

    if (file)
        fclose(file);
    ropp_buffer_free(&old);
    return same;
}

/* Nobody else can read what is there already. */
static bool hide_file(const char *path)
{
    return chmod(path, 0600) == 0 || errno == ENOENT ||
           ropp_error("cannot keep others from reading it: %s: %s", path, strerror(errno));
}

/* Begins a file; a secret one is for nobody else to read. */
static bool begin_file(struct ropp_outfile *file, const char *path, bool secret)
{
    mode_t before;
    bool good;

    if (!secret)
        return ropp_outfile_begin(file, path);
    before = umask(077);
    good = ropp_outfile_begin(file, path);
    umask(before);
    return good;
}

/* Writes a file unless it is as it should be, and says which it was. A secret one is hidden in any
 * case, whatever it was before. */
static bool write_file(const char *path, const struct ropp_buffer *text, bool secret)
{
    const bool same = is_same(path, text);
    struct ropp_outfile file;

    if (secret && !hide_file(path))
        return false;
    if (!same) {
        if (!begin_file(&file, path, secret))
            return false;
        fwrite(text->data, 1, text->size, file.out);
        if (!ropp_outfile_end(&file))
            return false;
    }
    printf("  %-9s %s\n", same ? "unchanged" : "written", path);
    return true;
}

/* A name in a comment, which ends with the line. */
static char *in_comment(const char *name)
{
    char *text = ropp_copy_text(name, strlen(name));

    for (char *at = text; *at; at++)
        if (*at == '\n' || *at == '\r')
            *at = '?';
    return text;
}

static void render_head(const struct ropp_network *network, const struct ropp_hop_file *file,
                        const char *machine, struct ropp_buffer *out)
{
    char *source = in_comment(network->source);

    ropp_buffer_format(
        out,
        "%s Made by `ropp hop render` from %s, for %s: change that file, not this one.\n"
        "%s It goes to %s\n\n",
        file->sign, source, machine, file->sign, file->goes);
    free(source);
}

/* What is done with a file, its text and whether it is secret. */
typedef bool act_function(const char *path, const struct ropp_buffer *text, bool secret);

static bool each_file(const struct ropp_network *network, size_t hop,
                      const struct ropp_hop_file *files, const char *machine, const char *folder,
                      act_function *act)
{
    bool ok = true;

    for (; files->name && ok; files++) {
        struct ropp_buffer text = {0};
        char *path;

        if (files->wanted && !files->wanted(network, hop))
            continue;
        path = ropp_format("%s/%s", folder, files->name);
        render_head(network, files, machine, &text);
        files->render(network, hop, &text);
        ok = act(path, &text, files->secret);
        ropp_buffer_free(&text);
        free(path);
    }
    return ok;
}

/* The line that says which key to write, and one with a key (tunnel.c). */
#define NO_KEY "\nPrivateKey = ("
#define A_KEY  "\nPrivateKey = "

/* Whether a file may be written: it has no key that its new text would take out. */
static bool keeps_key(const char *path, const struct ropp_buffer *text, bool secret)
{
    struct ropp_buffer old = {0};
    bool loses = false;
    FILE *file;

    if (!secret || strstr(text->data, NO_KEY) == NULL)
        return true;
    file = fopen(path, "rb");
    if (file != NULL) {
        loses = ropp_buffer_read(&old, file, 1 << 20) && old.size > 0 &&
                strstr(old.data, A_KEY) != NULL && strstr(old.data, NO_KEY) == NULL;
        fclose(file);
    }
    ropp_buffer_free(&old);
    return !loses || ropp_error("it has a key, which would be lost: %s: give --keys DIR as before, "
                                "or remove that file first",
                                path);
}

static bool check_machine(const struct ropp_network *network, size_t hop,
                          const struct ropp_hop_file *files, const char *machine, const char *out)
{
    char *folder = ropp_format("%s/%s", out, machine);
    const bool ok = each_file(network, hop, files, machine, folder, keeps_key);

    free(folder);
    return ok;
}

static bool write_machine(const struct ropp_network *network, size_t hop,
                          const struct ropp_hop_file *files, const char *machine, const char *out)
{
    char *folder = ropp_format("%s/%s", out, machine);
    bool ok = make_folder(folder);

    printf("%s\n", machine);
    ok = ok && each_file(network, hop, files, machine, folder, write_file);
    free(folder);
    return ok;
}

/* -- the whole --------------------------------------------------------------- */

/* What is done for a machine. */
typedef bool machine_function(const struct ropp_network *network, size_t hop,
                              const struct ropp_hop_file *files, const char *machine,
                              const char *out);

/* Says whether there is one. */
static bool each_machine(const struct request *request, const struct ropp_network *network,
                         machine_function *act, bool *found)
{
    bool ok = true;

    /* The origin is the one behind the hops. */
    for (size_t k = 0; k <= network->count && ok; k++) {
        const size_t hop = k == 0 ? network->count : k - 1;
        const bool is_origin = hop == network->count;
        const char *machine = is_origin ? "origin" : network->hops[hop].name;

        if (request->machine != NULL && strcmp(request->machine, machine) != 0)
            continue;
        *found = true;
        ok = act(network, hop, is_origin ? ropp_origin_files : ropp_hop_files, machine,
                 request->out);
    }
    return ok;
}

static int write_all(const struct request *request, const struct ropp_network *network)
{
    bool found = false;

    if (!each_machine(request, network, check_machine, &found))
        return ROPP_EXIT_REFUSED;
    if (!found)
        return ropp_fail(ROPP_EXIT_REFUSED, "no such machine: --for %s: %s has no hop of this name",
                         request->machine, network->source);
    if (!make_folder(request->out) || !each_machine(request, network, write_machine, &found))
        return ROPP_EXIT_USAGE;
    return ROPP_EXIT_DONE;
}

static int render(struct ropp_session *session, void *context)
{
    const struct request *request = context;
    struct ropp_network network;
    int status = ropp_network_load(&network, request->file);

    (void)session;
    if (status == ROPP_EXIT_DONE && request->keys && !ropp_keys_load(&network, request->keys))
        status = ROPP_EXIT_USAGE;
    if (status == ROPP_EXIT_DONE)
        status = write_all(request, &network);
    ropp_network_free(&network);
    return status;
}

const struct ropp_cli_command ropp_hop_render = {
    .name = "hop render",
    .summary = "write the files of every machine: proxy, packet filter, tunnel, settings",
    .usage = "FILE --out DIR [--for NAME] [--keys DIR]",
    .about = "Reads a description of a network and writes a folder for each hop, and one for the "
             "origin: the proxy's whole configuration, nftables' rules, WireGuard's files, "
             "and the emulator's settings. Nothing else is touched, and the same description "
             "gives the same files.",
    .options = {{options}},
    .words = {.most = 1, .missing = "no file"},
    .statuses = "0 done, 1 the description is refused, or a key would be lost, 2 wrong usage or "
                "environment",
    .example = "hop render hops.conf --out hops --keys keys",
    .request_size = sizeof(struct request),
    .read = read_request,
    .run = render,
};
