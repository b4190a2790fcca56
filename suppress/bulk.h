/* bulk.h - many entries, chosen by what they have in common. */
#ifndef SUPPRESS_BULK_H
#define SUPPRESS_BULK_H

#include "app.h"

struct bulk_request {
	const char *verb;           /* "remove" or "hold" */
	struct entry_filter filter;
	struct str reason;
	bool consent;  /* complaints, too */
	bool dry_run, json;
};

/* Lifts or holds every entry that the filter chooses, as one bulk; prints what
 * it did, or would do. The exit code: 1 when nothing was chosen. */
int bulk_run(struct app *a, const struct bulk_request *r, struct err *e);

/* Whether the filter says anything at all: "everything" must be meant. */
bool bulk_is_chosen(const struct entry_filter *f);

#endif
