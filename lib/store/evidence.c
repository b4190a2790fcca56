/* evidence.c - one failure or complaint each; what a delivery clears. */
#include <stdlib.h>

#include "base/array.h"
#include "base/clock.h"
#include "store/inside.h"
#include "wrap/hash.h"

bool
evidence_watch(struct store *s, struct str address, struct err *e)
{
	return soft_add(s, address, e);
}

bool
evidence_last(struct store *s, int64_t *last, struct err *e)
{
	*last = 0;
	return db_one(s->db, SQL_EVIDENCE_LAST, last, e, "");
}

bool
evidence_any_open(struct store *s, struct str address, bool *any,
    struct err *e)
{
	struct stmt *st;
	enum db_got got;

	wait_about(s, WAIT_EVIDENCE, address);
	st = db_bind(s->db, SQL_EVIDENCE_OPEN, e, "t", address);
	got = st == NULL ? DB_FAILED : db_step(st, e);
	*any = got == DB_ROW;
	db_done(st);
	return got != DB_FAILED;
}

bool
evidence_trust(struct store *s, const struct evidence *ev, struct err *e)
{
	const struct evidence_fact *f = &ev->fact;

	return db_run(s->db, SQL_EVIDENCE_TRUST, e, "tiiiiii", ev->address,
	    f->time, (int64_t)f->kind, ev->sub, (int64_t)f->trust,
	    (int64_t)f->state, evidence_clears(f));
}

bool
evidence_maybe_soft(struct store *s, uint64_t hash)
{
	return soft_has(s, hash);
}

void
evidence_ahead(const struct store *s, uint64_t hash)
{
	soft_ahead(s, hash);
}

void
evidence_add_ahead(const struct store *s, uint64_t hash)
{
	soft_ahead(s, hash);
	known_ahead(s, hash);
}

int64_t
evidence_clears(const struct evidence_fact *f)
{
	if (policy_clearable(f))
		return f->kind == KIND_B || f->kind == KIND_T ? 1 : 2;
	return f->kind == KIND_B &&
	    policy_counts(f->kind, f->class, f->strength) ? 3 : 0;
}

/* The address's first evidence need not be read back, once there is room. */
static void
rows_begin(struct store *s, const struct evidence *ev)
{
	s->rows_at = -1;
	s->n_rows = 0;
	if (s->cap_rows == 0 ||
	    !str_copy(ev->address, s->rows_of, sizeof s->rows_of))
		return;
	s->rows[0] = (struct evidence_brief){ ev->fact, ev->scope };
	s->rows[0].fact.message_day = ev->fact.time / CLOCK_DAY;
	s->rows[0].fact.delivered = ev->marked;
	s->n_rows = 1;
	s->rows_at = db_total_changes(s->db);
}

static bool
add_now(struct store *s, const struct evidence *ev, bool *added,
    struct err *e)
{
	const struct evidence_fact *f = &ev->fact;

	wait_about(s, WAIT_EVIDENCE, ev->address);
	if (!db_run(s->db, SQL_EVIDENCE_ADD, e, "tiiiiiiiiiiiiiiiiiiiiiiiiii",
	    ev->address, (int64_t)hash64(ev->address), f->time,
	    (int64_t)f->kind, ev->sub, (int64_t)f->class, (int64_t)f->strength,
	    (int64_t)f->state, ev->marked, evidence_clears(f),
	    (int64_t)f->message, ev->queued, ev->scope, f->rule, ev->provider,
	    ev->vmta, ev->ip, ev->cat, ev->code, ev->status, ev->reply,
	    ev->bulk, ev->stream, ev->offset, ev->length, ev->incident,
	    (int64_t)f->trust))
		return false;
	*added = db_changes(s->db) > 0;
	return true;
}

bool
evidence_add(struct store *s, const struct evidence *ev, bool *added,
    struct err *e)
{
	uint64_t hash = hash64(ev->address);
	bool first = !known_maybe(s, hash);

	*added = first;
	if (first ? !late_add(s, ev, e) : !add_now(s, ev, added, e))
		return false;
	if (*added && evidence_clears(&ev->fact) != 0 &&
	    !(first ? soft_add_new(s, hash, e) : soft_add(s, ev->address, e)))
		return false;
	if (first) {
		known_add(s, hash);
		rows_begin(s, ev);
	}
	return true;
}

