/* table.h - a map from 64-bit keys to numbers, in memory. */
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

/* Of small numbers of ours one key, by as many calls as there are numbers:
 * every bit hangs on all of them. In memory only, and strangers do not choose
 * these numbers. */
static inline uint64_t
table_mix(uint64_t before, int64_t n)
{
	uint64_t x = (before ^ (uint64_t)n) * UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return x ^ x >> 32;
}

/* Where a key is looked for first. Some keys are packed of small numbers, as
 * "stream << 24": their low bits alone would put all of them into one place. */
static inline size_t
table_slot(size_t cap, uint64_t key)
{
	return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (cap - 1);
}

/* The value's place, or NULL: not in it. */
int64_t *table_find(const struct table *t, uint64_t key);
/* The value's place, made 0 when new; NULL: no memory. Places move when
 * something is added. */
int64_t *table_add(struct table *t, uint64_t key);
/* It will be looked up soon: memory is asked for its place meanwhile. */
static inline void
table_ahead(const struct table *t, uint64_t key)
{
	if (t->cap > 0)
		__builtin_prefetch(&t->rows[table_slot(t->cap, key)]);
}
void table_clear(struct table *t); /* keeps the memory */
void table_release(struct table *t);

#endif
