/* inside.h - what the files of lib/store share. */
#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include "store/db.h"
#include "store/store.h"
#include "store/table.h"

struct counter_row {
	struct counter_key key;
	int64_t n;
};

struct store {
	struct db *db;
	struct store_settings settings;
	bool write, batch;
	int64_t seen_version; /* PRAGMA data_version at the last refresh */
	uint64_t seed;        /* hashes in memory cannot be aimed at */
	struct table words, replies;
	int64_t word_count, reply_count; /* -1: not asked yet */
	struct table soft;    /* hashes of addresses with clearable evidence */
	int64_t soft_n;       /* the last row of table soft that is in it */
	struct table counter_at; /* hash of a key -> index + 1 */
	struct counter_row *counters;
	size_t n_counters, cap_counters;
	struct table tallies; /* packed key -> n */
	struct evidence_fact *facts;
	size_t cap_facts;
	struct buf names;     /* texts given out by entry_get() and kin */
};

/* Reads what other processes added to table soft. */
bool soft_refresh(struct store *s, struct err *e);
/* Writes counters and tallies of the batch; forgets them. */
bool counter_flush(struct store *s, struct err *e);
void counter_forget(struct store *s);
/* The stored word's number, or -1: there is none (nothing is added). */
bool word_find(struct store *s, struct str text, int64_t *id, struct err *e);

#endif
