/* storm.c - counts who fails together, opens incidents, and tells which one
 * holds a new piece of evidence. */
#include <stdlib.h>

#include "base/clock.h"
#include "policy/storm.h"
#include "store/share.h"
#include "work/storm_parts.h"

enum { GROUPS = 3 };

static size_t
groups_of(const struct about *a, enum storm_kind kind,
    struct storm_set g[GROUPS])
{
	const struct evidence *ev = a->ev;
	int64_t who = a->receiver;
	int64_t class = (int64_t)ev->fact.class;
	enum ladder l = policy_ladder(ev->fact.class);
	size_t n = 0;

	for (size_t i = 0; i < GROUPS; i++)
		g[i] = (struct storm_set){
			.reports = kind_is_report(ev->fact.kind) };
	if (kind_is_report(ev->fact.kind)) {
		g[n++].key = (struct share_key){ who, class +
			(ev->fact.trust == TRUST_SIGNED ? STORM_SIGNED
			    : STORM_REPORTS), 0 };
		return n;
	}
	if (kind == STORM_TOLD) {
		g[n++].key = (struct share_key){ who, class, 0 };
		return n;
	}
	g[n++].key = (struct share_key){ who, class, ev->reply };
	if (class_is_gone(ev->fact.class))
		g[n++].key = (struct share_key){ who, STORM_GONE, 0 };
	if (l == LADDER_DOMAIN)
		g[n++].key = (struct share_key){ 0, CLASS_GONE_DOMAIN, 0 };
	return n;
}

static bool
has_class(int64_t group, enum class c)
{
	if (group == STORM_GONE)
		return class_is_gone(c);
	if (group == CLASS_GONE_DOMAIN)
		return policy_ladder(c) == LADDER_DOMAIN;
	if (group >= STORM_SIGNED)
		return (int64_t)c == group - STORM_SIGNED;
	return (int64_t)c == (group >= STORM_REPORTS ? group - STORM_REPORTS
	    : group);
}

/* Those that the policy has listed lately. */
#define FRESH_AT_ONCE 64
struct fresh_rows {
	struct fresh_row {
		int64_t time, scope, provider, reply;
		enum class class;
		char address[ADDRESS_MAX];
	} row[FRESH_AT_ONCE];
	size_t n;
};

static bool
keep_fresh(void *ctx, const struct fresh *f, struct err *e)
{
	struct fresh_rows *all = ctx;
	struct fresh_row *r = &all->row[all->n];

	(void)e;
	*r = (struct fresh_row){ .time = f->time, .scope = f->scope,
		.provider = f->provider, .reply = f->reply,
		.class = f->class };
	all->n += str_copy(f->address, r->address, sizeof r->address);
	return all->n < FRESH_AT_ONCE;
}

/* The last of them, for those behind it. */
static void
last_of(const struct fresh_rows *all, struct fresh *out,
    char address[ADDRESS_MAX])
{
	const struct fresh_row *r = &all->row[all->n - 1];

	str_copy(str_from(r->address), address, ADDRESS_MAX);
	*out = (struct fresh){ .time = r->time, .address = str_from(address),
		.scope = r->scope, .class = r->class };
}

/* Who took mail between that evidence and now is dropped at once, as he would
 * be were the rows read once more. */
static bool
withdraw_one(struct work *w, const struct fresh_row *r, int64_t receiver,
    const struct evidence_group *eg, int64_t incident, struct err *e)
{
	struct str address = str_from(r->address);
	struct buf scope = { 0 };
	struct evidence_held held;
	bool ok;

	if ((receiver != 0 && receiver != r->provider) ||
	    (eg->reply != 0 && eg->reply != r->reply) ||
	    !eg->has(eg->group, r->class))
		return true;
	ok = evidence_hold(w->store, address, eg, incident, &held, e) &&
	    store_word_text(w->store, r->scope, &scope, e);
	/* Also where an entry of another stream came first, with which all of
	 * the address's evidence was held. */
	if (ok)
		ok = decide_held(w, address, buf_str(&scope),
		    policy_ladder(r->class), incident, e) &&
		    (held.delivered == 0 || decide_delivery(w, address,
		        held.delivered, e));
	buf_release(&scope);
	return ok;
}

/* What the group had listed before it was known for a storm. */
static bool
withdraw(struct work *w, const struct storm_set *g, const struct evidence *ev,
    int64_t incident, struct err *e)
{
	struct evidence_group eg = { .provider = g->key.provider == 0 ? 0
	        : ev->provider,
		.reply = g->key.reply, .has = has_class,
		.group = g->key.class, .reports = g->reports,
		.is_signed = g->key.class >= STORM_SIGNED,
		.from = ev->fact.time - w->config->storm.window };
	struct fresh_rows *all = calloc(1, sizeof *all);
	struct fresh after = { .time = eg.from, .address = STR("") };
	char address[ADDRESS_MAX];
	bool ok = all != NULL || err_memory(e);

	do {
		if (!ok)
			break;
		all->n = 0;
		ok = fresh_list(w->store, &after, INT64_MAX, FRESH_AT_ONCE,
		    keep_fresh, all, e);
		for (size_t i = 0; i < all->n && ok; i++)
			ok = withdraw_one(w, &all->row[i], g->key.provider,
			    &eg, incident, e);
		if (all->n > 0)
			last_of(all, &after, address);
	} while (ok && all->n == FRESH_AT_ONCE);
	free(all);
	return ok;
}

void
storm_tell(struct work *w, const struct incident *in)
{
	log_say(w->log, LOG_AT_WARNING, "incident",
	    "incident %lld opened (%s): %.*s; see `pmta-suppress incident "
	    "show %lld`", (long long)in->id, incident_kind_name(in->kind),
	    STR_ARG(in->text), (long long)in->id);
}

