/* hash.c - fast 64-bit hashes of bytes, by xxHash (XXH3). */
#include "wrap/hash.h"

#include <xxhash.h>

uint64_t
hash64(struct str s)
{
	return hash64_more(0, s);
}

uint64_t
hash64_more(uint64_t before, struct str s)
{
	return XXH3_64bits_withSeed(s.n > 0 ? s.p : "", s.n, before);
}

uint64_t
hash64_number(uint64_t before, int64_t n)
{
	char bytes[8];

	/* The hash is kept in the database: alike on every machine. */
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(unsigned char)((uint64_t)n >> (8 * i));
	return hash64_more(before, str_of(bytes, sizeof bytes));
}
