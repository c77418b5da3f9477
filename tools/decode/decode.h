/* `ropp decode`: shows a captured PROXY protocol header, as a table for people or as JSON. */
#ifndef ROPP_TOOLS_DECODE_DECODE_H
#define ROPP_TOOLS_DECODE_DECODE_H

/* argv[0] is "decode". Returns the exit status: done only for a complete and valid header, refused
 * for any other, usage when the options or the file are no good. */
int ropp_cmd_decode(int argc, char **argv);

#endif
