/* decide.c - from the evidence in the store to entries, by the policy. */
#include <stdlib.h>

#include "base/array.h"
#include "base/clock.h"
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

/* Whose facts are judged, and how. */
struct question {
	struct str address, scope;
	enum ladder ladder;
	int64_t mark; /* of its entry: facts up to it do not count */
	int64_t day;  /* what an incident held before it counts again, since
	               * the address fails on a later day; 0: it does not */
	bool unheld;  /* there was something */
	const struct evidence_fact *without; /* did not come; NULL: all did */
	int64_t newest; /* of the facts */
	int64_t rule; /* of the fact that carried it over the threshold */
};

static bool
any_held(const struct evidence_fact *facts, size_t n, int64_t before)
{
	for (size_t i = 0; i < n && facts[i].time < before; i++)
		if (facts[i].state == EVIDENCE_HELD)
			return true;
	return false;
}

/* The address's facts on the ladder. */
static bool
history(struct work *w, const struct question *q,
    const struct evidence_fact **facts, size_t *n, struct err *e)
{
	int64_t word = 0;

	if (policy_ladder_info(q->ladder)->stream && q->scope.n > 0 &&
	    !str_eq(q->scope, STR("global")) &&
	    !store_word(w->store, q->scope, &word, e))
		return false;
	return evidence_history(w->store, q->address, q->ladder, word, facts,
	    n, e);
}

static bool
is_same(const struct evidence_fact *a, const struct evidence_fact *b)
{
	return a->time == b->time && a->kind == b->kind;
}

/* The same as if nothing before q->day were held, and q->without, like what
 * nobody vouches for, told nothing. The caller frees it. */
static struct evidence_fact *
facts_as_if(const struct question *q, const struct evidence_fact *facts,
    size_t n)
{
	struct evidence_fact *own = malloc((n + 1) * sizeof *own);

	for (size_t i = 0; i < n && own != NULL; i++) {
		own[i] = facts[i];
		if (own[i].time < q->day && own[i].state == EVIDENCE_HELD)
			own[i].state = EVIDENCE_COUNTS;
		if (q->without != NULL && is_same(&own[i], q->without))
			own[i].state = EVIDENCE_UNVERIFIED;
	}
	return own;
}

static bool
judge(struct work *w, struct question *q, struct policy_answer *out,
    struct err *e)
{
	struct evidence_fact *own = NULL;
	const struct evidence_fact *facts;
	size_t n, skip = 0;

	if (!history(w, q, &facts, &n, e))
		return false;
	q->unheld = any_held(facts, n, q->day);
	if ((q->unheld || q->without != NULL) &&
	    (own = facts_as_if(q, facts, n)) == NULL)
		return err_memory(e);
	facts = own != NULL ? own : facts;
	while (skip < n && facts[skip].time <= q->mark)
		skip++;
	q->newest = n > 0 ? facts[n - 1].time : 0;
	policy_judge(&w->config->policy, q->ladder, is_domain(q->address),
	    facts + skip, n - skip, out);
	q->rule = out->suppress ? facts[skip + out->at].rule : 0;
	free(own);
	return true;
}

/* Whether the answer only tells once more what ended: it began no later than
 * that, or newer evidence came when it had run out. */
static bool
is_over(const struct work *w, const struct question *q,
    const struct policy_answer *a, const struct standing *was)
{
	return a->suppress && was->ended && a->until != 0 &&
	    a->until <= w->now && (a->since < was->until ||
	    a->until <= q->newest);
}

static bool
put_entry(struct work *w, const struct question *q,
    const struct policy_answer *a, const struct standing *was, struct err *e)
{
	struct entry en = { .address = q->address,
		.scope = ladder_scope(q->ladder, q->scope), .class = a->class,
		.state = is_over(w, q, a, was) ? ENTRY_ENDED : ENTRY_ACTIVE,
		.since = a->since, .until = a->until, .source = STR("policy"),
		.reason = str_from(a->arithmetic), .mark = was->mark,
		.is_new = was->none, .bulk = w->bulk };

	buf_clear(&w->text);
	if (!store_word_text(w->store, q->rule, &w->text, e))
		return false;
	en.rule = w->text.n > 0 ? buf_str(&w->text) : STR("-");
	return entry_put(w->store, &en, STR("policy"), w->now, e);
}

