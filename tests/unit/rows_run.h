/* rows_run.h - runs the record finder over bytes fed in pieces and writes down
 * what it gave, for the unit tests and the fuzz entries. */
#ifndef TESTS_ROWS_RUN_H
#define TESTS_ROWS_RUN_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "mail/rows.h"

struct rows_run {
	size_t limit;
	size_t first, step; /* bytes of the first piece and of each other */
	bool resync; /* begins inside a row */
	struct buf log; /* one entry for each thing given */
	size_t used; /* bytes accounted for by sizes */
	size_t left; /* at the end */
};

#define ROWS_RUN_SHOWN 60 /* bytes of a row that are written down */

static void
rows_run_log(
    struct rows_run *run, enum rows_got got, const struct rows_row *row)
{
	const char *what = got == ROWS_TOO_LONG ? "long"
	    : got == ROWS_NOISE                 ? "noise"
	    : row->malformed                    ? "bad"
						: "row";
	size_t shown =
	    row->raw.n < ROWS_RUN_SHOWN ? row->raw.n : ROWS_RUN_SHOWN;

	buf_addf(
	    &run->log, "%s%s%zu:", run->log.n > 0 ? " " : "", what, row->raw.n);
	buf_add(&run->log, str_sub(row->raw, 0, shown));
	for (size_t i = 0; i < row->n_commas; i++)
		if (row->commas[i] >= row->raw.n ||
		    row->raw.p[row->commas[i]] != ',')
			buf_addf(&run->log, "?comma %u", row->commas[i]);
	buf_addf(&run->log, "(%zu)", row->n_commas);
}

/* Each piece is copied to memory of its own size, so that a sanitizer sees a
 * byte read behind it. */
static bool
rows_run(struct rows_run *run, struct str in)
{
	struct err e = { 0 };
	struct rows *r = rows_open(run->limit, &e);
	struct rows_row row;
	size_t from = 0;
	size_t to = run->first < in.n ? run->first : in.n;
	bool ok = false;

	if (r == NULL)
		return false;
	if (run->resync)
		rows_resync(r);
	for (;;) {
		char *piece = malloc(to - from + 1);
		enum rows_got got;

		if (piece == NULL)
			goto out;
		if (to > from)
			memcpy(piece, in.p + from, to - from);
		/* One byte more than told would be a find: give none. */
		piece = realloc(piece, to - from > 0 ? to - from : 1);
		if (!rows_feed(r, str_of(piece, to - from), to == in.n, &e)) {
			free(piece);
			goto out;
		}
		while ((got = rows_next(r, &row)) != ROWS_MORE) {
			rows_run_log(run, got, &row);
			run->used += row.size;
			if (row.size == 0 || run->used > in.n)
				abort();
		}
		run->left = rows_left(r);
		free(piece);
		from = to - run->left;
		if (to == in.n)
			break;
		to = run->step < in.n - to ? to + run->step : in.n;
	}
	ok = run->used + run->left == in.n;
out:
	rows_close(r);
	return ok;
}

#endif
