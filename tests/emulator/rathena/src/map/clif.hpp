#ifndef CLIF_HPP
#define CLIF_HPP

#include <common/cbasetypes.hpp>

struct map_session_data;

// The parse handler of every new connection.
int32 clif_parse(int32 fd);

void clif_authok(struct map_session_data *sd);

// Refuses or throws out a player. 0 wrong ticket, 1 no char server, 2 another login, 8 still online
void clif_authfail_fd(int32 fd, uint8 type);

void clif_charselectok(int32 fd, uint8 ok);
void clif_displaymessage(int32 fd, const char *text);

void clif_changemap(struct map_session_data *sd, const char *map, uint16 x, uint16 y);
void clif_changemapserver(struct map_session_data *sd, const char *map, uint16 x, uint16 y,
                          uint32 ip, uint16 port);

void do_init_clif(void);

#endif /* CLIF_HPP */
