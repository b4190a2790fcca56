/* work.h - the road: rows of a source through verdict and decision into the
 * store. */
#ifndef WORK_WORK_H
#define WORK_WORK_H

#include "verdict/classify.h"
#include "work/config.h"

#define WORK_AHEAD_MAX 86400 /* seconds an event may be ahead of the clock */

struct work;   /* opened and freed only by work.c */
struct follow; /* a source being followed; opened and freed by follow.c */

/* Bytes of a stream or a file: those that are asked for, and what came. */
struct piece {
	uint64_t pos; /* from there on up to n bytes into p */
	char *p;
	size_t n;
	/* Nothing as long as nobody has read. */
	size_t got; /* 0: nothing now */
	bool end;   /* nothing will ever follow pos + got */
	bool gap;   /* bytes were lost right before pos, so it begins anywhere
	             * in a row; a piece never reaches across a gap */
};

/* Bytes from a position: a stream of the journal or a file. */
struct source {
	const char *name;  /* unique; of the stream, or the file's path */
	enum road road;
	const char *input; /* "csv", "json", "message", or "": by first bytes */
	struct str from, to, envid; /* envelope of a message; may be empty */
	struct str header;   /* of the rows from header_at on, should the */
	uint64_t header_at;  /* row itself be gone; "": not known */
	uint64_t ident;      /* files: hash of the first bytes; 0: none */
	int64_t ident_bytes; /* how many were hashed */
	bool fresh;          /* at the end: a last CSV row that has no newline
	                      * may still get it, and is left */
	/* Files: hash of up to 4 KiB before pos, 0: none. May be NULL. */
	uint64_t (*tail)(void *ctx, uint64_t pos);
	/* Keeps what is committed for later, as header and header_at. Cannot
	 * it, it is asked again. May be NULL. */
	void (*say_header)(void *ctx, struct str row, uint64_t at);
	void *ctx;
	bool (*read)(void *ctx, struct piece *in, struct err *e);
};

enum follow_state {
	FOLLOW_MORE,  /* worked on something, there may be more */
	FOLLOW_IDLE,  /* nothing new now */
	FOLLOW_END    /* worked on to its end, finished with the next commit */
};

/* Everything is borrowed. log may be NULL. now() gives the wall clock. */
struct work *work_open(const struct config *c, struct store *s,
    struct rules *r, struct log *l, struct err *e);
void work_close(struct work *w);

/* Where the source was left off: its committed position. s is borrowed. */
struct follow *follow_open(struct work *w, const struct source *s,
    struct err *e);
void follow_close(struct follow *f);
uint64_t follow_position(const struct follow *f);

/*
 * Closes f before the commit: many small sources share a batch. Where it was
 * left, *pos, is stored in the open batch; whoever abandons that begins again
 * with follow_open(). False as follow_step(); f is closed all the same.
 */
bool follow_finish(struct follow *f, uint64_t *pos, struct err *e);

/*
 * Works on at most max bytes of the source, in the open batch or a new one.
 * False: EX_TEMPFAIL when the database is busy (nothing was done, try again
 * in 5 ms), else an error of the database or the source: work_abandon(),
 * wait, try again. A bad row, a bad rule, bad mail are never errors.
 */
bool follow_step(struct follow *f, size_t max, enum follow_state *state,
    struct err *e);

/* Opens a batch, if none is, for what must stand with the work: a source's
 * name. False: as follow_step(). */
bool work_begin(struct work *w, struct err *e);
/* Alone: nobody else wants to write, so batches may be longer than [pipe]
 * says, though not by evidence, which takes memory. False, as it is at first:
 * they are as it says. */
void work_alone(struct work *w, bool alone);
/* Whether there is a batch, and whether it should be committed now. */
bool work_pending(const struct work *w);
bool work_due(const struct work *w);
bool work_commit(struct work *w, struct err *e);
/* Rolls back; every follow goes back to its committed position. */
void work_abandon(struct work *w);

/* Called before each record is worked on (size 0: between records), so that
 * a supervisor knows at which one a worker died. */
typedef void work_record_fn(void *ctx, const char *stream, uint64_t pos,
    uint64_t size);
void work_watch(struct work *w, work_record_fn *fn, void *ctx);
/* The record of this stream at pos goes to STATE/quarantine/ and is passed
 * over; what stands before it is committed first. */
void follow_quarantine(struct follow *f, uint64_t pos);

/* What happened since work_open() or work_sums_clear(), for the summary
 * line. */
struct work_sums {
	int64_t rows, used, suppressed, held, cleared;
	int64_t by_kind[KIND_COUNT], skipped[SKIP_COUNT];
	int64_t last_time; /* event time of the last row */
};
const struct work_sums *work_sums(const struct work *w);
void work_sums_clear(struct work *w);
/* "rows 10 used 8 skipped 2 (bad-time 2) suppressed 3 held 0": appended. */
void work_sums_text(const struct work_sums *s, struct buf *out);
void work_sums_add(struct work_sums *to, const struct work_sums *more);

#endif
