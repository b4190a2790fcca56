/* incident_rows.h - incidents one by one, with what they hold and how they
 * stand. */
#ifndef SUPPRESS_INCIDENT_ROWS_H
#define SUPPRESS_INCIDENT_ROWS_H

#include "app.h"
#include "store/incident.h"
#include "wrap/json.h"

struct incident_row {
	const struct incident *in;
	struct str provider;    /* "" : all of them */
	int64_t held, held_all; /* addresses, now and ever */
	bool open;              /* it goes on, or holds something */
	const char *state;      /* "open", "over", "released", "discarded" */
};

/* How many addresses it holds, and how it stands; the provider is in
 * `provider`, a buffer of the caller's. */
bool incident_row_of(struct app *a, const struct incident *in,
    struct buf *provider, struct incident_row *out, struct err *e);

/* Newest first; all: not only the open ones. */
typedef bool incident_row_fn(void *ctx, const struct incident_row *row,
    struct err *e);
bool incident_rows(struct app *a, bool all, incident_row_fn *fn, void *ctx,
    struct err *e);

/* number, kind, state, ...: keys of o. */
void incident_row_json(struct json *o, const struct incident_row *row);

#endif
