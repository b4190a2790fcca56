/* wait.c - rows of the tables that the list grows by, put in many at a time. */
#include <stdlib.h>

#include "store/inside.h"
#include "wrap/hash.h"

#define WAIT_MAX 512 /* rows of a table that wait at most */

static const struct {
	unsigned table;
	enum sql_name put;
} OF[WAIT_COUNT] = {
	[WAIT_EVIDENCE] = { DB_TABLE_EVIDENCE, SQL_EVIDENCE_PUT },
	[WAIT_CHANGE] = { DB_TABLE_CHANGE, SQL_CHANGE_PUT },
	[WAIT_FRESH] = { DB_TABLE_FRESH, SQL_FRESH_PUT },
	[WAIT_ENTRY] = { DB_TABLE_ENTRY, SQL_ENTRY_ADD },
};

static void
get(const void *ctx, size_t i, struct db_row *out)
{
	*out = ((const struct db_row *)ctx)[i];
}

static void
forget(struct wait *w)
{
	w->n = 0;
	w->others = false;
	table_clear(&w->at);
	arena_release(&w->texts);
}

static bool
put_in(struct store *s, enum wait_table t, struct err *e)
{
	struct wait *w = &s->wait[t];
	struct db_rows rows = { w->n, get, w->row };
	bool ok;

	if (w->n == 0)
		return true;
	w->n = 0; /* the statement names the table, too */
	ok = db_run_rows(s->db, OF[t].put, &rows, e);
	forget(w);
	return ok;
}

struct db_row *
wait_row(struct store *s, enum wait_table t, struct str text, struct err *e)
{
	struct wait *w = &s->wait[t];
	struct db_row *row;
	int64_t *at;
	char *copy;

	if (w->n == WAIT_MAX && !put_in(s, t, e))
		return NULL;
	if (w->row == NULL)
		w->row = calloc(WAIT_MAX, sizeof *w->row);
	copy = arena_text(&w->texts, text);
	at = table_add(&w->at, hash64(text));
	if (w->row == NULL || copy == NULL || at == NULL) {
		err_memory(e);
		return NULL;
	}
	*at = (int64_t)w->n;
	row = &w->row[w->n++];
	row->text = str_of(copy, text.n);
	return row;
}

struct db_row *
wait_find(const struct store *s, enum wait_table t, struct str text)
{
	const struct wait *w = &s->wait[t];
	const int64_t *at = w->n == 0 ? NULL
	    : table_find(&w->at, hash64(text));

	return at != NULL && str_eq(w->row[*at].text, text) ? &w->row[*at]
	                                                    : NULL;
}

bool
wait_any(const struct store *s, enum wait_table t)
{
	return s->wait[t].n > 0;
}

void
wait_about(struct store *s, enum wait_table t, struct str text)
{
	struct wait *w = &s->wait[t];

	w->others = w->n > 0 && table_find(&w->at, hash64(text)) == NULL;
}

bool
wait_settle(void *store, unsigned tables, struct err *e)
{
	struct store *s = store;

	for (int t = 0; t < WAIT_COUNT; t++) {
		bool others = s->wait[t].others;

		if ((tables & OF[t].table) == 0)
			continue;
		s->wait[t].others = false;
		if (!others && !put_in(s, (enum wait_table)t, e))
			return false;
	}
	return true;
}

bool
wait_settle_all(struct store *s, struct err *e)
{
	for (int t = 0; t < WAIT_COUNT; t++) {
		s->wait[t].others = false;
		if (!put_in(s, (enum wait_table)t, e))
			return false;
	}
	return true;
}

void
wait_forget(struct store *s)
{
	for (int t = 0; t < WAIT_COUNT; t++)
		forget(&s->wait[t]);
}

void
wait_release(struct store *s)
{
	wait_forget(s);
	for (int t = 0; t < WAIT_COUNT; t++) {
		table_release(&s->wait[t].at);
		free(s->wait[t].row);
		s->wait[t].row = NULL;
	}
}
