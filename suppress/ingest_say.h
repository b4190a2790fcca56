/* ingest_say.h - what `ingest` says of each file. */
#ifndef SUPPRESS_INGEST_SAY_H
#define SUPPRESS_INGEST_SAY_H

#include "base/buf.h"
#include "work/work.h"

struct ingest_said {
	const char *path;
	bool json;
	bool growing; /* another process is still writing it */
	bool left; /* its last row stays for a later run */
	bool empty; /* nothing has ever been in it */
};

/* Each appends a line, text or JSON. */
bool ingest_say_nothing(
    const struct ingest_said *f, struct buf *out, struct err *e);
bool ingest_say_sums(const struct ingest_said *f, const struct work *w,
    struct buf *out, struct err *e);

#endif