/* On one day no ladder needs more rows of a class and weight than this, or so
 * many times the messages that it asks for. */
#define CROWD 64

int64_t
decide_crowd(const struct policy_settings *s)
{
	int64_t n = s->full_messages > s->refused_messages
	    ? s->full_messages : s->refused_messages;

	return n * 2 > CROWD ? n * 2 : CROWD;
}

/* Whether the new evidence cannot change what stands: a person's entry is in
 * force, an endless one began before it, or the day is full of its kind.
 * Bounds what a stranger who writes about one address again and again can
 * cost. */
static bool
tells_nothing(const struct work *w, const struct about *a,
    const struct standing *was)
{
	bool held = was->found && was->state == ENTRY_HELD;
	bool ran_out = !held && was->until != 0 &&
	    a->ev->fact.time >= was->until;

	if (was->found && ((held && was->incident == 0) ||
	    (!was->by_policy && !ran_out) || (!held && was->until == 0 &&
	    a->ev->fact.time > was->since)))
		return true;
	return !a->released &&
	    a->crowd.alike >= decide_crowd(&w->config->policy);
}

/* A new entry is remembered for a while by when it came, so that a storm can
 * withdraw it; it may have begun long before. */
static bool
remember(struct work *w, const struct about *a, struct str scope,
    enum class c, struct err *e)
{
	struct fresh f = { .time = a->ev->fact.time, .address = a->ev->address,
		.class = c, .provider = a->receiver, .reply = a->ev->reply };

	return (str_eq(scope, STR("global")) ||
	    store_word(w->store, scope, &f.scope, e)) &&
	    fresh_add(w->store, &f, e);
}

static bool
list_new(struct work *w, const struct about *about, const struct question *q,
    const struct policy_answer *a, const struct standing *was, struct err *e)
{
	w->sums.suppressed++;
	return put_entry(w, q, a, was, e) && remember(w, about,
	    ladder_scope(q->ladder, q->scope), a->class, e);
}

/* Whether it lists somebody who is not listed: none is in force, or the answer
 * began when that one had run out. What evidence of before would have begun was
 * left to a person's entry, whose end evidence of that time is behind. */
static bool
begins(const struct policy_answer *a, const struct standing *was,
    int64_t time)
{
	return a->suppress && (!was->found || was->state == ENTRY_HELD ||
	    (was->until != 0 && (was->by_policy ? a->since : time) >=
	        was->until));
}

/* Whether evidence of that time changes what stands, or what ended. Late rows
 * may change the arithmetic alone. Of two classes on one ladder the one that
 * stands is kept. */
static bool
moves(const struct policy_answer *a, const struct standing *was, bool over,
    int64_t time)
{
	return a->suppress && was->class == a->class &&
	    (!over || was->by_policy) && (was->since != a->since ||
	    was->until != a->until || time <= a->since);
}

/* A report that listed the address may turn out to tell of the failure that
 * only now is told of, and of no new one: the entry goes, as if they had come
 * in their order. Only one that all but the new evidence still says: what gc
 * has left without evidence stays. */
static bool
lift_late(struct work *w, const struct about *about, const struct question *q,
    const struct standing *was, struct err *e)
{
	struct question before = *q;
	struct policy_answer a;
	bool lifted;

	if (about->released || !was->found || !was->by_policy ||
	    was->state != ENTRY_ACTIVE)
		return true;
	before.without = &about->ev->fact;
	if (!judge(w, &before, &a, e))
		return false;
	return !a.suppress || a.class != was->class || a.since != was->since ||
	    a.until != was->until || entry_lift(w->store, &(struct entry_lift){
		.address = q->address, .class = was->class, .bulk = w->bulk,
		.scope = ladder_scope(q->ladder, q->scope),
		.why = STR("a report of an earlier failure") }, STR("policy"),
		w->now, &lifted, e);
}

