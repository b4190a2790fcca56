/* groups.h - rows counted by what they have in common, in memory. */
#ifndef STORE_GROUPS_H
#define STORE_GROUPS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/db.h"
#include "store/table.h"

#define GROUP_KEYS 8

struct group {
	int64_t key[GROUP_KEYS];
	int64_t n, first, last; /* rows, and their times */
};

/* All zero is empty. */
struct groups {
	struct group *list; /* in the order in which they came */
	size_t n, cap;
	struct table at;    /* of a key's hash: the number of one, from 1 */
};

/* The group of that key, made with no rows when it is new; NULL: no memory.
 * Groups move when one is added. */
struct group *groups_at(struct groups *g, const int64_t key[GROUP_KEYS],
    struct err *e);
/* Counts n rows more. */
void group_add(struct group *to, int64_t n, int64_t first, int64_t last);
/* Leaves those alone of which the first so many numbers of their keys are
 * common to the most rows: `limit` of such wholes, and any that has as many
 * rows as the last of these. No group can be added or found after it. */
bool groups_keep_most(struct groups *g, size_t common, int64_t limit,
    struct err *e);
/* For statements: c1 to c8 are the key, c9 is n, c10 first, c11 last. */
struct db_rows groups_rows(const struct groups *g);
void groups_release(struct groups *g); /* back to all zero */

#endif
