/* ingest_file.h - a file as a source of rows: read once forward, known again
 * by its first bytes under whatever name it comes. */
#ifndef SUPPRESS_INGEST_FILE_H
#define SUPPRESS_INGEST_FILE_H

#include "work/work.h"
#include "wrap/inflate.h"

#define INGEST_HEAD 4096 /* bytes that make a file's identity */
#define INGEST_TAIL 4096 /* and bytes before the place it was left at */
#define INGEST_QUIET 3600 /* seconds unwritten: its last row is whole */

struct ingest_file {
	char *name; /* full path: the stream's name */
	struct inflate *in;
	struct buf window; /* bytes of the content from `base` on */
	uint64_t base;
	char head[INGEST_HEAD];
	size_t head_bytes;
	bool growing; /* another process is still writing it */
	bool packed; /* gzip */
	bool flat; /* read where it stands; the window has but its head */
	bool is_rows, is_mail; /* for sure, by the first bytes */
	bool at_end; /* of the content */
	struct err broken; /* what ended the reading early; code 0: nothing */
	struct source source;
};

/* The folder of the file before: its name is worked out once. */
struct ingest_folder {
	char *given, *real;
};
void ingest_folder_release(struct ingest_folder *d);

/*
 * Opens a plain file and reads its first bytes; f must stay where it is.
 * EX_NOINPUT, EX_IOERR or EX_DATAERR tell a file that cannot be read; false
 * without an error: path is no plain file or cannot be opened at all, which
 * ingest_file_open_other() tells.
 */
bool ingest_file_open(struct ingest_file *f, const char *path,
    struct ingest_folder *last, struct err *e);
/* The same of a pipe or the like: it may wait for another process as long as
 * that likes. */
bool ingest_file_open_other(
    struct ingest_file *f, const char *path, struct err *e);
/*
 * Opens the plain file that st was read from, to look at it: *same says that
 * what was read of it still stands there, packed or grown as it may be. False
 * without an error as above.
 */
bool ingest_file_open_again(struct ingest_file *f, const char *path,
    const struct stream *st, bool *same, struct err *e);
void ingest_file_close(struct ingest_file *f);

/* Whether rows may still come: another process is writing the file, or was
 * within INGEST_QUIET. Of a packed file nobody asks. */
bool ingest_file_may_grow(const char *path);

/* Whether there is a byte of content at pos. */
bool ingest_file_has(
    struct ingest_file *f, uint64_t pos, bool *has, struct err *e);

/*
 * Gives the file's stream, if one of the store's is it, the file's name, so
 * that it is read on where it was left; *known says so, *st is where that is.
 * It is the file's when the first bytes are and those before that place.
 * Another file's stream under that name is named otherwise. In a batch.
 */
bool ingest_file_adopt(struct ingest_file *f, struct store *s, int64_t now,
    struct stream *st, bool *known, struct err *e);

#endif
