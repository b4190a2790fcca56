/*
 * campaign.h - a newsletter's months at one provider: who is alive, who dies
 * when, which days it is sent, and the hours in which the provider says of the
 * living that they are gone.
 */
#ifndef STORM_CAMPAIGN_H
#define STORM_CAMPAIGN_H

#include "world.h"

/* What a provider answers. */
struct answers {
	const char *domain, *mta;
	const char *ok;        /* text of a delivery */
	const char *gone, *gone_status; /* of who is dead */
};
extern const struct answers GMAIL, OUTLOOK, YAHOO;

struct person {
	int64_t dies;          /* from then on dead; INT64_MAX: never */
	int64_t joins;         /* not mailed before */
	int64_t first_failed;  /* as dead, 0: not yet */
	uint8_t sends_failed;  /* days on which it failed as dead */
	uint8_t listed_after;  /* failing days until it was on the list */
};

struct campaign {
	const struct answers *at;
	uint32_t first, n;     /* numbers of its recipients */
	struct person *who;
	int64_t every;         /* days between sends */
	int64_t start, takes;  /* seconds of the day */
	/* The outage: [from, to), so many of 100 fail. 0: none. */
	int64_t out_from, out_to;
	int64_t out_again;     /* and once more so long after it; 0: not */
	uint64_t out_share;
	const char *out_diag, *out_status, *out_cat;
	/* What is seen meanwhile. */
	int64_t most_before;   /* living on the list before a storm opened */
	int64_t most_after;    /* later than a minute after it */
	int64_t opened;        /* when the first storm did; 0: none */
};

void campaign_init(struct campaign *c, const struct answers *at,
    uint32_t first, uint32_t n);
void campaign_release(struct campaign *c);

/* So many of 1,000 die at moments of [from, to); of these, so many of 100 have
 * never taken mail: they join when they are dead. As many of the living join
 * in that time, too. */
void campaign_deaths(struct world *w, struct campaign *c, uint64_t of_1000,
    uint64_t never_of_100, int64_t from, int64_t to);

/* The days from WORLD_BEGIN + from days to before `to` days. */
void campaign_run(struct world *w, struct campaign *c, int64_t from,
    int64_t to);

struct deaths {
	int64_t dead;          /* that have failed at all */
	int64_t in_time;       /* on the list within three further sends */
	int64_t living_listed; /* at the end */
	int64_t living_ever;   /* at any time */
};
void campaign_sums(const struct world *w, const struct campaign *c,
    struct deaths *out);

#endif
