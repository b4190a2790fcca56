/* rows.h - says where rows begin and end in a run of CSV bytes. */
#ifndef MAIL_ROWS_H
#define MAIL_ROWS_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define ROWS_LIMIT_DEFAULT (64u << 10) /* of tests; else [pipe] row-limit */
#define ROWS_SKIP_MAX (1u << 20) /* an over-long but well-formed row is passed
                                  * over up to here, then cut */

enum rows_got {
	ROWS_MORE,      /* needs more bytes (or, at the end, nothing is left) */
	ROWS_ROW,       /* row->raw is one row */
	ROWS_TOO_LONG,  /* row->raw was passed over: longer than the limit */
	ROWS_NOISE      /* row->raw was passed over while looking for the next
	                 * row after a gap or a malformed one */
};

struct rows_row {
	struct str raw;      /* without its line end */
	size_t size;         /* bytes used up, line end and all */
	bool malformed;      /* quotes not as RFC 4180 wants them */
	/* Where the unquoted commas stand, as offsets into raw: the fields of
	 * a row that no one needs to parse. Valid until the next call. */
	const uint32_t *commas;
	size_t n_commas;
};

struct rows; /* opened and freed only by rows.c */

/* limit: bytes of one row, without its line end. NULL: no memory (EX_OSERR). */
struct rows *rows_open(size_t limit, struct err *e);
void rows_close(struct rows *r);

/*
 * Gives the finder the bytes to work on: in begins at the start of a row (or
 * anywhere after rows_resync()), at most 16 MiB. last: no byte will follow,
 * so a row without its line end is a row too. The bytes must stand until the
 * next rows_feed().
 */
bool rows_feed(struct rows *r, struct str in, bool last, struct err *e);

/*
 * The next row of what was fed. A row ends at LF (CRs before it belong to
 * the line end) outside quotes; empty lines are passed over (their bytes
 * belong to the next row's size, or stay unread at ROWS_MORE; 4 KiB of them
 * are a ROWS_NOISE). What is given is the same in whatever pieces it is fed.
 * A malformed row (a quote inside an unquoted field, text behind a closing
 * quote) that spans lines is cut at the first of its line ends that is
 * followed by a known type ("d," "b," ... "type," in any case), so one stray
 * quote swallows nothing; on one line it stands and is marked. A row past the
 * limit is ROWS_TOO_LONG: well-formed, it is passed over to its true end
 * (what stands in its quotes is never taken for rows). One that is malformed,
 * or has no end in ROWS_SKIP_MAX, is cut as above: a quote that nothing closes
 * gives back the rows behind it. Where no line of those begins with a known
 * type, ROWS_SKIP_MAX bytes are ROWS_TOO_LONG, and resync begins.
 * A row that begins with { or [ (JSON) ends with its line.
 */
enum rows_got rows_next(struct rows *r, struct rows_row *row);

/* Bytes of the last feed not used up: feed them again with more behind. */
size_t rows_left(const struct rows *r);

/* A feed of so many bytes or more never gives ROWS_MORE at once, whatever they
 * are: what a caller's buffer must be able to hold. */
size_t rows_window(const struct rows *r);

/* What comes next may begin inside a row (bytes were lost): pass over
 * everything up to the next line that begins with a known type, a ROWS_NOISE a
 * line. The rest of the line that is fed first is never a row, whatever it
 * looks like. Resync ends with the noise before the row, so that a position in
 * resync can be stored at any time. */
void rows_resync(struct rows *r);
/* Whether the finder is in the midst of passing over bytes; position alone
 * does not tell, so it is stored beside it and given back after a restart. */
bool rows_in_resync(const struct rows *r);

/* The lower-case type word if s begins with a known one, maybe in quotes, and
 * a comma (or is just that), else an empty run. */
struct str rows_known_type(struct str s);

#endif
