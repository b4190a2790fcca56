/* policy_held.h - whom storms and breakers would hold by other settings, and
 * whom they hold by those in force: both by the same replay. */
#ifndef SUPPRESS_POLICY_HELD_H
#define SUPPRESS_POLICY_HELD_H

#include "app.h"
#include "base/hashset.h"
#include "work/replay.h"

/* All zero is none; policy_held_release(). */
struct policy_held {
	struct replay_base base;
	struct held_run {
		struct replay_sums sums;
		struct hashset set; /* of address and ladder */
		struct buf rows;    /* each: class, address, rule; a NUL behind
		                     * each */
		int64_t n;          /* rows */
		struct hashset dropped; /* the same of those that a delivery
		                         * dropped */
	} now, then; /* by the settings in force, and by the new ones */
};

/* Replays what is stored since `from`, and what the journal has of deliveries,
 * twice. */
bool policy_held_run(struct policy_held *h, struct app *a,
    const struct config *new, int64_t from, struct err *e);
void policy_held_release(struct policy_held *h);

/* Whether incidents would hold it that do not by the settings in force. */
bool policy_held_more(const struct policy_held *h, struct str address,
    enum ladder l);

/* Whether this run held it, and a delivery dropped it: nothing that could list
 * it is left. */
bool policy_held_dropped(const struct held_run *run, struct str address,
    enum ladder l);

/* Who would be held and is not by the settings in force (more), or the other
 * way about. */
typedef bool policy_held_fn(void *ctx, bool more, struct str address,
    enum class c, struct str rule, struct err *e);
bool policy_held_each(const struct policy_held *h, policy_held_fn *fn,
    void *ctx, struct err *e);

#endif
