/* replay.c - a copy of the database in which what came lately can come once
 * more. */
#include "store/replay.h"

#include <string.h>

#include "store/inside.h"

static bool
take_out(struct store *c, int64_t from, struct err *e)
{
	static const enum sql_name FROM[] = { SQL_REPLAY_AGAIN,
		SQL_REPLAY_DELIVERIES, SQL_REPLAY_EVIDENCE,
		SQL_REPLAY_UNCLEARED, SQL_REPLAY_UNHELD, SQL_REPLAY_ENTRIES,
		SQL_REPLAY_ENTRIES_BACK, SQL_REPLAY_KEYS,
		SQL_REPLAY_INCIDENTS, SQL_REPLAY_SHARES, SQL_REPLAY_FRESH,
		SQL_REPLAY_HORIZON };
	bool ok = db_run(c->db, SQL_REPLAY_TABLE, e, "");

	for (size_t i = 0; i < COUNT(FROM) && ok; i++)
		ok = db_run(c->db, FROM[i], e, "i", from);
	return ok && db_run(c->db, SQL_REPLAY_INDEX, e, "");
}

struct store *
replay_copy(struct store *s, int64_t from, struct err *e)
{
	struct store *c = store_copy(s, e);

	if (c == NULL || take_out(c, from, e))
		return c;
	store_close(c);
	return NULL;
}

bool
replay_deliver(struct store *copy, struct str address, int64_t time,
    struct err *e)
{
	return db_run(copy->db, SQL_REPLAY_DELIVER, e, "ti", address, time);
}

static struct evidence
row_take(struct stmt *st)
{
	return (struct evidence){ .address = db_text(st, 1),
		.fact = { .time = db_int(st, 2),
		    .kind = (enum kind)db_int(st, 3),
		    .class = (enum class)db_int(st, 5),
		    .strength = (enum strength)db_int(st, 6),
		    .state = (enum evidence_state)db_int(st, 7),
		    .message = (uint64_t)db_int(st, 8),
		    .message_day = db_int(st, 2) / 86400,
		    .rule = db_int(st, 11),
		    .trust = (enum trust)db_int(st, 19) },
		.sub = db_int(st, 4), .queued = db_int(st, 9),
		.scope = db_int(st, 10), .provider = db_int(st, 12),
		.vmta = db_int(st, 13), .ip = db_int(st, 14),
		.cat = db_int(st, 15), .code = db_int(st, 16),
		.status = db_int(st, 17), .reply = db_int(st, 18) };
}

bool
replay_rows(struct store *copy, struct replay_at *at, int64_t max,
    replay_fn *fn, void *ctx, int64_t *n, struct err *e)
{
	struct stmt *st = db_bind(copy->db, SQL_REPLAY_ROWS, e, "iii",
	    at->time, at->row, max);
	enum db_got got = DB_FAILED;

	*n = 0;
	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct evidence ev = row_take(st);

		at->row = db_int(st, 0);
		at->time = ev.fact.time;
		++*n;
		if (!fn(ctx, &ev, e))
			break;
	}
	db_done(st);
	return st != NULL && got != DB_FAILED && e->code == 0;
}

bool
replay_held(struct store *copy, replay_held_fn *fn, void *ctx, struct err *e)
{
	struct stmt *st = db_bind(copy->db, SQL_REPLAY_HELD, e, "");
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW)
		if (!fn(ctx, db_text(st, 0), (enum class)db_int(st, 1),
		    db_text(st, 2), (enum incident_kind)db_int(st, 3), e))
			break;
	db_done(st);
	return st != NULL && got != DB_FAILED && e->code == 0;
}

/* Whether any of it could still list the address. */
static bool
any_left(struct store *copy, struct str address, enum class c, bool *any,
    struct err *e)
{
	const struct evidence_fact *facts;
	size_t n;

	*any = false;
	if (!evidence_history(copy, address, policy_ladder(c), 0, &facts, &n,
	    e))
		return false;
	for (size_t i = 0; i < n; i++)
		*any |= facts[i].state == EVIDENCE_COUNTS ||
		    facts[i].state == EVIDENCE_HELD;
	return true;
}

bool
replay_dropped(struct store *copy, replay_dropped_fn *fn, void *ctx,
    struct err *e)
{
	struct stmt *st = db_bind(copy->db, SQL_REPLAY_DROPPED, e, "");
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		enum class c = (enum class)db_int(st, 1);
		bool any;

		if (!any_left(copy, db_text(st, 0), c, &any, e) ||
		    (!any && !fn(ctx, db_text(st, 0), c, e)))
			break;
	}
	db_done(st);
	return st != NULL && got != DB_FAILED && e->code == 0;
}

bool
replay_opened(struct store *s, int64_t from, int64_t n[REPLAY_KINDS],
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_REPLAY_OPENED, e, "i", from);
	enum db_got got = DB_FAILED;

	memset(n, 0, REPLAY_KINDS * sizeof *n);
	while (st != NULL && (got = db_step(st, e)) == DB_ROW)
		if (db_int(st, 0) > 0 && db_int(st, 0) < REPLAY_KINDS)
			n[db_int(st, 0)] = db_int(st, 1);
	db_done(st);
	return st != NULL && got != DB_FAILED;
}

bool
replay_now_held(struct store *s, int64_t *n, struct err *e)
{
	*n = 0;
	return db_one(s->db, SQL_REPLAY_NOW_HELD, n, e, "");
}
