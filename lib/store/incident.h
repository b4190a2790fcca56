/* incident.h - storms and breakers: one cause, many recipients, a number. */
#ifndef STORE_INCIDENT_H
#define STORE_INCIDENT_H

#include "store/store.h"

/* Stored numbers: they never change. */
enum incident_kind {
	INCIDENT_STORM = 1,      /* failures that are held */
	INCIDENT_FAULT = 2,      /* of our own: nothing to hold */
	INCIDENT_BREAKER = 3,    /* more new entries than an hour may bring */
	INCIDENT_REPORTS = 4,    /* the same by asynchronous reports */
	INCIDENT_COMPLAINTS = 5  /* more complaints than ever */
};
const char *incident_kind_name(enum incident_kind k);

enum incident_state {
	INCIDENT_OPEN = 0,
	INCIDENT_RELEASED = 1,   /* what it held was applied */
	INCIDENT_DISCARDED = 2   /* what it held was dropped */
};

/* Times are event time. */
struct incident {
	int64_t id;
	enum incident_kind kind;
	enum incident_state state;
	int64_t provider, class, reply; /* of what opened it; words, or 0 */
	int64_t covers;  /* evidence from then on is held */
	int64_t opened;
	int64_t last;    /* when it was last over the line */
	int64_t peak, peak_n; /* worst ten minutes, failures in them */
	struct str text; /* the arithmetic that opened it */
};

/* What an incident is about, as struct share_key. */
struct incident_key {
	int64_t provider, class, reply;
};

/* Makes it, with its first key; in->id is filled. */
bool incident_open(struct store *s, struct incident *in,
    const struct incident_key *k, struct err *e);
bool incident_add_key(struct store *s, int64_t id,
    const struct incident_key *k, struct err *e);
/* Open, released or discarded: the one with that key that covers time, or
 * ended (last + quiet) at most `again` seconds before it. The text is empty. */
bool incident_find(struct store *s, const struct incident_key *k, int64_t time,
    int64_t again, struct incident *out, bool *found, struct err *e);
/* It is over the line at time, with n failures in ten minutes; in memory,
 * written with the commit. */
bool incident_over(struct store *s, int64_t id, int64_t time, int64_t n,
    struct err *e);
/* As a part of the bulk, so that it can be undone. */
bool incident_set_state(struct store *s, int64_t id, enum incident_state st,
    int64_t bulk, struct err *e);
bool incident_get(struct store *s, int64_t id, struct incident *out,
    bool *found, struct err *e);
/* Newest first. */
typedef bool incident_fn(void *ctx, const struct incident *in, struct err *e);
bool incident_list(struct store *s, incident_fn *fn, void *ctx,
    struct err *e);

/* A remark on it; who: "user:NAME". */
bool incident_note(struct store *s, int64_t id, struct str who,
    struct str text, int64_t now, struct err *e);
typedef bool incident_note_fn(void *ctx, int64_t at, struct str who,
    struct str text, struct err *e);
/* Oldest first. */
bool incident_notes(struct store *s, int64_t id, incident_note_fn *fn,
    void *ctx, struct err *e);

/* What it holds evidence of, by address: once for each class and stream. */
typedef bool incident_held_fn(void *ctx, struct str address, enum class c,
    struct str scope, struct err *e);
bool incident_held(struct store *s, int64_t id, incident_held_fn *fn,
    void *ctx, struct err *e);
/* How many addresses it holds now, and held in all. */
bool incident_sums(struct store *s, int64_t id, int64_t *held, int64_t *all,
    struct err *e);

#endif
