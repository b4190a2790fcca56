/* resolve.h - of how many reports the recipient can be told, and how far they
 * are believed: a feed that breaks shows within a day. */
#ifndef WORK_RESOLVE_H
#define WORK_RESOLVE_H

#include "store/store.h"

/* What became of a report. The first four are enum found. Stored numbers: they
 * never change. */
enum resolve {
	RESOLVE_NOT = FOUND_NONE,
	RESOLVE_NAMED = FOUND_NAMED,
	RESOLVE_VERP = FOUND_VERP,
	RESOLVE_SIGNED = FOUND_SIGNED,
	/* New evidence only: */
	RESOLVE_PROVED = 4,     /* a token of ours proves that we sent */
	RESOLVE_DOUBTED = 5,    /* it takes another on another day */
	RESOLVE_UNVERIFIED = 6, /* kept, and does not count */
	RESOLVE_COUNT
};

/* One kind of report. */
struct resolve_row {
	enum kind kind;
	int64_t day[RESOLVE_COUNT];   /* the 24 hours before the latest event */
	int64_t weeks[RESOLVE_COUNT]; /* the 28 days before it */
};
/* The kinds of which any came in 28 days, at most so many; *n counts them. */
#define RESOLVE_KINDS 5
bool resolve_list(struct store *s, struct resolve_row rows[RESOLVE_KINDS],
    size_t *n, struct err *e);

#endif
