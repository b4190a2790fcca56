/* bloom.h - a set of 64-bit hashes in two bytes each: "maybe" or "no". */
#ifndef BASE_BLOOM_H
#define BASE_BLOOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOOM_WORDS 8 /* of one block: half a cache line */

/* A split-block filter: one bit in each word of one block is a hash. */
struct bloom {
	struct bloom_block {
		uint32_t word[BLOOM_WORDS];
	} *blocks;
	uint64_t n; /* blocks */
};

/* Room for n hashes at 16 bits each, where one in some 700 others is taken
 * for one of them; but at most max bytes, then more are. False: no memory. */
bool bloom_make(struct bloom *b, uint64_t n, uint64_t max);
void bloom_release(struct bloom *b);
void bloom_add(struct bloom *b, uint64_t hash);

static inline struct bloom_block *
bloom_block(const struct bloom *b, uint64_t hash)
{
	return b->blocks + ((hash >> 32) * b->n >> 32);
}

static inline void
bloom_prefetch(const struct bloom *b, uint64_t hash)
{
	__builtin_prefetch(bloom_block(b, hash));
}

/* False: it was never added. */
bool bloom_maybe(const struct bloom *b, uint64_t hash);

#endif
