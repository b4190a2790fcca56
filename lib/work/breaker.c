/* breaker.c - caps how many new entries an hour may bring; what is more is
 * held as an incident. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "policy/storm.h"
#include "store/share.h"
#include "store/table.h"
#include "work/inside.h"
#include "work/judge.h"

#define WEEK (7 * (int64_t)CLOCK_DAY)
#define HOUR 3600

/* New entries of one kind, of one provider or of all (0). n counts all that
 * came, accepted those that passed. */
struct breaker {
	struct share_key key;
	enum incident_kind kind;
	int64_t came, passed, limit; /* in the last hour; an hour */
};

#define PASTS 64 /* remembered; a power of two */

/* What the days before today say of one key, asked once a day. */
struct breaker_past {
	uint64_t key;
	int64_t day;
	int64_t week;           /* deliveries of a week */
	int64_t entries, hours; /* of four weeks, in hours with any */
};

void
breaker_release(struct work *w)
{
	free(w->pasts);
	w->pasts = NULL;
}

/* Today is not of the past: a flood would raise its own limit. */
static bool
past_read(struct work *w, const struct share_key *of, int64_t to,
    struct breaker_past *out, struct err *e)
{
	struct share_key k = { .provider = of->provider };
	struct share_sum sum;

	out->week = out->hours = 0;
	for (int road = ROAD_PIPE; road <= ROAD_FILE; road++) {
		k.class = STORM_DELIVERED + road;
		if (!share_span(w->store, &k, to - WEEK, to, &sum, NULL, e))
			return false;
		out->week = sum.n > out->week ? sum.n : out->week;
	}
	if (!share_span(w->store, of, to - 4 * WEEK, to, &sum, &out->hours,
	    e))
		return false;
	out->entries = sum.accepted;
	return true;
}

static bool
past_of(struct work *w, const struct share_key *of, int64_t time,
    struct breaker_past **out, struct err *e)
{
	uint64_t key = table_mix(table_mix(3, of->provider),
	    of->class);
	int64_t day = time / CLOCK_DAY;

	if (w->pasts == NULL)
		w->pasts = calloc(PASTS, sizeof *w->pasts);
	if (w->pasts == NULL)
		return err_memory(e);
	*out = &w->pasts[key % PASTS];
	if ((*out)->key == key && (*out)->day == day)
		return true;
	(*out)->key = 0;
	if (!past_read(w, of, day * CLOCK_DAY, *out, e))
		return false;
	(*out)->key = key;
	(*out)->day = day;
	return true;
}

/* *day: deliveries of a day, the average of the week before, or the last 24
 * hours when that is more. */
static bool
limit_of(struct work *w, struct breaker *b, int64_t time, int64_t *day,
    struct err *e)
{
	struct breaker_past *past = NULL;
	struct attempts today;

	if (!past_of(w, &b->key, time, &past, e) || !storm_attempts(w,
	    b->key.provider, time, CLOCK_DAY, &today, e))
		return false;
	*day = past->week / 7 > today.delivered ? past->week / 7
	                                        : today.delivered;
	b->limit = storm_breaker(&w->config->storm, b->key.class, *day,
	    past->entries, past->hours);
	return true;
}

static bool
open_breaker(struct work *w, const struct breaker *b, const struct about *a,
    struct incident *in, struct err *e)
{
	struct incident_key k = { b->key.provider, b->key.class, 0 };
	int64_t time = a->ev->fact.time;
	char text[160];

	snprintf(text, sizeof text, "%lld new entries in an hour, %lld may "
	    "pass", (long long)b->came, (long long)b->limit);
	*in = (struct incident){ .kind = b->kind, .provider = b->key.provider,
		.class = a->ev->fact.class, .reply = a->ev->reply,
		.covers = time, .opened = time, .last = time, .peak = time,
		.peak_n = b->came, .text = str_from(text) };
	if (!incident_open(w->store, in, &k, e))
		return false;
	storm_tell(w, in);
	return true;
}

/* Once open it holds all that come, until no more come than may pass. */
static bool
ask(struct work *w, struct breaker *b, const struct about *a,
    int64_t *incident, struct err *e)
{
	struct incident_key k = { b->key.provider, b->key.class, 0 };
	int64_t time = a->ev->fact.time, day = 0;
	struct share_sum hour;
	struct incident in;
	bool found;

	if (!incident_find(w->store, &k, time, HOUR, &in, &found, e) ||
	    !share_recent(w->store, &b->key, time, HOUR, &hour, e))
		return false;
	b->came = hour.n + 1;
	b->passed = hour.accepted + 1;
	if (!found && b->passed <= storm_floor(&w->config->storm, b->key.class))
		return true;
	if (!limit_of(w, b, time, &day, e))
		return false;
	/* Without any d row there is no volume to measure by; who took mail
	 * lately tells that there were some, if not in the last week. */
	if (b->key.class == STORM_LISTED && day == 0 &&
	    a->accepted != ACCEPTED_YES)
		return true;
	if (!found && b->passed <= b->limit)
		return true;
	if (!found && !open_breaker(w, b, a, &in, e))
		return false;
	if (b->came > b->limit && !incident_over(w->store, in.id, time,
	    b->came, e))
		return false;
	*incident = in.state == INCIDENT_RELEASED ? 0 : in.id;
	return true;
}

bool
breaker_pass(struct work *w, const struct about *a, int64_t *incident,
    struct err *e)
{
	bool is_signed = a->ev->fact.trust == TRUST_SIGNED;
	enum kind k = a->ev->fact.kind;
	struct breaker b[2] = { { .kind = INCIDENT_BREAKER,
	    .key = { 0, STORM_LISTED, 0 } }, { .kind = INCIDENT_BREAKER,
	    .key = { a->receiver, STORM_LISTED, 0 } } };
	size_t n = 1;

	/* Who can make our token was written to: no flood of others' reports
	 * keeps a proved complaint from counting. */
	if (judge_is_feedback(k) && is_signed)
		return true;
	if (judge_is_feedback(k)) {
		b[0].kind = INCIDENT_COMPLAINTS;
		b[0].key.class = STORM_COMPLAINED;
	} else if (kind_is_report(k)) {
		b[0].kind = INCIDENT_REPORTS;
		b[0].key.class = is_signed ? STORM_PROVED : STORM_REPORTED;
	} else if (a->accepted == ACCEPTED_NO) {
		return true;
	} else {
		n = 2;
	}
	for (size_t i = 0; i < n && *incident == 0; i++)
		if (!ask(w, &b[i], a, incident, e))
			return false;
	for (size_t i = 0; i < n; i++)
		if (!share_add(w->store, &b[i].key, a->ev->fact.time, 1,
		    *incident == 0, e))
			return false;
	return true;
}
