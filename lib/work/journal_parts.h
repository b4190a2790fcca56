/* journal_parts.h - what the journal's .c files share; for no others. */
#ifndef WORK_JOURNAL_PARTS_H
#define WORK_JOURNAL_PARTS_H

#include "work/journal.h"

#define PART_NAME_MAX (JOURNAL_NAME_MAX + 32) /* NAME.OFFSET.seg */

struct journal {
	int fd; /* of the folder */
	char *dir; /* for messages */
};

enum part_kind { PART_NONE, PART_STREAM, PART_SEGMENT };

/* One file of the folder. */
struct part {
	char name[JOURNAL_NAME_MAX]; /* of the stream */
	enum part_kind kind;
	bool gap; /* NAME.OFFSET.gap */
	uint64_t offset; /* of a segment's first byte in its stream */
	uint64_t size;
	int64_t changed; /* time of the last byte */
	bool gone; /* deleted by journal_clean() */
};

struct parts {
	struct part *row;
	size_t n, cap;
};

/* What a file's name says; false: it is none of the journal's. */
bool part_of(const char *file, struct part *out);
/* The file's name of p into out (PART_NAME_MAX). */
void part_name(const struct part *p, char *out);

/* The same of NAME.stream. */
void stream_file(const char *name, char *out);

/* Writes what is not empty, where fd stands. */
bool info_write(int fd, const struct journal_info *info, struct err *e);

/*
 * The files of stream name (NULL: of all), sorted by stream, kind and offset;
 * an empty segment before one that begins at the same place. Files that go
 * while it looks are left out. parts_release() frees, also after a failure.
 */
bool parts_list(
    struct journal *j, const char *name, struct parts *out, struct err *e);
void parts_release(struct parts *p);

/* One row of errors: "DIR/FILE: cannot WHAT: WHY; MEND". Always false. */
bool journal_error(
    const struct journal *j, const char *file, const char *what, struct err *e);

#endif
