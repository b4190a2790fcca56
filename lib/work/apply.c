/* apply.c - evidence that is enough by the settings of now becomes entries. */
#include "work/apply.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/clock.h"
#include "work/inside.h"
#include "work/rehearse.h"

struct choosing {
	const struct config *config;
	int64_t since, now;
	struct apply_list *out;
};

static uint32_t
keep_text(struct apply_list *l, struct str s)
{
	uint32_t at = (uint32_t)l->texts.n;

	buf_add(&l->texts, s);
	buf_addc(&l->texts, '\0');
	return at;
}

static bool
row_add(struct apply_list *l, const struct rehearsed *r, enum class c,
    struct err *e)
{
	struct apply_row *rows;

	if (l->texts.n > UINT32_MAX / 2)
		return err_memory(e);
	rows = array_room(l->rows, l->n, &l->cap, sizeof *rows, e);
	if (rows == NULL)
		return false;
	l->rows = rows;
	l->rows[l->n++] = (struct apply_row){ keep_text(l, r->address),
		keep_text(l, r->scope), r->ladder, c };
	return buf_ok(&l->texts, e);
}

static bool
choose(void *ctx, const struct rehearsed *r, struct err *e)
{
	struct choosing *c = ctx;
	struct policy_answer a;
	struct never_hit hit;

	if (r->newest < c->since || rehearse_judge(&c->config->policy, r,
	    c->now, &a) != REHEARSE_ADDS)
		return true;
	if (never_find(&c->config->never, r->address, &hit)) {
		c->out->never++;
		return true;
	}
	return row_add(c->out, r, a.class, e);
}

/* Evidence comes in no order of addresses; changes are told in theirs. */
static int
by_address(const void *a, const void *b, void *list)
{
	const struct apply_row *x = a, *y = b;
	int order = str_cmp(apply_text(list, x->address),
	    apply_text(list, y->address));

	if (order == 0)
		order = str_cmp(apply_text(list, x->scope),
		    apply_text(list, y->scope));
	return order != 0 ? order : (int)x->ladder - (int)y->ladder;
}

bool
apply_choose(struct store *s, const struct config *c, int64_t since,
    int64_t now, struct apply_list *out, struct err *e)
{
	struct choosing all = { c, since, now, out };
	struct rehearse_sums sums;

	if (!rehearse(s, STR(""), choose, &all, &sums, e))
		return false;
	if (out->n > 1)
		qsort_r(out->rows, out->n, sizeof *out->rows, by_address, out);
	out->left_out = sums.left_out;
	return true;
}

struct str
apply_text(const struct apply_list *l, uint32_t at)
{
	return str_from(l->texts.p + at);
}

void
apply_release(struct apply_list *l)
{
	free(l->rows);
	buf_release(&l->texts);
	*l = (struct apply_list){ 0 };
}

bool
apply_some(struct work *w, const struct apply_list *l, size_t *at,
    size_t stop, int64_t bulk, int64_t *listed, struct err *e)
{
	int64_t before = w->sums.suppressed;
	bool ok = true;

	w->now = clock_now();
	w->bulk = bulk;
	for (; ok && *at < stop; ++*at) {
		const struct apply_row *r = &l->rows[*at];
		struct again g = { .address = apply_text(l, r->address),
			.scope = apply_text(l, r->scope),
			.ladder = r->ladder };

		ok = decide_again(w, &g, e);
	}
	w->bulk = 0;
	*listed += w->sums.suppressed - before;
	return ok;
}
