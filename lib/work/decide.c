/* decide.c - from the evidence in the store to entries, by the policy. */
#include "work/inside.h"

static bool
is_domain(struct str address)
{
	return address.n > 0 && address.p[0] == '@';
}

static struct str
ladder_scope(enum ladder l, struct str scope)
{
	return policy_ladder_info(l)->stream && scope.n > 0 ? scope
	    : STR("global");
}

/* Facts of the ladder after the mark of its entry, judged. *rule: of the fact
 * that carried it over the threshold. */
static bool
judge(struct work *w, struct str address, struct str scope, enum ladder l,
    int64_t mark, struct policy_answer *out, int64_t *rule, struct err *e)
{
	const struct evidence_fact *facts;
	int64_t word = 0;
	size_t n, skip = 0;

	if (policy_ladder_info(l)->stream && scope.n > 0 &&
	    !store_word(w->store, scope, &word, e))
		return false;
	if (!evidence_history(w->store, address, l, word, &facts, &n, e))
		return false;
	while (skip < n && facts[skip].time <= mark)
		skip++;
	policy_judge(&w->config->policy, l, is_domain(address), facts + skip,
	    n - skip, out);
	*rule = out->suppress ? facts[skip + out->at].rule : 0;
	return true;
}

static bool
put_entry(struct work *w, struct str address, struct str scope,
    const struct policy_answer *a, const struct standing *was, int64_t rule,
    struct err *e)
{
	struct entry en = { .address = address, .scope = scope,
		.class = a->class, .state = ENTRY_ACTIVE, .since = a->since,
		.until = a->until, .source = STR("policy"),
		.reason = str_from(a->arithmetic), .mark = was->mark };

	buf_clear(&w->text);
	if (!store_word_text(w->store, rule, &w->text, e))
		return false;
	en.rule = w->text.n > 0 ? buf_str(&w->text) : STR("-");
	return entry_put(w->store, &en, STR("policy"), w->now, e);
}

/*
 * The answer is worked out from all evidence, so it may also come out earlier
 * than before: late rows move the entry's begin, they never add a second one.
 */
bool
decide_evidence(struct work *w, struct str address, struct str scope,
    enum ladder l, struct err *e)
{
	struct str own = ladder_scope(l, scope);
	struct policy_answer a;
	struct standing was;
	int64_t rule;

	if (!entry_standing(w->store, address, own, l, &was, e))
		return false;
	if (was.found && (was.state == ENTRY_HELD || !was.by_policy))
		return true;
	if (!judge(w, address, scope, l, was.mark, &a, &rule, e))
		return false;
	if (!a.suppress || (was.found && was.since == a.since &&
	    was.until == a.until && was.class == a.class))
		return true;
	if (was.found && was.class != a.class &&
	    (was.until == 0 || a.since < was.until))
		return true;
	if (!was.found)
		w->sums.suppressed++;
	return put_entry(w, address, own, &a, &was, rule, e);
}

static bool
deliver_ladder(struct work *w, struct str address, struct str scope,
    enum ladder l, int64_t time, struct err *e)
{
	struct str own = ladder_scope(l, scope);
	struct policy_answer a;
	struct standing was;
	bool lifted;
	int64_t rule;

	if (!entry_standing(w->store, address, own, l, &was, e))
		return false;
	if (!was.found || !was.by_policy || was.since >= time ||
	    was.state != ENTRY_ACTIVE)
		return true;
	if (!judge(w, address, scope, l, was.mark, &a, &rule, e))
		return false;
	return a.suppress || entry_lift(w->store, address, own, was.class,
	    time, STR("policy"), STR("a later delivery"), 0, w->now, &lifted,
	    e);
}

/* Soft evidence older than the delivery is cleared, and what stood on it
 * alone is lifted. */
bool
decide_delivery(struct work *w, struct str address, struct str scope,
    int64_t time, struct err *e)
{
	static const enum ladder SOFT[] = { LADDER_GONE, LADDER_INACTIVE,
		LADDER_DOMAIN, LADDER_FULL, LADDER_REFUSED };
	int64_t cleared;

	if (!evidence_clear(w->store, address, time, &cleared, e))
		return false;
	w->sums.cleared += cleared;
	for (size_t i = 0; i < COUNT(SOFT) && cleared > 0; i++)
		if (!deliver_ladder(w, address, scope, SOFT[i], time, e))
			return false;
	return true;
}
