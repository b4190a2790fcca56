/* db.c - one SQLite connection and its named statements. */
#include "store/db.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/file.h"
#include "store/holds.h"
#include "store/sql.h"
#include "wrap/hash.h"

struct stmt {
	sqlite3_stmt *raw;
	struct db *db;
	const char *name;
};

struct db {
	sqlite3 *raw;
	char *path;
	unsigned wait_ms;  /* for a lock */
	bool write;
	int64_t wal_pages; /* in the write-ahead log after our last commit */
	struct db_rows rows; /* of the table `waiting` */
	db_before_fn *before;
	void *before_ctx;
	struct stmt stmts[SQL_COUNT];
};

/* What the system says counts where it is of no file's mode: SQLite does not
 * tell it, and it may be of an earlier call. */
static bool
db_fail_open(struct db *d, const char *what, const char *why, struct err *e)
{
	int refused = sqlite3_system_errno(d->raw); /* NULL: 0 */
	const char *mend = err_mend(refused, NULL);

	if (mend != NULL)
		return err_set(e, EX_NOINPUT, "%s: %s: %s; %s", d->path, what,
		    strerror(refused), mend);
	return err_set(e, EX_NOINPUT, "%s: %s: %s; check the folder's owner "
	    "and mode, and that your user is in its group", d->path, what,
	    why);
}

/* SQLite's answer as our error; the mend depends on the kind. */
static bool
db_fail(struct db *d, int rc, const char *what, struct err *e)
{
	bool told = d->raw != NULL && sqlite3_errcode(d->raw) != SQLITE_OK;
	const char *why = told ? sqlite3_errmsg(d->raw) : sqlite3_errstr(rc);

	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(e, EX_TEMPFAIL, "%s: %s: the database is busy; "
		    "try again in a moment", d->path, what);
	case SQLITE_NOMEM:
		return err_memory(e);
	case SQLITE_FULL:
		return err_set(e, EX_IOERR, "%s: %s: %s; make room on the disk",
		    d->path, what, why);
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return err_set(e, EX_CONFIG, "%s: %s: %s; restore it from a "
		    "backup, or move it away and ingest the acct files again",
		    d->path, what, why);
	case SQLITE_READONLY:
		return err_set(e, EX_NOINPUT, "%s: %s: %s; %s", d->path, what,
		    why, d->write ? "only the folder's owner, or root, may "
		    "change the list" : "let the folder's owner run "
		    "'pmta-suppress status' once: readers need what it makes; "
		    "or copy it to a folder of yours");
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return db_fail_open(d, what, why, e);
	default:
		return err_set(e, EX_IOERR, "%s: %s: %s (%d); look at the disk "
		    "and the kernel's log", d->path, what, why,
		    sqlite3_extended_errcode(d->raw));
	}
}

/* The file keeps its size when the log begins anew, so the size says nothing
 * of what waits in it. */
static int
on_commit(void *ctx, sqlite3 *raw, const char *name, int pages)
{
	struct db *d = ctx;

	(void)raw;
	(void)name;
	d->wal_pages = pages;
	return SQLITE_OK;
}

static struct str
value_text(sqlite3_value *v)
{
	const char *p = (const char *)sqlite3_value_text(v);

	return p == NULL ? STR("") : str_of(p, (size_t)sqlite3_value_bytes(v));
}

