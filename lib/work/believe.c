/* believe.c - how far a report of others is believed, by [trust]. */
#include "work/inside.h"

static bool
is_complaint(enum kind k)
{
	return k == KIND_F || k == KIND_MF;
}

/* "any", "sent" or "signed" of this kind. */
static const char *
ask_of(const struct work *w, enum kind k)
{
	return is_complaint(k) ? w->config->trust_complaints
	    : w->config->trust_bounces;
}

static bool
asks_sent(const struct work *w, enum kind k)
{
	const char *ask = ask_of(w, k);

	return (is_complaint(k) || kind_is_report(k)) && ask[0] == 's' &&
	    ask[1] == 'e';
}

/* Whether the recipient took mail in the weeks before, or since. */
static bool
was_sent(const struct work *w, uint64_t hash, int64_t time)
{
	return w->accepted != NULL &&
	    accepted_around(w->accepted, hash, time);
}

void
believe(const struct work *w, bool is_signed, uint64_t hash,
    struct evidence *out)
{
	struct evidence_fact *f = &out->fact;
	const char *ask = ask_of(w, f->kind);

	if (is_signed)
		f->trust = TRUST_SIGNED;
	else if (ask[0] == 's' && ask[1] == 'i')
		f->state = EVIDENCE_UNVERIFIED;
	else if (asks_sent(w, f->kind) &&
	    was_sent(w, hash, f->time) != is_complaint(f->kind)) {
		if (is_complaint(f->kind))
			f->state = EVIDENCE_UNVERIFIED;
		else
			f->trust = TRUST_DOUBTED;
	}
}

/* Whether a delivery could change what the report counts for. */
static bool
is_open(const struct work *w, const struct evidence_fact *f)
{
	return asks_sent(w, f->kind) && f->trust == TRUST_PLAIN &&
	    (kind_is_report(f->kind) || f->state == EVIDENCE_UNVERIFIED);
}

bool
believe_watch(struct work *w, const struct evidence *ev, struct err *e)
{
	return !is_open(w, &ev->fact) || evidence_watch(w->store, ev->address,
	    e);
}

#define AT_ONCE 64
#define TIMES_MAX 16 /* for one delivery: more than facts are judged */

/* Reports on one address that count for something else now. */
struct reports {
	const struct work *work;
	uint64_t hash;
	struct report {
		struct evidence ev;
		char scope[256];
	} row[AT_ONCE];
	size_t n;
};

static bool
keep_report(void *ctx, const struct evidence_row *row, struct err *e)
{
	struct reports *all = ctx;
	struct report *r = &all->row[all->n];

	(void)e;
	if (!is_open(all->work, &row->ev.fact) ||
	    !was_sent(all->work, all->hash, row->ev.fact.time))
		return true;
	r->ev = row->ev;
	if (str_copy(row->scope, r->scope, sizeof r->scope))
		all->n++;
	return all->n < AT_ONCE;
}

/* A bounce is weak now, a complaint counts. */
static bool
mark(struct work *w, struct report *r, struct err *e)
{
	struct evidence_fact *f = &r->ev.fact;

	if (is_complaint(f->kind))
		f->state = EVIDENCE_COUNTS;
	else
		f->trust = TRUST_DOUBTED;
	return evidence_trust(w->store, &r->ev, e);
}

/* What the bounce listed alone is lifted; the complaint is as if it came
 * now. */
static bool
judge(struct work *w, const struct report *r, struct err *e)
{
	struct about a = { .ev = &r->ev, .scope = str_from(r->scope) };
	struct again g = { .address = r->ev.address, .scope = a.scope,
		.ladder = policy_ladder(r->ev.fact.class) };
	struct standing was;
	bool lifted;

	if (is_complaint(r->ev.fact.kind))
		return decide_evidence(w, &a, e);
	if (!policy_ladder_info(g.ladder)->stream || g.scope.n == 0)
		g.scope = STR("global");
	return entry_standing(w->store, g.address, g.scope, g.ladder, &was,
	    e) && (!was.found || was.state != ENTRY_ACTIVE ||
	    decide_cleared(w, &g, &lifted, e));
}

static bool
look_once(struct work *w, struct str address, struct reports *all,
    struct err *e)
{
	bool ok;

	all->n = 0;
	ok = evidence_list(w->store, address, keep_report, all, e);
	/* Each is judged by what all count for. */
	for (size_t i = 0; i < all->n && ok; i++) {
		all->row[i].ev.address = address;
		ok = mark(w, &all->row[i], e);
	}
	for (size_t i = 0; i < all->n && ok; i++)
		ok = judge(w, &all->row[i], e);
	return ok;
}

/* The last look judges by what all before it count for as well. */
static bool
look_again(struct work *w, struct str address, uint64_t hash, struct err *e)
{
	struct reports all = { .work = w, .hash = hash };

	for (int i = 0; i < TIMES_MAX; i++) {
		if (!look_once(w, address, &all, e))
			return false;
		if (all.n < AT_ONCE)
			break;
	}
	return true;
}

bool
believe_again(struct work *w, struct str address, uint64_t hash,
    struct err *e)
{
	bool any;

	return evidence_any_open(w->store, address, &any, e) &&
	    (!any || look_again(w, address, hash, e));
}
