// SPDX-License-Identifier: MIT
/* WireGuard's keys: what becomes of each in memory, and what is said where one cannot be read or
 * made. A wg that stands in makes them; tests/unit/test_hop.sh has the real one. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/capture.h"
#include "tests/unit/unit.h"
#include "tools/base/buffer.h"
#include "tools/hop/network.h"

/* "made" and "public" with what else a key has. */
#define MADE   "madeAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define PUBLIC "publicAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static char folder[] = "/tmp/ropp-keys-XXXXXX";
static struct ropp_buffer wiped; /* what was, with a blank behind each, and how much of it */
static int fopen_fails, fork_fails;

void __wrap_explicit_bzero(void *bytes, size_t size);
void __wrap___explicit_bzero_chk(void *bytes, size_t size, size_t room);
FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
pid_t __real_fork(void);
pid_t __wrap_fork(void);

void __wrap_explicit_bzero(void *bytes, size_t size)
{
    ropp_buffer_format(&wiped, "%.20s %zu\n", (const char *)bytes, size);
    memset(bytes, 0, size);
}

/* What it becomes where the compiler checks sizes. */
void __wrap___explicit_bzero_chk(void *bytes, size_t size, size_t room)
{
    assert_true(size <= room);
    __wrap_explicit_bzero(bytes, size);
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
    if (fopen_fails > 0 && --fopen_fails == 0) {
        errno = EACCES;
        return NULL;
    }
    return __real_fopen(path, mode);
}

pid_t __wrap_fork(void)
{
    if (fork_fails > 0 && --fork_fails == 0) {
        errno = EAGAIN;
        return -1;
    }
    return __real_fork();
}

static char *at(const char *name)
{
    static char path[96];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_text(const char *name, const char *text, mode_t mode)
{
    FILE *file = __real_fopen(at(name), "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(at(name), mode), 0);
}

static struct ropp_network network_of(struct ropp_hop *hops)
{
    memset(hops, 0, 2 * sizeof *hops);
    for (size_t i = 0; i < 2; i++) {
        hops[i].name = strdup(i == 0 ? "lima" : "rome");
        hops[i].public.items[0] = ropp_addr_v4(0xc6336401 + (uint32_t)i);
        hops[i].public.count = 1;
        hops[i].bind = hops[i].public;
        hops[i].tunnel = i == 0 ? ropp_addr_v4(0x0a420001) : hops[i].public.items[0];
    }
    return (struct ropp_network){.hops = hops, .count = 2};
}

static size_t open_files(void)
{
    size_t count = 0;

    for (int fd = 0; fd < 64; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* Loads them into a folder of this name. */
static void load(const char *name, bool good, const char *message, const char *expected)
{
    struct ropp_network network = network_of(malloc(2 * sizeof(struct ropp_hop)));
    const size_t files = open_files();
    struct capture capture;
    bool is_good;

    wiped.size = 0;
    ropp_buffer_text(&wiped, "");
    capture_begin(&capture, stderr);
    is_good = ropp_keys_load(&network, at(name));
    assert_text(capture_end(&capture), message);
    assert_int_equal(is_good, good);
    assert_int_equal(open_files(), files);
    if (good) {
        assert_string_equal(network.keys[0].own, MADE);
        assert_string_equal(network.keys[0].public, PUBLIC);
        assert_string_equal(network.keys[1].own, ""); /* has no tunnel */
        assert_string_equal(network.keys[2].public, PUBLIC);
    }
    ropp_network_free(&network);
    assert_text(wiped.data, expected);
    assert_null(network.keys);
}

static void test_wiped(void **state)
{
    (void)state;
    load("new", true, "",
         "madeAAAAAAAAAAAAAAAA 45\n"
         "madeAAAAAAAAAAAAAAAA 45\n"
         "publicAAAAAAAAAAAAAA 45\n"
         "madeAAAAAAAAAAAAAAAA 45\n"
         "madeAAAAAAAAAAAAAAAA 45\n"
         "publicAAAAAAAAAAAAAA 45\n"
         "madeAAAAAAAAAAAAAAAA 270\n");
    load("new", true, "",
         "madeAAAAAAAAAAAAAAAA 45\n"
         "publicAAAAAAAAAAAAAA 45\n"
         "publicAAAAAAAAAAAAAA 45\n"
         "madeAAAAAAAAAAAAAAAA 45\n"
         "publicAAAAAAAAAAAAAA 45\n"
         "publicAAAAAAAAAAAAAA 45\n"
         "madeAAAAAAAAAAAAAAAA 270\n");
}

static void test_cannot(void **state)
{
    char message[256];

    (void)state;
    load("new", true, "",
         "madeAAAAAAAAAAAAAAAA 45\n"
         "publicAAAAAAAAAAAAAA 45\n"
         "publicAAAAAAAAAAAAAA 45\n"
         "madeAAAAAAAAAAAAAAAA 45\n"
         "publicAAAAAAAAAAAAAA 45\n"
         "publicAAAAAAAAAAAAAA 45\n"
         "madeAAAAAAAAAAAAAAAA 270\n");
    snprintf(message, sizeof message, "ropp: cannot open the key: %s: Permission denied\n",
             at("new/lima.key"));
    fopen_fails = 1;
    load("new", false, message, " 270\n");
    fork_fails = 1;
    load("new", false, "ropp: cannot start a program: Resource temporarily unavailable\n",
         "madeAAAAAAAAAAAAAAAA 45\n"
         "madeAAAAAAAAAAAAAAAA 270\n");
    snprintf(message, sizeof message, "ropp: cannot write the key: %s: File exists\n",
             at("other/lima.key"));
    assert_int_equal(mkdir(at("other"), 0755), 0);
    write_text("wg",
               "#!/bin/sh\n[ $1 = genkey ] && : >${0%wg}other/lima.key\n"
               "[ $1 = genkey ] && echo " MADE " || echo " PUBLIC "\n",
               0755);
    load("other", false, message,
         "madeAAAAAAAAAAAAAAAA 45\n"
         "madeAAAAAAAAAAAAAAAA 270\n");
    write_text("wg", "#!/bin/sh\necho no such thing; echo or another; exit 1\n", 0755);
    load("third", false, "ropp: no key: wg: no such thing: is wireguard-tools installed?\n",
         "no such thing\n"
         "or ano 25\n"
         " 270\n");
}

static int make_folder(void **state)
{
    char path[4096];

    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s:%s", folder, getenv("PATH"));
    setenv("PATH", path, 1);
    write_text("wg", "#!/bin/sh\n[ $1 = genkey ] && echo " MADE " || echo " PUBLIC "\n", 0755);
    return 0;
}

static int remove_folder(void **state)
{
    char line[64];

    (void)state;
    ropp_buffer_free(&wiped);
    snprintf(line, sizeof line, "rm -r %s", folder);
    return system(line);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wiped),
        cmocka_unit_test(test_cannot),
    };

    return UNIT_RUN(argc, argv, "hop_keys", tests, make_folder, remove_folder);
}
