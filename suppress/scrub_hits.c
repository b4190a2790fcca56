/* scrub_hits.c - keys that the database is asked about later, in its own
 * order. */
#include "scrub_hits.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static uint64_t
head_of(struct str key)
{
	uint64_t head = 0;

	for (size_t i = 0; i < sizeof head; i++)
		head = head << 8 |
		    (i < key.n ? (unsigned char)key.p[i] : 0u);
	return head;
}

bool
scrub_hits_add(struct scrub_hits *h, struct str key, struct err *e)
{
	struct scrub_hit *list = array_room(h->list, h->n, &h->cap,
	    sizeof *list, e);

	if (list == NULL)
		return false;
	h->list = list;
	h->list[h->n++] = (struct scrub_hit){ head_of(key),
		(uint32_t)h->keys.n, (uint32_t)key.n };
	buf_add(&h->keys, key);
	/* It ends the comparison of two keys. */
	buf_addc(&h->keys, '\0');
	return buf_ok(&h->keys, e);
}

bool
scrub_hits_full(const struct scrub_hits *h)
{
	return h->n >= SCRUB_HITS_MAX || h->keys.n >= SCRUB_HITS_BYTES;
}

static int
compare(const void *a, const void *b, void *keys)
{
	const struct scrub_hit *x = a, *y = b;
	const char *p = keys;

	if (x->head != y->head)
		return x->head < y->head ? -1 : 1;
	return strcmp(p + x->at, p + y->at);
}

void
scrub_hits_sort(struct scrub_hits *h)
{
	if (h->n > 1)
		qsort_r(h->list, h->n, sizeof *h->list, compare, h->keys.p);
}

struct str
scrub_hits_key(const struct scrub_hits *h, size_t i)
{
	return str_of(h->keys.p + h->list[i].at, h->list[i].n);
}

void
scrub_hits_clear(struct scrub_hits *h)
{
	buf_clear(&h->keys);
	h->n = 0;
}

void
scrub_hits_release(struct scrub_hits *h)
{
	buf_release(&h->keys);
	free(h->list);
	*h = (struct scrub_hits){ 0 };
}
