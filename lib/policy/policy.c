/* policy.c - from the evidence on an address to what follows; pure. */
#include "policy/policy.h"

#include <stdio.h>

#include "base/clock.h"

#define DAY ((int64_t)CLOCK_DAY)

const struct policy_settings POLICY_DEFAULTS = {
	.gone_weak_days = 2,
	.provisional = 0,
	.inactive_days = 2,
	.inactive_span = 3 * DAY,
	.domain_days = 3,
	.domain_span = 7 * DAY,
	.domain_expiry = 30 * DAY,
	.full_messages = 5,
	.full_span = 14 * DAY,
	.full_expiry = 30 * DAY,
	.full_days = 0,
	.refused_messages = 3,
	.refused_span = 14 * DAY,
	.refused_expiry = 90 * DAY,
	.window = 90 * DAY,
	.late_report = 7 * DAY,
};

enum { RANK_NONE, RANK_SOFT, RANK_HARD, RANK_UNSUBSCRIBE, RANK_COMPLAINT,
	RANK_MANUAL };

static const struct ladder_info LADDERS[] = {
	{ LADDER_NONE, "none", false, false, RANK_NONE },
	{ LADDER_GONE, "gone", false, false, RANK_HARD },
	{ LADDER_INACTIVE, "inactive", true, false, RANK_SOFT },
	{ LADDER_DOMAIN, "domain", true, false, RANK_SOFT },
	{ LADDER_FULL, "full", true, false, RANK_SOFT },
	{ LADDER_REFUSED, "refused", true, true, RANK_SOFT },
	{ LADDER_COMPLAINT, "complaint", false, false, RANK_COMPLAINT },
	{ LADDER_OPTOUT, "opt-out", false, true, RANK_UNSUBSCRIBE },
};

enum ladder
policy_ladder(enum class c)
{
	switch (c) {
	case CLASS_GONE_MAILBOX:
	case CLASS_GONE_SYNTAX:
	case CLASS_GONE_MOVED:
		return LADDER_GONE;
	case CLASS_GONE_INACTIVE:
		return LADDER_INACTIVE;
	case CLASS_GONE_DOMAIN:
	case CLASS_GONE_NULLMX:
		return LADDER_DOMAIN;
	case CLASS_FULL_MAILBOX:
		return LADDER_FULL;
	case CLASS_REFUSED_PERSONAL:
		return LADDER_REFUSED;
	case CLASS_FBL_ABUSE:
	case CLASS_FBL_FRAUD:
	case CLASS_FBL_VIRUS:
		return LADDER_COMPLAINT;
	case CLASS_FBL_OPTOUT:
	case CLASS_AUTO_UNSUBSCRIBE:
		return LADDER_OPTOUT;
	default:
		return LADDER_NONE;
	}
}

const struct ladder_info *
policy_ladder_info(enum ladder l)
{
	return &LADDERS[(size_t)l < COUNT(LADDERS) ? l : LADDER_NONE];
}

int
policy_rank(enum class c)
{
	if (c == CLASS_MANUAL)
		return RANK_MANUAL;
	return policy_ladder_info(policy_ladder(c))->rank;
}

int64_t
policy_lift_mark(struct str address, int64_t now)
{
	if (address.n == 0 || address.p[0] != '@')
		return now;
	return now + DAY - 1 - now % DAY;
}

/* A transient tells of a full mailbox, of nothing else that may count. */
bool
policy_counts(enum kind k, enum class c, enum strength s)
{
	enum ladder l = policy_ladder(c);

	switch (l) {
	case LADDER_NONE:
		return false;
	case LADDER_FULL:
		return true;
	case LADDER_COMPLAINT:
	case LADDER_OPTOUT:
		return k == KIND_F || k == KIND_MF || k == KIND_MU;
	case LADDER_REFUSED:
		return k != KIND_T;
	default:
		return k != KIND_T && s != STRENGTH_NONE;
	}
}

bool
policy_clearable(const struct evidence_fact *f)
{
	enum ladder l = policy_ladder(f->class);

	if (!policy_counts(f->kind, f->class, f->strength))
		return false;
	return policy_ladder_info(l)->soft || (l == LADDER_GONE &&
	    (f->strength != STRENGTH_STRONG || f->trust == TRUST_DOUBTED));
}

/* What one ladder asks for; 0: not asked. */
struct terms {
	int64_t days, messages, span, expiry;
	bool strong_at_once, doubles;
};

