/* records.h - a file of CSV or plain lines, record by record, with numbers. */
#ifndef SUPPRESS_RECORDS_H
#define SUPPRESS_RECORDS_H

#include <stdint.h>

#include "base/err.h"
#include "wrap/inflate.h"
#include "base/str.h"

#define RECORD_MAX (64u << 10) /* bytes of one record */

struct records; /* opened and freed only by records.c */

/* A path, packed or not, or "-" for standard input. */
struct records *records_open(const char *path, struct err *e);
/* The same of an open file, which is taken, also after a failure. */
struct records *records_take(struct inflate *in, struct err *e);
void records_close(struct records *r);

/* Bytes of the file, as it is on the disk, that were read so far. */
uint64_t records_used(const struct records *r);
/* Whether a UTF-8 BOM stood before the first record; once that was given. */
bool records_had_bom(const struct records *r);

struct record {
	struct str text; /* without its line end; till the next call */
	struct str raw; /* with its line end; none of one passed over */
	unsigned long line; /* where it begins, from 1 */
	const char *fault; /* why it is none, or NULL */
};

/*
 * The next record; *more false: there is none. Line ends are LF or CRLF, also
 * inside quotes, which hold any number of lines; a UTF-8 BOM before the first
 * goes. A quote that is not closed within RECORD_MAX, or closes on another line
 * where no field ends, costs its own line, not the rest of the file: that line
 * is given with a fault, and what follows is read anew.
 */
bool records_next(
    struct records *r, struct record *out, bool *more, struct err *e);

#endif
