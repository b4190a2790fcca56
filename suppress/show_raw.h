/* show_raw.h - the bytes that a piece of evidence came from, if they are
 * still there. */
#ifndef SUPPRESS_SHOW_RAW_H
#define SUPPRESS_SHOW_RAW_H

#include "app.h"
#include "ingest_file.h"
#include "work/journal.h"

#define SHOW_RAW_MAX 8192 /* bytes of one record that are shown */

struct show_raw {
	struct app *app;
	struct journal *journal; /* opened at the first need */
	bool tried;
	char path[CONFIG_PATH_MAX]; /* the file looked at last, "" for none */
	struct ingest_file file;
	const char *file_why; /* why it is not shown, or NULL */
	bool no_memory; /* for what was asked for: nothing can be said of it */
	struct buf bytes;
};

/*
 * Fills r->bytes with at most SHOW_RAW_MAX bytes of the record. NULL, or in a
 * few words why there are none: a stream's segment or a file may be gone, or
 * not for this user to read, or another file may stand there.
 */
const char *show_raw_fetch(
    struct show_raw *r, struct str stream, int64_t offset, int64_t length);
void show_raw_release(struct show_raw *r);

#endif
