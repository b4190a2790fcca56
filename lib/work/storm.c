/* storm.c - counts who fails together, opens incidents, and tells which one
 * holds a new piece of evidence. */
#include <stdlib.h>

#include "base/clock.h"
#include "policy/storm.h"
#include "store/share.h"
#include "work/inside.h"
#include "wrap/hash.h"

#define FOUR_WEEKS (28 * (int64_t)CLOCK_DAY)
#define BASES 64 /* remembered; a power of two */

/* What the weeks before say of one key, asked once a day. */
struct storm_base_row {
	uint64_t key;
	int64_t day;
	struct storm_base base;
};

void
storm_release(struct work *w)
{
	free(w->bases);
	w->bases = NULL;
}

bool
storm_attempt(struct work *w, enum kind k, int64_t provider, enum road road,
    int64_t time, struct err *e)
{
	return share_attempt(w->store, provider, k == KIND_D
	    ? STORM_DELIVERED + (int64_t)road : STORM_FAILED, time, e);
}

/* The pipe and its parallel file tell of the same deliveries: the one that
 * knows of more counts. */
bool
storm_attempts(struct work *w, int64_t provider, int64_t time, int64_t span,
    int64_t *attempts, int64_t *delivered, struct err *e)
{
	struct share_key k = { .provider = provider, .class = STORM_FAILED };
	struct share_sum failed, by_pipe, by_file;

	if (!share_recent(w->store, &k, time, span, &failed, e))
		return false;
	k.class = STORM_DELIVERED + ROAD_PIPE;
	if (!share_recent(w->store, &k, time, span, &by_pipe, e))
		return false;
	k.class = STORM_DELIVERED + ROAD_FILE;
	if (!share_recent(w->store, &k, time, span, &by_file, e))
		return false;
	*delivered = by_pipe.n > by_file.n ? by_pipe.n : by_file.n;
	*attempts = failed.n + *delivered;
	return true;
}

static bool
base_read(struct work *w, const struct share_key *k, int64_t time,
    struct storm_base *out, struct err *e)
{
	struct share_key all = { .provider = k->provider };
	int64_t to = time - time % CLOCK_DAY, from = to - FOUR_WEEKS, first;
	struct share_key in_storm = { k->provider, STORM_IN_STORM + k->class,
		k->reply };
	struct share_sum hits, odd, failed, by_pipe, by_file;

	if (!share_span(w->store, k, from, to, &hits, NULL, e) ||
	    !share_span(w->store, &in_storm, from, to, &odd, NULL, e))
		return false;
	all.class = STORM_FAILED;
	if (!share_span(w->store, &all, from, to, &failed, NULL, e))
		return false;
	/* Today's deliveries tell, too, that there are any. */
	all.class = STORM_DELIVERED + ROAD_PIPE;
	if (!share_span(w->store, &all, from, to, &by_pipe, NULL, e))
		return false;
	all.class = STORM_DELIVERED + ROAD_FILE;
	if (!share_span(w->store, &all, from, to, &by_file, NULL, e) ||
	    !share_first(w->store, k->provider, &first, e))
		return false;
	if (by_file.n > by_pipe.n)
		by_pipe = by_file;
	*out = (struct storm_base){ .whole = first <= from,
		.deliveries = by_pipe.n > 0,
		.calm = hits.accepted - odd.accepted,
		.four_weeks = { .attempts = failed.n + by_pipe.n } };
	out->four_weeks.recipients = storm_usual(&w->config->storm, hits.n,
	    odd.n, out->four_weeks.attempts);
	out->four_weeks.accepted = storm_usual(&w->config->storm,
	    hits.accepted, odd.accepted, out->four_weeks.attempts);
	return true;
}

static bool
base_of(struct work *w, const struct share_key *k, int64_t time,
    struct storm_base *out, struct err *e)
{
	uint64_t key = hash64_number(hash64_number(hash64_number(0,
	    k->provider), k->class), k->reply);
	int64_t day = time / CLOCK_DAY;
	struct storm_base_row *row;

	if (w->bases == NULL)
		w->bases = calloc(BASES, sizeof *w->bases);
	if (w->bases == NULL)
		return err_memory(e);
	row = &w->bases[key % BASES];
	if (row->key != key || row->day != day) {
		if (!base_read(w, k, time, &row->base, e))
			return false;
		row->key = key;
		row->day = day;
	}
	*out = row->base;
	return true;
}

/* A key that the evidence counts for, and what is known of it now. */
struct group {
	struct share_key key;
	bool reports;
	struct incident in; /* that covers it; id 0: none */
	int64_t now;        /* failures in the last ten minutes */
	char text[256];     /* of the line that was crossed */
};

enum { GROUPS = 3 };

static bool
is_report(enum kind k)
{
	return k == KIND_RB || k == KIND_MB;
}

