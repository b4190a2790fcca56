/* undone.c - takes a bulk back, and judges whom it has changed once more. */
#include "work/undone.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/clock.h"
#include "work/inside.h"

struct back_row {
	char address[ADDRESS_MAX], scope[256];
	enum class class;
};

struct back_rows {
	struct back_row *row;
	size_t n, cap;
};

static bool
keep(void *ctx, struct str address, struct str scope, enum class c,
    struct err *e)
{
	struct back_rows *all = ctx;
	struct back_row *r = array_room(all->row, all->n, &all->cap,
	    sizeof *r, e);

	if (r == NULL)
		return false;
	all->row = r;
	r = &all->row[all->n];
	r->class = c;
	all->n += str_copy(address, r->address, sizeof r->address) &&
	    str_copy(scope, r->scope, sizeof r->scope);
	return true;
}

static struct again
again_of(const struct back_row *r, int64_t as)
{
	return (struct again){ .address = str_from(r->address),
		.scope = str_from(r->scope), .ladder = policy_ladder(r->class),
		.bulk = as };
}

static bool
judge_cleared(struct work *w, int64_t as, struct undo_sums *out,
    struct err *e)
{
	struct back_rows all = { 0 };
	bool ok = undo_cleared(w->store, as, keep, &all, e), lifted;

	for (size_t i = 0; i < all.n && ok; i++) {
		struct again g = again_of(&all.row[i], as);

		ok = decide_cleared(w, &g, &lifted, e);
		out->undone -= lifted;
		out->left += lifted;
	}
	free(all.row);
	return ok;
}

/* While an import stood nobody was listed by evidence: none of it shall be lost
 * with that. */
static bool
judge_lifted(struct work *w, int64_t as, struct undo_sums *out, struct err *e)
{
	struct back_rows all = { 0 };
	bool ok = undo_lifted(w->store, as, keep, &all, e);
	int64_t before = w->sums.suppressed;

	for (size_t i = 0; i < all.n && ok; i++) {
		struct again g = again_of(&all.row[i], 0);

		ok = decide_again(w, &g, e);
	}
	out->undone -= w->sums.suppressed - before;
	out->left += w->sums.suppressed - before;
	free(all.row);
	return ok;
}

/* As a part of the undo, so that an undo of that finds it. */
static bool
judge_all(struct work *w, int64_t as, struct undo_sums *out, struct err *e)
{
	bool ok;

	w->now = clock_now();
	w->bulk = as;
	ok = judge_cleared(w, as, out, e) && judge_lifted(w, as, out, e);
	w->bulk = 0;
	return ok;
}

bool
undone(struct work *w, int64_t bulk, int64_t as, struct str who,
    struct undo_sums *out, struct err *e)
{
	return store_undo(w->store, bulk, as, who, clock_now(), out, e) &&
	    (!out->found || judge_all(w, as, out, e));
}
