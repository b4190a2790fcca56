/* out.h - what commands print: aligned tables, JSON lines, entries. */
#ifndef SUPPRESS_OUT_H
#define SUPPRESS_OUT_H

#include <stdio.h>

#include "store/store.h"
#include "wrap/json.h"

#define SHEET_COLUMNS 12
#define SHEET_SETTLES 2000 /* rows that are looked at for the widths */

/* Rows with aligned columns; all cells are quoted. Fill with sheet_init, give
 * back with sheet_release. */
struct sheet {
	FILE *f;
	size_t columns, at;
	size_t width[SHEET_COLUMNS];
	struct buf cells; /* of rows not yet printed, a NUL behind each */
	size_t rows; /* in cells */
	bool settled; /* the widths stand */
};

void sheet_init(
    struct sheet *t, FILE *f, const char *const *heads, size_t columns);
void sheet_cell(struct sheet *t, struct str s);
/* The same of what was written into b; did it not fit, sheet_done() fails. */
void sheet_buf(struct sheet *t, const struct buf *b);
/* Prints what still waits; a table without rows prints nothing. */
bool sheet_done(struct sheet *t, struct err *e);
void sheet_release(struct sheet *t);

/* All of b to standard output, unless it lacks something. */
bool out_text(const struct buf *b, struct err *e);

/* One line of JSON on f; takes j. */
bool out_json(FILE *f, struct json *j, struct err *e);

/* RFC 3339, or "-" for 0; text is CLOCK_TEXT bytes. */
const char *out_time(int64_t utc, char *text);

/* "gone.mailbox since T until T, global" and, where it is not what was asked
 * for, the entry's address, and whether sub-domains are meant: appended. */
void out_entry(struct buf *b, const struct entry *en, struct str asked);

/* "stream:NAME (CLASS)", behind a comma where b holds something: appended. */
void out_stream(struct buf *b, const struct entry *en);

/* "active", "held", "lifted", or "ended" for what has run out; now 0: as it
 * is written down. */
const char *out_state(const struct entry *en, int64_t now);

/* class, scope, state, since, until, rule, source, reason and subdomains as
 * keys of o. */
void out_entry_json(struct json *o, const struct entry *en, int64_t now);
/* The same keys, where there is no entry. */
void out_no_entry_json(struct json *o);

/* The same and what the last evidence says. */
void out_row_json(struct json *o, const struct entry_row *row, int64_t now);

/* rule: null for "-", which is none. */
void out_rule_json(struct json *o, struct str rule);

/* code and status. */
void out_codes_json(struct json *o, int64_t code, int64_t status);

/* "550 5.1.1", "550", "5.1.1" or "-": appended. */
void out_codes(struct buf *b, int64_t code, int64_t status);

#endif
