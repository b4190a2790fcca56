/* retain.c - what is deleted by its age, and the floor below which nothing
 * counts any more. */
#include "store/retain.h"

#include "store/inside.h"

#define SLICE 10000 /* rows looked at */

/* Tables whose old rows are found by their time are deleted from the front;
 * through changes the slices go along the number. */
static const struct retain_table {
	const char *name;
	enum sql_name count, delete;
	bool walks;
} TABLES[] = {
	[RETAIN_EVIDENCE] = { "evidence", SQL_GC_COUNT_EVIDENCE,
		SQL_GC_EVIDENCE, false },
	[RETAIN_COUNTERS] = { "counters", SQL_GC_COUNT_COUNTERS,
		SQL_GC_COUNTERS, false },
	[RETAIN_CHANGES] = { "changes", SQL_GC_COUNT_CHANGES,
		SQL_GC_CHANGES, true },
	[RETAIN_NOTICES] = { "notices", SQL_GC_COUNT_NOTICES,
		SQL_GC_NOTICES, false },
	[RETAIN_SHARE] = { "share", SQL_GC_COUNT_SHARE, SQL_GC_SHARE,
		false },
	[RETAIN_FRESH] = { "fresh", SQL_GC_COUNT_FRESH, SQL_GC_FRESH,
		false },
	[RETAIN_STREAMS] = { "streams", SQL_GC_COUNT_STREAMS,
		SQL_GC_STREAMS, false },
};

const char *
retain_name(enum retain what)
{
	return TABLES[what].name;
}

bool
retain_floor(struct store *s, int64_t floor, struct err *e)
{
	if (!db_run(s->db, SQL_LEVEL_RAISE, e, "ti", STR("floor"), floor))
		return false;
	s->floor = floor > s->floor ? floor : s->floor;
	return true;
}

bool
retain_count(struct store *s, enum retain what, int64_t cut, int64_t *n,
    struct err *e)
{
	*n = 0;
	return db_one(s->db, TABLES[what].count, n, e, "i", cut);
}

/* Where the next slice ends; the table's end when it is the last. */
static bool
find_edge(struct store *s, struct retain_walk *w, int64_t *to, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_GC_EDGE_CHANGES, e, "ii", w->at,
	    (int64_t)SLICE);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	w->done = got == DB_DONE;
	*to = got == DB_ROW ? db_int(st, 0) : INT64_MAX;
	db_done(st);
	return got != DB_FAILED;
}

static bool
walk_slice(struct store *s, struct retain_walk *w, struct err *e)
{
	int64_t to;

	if (!find_edge(s, w, &to, e) || !db_run(s->db, TABLES[w->what].delete,
	    e, "iii", w->at, to, w->cut))
		return false;
	w->at = to;
	return true;
}

/* Runs also when none is gone: a crash may have left some. */
static bool
after_streams(struct store *s, struct err *e)
{
	return db_run(s->db, SQL_GC_STREAM_HEADS, e, "") &&
	    db_run(s->db, SQL_GC_TALLIES_KEEP, e, "") &&
	    db_run(s->db, SQL_GC_TALLIES, e, "");
}

bool
retain_slice(struct store *s, struct retain_walk *w, struct err *e)
{
	const struct retain_table *t = &TABLES[w->what];
	int64_t n;

	if (t->walks) {
		if (!walk_slice(s, w, e))
			return false;
		w->deleted += db_changes(s->db);
		return true;
	}
	if (!db_run(s->db, t->delete, e, "ii", w->cut, (int64_t)SLICE))
		return false;
	n = db_changes(s->db);
	w->deleted += n;
	w->done = n < SLICE;
	return !w->done || w->what != RETAIN_STREAMS || after_streams(s, e);
}
