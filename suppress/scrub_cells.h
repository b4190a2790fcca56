/* scrub_cells.h - which column of a list has the addresses, and its cells. */
#ifndef SUPPRESS_SCRUB_CELLS_H
#define SUPPRESS_SCRUB_CELLS_H

#include "records.h"
#include "wrap/csv.h"
#include "wrap/glib.h"

/* All zero, but for the first three. */
struct scrub_cells {
	const char *file; /* for messages */
	const char *column; /* --column: a name, or a number from 1; or NULL */
	enum glib_digest hashed; /* GLIB_PLAIN: addresses */
	struct csv *csv;
	bool settled;
	size_t at; /* the column, from 0 */
};

void scrub_cells_release(struct scrub_cells *c);

/*
 * Looks at the first row that has something on it: settles the column, and
 * tells whether the row is a header. EX_DATAERR: there is no such column.
 */
bool scrub_cells_settle(struct scrub_cells *c, const struct record *rec,
    bool *header, struct err *e);

/* The row's cell in that column, trimmed, empty where it has none; a ' before
 * a formula stands. False with no error told: the row cannot be taken apart.
 * It stands until the next. */
bool scrub_cells_get(struct scrub_cells *c, struct str row, struct str *cell,
    struct err *e);

/*
 * What a cell is asked by: the address's key, or the digest in lower case. key
 * is ADDRESS_MAX bytes. ADDRESS_OK, or why there is none: an enum
 * address_cause or CAUSE_DIGEST.
 */
int scrub_cells_key(const struct scrub_cells *c, struct str cell, char *key);

#endif
