/* hashset.h - a large set of 64-bit hashes: first gathered, then asked. */
#ifndef BASE_HASHSET_H
#define BASE_HASHSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HASHSET_LINE 8 /* slots of one cache line, filled from its start */

struct hashset_pile;

/* All zero is an empty set that gathers. */
struct hashset {
	struct hashset_pile *piles; /* gathered; gone once built */
	size_t n; /* gathered, the same one maybe several times */
	uint64_t *slots; /* 0: free */
	uint64_t lines;
};

/* Gathers one more; false: no memory. */
bool hashset_add(struct hashset *s, uint64_t hash);
/* Calls fn for each that was gathered; not once it is built. */
void hashset_each(const struct hashset *s, void (*fn)(void *, uint64_t),
    void *ctx);
/* Makes the table, three fifths full, and gives the piles back on the way; at
 * its end nothing can be added. False: no memory, or too many. */
bool hashset_build(struct hashset *s);
void hashset_release(struct hashset *s); /* back to all zero */

/* Bytes that n take at the worst moment, the making of the table. */
uint64_t hashset_bytes(uint64_t n);

/* Where its line begins. No sizes by powers of two: the load is the same for
 * every number. */
static inline uint64_t
hashset_place(const struct hashset *s, uint64_t hash)
{
	return ((hash >> 32) * s->lines >> 32) * HASHSET_LINE;
}

static inline void
hashset_prefetch(const struct hashset *s, uint64_t hash)
{
	__builtin_prefetch(s->slots + hashset_place(s, hash));
}

/* The slot that holds the hash, or the free one that would. */
static inline uint64_t
hashset_find(const struct hashset *s, uint64_t hash)
{
	uint64_t at = hashset_place(s, hash);

	while (s->slots[at] != hash && s->slots[at] != 0)
		at = at + 1 < s->lines * HASHSET_LINE ? at + 1 : 0;
	return at;
}

/* Of a set that is built. */
static inline bool
hashset_has(const struct hashset *s, uint64_t hash)
{
	return s->slots[hashset_find(s, hash + (hash == 0))] != 0;
}

#endif
