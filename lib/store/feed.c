/* feed.c - the numbered changes in order: rows of their own and the runs of
 * imports as one. */
#include "store/inside.h"

/* So many numbers of small runs are sorted at once, about 120 bytes each (8 MB,
 * measured with 240,000 numbers in 400 runs); a run that has more is one scan of
 * its own, in the order of its keys. */
#define RUN_NUMBERS 65536

bool
run_next(struct store *s, int64_t after, struct run *out, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_RUN_LIST, e, "i", after);
	enum db_got got = DB_FAILED;
	int64_t n = 0;

	*out = (struct run){ 0 };
	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		int64_t first = db_int(st, 0) > after ? db_int(st, 0)
		    : after + 1;

		n += db_int(st, 1) - first + 1;
		if (out->last == 0)
			out->first = first;
		else if (n > RUN_NUMBERS)
			break;
		else
			out->many = true;
		out->last = db_int(st, 1);
	}
	db_done(st);
	return st != NULL && got != DB_FAILED;
}

struct stmt *
run_entries(struct store *s, const struct run *r, struct err *e)
{
	return db_bind(s->db, r->many ? SQL_RUNS_ENTRIES : SQL_RUN_ENTRIES, e,
	    "ii", r->first, r->last);
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

/* A change of a run without a row of its own; its import is where `runs` stands
 * then. */
static bool
run_row(struct stmt *rest, struct stmt *runs, struct change_row *out,
    struct err *e)
{
	enum db_got got = DB_ROW;

	*out = (struct change_row){ .n = db_int(rest, 12),
		.action = STR("add"), .address = db_text(rest, 0),
		.scope = db_text(rest, 1), .class = (enum class)db_int(rest, 2),
		.why = db_text(rest, 8), .bulk = db_int(rest, 10) };
	while (got == DB_ROW && db_int(runs, 1) < out->n)
		got = db_step(runs, e);
	if (got != DB_ROW)
		return e->code != 0 ? false
		    : err_set(e, EX_SOFTWARE, "change %lld is of no import",
		        (long long)out->n);
	out->at = db_int(runs, 2);
	out->who = db_text(runs, 3);
	return true;
}

/* Gives what has rows of its own and the rest of the runs to fn, by number. */
static bool
merge(struct stmt *own, struct stmt *rest, struct stmt *runs,
    struct reader *to, struct err *e)
{
	enum db_got a = db_step(own, e), b = db_step(rest, e);

	if (db_step(runs, e) != DB_ROW)
		b = DB_DONE;
	while (e->code == 0 && (a == DB_ROW || b == DB_ROW)) {
		bool is_own = b != DB_ROW ||
		    (a == DB_ROW && db_int(own, 0) < db_int(rest, 12));
		struct change_row row;

		if (is_own)
			row = row_of(own);
		else if (!run_row(rest, runs, &row, e))
			break;
		if (!give(to, &row, e))
			break;
		if (is_own)
			a = db_step(own, e);
		else
			b = db_step(rest, e);
	}
	return e->code == 0;
}

static bool
feed_run(struct store *s, const struct run *r, struct reader *to,
    struct err *e)
{
	struct stmt *own = NULL, *rest = NULL, *runs = NULL;
	bool ok;

	own = db_bind(s->db, SQL_FEED_ROWS, e, "ii", r->first - 1, r->last);
	if (own != NULL)
		rest = run_entries(s, r, e);
	if (rest != NULL)
		runs = db_bind(s->db, SQL_RUN_LIST, e, "i", r->first - 1);
	ok = runs != NULL && merge(own, rest, runs, to, e);
	db_done(own);
	db_done(rest);
	db_done(runs);
	return ok;
}

static bool
feed_all(struct store *s, int64_t after, struct reader *to, struct err *e)
{
	struct run r;

	for (;; after = r.last) {
		if (!run_next(s, after, &r, e))
			return false;
		if (r.last == 0 || to->enough)
			break;
		if (r.first > after + 1 &&
		    !feed_rows(s, after, r.first - 1, to, e))
			return false;
		if (!to->enough && !feed_run(s, &r, to, e))
			return false;
	}
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
