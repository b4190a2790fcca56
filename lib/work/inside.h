/* inside.h - what the files of lib/work that make up the road share. */
#ifndef WORK_INSIDE_H
#define WORK_INSIDE_H

#include "mail/acct.h"
#include "work/work.h"

#define WORK_FOLLOWS_MAX 4096 /* sources open at once */

struct work {
	const struct config *config;
	struct store *store;
	struct rules *rules;
	struct log *log;
	struct acct_settings acct;
	struct work_sums sums, sums_kept; /* with the open batch; without */
	struct follow **follows;
	size_t n_follows, cap_follows;
	int64_t now;       /* wall clock, asked once a step */
	int64_t began;     /* ticks when the batch began */
	int64_t in_batch;  /* rows in it */
	struct buf folded; /* the reply being judged */
	struct buf text;   /* words and scopes being put together */
	work_record_fn *watch;
	void *watch_ctx;
};

/* Where a record stands, for its evidence. */
struct place {
	struct stream *stream;
	uint64_t offset, length;
	bool known; /* an earlier stream of the same road had this row */
};

/* follow.c: what the batch did to one source is stored; or undone. */
bool follow_keep(struct follow *f, struct err *e);
void follow_kept(struct follow *f);
void follow_back(struct follow *f);

/* road.c: one event through verdict, decision and store. */
bool road_event(struct work *w, const struct event *ev, const struct place *at,
    struct err *e);
/* Counts a record that gave no event. */
bool road_skip(struct work *w, const struct place *at, enum skip why,
    struct err *e);

/* guard.c: whether the policy may not list this address, whatever the
 * evidence. */
bool guard_stops(struct work *w, struct str address, bool *stops,
    struct err *e);

/* decide.c: what follows from new evidence on address; and from a delivery
 * to it. rule texts come from the store. */
bool decide_evidence(struct work *w, const struct evidence *ev,
    struct str scope, struct err *e);
bool decide_delivery(struct work *w, struct str address, int64_t time,
    struct err *e);

#endif
