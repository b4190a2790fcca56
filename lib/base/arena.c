/* arena.c - memory for many small texts that are all freed at once. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES 16384
#define ALIGN _Alignof(max_align_t)

struct arena_block {
	struct arena_block *next;
	size_t n, cap;
	max_align_t data[];
};

static struct arena_block *
add_block(struct arena *a, size_t n)
{
	size_t cap = n > BLOCK_BYTES ? n : BLOCK_BYTES;
	struct arena_block *b;

	b = malloc(sizeof *b + cap);
	if (b == NULL)
		return NULL;
	*b = (struct arena_block){ .next = a->blocks, .cap = cap };
	a->blocks = b;
	return b;
}

void *
arena_take(struct arena *a, size_t n)
{
	struct arena_block *b = a->blocks;
	char *p;

	/* No object may be larger than PTRDIFF_MAX. */
	if (n > PTRDIFF_MAX - BLOCK_BYTES)
		return NULL;
	n = (n + ALIGN - 1) / ALIGN * ALIGN;
	if (b == NULL || b->cap - b->n < n)
		b = add_block(a, n);
	if (b == NULL)
		return NULL;
	p = (char *)b->data + b->n;
	b->n += n;
	return p;
}

char *
arena_text(struct arena *a, struct str s)
{
	char *p = s.n < SIZE_MAX ? arena_take(a, s.n + 1) : NULL;

	if (p == NULL)
		return NULL;
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

void
arena_release(struct arena *a)
{
	while (a->blocks != NULL) {
		struct arena_block *next = a->blocks->next;

		free(a->blocks);
		a->blocks = next;
	}
}
