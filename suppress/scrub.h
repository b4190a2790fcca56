/* scrub.h - a list against the suppressions: reads, asks, sorts the rows. */
#ifndef SUPPRESS_SCRUB_H
#define SUPPRESS_SCRUB_H

#include "scrub_bar.h"
#include "scrub_cells.h"
#include "scrub_hits.h"
#include "scrub_out.h"
#include "scrub_sums.h"
#include "store/hashed.h"
#include "store/table.h"

#define SCRUB_BLOCK 64 /* rows that are looked up together */

/* A row that waits for its answer: where its bytes stand in the block. */
struct scrub_row {
	size_t raw, raw_n, key, key_n;
	int cause; /* ADDRESS_OK, or why there is no key */
	struct probe probe;
};

/* All zero, but for what the command's options say. */
struct scrub {
	struct app *app;
	const char *path; /* of the list, "-" for standard input */
	struct scrub_cells cells; /* its name, column and digest */
	struct scrub_out out;
	struct str scope; /* "stream:NAME" or "" */
	uint64_t memory; /* bytes for the entries, and as many for dedupe */
	bool low_memory, dedupe, keep_invalid, provider_key;
	/* what comes of it */
	struct scrub_sums sums;
	struct snapshot_size size;
	/* its own */
	struct scrub_bar bar;
	struct snapshot *list; /* or, of digests, */
	struct hashed *digests;
	struct scrub_hits hits; /* dropped by hash, and not yet confirmed */
	struct table seen; /* two hashes of each key that was kept */
	uint64_t seed;
	struct buf text, keys; /* of the block: rows and keys */
	struct scrub_row rows[SCRUB_BLOCK];
	size_t n;
};

/* Everything but the outputs' last step. The store must be open. */
bool scrub_run(struct scrub *s, struct err *e);
void scrub_release(struct scrub *s);

#endif
