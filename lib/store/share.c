/* share.c - how many recipients fail, of how many attempts, in each ten
 * minutes. */
#include "store/share.h"

#include <stdlib.h>
#include <string.h>

#include "store/inside.h"

#define CELLS 288 /* two days: a day before and after what comes now */
#define DAY_CELLS 144
#define LONG_SPAN 7200 /* seconds; the sum of a longer one is kept */

/* What ten minutes had, of those that had any. */
struct cell {
	int32_t at; /* its number, from base on */
	int32_t n, accepted;
	int32_t new_n, new_accepted; /* of them, not yet in the database */
};

struct series {
	struct share_key key;
	bool fresh; /* some cell has news */
	struct window {
		int64_t first, last; /* cells; last 0: not summed up */
		struct share_sum sum;
	} day;      /* the long span that was asked for last */
	struct cell *cell; /* in order of time */
	int32_t n, cap;
	struct cell few[2]; /* where they stand while that is enough */
};

/* Zeroed by share_forget(). */
struct share {
	int64_t base;          /* bucket number of the first cell */
	struct series **series;
	size_t n, cap;
	struct table at;       /* hash of a key -> its series */
	struct table loaded;   /* hash of a provider -> 1 */
	struct table replies;  /* hash of a provider -> its replies */
	size_t unnamed;        /* replies of those with no name */
	int64_t near;          /* the last provider found there */
	int64_t first_new, last_new; /* buckets with news are among these */
	struct table attempts; /* packed: see attempt_pack() */
	int64_t first_waits, last_waits; /* their buckets are among these */
};

/* The database knows all. */
static void
share_told(struct share *sh)
{
	sh->first_new = INT64_MAX;
	sh->last_new = INT64_MIN;
}

/* No attempt waits. */
static void
share_awaited(struct share *sh)
{
	table_clear(&sh->attempts);
	sh->first_waits = INT64_MAX;
	sh->last_waits = INT64_MIN;
}

static struct share *
share_of(struct store *s)
{
	if (s->share != NULL)
		return s->share;
	s->share = calloc(1, sizeof *s->share);
	if (s->share != NULL) {
		share_told(s->share);
		share_awaited(s->share);
	}
	return s->share;
}

void
share_forget(struct store *s)
{
	struct share *sh = s->share;

	if (sh == NULL)
		return;
	for (size_t i = 0; i < sh->n; i++) {
		if (sh->series[i]->cell != sh->series[i]->few)
			free(sh->series[i]->cell);
		free(sh->series[i]);
	}
	sh->n = 0;
	sh->base = 0;
	share_told(sh);
	table_clear(&sh->at);
	table_clear(&sh->loaded);
	share_awaited(sh);
	table_clear(&sh->replies);
	sh->unnamed = 0;
}

void
share_release(struct store *s)
{
	if (s->share == NULL)
		return;
	share_forget(s);
	table_release(&s->share->at);
	table_release(&s->share->loaded);
	table_release(&s->share->replies);
	table_release(&s->share->attempts);
	free(s->share->series);
	free(s->share);
	s->share = NULL;
}

static uint64_t
key_hash(const struct share_key *k)
{
	return table_mix(table_mix(table_mix(0, k->provider), k->class),
	    k->reply);
}

/* Takes room for one more reply, where there is any. */
static bool
reply_fits(struct share *sh, int64_t provider, struct err *e)
{
	int64_t *own = table_add(&sh->replies, table_mix(2, provider));

	if (own == NULL)
		return err_memory(e);
	if (*own >= SHARE_REPLIES_MAX || sh->n >= SHARE_SERIES_MAX ||
	    (provider < 0 && sh->unnamed >= SHARE_UNNAMED_MAX))
		return false;
	++*own;
	sh->unnamed += provider < 0;
	return true;
}

