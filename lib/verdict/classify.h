/* classify.h - one failure as told by a row or a report: its verdict. */
#ifndef VERDICT_CLASSIFY_H
#define VERDICT_CLASSIFY_H

#include "verdict/rules.h"

/* A bounceCat that a site has renamed or added. */
struct category {
	char name[64];
	enum class class;
};

/* What is known of the failure; every field may be empty. */
struct failure {
	struct str diag;       /* dsnDiag whole: "smtp;550 ...", "x-pmta;..." */
	struct str dsn_status; /* "5.1.1 (bad destination mailbox address)" */
	struct str mta;        /* "host.name (1.2.3.4)" or a name */
	struct str domain;     /* recipient's domain, canonical */
	struct str bounce_cat;
	const struct category *categories; /* looked at before our own table */
	size_t n_categories;
	bool failed;  /* the sender gave up (b, rb); false: a deferral (t) */
	bool row;     /* an accounting row: no remote reply means made by
	               * ourselves; false: a report or a bare reply */
	bool spelled; /* the recipient was written in another way than his key
	               * is: the host may have stumbled over that */
	struct reply_context context;
};

struct verdict {
	enum class class;
	enum strength strength;
	enum decision decision;  /* what it leads to before thresholds; for a
	                          * 4yz reply never a suppress-* */
	const struct rule *rule; /* NULL: no rule, the code table or nothing */
	const char *rule_name;   /* "microsoft.ip-blocklist", "code.5.1.1",
	                          * "bounce-cat.bad-mailbox", or "-" */
	unsigned provider;
	unsigned code;
	struct reply_status status;
	bool local;
	const char *advice;      /* plain words; never NULL */
	struct str folded;       /* in the buffer given to classify() */
	unsigned limit_hits;
};

/* Folds, finds the rule, falls back to the table of status codes, then to
 * bounceCat as a vote. folded is cleared and used for the text, which stands
 * as long as it does; when it has failed (buf_ok()), so has the verdict. */
void classify(struct rules *r, const struct failure *f, struct buf *folded,
    struct verdict *out);

/* What classify() asks the rules about it (to explain an answer). The text
 * is in folded, which is cleared first. */
struct rule_input classify_input(struct rules *r, const struct failure *f,
    struct buf *folded);

/* The class that a bounceCat votes for; false: a name that nobody knows. */
bool classify_category(struct str name, const struct category *own, size_t n,
    enum class *out);

/* The feedback type of an f row or report ("abuse", "not-spam", ...; unknown
 * and empty ones count as abuse, RFC 5965 7.3). */
enum class classify_feedback(struct str feedback_type);

#endif
