/* hash.h - fast 64-bit hashes of bytes, by xxHash (XXH3). */
#ifndef WRAP_HASH_H
#define WRAP_HASH_H

#include <stdint.h>

#include "base/str.h"

uint64_t hash64(struct str s);
/* A chain: the hash of s given what was hashed before. */
uint64_t hash64_more(uint64_t before, struct str s);
uint64_t hash64_number(uint64_t before, int64_t n);

#endif
