/* table.h - a map from 64-bit hashes to numbers, in memory. */
#ifndef STORE_TABLE_H
#define STORE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty map. */
struct table {
	struct table_row {
		uint64_t key; /* 0: free; a key of 0 is taken as 1 */
		int64_t value;
	} *rows;
	size_t n, cap; /* cap is a power of two, or 0 */
};

/* The value's place, or NULL: not in it. */
int64_t *table_find(const struct table *t, uint64_t key);
/* The value's place, made 0 when new; NULL: no memory. Places move when
 * something is added. */
int64_t *table_add(struct table *t, uint64_t key);
void table_clear(struct table *t); /* keeps the memory */
void table_release(struct table *t);

#endif
