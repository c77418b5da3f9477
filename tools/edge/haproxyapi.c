// SPDX-License-Identifier: MIT
#include "tools/edge/haproxyapi.h"

#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* What is behind every answer. The line break before it is the answer's own last one. */
#define PROMPT "\n> "

enum { PROMPT_LENGTH = sizeof PROMPT - 1, PIECE = 65536 };

static bool fail(struct ropp_haproxy *haproxy, const char *format, ...) ROPP_PRINTF(2, 3);

static bool fail(struct ropp_haproxy *haproxy, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(haproxy->trouble, sizeof haproxy->trouble, format, args);
    va_end(args);
    return false;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the socket is ready for one of the events. False when it is not in time. */
static bool wait_until(struct ropp_haproxy *haproxy, short events, int64_t end_ms)
{
    struct pollfd socket = {haproxy->fd, events, 0};
    int64_t left_ms;
    int ready;

    do {
        left_ms = end_ms - now_ms();
        ready = poll(&socket, 1, left_ms > 0 ? (int)left_ms : 0);
    } while (ready < 0 && errno == EINTR);
    if (ready > 0)
        return true;
    return fail(haproxy, "does not answer within %d ms", haproxy->timeout_ms);
}

/* ---- connecting ---- */

static bool connect_to(struct ropp_haproxy *haproxy, const struct sockaddr *address, socklen_t size)
{
    int error;
    socklen_t length = sizeof error;

    haproxy->fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (haproxy->fd < 0)
        return fail(haproxy, "no socket: %s", strerror(errno));
    if (connect(haproxy->fd, address, size) == 0)
        return true;
    /* A local socket whose queue is full says EAGAIN, and is not to be waited for. */
    if (errno != EINPROGRESS)
        return fail(haproxy, "cannot be reached: %s", strerror(errno));
    if (!wait_until(haproxy, POLLOUT, now_ms() + haproxy->timeout_ms))
        return false;
    if (getsockopt(haproxy->fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
        error = errno;
    return error == 0 || fail(haproxy, "cannot be reached: %s", strerror(error));
}

static bool connect_path(struct ropp_haproxy *haproxy, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof address.sun_path)
        return fail(haproxy, "the path is too long for a socket");
    strcpy(address.sun_path, path);
    return connect_to(haproxy, (const struct sockaddr *)&address, sizeof address);
}

/* Sets apart "HOST:PORT"; `host` has room for all of it. The port is NULL when it has none. */
static const char *split(const char *at, char *host)
{
    const char *colon = strrchr(at, ':');
    size_t length = colon != NULL ? (size_t)(colon - at) : 0;

    if (length == 0 || colon[1] == '\0' || strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return NULL;
    if (at[0] == '[' && at[length - 1] == ']') {
        at++;
        length -= 2;
    } else if (memchr(at, ':', length) != NULL) {
        return NULL;
    }
    memcpy(host, at, length);
    host[length] = '\0';
    return length > 0 ? colon + 1 : NULL;
}

static bool connect_host(struct ropp_haproxy *haproxy, const char *at)
{
    const struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    char *host = ropp_alloc(strlen(at) + 1, 1);
    const char *port = split(at, host);
    struct addrinfo *found = NULL;
    bool good = false;
    int error = port != NULL ? getaddrinfo(host, port, &wanted, &found) : EAI_NONAME;

    free(host);
    if (error != 0)
        return fail(haproxy, "no such host: %s", gai_strerror(error));
    for (const struct addrinfo *one = found; one != NULL && !good; one = one->ai_next) {
        if (haproxy->fd >= 0)
            close(haproxy->fd);
        good = connect_to(haproxy, one->ai_addr, one->ai_addrlen);
    }
    freeaddrinfo(found);
    return good;
}

bool ropp_haproxy_is_address(const char *at)
{
    char *host = ropp_alloc(strlen(at) + 1, 1);
    bool good = strchr(at, '/') != NULL || split(at, host) != NULL;

    free(host);
    return good;
}

/* ---- exchanges ---- */

/* Sends what it can of text[*sent..size). */
static bool send_some(struct ropp_haproxy *haproxy, const char *text, size_t size, size_t *sent)
{
    size_t left = size - *sent;
    ssize_t done = send(haproxy->fd, text + *sent, left < PIECE ? left : PIECE, MSG_NOSIGNAL);

    if (done < 0 && errno != EAGAIN && errno != EINTR)
        return fail(haproxy, "the connection broke: %s", strerror(errno));
    *sent += done > 0 ? (size_t)done : 0;
    return true;
}

static bool hear_some(struct ropp_haproxy *haproxy)
{
    char piece[PIECE];
    ssize_t size = recv(haproxy->fd, piece, sizeof piece, 0);

    if (size == 0)
        return fail(haproxy, "the connection was closed");
    if (size < 0 && errno != EAGAIN && errno != EINTR)
        return fail(haproxy, "the connection broke: %s", strerror(errno));
    if (size > 0)
        ropp_buffer_add(&haproxy->heard, piece, (size_t)size);
    return true;
}

/* Sends text[*sent..size) as far as it can be sent, and hears what there is; waits for one of them.
 */
static bool go_on(struct ropp_haproxy *haproxy, const char *text, size_t size, size_t *sent,
                  int64_t end_ms)
{
    short events = *sent < size ? POLLIN | POLLOUT : POLLIN;

    return wait_until(haproxy, events, end_ms) &&
           (*sent == size || send_some(haproxy, text, size, sent)) && hear_some(haproxy);
}

/* Forgets the first `size` bytes of what was heard. */
static void drop(struct ropp_haproxy *haproxy, size_t size)
{
    struct ropp_buffer *heard = &haproxy->heard;

    heard->size -= size;
    memmove(heard->data, heard->data + size, heard->size);
    heard->data[heard->size] = '\0';
}

/* Where the prompt behind the next answer is, in what was heard from an offset on. NULL: it has not
 * come yet. */
static const char *prompt_in(const struct ropp_haproxy *haproxy, size_t from)
{
    return haproxy->heard.size == 0 ? NULL : strstr(haproxy->heard.data + from, PROMPT);
}

bool ropp_haproxy_ask(struct ropp_haproxy *haproxy, const char *command, struct ropp_buffer *answer)
{
    char *line = ropp_format("%s\n", command);
    int64_t end_ms = now_ms() + haproxy->timeout_ms;
    size_t sent = 0, size = strlen(line), length;
    const char *prompt;
    bool good = true;

    while (good && (prompt = prompt_in(haproxy, 0)) == NULL)
        good = go_on(haproxy, line, size, &sent, end_ms);
    free(line);
    if (!good)
        return false;
    length = (size_t)(prompt - haproxy->heard.data);
    while (length > 0 && haproxy->heard.data[length - 1] == '\n')
        length--;
    ropp_buffer_add(answer, haproxy->heard.data, length);
    drop(haproxy, (size_t)(prompt - haproxy->heard.data) + PROMPT_LENGTH);
    return true;
}

/* Takes the answers that have come, which must be empty. */
static bool take_answers(struct ropp_haproxy *haproxy, size_t *answers)
{
    const char *prompt;
    size_t at = 0;

    while ((prompt = prompt_in(haproxy, at)) != NULL) {
        const char *answer = haproxy->heard.data + at;

        if (prompt != answer)
            return fail(haproxy, "refuses a command: %.*s", (int)strcspn(answer, "\n"), answer);
        at += PROMPT_LENGTH;
        (*answers)++;
    }
    drop(haproxy, at);
    return true;
}

bool ropp_haproxy_tell(struct ropp_haproxy *haproxy, const struct ropp_buffer *commands)
{
    size_t sent = 0, answers = 0, wanted = 0;
    int64_t end_ms;

    for (size_t i = 0; i < commands->size; i++)
        wanted += commands->data[i] == '\n';
    while (answers < wanted) {
        end_ms = now_ms() + haproxy->timeout_ms;
        if (!go_on(haproxy, commands->data, commands->size, &sent, end_ms) ||
            (haproxy->heard.size > 0 && !take_answers(haproxy, &answers)))
            return false;
    }
    return true;
}

bool ropp_haproxy_open(struct ropp_haproxy *haproxy, const char *at, int timeout_ms)
{
    struct ropp_buffer nothing = {0};
    bool good;

    memset(haproxy, 0, sizeof *haproxy);
    haproxy->fd = -1;
    haproxy->timeout_ms = timeout_ms;
    good = strchr(at, '/') != NULL ? connect_path(haproxy, at) : connect_host(haproxy, at);
    good = good && ropp_haproxy_ask(haproxy, "prompt", &nothing);
    ropp_buffer_free(&nothing);
    if (!good)
        ropp_haproxy_close(haproxy);
    return good;
}

void ropp_haproxy_close(struct ropp_haproxy *haproxy)
{
    if (haproxy->fd >= 0)
        close(haproxy->fd);
    haproxy->fd = -1;
    ropp_buffer_free(&haproxy->heard);
}

/* ---- lists ---- */

/* The number behind the first occurrence of a text. */
static bool number_behind(const char *text, const char *key, uint64_t *number)
{
    const char *at = strstr(text, key);
    char *end;

    if (at == NULL)
        return false;
    at += strlen(key);
    *number = strtoull(at, &end, 10);
    return end > at;
}

/* Reads "ID (FILE) DESCRIPTION curr_ver=N next_ver=N entry_cnt=N" of this file. `line` ends with a
 * NUL. */
static bool read_line(const char *line, const char *file, struct ropp_haproxy_acl *acl)
{
    size_t length = strlen(file);
    char *end;

    acl->id = (unsigned)strtoul(line, &end, 10);
    return end > line && strncmp(end, " (", 2) == 0 && strncmp(end + 2, file, length) == 0 &&
           end[2 + length] == ')' && number_behind(end, " curr_ver=", &acl->version) &&
           number_behind(end, " entry_cnt=", &acl->entries);
}

/* Reads the line of this file among those of `show acl`. */
static bool find_line(char *lines, const char *file, struct ropp_haproxy_acl *acl)
{
    char *place = NULL;

    for (char *line = strtok_r(lines, "\n", &place); line != NULL;
         line = strtok_r(NULL, "\n", &place))
        if (read_line(line, file, acl))
            return true;
    return false;
}

bool ropp_haproxy_acl(struct ropp_haproxy *haproxy, const char *file, struct ropp_haproxy_acl *acl)
{
    struct ropp_buffer info = {0}, lists = {0};
    bool good = ropp_haproxy_ask(haproxy, "show info", &info) &&
                ropp_haproxy_ask(haproxy, "show acl", &lists);

    if (good && (info.size == 0 || !number_behind(info.data, "\nPid: ", &acl->pid)))
        good = fail(haproxy, "does not answer `show info` as HAProxy does");
    if (good && (lists.size == 0 || !find_line(lists.data, file, acl)))
        good = fail(haproxy, "has no list from the file %s, or is older than 2.4", file);
    ropp_buffer_free(&info);
    ropp_buffer_free(&lists);
    return good;
}