static struct evidence_fact
fact_of(struct stmt *st)
{
	return (struct evidence_fact){
		.time = db_int(st, 0),
		.kind = (enum kind)db_int(st, 1),
		.class = (enum class)db_int(st, 2),
		.strength = (enum strength)db_int(st, 3),
		.message = (uint64_t)db_int(st, 4),
		.message_day = db_int(st, 0) / CLOCK_DAY,
		.state = (enum evidence_state)db_int(st, 5),
		.rule = db_int(st, 7),
		.trust = (enum trust)db_int(st, 9),
		.delivered = db_int(st, 8),
	};
}

static int
by_time(const void *a, const void *b)
{
	const struct evidence_fact *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

static void
facts_sort(struct evidence_fact *facts, size_t n)
{
	if (n > 1)
		qsort(facts, n, sizeof *facts, by_time);
}

#define ROWS_AT_ONCE 256  /* an address with more is read day by day */

/* Reads an address's rows, newest first, at most ROWS_AT_ONCE. Who asks again
 * before anything is written gets what was read. */
static bool
rows_read(struct store *s, struct str address, struct err *e)
{
	enum db_got got = DB_FAILED;
	struct stmt *st;

	if (s->batch && s->rows_at == db_total_changes(s->db) &&
	    str_eq(address, str_from(s->rows_of)))
		return true;
	s->rows_at = -1;
	s->n_rows = 0;
	wait_about(s, WAIT_EVIDENCE, address);
	st = db_bind(s->db, SQL_EVIDENCE_HISTORY, e, "ti", address,
	    (int64_t)ROWS_AT_ONCE);
	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct evidence_brief *rows = array_room(s->rows, s->n_rows,
		    &s->cap_rows, sizeof *rows, e);

		if (rows == NULL) {
			got = DB_FAILED;
			break;
		}
		s->rows = rows;
		s->rows[s->n_rows++] = (struct evidence_brief){
			fact_of(st), db_int(st, 6) };
	}
	db_done(st);
	if (got == DB_DONE && str_copy(address, s->rows_of, sizeof s->rows_of))
		s->rows_at = db_total_changes(s->db);
	return got == DB_DONE;
}

#define RETRY_LOOK_BACK 8
#define DAYS_LOOKED_AT 400
#define DAY_ROWS 512      /* rows of one day that are looked at, or of each
                           * kind where there are more */
#define DAY_FACTS 10      /* facts of one day and weight that are judged */
#define WEIGHED_ROWS 4096 /* rows in which weights are told apart: before them,
                           * a day's first facts must do */

/* Whether one can stand for the other: what strangers write never stands for
 * what we saw ourselves. */
static bool
is_alike(const struct evidence_fact *a, const struct evidence_fact *b)
{
	return a->class == b->class && a->kind == b->kind &&
	    a->strength == b->strength && a->trust == b->trust;
}

/*
 * Retries of one message on one day are one fact, the earliest. Looking back
 * over a few is enough to tell apart the messages that are retried side by
 * side. Whichever way the rows are read, the older time is kept.
 */
static bool
is_retry(struct evidence_fact *facts, size_t n, const struct evidence_fact *f)
{
	size_t stop = n > RETRY_LOOK_BACK ? n - RETRY_LOOK_BACK : 0;

	for (size_t i = n; i-- > stop;) {
		struct evidence_fact *o = &facts[i];

		if (f->kind == KIND_T && o->kind == KIND_T &&
		    o->class == f->class && o->state == f->state &&
		    o->message == f->message &&
		    o->message_day == f->message_day) {
			o->time = f->time < o->time ? f->time : o->time;
			return true;
		}
	}
	return false;
}

/* What a reading of facts looks for, and how far it has come. */
struct look {
	enum ladder ladder;
	int64_t scope;  /* 0: any */
	size_t n;       /* facts in the store's array */
	size_t day;     /* those of the day at hand begin here */
	size_t rows;    /* looked at, of all days */
};

/* Takes the fact if it is looked for. */
static bool
look_take(struct store *s, struct look *l, const struct evidence_fact *f,
    int64_t scope, struct err *e)
{
	struct evidence_fact *facts;

	if (policy_ladder(f->class) != l->ladder ||
	    (l->scope != 0 && scope != l->scope) ||
	    is_retry(s->facts, l->n, f))
		return true;
	facts = array_room(s->facts, l->n, &s->cap_facts, sizeof *facts, e);
	if (facts == NULL)
		return false;
	s->facts = facts;
	s->facts[l->n++] = *f;
	return true;
}

/* Whether the day has enough facts of its weight. */
static bool
is_enough(const struct store *s, const struct look *l,
    const struct evidence_fact *f)
{
	size_t n = 0;

	for (size_t i = l->day; i < l->n; i++)
		n += is_alike(&s->facts[i], f) &&
		    s->facts[i].state == f->state;
	return n >= DAY_FACTS;
}

