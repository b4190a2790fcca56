/* arena.h - memory for many small texts that are all freed at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena_block;

/* All zero is an empty arena. */
struct arena {
	struct arena_block *blocks;
};

/* n bytes for any type, or NULL without memory. */
void *arena_take(struct arena *a, size_t n);
/* A copy of s with a NUL behind it, or NULL without memory. */
char *arena_text(struct arena *a, struct str s);
void arena_release(struct arena *a);

#endif
