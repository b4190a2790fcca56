/* export_rows.h - entries as rows of CSV or lines of JSON, to a file that
 * appears whole or to standard output. */
#ifndef SUPPRESS_EXPORT_ROWS_H
#define SUPPRESS_EXPORT_ROWS_H

#include "base/file.h"
#include "store/store.h"

struct export_rows {
	const char *path; /* NULL: standard output */
	bool raw; /* cells stay as they are */
	bool json;
	bool actions; /* the first column is what happened */
	struct file_new file;
	struct buf waiting; /* not yet written */
	int64_t rows;
};

/* The caller sets the first fields, then begins: CSV gets its header. */
bool export_rows_begin(struct export_rows *x, struct err *e);
/* An entry_fn; ctx is the struct export_rows. A row without action is an
 * "add". */
bool export_rows_put(void *ctx, const struct entry_row *row, struct err *e);
/* All is written, synced and in place (standard output: flushed). */
bool export_rows_done(struct export_rows *x, struct err *e);
/* Removes what was not done. */
void export_rows_release(struct export_rows *x);

#endif
