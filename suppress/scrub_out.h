/* scrub_out.h - the rows of scrub: kept ones as they came, dropped ones with
 * why. Files appear whole, at the end, or not at all. */
#ifndef SUPPRESS_SCRUB_OUT_H
#define SUPPRESS_SCRUB_OUT_H

#include "app.h"
#include "base/file.h"

/* All zero, but for the first four. */
struct scrub_out {
	const char *keep; /* NULL: standard output */
	const char *drop; /* NULL: nowhere */
	bool drop_out; /* to standard output, whatever drop is */
	bool why; /* rule, reason and entry too */
	struct file_new keep_file, drop_file;
	struct buf kept, dropped; /* that wait */
};

bool scrub_out_open(struct scrub_out *o, struct err *e);
void scrub_out_release(struct scrub_out *o);

/* The header, and the BOM before it. */
void scrub_out_header(struct scrub_out *o, struct str raw);
void scrub_out_bom(struct scrub_out *o);

/* One row, or several that follow one another. */
void scrub_out_keep(struct scrub_out *o, struct str raw);

/* Why a row is dropped; what is empty stays so. */
struct scrub_why {
	struct str class, scope, rule, reason, entry;
	int64_t since;
};
void scrub_out_drop(
    struct scrub_out *o, struct str raw, const struct scrub_why *why);

/* Writes what waits, once it is worth it. */
bool scrub_out_some(struct scrub_out *o, struct err *e);
/* Writes the rest and puts the files in their places, the kept rows last. */
bool scrub_out_done(struct scrub_out *o, struct err *e);

#endif
