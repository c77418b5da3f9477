/* `ropp status`: the server processes of a cluster. */
#ifndef ROPP_TOOLS_STATUS_STATUS_H
#define ROPP_TOOLS_STATUS_STATUS_H

/* argv[0] is "status"; returns the exit status (tools/base/cli.h). */
int ropp_cmd_status(int argc, char **argv);

#endif
