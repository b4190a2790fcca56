/* policy.h - from the evidence on an address to what follows; pure. */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include <stdint.h>

#include "mail/event.h"
#include "verdict/rules.h"

#define POLICY_FACTS_MAX 1000 /* the newest that a judgement looks at */

/* Every number is a setting ([policy] in pmta-suppress.conf); spans in
 * seconds, 0 as an expiry: none. */
struct policy_settings {
	int64_t gone_weak_days;       /* gone.mailbox and kin, weak */
	int64_t provisional;          /* strong gone.*: expiry, 0: none */
	int64_t inactive_days, inactive_span;
	int64_t domain_days, domain_span, domain_expiry;
	int64_t full_messages, full_span, full_expiry;
	int64_t full_days;            /* not 0: days instead of messages */
	int64_t refused_messages, refused_span, refused_expiry;
	int64_t window;               /* soft evidence older than this is out */
	int64_t late_report;          /* a report so late: the same failure */
};

extern const struct policy_settings POLICY_DEFAULTS;

/* Stored numbers: they never change. */
enum evidence_state {
	EVIDENCE_COUNTS = 0,
	EVIDENCE_CLEARED = 1, /* by a delivery after it */
	EVIDENCE_VOID = 2,    /* by a lift or an undo */
	EVIDENCE_HELD = 3,    /* in a storm */
	EVIDENCE_OLD = 4,     /* before the mark of a lift */
	EVIDENCE_UNVERIFIED = 5 /* a report that nothing vouches for */
};

/* How far a report is believed. Stored numbers: they never change. */
enum trust {
	TRUST_PLAIN = 0,   /* as it reads */
	TRUST_SIGNED = 1,  /* carries our own tag */
	TRUST_DOUBTED = 2  /* unsigned, about somebody who took mail lately:
	                    * weak whatever it says, and it takes two
	                    * messages on two days */
};

/* What policy looks at in one piece of evidence. Facts on one address come
 * sorted by time. */
struct evidence_fact {
	int64_t time;
	enum kind kind;
	enum class class;
	enum strength strength;
	uint64_t message;  /* key of the message, 0: unknown */
	int64_t message_day; /* day when unknown */
	enum evidence_state state;
	int64_t delivered; /* the delivery that cleared it; of a report the
	                    * first one after it; 0: none */
	int64_t rule;      /* word of the rule; for the entry, not looked at */
	enum trust trust;  /* of a report */
};

/* Which thresholds a class is under. */
enum ladder {
	LADDER_NONE,      /* suppresses nobody */
	LADDER_GONE,
	LADDER_INACTIVE,
	LADDER_DOMAIN,
	LADDER_FULL,
	LADDER_REFUSED,
	LADDER_COMPLAINT,
	LADDER_OPTOUT
};

struct ladder_info {
	enum ladder ladder;
	const char *name;
	bool soft;     /* a delivery clears its evidence */
	bool stream;   /* the entry is of the stream, not global */
	int rank;      /* precedence: higher outranks */
};

enum ladder policy_ladder(enum class c);
const struct ladder_info *policy_ladder_info(enum ladder l);
/* Precedence of an entry of this class: manual > complaint > unsubscribe >
 * hard > soft. */
int policy_rank(enum class c);

/* Up to when evidence on address no longer counts once it is lifted at `now`:
 * that on a domain stands at the end of its UTC day. */
int64_t policy_lift_mark(struct str address, int64_t now);

/* Whether evidence of this kind, class and strength may ever count. */
bool policy_counts(enum kind k, enum class c, enum strength s);
/* Whether a delivery clears it: soft, weak or doubted, from b or t (or rb, mb:
 * `late`). */
bool policy_clearable(const struct evidence_fact *f);

struct policy_answer {
	bool suppress;
	enum class class;      /* of the evidence that reached the threshold */
	int64_t since;         /* its time */
	int64_t until;         /* 0: no end */
	size_t at;             /* its index in the facts */
	char arithmetic[200];  /* "5 of 5 distinct messages, ..." */
};

/*
 * Judges one ladder over the facts (sorted by time; others' classes are
 * passed over). Answers the last suppression that they carry: what began, was
 * over and began anew is followed through, expiry doubling each time for
 * full.mailbox. domain: the facts are those of a domain, thresholds too.
 */
void policy_judge(const struct policy_settings *s, enum ladder l, bool domain,
    const struct evidence_fact *facts, size_t n, struct policy_answer *out);

#endif