static struct terms
terms_of(const struct policy_settings *s, enum ladder l, bool domain)
{
	switch (l) {
	case LADDER_GONE:
		return (struct terms){ .days = s->gone_weak_days,
			.expiry = s->provisional, .strong_at_once = true };
	case LADDER_INACTIVE:
		return (struct terms){ .days = s->inactive_days,
			.span = s->inactive_span };
	case LADDER_DOMAIN:
		if (!domain)
			return (struct terms){ .days = 1,
				.expiry = s->domain_expiry };
		return (struct terms){ .days = s->domain_days,
			.span = s->domain_span };
	case LADDER_FULL:
		if (s->full_days > 0)
			return (struct terms){ .days = s->full_days,
				.expiry = s->full_expiry, .doubles = true };
		return (struct terms){ .messages = s->full_messages,
			.span = s->full_span, .expiry = s->full_expiry,
			.doubles = true };
	case LADDER_REFUSED:
		return (struct terms){ .messages = s->refused_messages,
			.span = s->refused_span,
			.expiry = s->refused_expiry };
	default:
		return (struct terms){ .days = 1 };
	}
}

static struct terms
terms_doubted(const struct terms *t)
{
	struct terms d = *t;

	d.strong_at_once = false;
	d.days = t->days > 2 ? t->days : 2;
	d.messages = t->messages > 2 ? t->messages : 2;
	return d;
}

/* Two facts with the same key tell of one message; where a row names none,
 * the UTC day stands for it. */
static uint64_t
message_key(const struct evidence_fact *f)
{
	return f->message != 0 ? f->message : (uint64_t)f->message_day + 1;
}

/* What the walk over the facts knows so far. */
struct walk {
	const struct policy_settings *s;
	enum ladder ladder;
	const struct evidence_fact *facts;
	size_t from;  /* facts before it belong to a suppression gone by */
	size_t first; /* the first that is still inside the window */
	/* Of each fact since `from`: what it adds that none before it did. */
	bool counts[POLICY_FACTS_MAX], new_day[POLICY_FACTS_MAX],
	    new_message[POLICY_FACTS_MAX];
};

/* What counted at that time, though a delivery has cleared it since. */
static bool
counted_then(const struct walk *w, size_t at, int64_t time)
{
	const struct evidence_fact *o = &w->facts[at];

	return w->counts[at] || (o->state == EVIDENCE_CLEARED &&
	    o->delivered > time && policy_counts(o->kind, o->class,
	    o->strength));
}

/* A report is late news of a failure already known: same recipient and
 * class, less than `late_report` before. */
static bool
is_late_news(const struct walk *w, size_t at)
{
	const struct evidence_fact *f = &w->facts[at];

	for (size_t i = w->from; i < at && kind_is_report(f->kind); i++) {
		const struct evidence_fact *o = &w->facts[i];
		bool other = kind_is_report(o->kind) && o->message != 0 &&
		    f->message != 0 && o->message != f->message;

		if (counted_then(w, i, f->time) && o->class == f->class &&
		    f->time - o->time < w->s->late_report && !other)
			return true;
	}
	return false;
}

/* What it told as the first of its day and message, the next of them does, up
 * to `end`. */
static void
walk_leave(struct walk *w, size_t at, size_t end)
{
	const struct evidence_fact *f = &w->facts[at];
	bool day = w->new_day[at], message = w->new_message[at];

	w->new_day[at] = w->new_message[at] = false;
	for (size_t i = at + 1; i < end && (day || message); i++) {
		if (!w->counts[i])
			continue;
		if (day && w->facts[i].time / DAY == f->time / DAY) {
			w->new_day[i] = true;
			day = false;
		}
		if (message && message_key(&w->facts[i]) == message_key(f)) {
			w->new_message[i] = true;
			message = false;
		}
	}
}

/* The first delivery after facts[last] that it, or another before `at`, has
 * noted; 0: none. What came late was not there to note it. */
static int64_t
first_delivery(const struct walk *w, size_t last, size_t at)
{
	int64_t first = 0;

	for (size_t i = 0; i < at; i++) {
		const struct evidence_fact *o = &w->facts[i];

		if (o->delivered > o->time &&
		    o->delivered > w->facts[last].time &&
		    (first == 0 || o->delivered < first))
			first = o->delivered;
	}
	return first;
}

/*
 * Who accepts and bounces later accepts every time, so a delivery clears
 * reports only when as many quiet days follow it as a report may be late. The
 * first delivery after the last report tells: were there quiet days after any,
 * they began with that one.
 */
static void
walk_quiet(struct walk *w, size_t at)
{
	const struct evidence_fact *f = &w->facts[at];
	size_t last = at;
	int64_t delivered;

	for (size_t i = at; i-- > w->from && last == at;)
		if (kind_is_report(w->facts[i].kind) &&
		    w->facts[i].state != EVIDENCE_UNVERIFIED)
			last = i;
	if (last == at || f->time - w->facts[last].time <= w->s->late_report)
		return;
	delivered = first_delivery(w, last, at);
	if (delivered == 0 || delivered + w->s->late_report >= f->time)
		return;
	for (size_t i = w->from; i <= last; i++)
		if (kind_is_report(w->facts[i].kind) &&
		    policy_clearable(&w->facts[i])) {
			walk_leave(w, i, at);
			w->counts[i] = false;
		}
}

