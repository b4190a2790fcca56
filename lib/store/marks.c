/* marks.c - what counts no longer: evidence that was cleared by a delivery,
 * made void by a lift, or is held by an incident. */
#include <stdlib.h>

#include "base/array.h"
#include "store/inside.h"

/* Rows to be marked: collected first, since marking changes what is read. */
struct mark_row {
	int64_t key[3], clears, marked, state, was;
};

struct mark_list {
	struct mark_row *rows;
	size_t n, cap;
};

static bool
mark_push(struct mark_list *l, struct mark_row row, struct err *e)
{
	struct mark_row *rows = array_room(l->rows, l->n, &l->cap,
	    sizeof *rows, e);

	if (rows == NULL)
		return false;
	l->rows = rows;
	l->rows[l->n++] = row;
	return true;
}

/* `marked` is written as row has it. */
static bool
mark_as(struct store *s, struct str address, const struct mark_row *row,
    enum evidence_state state, int64_t bulk, struct err *e)
{
	return db_run(s->db, SQL_EVIDENCE_MARK, e, "tiiiiii", address,
	    row->key[0], row->key[1], row->key[2], (int64_t)state, row->marked,
	    bulk);
}

/* What a delivery says of one piece of evidence, and no more. */
static bool
mark_delivered(struct store *s, enum sql_name which, struct str address,
    const int64_t key[3], int64_t time, struct err *e)
{
	return db_run(s->db, which, e, "tiiii", address, key[0], key[1],
	    key[2], time);
}

/* A report remembers the first delivery after it; the policy looks whether
 * quiet days followed. So does strong evidence, for a storm to come. Whatever
 * else is soft, or held, is cleared at once; what is void would be. */
static bool
is_dropped(const struct mark_row *c)
{
	int64_t state = c->state == EVIDENCE_VOID ? c->was : c->state;

	return c->clears == 1 || (state == EVIDENCE_HELD &&
	    (c->key[1] == KIND_B || c->key[1] == KIND_T));
}

static bool
clear_one(struct store *s, struct str address, struct mark_row *c,
    int64_t time, struct evidence_told *out, struct err *e)
{
	if (!is_dropped(c)) {
		out->noted += c->clears == 2 && c->state == EVIDENCE_COUNTS;
		return mark_delivered(s, SQL_EVIDENCE_DELIVERED, address,
		    c->key, time, e);
	}
	/* Nothing stands on it now: nobody has to judge anew. */
	if (c->state == EVIDENCE_VOID)
		return mark_delivered(s, SQL_EVIDENCE_VOID_CLEAR, address,
		    c->key, time, e);
	out->cleared++;
	c->marked = time;
	return mark_as(s, address, c, EVIDENCE_CLEARED, 0, e);
}

/* Where a delivery leaves the state as it is, it leaves its time there, unless
 * that of an earlier one is there. */
static bool
cleared_before(const struct mark_row *c, int64_t time)
{
	return c->state == EVIDENCE_CLEARED || (c->state == EVIDENCE_VOID &&
	    c->was == EVIDENCE_CLEARED) || (!is_dropped(c) &&
	    c->marked != 0 && c->marked <= time);
}

#define CLEARED_BEFORE 64 /* rows in a row that earlier deliveries cleared */
#define CLEARED_ROWS 2000 /* rows that are looked at */

struct looked_at {
	unsigned rows, before;
};

static bool
is_enough(const struct looked_at *l)
{
	return l->rows == CLEARED_ROWS || l->before == CLEARED_BEFORE;
}

/* What a delivery may clear, newest first, to where earlier ones have seen to
 * our own rows. However much others report, it does not end that. */
static bool
find_clearable(struct store *s, struct str address, int64_t time,
    struct mark_list *l, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_EVIDENCE_CLEARABLE, e, "ti",
	    address, time);
	struct looked_at ours = { 0 }, others = { 0 };
	enum db_got got = DB_FAILED;

	while (st != NULL && !is_enough(&ours) &&
	    (got = db_step(st, e)) == DB_ROW) {
		struct mark_row c = {
			{ db_int(st, 0), db_int(st, 1), db_int(st, 2) },
			db_int(st, 3), db_int(st, 4), db_int(st, 5),
			db_int(st, 6) };
		struct looked_at *at = c.key[1] == KIND_B ||
		    c.key[1] == KIND_T ? &ours : &others;
		bool done = cleared_before(&c, time);

		if (is_enough(at))
			continue;
		at->rows++;
		if (db_int(st, 7) == 0)
			continue;
		at->before = done ? at->before + 1 : 0;
		if (!done && !mark_push(l, c, e)) {
			got = DB_FAILED;
			break;
		}
	}
	db_done(st);
	return st != NULL && got != DB_FAILED;
}

bool
evidence_clear(struct store *s, struct str address, int64_t time,
    struct evidence_told *out, struct err *e)
{
	struct mark_list l = { 0 };
	bool ok;

	*out = (struct evidence_told){ 0 };
	wait_about(s, WAIT_EVIDENCE, address);
	ok = find_clearable(s, address, time, &l, e);
	for (size_t i = 0; i < l.n && ok; i++)
		ok = clear_one(s, address, &l.rows[i], time, out, e);
	free(l.rows);
	return ok;
}

/* Whether the lifted entry, of that scope's word, can stand on it. */
static bool
lift_takes(const struct entry_lift *l, int64_t scope, struct stmt *st)
{
	enum ladder ladder = policy_ladder(l->class);

	return policy_ladder((enum class)db_int(st, 3)) == ladder &&
	    scope == (policy_ladder_info(ladder)->stream ? db_int(st, 4) : 0);
}

