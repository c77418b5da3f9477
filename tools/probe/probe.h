/* `ropp probe`: a player's way through a hop, for the owner to see. */
#ifndef ROPP_PROBE_H
#define ROPP_PROBE_H

/* argv[0] is "probe"; returns the exit status. */
int ropp_cmd_probe(int argc, char **argv);

#endif