static size_t
groups_of(const struct evidence *ev, enum storm_kind kind,
    struct group g[GROUPS])
{
	int64_t class = (int64_t)ev->fact.class;
	enum ladder l = policy_ladder(ev->fact.class);
	size_t n = 0;

	for (size_t i = 0; i < GROUPS; i++)
		g[i] = (struct group){ .reports = is_report(ev->fact.kind) };
	if (is_report(ev->fact.kind)) {
		g[n++].key = (struct share_key){ ev->provider, class +
			(ev->fact.trust == TRUST_SIGNED ? STORM_SIGNED
			    : STORM_REPORTS), 0 };
		return n;
	}
	if (kind == STORM_TOLD) {
		g[n++].key = (struct share_key){ ev->provider, class, 0 };
		return n;
	}
	g[n++].key = (struct share_key){ ev->provider, class, ev->reply };
	if (class_is_gone(ev->fact.class))
		g[n++].key = (struct share_key){ ev->provider, STORM_GONE, 0 };
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

/* What the windows up to time hold of the group. */
static bool
look_at(struct work *w, const struct group *g, int64_t time, size_t windows,
    struct storm_look *l, struct err *e)
{
	struct share_sum sum;
	int64_t delivered;

	for (size_t i = STORM_WINDOWS; i-- > STORM_WINDOWS - windows;) {
		struct storm_count *c = &l->window[i];

		if (!share_recent(w->store, &g->key, time,
		    STORM_WINDOW_SPAN[i], &sum, e))
			return false;
		c->recipients = sum.n;
		c->accepted = sum.accepted;
		if (windows == STORM_WINDOWS && !storm_attempts(w,
		    g->key.provider, time, STORM_WINDOW_SPAN[i], &c->attempts,
		    &delivered, e))
			return false;
	}
	return true;
}

/* A group that lists at the first hit, and whose run is watched. */
static bool
has_run(const struct group *g)
{
	return !g->reports && (g->key.class == STORM_GONE ||
	    g->key.provider == 0);
}

/* One more failure: the score that its run has now. The score of ten minutes
 * goes on from the ten before. */
static bool
run_on(struct work *w, const struct group *g, int64_t time, int64_t *score,
    struct err *e)
{
	struct share_key k = { .provider = g->key.provider,
		.class = STORM_RUN + g->key.class };
	int64_t attempts, since, before, delivered;
	struct share_sum now, was = { 0 };

	if (!share_recent(w->store, &k, time, 0, &now, e) ||
	    !storm_attempts(w, k.provider, time, 0, &attempts, &delivered, e))
		return false;
	since = attempts - now.accepted;
	was.n = now.n;
	if (now.accepted == 0) {
		if (!share_recent(w->store, &k, time - SHARE_BUCKET, 0, &was,
		    e) || !storm_attempts(w, k.provider, time - SHARE_BUCKET,
		    0, &before, &delivered, e))
			return false;
		since += before - was.accepted;
	}
	*score = storm_run(&w->config->storm, was.n, since);
	return share_add(w->store, &k, time, *score - now.n,
	    attempts - now.accepted, e);
}

static bool
run_is_over(struct work *w, struct group *g, const struct about *a,
    bool *over, struct err *e)
{
	int64_t time = a->ev->fact.time, score, attempts, today;
	struct storm_base base = { .deliveries = true };
	struct share_sum now;

	if (!has_run(g) || a->accepted != ACCEPTED_YES)
		return true;
	if (!run_on(w, g, time, &score, e))
		return false;
	if (!storm_run_is(&w->config->storm, score, &base, g->text,
	    sizeof g->text))
		return true;
	if (!base_of(w, &g->key, time, &base, e) || !storm_attempts(w,
	    g->key.provider, time, CLOCK_DAY, &attempts, &today, e) ||
	    !share_recent(w->store, &g->key, time, STORM_WINDOW_SPAN[0], &now,
	        e))
		return false;
	base.deliveries = base.deliveries || today > 0;
	g->now = now.n;
	*over = storm_run_is(&w->config->storm, score, &base, g->text,
	    sizeof g->text);
	return true;
}

/* Whether the group is over the line now. */
static bool
is_over(struct work *w, struct group *g, const struct about *a,
    enum storm_kind kind, bool *over, struct err *e)
{
	const struct storm_settings *s = &w->config->storm;
	int64_t time = a->ev->fact.time, attempts, today;
	struct storm_look l = { .young = a->accepted == ACCEPTED_YOUNG,
		.fault_is_ours = kind == STORM_TOLD,
		.everywhere = g->key.provider == 0 };
	struct share_sum hour;
	struct storm_base base;

