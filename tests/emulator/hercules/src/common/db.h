#ifndef COMMON_DB_H
#define COMMON_DB_H

#include "common/hercules.h"
#include "common/memmgr.h"

#include <string.h>

/* A map from a number to a block of memory, which it frees when the entry goes. */
struct DBMap;

/* Returns false to have the entry removed. */
typedef bool (*DBVisit)(uint32 key, void *data, intptr_t arg);

struct DBMap *idb_alloc(void);
void *idb_get(struct DBMap *db, uint32 key);            /* NULL: not there */
void idb_put(struct DBMap *db, uint32 key, void *data); /* takes the place of an older entry */
void idb_remove(struct DBMap *db, uint32 key);
int db_size(const struct DBMap *db);
void db_foreach(struct DBMap *db, DBVisit visit, intptr_t arg);
void db_destroy(struct DBMap *db);

/* The same with unsigned keys. */
#define uidb_alloc idb_alloc
#define uidb_get   idb_get
#define uidb_put   idb_put

/* An array that grows. */
#define VECTOR_STRUCT_DECL(name, type)                                                             \
	struct name {                                                                                  \
		int max_, len_;                                                                            \
		type *data_;                                                                               \
	}
#define VECTOR_INIT(vec)       memset(&(vec), 0, sizeof(vec))
#define VECTOR_LENGTH(vec)     ((vec).len_)
#define VECTOR_INDEX(vec, idx) ((vec).data_[idx])
#define VECTOR_LAST(vec)       ((vec).data_[(vec).len_ - 1])
#define VECTOR_PUSH(vec, val)                                                                      \
	do {                                                                                           \
		if ((vec).len_ == (vec).max_) {                                                            \
			(vec).max_ += 8;                                                                       \
			(vec).data_ = aRealloc((vec).data_, (size_t)(vec).max_ * sizeof((vec).data_[0]));      \
		}                                                                                          \
		(vec).data_[(vec).len_++] = (val);                                                         \
	} while (0)
#define VECTOR_CLEAR(vec)                                                                          \
	do {                                                                                           \
		aFree((vec).data_);                                                                        \
		VECTOR_INIT(vec);                                                                          \
	} while (0)

#endif /* COMMON_DB_H */
