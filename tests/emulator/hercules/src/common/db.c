#define HERCULES_CORE

#include "db.h"

#include "common/memmgr.h"

#define BUCKETS 0x1000

struct db_node {
	struct db_node *next;
	uint32 key;
	void *data;
};

struct DBMap {
	struct db_node *bucket[BUCKETS];
	int size;
};

struct DBMap *idb_alloc(void)
{
	struct DBMap *db;

	CREATE(db, struct DBMap, 1);
	return db;
}

/* The link that points to the node of the key, or to the end of its chain. */
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
	struct db_node **link = db_link(db, key);

	if (*link != NULL)
		db_unlink(db, link);
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

int db_size(const struct DBMap *db)
{
	return db->size;
}

void db_foreach(struct DBMap *db, DBVisit visit, intptr_t arg)
{
	for (int i = 0; i < BUCKETS; ++i) {
		struct db_node **link = &db->bucket[i];

		while (*link != NULL) {
			if (visit((*link)->key, (*link)->data, arg))
				link = &(*link)->next;
			else
				db_unlink(db, link);
		}
	}
}

static bool db_drop(uint32 key, void *data, intptr_t arg)
{
	return false;
}

void db_destroy(struct DBMap *db)
{
	if (db == NULL)
		return;
	db_foreach(db, db_drop, 0);
	aFree(db);
}
