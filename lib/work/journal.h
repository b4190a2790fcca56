/* journal.h - the folder of streams: names, segments, locks, clean-up. */
#ifndef WORK_JOURNAL_H
#define WORK_JOURNAL_H

#include "work/work.h"

/*
 * STATE/journal holds, for each stream NAME ("20261121T075727Z-1234-9f3a"):
 *   NAME.stream       what it is ("input = csv", "from = ..."), flocked as
 *                     long as its mover or its worker lives
 *   NAME.OFFSET.seg   bytes from OFFSET (16 hex digits) of the stream on
 *   NAME.OFFSET.gap   the same, but bytes before OFFSET were lost
 */
#define JOURNAL_NAME_MAX 64

struct journal; /* opened and freed only by journal.c */

/* Opens the folder STATE/journal; make: makes it (0700) when absent. */
struct journal *journal_open(const char *dir, bool make, struct err *e);
void journal_close(struct journal *j);
int journal_fd(const struct journal *j); /* of the folder, for openat() */

/* Whether a stream can have that name. */
bool journal_is_name(struct str name);
/* Fills name with a new stream's name (UTC time, pid, random). */
bool journal_new_name(char name[JOURNAL_NAME_MAX], struct err *e);

/* What NAME.stream says. Of a message "part" comes first: as long as nothing
 * follows, its end has not come, and nobody was told that it is taken. */
#define JOURNAL_PART "part"
#define JOURNAL_HEADER_MAX 4096 /* bytes, with a NUL; PowerMTA's have 800 */
struct journal_info {
	char input[16];
	char from[1024], to[1024], envid[1024];
	char header[JOURNAL_HEADER_MAX]; /* "": not known; else of the rows */
	uint64_t header_at;              /* from there on */
};
/* Makes NAME.stream and takes its lock: *lock is the descriptor that holds it,
 * shared over fork. */
bool journal_claim_new(struct journal *j, const char *name,
    const struct journal_info *info, int *lock, struct err *e);
/* Adds to a stream's file, by its lock, what its first bytes have told. */
bool journal_say_input(int lock, const char *input, struct err *e);
/* Says which header row is in force from position `at` on, in place of what was
 * said: its segment goes long before the stream's end. A longer one leaves
 * none. Only for who works on the stream. */
bool journal_say_header(struct journal *j, const char *name, struct str header,
    uint64_t at, struct err *e);
/* A stream of one message is worked on: its file goes, so that nobody looks at
 * it again; its segment stays until journal_clean(). After a power cut nobody
 * looks either: what it came to must be on the disk. */
bool journal_retire(struct journal *j, const char *name, struct err *e);
/* A stream that nobody is to work on: all that there is of it goes. The caller
 * has its lock. */
bool journal_forget(struct journal *j, const char *name, struct err *e);
/* Whether nobody on this folder has had this turn in the last `every`
 * seconds; then it is ours. For programs that live for one message. */
bool journal_turn(
    struct journal *j, const char *what, int64_t now, int64_t every);
/* Takes the lock of a stream that is there; *lock -1: somebody lives. */
bool journal_claim(
    struct journal *j, const char *name, int *lock, struct err *e);
/* Whether any stream but `not_name` (may be NULL) is alive. */
bool journal_alive(struct journal *j, const char *not_name);

/* Calls fn for each stream in the folder, by name. */
typedef bool journal_fn(void *ctx, const char *name, struct err *e);
bool journal_each(struct journal *j, journal_fn *fn, void *ctx, struct err *e);
bool journal_read_info(struct journal *j, const char *name,
    struct journal_info *info, struct err *e);

/* Bytes of one stream from its segments. */
struct journal_reader; /* opened and freed only by journal.c */
struct journal_reader *journal_reader_open(
    struct journal *j, const char *name, struct err *e);
void journal_reader_close(struct journal_reader *r);
/* Segments follow each other, and mostly there is one, as of a message: none is
 * looked for behind a hole, which would list the folder. */
void journal_reader_one(struct journal_reader *r);
/* As source.read, but that no end is told. Sees new bytes and new segments as
 * they come. A missing segment (deleted: finished) before pos is no
 * matter; one at pos is a gap up to the next. */
bool journal_read(struct journal_reader *r, struct piece *in, struct err *e);
/* Where the stream has bytes at or behind pos, in segments that were written
 * to at or after since; *found false: nowhere. */
bool journal_seek(struct journal *j, const char *name, uint64_t *pos,
    int64_t since, bool *found, struct err *e);
/* fdatasync of all segments that were written to since the last call, read or
 * not, and of the folder when there are new ones. */
bool journal_sync(struct journal_reader *r, struct err *e);

/* The raw bytes of a record if the journal still has them (for show). */
bool journal_fetch(struct journal *j, const char *name, uint64_t pos,
    uint64_t size, struct buf *out, bool *found, struct err *e);

/*
 * Deletes segments that are worked on (their end is at most worked(name)) and
 * finished (their stream's lock is free, or a later segment exists) when they
 * are older than keep seconds or, oldest first, while all finished ones hold
 * more than max bytes; then NAME.stream of streams that have no segment left.
 * worked answers the committed position; UINT64_MAX never. sync (may be NULL)
 * is called before the first one goes: what worked has answered must be on the
 * disk by then. False: nothing goes.
 */
typedef uint64_t journal_worked_fn(void *ctx, const char *name);
typedef bool journal_worked_sync_fn(void *ctx, struct err *e);
struct journal_clean {
	int64_t now, keep;
	uint64_t max_bytes;
	journal_worked_fn *worked;
	journal_worked_sync_fn *sync;
	void *ctx;
};
bool journal_clean(struct journal *j, const struct journal_clean *c,
    uint64_t *deleted, struct err *e);

/* For status. */
struct journal_sizes {
	uint64_t bytes, files, streams, alive;
	int64_t oldest; /* time of the oldest segment's last byte */
};
bool journal_measure(
    struct journal *j, struct journal_sizes *out, struct err *e);

#endif