/* NULL without an error: there are too many. */
static struct series *
series_of(struct share *sh, const struct share_key *k, struct err *e)
{
	uint64_t hash = key_hash(k);
	int64_t *at = table_find(&sh->at, hash);
	struct series *se;

	if (at != NULL) {
		memcpy(&se, at, sizeof se);
		return se;
	}
	if (k->reply != 0 && !reply_fits(sh, k->provider, e))
		return NULL;
	if (sh->n == sh->cap) {
		size_t cap = sh->cap == 0 ? 64 : sh->cap * 2;
		struct series **more = realloc(sh->series, cap * sizeof *more);

		if (more == NULL)
			goto memory;
		sh->series = more;
		sh->cap = cap;
	}
	se = calloc(1, sizeof *se);
	at = se == NULL ? NULL : table_add(&sh->at, hash);
	if (at == NULL) {
		free(se);
		goto memory;
	}
	se->key = *k;
	se->cell = se->few;
	se->cap = COUNT(se->few);
	sh->series[sh->n++] = se;
	memcpy(at, &se, sizeof se);
	return se;
memory:
	err_memory(e);
	return NULL;
}

static bool
cells_grow(struct series *se)
{
	bool few = se->cell == se->few;
	struct cell *more = realloc(few ? NULL : se->cell,
	    (size_t)se->cap * 2 * sizeof *more);

	if (more == NULL)
		return false;
	if (few)
		memcpy(more, se->few, sizeof se->few);
	se->cell = more;
	se->cap *= 2;
	return true;
}

/* The cell of that number, made when there is none: what comes is mostly of the
 * last. NULL: no memory. */
static struct cell *
cell_of(struct series *se, int64_t at)
{
	int32_t i = se->n;

	while (i > 0 && se->cell[i - 1].at > at)
		i--;
	if (i > 0 && se->cell[i - 1].at == at)
		return &se->cell[i - 1];
	if (se->n == se->cap && !cells_grow(se))
		return NULL;
	memmove(se->cell + i + 1, se->cell + i,
	    (size_t)(se->n - i) * sizeof *se->cell);
	se->cell[i] = (struct cell){ .at = (int32_t)at };
	se->n++;
	return &se->cell[i];
}

static bool
provider_load(struct store *s, int64_t provider, struct err *e)
{
	struct share *sh = s->share;
	struct stmt *st = db_bind(s->db, SQL_SHARE_LOAD, e, "iii", provider,
	    sh->base * SHARE_BUCKET, (sh->base + CELLS) * SHARE_BUCKET);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct share_key k = { provider, db_int(st, 1),
			db_int(st, 2) };
		struct series *se = series_of(sh, &k, e);
		struct cell *c = se == NULL ? NULL : cell_of(se,
		    db_int(st, 0) / SHARE_BUCKET - sh->base);

		if (c == NULL && (se != NULL || e->code != 0)) {
			err_memory(e);
			got = DB_FAILED;
			break;
		}
		if (c == NULL)
			continue;
		c->n += (int32_t)db_int(st, 3);
		c->accepted += (int32_t)db_int(st, 4);
	}
	db_done(st);
	return st != NULL && got != DB_FAILED;
}

/* Cells with news, on their way into the database. */
struct news {
	int64_t base;
	size_t n;
	struct {
		const struct share_key *key;
		struct cell *cell;
	} of[256];
};

static void
news_get(const void *ctx, size_t i, struct db_row *out)
{
	const struct news *news = ctx;
	const struct share_key *k = news->of[i].key;
	const struct cell *c = news->of[i].cell;

	out->number[1] = k->provider;
	out->number[2] = (news->base + c->at) * SHARE_BUCKET;
	out->number[3] = k->class;
	out->number[4] = k->reply;
	out->number[5] = c->new_n;
	out->number[6] = c->new_accepted;
}

static bool
news_put(struct store *s, struct news *news, struct err *e)
{
	struct db_rows rows = { news->n, news_get, news };

	if (news->n > 0 && !db_run_rows(s->db, SQL_SHARE_PUT, &rows, e))
		return false;
	for (size_t i = 0; i < news->n; i++)
		news->of[i].cell->new_n = news->of[i].cell->new_accepted = 0;
	news->n = 0;
	return true;
}

static bool
series_flush(struct store *s, struct series *se, struct news *news,
    struct err *e)
{
	for (int32_t i = 0; i < se->n; i++) {
		struct cell *c = &se->cell[i];

		if (c->new_n == 0 && c->new_accepted == 0)
			continue;
		if (news->n == COUNT(news->of) && !news_put(s, news, e))
			return false;
		news->of[news->n].key = &se->key;
		news->of[news->n++].cell = c;
	}
	se->fresh = false;
	return true;
}

