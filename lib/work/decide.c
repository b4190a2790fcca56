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
	    !str_eq(scope, STR("global")) &&
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

/* On one day no ladder needs more rows of a class than this, or so many times
 * the messages that it asks for. */
#define CROWD 64

static int64_t
crowd_of(const struct policy_settings *s)
{
	int64_t n = s->full_messages > s->refused_messages
	    ? s->full_messages : s->refused_messages;

	return n * 2 > CROWD ? n * 2 : CROWD;
}

/* Whether the new evidence cannot change what stands: an endless entry began
 * before it, or the day is full of its kind. Bounds what a stranger who writes
 * about one address again and again can cost. */
static bool
tells_nothing(struct work *w, const struct evidence *ev,
    const struct standing *was, bool *nothing, struct err *e)
{
	*nothing = was->found && (was->state == ENTRY_HELD ||
	    !was->by_policy || (was->until == 0 &&
	        ev->fact.time >= was->since));
	return *nothing || evidence_crowded(w->store, ev->address,
	    ev->fact.class, ev->fact.time, crowd_of(&w->config->policy),
	    nothing, e);
}

/*
 * The answer is worked out from all evidence, so it may also come out earlier
 * than before: late rows move the entry's begin, they never add a second one.
 */
bool
decide_evidence(struct work *w, const struct evidence *ev, struct str scope,
    struct err *e)
{
	enum ladder l = policy_ladder(ev->fact.class);
	struct str own = ladder_scope(l, scope);
	struct policy_answer a;
	struct standing was;
	int64_t rule;
	bool nothing;

	if (!entry_standing(w->store, ev->address, own, l, &was, e) ||
	    !tells_nothing(w, ev, &was, &nothing, e))
		return false;
	if (nothing)
		return true;
	if (!judge(w, ev->address, scope, l, was.mark, &a, &rule, e))
		return false;
	if (!a.suppress || (was.found && was.since == a.since &&
	    was.until == a.until && was.class == a.class))
		return true;
	if (was.found && was.class != a.class &&
	    (was.until == 0 || a.since < was.until))
		return true;
	if (!guard_stops(w, ev->address, &nothing, e) || nothing)
		return e->code == 0;
	if (!was.found)
		w->sums.suppressed++;
	return put_entry(w, ev->address, own, &a, &was, rule, e);
}

/* The soft entries of one address, whatever their scope. */
struct soft_entries {
	struct {
		enum ladder ladder;
		char scope[256];
	} row[8];
	size_t n;
};

static bool
keep_soft(void *ctx, const struct entry_row *row, struct err *e)
{
	struct soft_entries *s = ctx;
	enum ladder l = policy_ladder(row->entry.class);

	(void)e;
	if (row->entry.state == ENTRY_ACTIVE && l != LADDER_NONE &&
	    policy_rank(row->entry.class) <=
	        policy_ladder_info(LADDER_GONE)->rank &&
	    str_eq(row->entry.source, STR("policy")) &&
	    s->n < COUNT(s->row) && str_copy(row->entry.scope,
	        s->row[s->n].scope, sizeof s->row[0].scope))
		s->row[s->n++].ladder = l;
	return true;
}

/* What stood on cleared evidence alone is lifted, what began later than it
 * does now begins later. */
static bool
deliver_ladder(struct work *w, struct str address, struct str scope,
    enum ladder l, int64_t time, struct err *e)
{
	struct policy_answer a;
	struct standing was;
	bool lifted;
	int64_t rule;

	if (!entry_standing(w->store, address, scope, l, &was, e))
		return false;
	if (!was.found || !was.by_policy || was.state != ENTRY_ACTIVE)
		return true;
	if (!judge(w, address, scope, l, was.mark, &a, &rule, e))
		return false;
	if (!a.suppress)
		return entry_lift(w->store, address, scope, was.class, time,
		    STR("policy"), STR("a later delivery"), 0, w->now,
		    &lifted, e);
	if (a.class != was.class || (a.since == was.since &&
	    a.until == was.until))
		return true;
	return put_entry(w, address, scope, &a, &was, rule, e);
}

/* Soft evidence older than the delivery is cleared, and what stood on it
 * alone is lifted, for every stream: mail was accepted. */
bool
decide_delivery(struct work *w, struct str address, int64_t time,
    struct err *e)
{
	struct entry_filter f = { .address = address, .all_states = true };
	struct soft_entries soft = { .n = 0 };
	int64_t cleared;

	if (!evidence_clear(w->store, address, time, &cleared, e))
		return false;
	w->sums.cleared += cleared;
	if (cleared == 0)
		return true;
	if (!entry_list(w->store, &f, keep_soft, &soft, e))
		return false;
	for (size_t i = 0; i < soft.n; i++)
		if (!deliver_ladder(w, address, str_from(soft.row[i].scope),
		    soft.row[i].ladder, time, e))
			return false;
	return true;
}
