/* literal.h - bytes that a text must hold, or a pattern cannot match it. */
#ifndef VERDICT_LITERAL_H
#define VERDICT_LITERAL_H

#include "base/str.h"

#define LITERAL_MAX 16 /* bytes kept of one */
#define LITERAL_MIN 3 /* shorter ones tell too little */
#define LITERAL_ALTS 32 /* literals of one set */
#define LITERAL_SETS 3 /* sets of one pattern */

/* One of these occurs in every text that the pattern matches; small letters
 * (ASCII), to be compared without regard to case. */
struct literals {
	size_t n;
	struct {
		char p[LITERAL_MAX];
		size_t n;
	} of[LITERAL_ALTS];
};

/* Of each of these sets one literal must occur; the set that tells most comes
 * first. */
struct literal_sets {
	size_t n;
	struct literals of[LITERAL_SETS];
};

/*
 * The sets of a PCRE2 pattern, one literal for each alternative. False, and
 * no set, when there is none or the pattern uses something that is not
 * understood here; then every text may match.
 */
bool literal_find(struct str pattern, struct literal_sets *out);
/* Puts l among the sets, where it tells more than one that is there. */
void literal_keep(struct literal_sets *sets, const struct literals *l);

/* Length of the shortest one; 0 for an empty set. */
size_t literal_least(const struct literals *l);

#endif
