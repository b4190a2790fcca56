/* db.h - one SQLite connection and its named statements (lib/store only). */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "sql_names.h"

struct db;   /* opened and freed only by db.c */
struct stmt; /* a prepared statement; the connection's */

enum db_got { DB_ROW, DB_DONE, DB_FAILED };

/* Statements may use holds(text, forms): whether the text, folded as keys are
 * (glib_fold()), holds one of the lines of forms; never for an empty one. */

/* write: makes the file if need be. wait_ms: how long a lock is waited for.
 * EX_NOINPUT, EX_TEMPFAIL (busy), EX_CONFIG (no database), EX_IOERR. */
struct db *db_open(const char *path, bool write, unsigned wait_ms,
    struct err *e);
void db_close(struct db *d);

/* Runs SQL text of our own (schema, pragmas), several statements. */
bool db_exec(struct db *d, const char *sql, struct err *e);
/* The first column of the first row of our own SQL text. */
bool db_number(struct db *d, const char *sql, int64_t *out, struct err *e);

/*
 * A statement made ready with its values bound. types: one letter each, i
 * int64_t, t struct str (p NULL: NULL). NULL: failed. Texts must stand until
 * db_done().
 */
struct stmt *db_bind(struct db *d, enum sql_name name, struct err *e,
    const char *types, ...);
enum db_got db_step(struct stmt *st, struct err *e);
int64_t db_int(struct stmt *st, int column);
struct str db_text(struct stmt *st, int column); /* until the next step */
/* Resets it; NULL is fine. */
void db_done(struct stmt *st);

/* Bind, run to the end, done: for statements without rows. */
bool db_run(struct db *d, enum sql_name name, struct err *e,
    const char *types, ...);
/* The same of a statement that gives one number, always: *out is as it was
 * when that fails. */
bool db_one(struct db *d, enum sql_name name, int64_t *out, struct err *e,
    const char *types, ...);

/* Rows of ours for a statement that reads them FROM waiting: columns c1 to
 * c32. */
#define DB_COLUMNS 32
struct db_row {
	struct str text; /* column 1; p NULL: a number, too */
	int64_t number[DB_COLUMNS + 1]; /* of each other by its number */
};
struct db_rows {
	size_t n;
	/* Texts stand until the statement is done. */
	void (*get)(const void *ctx, size_t i, struct db_row *out);
	const void *ctx;
};
bool db_run_rows(struct db *d, enum sql_name name, const struct db_rows *rows,
    struct err *e);
/* For a statement with an answer: from now on, until NULL takes them away. */
void db_rows_set(struct db *d, const struct db_rows *rows);
/* The tables of which rows may wait, as sql/embed.sh numbers them. */
enum {
	DB_TABLE_EVIDENCE = 1,
	DB_TABLE_CHANGE = 2,
	DB_TABLE_FRESH = 4,
	DB_TABLE_ENTRY = 8
};
/* Is called before each statement that names any of them: their rows have to be
 * there. False: the statement fails. */
typedef bool db_before_fn(void *ctx, unsigned tables, struct err *e);
void db_before(struct db *d, db_before_fn *fn, void *ctx);

/* Whether a transaction is open. */
bool db_in_transaction(struct db *d);
/* Rows that the last statement changed; id of the last row put in. */
int64_t db_changes(struct db *d);
int64_t db_last_id(struct db *d);
/* Rows changed since the connection was opened: a number that changes with
 * everything that it writes. */
int64_t db_total_changes(struct db *d);
/* A number that changes when another connection has committed. */
bool db_version(struct db *d, int64_t *out, struct err *e);

/* A copy of all of it, as it is at one moment, in a file without a name that
 * is gone with it. SQLite takes the folder: SQLITE_TMPDIR, TMPDIR, /var/tmp. */
struct db *db_copy(struct db *d, struct err *e);

/* Whether its path still leads to its file; what is written into one that was
 * moved, deleted or replaced is where nobody looks. EX_IOERR. */
bool db_in_place(struct db *d, struct err *e);
/* Puts the write-ahead log on the disk: from then on no power cut takes back
 * what was committed, whoever did. */
bool db_sync(struct db *d, struct err *e);
/* Copies the write-ahead log back without waiting. */
bool db_checkpoint(struct db *d, struct err *e);
/* The same, and makes it empty unless somebody uses it just now. */
bool db_empty_log(struct db *d, struct err *e);
/* Copies all of it and makes the file empty; waits for readers. EX_TEMPFAIL:
 * one keeps it. */
bool db_clear_log(struct db *d, struct err *e);
/* Pages in it after our last commit, as far as they are not copied back. */
int64_t db_wal_pages(const struct db *d);

#endif
