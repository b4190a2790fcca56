/* rows_in.c - rows in memory as a table of SQLite, so that one statement puts
 * all of them in. */
#include "store/rows_in.h"

#include <stdlib.h>

#include <sqlite3.h>

static const char COLUMNS[] = "CREATE TABLE waiting (c1, c2, c3, c4, c5, c6, "
    "c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, "
    "c22, c23, c24, c25, c26, c27, c28, c29, c30, c31, c32)";

struct waiting {
	sqlite3_vtab base;
	const struct db_rows *rows;
};

struct cursor {
	sqlite3_vtab_cursor base;
	size_t at;
	struct db_row row;
};

static const struct db_rows *
rows_of(const sqlite3_vtab_cursor *c)
{
	return ((const struct waiting *)(const void *)c->pVtab)->rows;
}

static int
connect(sqlite3 *raw, void *aux, int n, const char *const *words,
    sqlite3_vtab **out, char **why)
{
	struct waiting *w;
	int rc = sqlite3_declare_vtab(raw, COLUMNS);

	(void)n;
	(void)words;
	(void)why;
	if (rc != SQLITE_OK)
		return rc;
	/* No view or trigger of a damaged schema asks it. */
	sqlite3_vtab_config(raw, SQLITE_VTAB_DIRECTONLY);
	w = calloc(1, sizeof *w);
	if (w == NULL)
		return SQLITE_NOMEM;
	w->rows = aux;
	*out = &w->base;
	return SQLITE_OK;
}

static int
disconnect(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

/* All rows, in their order. */
static int
best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = 1;
	return SQLITE_OK;
}

static int
open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	struct cursor *c = calloc(1, sizeof *c);

	(void)table;
	if (c == NULL)
		return SQLITE_NOMEM;
	*out = &c->base;
	return SQLITE_OK;
}

static int
close_cursor(sqlite3_vtab_cursor *c)
{
	free(c);
	return SQLITE_OK;
}

static int
go_to(sqlite3_vtab_cursor *base, size_t at)
{
	struct cursor *c = (void *)base;
	const struct db_rows *rows = rows_of(base);

	c->at = at;
	if (at < rows->n)
		rows->get(rows->ctx, at, &c->row);
	return SQLITE_OK;
}

static int
filter(sqlite3_vtab_cursor *c, int index, const char *name, int n,
    sqlite3_value **values)
{
	(void)index;
	(void)name;
	(void)n;
	(void)values;
	return go_to(c, 0);
}

static int
next(sqlite3_vtab_cursor *c)
{
	return go_to(c, ((struct cursor *)(void *)c)->at + 1);
}

static int
at_end(sqlite3_vtab_cursor *c)
{
	return ((struct cursor *)(void *)c)->at >= rows_of(c)->n;
}

static int
column(sqlite3_vtab_cursor *c, sqlite3_context *to, int i)
{
	const struct db_row *row = &((struct cursor *)(void *)c)->row;

	if (i == 0 && row->text.p != NULL)
		sqlite3_result_text64(to, row->text.p, row->text.n,
		    SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_result_int64(to, row->number[i + 1]);
	return SQLITE_OK;
}

static int
row_id(sqlite3_vtab_cursor *c, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((struct cursor *)(void *)c)->at;
	return SQLITE_OK;
}

bool
rows_in_register(struct sqlite3 *raw, const struct db_rows *at)
{
	static const sqlite3_module MODULE = {
		.xConnect = connect,
		.xBestIndex = best_index,
		.xDisconnect = disconnect,
		.xOpen = open_cursor,
		.xClose = close_cursor,
		.xFilter = filter,
		.xNext = next,
		.xEof = at_end,
		.xColumn = column,
		.xRowid = row_id,
	};

	return sqlite3_create_module(raw, "waiting", &MODULE,
	    (void *)(uintptr_t)at) == SQLITE_OK;
}
