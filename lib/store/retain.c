/* retain.c - what is deleted by its age, and the floor below which nothing
 * counts any more. */
#include "store/retain.h"

#include "store/inside.h"

#define SLICE 10000 /* rows looked at */
#define LAST_TEXT STR("\xf4\x8f\xbf\xbf") /* behind every address */

/* Tables whose old rows stand together are deleted from the front; in others
 * the slices go along the key. */
static const struct retain_table {
	const char *name;
	enum sql_name count, delete, edge;
	bool walks;
} TABLES[] = {
	[RETAIN_EVIDENCE] = { "evidence", SQL_GC_COUNT_EVIDENCE,
		SQL_GC_EVIDENCE, SQL_GC_EDGE_EVIDENCE, true },
	[RETAIN_COUNTERS] = { "counters", SQL_GC_COUNT_COUNTERS,
		SQL_GC_COUNTERS, 0, false },
	[RETAIN_CHANGES] = { "changes", SQL_GC_COUNT_CHANGES,
		SQL_GC_CHANGES, SQL_GC_EDGE_CHANGES, true },
	[RETAIN_NOTICES] = { "notices", SQL_GC_COUNT_NOTICES,
		SQL_GC_NOTICES, 0, false },
	[RETAIN_SHARE] = { "share", SQL_GC_COUNT_SHARE, SQL_GC_SHARE, 0,
		false },
	[RETAIN_FRESH] = { "fresh", SQL_GC_COUNT_FRESH, SQL_GC_FRESH, 0,
		false },
	[RETAIN_STREAMS] = { "streams", SQL_GC_COUNT_STREAMS,
		SQL_GC_STREAMS, 0, false },
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
	struct stmt *st = db_bind(s->db, TABLES[what].count, e, "i", cut);
	bool ok = st != NULL && db_step(st, e) == DB_ROW;

	*n = ok ? db_int(st, 0) : 0;
	db_done(st);
	return ok;
}

/* Where the next slice ends; the table's end when it is the last. */
static bool
find_edge(struct store *s, struct retain_walk *w, char to[ADDRESS_MAX],
    int64_t *at, struct err *e)
{
	struct stmt *st = db_bind(s->db, TABLES[w->what].edge, e, "tii",
	    str_from(w->address), w->at, (int64_t)SLICE);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	w->done = got == DB_DONE || (got == DB_ROW &&
	    !str_copy(db_text(st, 0), to, ADDRESS_MAX));
	if (got == DB_ROW && !w->done)
		*at = db_int(st, 1);
	db_done(st);
	if (!w->done)
		return got != DB_FAILED;
	*at = INT64_MAX;
	return str_copy(LAST_TEXT, to, ADDRESS_MAX);
}

static bool
walk_slice(struct store *s, struct retain_walk *w, struct err *e)
{
	char to[ADDRESS_MAX] = "";
	int64_t at = 0;

	if (!find_edge(s, w, to, &at, e) ||
	    !db_run(s->db, TABLES[w->what].delete, e, "titii",
	        str_from(w->address), w->at, str_from(to), at, w->cut))
		return false;
	w->at = at;
	return str_copy(str_from(to), w->address, sizeof w->address);
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
