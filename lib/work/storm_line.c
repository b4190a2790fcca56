/* storm_line.c - whether a group of failures is over its line. */
#include <stdlib.h>

#include "base/clock.h"
#include "policy/storm.h"
#include "store/share.h"
#include "store/table.h"
#include "work/storm_parts.h"

#define FOUR_WEEKS (28 * (int64_t)CLOCK_DAY)
#define BASES 16384 /* remembered; a power of two */
#define PROVIDERS 1024 /* the same */

/* What the weeks before say of one key or, behind BASES, of all that a provider
 * has: asked once a day. */
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
    struct attempts *out, struct err *e)
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
	out->delivered = by_pipe.n > by_file.n ? by_pipe.n : by_file.n;
	out->all = failed.n + out->delivered;
	return true;
}

/* What is the same for all groups of a provider. */
static bool
provider_read(struct work *w, int64_t provider, int64_t from, int64_t to,
    struct storm_base *out, struct err *e)
{
	/* Today's deliveries tell, too, that there are any. */
	const struct share_key keys[SHARE_THREE] = {
		{ provider, STORM_FAILED, 0 },
		{ provider, STORM_DELIVERED + ROAD_PIPE, 0 },
		{ provider, STORM_DELIVERED + ROAD_FILE, 0 },
	};
	struct share_sum sum[SHARE_THREE];
	int64_t delivered;

	if (!share_three(w->store, keys, from, to, sum, e) ||
	    !share_any(w->store, provider, from, &out->whole, e))
		return false;
	delivered = sum[1].n > sum[2].n ? sum[1].n : sum[2].n;
	out->deliveries = delivered > 0;
	out->four_weeks.attempts = sum[0].n + delivered;
	return true;
}

static bool
base_read(struct work *w, const struct share_key *k, int64_t from, int64_t to,
    struct storm_base *out, struct err *e)
{
	const struct share_key keys[SHARE_THREE] = { *k,
		{ k->provider, STORM_IN_STORM + k->class, k->reply }, *k };
	struct share_sum sum[SHARE_THREE];

	if (!share_three(w->store, keys, from, to, sum, e))
		return false;
	out->calm = sum[0].accepted - sum[1].accepted;
	out->four_weeks.recipients = storm_usual(&w->config->storm, sum[0].n,
	    sum[1].n, out->four_weeks.attempts);
	out->four_weeks.accepted = storm_usual(&w->config->storm,
	    sum[0].accepted, sum[1].accepted, out->four_weeks.attempts);
	return true;
}

/* Whether the row is to be read: then it is nobody's until row_is(). */
static bool
row_is_old(struct storm_base_row *row, uint64_t key, int64_t day)
{
	if (row->key == key && row->day == day)
		return false;
	row->day = 0;
	return true;
}

static void
row_is(struct storm_base_row *row, uint64_t key, int64_t day)
{
	row->key = key;
	row->day = day;
}

static bool
base_of(struct work *w, const struct share_key *k, int64_t time,
    struct storm_base *out, struct err *e)
{
	uint64_t key = table_mix(table_mix(table_mix(0,
	    k->provider), k->class), k->reply);
	int64_t day = time / CLOCK_DAY, to = time - time % CLOCK_DAY;
	uint64_t provider = (uint64_t)k->provider;
	struct storm_base_row *row, *all;

	if (w->bases == NULL)
		w->bases = calloc(BASES + PROVIDERS, sizeof *w->bases);
	if (w->bases == NULL)
		return err_memory(e);
	row = &w->bases[key % BASES];
	all = &w->bases[BASES + provider % PROVIDERS];
	if (row_is_old(row, key, day)) {
		if (row_is_old(all, provider, day) && !provider_read(w,
		    k->provider, to - FOUR_WEEKS, to, &all->base, e))
			return false;
		row_is(all, provider, day);
		row->base = all->base;
		if (!base_read(w, k, to - FOUR_WEEKS, to, &row->base, e))
			return false;
		row_is(row, key, day);
	}
	*out = row->base;
	return true;
}

/* What the windows up to time hold of the group, the longest first: where it
 * has too few, the shorter ones have. */
static bool
look_at(struct work *w, const struct storm_set *g, int64_t time,
    struct storm_look *l, bool *near, struct err *e)
{
	const struct storm_settings *s = &w->config->storm;
	struct attempts attempts;
	struct share_sum sum;

	*near = false;
	for (size_t i = STORM_WINDOWS; i-- > 0;) {
		struct storm_count *c = &l->window[i];

		if (!share_recent(w->store, &g->key, time,
		    STORM_WINDOW_SPAN[i], &sum, e))
			return false;
		c->recipients = sum.n;
		c->accepted = sum.accepted;
		if (!storm_near(s, l, i))
			break;
		*near = true;
		if (w->accepted != NULL && !l->young && l->false_rate == 0)
			l->false_rate = accepted_false_rate(w->accepted,
			    time);
		if (!storm_attempts(w, g->key.provider, time,
		    STORM_WINDOW_SPAN[i], &attempts, e))
			return false;
		c->attempts = attempts.all;
	}
	return true;
}

