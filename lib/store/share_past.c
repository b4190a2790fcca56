/* share_past.c - sums of days gone by, which the database has. */
#include "store/inside.h"
#include "store/share.h"

bool
share_span(struct store *s, const struct share_key *k, int64_t from,
    int64_t to, struct share_sum *out, int64_t *hours, struct err *e)
{
	struct stmt *st;
	bool ok;

	if (!share_write(s, from, to, e))
		return false;
	st = db_bind(s->db, SQL_SHARE_SPAN, e, "iiiii", k->provider, from, to,
	    k->class, k->reply);
	ok = st != NULL && db_step(st, e) == DB_ROW;
	if (ok) {
		*out = (struct share_sum){ db_int(st, 0), db_int(st, 1) };
		if (hours != NULL)
			*hours = db_int(st, 2);
	}
	db_done(st);
	return ok;
}

bool
share_three(struct store *s, const struct share_key k[SHARE_THREE],
    int64_t from, int64_t to, struct share_sum out[SHARE_THREE], struct err *e)
{
	struct stmt *st;
	bool ok;

	if (!share_write(s, from, to, e))
		return false;
	st = db_bind(s->db, SQL_SHARE_THREE, e, "iiiiiii", k[0].provider, from,
	    to, k[0].reply, k[0].class, k[1].class, k[2].class);
	ok = st != NULL && db_step(st, e) == DB_ROW;
	for (int i = 0; ok && i < SHARE_THREE; i++)
		out[i] = (struct share_sum){ db_int(st, 2 * i),
			db_int(st, 2 * i + 1) };
	db_done(st);
	return ok;
}

bool
share_any(struct store *s, int64_t provider, int64_t upto, bool *any,
    struct err *e)
{
	int64_t found;

	if (!share_write(s, INT64_MIN, upto + 1, e) || !db_one(s->db,
	    SQL_SHARE_ANY, &found, e, "ii", provider, upto))
		return false;
	*any = found != 0;
	return true;
}