/*
 * The answer is worked out from all evidence, so it may also come out earlier
 * than before: late rows move the entry's begin, they never add a second one.
 * They move that of an entry that ended, too, which is told to nobody.
 */
bool
decide_evidence(struct work *w, const struct about *about, struct err *e)
{
	const struct evidence *ev = about->ev;
	struct question q = { .address = ev->address, .scope = about->scope,
		.ladder = policy_ladder(ev->fact.class),
		/* A person's word is on what that incident held alone. */
		.day = about->released ? 0
		    : ev->fact.time - ev->fact.time % CLOCK_DAY };
	struct str own = ladder_scope(q.ladder, about->scope);
	int64_t incident = 0, unheld;
	struct policy_answer a;
	struct standing was;
	bool stops = false, is_new, over;

	/* Most evidence is the first about its address and lists nobody: then
	 * nothing that stands needs to be looked up. */
	if (about->crowd.alone) {
		if (!judge(w, &q, &a, e))
			return false;
		if (!a.suppress)
			return true;
	}
	if (!entry_standing(w->store, ev->address, own, q.ladder, &was, e))
		return false;
	if (tells_nothing(w, about, &was))
		return true;
	q.mark = was.mark;
	if ((!about->crowd.alone || q.mark > 0) &&
	    !judge(w, &q, &a, e))
		return false;
	over = is_over(w, &q, &a, &was);
	if (a.suppress && !guard_stops(w, ev->address, &stops, e))
		return false;
	/* A storm holds the evidence of those who would have been listed. */
	if (stops)
		return over || !w->config->observe || remember(w, about, own,
		    a.class, e);
	is_new = !over && begins(&a, &was, ev->fact.time);
	if (is_new && !about->released &&
	    !breaker_pass(w, about, &incident, e))
		return false;
	if (incident != 0) {
		w->sums.held++;
		return evidence_hold_one(w->store, ev, incident, e);
	}
	if (q.unheld && !evidence_unhold(w->store, ev->address, q.ladder,
	    q.day, &unheld, e))
		return false;
	if (is_new)
		return list_new(w, about, &q, &a, &was, e);
	if (!a.suppress)
		return lift_late(w, about, &q, &was, e);
	return !moves(&a, &was, over, ev->fact.time) ||
	    put_entry(w, &q, &a, &was, e);
}

/* The newest fact of a ladder that counts. */
struct newest {
	const struct again *of;
	struct evidence ev;
	bool found;
};

static bool
keep_newest(void *ctx, const struct evidence_row *row, struct err *e)
{
	struct newest *n = ctx;

	(void)e;
	if (policy_ladder(row->ev.fact.class) != n->of->ladder ||
	    row->ev.fact.state != EVIDENCE_COUNTS ||
	    (n->of->bulk != 0 && row->ev.bulk != n->of->bulk))
		return true;
	n->ev.fact = row->ev.fact;
	n->ev.sub = row->ev.sub;
	n->found = true;
	return true;
}

/* As if that fact came now. */
bool
decide_again(struct work *w, const struct again *g, struct err *e)
{
	struct newest n = { .of = g, .ev.address = g->address };
	struct about a = { .ev = &n.ev, .scope = g->scope, .released = true };

	return evidence_list(w->store, g->address, keep_newest, &n, e) &&
	    (!n.found || decide_evidence(w, &a, e));
}

/* What stood on evidence that is held now is withdrawn. */
bool
decide_held(struct work *w, struct str address, struct str scope,
    enum ladder l, int64_t incident, struct err *e)
{
	struct question q = { .address = address, .scope = scope,
		.ladder = l };
	struct str own = ladder_scope(l, scope);
	struct policy_answer a;
	struct standing was;
	struct entry en;
	bool found;

