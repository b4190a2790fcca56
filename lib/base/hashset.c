/* hashset.c - a large set of 64-bit hashes: first gathered, then asked. */
#include "base/hashset.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PILE 65536 /* hashes */
#define PAGE (2u << 20) /* a huge page: far fewer misses of the TLB */
#define AHEAD 16 /* slots are fetched before their turn */

struct hashset_pile {
	struct hashset_pile *next;
	size_t n;
	uint64_t hashes[PILE];
};

bool
hashset_add(struct hashset *s, uint64_t hash)
{
	struct hashset_pile *p = s->piles;

	if (p == NULL || p->n == PILE) {
		p = malloc(sizeof *p);
		if (p == NULL)
			return false;
		p->next = s->piles;
		p->n = 0;
		s->piles = p;
	}
	p->hashes[p->n++] = hash;
	s->n++;
	return true;
}

void
hashset_each(const struct hashset *s, void (*fn)(void *, uint64_t), void *ctx)
{
	for (const struct hashset_pile *p = s->piles; p != NULL; p = p->next)
		for (size_t i = 0; i < p->n; i++)
			fn(ctx, p->hashes[i]);
}

static uint64_t
lines_for(uint64_t n)
{
	return (n + n / 3 * 2) / HASHSET_LINE + 2;
}

static uint64_t
table_bytes(uint64_t lines)
{
	uint64_t bytes = lines * HASHSET_LINE * sizeof(uint64_t);

	return (bytes + PAGE - 1) / PAGE * PAGE;
}

uint64_t
hashset_bytes(uint64_t n)
{
	return n * sizeof(uint64_t) + table_bytes(lines_for(n));
}

static bool
make_table(struct hashset *s)
{
	size_t bytes = (size_t)table_bytes(s->lines);

	s->slots = aligned_alloc(PAGE, bytes);
	if (s->slots == NULL)
		return false;
	/* Only speed hangs on it. */
	(void)madvise(s->slots, bytes, MADV_HUGEPAGE);
	memset(s->slots, 0, bytes);
	return true;
}

static void
put_pile(struct hashset *s, const struct hashset_pile *p)
{
	uint64_t hash;

	for (size_t i = 0; i < p->n; i++) {
		if (i + AHEAD < p->n)
			hashset_prefetch(s, p->hashes[i + AHEAD]);
		hash = p->hashes[i] + (p->hashes[i] == 0);
		s->slots[hashset_find(s, hash)] = hash;
	}
}

static void
free_piles(struct hashset *s)
{
	while (s->piles != NULL) {
		struct hashset_pile *p = s->piles;

		s->piles = p->next;
		free(p);
	}
}

bool
hashset_build(struct hashset *s)
{
	s->lines = lines_for(s->n);
	/* A place is worked out from 32 bits. */
	if (s->lines > UINT32_MAX || !make_table(s))
		return false;
	while (s->piles != NULL) {
		struct hashset_pile *p = s->piles;

		put_pile(s, p);
		s->piles = p->next;
		free(p);
	}
	return true;
}

void
hashset_release(struct hashset *s)
{
	free_piles(s);
	free(s->slots);
	*s = (struct hashset){ 0 };
}
