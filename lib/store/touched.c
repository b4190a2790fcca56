/* touched.c - which of our vmtas and IPs a reply was said to. */
#include <stdlib.h>

#include "store/inside.h"
#include "wrap/hash.h"

static uint64_t
touched_hash(const struct store *s, const struct touched *t)
{
	return hash64_more(s->seed, str_of((const char *)t,
	    offsetof(struct touched, rule)));
}

static bool
touched_room(struct store *s, struct err *e)
{
	size_t cap = s->cap_touched == 0 ? 64 : s->cap_touched * 2;
	struct touched *rows;

	if (s->n_touched < s->cap_touched)
		return true;
	rows = realloc(s->touched, cap * sizeof *rows);
	if (rows == NULL)
		return err_memory(e);
	s->touched = rows;
	s->cap_touched = cap;
	return true;
}

/* Of two times of one key the later one's rule and codes count. */
static void
touched_join(struct touched *old, const struct touched *t)
{
	int64_t first = old->first < t->first ? old->first : t->first;
	int64_t last = old->last > t->last ? old->last : t->last;

	if (t->last >= old->last)
		*old = *t;
	old->first = first;
	old->last = last;
}

bool
touched_add(struct store *s, const struct evidence *ev, struct err *e)
{
	struct touched t = { ev->provider, ev->reply, (int64_t)ev->fact.class,
		ev->vmta, ev->ip, ev->fact.rule, ev->code, ev->status,
		ev->fact.time, ev->fact.time };
	int64_t *slot;

	if (ev->fact.kind == KIND_F || ev->fact.kind == KIND_MF ||
	    ev->fact.kind == KIND_MU)
		return true; /* nobody replied */
	slot = table_add(&s->touched_at, touched_hash(s, &t));
	if (slot == NULL || !touched_room(s, e))
		return err_memory(e);
	if (*slot == 0) {
		s->touched[s->n_touched++] = t;
		*slot = (int64_t)s->n_touched;
	} else {
		touched_join(&s->touched[*slot - 1], &t);
	}
	return true;
}

/* By key: neighbours in the table are written one after the other. */
static int
by_key(const void *a, const void *b)
{
	const struct touched *x = a, *y = b;

	if (x->provider != y->provider)
		return x->provider < y->provider ? -1 : 1;
	if (x->reply != y->reply)
		return x->reply < y->reply ? -1 : 1;
	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	return (x->vmta > y->vmta) - (x->vmta < y->vmta);
}

bool
touched_flush(struct store *s, struct err *e)
{
	if (s->n_touched > 1)
		qsort(s->touched, s->n_touched, sizeof *s->touched, by_key);
	for (size_t i = 0; i < s->n_touched; i++) {
		const struct touched *t = &s->touched[i];

		if (!db_run(s->db, SQL_TOUCHED_PUT, e, "iiiiiiiiii",
		    t->provider, t->reply, t->class, t->vmta, t->ip, t->rule,
		    t->code, t->status, t->first, t->last))
			return false;
	}
	return true;
}

void
touched_forget(struct store *s)
{
	s->n_touched = 0;
	table_clear(&s->touched_at);
}
