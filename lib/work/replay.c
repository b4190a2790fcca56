/* replay.c - what is stored since a time, once more through storms, breakers
 * and policy. */
#include "work/replay.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/number.h"
#include "wrap/hash.h"
#include "work/inside.h"
#include "work/receiver.h"

#define ROWS_AT_ONCE 5000 /* a commit: what changes is kept in memory */

/* ---- what is to come once more ---- */

struct filling {
	struct store *copy;
	int64_t n; /* in this batch */
};

static bool
on_delivered(void *ctx, struct str address, int64_t time, struct err *e)
{
	struct filling *f = ctx;

	if (++f->n % ROWS_AT_ONCE == 0 &&
	    (!store_commit(f->copy, e) || !store_begin(f->copy, e)))
		return false;
	return replay_deliver(f->copy, address, time, e);
}

bool
replay_base_make(struct replay_base *b, struct store *s,
    const struct config *c, int64_t from, struct err *e)
{
	struct filling f = { .n = 0 };

	*b = (struct replay_base){ .from = from - from % CLOCK_DAY };
	b->copy = f.copy = replay_copy(s, b->from, e);
	if (f.copy == NULL || !store_begin(f.copy, e))
		return false;
	if (delivered_each(s, c, b->from, clock_now() + CLOCK_DAY,
	    on_delivered, &f, &b->journal, e))
		return store_commit(f.copy, e);
	store_rollback(f.copy);
	return false;
}

void
replay_base_release(struct replay_base *b)
{
	store_close(b->copy);
	b->copy = NULL;
}

/* ---- its coming ---- */

struct replaying {
	struct work *work;
	int64_t other; /* word of those that no table names */
	struct event whom; /* only its address is filled */
	struct buf scope;
};

/* The filters are only read: nothing that a rehearsal does shall stay. */
static bool
use_accepted(struct work *w, const char *state, struct err *e)
{
	char dir[CONFIG_PATH_MAX];

	if (!number_print(dir, sizeof dir, "%s/accepted", state))
		return err_set(e, EX_CONFIG, "%s: the path is too long; name "
		    "a shorter one with --state", state);
	accepted_close(w->accepted);
	w->accepted = accepted_open(dir, false, e);
	return w->accepted != NULL;
}

static bool
about_of(struct replaying *r, const struct evidence *ev, struct about *a,
    struct err *e)
{
	struct work *w = r->work;

	buf_clear(&r->scope);
	if (!store_word_text(w->store, ev->scope, &r->scope, e) ||
	    !buf_ok(&r->scope, e))
		return false;
	str_copy(ev->address, r->whom.address, sizeof r->whom.address);
	*a = (struct about){ .ev = ev, .scope = buf_str(&r->scope),
		.accepted = accepted_lately(w->accepted, hash64(ev->address),
		    ev->fact.time),
		.receiver = ev->provider != r->other ? ev->provider
		    : receiver_of(PROVIDER_OTHER, ev->provider, &r->whom) };
	return true;
}

static bool
on_row(void *ctx, const struct evidence *ev, struct err *e)
{
	struct replaying *r = ctx;
	struct work *w = r->work;
	struct about a;
	bool added;

	store_horizon_raise(w->store, ev->fact.time);
	if (ev->fact.kind == KIND_D)
		return decide_delivery(w, ev->address, ev->fact.time, e);
	return about_of(r, ev, &a, e) &&
	    evidence_add(w->store, ev, &added, e) &&
	    (!added || (road_crowd(w, &a, e) && road_decide(w, &a, e)));
}

static bool
run(struct work *w, int64_t from, struct replay_sums *sums, struct err *e)
{
	struct replaying r = { .work = w };
	struct replay_at at = { .time = from };
	int64_t n = 0;
	bool ok;

	w->now = clock_now();
	do {
		ok = work_begin(w, e) && store_word(w->store,
		    str_from(provider_name(rules_providers(w->rules),
		        PROVIDER_OTHER)), &r.other, e) &&
		    replay_rows(w->store, &at, ROWS_AT_ONCE, on_row, &r, &n,
		        e) && work_commit(w, e);
		sums->rows += ok ? n : 0;
	} while (ok && n > 0);
	if (!ok)
		work_abandon(w);
	buf_release(&r.scope);
	return ok;
}

/* No folder: the work has none of its own. */
#define NOWHERE "/dev/null"

static bool
run_copy(struct store *copy, const struct replay_wants *wants,
    struct replay_sums *sums, struct err *e)
{
	struct config *own = malloc(sizeof *own);
	struct work *w = NULL;
	bool ok = own != NULL || err_memory(e);

	if (ok) {
		*own = *wants->config;
		str_copy(STR(NOWHERE), own->state, sizeof own->state);
		w = work_open(own, copy, wants->rules, NULL, e);
	}
	ok = w != NULL && use_accepted(w, wants->state, e) &&
	    run(w, wants->base->from, sums, e);
	work_close(w);
	free(own);
	return ok;
}

bool
replay(const struct replay_wants *wants, const struct replay_tell *tell,
    struct replay_sums *sums, struct err *e)
{
	struct store *copy = store_copy(wants->base->copy, e);
	bool ok;

	*sums = (struct replay_sums){ 0 };
	ok = copy != NULL && run_copy(copy, wants, sums, e) &&
	    replay_held(copy, tell->held, tell->ctx, e) &&
	    replay_dropped(copy, tell->dropped, tell->ctx, e) &&
	    replay_opened(copy, wants->base->from, sums->opened, e);
	store_close(copy);
	return ok;
}