	*over = false;
	if (g->reports) {
		if (!share_recent(w->store, &g->key, time, 3600, &hour, e))
			return false;
		g->now = hour.n;
		if (hour.n <= s->report_floor)
			return true;
		if (!base_of(w, &g->key, time, &base, e))
			return false;
		*over = storm_of_reports(s, hour.n, &base, g->text,
		    sizeof g->text);
		return true;
	}
	if (!run_is_over(w, g, a, over, e) || *over)
		return e->code == 0;
	if (!look_at(w, g, time, 1, &l, e))
		return false;
	if (!storm_near(s, &l))
		return true;
	if (w->accepted != NULL && !l.young)
		l.false_rate = accepted_false_rate(w->accepted, time);
	if (!look_at(w, g, time, STORM_WINDOWS, &l, e) ||
	    !base_of(w, &g->key, time, &base, e) || !storm_attempts(w,
	    g->key.provider, time, CLOCK_DAY, &attempts, &today, e))
		return false;
	g->now = l.window[0].recipients;
	base.deliveries = base.deliveries || today > 0;
	*over = storm_is(s, &l, &base, g->text, sizeof g->text);
	return true;
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

static bool
withdraw_one(struct work *w, const struct fresh_row *r,
    const struct evidence_group *eg, int64_t incident, int64_t time,
    struct err *e)
{
	struct str address = str_from(r->address);
	struct buf scope = { 0 };
	int64_t n = 0;
	bool ok;

	if ((eg->provider != 0 && eg->provider != r->provider) ||
	    (eg->reply != 0 && eg->reply != r->reply) ||
	    !eg->has(eg->group, r->class))
		return true;
	ok = evidence_hold(w->store, address, eg, incident, time, &n, e) &&
	    store_word_text(w->store, r->scope, &scope, e);
	if (ok && n > 0)
		ok = decide_held(w, address, buf_str(&scope),
		    policy_ladder(r->class), incident, e);
	buf_release(&scope);
	return ok;
}

/* What the group had listed before it was known for a storm. */
static bool
withdraw(struct work *w, const struct group *g, int64_t incident,
    int64_t time, struct err *e)
{
	struct evidence_group eg = { .provider = g->key.provider,
		.reply = g->key.reply, .has = has_class,
		.group = g->key.class, .reports = g->reports,
		.is_signed = g->key.class >= STORM_SIGNED,
		.from = time - w->config->storm.window };
	struct fresh_rows *all = calloc(1, sizeof *all);
	char after[ADDRESS_MAX] = "";
	int64_t from = eg.from;
	bool ok = all != NULL || err_memory(e);

	do {
		if (!ok)
			break;
		all->n = 0;
		ok = fresh_list(w->store, from, INT64_MAX, str_from(after),
		    FRESH_AT_ONCE, keep_fresh, all, e);
		for (size_t i = 0; i < all->n && ok; i++)
			ok = withdraw_one(w, &all->row[i], &eg, incident,
			    time, e);
		if (all->n > 0) {
			from = all->row[all->n - 1].time;
			str_copy(str_from(all->row[all->n - 1].address),
			    after, sizeof after);
		}
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
join(struct group *g, const struct group *all)
{
	for (size_t i = 0; i < GROUPS && g->in.id == 0; i++)
		g->in = all[i].in;
}

static bool
open_new(struct work *w, struct group *g, const struct about *a,
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
 * new one opens. */
static bool
over(struct work *w, struct group *g, const struct group *all,
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
	return kind != STORM_HELD || withdraw(w, g, g->in.id, time, e);
}

static bool
group_find(struct work *w, struct group *g, int64_t time, struct err *e)
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
group_count(struct work *w, struct group *g, const struct group *all,
    const struct about *a, enum storm_kind kind, struct err *e)
{
	struct share_key in_storm = { g->key.provider,
		STORM_IN_STORM + g->key.class, g->key.reply };
	int64_t time = a->ev->fact.time;
	bool accepted, is = false;

	return counts_as_living(w, a, &accepted, e) &&
	    share_add(w->store, &g->key, time, 1, accepted, e) &&
	    is_over(w, g, a, kind, &is, e) &&
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
	struct group g[GROUPS];
	size_t n;

	*incident = 0;
	/* What nobody vouches for decides nothing: it shall not keep others
	 * from it either. */
	if (kind == STORM_NEVER || ev->fact.state == EVIDENCE_UNVERIFIED || (ev->fact.kind != KIND_B &&
	    ev->fact.kind != KIND_T && !is_report(ev->fact.kind)))
		return true;
	n = groups_of(ev, kind, g);
	for (size_t i = 0; i < n; i++)
		if (!group_find(w, &g[i], ev->fact.time, e))
			return false;
	for (size_t i = 0; i < n && a->today == 0; i++)
		if (!group_count(w, &g[i], g, a, kind, e))
			return false;
	for (size_t i = 0; i < n && kind == STORM_HELD; i++)
		if (g[i].in.id != 0 && g[i].in.state != INCIDENT_RELEASED)
			*incident = g[i].in.id;
	return true;
}
