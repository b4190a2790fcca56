/* storm.h - when so many fail at once that the cause is not theirs; pure. */
#ifndef POLICY_STORM_H
#define POLICY_STORM_H

#include "policy/policy.h"

/* Shares are counts in 10,000. Every number is a setting ([storm]). */
#define STORM_WHOLE 10000

struct storm_settings {
	int64_t recipients;   /* fewer are no storm */
	int64_t share;        /* of the provider's attempts, at least */
	int64_t young_share;  /* the same while nobody knows who took mail */
	int64_t factor;       /* times the share of the last four weeks */
	int64_t window;       /* before it opened: held as well; seconds */
	int64_t quiet;        /* after it was last over the line; seconds */
	int64_t breaker_floor; /* new entries an hour that always pass */
	int64_t breaker_share; /* of a day's deliveries, in an hour */
	/* The same for reports of bounces, and for complaints. */
	int64_t report_floor, report_share;
	int64_t complaint_floor, complaint_share;
};

extern const struct storm_settings STORM_DEFAULTS;

/* What is counted beside single classes; stored, they never change. */
enum storm_group {
	STORM_GONE = 200,      /* all gone.* of one provider */
	STORM_FAILED = 201,    /* rows b and t */
	STORM_DELIVERED = 202, /* rows d by the pipe; + 1: from files */
	STORM_LISTED = 204,    /* new entries of who took mail lately */
	STORM_REPORTED = 205,  /* new entries by reports */
	STORM_COMPLAINED = 206, /* new complaints */
	STORM_PROVED = 207,    /* new entries by signed reports */
	STORM_REPORTS = 300,   /* + class: reports of it; from 400 on see
	                        * work/resolve.c */
	STORM_SIGNED = 500,    /* the same, signed: a flood of others does not
	                        * hold them */
	STORM_RUN = 1000,      /* + group: its run of failures */
	STORM_IN_STORM = 2000  /* + group: counted while an incident is on */
};

/* Counts over ten minutes (and those before), an hour, a day. */
enum { STORM_WINDOWS = 3 };
extern const int64_t STORM_WINDOW_SPAN[STORM_WINDOWS];

struct storm_count {
	int64_t recipients; /* distinct ones that fail */
	int64_t accepted;   /* of those, who took mail lately */
	int64_t attempts;   /* of the provider */
};

/* The four weeks before, as far as they were usual. */
struct storm_base {
	bool whole;         /* four weeks are known */
	bool deliveries;    /* any d row was seen in them or since */
	struct storm_count four_weeks;
	int64_t calm;       /* of its accepted ones: while no incident was on */
};

struct storm_look {
	struct storm_count window[STORM_WINDOWS];
	bool young;         /* nobody knows yet who took mail */
	double false_rate;  /* share of wrong answers in `accepted` */
	bool fault_is_ours; /* block.*, ...: who took mail does not matter */
	bool everywhere;    /* counted over all providers: our resolver */
};

/* How many of n failures in so many attempts were usual, when in_storm of them
 * came while an incident was on: no more of these than the least share that
 * makes a storm, else the next one would be none. */
int64_t storm_usual(const struct storm_settings *s, int64_t n,
    int64_t in_storm, int64_t attempts);
/* Whether enough fail in that window for a look at what they are a share of. */
bool storm_near(const struct storm_settings *s, const struct storm_look *l,
    size_t window);
/* Whether it is one; text gets the arithmetic, where cap is not 0. */
bool storm_is(const struct storm_settings *s, const struct storm_look *l,
    const struct storm_base *b, char *text, size_t cap);
/*
 * A run: each failure of somebody who took mail lately adds to a score, each
 * attempt takes the line away from it, which is the factor times the share. A
 * provider that answers so to many of the latest is noticed at once, however
 * much went well in the minutes before. attempts: since the score was.
 */
int64_t storm_run(const struct storm_settings *s, int64_t score,
    int64_t attempts);
bool storm_run_is(const struct storm_settings *s, int64_t score,
    const struct storm_base *b, char *text, size_t cap);
/* The same for reports: by their rate an hour, against the four weeks before
 * and the deliveries of a day. */
bool storm_of_reports(const struct storm_settings *s, int64_t hour,
    int64_t day, const struct storm_base *b, char *text, size_t cap);

/* Which classes may be a storm at all, and which of them are held. */
enum storm_kind { STORM_NEVER, STORM_TOLD, STORM_HELD };
enum storm_kind storm_kind(enum class c);

/* How many new entries an hour always pass. */
int64_t storm_floor(const struct storm_settings *s, int64_t group);
/* How many new entries an hour pass the breaker: deliveries of one day on
 * average, and entries of the four weeks before in `hours` hours with any. */
int64_t storm_breaker(const struct storm_settings *s, int64_t group,
    int64_t day, int64_t entries, int64_t hours);

#endif