/* Whether the day has enough of any weight, or there is no room for more. */
static bool
is_full(const struct look *l)
{
	return l->n == POLICY_FACTS_MAX ||
	    (l->rows >= WEIGHED_ROWS && l->n - l->day >= DAY_FACTS);
}

/* Takes facts of the day that begins at from. */
static bool
look_kinds(struct store *s, struct str address, int64_t from, enum kind first,
    enum kind last, struct look *l, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_EVIDENCE_DAY, e, "tiiiii",
	    address, from, from + CLOCK_DAY, (int64_t)first, (int64_t)last,
	    (int64_t)DAY_ROWS);
	bool ok = st != NULL;
	enum db_got got = DB_DONE;

	while (ok && !is_full(l) && (got = db_step(st, e)) == DB_ROW) {
		struct evidence_fact f = fact_of(st);

		ok = is_enough(s, l, &f) ||
		    look_take(s, l, &f, db_int(st, 6), e);
		l->rows++;
	}
	db_done(st);
	return ok && got != DB_FAILED;
}

/* Where there are too many to look at, no kind can crowd out another. */
static bool
look_day(struct store *s, struct str address, int64_t from, struct look *l,
    struct err *e)
{
	static const enum kind KINDS[] = { KIND_B, KIND_T, KIND_RB, KIND_F,
		KIND_MB, KIND_MF, KIND_MU };
	size_t before = l->rows;

	l->day = l->n;
	if (!look_kinds(s, address, from, KIND_NONE, KIND_MU, l, e))
		return false;
	if (l->rows - before < DAY_ROWS || before >= WEIGHED_ROWS)
		return true;
	l->n = l->day;
	for (size_t i = 0; i < COUNT(KINDS); i++)
		if (!look_kinds(s, address, from, KINDS[i], KINDS[i], l, e))
			return false;
	return true;
}

/*
 * An address about which very much is written: some facts of each day, the
 * newest day first. However many rows there are, the days are all seen, and
 * the work is bounded.
 */
static bool
look_by_days(struct store *s, struct str address, struct look *l,
    struct err *e)
{
	int64_t before = INT64_MAX;

	l->n = l->rows = 0;
	for (int i = 0; i < DAYS_LOOKED_AT &&
	    l->n + DAY_FACTS <= POLICY_FACTS_MAX; i++) {
		int64_t last;

		if (!db_one(s->db, SQL_EVIDENCE_BEFORE, &last, e, "ti",
		    address, before))
			return false;
		if (last < 0)
			return true;
		before = last - last % CLOCK_DAY;
		if (!look_day(s, address, before, l, e))
			return false;
	}
	return true;
}

bool
evidence_history(struct store *s, struct str address, enum ladder ladder,
    int64_t scope, const struct evidence_fact **facts, size_t *n,
    struct err *e)
{
	struct look l = { .ladder = ladder, .scope = scope };

	if (!rows_read(s, address, e))
		return false;
	for (size_t i = 0; i < s->n_rows; i++)
		if (!look_take(s, &l, &s->rows[i].fact, s->rows[i].scope, e))
			return false;
	if (s->n_rows == ROWS_AT_ONCE && !look_by_days(s, address, &l, e))
		return false;
	facts_sort(s->facts, l.n);
	*facts = s->facts;
	*n = l.n;
	return true;
}

bool
evidence_last_transient(struct store *s, const struct evidence *ev,
    struct evidence *out, bool *found, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_EVIDENCE_TRANSIENT, e, "tii",
	    ev->address, ev->fact.time, (int64_t)ev->fact.message);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*found = got == DB_ROW;
	if (got == DB_ROW) {
		out->fact.class = (enum class)db_int(st, 0);
		out->fact.strength = (enum strength)db_int(st, 1);
		out->fact.rule = db_int(st, 2);
		out->code = db_int(st, 3);
		out->status = db_int(st, 4);
		out->reply = db_int(st, 5);
	}
	db_done(st);
	return got != DB_FAILED;
}

/* The UTC day's begin, yet an hour at least: retries over midnight are one. */
static int64_t
day_of(int64_t time)
{
	int64_t into = time % CLOCK_DAY;

	return time - (into > 3600 ? into : 3600);
}

/* How it came: our own, a report, one that proves itself. Storms count these
 * apart, so what strangers write hides nothing from them. */
static int64_t
way_of(const struct evidence_fact *f)
{
	if (!kind_is_report(f->kind))
		return 0;
	return f->trust == TRUST_SIGNED ? 2 : 1;
}

