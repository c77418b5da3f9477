// SPDX-License-Identifier: MIT
/* The calls that differ between operating systems and compilers. A port to another one is this
 * header's .c file. */
#ifndef ROPP_PLATFORM_H
#define ROPP_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/addr.h"

/* ---- time and place ---- */

/* Milliseconds on a clock that never jumps, from an arbitrary beginning. */
int64_t ropp_now_ms(void);

/* Milliseconds since 1970-01-01, as the machine's clock has them. */
int64_t ropp_wall_ms(void);

#define ROPP_HOST_TEXT 64

/* This machine's name, cut to fit; "unknown" when it has none. */
void ropp_host_name(char out[ROPP_HOST_TEXT]);

unsigned ropp_process_id(void);

/* How many descriptors this process may have open; UINT_MAX when nothing says so. */
unsigned ropp_descriptor_limit(void);

/* The number that the next descriptor would have; -1 when there are none left. It is found out with
 * fd, an open one, to which nothing happens. On Windows, where sockets are not numbered, 0. */
int ropp_next_descriptor(int fd);

/* The port a listening socket is bound to, 0 when it is not known. The socket is the system's own:
 * a descriptor, or a SOCKET. */
unsigned ropp_local_port(intptr_t socket);

#define ROPP_NETWORK_ERROR_TEXT 96

/* Why the last call of the network failed. */
void ropp_network_error(char out[ROPP_NETWORK_ERROR_TEXT]);

#define ROPP_OWN_ADDRESSES 64

/* This machine's own addresses, those of its interfaces and of loopback; how many there are. Waits
 * for the system: not for the connection path. */
size_t ropp_own_addresses(struct ropp_addr out[ROPP_OWN_ADDRESSES]);

/* As malloc, and to be freed as what that gives; a block of several megabytes is made of large pages
 * where the system has them. */
void *ropp_alloc_large(size_t size);

/* ---- words that two threads share ----
 *
 * A load acquires, a store releases. */

void *ropp_exchange(void **slot, void *value); /* returns what was there; both at once */
uint32_t ropp_load(const uint32_t *word);
void ropp_store(uint32_t *word, uint32_t value);
/* Stores `value` if the word is still `expected`; false when it is not. */
bool ropp_compare_exchange(uint32_t *word, uint32_t expected, uint32_t value);

/* The same without any order: for counters, and for contents that another word guards. */
uint32_t ropp_load_relaxed(const uint32_t *word);
void ropp_store_relaxed(uint32_t *word, uint32_t value);

/* Counters that one thread alone adds to, and others read. */
void ropp_count(uint64_t *counter);
uint64_t ropp_counted(const uint64_t *counter);

/* ---- the one thread beside the emulator's ---- */

struct ropp_thread {
    void *state; /* owned; NULL when there is no thread */
};

/* Starts run(argument), at a lower priority than the emulator's own thread where the system allows
 * that, and to which no signal of the process is delivered. False when the system has no thread to
 * give. */
bool ropp_thread_start(struct ropp_thread *thread, void (*run)(void *argument), void *argument);

/* By the thread itself: waits so long, or until it is to end. False when it is to end. */
bool ropp_thread_wait(struct ropp_thread *thread, unsigned wait_ms);

/* By the one who has started it: asks it to end and waits for that so long. False when it has not
 * ended (a database does not answer, say): then it keeps what it uses until the process ends.
 * Harmless when there is no thread. */
bool ropp_thread_stop(struct ropp_thread *thread, unsigned wait_ms);

#endif
