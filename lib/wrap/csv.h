/* csv.h - one CSV row into fields, fields into CSV (RFC 4180), by libcsv. */
#ifndef WRAP_CSV_H
#define WRAP_CSV_H

#include "base/buf.h"

#define CSV_FIELDS_MAX 1024 /* fields of one row */

struct csv; /* opened and freed only by csv.c */

/* NULL: no memory (EX_OSERR). */
struct csv *csv_open(struct err *e);
void csv_close(struct csv *c);

/*
 * Parses one row, given whole and without need of its line end; each call is
 * a fresh start, no field is trimmed. The fields stand until the next call.
 * False: too many fields (EX_DATAERR), no memory (EX_OSERR), or more than
 * one row in it (EX_DATAERR).
 */
bool csv_row(struct csv *c, struct str row, const struct str **fields,
    size_t *n, struct err *e);

/* Appends s as one field, quoted where RFC 4180 wants it. */
void csv_put(struct buf *b, struct str s);
/* The same for cells that a spreadsheet may open: a text that starts with
 * = + - @ TAB or CR (also behind white space, or behind a ') gets a ' before
 * it. */
void csv_put_defused(struct buf *b, struct str s);
/* The text that csv_put_defused() made the field s of. */
struct str csv_undefused(struct str s);

#endif
