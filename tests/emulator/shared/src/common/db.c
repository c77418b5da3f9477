// SPDX-License-Identifier: MIT
#include "common/db.h"

#include "common/memmgr.h"

#define BUCKETS 0x1000

struct db_node {
	struct db_node *next;
	uint32 key;
	void *data;
};

struct DBMap {
	struct db_node *bucket[BUCKETS];
	int32 size;
};

struct DBMap *idb_alloc(void)
{
	struct DBMap *db;

	CREATE(db, struct DBMap, 1);
	return db;
}

/* What points to the node of the key, or to the end of its chain. */
static struct db_node **db_link(struct DBMap *db, uint32 key)
{
	struct db_node **link = &db->bucket[key % BUCKETS];

	while (*link != NULL && (*link)->key != key)
		link = &(*link)->next;
	return link;
}

static void db_unlink(struct DBMap *db, struct db_node **link)
{
	struct db_node *node = *link;

	*link = node->next;
	aFree(node->data);
	aFree(node);
	db->size--;
}

void *idb_get(struct DBMap *db, uint32 key)
{
	struct db_node *node = *db_link(db, key);

	return node != NULL ? node->data : NULL;
}

void idb_put(struct DBMap *db, uint32 key, void *data)
{
	struct db_node **link;

	idb_remove(db, key);
	link = db_link(db, key);
	CREATE(*link, struct db_node, 1);
	(*link)->key = key;
	(*link)->data = data;
	db->size++;
}

void idb_remove(struct DBMap *db, uint32 key)
{
	struct db_node **link = db_link(db, key);

	if (*link != NULL)
		db_unlink(db, link);
}

int32 idb_size(const struct DBMap *db)
{
	return db->size;
}

void idb_visit(struct DBMap *db, DBVisit visit, intptr_t arg)
{
	for (int32 i = 0; i < BUCKETS; ++i) {
		struct db_node **link = &db->bucket[i];

		while (*link != NULL) {
			if (visit == NULL || !visit((*link)->key, (*link)->data, arg))
				db_unlink(db, link);
			else
				link = &(*link)->next;
		}
	}
}

void idb_free(struct DBMap *db)
{
	if (db == NULL)
		return;
	idb_visit(db, NULL, 0);
	aFree(db);
}
