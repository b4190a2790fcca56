/* road.c - one event through verdict, decision and store. */
#include "base/clock.h"
#include "base/number.h"
#include "wrap/hash.h"
#include "work/inside.h"
#include "work/judge.h"
#include "work/scope.h"

#define AHEAD_MAX CLOCK_DAY /* seconds an event may be ahead of the clock */

bool
road_skip(struct work *w, const struct place *at, enum skip why,
    struct err *e)
{
	w->sums.skipped[why]++;
	return tally_add(w->store, at->stream->id, TALLY_SKIP, (int64_t)why, 1,
	    e);
}

/* The numbers under which an event is counted. */
struct words {
	int64_t provider, vmta, ip, scope;
};

static bool
count_event(struct work *w, const struct event *ev, enum class c,
    int64_t reply, enum road road, const struct words *ws, struct err *e)
{
	bool evidence = ev->kind != KIND_D && ev->kind != KIND_R &&
	    ev->kind != KIND_TQ && ev->kind != KIND_RS;
	struct counter_key k = { .bucket = ev->time - ev->time %
	    COUNTER_BUCKET, .provider = ws->provider, .vmta = ws->vmta,
	    .kind = (int64_t)ev->kind, .class = (int64_t)c, .reply = reply,
	    .road = evidence ? -1 : (int64_t)road };

	return counter_add(w->store, &k, 1, e);
}

static bool
event_words(struct work *w, const struct event *ev, unsigned provider,
    struct words *out, struct err *e)
{
	const char *name = provider_name(rules_providers(w->rules), provider);

	out->ip = out->scope = 0;
	return store_word(w->store, str_from(name), &out->provider, e) &&
	    store_word(w->store, str_sub(ev->vmta, 0, SCOPE_NAME_MAX),
	        &out->vmta, e);
}

/* d, r, tq, rs: figures only; a delivery clears. */
static bool
road_counted(struct work *w, const struct event *ev, const struct place *at,
    struct err *e)
{
	char domain[ADDRESS_MAX + 1];
	struct str address = str_from(ev->address), scope;
	struct words ws;

	if (!event_words(w, ev, judge_provider(w->rules, ev), &ws, e))
		return false;
	if (!at->known && !count_event(w, ev, ev->kind == KIND_D
	    ? CLASS_DELIVERED : ev->kind == KIND_R ? CLASS_RECEIVED
	    : CLASS_UNKNOWN, 0, at->stream->road, &ws, e))
		return false;
	if (ev->kind != KIND_D || address.n == 0)
		return true;
	scope = str_skip(address, str_rchr(address, '@'));
	if (!str_copy(scope, domain, sizeof domain))
		domain[0] = '\0';
	if (!evidence_maybe_soft(w->store, address) &&
	    !evidence_maybe_soft(w->store, str_from(domain)))
		return true;
	return decide_delivery(w, address, ev->time, e) &&
	    decide_delivery(w, str_from(domain), ev->time, e);
}

/* (timeQueued, orig, recipient) of a row, else what the report names. */
static uint64_t
message_key(const struct event *ev)
{
	uint64_t h = hash64(str_from(ev->address));

	if (ev->queued != 0)
		return hash64_more(hash64_number(h, ev->queued), ev->orig);
	if (ev->envid.n > 0)
		return hash64_more(h, ev->envid);
	return ev->message_id.n > 0 ? hash64_more(h, ev->message_id) : 0;
}

static void
road_judge(struct work *w, const struct event *ev, struct verdict *v)
{
	judge_event(w->config, w->rules, ev, &w->folded, v);
	if (v->limit_hits > 0)
		log_say(w->log, LOG_AT_WARNING, "rule-limit",
		    "a rule's pattern hit its limits; run "
		    "`pmta-suppress rules lint`");
}

/* An expired message means what its last transient reply meant. */
static bool
expired_means(struct work *w, const struct event *ev, struct evidence *out,
    struct err *e)
{
	struct evidence last = { 0 };
	bool found;

	if (out->fact.class != CLASS_TEMP_EXPIRED || out->fact.message == 0)
		return true;
	if (!evidence_last_transient(w->store, out->address,
	    out->fact.message, ev->time, &last, &found, e))
		return false;
	if (!found)
		return true;
	out->fact.class = last.fact.class;
	out->fact.strength = last.fact.strength;
	out->fact.rule = last.fact.rule;
	out->code = last.code;
	out->status = last.status;
	out->reply = last.reply;
	return true;
}

