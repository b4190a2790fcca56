/* share.h - how many recipients fail, of how many attempts, in each ten
 * minutes: two days of it in memory, all of it in the database. */
#ifndef STORE_SHARE_H
#define STORE_SHARE_H

#include "store/store.h"

#define SHARE_BUCKET 600     /* seconds */
/* Replies kept apart in two days: of all, of one receiver, and of all that no
 * table names. Past these a reply has no counts of its own, so that nobody's
 * server takes the room of others by making replies up. */
#define SHARE_SERIES_MAX 4096
#define SHARE_REPLIES_MAX 256
#define SHARE_UNNAMED_MAX 2048

struct share_key {
	int64_t provider; /* word; 0: all */
	int64_t class;    /* enum class or enum storm_group */
	int64_t reply;    /* 0: any */
};

struct share_sum {
	int64_t n, accepted;
};

/* Adds to the ten minutes that hold time; written with the commit. What is
 * added may be less than 0. */
bool share_add(struct store *s, const struct share_key *k, int64_t time,
    int64_t n, int64_t accepted, struct err *e);
/* Whether k's reply has no counts of its own: that of its class has them. */
bool share_crowded(struct store *s, const struct share_key *k, int64_t time,
    bool *crowded, struct err *e);
/* One attempt at a provider: group STORM_FAILED or STORM_DELIVERED (+ road);
 * counted for all providers, too. In nanoseconds. */
bool share_attempt(struct store *s, int64_t provider, int64_t group,
    int64_t time, struct err *e);
/* The sum over the ten minutes that hold time and those before, span seconds
 * in all (rounded up); span at most a day, 0: the ten minutes alone. */
bool share_recent(struct store *s, const struct share_key *k, int64_t time,
    int64_t span, struct share_sum *out, struct err *e);
/* The same from the database, for spans of weeks: [from, to); hours, if not
 * NULL, gets in how many hours there was any. */
bool share_span(struct store *s, const struct share_key *k, int64_t from,
    int64_t to, struct share_sum *out, int64_t *hours, struct err *e);
/* Three classes of one provider and reply in one pass: a span costs what all
 * rows of the provider in it cost. */
#define SHARE_THREE 3
bool share_three(struct store *s, const struct share_key k[SHARE_THREE],
    int64_t from, int64_t to, struct share_sum out[SHARE_THREE],
    struct err *e);
/* Whether anything is known of the provider from ten minutes that begin at
 * upto or before. */
bool share_any(struct store *s, int64_t provider, int64_t upto, bool *any,
    struct err *e);

#endif
