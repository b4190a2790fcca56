/* export_rows.h - entries as rows of one file in the layout of a profile; the
 * file appears whole, or the rows go to standard output. */
#ifndef SUPPRESS_EXPORT_ROWS_H
#define SUPPRESS_EXPORT_ROWS_H

#include "base/clock.h"
#include "base/file.h"
#include "profiles.h"
#include "store/store.h"
#include "wrap/glib.h"

struct export_rows {
	/* the caller's */
	const char *path; /* NULL: standard output */
	const struct profile *profile;
	enum glib_digest hash; /* GLIB_PLAIN: the address itself */
	bool raw; /* cells stay as they are */
	bool json;
	bool actions; /* a column tells what happened */
	/* its own */
	struct file_new file;
	struct buf waiting; /* not yet written */
	struct buf kept; /* texts of held */
	struct entry_row held; /* waits for a stronger entry of its address */
	bool holds;
	struct str classes[CLASS_MAX]; /* their names */
	int64_t time; /* whose text time_text is */
	char time_text[CLOCK_MAIL_TEXT];
	unsigned in_batch; /* entries in the JSON document that is open */
	int64_t rows;
};

/* The caller sets the first fields, then begins: CSV gets its header. */
bool export_rows_begin(struct export_rows *x, struct err *e);
/* An entry_fn; ctx is the struct export_rows. A row without action is an
 * "add". Where a profile wants each address once, rows come by address. */
bool export_rows_put(void *ctx, const struct entry_row *row, struct err *e);
/* All is written, synced and in place (standard output: flushed). */
bool export_rows_done(struct export_rows *x, struct err *e);
/* Removes what was not done. */
void export_rows_release(struct export_rows *x);

#endif