static bool
crowd_count(struct store *s, const struct evidence *ev, int64_t many,
    struct evidence_crowd *out, struct err *e)
{
	const struct evidence_fact *f = &ev->fact;

	return db_one(s->db, SQL_EVIDENCE_CROWD, &out->today, e, "tiiiii",
	    ev->address, day_of(f->time), f->time, (int64_t)f->class, many,
	    way_of(f)) &&
	    db_one(s->db, SQL_EVIDENCE_ALIKE, &out->alike, e, "tiiiiiii",
	    ev->address, day_of(f->time), f->time, (int64_t)f->class, many,
	    (int64_t)f->kind, (int64_t)f->strength, (int64_t)f->trust);
}

static bool
still_counts(const struct evidence_fact *f)
{
	return f->state == EVIDENCE_COUNTS || f->state == EVIDENCE_HELD;
}

bool
evidence_today(struct store *s, const struct evidence *ev, int64_t many,
    struct evidence_crowd *out, struct err *e)
{
	const struct evidence_fact *f = &ev->fact;

	*out = (struct evidence_crowd){ 0 };
	if (!rows_read(s, ev->address, e))
		return false;
	out->alone = s->n_rows == 1;
	if (s->n_rows == ROWS_AT_ONCE)
		return crowd_count(s, ev, many, out, e);
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct evidence_fact *o = &s->rows[i].fact;

		if (o->class != f->class || o->time >= f->time ||
		    o->time < day_of(f->time) || way_of(o) != way_of(f) ||
		    o->state == EVIDENCE_UNVERIFIED)
			continue;
		out->today += out->today < many;
		out->alike += out->alike < many && is_alike(o, f) &&
		    still_counts(o);
	}
	return true;
}

bool
evidence_is_held(struct store *s, struct str address, enum ladder ladder,
    int64_t before, bool *is, struct err *e)
{
	*is = false;
	if (!rows_read(s, address, e))
		return false;
	if (s->n_rows == ROWS_AT_ONCE)
		return evidence_any_held(s, address, ladder, before, is, e);
	for (size_t i = 0; i < s->n_rows && !*is; i++) {
		const struct evidence_fact *f = &s->rows[i].fact;

		*is = f->state == EVIDENCE_HELD && f->time < before &&
		    (ladder == LADDER_NONE ||
		        policy_ladder(f->class) == ladder);
	}
	return true;
}

bool
evidence_scan(struct store *s, struct str address, seen_fn *fn, void *ctx,
    struct err *e)
{
	struct stmt *st = address.n == 0
	    ? db_bind(s->db, SQL_EVIDENCE_SCAN, e, "")
	    : db_bind(s->db, SQL_EVIDENCE_SCAN_ONE, e, "t", address);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct evidence_seen row = { .address = db_text(st, 0),
		    .time = db_int(st, 1), .kind = (enum kind)db_int(st, 2),
		    .class = (enum class)db_int(st, 3),
		    .strength = (enum strength)db_int(st, 4),
		    .scope = db_int(st, 5) };

		if (!fn(ctx, &row, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

static void
row_take(struct stmt *st, struct str address, struct evidence_row *row)
{
	*row = (struct evidence_row){
		.ev = { .address = address, .sub = db_int(st, 2),
		    .marked = db_int(st, 6), .queued = db_int(st, 8),
		    .code = db_int(st, 9), .status = db_int(st, 10),
		    .bulk = db_int(st, 11), .stream = db_int(st, 12),
		    .offset = db_int(st, 13), .length = db_int(st, 14),
		    .incident = db_int(st, 24) },
		.rule = db_text(st, 15), .provider = db_text(st, 16),
		.vmta = db_text(st, 17), .ip = db_text(st, 18),
		.scope = db_text(st, 19), .folded = db_text(st, 20),
		.sample = db_text(st, 21), .stream = db_text(st, 22),
		.cat = db_text(st, 23),
	};
	row->ev.fact = (struct evidence_fact){
		.time = db_int(st, 0), .kind = (enum kind)db_int(st, 1),
		.class = (enum class)db_int(st, 3),
		.strength = (enum strength)db_int(st, 4),
		.state = (enum evidence_state)db_int(st, 5),
		.message = (uint64_t)db_int(st, 7),
		.message_day = db_int(st, 0) / CLOCK_DAY,
		.trust = (enum trust)db_int(st, 25),
	};
}

bool
evidence_list(struct store *s, struct str address, evidence_fn *fn, void *ctx,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_EVIDENCE_LIST, e, "t", address);
	enum db_got got = DB_FAILED;
	struct evidence_row row;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		row_take(st, address, &row);
		if (!fn(ctx, &row, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}
