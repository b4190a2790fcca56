/* fresh.c - what the policy listed lately, by event time. */
#include "store/inside.h"

bool
fresh_add(struct store *s, const struct fresh *f, struct err *e)
{
	struct db_row *row;

	if (f->time < store_horizon(s) - STORE_FRESH_SPAN)
		return true;
	row = wait_row(s, WAIT_FRESH, f->address, e);
	if (row == NULL)
		return false;
	row->number[2] = f->time;
	row->number[3] = f->scope;
	row->number[4] = (int64_t)f->class;
	row->number[5] = f->provider;
	row->number[6] = f->reply;
	return true;
}

bool
fresh_list(struct store *s, const struct fresh *after, int64_t to,
    int64_t limit, fresh_fn *fn, void *ctx, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_FRESH_LIST, e, "itiiii",
	    after->time, after->address, after->scope, (int64_t)after->class,
	    to, limit);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct fresh f = { .time = db_int(st, 0),
			.address = db_text(st, 1), .scope = db_int(st, 2),
			.class = (enum class)db_int(st, 3),
			.provider = db_int(st, 4), .reply = db_int(st, 5) };

		if (!fn(ctx, &f, e))
			break;
	}
	db_done(st);
	return st != NULL && got != DB_FAILED && e->code == 0;
}