static void
walk_note(struct walk *w, size_t at)
{
	const struct evidence_fact *f = &w->facts[at];

	walk_quiet(w, at);
	while (w->first < at && (w->first < w->from ||
	    f->time - w->facts[w->first].time > w->s->window))
		walk_leave(w, w->first++, at);
	w->counts[at] = f->state == EVIDENCE_COUNTS &&
	    policy_ladder(f->class) == w->ladder &&
	    policy_counts(f->kind, f->class, f->strength) &&
	    !is_late_news(w, at);
	w->new_day[at] = w->new_message[at] = w->counts[at];
	for (size_t i = w->first; i < at && w->counts[at]; i++) {
		if (!w->counts[i])
			continue;
		if (w->facts[i].time / DAY == f->time / DAY)
			w->new_day[at] = false;
		if (message_key(&w->facts[i]) == message_key(f))
			w->new_message[at] = false;
	}
}

/* What counts inside the window that ends with facts[at]. */
struct tally_of {
	int64_t days, messages, span;
};

static struct tally_of
walk_tally(const struct walk *w, size_t at)
{
	struct tally_of t = { 0 };
	int64_t now = w->facts[at].time, first = now;

	for (size_t i = at + 1; i-- > w->first;) {
		if (!w->counts[i])
			continue;
		t.days += w->new_day[i];
		t.messages += w->new_message[i];
		first = w->facts[i].time;
	}
	t.span = now - first;
	return t;
}

static bool
terms_met(const struct terms *t, const struct tally_of *got)
{
	return got->days >= t->days && got->messages >= t->messages &&
	    got->span >= t->span;
}

static void
say_arithmetic(const struct terms *t, const struct tally_of *got, bool strong,
    struct policy_answer *out)
{
	const char *unit;
	int64_t one;
	int n;

	if (strong || (t->days <= 1 && t->messages <= 1)) {
		(void)str_copy(strong ? STR("first hit, strong")
				      : STR("first hit"),
		    out->arithmetic, sizeof out->arithmetic);
		return;
	}
	n = t->messages > 0
	    ? snprintf(out->arithmetic, sizeof out->arithmetic,
	        "%lld of %lld distinct messages", (long long)got->messages,
	        (long long)t->messages)
	    : snprintf(out->arithmetic, sizeof out->arithmetic,
	        "%lld of %lld distinct days", (long long)got->days,
	        (long long)t->days);
	if (t->span == 0)
		return;
	unit = clock_unit(t->span, &one);
	snprintf(out->arithmetic + n, sizeof out->arithmetic - (size_t)n,
	    ", over %lld of %lld %s", (long long)(got->span / one),
	    (long long)(t->span / one), unit);
}

/* Whether facts[at] carries the thresholds over the line. */
static bool
walk_met(const struct walk *w, const struct terms *terms, size_t at,
    int64_t expiry, struct policy_answer *out)
{
	const struct evidence_fact *f = &w->facts[at];
	struct terms doubted = terms_doubted(terms);
	const struct terms *t = f->trust == TRUST_DOUBTED ? &doubted : terms;
	bool strong = t->strong_at_once && f->strength == STRENGTH_STRONG;
	struct tally_of got = walk_tally(w, at);

	if (!strong && !terms_met(t, &got))
		return false;
	*out = (struct policy_answer){ .suppress = true, .class = f->class,
	    .since = f->time, .until = expiry == 0 ? 0 : f->time + expiry,
	    .at = at };
	say_arithmetic(t, &got, strong, out);
	return true;
}

void
policy_judge(const struct policy_settings *s, enum ladder l, bool domain,
    const struct evidence_fact *facts, size_t n, struct policy_answer *out)
{
	struct terms t = terms_of(s, l, domain);
	size_t over = n > POLICY_FACTS_MAX ? n - POLICY_FACTS_MAX : 0;
	struct walk w = { .s = s, .ladder = l, .facts = facts + over };
	int64_t expiry = t.expiry;

	*out = (struct policy_answer){ 0 };
	for (size_t i = 0; i < n - over; i++) {
		walk_note(&w, i);
		/* While a suppression lasts nothing is added up. */
		if (!w.counts[i] || (out->suppress && (out->until == 0 ||
		    w.facts[i].time < out->until)))
			continue;
		if (!walk_met(&w, &t, i, out->suppress && t.doubles
		    ? expiry * 2 : expiry, out))
			continue;
		expiry = out->until == 0 ? 0 : out->until - out->since;
		w.from = i + 1;
	}
	out->at += over;
}
