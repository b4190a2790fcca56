/* report.c - what replies come, by volume. */
#include "store/groups.h"
#include "store/inside.h"
#include "store/report.h"

#define WHOLE 3 /* of a key of codes: provider, reply and class */

bool
report_unknowns(struct store *s, int64_t since, int64_t limit, unknown_fn *fn,
    void *ctx, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_REPORT_UNKNOWNS, e, "ii", since,
	    limit);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct unknown_row row = { .folded = db_text(st, 0),
		    .sample = db_text(st, 1), .provider = db_text(st, 2),
		    .n = db_int(st, 3), .first = db_int(st, 4),
		    .last = db_int(st, 5) };

		if (!fn(ctx, &row, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

/* Counts the rows of a statement: a group's key, then the time. Sorting them in
 * SQLite takes several times as long, and memory for all of them. */
static bool
gather(struct groups *g, struct stmt *st, struct err *e)
{
	int64_t key[GROUP_KEYS];
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		int64_t time = db_int(st, GROUP_KEYS);
		struct group *to;

		for (int i = 0; i < GROUP_KEYS; i++)
			key[i] = db_int(st, i);
		to = groups_at(g, key, e);
		if (to == NULL)
			break;
		group_add(to, 1, time, time);
	}
	db_done(st);
	return got == DB_DONE;
}

static bool
tell_categories(struct store *s, category_fn *fn, void *ctx, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_REPORT_CATEGORIES, e, "");
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct category_row row = { .category = db_text(st, 0),
		    .class = (enum class)db_int(st, 1),
		    .folded = db_text(st, 2), .sample = db_text(st, 3),
		    .rule = db_text(st, 4), .n = db_int(st, 5) };

		if (!fn(ctx, &row, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

bool
report_categories(struct store *s, int64_t since, category_fn *fn, void *ctx,
    struct err *e)
{
	struct groups g = { 0 };
	struct db_rows rows;
	bool ok = gather(&g, db_bind(s->db, SQL_REPORT_CATEGORIES_SCAN, e, "i",
	    since), e);

	rows = groups_rows(&g);
	db_rows_set(s->db, &rows);
	ok = ok && tell_categories(s, fn, ctx, e);
	db_rows_set(s->db, NULL);
	groups_release(&g);
	return ok;
}

static bool
gather_codes(struct store *s, const struct report_filter *f,
    struct groups *g, struct err *e)
{
	int64_t until = f->until == 0 ? INT64_MAX : f->until;
	int64_t provider, vmta;

	return word_find(s, f->provider, &provider, e) &&
	    word_find(s, f->vmta, &vmta, e) &&
	    gather(g, db_bind(s->db, SQL_REPORT_CODES_SCAN, e, "iiii",
	        f->since, until, provider, vmta), e);
}

static bool
tell_codes(struct store *s, int64_t limit, code_fn *fn, void *ctx,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_REPORT_CODES, e, "i", limit);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct code_row row = { .provider = db_text(st, 0),
		    .folded = db_text(st, 1), .sample = db_text(st, 2),
		    .class = (enum class)db_int(st, 3), .n = db_int(st, 4),
		    .first = db_int(st, 5), .last = db_int(st, 6),
		    .provider_id = db_int(st, 7), .reply_id = db_int(st, 8),
		    .vmta = db_text(st, 9), .ip = db_text(st, 10),
		    .rule = db_text(st, 11), .code = db_int(st, 12),
		    .status = db_int(st, 13) };

		if (!fn(ctx, &row, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

bool
report_codes(struct store *s, const struct report_filter *f, code_fn *fn,
    void *ctx, struct err *e)
{
	struct groups g = { 0 };
	struct db_rows rows;
	bool ok = gather_codes(s, f, &g, e) &&
	    groups_keep_most(&g, WHOLE, f->limit, e);

	rows = groups_rows(&g);
	db_rows_set(s->db, &rows);
	ok = ok && tell_codes(s, f->limit, fn, ctx, e);
	db_rows_set(s->db, NULL);
	groups_release(&g);
	return ok;
}
