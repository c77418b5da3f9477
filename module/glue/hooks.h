// SPDX-License-Identifier: MIT
/* What the lines that `ropp patch` weaves into an emulator call. This header needs no other and
 * uses only the types every C and C++ compiler has, so that it can come before everything else in
 * a file. Addresses are IPv4 in host byte order. Implemented by the dialect's glue, at the end of
 * socket.c. */
#ifndef ROPP_HOOKS_H
#define ROPP_HOOKS_H

#ifdef __cplusplus
extern "C" {
#endif

/* The servers, with the values of enum ropp_server. */
enum { ROPP_LOGIN = 1, ROPP_CHAR, ROPP_MAP, ROPP_API };

/* A configuration file of a server is about to be read: one of `key: value` lines, which the
 * emulator opens with fopen, or one for libconfig. Ends the process when a proxy_ key in it is
 * wrong. */
void ropp_hook_config_fopen(int server, const char *file);
void ropp_hook_config_libconfig(int server, const char *file);

/* The version of the client that the server is built for: PACKETVER. */
void ropp_hook_packetver(unsigned int packetver);

/* This process listens on fd. Ends the process when the settings do not fit together. */
void ropp_hook_listening(int fd);

/* fd was accepted from peer and has no session yet. Nonzero: close it. */
int ropp_hook_accept(int fd, unsigned int peer);

/* The emulator's guard is about to judge an address. Nonzero: let it pass, since it is a proxy's;
 * the player's own is judged when it is known. */
int ropp_hook_defer_check(void);

/* A session is made at fd, by whomever: what an earlier one left there is forgotten. Unless
 * ropp_hook_connected follows, it is a connection of this server's own. */
void ropp_hook_session(int fd);

/* The fd that was accepted has its session and its address. */
void ropp_hook_connected(int fd);

/* The session at fd is about to be freed. For trees whose loop ends a session without asking its
 * parse handler. */
void ropp_hook_ended(int fd);

/* A packet of length bytes is about to be sent to fd. Returns its length, which may be another one.
 */
unsigned int ropp_hook_send(int fd, unsigned int length);

/* Nonzero: the key of a configuration file is ropp's, and unknown to nobody. */
int ropp_hook_is_key(const char *key);

/* A ticket of an account is used, and it is the right one; the addresses are where it is used from
 * and where it was issued to. Nonzero: these differ and it must be refused. Where the address used
 * is not at hand any more, ropp_hook_ticket_from has noted it before. */
int ropp_hook_ticket(unsigned int account, unsigned int issued_to, unsigned int used_from);
void ropp_hook_ticket_from(unsigned int used_from);
int ropp_hook_ticket_noted(unsigned int account, unsigned int issued_to);
/* The same, used from the address of the session at fd. */
int ropp_hook_ticket_here(int fd, unsigned int account, unsigned int issued_to);

/* The login server's own check of ipbanlist is about to judge an address. Nonzero: an allowance in
 * proxy_ban lets it in, whatever is there. */
int ropp_hook_allowed(unsigned int client_addr);

/* A turn of the loop begins. */
void ropp_hook_turn(void);

/* It is about to wait this many milliseconds at most until something happens. Returns how many it may
 * wait: in some trees a server without timers waits for very long, and deadlines would pass; and none
 * while there are connections to close that were put off from one turn to the next. */
int ropp_hook_wait(int ms);

/* The socket layer is about to end: to be called there, or given to atexit. */
void ropp_hook_final(void);

/* fd asks to be a server of the cluster. Nonzero: it must not, and is being closed. */
int ropp_hook_refuse_server(int fd);

#ifdef __cplusplus
}
#endif

#endif
