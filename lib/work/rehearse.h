/* rehearse.h - what the policy would make of the evidence that is stored;
 * nothing is written. */
#ifndef WORK_REHEARSE_H
#define WORK_REHEARSE_H

#include "work/config.h"

#define REHEARSE_GROUPS 64 /* ladders and streams of one address */

/* One address on one ladder, for one stream or all mail: facts behind the
 * mark of its entry, and how it stands. Views stand for the call only. */
struct rehearsed {
	struct str address, scope;
	enum ladder ladder;
	struct standing was;
	const struct evidence_fact *facts;
	size_t n;
	int64_t newest; /* time of its latest evidence */
};

/* False stops. */
typedef bool rehearse_fn(void *ctx, const struct rehearsed *r, struct err *e);

struct rehearse_sums {
	int64_t addresses; /* that have evidence */
	int64_t left_out;  /* groups past REHEARSE_GROUPS */
};

/* Of every address with evidence that may count, or of one; in one ordered
 * reading, with no more in memory than one address. */
bool rehearse(struct store *s, struct str address, rehearse_fn *fn, void *ctx,
    struct rehearse_sums *sums, struct err *e);

enum rehearse_what { REHEARSE_SAME, REHEARSE_ADDS, REHEARSE_REMOVES,
	REHEARSE_CHANGES, REHEARSE_HELD, REHEARSE_BY_HAND };

/* What would become of its entry at `now` under these settings, were it judged
 * again; *a is the policy's answer. Held entries, and those of a person or an
 * import, stay as they are. */
enum rehearse_what rehearse_judge(const struct policy_settings *p,
    const struct rehearsed *r, int64_t now, struct policy_answer *a);

#endif
