/* retain.h - what is deleted by its age, and the floor below which nothing
 * counts any more. */
#ifndef STORE_RETAIN_H
#define STORE_RETAIN_H

#include "store/store.h"

enum retain { RETAIN_EVIDENCE, RETAIN_COUNTERS, RETAIN_CHANGES, RETAIN_NOTICES,
	RETAIN_SHARE, RETAIN_FRESH, RETAIN_STREAMS, RETAIN_COUNT };
const char *retain_name(enum retain what); /* "evidence", as in [retain] */

/* Raises the floor, in a batch; it never sinks. */
bool retain_floor(struct store *s, int64_t floor, struct err *e);

/* How many rows are older than cut and may go. */
bool retain_count(struct store *s, enum retain what, int64_t cut, int64_t *n,
    struct err *e);

/* A walk over one table; begin with what and cut, the rest all zero. */
struct retain_walk {
	enum retain what;
	int64_t cut;
	bool done;
	int64_t deleted;
	int64_t at;          /* where it is */
};
/*
 * One slice, in a batch of its own: at most some thousand rows are looked at
 * and deleted. Entries and their marks never go. Of streams, read to their end
 * before cut, what they counted stays in the sums.
 */
bool retain_slice(struct store *s, struct retain_walk *w, struct err *e);

#endif
