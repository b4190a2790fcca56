/* snapshot.h - the list as it is at one moment, in memory: may this address be
 * mailed? For very many addresses; entry_decides() gives the same answers. */
#ifndef STORE_SNAPSHOT_H
#define STORE_SNAPSHOT_H

#include "store/store.h"

struct snapshot; /* opened and freed only by snapshot.c */

struct snapshot_wants {
	struct str scope;  /* "" : global entries, else also "stream:NAME" */
	int64_t now;
	/*
	 * Bytes that the list may take. An entry takes 22 while the set is
	 * made and 14 then; past this, or where low says so, a filter of 2
	 * bytes an entry stands for it, and the database is asked about what
	 * it cannot tell. It is made no larger than this either: then more is
	 * asked, and the answers are the same.
	 */
	uint64_t memory;
	bool low;
};

/* Begins to read s, which gives nothing newer until the end. */
struct snapshot *snapshot_open(struct store *s, const struct snapshot_wants *w,
    struct err *e);
void snapshot_close(struct snapshot *n);

/* Takes in up to `rows` more entries; *more false: that was the last. */
bool snapshot_fill(struct snapshot *n, size_t rows, bool *more, struct err *e);

struct snapshot_size {
	int64_t entries; /* of addresses, in force for this scope */
	int64_t domains;
	bool low; /* the filter was taken */
	int64_t erased; /* of hashed.h alone: no digest finds them */
};
struct snapshot_size snapshot_size(const struct snapshot *n);

/* A question under way: made of a key (address_key()) some questions ahead, so
 * that the memory it needs is there when it is asked. */
struct probe {
	uint64_t own, domain;
	bool below;  /* a domain above may be listed */
	bool erased; /* its hash may stand in its place */
};
struct probe snapshot_probe(const struct snapshot *n, struct str key);
/* False: for sure it may be mailed. */
bool snapshot_maybe(const struct snapshot *n, const struct probe *p);
/* The answer of the database, as it was at the beginning. */
bool snapshot_ask(struct snapshot *n, struct str key, const struct probe *p,
    struct entry_brief *out, struct err *e);

#endif
