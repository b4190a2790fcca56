/*
 * poison.c - a process that takes the hash of an address at poison.example
 * dies of it, as of a bug that one record brings out (LD_PRELOAD).
 */
#include <signal.h>
#include <stdint.h>
#include <string.h>

#include <xxhash.h>

XXH64_hash_t
XXH3_64bits_withSeed(const void *data, size_t n, XXH64_hash_t seed)
{
	static const char POISON[] = "@poison.example";
	size_t end = sizeof POISON - 1;

	if (n > end && n < 64 &&
	    memcmp((const char *)data + n - end, POISON, end) == 0)
		(void)raise(SIGSEGV);
	return XXH64(data, n, seed);
}