static bool attempts_fold(struct store *s, struct err *e);

bool
share_flush(struct store *s, struct err *e)
{
	struct share *sh = s->share;
	struct news news = { .n = 0 };

	if (sh == NULL)
		return true;
	if (!attempts_fold(s, e))
		return false;
	if (sh->first_new > sh->last_new)
		return true;
	news.base = sh->base;
	for (size_t i = 0; i < sh->n; i++)
		if (sh->series[i]->fresh &&
		    !series_flush(s, sh->series[i], &news, e))
			return false;
	if (!news_put(s, &news, e))
		return false;
	share_told(sh);
	return true;
}

/* Makes what is in memory hold the time, with the day before it, and the
 * provider. */
static bool
share_reach(struct store *s, int64_t provider, int64_t time, struct err *e)
{
	struct share *sh = share_of(s);
	int64_t bucket = time / SHARE_BUCKET, *at;

	if (sh == NULL)
		return err_memory(e);
	if (bucket < sh->base || bucket >= sh->base + CELLS) {
		if ((sh->n > 0 || sh->attempts.n > 0) && !share_flush(s, e))
			return false;
		share_forget(s);
		sh->base = bucket - DAY_CELLS;
	}
	if (provider == sh->near && sh->loaded.n > 0)
		return true;
	at = table_add(&sh->loaded, table_mix(1, provider));
	if (at == NULL)
		return err_memory(e);
	sh->near = provider;
	if (*at != 0)
		return true;
	*at = 1;
	return provider_load(s, provider, e);
}

static void
share_news(struct share *sh, int64_t bucket)
{
	if (bucket < sh->first_new)
		sh->first_new = bucket;
	if (bucket > sh->last_new)
		sh->last_new = bucket;
}

bool
share_add(struct store *s, const struct share_key *k, int64_t time, int64_t n,
    int64_t accepted, struct err *e)
{
	struct series *se;
	struct cell *c;
	int64_t at;

	if (!share_reach(s, k->provider, time, e))
		return false;
	se = series_of(s->share, k, e);
	if (se == NULL)
		return e->code == 0;
	at = time / SHARE_BUCKET - s->share->base;
	c = cell_of(se, at);
	if (c == NULL)
		return err_memory(e);
	if (at >= se->day.first && at <= se->day.last) {
		se->day.sum.n += n;
		se->day.sum.accepted += accepted;
	}
	c->n += (int32_t)n;
	c->accepted += (int32_t)accepted;
	c->new_n += (int32_t)n;
	c->new_accepted += (int32_t)accepted;
	se->fresh = true;
	share_news(s->share, time / SHARE_BUCKET);
	return true;
}

bool
share_crowded(struct store *s, const struct share_key *k, int64_t time,
    bool *crowded, struct err *e)
{
	*crowded = false;
	if (k->reply == 0)
		return true;
	if (!share_reach(s, k->provider, time, e))
		return false;
	*crowded = series_of(s->share, k, e) == NULL;
	return e->code == 0;
}

/* 14 bits of group, 26 of bucket, 24 of provider. */
#define PROVIDER_BITS 0xffffffu

static uint64_t
attempt_pack(int64_t provider, int64_t group, int64_t bucket)
{
	return (uint64_t)group << 50 | (uint64_t)bucket << 24 |
	    ((uint64_t)provider & PROVIDER_BITS);
}

static void
attempt_unpack(uint64_t key, struct share_key *k, int64_t *time)
{
	*k = (struct share_key){ .provider = (int64_t)(key & PROVIDER_BITS),
		.class = (int64_t)(key >> 50) };
	if (k->provider > (int64_t)PROVIDER_BITS / 2) /* a negative one */
		k->provider -= (int64_t)PROVIDER_BITS + 1;
	*time = (int64_t)(key >> 24 & 0x3ffffff) * SHARE_BUCKET;
}

static bool
attempt_add(struct share *sh, int64_t provider, int64_t group, int64_t bucket)
{
	int64_t *n = table_add(&sh->attempts,
	    attempt_pack(provider, group, bucket));

	if (n == NULL)
		return false;
	++*n;
	return true;
}

