/* scrub_hits.h - keys that the database is asked about later, many at once in
 * its own order: half the cost of asking at once. */
#ifndef SUPPRESS_SCRUB_HITS_H
#define SUPPRESS_SCRUB_HITS_H

#include <stdint.h>

#include "base/buf.h"

#define SCRUB_HITS_MAX 400000
#define SCRUB_HITS_BYTES (16u << 20)

/* All zero is none. */
struct scrub_hits {
	struct buf keys; /* a NUL behind each */
	struct scrub_hit {
		uint64_t head; /* its first bytes as a number: their order */
		uint32_t at, n; /* in keys */
	} *list;
	size_t n, cap;
};

/* False: no memory. */
bool scrub_hits_add(struct scrub_hits *h, struct str key, struct err *e);
bool scrub_hits_full(const struct scrub_hits *h);
/* Into the order of the database. */
void scrub_hits_sort(struct scrub_hits *h);
struct str scrub_hits_key(const struct scrub_hits *h, size_t i);
void scrub_hits_clear(struct scrub_hits *h);
void scrub_hits_release(struct scrub_hits *h);

#endif
