// SPDX-License-Identifier: MIT
#ifndef COMMON_DB_H
#define COMMON_DB_H

#include "common/cbasetypes.h"

/* A map from numbers to blocks of memory, which it frees when their entries go. */
struct DBMap;

/* False: the entry goes. It may not add or remove entries itself. */
typedef bool (*DBVisit)(uint32 key, void *data, intptr_t arg);

struct DBMap *idb_alloc(void);
void *idb_get(struct DBMap *db, uint32 key);            /* NULL: not there */
void idb_put(struct DBMap *db, uint32 key, void *data); /* in the place of an older entry */
void idb_remove(struct DBMap *db, uint32 key);
int32 idb_size(const struct DBMap *db);
void idb_visit(struct DBMap *db, DBVisit visit, intptr_t arg);
void idb_free(struct DBMap *db);

#endif
