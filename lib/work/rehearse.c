/* rehearse.c - what the policy would make of the evidence that is stored. */
#include "work/rehearse.h"

/* A ladder and a stream of which an address has evidence that may count. */
struct group {
	enum ladder ladder;
	int64_t scope;   /* word, 0: all mail */
	int64_t newest;
};

struct reading {
	struct store *store;
	rehearse_fn *fn;
	void *ctx;
	struct rehearse_sums *sums;
	char address[ADDRESS_MAX + 1]; /* being read; "" at first */
	struct group groups[REHEARSE_GROUPS];
	size_t n;
	struct buf scope;
};

static bool
scope_text(struct reading *rd, int64_t word, struct err *e)
{
	buf_clear(&rd->scope);
	if (word == 0)
		buf_adds(&rd->scope, "global");
	return buf_ok(&rd->scope, e) && (word == 0 ||
	    store_word_text(rd->store, word, &rd->scope, e));
}

/*
 * Evidence of no stream is judged with that of all, at the time when it comes:
 * what came for one stream after that has not been judged for all mail.
 */
static size_t
facts_until(const struct group *g, const struct evidence_fact *facts, size_t n)
{
	if (!policy_ladder_info(g->ladder)->stream || g->scope != 0)
		return n;
	while (n > 0 && facts[n - 1].time > g->newest)
		n--;
	return n;
}

static bool
tell_group(struct reading *rd, const struct group *g, struct err *e)
{
	struct rehearsed r = { .address = str_from(rd->address),
		.ladder = g->ladder, .newest = g->newest };
	size_t skip = 0;

	if (!scope_text(rd, g->scope, e))
		return false;
	r.scope = buf_str(&rd->scope);
	if (!entry_standing(rd->store, r.address, r.scope, g->ladder, &r.was,
	    e) || !evidence_history(rd->store, r.address, g->ladder, g->scope,
	    &r.facts, &r.n, e))
		return false;
	r.n = facts_until(g, r.facts, r.n);
	while (skip < r.n && r.facts[skip].time <= r.was.mark)
		skip++;
	r.facts += skip;
	r.n -= skip;
	return rd->fn(rd->ctx, &r, e);
}

/* The address that was read is over. */
static bool
tell_address(struct reading *rd, struct err *e)
{
	for (size_t i = 0; i < rd->n; i++)
		if (!tell_group(rd, &rd->groups[i], e))
			return false;
	rd->n = 0;
	return true;
}

static void
group_add(struct reading *rd, enum ladder l, int64_t scope, int64_t time)
{
	for (size_t i = 0; i < rd->n; i++) {
		struct group *g = &rd->groups[i];

		if (g->ladder == l && g->scope == scope) {
			g->newest = time;
			return;
		}
	}
	if (rd->n == REHEARSE_GROUPS)
		rd->sums->left_out++;
	else
		rd->groups[rd->n++] = (struct group){ l, scope, time };
}

static bool
on_seen(void *ctx, const struct evidence_seen *row, struct err *e)
{
	struct reading *rd = ctx;
	enum ladder l = policy_ladder(row->class);

	if (!str_eq(row->address, str_from(rd->address))) {
		if (!tell_address(rd, e))
			return false;
		str_copy(row->address, rd->address, sizeof rd->address);
		rd->sums->addresses++;
	}
	if (policy_counts(row->kind, row->class, row->strength))
		group_add(rd, l, policy_ladder_info(l)->stream ? row->scope
		    : 0, row->time);
	return true;
}

bool
rehearse(struct store *s, struct str address, rehearse_fn *fn, void *ctx,
    struct rehearse_sums *sums, struct err *e)
{
	struct reading rd = { .store = s, .fn = fn, .ctx = ctx, .sums = sums };
	bool ok;

	*sums = (struct rehearse_sums){ 0 };
	ok = evidence_scan(s, address, on_seen, &rd, e) &&
	    tell_address(&rd, e);
	buf_release(&rd.scope);
	return ok;
}

static bool
is_on(int64_t until, int64_t now)
{
	return until == 0 || until > now;
}

enum rehearse_what
rehearse_judge(const struct policy_settings *p, const struct rehearsed *r,
    int64_t now, struct policy_answer *a)
{
	const struct standing *was = &r->was;
	bool domain = r->address.n > 0 && r->address.p[0] == '@';
	bool is, will;

	policy_judge(p, r->ladder, domain, r->facts, r->n, a);
	if (was->found && !was->by_policy)
		return REHEARSE_BY_HAND;
	if (was->found && was->state == ENTRY_HELD)
		return REHEARSE_HELD;
	is = was->found && is_on(was->until, now);
	will = a->suppress && is_on(a->until, now);
	/* Of two classes on one ladder the one that stands is kept. */
	if (is && will && (was->class != a->class || was->until == a->until))
		return REHEARSE_SAME;
	if (is != will)
		return is ? REHEARSE_REMOVES : REHEARSE_ADDS;
	return is ? REHEARSE_CHANGES : REHEARSE_SAME;
}
