/* status_journal.h - how large the journal is and where each stream ends. */
#ifndef SUPPRESS_STATUS_JOURNAL_H
#define SUPPRESS_STATUS_JOURNAL_H

#include "app.h"
#include "work/journal.h"

struct stream_end {
	char name[JOURNAL_NAME_MAX];
	uint64_t end; /* bytes written, from the stream's start */
	bool told;
};

struct status_journal {
	const char *why; /* why nothing is known of it, or NULL */
	struct journal_sizes sizes;
	struct stream_end *ends;
	size_t n, cap;
};

/* A journal that is absent, or that this user may not read, is no error: why
 * then says so. */
bool status_journal_read(
    struct status_journal *j, const struct config *c, struct err *e);
void status_journal_release(struct status_journal *j);
/* Where the stream's bytes end, and marks it as told; 0: the journal has none
 * of it. */
uint64_t status_journal_end(struct status_journal *j, struct str name);

#endif