bool
evidence_void(struct store *s, const struct entry_lift *l, struct err *e)
{
	struct mark_list rows = { 0 };
	enum db_got got = DB_FAILED;
	struct stmt *st;
	int64_t scope;

	if (!entry_scope(s, l->scope, &scope, e))
		return false;
	st = db_bind(s->db, SQL_EVIDENCE_OF, e, "ti", l->address, l->upto);
	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		if (lift_takes(l, scope, st) &&
		    !mark_push(&rows, (struct mark_row){ { db_int(st, 0),
		    db_int(st, 1), db_int(st, 2) },
		    .marked = db_int(st, 5) }, e)) {
			got = DB_FAILED;
			break;
		}
	}
	db_done(st);
	/* The delivery that was noted stands there still after an undo. */
	for (size_t i = 0; i < rows.n && got == DB_DONE; i++)
		if (!mark_as(s, l->address, &rows.rows[i], EVIDENCE_VOID,
		    l->bulk, e))
			got = DB_FAILED;
	free(rows.rows);
	return got == DB_DONE;
}

static bool
mark_held(struct store *s, struct str address, const int64_t key[3],
    int64_t incident, struct err *e)
{
	return db_run(s->db, SQL_EVIDENCE_MARK_HELD, e, "tiiii", address,
	    key[0], key[1], key[2], incident) &&
	    soft_add(s, address, e);
}

bool
evidence_hold_one(struct store *s, const struct evidence *ev,
    int64_t incident, struct err *e)
{
	int64_t key[3] = { ev->fact.time, (int64_t)ev->fact.kind, ev->sub };

	if (late_hold(s, ev, incident))
		return soft_add(s, ev->address, e);
	return mark_held(s, ev->address, key, incident, e);
}

static bool
group_has(const struct evidence_group *g, struct stmt *st)
{
	enum kind k = (enum kind)db_int(st, 1);
	bool report = kind_is_report(k);

	return (k == KIND_B || k == KIND_T || report) &&
	    report == g->reports && (!report ||
	        g->is_signed == (db_int(st, 6) == TRUST_SIGNED)) &&
	    (g->provider == 0 || g->provider == db_int(st, 4)) &&
	    (g->reply == 0 || g->reply == db_int(st, 5)) &&
	    g->has(g->group, (enum class)db_int(st, 3));
}

bool
evidence_hold(struct store *s, struct str address,
    const struct evidence_group *g, int64_t incident,
    struct evidence_held *out, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_EVIDENCE_IN, e, "ti", address,
	    g->from);
	struct mark_list l = { 0 };
	enum db_got got = DB_FAILED;
	bool ok;

	*out = (struct evidence_held){ 0 };
	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		if (!group_has(g, st))
			continue;
		if (db_int(st, 7) > out->delivered)
			out->delivered = db_int(st, 7);
		if (!mark_push(&l, (struct mark_row){ { db_int(st, 0),
		    db_int(st, 1), db_int(st, 2) }, 0, 0, 0, 0 }, e)) {
			got = DB_FAILED;
			break;
		}
	}
	db_done(st);
	ok = got == DB_DONE;
	for (size_t i = 0; i < l.n && ok; i++)
		ok = mark_held(s, address, l.rows[i].key, incident, e);
	out->n = (int64_t)l.n;
	free(l.rows);
	return ok;
}

/* Which held rows of an address, and what held_mark() makes of them. */
struct held_want {
	enum ladder ladder; /* LADDER_NONE: any */
	int64_t incident;   /* 0: any */
	int64_t before;
	enum evidence_state state;
	int64_t bulk;
};

static bool
held_list(struct store *s, struct str address, const struct held_want *w,
    struct mark_list *l, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_EVIDENCE_OF_STATE, e, "tii",
	    address, w->before, (int64_t)EVIDENCE_HELD);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		enum ladder of = policy_ladder((enum class)db_int(st, 3));

		if ((w->ladder != LADDER_NONE && of != w->ladder) ||
		    (w->incident != 0 && db_int(st, 4) != w->incident))
			continue;
		if (!mark_push(l, (struct mark_row){ { db_int(st, 0),
		    db_int(st, 1), db_int(st, 2) },
		    .marked = db_int(st, 5) }, e)) {
			got = DB_FAILED;
			break;
		}
	}
	db_done(st);
	return got == DB_DONE;
}

static bool
held_mark(struct store *s, struct str address, const struct held_want *w,
    int64_t *n, struct err *e)
{
	struct mark_list l = { 0 };
	bool ok = held_list(s, address, w, &l, e);

	for (size_t i = 0; i < l.n && ok; i++)
		ok = mark_as(s, address, &l.rows[i], w->state, w->bulk, e);
	*n = (int64_t)l.n;
	free(l.rows);
	return ok;
}

bool
evidence_any_held(struct store *s, struct str address, enum ladder ladder,
    int64_t before, bool *is, struct err *e)
{
	struct held_want w = { .ladder = ladder, .before = before };
	struct mark_list l = { 0 };
	bool ok = held_list(s, address, &w, &l, e);

	*is = l.n > 0;
	free(l.rows);
	return ok;
}

bool
evidence_unhold(struct store *s, struct str address, enum ladder ladder,
    int64_t before, int64_t *n, struct err *e)
{
	struct held_want w = { .ladder = ladder, .before = before,
		.state = EVIDENCE_COUNTS };

	return held_mark(s, address, &w, n, e);
}

bool
evidence_settle(struct store *s, struct str address, enum ladder l,
    int64_t incident, bool drop, int64_t bulk, struct err *e)
{
	struct held_want w = { .ladder = l, .incident = incident,
		.before = INT64_MAX, .bulk = bulk,
		.state = drop ? EVIDENCE_VOID : EVIDENCE_COUNTS };
	int64_t n;

	return held_mark(s, address, &w, &n, e);
}
