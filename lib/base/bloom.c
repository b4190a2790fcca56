/* bloom.c - a set of 64-bit hashes in two bytes each: "maybe" or "no". */
#include "base/bloom.h"

#include <stdlib.h>

/* Odd numbers, as Parquet's filters have them: each picks another bit. */
static const uint32_t SALTS[BLOOM_WORDS] = { 0x47b6137b, 0x44974d91, 0x8824ad5b,
	0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31 };

bool
bloom_make(struct bloom *b, uint64_t n, uint64_t max)
{
	uint64_t blocks = n / (sizeof *b->blocks / 2) + 1;

	if (blocks > max / sizeof *b->blocks)
		blocks = max / sizeof *b->blocks;
	if (blocks == 0)
		blocks = 1;
	/* A place is worked out from 32 bits. */
	b->n = blocks > UINT32_MAX ? UINT32_MAX : blocks;
	b->blocks = calloc(b->n, sizeof *b->blocks);
	return b->blocks != NULL;
}

void
bloom_release(struct bloom *b)
{
	free(b->blocks);
	*b = (struct bloom){ 0 };
}

static inline uint32_t
bit(uint64_t hash, size_t word)
{
	return UINT32_C(1) << ((uint32_t)hash * SALTS[word] >> 27);
}

void
bloom_add(struct bloom *b, uint64_t hash)
{
	struct bloom_block *block = bloom_block(b, hash);

	for (size_t i = 0; i < BLOOM_WORDS; i++)
		block->word[i] |= bit(hash, i);
}

bool
bloom_maybe(const struct bloom *b, uint64_t hash)
{
	const struct bloom_block *block = bloom_block(b, hash);
	uint32_t lacks = 0;

	for (size_t i = 0; i < BLOOM_WORDS; i++)
		lacks |= ~block->word[i] & bit(hash, i);
	return lacks == 0;
}
