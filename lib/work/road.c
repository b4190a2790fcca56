/* road.c - one event through verdict, decision and store. */
#include "base/clock.h"
#include "policy/storm.h"
#include "store/erase.h"
#include "wrap/hash.h"
#include "work/inside.h"
#include "work/judge.h"
#include "work/receiver.h"
#include "work/scope.h"

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
	int64_t provider, vmta;
};

static bool
count_event(struct work *w, const struct event *ev, enum road road,
    const struct words *ws, struct err *e)
{
	struct counter_key k = { .bucket = ev->time - ev->time %
	    COUNTER_BUCKET, .provider = ws->provider, .vmta = ws->vmta,
	    .kind = (int64_t)ev->kind, .road = (int64_t)road };

	return counter_add(w->store, &k, 1, e);
}

/* Anybody can send a report. */
static bool
is_from_stranger(const struct event *ev)
{
	return kind_is_report(ev->kind) || judge_is_feedback(ev->kind);
}

static bool
event_words(struct work *w, const struct event *ev, unsigned provider,
    struct words *out, struct err *e)
{
	const char *name = provider_name(rules_providers(w->rules), provider);

	return store_word(w->store, str_from(name), &out->provider, e) &&
	    store_word_said(w->store, str_sub(ev->vmta, 0, SCOPE_NAME_MAX),
	        is_from_stranger(ev), &out->vmta, e);
}

/* The keys of a recipient and of its domain. */
struct hashes {
	uint64_t address, domain;
};

/* Who took mail, and when. A filter that cannot be written costs answers, not
 * rows. */
static bool
road_delivered(struct work *w, const struct event *ev, const struct place *at,
    const struct hashes *of, int64_t receiver, struct err *e)
{
	struct err cannot = { 0 };

	/* The filter comes last: its memory is on the way. */
	if (!at->known && !storm_attempt(w, KIND_D, receiver,
	    at->stream->road, ev->time, e))
		return false;
	if (ev->address[0] != '\0' && w->accepted != NULL &&
	    (!accepted_add(w->accepted, of->address, ev->time, &cannot) ||
	    !accepted_add_often(w->accepted, of->domain, ev->time, &cannot)))
		log_say(w->log, LOG_AT_WARNING, "accepted", "%s", cannot.text);
	return true;
}

/* d, r, tq, rs: figures only; a delivery clears. */
static bool
road_counted(struct work *w, const struct event *ev, const struct place *at,
    struct err *e)
{
	struct str address = str_from(ev->address);
	struct str domain = str_skip(address, str_rchr(address, '@'));
	struct hashes of = { hash64(address), hash64(domain) };
	struct receiver who;
	struct words ws;

	evidence_ahead(w->store, of.address);
	if (w->accepted != NULL)
		accepted_ahead(w->accepted, of.address);
	who = receiver_find(w->receivers, rules_providers(w->rules), ev);
	if (!event_words(w, ev, who.provider, &ws, e))
		return false;
	if (!at->known && !count_event(w, ev, at->stream->road, &ws, e))
		return false;
	if (ev->kind == KIND_D && !road_delivered(w, ev, at, &of,
	    who.group != 0 ? who.group : ws.provider, e))
		return false;
	if (ev->kind != KIND_D || address.n == 0)
		return true;
	if (evidence_maybe_soft(w->store, of.address) &&
	    !believe_again(w, address, of.address, e))
		return false;
	if (!evidence_maybe_soft(w->store, of.address) &&
	    !evidence_maybe_soft(w->store, of.domain))
		return true;
	return decide_delivery(w, address, ev->time, e) &&
	    decide_delivery(w, domain, ev->time, e);
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

/* On half a reply, or without the rules, nothing is judged: the record is
 * worked on again. */
static bool
road_judge(struct work *w, const struct event *ev, struct verdict *v,
    struct err *e)
{
	if (!judge_is_feedback(ev->kind) && !rules_prepare(w->rules, e))
		return false;
	judge_event(w->config, w->rules, ev, &w->folded, v);
	if (v->limit_hits > 0)
		log_say(w->log, LOG_AT_WARNING, "rule-limit",
		    "a rule's pattern hit its limits; run "
		    "`pmta-suppress rules lint`");
	return buf_ok(&w->folded, e);
}

/* An expired message means what its last transient reply meant. */
static bool
expired_means(struct work *w, struct evidence *out, struct err *e)
{
	struct evidence last = { 0 };
	bool found;

	if (out->fact.class != CLASS_TEMP_EXPIRED || out->fact.message == 0)
		return true;
	if (!evidence_last_transient(w->store, out, &last, &found, e))
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
	bool stranger = is_from_stranger(ev);
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
	        e) || !store_word_said(w->store, ev->source_ip, stranger,
	        &out->ip, e) ||
	    !store_word_said(w->store, str_sub(ev->bounce_cat, 0,
	        SCOPE_NAME_MAX), stranger, &out->cat, e) ||
	    !store_reply(w->store, v->folded, ev->diag, stranger ||
	        v->provider == PROVIDER_OTHER, &out->reply, e))
		return false;
	out->provider = ws.provider;
	out->vmta = ws.vmta;
	return expired_means(w, out, e);
}

