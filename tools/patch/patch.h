/* `ropp patch`: weaves ropp into an emulator's source tree, and takes it out again. */
#ifndef ROPP_TOOLS_PATCH_PATCH_H
#define ROPP_TOOLS_PATCH_PATCH_H

/* Runs `patch check|apply|revert|status|diff TREE [OPTION ...]`; argv[0] is "patch". Prints to
 * standard output and standard error. Returns the exit status: 0 done, 1 refused or not found (of
 * `status`: anything but up to date), 2 wrong usage or environment. */
int ropp_cmd_patch(int argc, char **argv);

#endif
