#ifndef ATCOMMAND_HPP
#define ATCOMMAND_HPP

struct map_session_data;

// Carries out what a player has said, if it is a command; false if it is not:
//   @warp <map> [<x> <y>], or @xmap the same   to a map, here or on another map server
//   @ip                                        where the server sees the player
bool is_atcommand(struct map_session_data *sd, const char *text);

#endif /* ATCOMMAND_HPP */
