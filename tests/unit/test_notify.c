// SPDX-License-Identifier: MIT
/* What a service manager is told, at a socket in the file system and at one without a file. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tools/base/notify.h"

static char folder[] = "/tmp/ropp-notify.XXXXXX";

/* A manager's socket of that name, which the environment then has; a leading zero byte is an '@'. */
static int listen_at(const char *name, size_t length)
{
    struct sockaddr_un address;
    char shown[sizeof address.sun_path + 1];
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, name, length);
    snprintf(shown, sizeof shown, "%s%.*s", name[0] == '\0' ? "@" : "",
             (int)(name[0] == '\0' ? length - 1 : length), name[0] == '\0' ? name + 1 : name);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)),
                     0);
    assert_int_equal(setenv("NOTIFY_SOCKET", shown, 1), 0);
    return fd;
}

static void hears(int fd, const char *wanted)
{
    char text[2048];
    ssize_t size = recv(fd, text, sizeof text - 1, MSG_DONTWAIT);

    assert_true(size >= 0);
    text[size] = '\0';
    assert_string_equal(text, wanted);
}

static void hears_nothing(int fd)
{
    char text[16];

    assert_true(recv(fd, text, sizeof text, MSG_DONTWAIT) < 0);
}

static void test_a_file(void **state)
{
    char path[64], text[1500];
    int fd;

    (void)state;
    snprintf(path, sizeof path, "%s/socket", folder);
    fd = listen_at(path, strlen(path));
    ropp_notify("READY=1\nSTATUS=%d of %s", 2, "3");
    hears(fd, "READY=1\nSTATUS=2 of 3");
    ropp_notify("WATCHDOG=1");
    hears(fd, "WATCHDOG=1");
    /* What is too long is cut. */
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ropp_notify("%s", text);
    text[1023] = '\0';
    hears(fd, text);
    close(fd);
    ropp_notify("WATCHDOG=1"); /* nobody is there any more */
    assert_int_equal(unlink(path), 0);
}

static void test_no_file(void **state)
{
    char name[64] = "";
    int fd;

    (void)state;
    snprintf(name + 1, sizeof name - 1, "ropp-notify-%ld", (long)getpid());
    fd = listen_at(name, 1 + strlen(name + 1));
    ropp_notify("STOPPING=1");
    hears(fd, "STOPPING=1");

    /* The longest name there is, and one that is longer. */
    {
        char longest[110];
        int other;

        memset(longest, 'n', sizeof longest);
        longest[0] = '\0';
        other = listen_at(longest, 107);
        ropp_notify("READY=1");
        hears(other, "READY=1");
        close(other);
        other = listen_at(longest, 108);
        ropp_notify("READY=1");
        hears_nothing(other);
        close(other);
    }

    /* Names that are none, and no name at all. */
    setenv("NOTIFY_SOCKET", "@", 1);
    ropp_notify("READY=1");
    setenv("NOTIFY_SOCKET", "/", 1);
    ropp_notify("READY=1");
    setenv("NOTIFY_SOCKET", "relative", 1);
    ropp_notify("READY=1");
    setenv("NOTIFY_SOCKET", "", 1);
    ropp_notify("READY=1");
    unsetenv("NOTIFY_SOCKET");
    ropp_notify("READY=1");
    hears_nothing(fd);
    close(fd);
}

static void expect_watchdog(const char *text, int want_ms)
{
    setenv("WATCHDOG_USEC", text, 1);
    assert_int_equal(ropp_notify_watchdog_ms(), want_ms);
}

/* Nothing stays open of it, and nobody waits for a manager that does not listen. */
static void test_nothing_stays(void **state)
{
    char name[64] = "";
    int fd, before, after;

    (void)state;
    snprintf(name + 1, sizeof name - 1, "ropp-notify-busy-%ld", (long)getpid());
    fd = listen_at(name, 1 + strlen(name + 1));
    before = dup(0);
    for (int i = 0; i < 2000; i++)
        ropp_notify("WATCHDOG=1");
    after = dup(0);
    assert_int_equal(after, before + 1);
    close(after);
    close(before);
    close(fd);
    unsetenv("NOTIFY_SOCKET");
}

static void test_watchdog(void **state)
{
    (void)state;
    expect_watchdog("2000000", 2000);
    expect_watchdog("1500", 1);
    expect_watchdog("1", 0);
    expect_watchdog("999", 0);
    expect_watchdog("1000", 1);
    expect_watchdog("2147483647001", 0);
    expect_watchdog("", 0);
    expect_watchdog("0", 0);
    expect_watchdog("often", 0);
    expect_watchdog("2147483647000", 2147483647);
    expect_watchdog("2147483648000", 0);
    unsetenv("WATCHDOG_USEC");
    assert_int_equal(ropp_notify_watchdog_ms(), 0);
}

static int begin(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file),
        cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_nothing_stays),
        cmocka_unit_test(test_watchdog),
    };
    return UNIT_RUN(argc, argv, "notify", tests, begin, end);
}
