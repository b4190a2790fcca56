/* follow_parts.h - what follow.c, which reads, and follow_records.c, which
 * works on what was read, share. */
#ifndef WORK_FOLLOW_PARTS_H
#define WORK_FOLLOW_PARTS_H

#include "work/inside.h"

#define FOLLOW_READ_MAX (16u << 20)
#define FOLLOW_NOTHING UINT64_MAX

enum input { INPUT_UNKNOWN, INPUT_CSV, INPUT_JSON, INPUT_MESSAGE, INPUT_MBOX };

struct follow {
	struct work *work;
	const struct source *source;
	struct stream kept, now; /* committed; with the open batch */
	bool dirty;              /* now differs from kept */
	bool header_new;         /* the header is not stored yet */
	enum input input;
	struct acct *acct;       /* with rows: NULL before follow_rows() */
	struct rows *rows;
	struct buf header;       /* header row as stored */
	uint64_t header_at;      /* the one in force is so from there on */
	struct buf missing;      /* columns that the header lacks */
	char *bytes;
	size_t cap;
	uint64_t quarantine;     /* record to pass over, or FOLLOW_NOTHING */
	size_t tail;             /* bytes of an unfinished record at now.pos */
	bool stale;              /* could not go back yet */
	bool paused;             /* a commit is due; there are more rows */
};

/* Opens f->rows and f->acct at the first row: they are large, and a mail has
 * none. */
bool follow_rows(struct follow *f, struct err *e);

/* What comes in: as it is named, INPUT_UNKNOWN: it is not; by its first
 * bytes. */
enum input follow_named(const char *name);
enum input follow_input(struct str start);

/* A file of one mail that was worked on to its end has more bytes now, of which
 * got were read: it was still being written, and is to be read from its begin
 * again. What it has told already is known. */
bool follow_grew(const struct follow *f, size_t got);

/* Works on the records of in, in the open batch, and moves f->now past them;
 * last: no byte follows. What is unfinished stays. */
bool follow_records(struct follow *f, struct str in, bool last, struct err *e);

#endif