static void
sql_holds(sqlite3_context *ctx, int n, sqlite3_value **values)
{
	bool is;

	(void)n;
	if (holds(value_text(values[0]), value_text(values[1]), &is))
		sqlite3_result_int(ctx, is);
	else
		sqlite3_result_error_nomem(ctx);
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

/* What statements ask of us: holds(text, lines) of holds.h, hash_of(text), and
 * the table `waiting`. */
static int
add_ours(struct db *d)
{
	static const struct { const char *name; int n;
		void (*fn)(sqlite3_context *, int, sqlite3_value **);
	} OURS[] = { { "holds", 2, sql_holds }, { "hash_of", 1, sql_hash_of } };
	int rc = SQLITE_OK;

	for (size_t i = 0; i < COUNT(OURS) && rc == SQLITE_OK; i++)
		rc = sqlite3_create_function(d->raw, OURS[i].name, OURS[i].n,
		    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
		    NULL, OURS[i].fn, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_create_module(d->raw, "waiting", &WAITING,
		    &d->rows);
	return rc;
}

/* SQLite refuses a link in the folder's path as it does one in the file's. */
static int
open_file(struct db *d, int flags)
{
	char *path = file_real_folder(d->path);
	int rc = path == NULL ? SQLITE_NOMEM
	    : sqlite3_open_v2(path, &d->raw, flags, NULL);

	free(path);
	return rc;
}

struct db *
db_open(const char *path, bool write, unsigned wait_ms, struct err *e)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
	    (write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
	           : SQLITE_OPEN_READONLY);
	struct db *d = calloc(1, sizeof *d);
	const char *what = "cannot open";
	int keep = 1, rc;

	if (d == NULL || (d->path = strdup(path)) == NULL) {
		free(d);
		err_memory(e);
		return NULL;
	}
	d->write = write;
	for (size_t i = 0; i < SQL_COUNT; i++)
		d->stmts[i] = (struct stmt){ NULL, d, SQL_TEXT[i].name };
	/* Nobody asks SQLite how much memory it has: no lock to count it.
	 * Refused, and no harm, once a database has been opened. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = open_file(d, flags);
	/* Who may only read is given that instead. */
	if (rc == SQLITE_OK && write &&
	    sqlite3_db_readonly(d->raw, "main") != 0)
		rc = SQLITE_READONLY;
	if (rc != SQLITE_OK)
		goto fail;
	what = "cannot set up";
	sqlite3_extended_result_codes(d->raw, 1);
	d->wait_ms = wait_ms;
	sqlite3_busy_timeout(d->raw, (int)wait_ms);
	sqlite3_db_config(d->raw, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(d->raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* A reader who may not write needs -wal and -shm to be there. */
	sqlite3_file_control(d->raw, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	/* In place of the automatic checkpoint: when is ours to say. */
	sqlite3_wal_hook(d->raw, on_commit, d);
	rc = add_ours(d);
	if (rc == SQLITE_OK)
		return d;
fail:
	db_fail(d, rc, what, e);
	db_close(d);
	return NULL;
}

void
db_close(struct db *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(d->stmts[i].raw);
	sqlite3_close(d->raw);
	free(d->path);
	free(d);
}

struct db *
db_copy(struct db *d, struct err *e)
{
	struct db *to = db_open("", true, 0, e);
	char *path = strdup(d->path);
	sqlite3_backup *b;
	int rc;

	if (to == NULL || path == NULL) {
		free(path);
		db_close(to);
		err_memory(e);
		return NULL;
	}
	free(to->path);
	to->path = path; /* what it says of errors is about a copy of this */
	b = sqlite3_backup_init(to->raw, "main", d->raw, "main");
	rc = b == NULL ? sqlite3_errcode(to->raw) : sqlite3_backup_step(b, -1);
	if (b != NULL)
		(void)sqlite3_backup_finish(b);
	if (rc == SQLITE_DONE)
		return to;
	db_fail(to, rc, "cannot copy it to where TMPDIR says", e);
	db_close(to);
	return NULL;
}

bool
db_exec(struct db *d, const char *sql, struct err *e)
{
	int rc = sqlite3_exec(d->raw, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK || db_fail(d, rc, "setting up", e);
}

bool
db_number(struct db *d, const char *sql, int64_t *out, struct err *e)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(d->raw, sql, -1, &st, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc == SQLITE_ROW || db_fail(d, rc, sql, e);
}

static bool
stmt_prepare(struct db *d, enum sql_name name, struct err *e)
{
	struct stmt *st = &d->stmts[name];
	int rc;

	if (st->raw != NULL)
		return true;
	rc = sqlite3_prepare_v3(d->raw, SQL_TEXT[name].text, -1,
	    SQLITE_PREPARE_PERSISTENT, &st->raw, NULL);
	return rc == SQLITE_OK || db_fail(d, rc, st->name, e);
}

static bool
stmt_bind(struct stmt *st, const char *types, va_list ap, struct err *e)
{
	int rc = SQLITE_OK;

	for (int i = 1; types[i - 1] != '\0' && rc == SQLITE_OK; i++) {
		if (types[i - 1] == 'i') {
			rc = sqlite3_bind_int64(st->raw, i,
			    va_arg(ap, int64_t));
			continue;
		}
		struct str s = va_arg(ap, struct str);
		rc = s.p == NULL ? sqlite3_bind_null(st->raw, i)
		    : sqlite3_bind_text64(st->raw, i, s.p, s.n, SQLITE_STATIC,
		        SQLITE_UTF8);
	}
	return rc == SQLITE_OK || db_fail(st->db, rc, st->name, e);
}

static struct stmt *
bind_list(struct db *d, enum sql_name name, struct err *e, const char *types,
    va_list ap)
{
	struct stmt *st = &d->stmts[name];

	if (SQL_TEXT[name].tables != 0 && d->before != NULL &&
	    !d->before(d->before_ctx, SQL_TEXT[name].tables, e))
		return NULL;
	if (!stmt_prepare(d, name, e))
		return NULL;
	if (!stmt_bind(st, types, ap, e)) {
		db_done(st);
		return NULL;
	}
	return st;
}

struct stmt *
db_bind(struct db *d, enum sql_name name, struct err *e, const char *types,
    ...)
{
	struct stmt *st;
	va_list ap;

	va_start(ap, types);
	st = bind_list(d, name, e, types, ap);
	va_end(ap);
	return st;
}

enum db_got
db_step(struct stmt *st, struct err *e)
{
	int rc = sqlite3_step(st->raw);

	if (rc == SQLITE_ROW)
		return DB_ROW;
	if (rc == SQLITE_DONE)
		return DB_DONE;
	db_fail(st->db, rc, st->name, e);
	return DB_FAILED;
}

int64_t
db_int(struct stmt *st, int column)
{
	return sqlite3_column_int64(st->raw, column);
}

struct str
db_text(struct stmt *st, int column)
{
	const unsigned char *p = sqlite3_column_text(st->raw, column);
	int n = sqlite3_column_bytes(st->raw, column);

	return p == NULL ? str_of("", 0) : str_of((const char *)p, (size_t)n);
}

void
db_done(struct stmt *st)
{
	if (st == NULL || st->raw == NULL)
		return;
	/* Every value is bound anew before the next step. */
	sqlite3_reset(st->raw);
}

bool
db_run(struct db *d, enum sql_name name, struct err *e, const char *types, ...)
{
	enum db_got got = DB_ROW;
	struct stmt *st;
	va_list ap;

	va_start(ap, types);
	st = bind_list(d, name, e, types, ap);
	va_end(ap);
	if (st == NULL)
		return false;
	while (got == DB_ROW)
		got = db_step(st, e);
	db_done(st);
	return got == DB_DONE;
}

bool
db_one(struct db *d, enum sql_name name, int64_t *out, struct err *e,
    const char *types, ...)
{
	struct stmt *st;
	va_list ap;
	bool ok;

	va_start(ap, types);
	st = bind_list(d, name, e, types, ap);
	va_end(ap);
	ok = st != NULL && db_step(st, e) == DB_ROW;
	if (ok)
		*out = db_int(st, 0);
	db_done(st);
	return ok;
}

bool
db_run_rows(struct db *d, enum sql_name name, const struct db_rows *rows,
    struct err *e)
{
	bool ok;

	db_rows_set(d, rows);
	ok = db_run(d, name, e, "");
	db_rows_set(d, NULL);
	return ok;
}

void
db_rows_set(struct db *d, const struct db_rows *rows)
{
	d->rows = (struct db_rows){ 0 };
	if (rows != NULL)
		d->rows = *rows;
}

void
db_before(struct db *d, db_before_fn *fn, void *ctx)
{
	d->before = fn;
	d->before_ctx = ctx;
}

bool
db_in_transaction(struct db *d)
{
	return sqlite3_get_autocommit(d->raw) == 0;
}

int64_t
db_changes(struct db *d)
{
	return sqlite3_changes64(d->raw);
}

int64_t
db_total_changes(struct db *d)
{
	return sqlite3_total_changes64(d->raw);
}

int64_t
db_last_id(struct db *d)
{
	return sqlite3_last_insert_rowid(d->raw);
}

bool
db_version(struct db *d, int64_t *out, struct err *e)
{
	return db_one(d, SQL_DATA_VERSION, out, e, "");
}

bool
db_in_place(struct db *d, struct err *e)
{
	int moved = 0;

	/* One without a file of its own says nothing. */
	(void)sqlite3_file_control(d->raw, "main", SQLITE_FCNTL_HAS_MOVED,
	    &moved);
	return moved == 0 || err_set(e, EX_IOERR, "%s: it was moved, deleted "
	    "or replaced while it was open; the pipe opens what is there now, "
	    "a command has to be run again", d->path);
}

/* The log's file is SQLite's own: no other descriptor could be a wrong one. */
bool
db_sync(struct db *d, struct err *e)
{
	sqlite3_file *log = NULL;
	int rc = sqlite3_file_control(d->raw, "main",
	    SQLITE_FCNTL_JOURNAL_POINTER, &log);

	if (rc == SQLITE_OK && log != NULL && log->pMethods != NULL)
		rc = log->pMethods->xSync(log,
		    SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
	return rc == SQLITE_OK || db_fail(d, rc, "syncing the log", e);
}

bool
db_checkpoint(struct db *d, struct err *e)
{
	int log = 0, done = 0;
	int rc = sqlite3_wal_checkpoint_v2(d->raw, "main",
	    SQLITE_CHECKPOINT_PASSIVE, &log, &done);

	d->wal_pages = log > done ? log - done : 0;
	/* Busy: a reader or another writer's checkpoint; there is a next. */
	return rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY ||
	    db_fail(d, rc, "checkpoint", e);
}

bool
db_empty_log(struct db *d, struct err *e)
{
	int rc;

	if (!db_checkpoint(d, e))
		return false;
	/* Whoever reads it now shall not be waited for. */
	sqlite3_busy_timeout(d->raw, 0);
	rc = sqlite3_wal_checkpoint_v2(d->raw, "main",
	    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(d->raw, (int)d->wait_ms);
	return rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY ||
	    db_fail(d, rc, "checkpoint", e);
}

bool
db_clear_log(struct db *d, struct err *e)
{
	int rc = sqlite3_wal_checkpoint_v2(d->raw, "main",
	    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	if (rc != SQLITE_OK)
		return db_fail(d, rc, "emptying the log", e);
	d->wal_pages = 0;
	return true;
}

int64_t
db_wal_pages(const struct db *d)
{
	return d->wal_pages;
}
