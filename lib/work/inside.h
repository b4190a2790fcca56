/* inside.h - what the files of lib/work that make up the road share. */
#ifndef WORK_INSIDE_H
#define WORK_INSIDE_H

#include "mail/acct.h"
#include "store/accepted.h"
#include "store/incident.h"
#include "mail/message.h"
#include "work/keys.h"
#include "work/receiver.h"
#include "work/work.h"

#define WORK_FOLLOWS_MAX 4096 /* sources open at once */

struct work {
	const struct config *config;
	struct store *store;
	struct rules *rules;
	struct log *log;
	struct keys keys;
	struct acct_settings acct;
	struct message_settings mails;
	struct work_sums sums, sums_kept; /* with the open batch; without */
	struct follow **follows;
	size_t n_follows, cap_follows;
	struct accepted *accepted; /* NULL: could not be opened */
	int64_t tidied;    /* ticks when its files were last looked after */
	struct receivers *receivers;  /* of deliveries; NULL: no memory */
	struct storm_base_row *bases; /* storm_line.c: the weeks before */
	struct breaker_past *pasts;   /* breaker.c: the same */
	int64_t now;       /* wall clock, asked once a step */
	int64_t bulk;      /* that entries are a part of; 0: none */
	int64_t began;     /* ticks when the batch began */
	int64_t in_batch, evidence; /* rows in it; those that are evidence */
	bool set_aside;    /* a record was: the batch ends with it */
	bool alone;        /* it may be long */
	struct buf folded; /* the reply being judged */
	struct buf text;   /* words and scopes being put together */
	work_record_fn *watch;
	void *watch_ctx;
};

/* work.c: reads the keys of tokens when they have changed; what is wrong with
 * them is told, and there are none then. */
void work_keys(struct work *w, int64_t now);

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
/* Why it will count an event and not work on it, or SKIP_NONE. */
enum skip road_refused(const struct work *w, const struct event *ev);
/* Counts a record that gave no event. */
bool road_skip(struct work *w, const struct place *at, enum skip why,
    struct err *e);

struct about;
/* Fills in what else is known of the address, once the evidence is added:
 * only where something is decided. */
bool road_crowd(struct work *w, struct about *a, struct err *e);
/* What follows from it: storm, breaker, policy. */
bool road_decide(struct work *w, const struct about *a, struct err *e);

/* New evidence, and what is known of its recipient. */
struct about {
	const struct evidence *ev;
	struct str scope;    /* "stream:NAME" or empty */
	struct evidence_crowd crowd; /* what else is known of the address */
	enum accepted_answer accepted;
	int64_t receiver;    /* see work/receiver.h */
	bool released;       /* a person lets it pass: no breaker */
};

/*
 * believe.c: how far a report is believed, by [trust]; is_signed: it carries
 * our own tag. A delivery that is told of later, whenever it was, may change
 * it: such a report is watched for, and judged again with each delivery of its
 * recipient.
 */
void believe(const struct work *w, bool is_signed, uint64_t hash,
    struct evidence *out);
bool believe_watch(struct work *w, const struct evidence *ev, struct err *e);
bool believe_again(struct work *w, struct str address, uint64_t hash,
    struct err *e);

/* guard.c: whether the policy may not list this address, whatever the
 * evidence. */
bool guard_stops(struct work *w, struct str address, bool *stops,
    struct err *e);

/* decide.c: what follows from new evidence on an address; from a delivery to
 * it; and from evidence that was just held. Rule texts come from the store. */
bool decide_evidence(struct work *w, const struct about *a, struct err *e);
bool decide_delivery(struct work *w, struct str address, int64_t time,
    struct err *e);
bool decide_held(struct work *w, struct str address, struct str scope,
    enum ladder l, int64_t incident, struct err *e);

/* Evidence that is stored is judged once more, by a person's word: no breaker
 * asks, and what incidents hold is left to them. */
struct again {
	struct str address, scope; /* "stream:NAME", "global" or empty */
	enum ladder ladder;
	int64_t bulk; /* only where the bulk let some of it count; 0: any */
};
bool decide_again(struct work *w, const struct again *g, struct err *e);

/* An entry in force, of whose evidence a delivery has cleared a part: judged
 * again, and lifted when the rest is not enough; its mark stays. *lifted says
 * so. */
bool decide_cleared(struct work *w, const struct again *g, bool *lifted,
    struct err *e);

/* How many rows of one class and day a decision looks at. */
int64_t decide_crowd(const struct policy_settings *s);

/* resolve.c: counts a report by whether its recipient can be told (why: it is
 * passed over) and its road; and new evidence by how far it is believed. */
bool resolve_event(struct work *w, const struct event *ev, enum skip why,
    const struct place *at, struct err *e);
bool resolve_trust(struct work *w, const struct evidence_fact *f,
    struct err *e);

/* storm.c: counts new evidence and tells which incident holds it; 0: none. */
bool storm_evidence(struct work *w, const struct about *a, int64_t *incident,
    struct err *e);
/* breaker.c: whether a new entry may be made now; else the incident that
 * holds it. */
bool breaker_pass(struct work *w, const struct about *a, int64_t *incident,
    struct err *e);
/* storm_line.c: an attempt at a provider, delivered or failed. */
bool storm_attempt(struct work *w, enum kind k, int64_t provider,
    enum road road, int64_t time, struct err *e);
/* Attempts at a provider in the span up to time, as share_recent() counts. */
struct attempts {
	int64_t all, delivered;
};
bool storm_attempts(struct work *w, int64_t provider, int64_t time,
    int64_t span, struct attempts *out, struct err *e);
void storm_release(struct work *w);
void breaker_release(struct work *w);
/* storm.c: tells an incident that has just opened. */
void storm_tell(struct work *w, const struct incident *in);

#endif
