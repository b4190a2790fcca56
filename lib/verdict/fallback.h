/* fallback.h - a verdict where no rule matches: the status code alone, then
 * PowerMTA's own category; for classify.c only. */
#ifndef VERDICT_FALLBACK_H
#define VERDICT_FALLBACK_H

#include "verdict/classify.h"

struct fallback_input {
	struct str folded;
	struct str dsn_status; /* with its text */
	struct str bounce_cat; /* empty unless there is nothing else */
	const struct category *categories; /* of the site, may be NULL */
	size_t n_categories;
	struct reply_status status;
	unsigned code;
	bool derived; /* the status is PowerMTA's, made from the reply's code */
	bool local;
};

/* Sets class, strength, decision, rule_name and advice of v. A class that
 * rests on a code alone is never strong. */
void fallback_find(const struct fallback_input *in, struct verdict *v);

#endif
