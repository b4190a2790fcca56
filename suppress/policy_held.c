/* policy_held.c - whom storms and breakers would hold by other settings. */
#include "policy_held.h"

#include "wrap/hash.h"

static uint64_t
held_hash(struct str address, enum ladder l)
{
	return hash64_number(hash64(address), (int64_t)l);
}

static bool
keep(void *ctx, struct str address, enum class c, struct str rule,
    enum incident_kind kind, struct err *e)
{
	struct held_run *h = ctx;

	(void)kind;
	buf_addc(&h->rows, (char)c);
	buf_add(&h->rows, address);
	buf_addc(&h->rows, '\0');
	buf_add(&h->rows, rule);
	buf_addc(&h->rows, '\0');
	h->n++;
	if (!hashset_add(&h->set, held_hash(address, policy_ladder(c))))
		return err_memory(e);
	return buf_ok(&h->rows, e);
}

static bool
keep_dropped(void *ctx, struct str address, enum class c, struct err *e)
{
	struct held_run *h = ctx;

	return hashset_add(&h->dropped, held_hash(address, policy_ladder(c)))
	    || err_memory(e);
}

static bool
run(struct held_run *h, const struct replay_base *base, struct app *a,
    const struct config *c, struct err *e)
{
	struct replay_wants w = { .base = base, .config = c,
		.rules = a->rules, .state = a->config.state };

	struct replay_tell tell = { keep, keep_dropped, h };

	return replay(&w, &tell, &h->sums, e) &&
	    ((hashset_build(&h->set) && hashset_build(&h->dropped)) ||
	    err_memory(e));
}

bool
policy_held_run(struct policy_held *h, struct app *a,
    const struct config *new, int64_t from, struct err *e)
{
	bool ok = replay_base_make(&h->base, a->store, &a->config, from, e) &&
	    run(&h->now, &h->base, a, &a->config, e) &&
	    run(&h->then, &h->base, a, new, e);

	/* It is as large as the database. */
	replay_base_release(&h->base);
	return ok;
}

static void
run_release(struct held_run *h)
{
	hashset_release(&h->set);
	hashset_release(&h->dropped);
	buf_release(&h->rows);
}

void
policy_held_release(struct policy_held *h)
{
	run_release(&h->now);
	run_release(&h->then);
}

bool
policy_held_more(const struct policy_held *h, struct str address,
    enum ladder l)
{
	uint64_t hash = held_hash(address, l);

	return hashset_has(&h->then.set, hash) &&
	    !hashset_has(&h->now.set, hash);
}

bool
policy_held_dropped(const struct held_run *run, struct str address,
    enum ladder l)
{
	return hashset_has(&run->dropped, held_hash(address, l));
}

/* Those of one that the other has not. */
static bool
each_but(const struct held_run *of, const struct held_run *but,
    policy_held_fn *fn, void *ctx, bool more, struct err *e)
{
	for (size_t at = 0; at < of->rows.n;) {
		enum class c = (enum class)(unsigned char)of->rows.p[at];
		struct str address = str_from(of->rows.p + at + 1);
		struct str rule = str_from(address.p + address.n + 1);

		at += address.n + rule.n + 3;
		if (!hashset_has(&but->set, held_hash(address,
		    policy_ladder(c))) && !fn(ctx, more, address, c, rule, e))
			return false;
	}
	return true;
}

bool
policy_held_each(const struct policy_held *h, policy_held_fn *fn, void *ctx,
    struct err *e)
{
	return each_but(&h->then, &h->now, fn, ctx, true, e) &&
	    each_but(&h->now, &h->then, fn, ctx, false, e);
}
