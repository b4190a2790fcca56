/* feed.c - the numbered changes in order: rows of their own and the runs of
 * imports as one. */
#include "store/inside.h"

bool
run_some(struct store *s, enum sql_name which, int64_t key, struct run *runs,
    size_t *n, struct err *e)
{
	struct stmt *st = db_bind(s->db, which, e, "i", key);
	enum db_got got = DB_FAILED;

	*n = 0;
	while (st != NULL && *n < RUNS_AT_ONCE &&
	    (got = db_step(st, e)) == DB_ROW)
		runs[(*n)++] = (struct run){ db_int(st, 0), db_int(st, 1),
			db_int(st, 2), db_int(st, 3), db_int(st, 4) };
	db_done(st);
	return st != NULL && got != DB_FAILED;
}

const char *
change_action(int64_t action)
{
	static const char *const NAMES[] = { "?", "add", "change", "hold",
		"remove" };

	return action > 0 && action < (int64_t)COUNT(NAMES) ? NAMES[action]
	    : NAMES[0];
}

static struct change_row
row_of(struct stmt *st)
{
	return (struct change_row){ .n = db_int(st, 0), .at = db_int(st, 1),
		.action = str_from(change_action(db_int(st, 2))),
		.address = db_text(st, 3), .scope = db_text(st, 4),
		.class = (enum class)db_int(st, 5), .who = db_text(st, 6),
		.why = db_text(st, 7), .bulk = db_int(st, 8) };
}

/* Whom the changes go to, until he has enough. */
struct reader {
	change_fn *fn;
	void *ctx;
	bool enough;
};

static bool
give(struct reader *to, const struct change_row *row, struct err *e)
{
	to->enough = !to->fn(to->ctx, row, e);
	return !to->enough;
}

/* Rows of their own with numbers behind `after`, up to `upto`. */
static bool
feed_rows(struct store *s, int64_t after, int64_t upto, struct reader *to,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_FEED_ROWS, e, "ii", after, upto);
	enum db_got got = DB_FAILED;

	while (st != NULL && !to->enough && (got = db_step(st, e)) == DB_ROW) {
		struct change_row row = row_of(st);

		give(to, &row, e);
	}
	db_done(st);
	return e->code == 0;
}

/* A change of a run without a row of its own. */
static struct change_row
run_row(const struct run *r, struct str who, struct stmt *st)
{
	return (struct change_row){ .n = db_int(st, 0), .at = r->at,
		.action = STR("add"), .address = db_text(st, 1),
		.scope = db_text(st, 2), .class = (enum class)db_int(st, 3),
		.who = who, .why = db_text(st, 4), .bulk = r->bulk };
}

/* Gives both kinds of a run to fn, by number. One that has a row of its own is
 * told from that. */
static bool
merge(const struct run *r, struct str who, struct stmt *own,
    struct stmt *rest, struct reader *to, struct err *e)
{
	enum db_got a = db_step(own, e), b = db_step(rest, e);

	while (e->code == 0 && (a == DB_ROW || b == DB_ROW)) {
		int64_t n = a == DB_ROW ? db_int(own, 0) : INT64_MAX;
		int64_t m = b == DB_ROW ? db_int(rest, 0) : INT64_MAX;
		struct change_row row = n <= m ? row_of(own)
		    : run_row(r, who, rest);

		if (!give(to, &row, e))
			break;
		if (n <= m)
			a = db_step(own, e);
		if (m <= n)
			b = db_step(rest, e);
	}
	return e->code == 0;
}

static bool
feed_run(struct store *s, const struct run *r, int64_t after,
    struct reader *to, struct err *e)
{
	int64_t from = after >= r->first ? after + 1 : r->first;
	struct stmt *own = NULL, *rest = NULL;
	struct buf who = { 0 };
	bool ok = store_word_text(s, r->who, &who, e);

	if (ok)
		own = db_bind(s->db, SQL_FEED_ROWS, e, "ii", from - 1, r->last);
	if (own != NULL)
		rest = db_bind(s->db, SQL_RUN_ENTRIES, e, "ii", from, r->last);
	ok = rest != NULL && merge(r, buf_str(&who), own, rest, to, e);
	db_done(own);
	db_done(rest);
	buf_release(&who);
	return ok;
}

static bool
feed_all(struct store *s, int64_t after, struct reader *to, struct err *e)
{
	struct run runs[RUNS_AT_ONCE];
	size_t n;

	do {
		if (!run_some(s, SQL_RUN_LIST, after, runs, &n, e))
			return false;
		for (size_t i = 0; i < n; i++) {
			if (runs[i].first > after + 1 &&
			    !feed_rows(s, after, runs[i].first - 1, to, e))
				return false;
			if (!to->enough &&
			    !feed_run(s, &runs[i], after, to, e))
				return false;
			after = runs[i].last;
		}
	} while (n == RUNS_AT_ONCE && !to->enough);
	return to->enough || feed_rows(s, after, INT64_MAX, to, e);
}

/* One view of it all: what moves from a run to a row of its own between two
 * statements would be in neither. */
bool
change_feed(struct store *s, int64_t after, change_fn *fn, void *ctx,
    struct err *e)
{
	struct reader to = { .fn = fn, .ctx = ctx };
	bool ok;

	if (s->batch) /* which is such a view */
		return feed_all(s, after, &to, e);
	if (!store_read(s, e))
		return false;
	ok = feed_all(s, after, &to, e);
	store_read_done(s);
	return ok;
}

bool
store_moved(struct store *s, int64_t *version, struct err *e)
{
	return db_version(s->db, version, e);
}
