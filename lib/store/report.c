/* report.c - what replies come, by volume. */
#include "store/inside.h"

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

bool
report_categories(struct store *s, int64_t since, category_fn *fn, void *ctx,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_REPORT_CATEGORIES, e, "i", since);
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

static bool
filter_words(struct store *s, const struct report_filter *f, int64_t *provider,
    int64_t *vmta, struct err *e)
{
	return word_find(s, f->provider, provider, e) &&
	    word_find(s, f->vmta, vmta, e);
}

bool
report_codes(struct store *s, const struct report_filter *f, code_fn *fn,
    void *ctx, struct err *e)
{
	int64_t until = f->until == 0 ? INT64_MAX : f->until;
	int64_t provider, vmta;
	enum db_got got = DB_FAILED;
	struct stmt *st;

	if (!filter_words(s, f, &provider, &vmta, e))
		return false;
	st = db_bind(s->db, SQL_REPORT_CODES, e, "iiiii", f->since, until,
	    provider, vmta, f->limit);
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
