/* filter.h - one file that answers "was this hash put in?", in shared memory.
 *
 * A split-block Bloom filter: a hash chooses a block of 32 bytes and one bit in
 * each of its eight words of 32 bits, so an answer touches one cache line. It
 * is never wrong when it says no. Bits only ever go from 0 to 1, so putting
 * a hash in twice, from two processes, or again after a kill is harmless.
 */
#ifndef STORE_FILTER_H
#define STORE_FILTER_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

#define FILTER_NAME 16 /* a file's name and its NUL */
#define FILTER_BLOCK 32 /* bytes of a block, which is 16 hashes' room */
#define FILTER_EACH 2 /* bytes a hash: 0.14 % false answers when full */
#define FILTER_NONE INT64_MAX /* the earliest time of an empty filter */

/* The start of a file, in this machine's byte order (magic tells another). */
struct filter_head {
	uint64_t magic;
	uint64_t version;
	int64_t start;           /* of the span of time that it is about */
	uint64_t blocks;         /* they follow the head */
	uint64_t salt;           /* nobody can aim at false answers */
	_Atomic uint64_t count;  /* hashes that were new when put in */
	_Atomic int64_t first;   /* the earliest time of any; FILTER_NONE */
	uint64_t spare;          /* 64 bytes: no block crosses a cache line */
};

/* An open file; all zero holds nothing. */
struct filter {
	struct filter_head *head;
	_Atomic uint64_t *words;
	uint64_t blocks, salt;
	size_t bytes;            /* of the file */
	dev_t dev;
	ino_t ino;
};

/* Where a file is to be found. */
struct filter_place {
	const char *dir;         /* for messages */
	int fd;                  /* the open folder */
	char name[FILTER_NAME];
	int64_t start, span;     /* what its head must say; seconds */
};

/*
 * Makes a new file with room for so many hashes; it stands there whole or not
 * at all, with its disk space taken, so that a full disk is told here. The
 * caller holds filter_lock() and found no file of that name.
 */
bool filter_make(const struct filter_place *at, uint64_t room, struct err *e);

/* One process at a time makes files in the folder: waits for the others. A
 * descriptor; closing it (also by a kill) lets the next one in. -1: error. */
int filter_lock(const struct filter_place *at, struct err *e);

/*
 * Opens a file, for filter_add() when write. *absent: there is none, which is
 * no error. EX_DATAERR for a file that is not whole or no filter of that time;
 * EX_IOERR when it cannot be read. The caller releases it.
 */
bool filter_open(struct filter *f, const struct filter_place *at, bool write,
    bool *absent, struct err *e);
void filter_release(struct filter *f);

/* Asks memory for what filter_has() will read, so that several filters wait for
 * it together. */
void filter_ahead(const struct filter *f, uint64_t hash);
bool filter_has(const struct filter *f, uint64_t hash);
/* Puts it in, and counts it once, also when processes do so at once. */
void filter_add(struct filter *f, uint64_t hash);
/* Lowers the earliest time to this one. */
void filter_note_first(struct filter *f, int64_t time);
int64_t filter_first(const struct filter *f);
/* Begins to write what changed to disk, and does not wait for it. */
bool filter_flush(struct filter *f);

/* Hashes put in, less the few whose bits stood there already. */
uint64_t filter_count(const struct filter *f);
uint64_t filter_room(const struct filter *f);
/* The share (0..1) of hashes never put in that it says yes to, by its count. */
double filter_false_rate(const struct filter *f);

#endif
