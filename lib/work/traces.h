/* traces.h - where an address still stands in the files of the state folder:
 * journal, quarantine, copies of the database. */
#ifndef WORK_TRACES_H
#define WORK_TRACES_H

#include "work/config.h"

#define TRACES_LINE 4096 /* bytes before and behind it that are given */

/* One file that holds it. */
struct trace {
	const char *file;  /* below the state folder */
	uint64_t hits;     /* 0: packed, so that nobody can tell */
	int64_t expires;   /* day the journal drops it, at the latest; 0: it
	                    * stays until a person deletes it */
};
typedef bool trace_fn(void *ctx, const struct trace *t, struct err *e);
/* The line in which it stands, as far as it is near; of text files in journal
 * and quarantine only, and only where the address itself stands in it. */
typedef bool trace_line_fn(void *ctx, const char *file, uint64_t offset,
    struct str line, struct err *e);

/*
 * Looks, also in folders below, for the address (a key) and its VERP form,
 * whatever their case; where the bytes may be written in other ways (UTF-8
 * names) for the part that is not, so that too many files are named rather
 * than too few. Base64 and the like are not seen through; filters of who took
 * mail hold no address. line may be NULL. A file that the user may not read is
 * an error: the answer would be wrong.
 */
bool traces_each(const struct config *c, struct str key, trace_fn *fn,
    trace_line_fn *line, void *ctx, struct err *e);

/*
 * How often it stands in the database's own files. strict: not as a part of
 * a longer address.
 */
bool traces_in_database(const struct config *c, struct str key, bool strict,
    uint64_t *hits, struct err *e);

#endif