/* One that holds the same evidence for another of its groups. */
static void
join(struct storm_set *g, const struct storm_set *all)
{
	for (size_t i = 0; i < GROUPS && g->in.id == 0; i++)
		g->in = all[i].in;
}

static bool
open_new(struct work *w, struct storm_set *g, const struct about *a,
    enum storm_kind kind, const struct incident_key *k, struct err *e)
{
	int64_t time = a->ev->fact.time;

	g->in = (struct incident){ .kind = kind == STORM_TOLD
	        ? INCIDENT_FAULT : INCIDENT_STORM,
	    .provider = k->provider, .class = a->ev->fact.class,
	    .reply = a->ev->reply, .covers = time - w->config->storm.window,
	    .opened = time, .last = time, .peak = time, .peak_n = g->now,
	    .text = str_from(g->text) };
	if (!incident_open(w->store, &g->in, k, e))
		return false;
	storm_tell(w, &g->in);
	return true;
}

/* The group is over the line: its incident goes on, or it joins another, or a
 * new one opens. What was listed before is withdrawn, unless a person has let
 * the incident pass. */
static bool
over(struct work *w, struct storm_set *g, const struct storm_set *all,
    const struct about *a, enum storm_kind kind, struct err *e)
{
	int64_t time = a->ev->fact.time;
	struct incident_key k = { g->key.provider, g->key.class,
		g->key.reply };
	bool found = g->in.id != 0;

	if (!found && !incident_find(w->store, &k, time, CLOCK_DAY, &g->in,
	    &found, e))
		return false;
	if (found && time <= g->in.last + w->config->storm.quiet)
		return incident_over(w->store, g->in.id, time, g->now, e);
	join(g, all);
	if (g->in.id == 0
	    ? !open_new(w, g, a, kind, &k, e)
	    : !incident_add_key(w->store, g->in.id, &k, e) ||
	        !incident_over(w->store, g->in.id, time, g->now, e))
		return false;
	return kind != STORM_HELD || g->in.state == INCIDENT_RELEASED ||
	    withdraw(w, g, a->ev, g->in.id, e);
}

/* Where a receiver gives more replies than are kept apart, the rest are one
 * group of their class. */
static bool
group_fit(struct work *w, struct storm_set *g, int64_t time, struct err *e)
{
	bool crowded;

	if (!share_crowded(w->store, &g->key, time, &crowded, e))
		return false;
	if (crowded)
		g->key.reply = 0;
	return true;
}

static bool
group_find(struct work *w, struct storm_set *g, int64_t time, struct err *e)
{
	struct incident_key k = { g->key.provider, g->key.class,
		g->key.reply };
	struct incident in;
	bool found;

	if (!incident_find(w->store, &k, time, w->config->storm.quiet, &in,
	    &found, e))
		return false;
	if (found)
		g->in = in;
	return true;
}

/* Who failed in a storm and again on another day was dead then, as it seems:
 * the dead of weeks would add up to the next storm. They count for a run. */
static bool
counts_as_living(struct work *w, const struct about *a, bool *is,
    struct err *e)
{
	const struct evidence_fact *f = &a->ev->fact;
	bool held = false;

	*is = a->accepted == ACCEPTED_YES;
	if (*is && policy_ladder(f->class) != LADDER_NONE &&
	    !evidence_is_held(w->store, a->ev->address,
	        policy_ladder(f->class), f->time - f->time % CLOCK_DAY, &held,
	        e))
		return false;
	*is = *is && !held;
	return true;
}

/* One more of the group: counted, and the group looked at. */
static bool
group_count(struct work *w, struct storm_set *g, const struct storm_set *all,
    const struct about *a, enum storm_kind kind, struct err *e)
{
	struct share_key in_storm = { g->key.provider,
		STORM_IN_STORM + g->key.class, g->key.reply };
	int64_t time = a->ev->fact.time;
	bool accepted, is = false;

	return counts_as_living(w, a, &accepted, e) &&
	    share_add(w->store, &g->key, time, 1, accepted, e) &&
	    storm_is_over(w, g, a, kind, &is, e) &&
	    (!is || over(w, g, all, a, kind, e)) &&
	    (g->in.id == 0 || share_add(w->store, &in_storm, time, 1,
	        accepted, e));
}

bool
storm_evidence(struct work *w, const struct about *a, int64_t *incident,
    struct err *e)
{
	const struct evidence *ev = a->ev;
	enum storm_kind kind = storm_kind(ev->fact.class);
	struct storm_set g[GROUPS];
	size_t n;

	*incident = 0;
	/* What nobody vouches for decides nothing: it shall not keep others
	 * from it either. */
	if (kind == STORM_NEVER || ev->fact.state == EVIDENCE_UNVERIFIED ||
	    (ev->fact.kind != KIND_B && ev->fact.kind != KIND_T &&
	        !kind_is_report(ev->fact.kind)))
		return true;
	n = groups_of(a, kind, g);
	for (size_t i = 0; i < n; i++)
		if (!group_fit(w, &g[i], ev->fact.time, e) ||
		    !group_find(w, &g[i], ev->fact.time, e))
			return false;
	for (size_t i = 0; i < n && a->crowd.today == 0; i++)
		if (!group_count(w, &g[i], g, a, kind, e))
			return false;
	for (size_t i = 0; i < n && kind == STORM_HELD; i++)
		if (g[i].in.id != 0 && g[i].in.state != INCIDENT_RELEASED)
			*incident = g[i].in.id;
	return true;
}
