/* db_ours.c - functions and the table of rows in memory that statements use. */
#include "store/db_ours.h"

#include <stdlib.h>
#include <string.h>

#include "wrap/glib.h"
#include "wrap/hash.h"

#define FOLD_GROWS 12 /* times a text may grow when it is folded */

static struct str
value_text(sqlite3_value *v)
{
	const char *p = (const char *)sqlite3_value_text(v);

	return p == NULL ? STR("") : str_of(p, (size_t)sqlite3_value_bytes(v));
}

static bool
has_line(struct str text, struct str lines)
{
	while (lines.n > 0) {
		struct str line = str_sub(lines, 0, str_chr(lines, '\n'));

		if (line.n > 0 && str_find(text, line) < text.n)
			return true;
		lines = str_skip(lines, line.n + 1);
	}
	return false;
}

static void
sql_holds(sqlite3_context *ctx, int n, sqlite3_value **values)
{
	struct str text = value_text(values[0]);
	size_t cap = text.n * FOLD_GROWS + 1;
	char *folded = malloc(cap);

	(void)n;
	if (folded == NULL) {
		sqlite3_result_error_nomem(ctx);
		return;
	}
	if (!glib_fold(text, folded, cap)) /* no UTF-8 */
		for (size_t i = 0; i < text.n; i++)
			folded[i] = ascii_lower(text.p[i]);
	else
		text.n = strlen(folded);
	text.p = folded;
	sqlite3_result_int(ctx, has_line(text, value_text(values[1])));
	free(folded);
}

static void
sql_hash_of(sqlite3_context *ctx, int n, sqlite3_value **values)
{
	(void)n;
	sqlite3_result_int64(ctx, (int64_t)hash64(value_text(values[0])));
}

/* ---- rows in memory as a table, for db_run_rows() ---- */

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

static const sqlite3_module WAITING = {
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

int
db_ours(sqlite3 *raw, const struct db_rows *rows)
{
	static const struct { const char *name; int n;
		void (*fn)(sqlite3_context *, int, sqlite3_value **);
	} OURS[] = { { "holds", 2, sql_holds }, { "hash_of", 1, sql_hash_of } };
	int rc = SQLITE_OK;

	for (size_t i = 0; i < COUNT(OURS) && rc == SQLITE_OK; i++)
		rc = sqlite3_create_function(raw, OURS[i].name, OURS[i].n,
		    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
		    NULL, OURS[i].fn, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_create_module(raw, "waiting", &WAITING,
		    (void *)(uintptr_t)rows);
	return rc;
}