bool
share_attempt(struct store *s, int64_t provider, int64_t group, int64_t time,
    struct err *e)
{
	struct share *sh = share_of(s);
	int64_t bucket = time / SHARE_BUCKET;

	if (sh == NULL || !attempt_add(sh, provider, group, bucket) ||
	    !attempt_add(sh, 0, group, bucket))
		return err_memory(e);
	sh->first_waits = bucket < sh->first_waits ? bucket : sh->first_waits;
	sh->last_waits = bucket > sh->last_waits ? bucket : sh->last_waits;
	return true;
}

/* Attempts are counted apart, since there are so many. */
static bool
attempts_fold(struct store *s, struct err *e)
{
	struct share *sh = s->share;
	struct table waiting = sh->attempts;
	bool ok = true;

	if (waiting.n == 0)
		return true;
	/* Reaching out flushes, and so comes here again. */
	sh->attempts = (struct table){ 0 };
	share_awaited(sh);
	for (size_t i = 0; i < waiting.cap && ok; i++) {
		struct share_key k;
		int64_t time;

		if (waiting.rows[i].key == 0)
			continue;
		attempt_unpack(waiting.rows[i].key, &k, &time);
		ok = share_add(s, &k, time, waiting.rows[i].value, 0, e);
	}
	table_clear(&waiting);
	table_release(&sh->attempts);
	sh->attempts = waiting;
	return ok;
}

/* Those of the buckets from first to last that wait to be folded. */
static int64_t
attempts_waiting(const struct share *sh, const struct share_key *k,
    int64_t first, int64_t last)
{
	int64_t n = 0;

	if (k->reply != 0 || sh->attempts.n == 0)
		return 0;
	first = first < sh->first_waits ? sh->first_waits : first;
	last = last > sh->last_waits ? sh->last_waits : last;
	for (int64_t i = first; i <= last; i++) {
		const int64_t *one = table_find(&sh->attempts,
		    attempt_pack(k->provider, k->class, i));

		n += one == NULL ? 0 : *one;
	}
	return n;
}

/* The sum of the cells from first to last, those before the first one left
 * out. */
static struct share_sum
series_sum(struct series *se, int64_t first, int64_t last, bool keep)
{
	struct share_sum sum = { 0 };

	if (se->day.last > 0 && se->day.first == first && se->day.last == last)
		return se->day.sum;
	for (int32_t i = se->n; i-- > 0 && se->cell[i].at >= first;)
		if (se->cell[i].at <= last) {
			sum.n += se->cell[i].n;
			sum.accepted += se->cell[i].accepted;
		}
	if (keep)
		se->day = (struct window){ first, last, sum };
	return sum;
}

#define WAITS_MAX 8 /* buckets of attempts that are looked through each time */

bool
share_recent(struct store *s, const struct share_key *k, int64_t time,
    int64_t span, struct share_sum *out, struct err *e)
{
	struct share *sh = share_of(s);
	int64_t last, first;
	struct series *se;

	*out = (struct share_sum){ 0 };
	if (sh == NULL)
		return err_memory(e);
	if (sh->attempts.n > 0 &&
	    sh->last_waits > sh->first_waits + WAITS_MAX &&
	    !attempts_fold(s, e))
		return false;
	if (!share_reach(s, k->provider, time, e))
		return false;
	se = series_of(sh, k, e);
	if (se == NULL)
		return e->code == 0;
	last = time / SHARE_BUCKET - sh->base;
	first = last - (span + SHARE_BUCKET - 1) / SHARE_BUCKET;
	if (span >= DAY_CELLS * SHARE_BUCKET)
		first++;
	first = first < 0 ? 0 : first;
	*out = series_sum(se, first, last, span > LONG_SPAN);
	out->n += attempts_waiting(sh, k, sh->base + first, sh->base + last);
	return true;
}

bool
share_write(struct store *s, int64_t from, int64_t to, struct err *e)
{
	const struct share *sh = s->share;

	if (sh == NULL)
		return true;
	return attempts_fold(s, e) &&
	    (sh->first_new > sh->last_new ||
	    sh->first_new * SHARE_BUCKET >= to ||
	    sh->last_new * SHARE_BUCKET < from || share_flush(s, e));
}
