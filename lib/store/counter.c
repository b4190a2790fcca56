/* counter.c - counts kept in memory and written with the commit. */
#include <stdlib.h>

#include "base/array.h"
#include "store/inside.h"
#include "wrap/hash.h"

/* tally, sub and stream in one number: 8, 16 and 40 bits. */
#define TALLY_KEY(stream, tally, sub) \
	((uint64_t)(stream) << 24 | (uint64_t)(tally) << 16 | (uint64_t)(sub))

static bool
counter_row_add(struct store *s, const struct counter_key *k, size_t *at,
    struct err *e)
{
	struct counter_row *rows = array_room(s->counters, s->n_counters,
	    &s->cap_counters, sizeof *rows, e);

	if (rows == NULL)
		return false;
	s->counters = rows;
	s->counters[s->n_counters] = (struct counter_row){ *k, 0 };
	*at = s->n_counters++;
	return true;
}

static uint64_t
counter_hash(const struct store *s, const struct counter_key *k)
{
	return hash64_more(s->seed, str_of((const char *)k, sizeof *k));
}

bool
counter_add(struct store *s, const struct counter_key *k, int64_t n,
    struct err *e)
{
	int64_t *slot = table_add(&s->counter_at, counter_hash(s, k));
	size_t at = 0;

	if (slot == NULL)
		return err_memory(e);
	if (*slot == 0) {
		if (!counter_row_add(s, k, &at, e))
			return false;
		*slot = (int64_t)at + 1;
	}
	s->counters[*slot - 1].n += n;
	return true;
}

bool
tally_add(struct store *s, int64_t stream, enum tally t, int64_t sub, int64_t n,
    struct err *e)
{
	int64_t *slot = table_add(&s->tallies, TALLY_KEY(stream, t, sub));

	if (slot == NULL)
		return err_memory(e);
	*slot += n;
	return true;
}

static bool
tally_flush(struct store *s, struct err *e)
{
	for (size_t i = 0; i < s->tallies.cap; i++) {
		const struct table_row *row = &s->tallies.rows[i];

		if (row->key != 0 && !db_run(s->db, SQL_TALLY_PUT, e, "iiii",
		    (int64_t)(row->key >> 24), (int64_t)(row->key >> 16 & 0xff),
		    (int64_t)(row->key & 0xffff), row->value))
			return false;
	}
	return true;
}

/* By key: neighbours in the table are written one after the other. */
static int
by_key(const void *a, const void *b)
{
	const struct counter_key *x = &((const struct counter_row *)a)->key;
	const struct counter_key *y = &((const struct counter_row *)b)->key;

	if (x->bucket != y->bucket)
		return x->bucket < y->bucket ? -1 : 1;
	if (x->provider != y->provider)
		return x->provider < y->provider ? -1 : 1;
	return (x->vmta > y->vmta) - (x->vmta < y->vmta);
}

bool
counter_flush(struct store *s, struct err *e)
{
	if (s->n_counters > 1)
		qsort(s->counters, s->n_counters, sizeof *s->counters, by_key);
	for (size_t i = 0; i < s->n_counters; i++) {
		const struct counter_key *k = &s->counters[i].key;

		if (!db_run(s->db, SQL_COUNTER_PUT, e, "iiiiii", k->bucket,
		    k->provider, k->vmta, k->kind, k->road, s->counters[i].n))
			return false;
	}
	if (s->tallies.n > 0 && !tally_flush(s, e))
		return false;
	counter_forget(s);
	return true;
}

void
counter_forget(struct store *s)
{
	s->n_counters = 0;
	table_clear(&s->counter_at);
	table_clear(&s->tallies);
}

bool
tally_list(struct store *s, tally_fn *fn, void *ctx, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_TALLY_LIST, e, "");
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW)
		if (!fn(ctx, (enum tally)db_int(st, 0), db_int(st, 1),
		    db_int(st, 2), e))
			break;
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}
