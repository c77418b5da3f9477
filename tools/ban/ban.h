/* `ropp ban`: the ban lists in the emulator's database. */
#ifndef ROPP_TOOLS_BAN_BAN_H
#define ROPP_TOOLS_BAN_BAN_H

/* argv[0] is "ban"; returns the exit status (tools/base/cli.h). */
int ropp_cmd_ban(int argc, char **argv);

/* Its commands, each in a file of its own; argv[0] is the command's name. */
int ropp_ban_add(int argc, char **argv);
int ropp_ban_del(int argc, char **argv);
int ropp_ban_list(int argc, char **argv);
int ropp_ban_check(int argc, char **argv);
int ropp_ban_import(int argc, char **argv);
int ropp_ban_export(int argc, char **argv);

#endif