/* A group that lists at the first hit, and whose run is watched. */
static bool
has_run(const struct storm_set *g)
{
	return !g->reports && (g->key.class == STORM_GONE ||
	    g->key.provider == 0);
}

/* One more failure: the score that its run has now. The score of ten minutes
 * goes on from the ten before. */
static bool
run_on(struct work *w, const struct storm_set *g, int64_t time, int64_t *score,
    struct err *e)
{
	struct share_key k = { .provider = g->key.provider,
		.class = STORM_RUN + g->key.class };
	struct attempts attempts, before;
	struct share_sum now, was = { 0 };
	int64_t since;

	if (!share_recent(w->store, &k, time, 0, &now, e) ||
	    !storm_attempts(w, k.provider, time, 0, &attempts, e))
		return false;
	since = attempts.all - now.accepted;
	was.n = now.n;
	if (now.accepted == 0) {
		if (!share_recent(w->store, &k, time - SHARE_BUCKET, 0, &was,
		    e) || !storm_attempts(w, k.provider, time - SHARE_BUCKET,
		    0, &before, e))
			return false;
		since += before.all - was.accepted;
	}
	*score = storm_run(&w->config->storm, was.n, since);
	return share_add(w->store, &k, time, *score - now.n,
	    attempts.all - now.accepted, e);
}

/* The weeks before the group's day, and whether there are deliveries by now;
 * how many recipients the shortest window has. */
static bool
read_past(struct work *w, struct storm_set *g, int64_t time,
    struct storm_base *base, struct err *e)
{
	struct attempts today;
	struct share_sum now;

	if (!base_of(w, &g->key, time, base, e) || !storm_attempts(w,
	    g->key.provider, time, CLOCK_DAY, &today, e) ||
	    !share_recent(w->store, &g->key, time, STORM_WINDOW_SPAN[0], &now,
	        e))
		return false;
	base->deliveries = base->deliveries || today.delivered > 0;
	g->now = now.n;
	return true;
}

static bool
run_is_over(struct work *w, struct storm_set *g, const struct about *a,
    bool *over, struct err *e)
{
	struct storm_base base = { .deliveries = true };
	int64_t time = a->ev->fact.time, score;

	if (!has_run(g) || a->accepted != ACCEPTED_YES)
		return true;
	if (!run_on(w, g, time, &score, e))
		return false;
	if (!storm_run_is(&w->config->storm, score, &base, g->text,
	    sizeof g->text))
		return true;
	if (!read_past(w, g, time, &base, e))
		return false;
	*over = storm_run_is(&w->config->storm, score, &base, g->text,
	    sizeof g->text);
	return true;
}

static bool
reports_are_over(struct work *w, struct storm_set *g, int64_t time,
    bool *over, struct err *e)
{
	const struct storm_settings *s = &w->config->storm;
	struct storm_base base;
	struct attempts today;
	struct share_sum hour;

	if (!share_recent(w->store, &g->key, time, 3600, &hour, e))
		return false;
	g->now = hour.n;
	if (hour.n <= s->report_floor)
		return true;
	if (!base_of(w, &g->key, time, &base, e) || !storm_attempts(w,
	    g->key.provider, time, CLOCK_DAY, &today, e))
		return false;
	*over = storm_of_reports(s, hour.n, today.delivered, &base, g->text,
	    sizeof g->text);
	return true;
}

bool
storm_is_over(struct work *w, struct storm_set *g, const struct about *a,
    enum storm_kind kind, bool *over, struct err *e)
{
	const struct storm_settings *s = &w->config->storm;
	int64_t time = a->ev->fact.time;
	struct storm_look l = { .young = a->accepted == ACCEPTED_YOUNG,
		.fault_is_ours = kind == STORM_TOLD,
		.everywhere = g->key.provider == 0 };
	struct storm_base base = { .deliveries = true };
	bool near;

	*over = false;
	if (g->reports)
		return reports_are_over(w, g, time, over, e);
	if (!run_is_over(w, g, a, over, e) || *over)
		return e->code == 0;
	if (!look_at(w, g, time, &l, &near, e))
		return false;
	/* The weeks before can only raise the line. */
	if (!near || !storm_is(s, &l, &base, NULL, 0))
		return true;
	if (!read_past(w, g, time, &base, e))
		return false;
	/* An incident that goes on has its words. */
	*over = storm_is(s, &l, &base, g->text,
	    g->in.id == 0 ? sizeof g->text : 0);
	return true;
}