	if (!entry_standing(w->store, address, own, l, &was, e))
		return false;
	if (!was.found || !was.by_policy || was.state != ENTRY_ACTIVE)
		return true;
	q.mark = was.mark;
	if (!judge(w, &q, &a, e))
		return false;
	if (a.suppress)
		return put_entry(w, &q, &a, &was, e);
	if (!entry_get(w->store, address, own, was.class, &en, &found, e) ||
	    !found)
		return e->code == 0;
	en.state = ENTRY_HELD;
	en.incident = incident;
	en.reason = STR("held by an incident");
	w->sums.held++;
	return entry_put(w->store, &en, STR("policy"), w->now, e);
}

/* The soft entries of one address, whatever their scope. */
struct soft_entries {
	struct soft_entry {
		enum ladder ladder;
		char scope[256];
	} *row;
	size_t n, cap;
};

static bool
keep_soft(void *ctx, const struct entry_row *row, struct err *e)
{
	struct soft_entries *s = ctx;
	enum ladder l = policy_ladder(row->entry.class);
	struct soft_entry *rows;

	if ((row->entry.state != ENTRY_ACTIVE &&
	    row->entry.state != ENTRY_HELD) || l == LADDER_NONE ||
	    policy_rank(row->entry.class) >
	        policy_ladder_info(LADDER_GONE)->rank ||
	    !str_eq(row->entry.source, STR("policy")))
		return true;
	rows = array_room(s->row, s->n, &s->cap, sizeof *rows, e);
	if (rows == NULL)
		return false;
	s->row = rows;
	s->row[s->n].ladder = l;
	s->n += str_copy(row->entry.scope, s->row[s->n].scope,
	    sizeof s->row[0].scope);
	return true;
}

/* What stood on cleared evidence alone is lifted, what began later than it
 * does now begins later. */
bool
decide_cleared(struct work *w, const struct again *g, bool *lifted,
    struct err *e)
{
	struct question q = { .address = g->address, .scope = g->scope,
		.ladder = g->ladder };
	struct policy_answer a;
	struct standing was;

	*lifted = false;
	if (!entry_standing(w->store, g->address, g->scope, g->ladder, &was,
	    e))
		return false;
	if (!was.found || !was.by_policy)
		return true;
	q.mark = was.mark;
	if (!judge(w, &q, &a, e))
		return false;
	/* No mark: the evidence is cleared one by one, and what a delivery
	 * does not clear may yet come late. */
	if (!a.suppress)
		return entry_lift(w->store, &(struct entry_lift){
		    .address = g->address, .scope = g->scope,
		    .class = was.class, .why = STR("a later delivery"),
		    .bulk = g->bulk }, STR("policy"), w->now, lifted, e);
	/* Where it begins as it did, the words may be others. */
	return was.state == ENTRY_HELD || a.class != was.class ||
	    put_entry(w, &q, &a, &was, e);
}

/* Whether the quiet days after a report that begin with this delivery may have
 * ended with one that came before it. */
static bool
may_be_quiet(const struct work *w, const struct evidence_told *told,
    int64_t time)
{
	return told->noted > 0 && time + w->config->policy.late_report <
	    store_horizon(w->store);
}

/* Soft evidence older than the delivery is cleared, and what stood on it
 * alone is lifted, for every stream: mail was accepted. */
bool
decide_delivery(struct work *w, struct str address, int64_t time,
    struct err *e)
{
	struct entry_filter f = { .address = address, .all_states = true };
	struct soft_entries soft = { 0 };
	struct evidence_told told;
	bool ok, lifted;

	if (!evidence_clear(w->store, address, time, &told, e))
		return false;
	w->sums.cleared += told.cleared;
	if (told.cleared == 0 && !may_be_quiet(w, &told, time))
		return true;
	ok = entry_list(w->store, &f, keep_soft, &soft, e);
	for (size_t i = 0; i < soft.n && ok; i++) {
		struct again g = { .address = address,
			.scope = str_from(soft.row[i].scope),
			.ladder = soft.row[i].ladder };

		ok = decide_cleared(w, &g, &lifted, e);
	}
	free(soft.row);
	return ok;
}