static bool
evidence_of(struct work *w, const struct event *ev, const struct verdict *v,
    const struct place *at, struct evidence *out, struct err *e)
{
	struct words ws;

	*out = (struct evidence){ .address = str_from(ev->address),
		.fact = { .time = ev->time, .kind = ev->kind,
		    .class = v->class, .strength = v->strength,
		    .message = message_key(ev) },
		.sub = judge_is_feedback(ev->kind) ? (int64_t)v->class : 0,
		.queued = ev->queued, .code = v->code,
		.status = reply_status_number(v->status),
		.stream = at->stream->id, .offset = (int64_t)at->offset,
		.length = (int64_t)at->length };
	if (!event_words(w, ev, v->provider, &ws, e) ||
	    !store_word(w->store, str_from(v->rule_name), &out->fact.rule,
	        e) || !store_word(w->store, ev->source_ip, &out->ip, e) ||
	    !store_word(w->store, str_sub(ev->bounce_cat, 0, SCOPE_NAME_MAX),
	        &out->cat, e) ||
	    !store_reply(w->store, v->folded, ev->diag, &out->reply, e))
		return false;
	out->provider = ws.provider;
	out->vmta = ws.vmta;
	return expired_means(w, ev, out, e);
}

/* A dead domain is known by its days, one piece of evidence each. It stands
 * at the day's end, so that no delivery of the same day, before or after in
 * whatever order rows come, clears it: the next day's does. */
static bool
domain_evidence(struct work *w, const struct evidence *ev, struct str scope,
    struct err *e)
{
	struct evidence dom = *ev;
	char key[ADDRESS_MAX + 1];
	bool added;

	if (!str_copy(str_skip(ev->address, str_rchr(ev->address, '@')), key,
	    sizeof key))
		return true;
	dom.address = str_from(key);
	dom.fact.time += CLOCK_DAY - 1 - dom.fact.time % CLOCK_DAY;
	dom.fact.kind = KIND_B;
	dom.fact.message = 0;
	dom.sub = dom.queued = 0;
	return evidence_add(w->store, &dom, &added, e) && (!added ||
	    decide_evidence(w, &dom, scope, e));
}

static bool
road_decide(struct work *w, const struct evidence *ev, struct str scope,
    struct err *e)
{
	enum ladder l = policy_ladder(ev->fact.class);

	if (!policy_counts(ev->fact.kind, ev->fact.class, ev->fact.strength))
		return true;
	if (!decide_evidence(w, ev, scope, e))
		return false;
	return l != LADDER_DOMAIN || domain_evidence(w, ev, scope, e);
}

static bool
road_evidence(struct work *w, const struct event *ev, const struct place *at,
    struct err *e)
{
	struct buf scope = { 0 };
	struct evidence out;
	struct verdict v;
	struct words ws;
	bool added = false, ok;

	road_judge(w, ev, &v);
	ok = scope_of(str_from(w->config->stream_key), ev, &scope, e) &&
	    evidence_of(w, ev, &v, at, &out, e) &&
	    store_word(w->store, buf_str(&scope), &out.scope, e) &&
	    evidence_add(w->store, &out, &added, e);
	if (ok && !added) {
		buf_release(&scope);
		return road_skip(w, at, SKIP_DUPLICATE, e);
	}
	ws = (struct words){ .provider = out.provider, .vmta = out.vmta };
	ok = ok && count_event(w, ev, out.fact.class, out.reply,
	    at->stream->road, &ws, e) &&
	    tally_add(w->store, at->stream->id, TALLY_CLASS,
	        (int64_t)out.fact.class, 1, e) &&
	    tally_add(w->store, at->stream->id, TALLY_DECISION,
	        (int64_t)v.decision, 1, e) &&
	    touched_add(w->store, &out, e) &&
	    road_decide(w, &out, buf_str(&scope), e);
	w->sums.used += ok;
	buf_release(&scope);
	return ok;
}

static enum skip
event_refused(const struct work *w, const struct event *ev)
{
	if (ev->skip != SKIP_NONE)
		return ev->skip;
	return ev->time > w->now + AHEAD_MAX ? SKIP_FUTURE : SKIP_NONE;
}

bool
road_event(struct work *w, const struct event *ev, const struct place *at,
    struct err *e)
{
	enum skip why = event_refused(w, ev);

	w->sums.rows++;
	w->sums.by_kind[ev->kind]++;
	w->in_batch++;
	if (!tally_add(w->store, at->stream->id, TALLY_ROWS,
	    (int64_t)ev->kind, 1, e))
		return false;
	if (ev->kind == KIND_RS && why == SKIP_NOT_A_FAILURE &&
	    !road_counted(w, ev, at, e))
		return false;
	if (why != SKIP_NONE)
		return road_skip(w, at, why, e);
	w->sums.last_time = ev->time;
	if (ev->kind == KIND_D || ev->kind == KIND_R || ev->kind == KIND_TQ) {
		w->sums.used++;
		return road_counted(w, ev, at, e);
	}
	return road_evidence(w, ev, at, e);
}
