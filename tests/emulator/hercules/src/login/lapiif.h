#ifndef LOGIN_LAPIIF_H
#define LOGIN_LAPIIF_H

#include "common/hercules.h"

/* Links to api servers. */
struct lapiif_interface {
	int (*parse)(int fd);
	void (*server_reset)(int id);
};

void lapiif_defaults(void);

HPShared struct lapiif_interface *lapiif;

#endif /* LOGIN_LAPIIF_H */