#define LATE 3600 /* seconds behind our latest row that are no matter */

/* What comes late, of somebody who is known to have taken mail in the meantime
 * or since, or of a domain in which somebody has: a delivery would have cleared
 * it; a report would have noted the delivery, of which nothing but the week is
 * known. */
static void
tell_late(const struct work *w, struct evidence *ev, uint64_t hash)
{
	struct evidence_fact *f = &ev->fact;

	if (f->time >= store_horizon_own(w->store) - LATE ||
	    w->accepted == NULL || !policy_clearable(f))
		return;
	if (kind_is_report(f->kind)) {
		ev->marked = accepted_week_after(w->accepted, hash, f->time);
	} else if (accepted_since(w->accepted, hash, f->time)) {
		f->state = EVIDENCE_CLEARED;
		ev->marked = f->time;
	}
}

/* A dead domain is known by its days, one piece of evidence each. It stands
 * at the day's end, so that no delivery of the same day, before or after in
 * whatever order rows come, clears it: the next day's does. */
static bool
domain_evidence(struct work *w, const struct about *a, int64_t incident,
    struct err *e)
{
	struct evidence dom = *a->ev;
	struct about about = { .ev = &dom, .scope = a->scope,
		.accepted = a->accepted, .receiver = a->receiver };
	char key[ADDRESS_MAX + 1];
	bool added;

	/* Of a domain, only what we saw ourselves tells: a report is written
	 * by whoever has a mail of ours, of one recipient at that. */
	if (dom.fact.kind != KIND_B)
		return true;

	if (!str_copy(str_skip(dom.address, str_rchr(dom.address, '@')), key,
	    sizeof key))
		return true;
	dom.address = str_from(key);
	dom.fact.time += CLOCK_DAY - 1 - dom.fact.time % CLOCK_DAY;
	dom.fact.message = 0;
	dom.sub = dom.queued = 0;
	tell_late(w, &dom, hash64(dom.address));
	if (incident != 0 && dom.fact.state == EVIDENCE_COUNTS) {
		dom.fact.state = EVIDENCE_HELD;
		dom.incident = incident;
	}
	return evidence_add(w->store, &dom, &added, e) && (!added ||
	    dom.fact.state != EVIDENCE_COUNTS ||
	    decide_evidence(w, &about, e));
}

/* Storm first: what is held decides nothing. */
bool
road_decide(struct work *w, const struct about *a, struct err *e)
{
	const struct evidence_fact *f = &a->ev->fact;
	int64_t incident;

	if (!storm_evidence(w, a, &incident, e))
		return false;
	if (f->state != EVIDENCE_COUNTS ||
	    !policy_counts(f->kind, f->class, f->strength))
		return true;
	if (incident != 0) {
		w->sums.held++;
		if (!evidence_hold_one(w->store, a->ev, incident, e))
			return false;
	} else if (!decide_evidence(w, a, e)) {
		return false;
	}
	return policy_ladder(f->class) != LADDER_DOMAIN ||
	    domain_evidence(w, a, incident, e);
}

/* What is known of the recipient before the evidence is added. */
static void
road_about(struct work *w, const struct event *ev, unsigned provider,
    struct evidence *out, struct about *a)
{
	uint64_t hash = hash64(out->address);

	a->receiver = receiver_of(provider, out->provider, ev);
	a->accepted = w->accepted == NULL ? ACCEPTED_YOUNG
	    : accepted_lately(w->accepted, hash, ev->time);
	if (ev->kind != KIND_B && ev->kind != KIND_T && ev->kind != KIND_MU)
		believe(w, ev->proof == PROOF_SIGNED, hash, out);
	tell_late(w, out, hash);
}

bool
road_crowd(struct work *w, struct about *a, struct err *e)
{
	return storm_kind(a->ev->fact.class) == STORM_NEVER ||
	    evidence_today(w->store, a->ev, decide_crowd(&w->config->policy),
	        &a->crowd, e);
}

static bool
road_count(struct work *w, const struct event *ev, const struct place *at,
    const struct about *a, enum decision decision, struct err *e)
{
	const struct evidence_fact *f = &a->ev->fact;

	if ((ev->kind == KIND_B || ev->kind == KIND_T) && !storm_attempt(w,
	    ev->kind, a->receiver, at->stream->road, ev->time, e))
		return false;
	return resolve_trust(w, f, e) &&
	    tally_add(w->store, at->stream->id, TALLY_CLASS,
	        (int64_t)f->class, 1, e) &&
	    tally_add(w->store, at->stream->id, TALLY_DECISION,
	        (int64_t)decision, 1, e);
}

/* Where strangers have named too many streams, one that nobody knows is none:
 * what is told of it counts for all. */
static bool
road_scope(struct work *w, const struct event *ev, struct buf *scope,
    struct evidence *out, struct err *e)
{
	bool fits = true;

	if (is_from_stranger(ev) && ev->proof != PROOF_SIGNED &&
	    !store_word_fits(w->store, buf_str(scope), true, &fits, e))
		return false;
	if (!fits)
		buf_clear(scope);
	return store_word(w->store, buf_str(scope), &out->scope, e);
}

static bool
road_evidence(struct work *w, const struct event *ev, const struct place *at,
    struct err *e)
{
	struct buf scope = { 0 };
	struct evidence out;
	struct about a = { .ev = &out };
	struct verdict v;
	bool added = false, ok;

	ok = road_judge(w, ev, &v, e) &&
	    scope_of(str_from(w->config->stream_key), ev, &scope, e) &&
	    evidence_of(w, ev, &v, at, &out, e) &&
	    road_scope(w, ev, &scope, &out, e);
	if (ok)
		road_about(w, ev, v.provider, &out, &a);
	ok = ok && evidence_add(w->store, &out, &added, e) &&
	    (!added || believe_watch(w, &out, e));
	if (ok && !added) {
		buf_release(&scope);
		return road_skip(w, at, SKIP_DUPLICATE, e);
	}
	a.scope = buf_str(&scope);
	ok = ok && road_count(w, ev, at, &a, v.decision, e) &&
	    road_crowd(w, &a, e) && road_decide(w, &a, e);
	w->sums.used += ok;
	w->evidence++;
	buf_release(&scope);
	return ok;
}

/* Of who was erased nothing is stored again. */
static bool
road_new(struct work *w, const struct event *ev, const struct place *at,
    struct err *e)
{
	uint64_t hash = hash64(str_from(ev->address));
	int64_t erased;

	/* While the reply is judged memory can be asked. */
	evidence_add_ahead(w->store, hash);
	if (w->accepted != NULL)
		accepted_lately_ahead(w->accepted, hash, ev->time);
	if (!erased_at(w->store, str_from(ev->address), &erased, e))
		return false;
	return erased != 0 ? road_skip(w, at, SKIP_ERASED, e)
	    : road_evidence(w, ev, at, e);
}

enum skip
road_refused(const struct work *w, const struct event *ev)
{
	if (ev->skip != SKIP_NONE)
		return ev->skip;
	if (ev->time < store_floor(w->store))
		return SKIP_OLD;
	return ev->time > w->now + WORK_AHEAD_MAX ? SKIP_FUTURE : SKIP_NONE;
}

bool
road_event(struct work *w, const struct event *ev, const struct place *at,
    struct err *e)
{
	enum skip why = road_refused(w, ev);

	w->sums.rows++;
	w->sums.by_kind[ev->kind]++;
	w->in_batch++;
	if (!tally_add(w->store, at->stream->id, TALLY_ROWS,
	    (int64_t)ev->kind, 1, e) || !resolve_event(w, ev, why, at, e))
		return false;
	if (ev->kind == KIND_RS && why == SKIP_NOT_A_FAILURE &&
	    !road_counted(w, ev, at, e))
		return false;
	if (why != SKIP_NONE)
		return road_skip(w, at, why, e);
	w->sums.last_time = ev->time;
	if (ev->kind == KIND_D || ev->kind == KIND_R || ev->kind == KIND_TQ) {
		w->sums.used++;
		if (!road_counted(w, ev, at, e))
			return false;
	} else if (!road_new(w, ev, at, e)) {
		return false;
	} else if (is_from_stranger(ev)) {
		store_horizon_report(w->store, ev->time);
		return true;
	}
	store_horizon_raise(w->store, ev->time);
	return true;
}
