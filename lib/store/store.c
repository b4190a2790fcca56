/* store.c - the database: opening, versions, batches, words, replies. */
#include "store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/number.h"
#include "store/inside.h"
#include "store/sql.h"

#define APPLICATION_ID 1347244885 /* "PMSU" */
#define PAGE_BYTES 4096

/* Another process may have made it while we waited for the lock. */
static bool
schema_make(struct store *s, struct err *e)
{
	int64_t tables;

	if (!db_exec(s->db, "BEGIN IMMEDIATE", e))
		return false;
	if (db_number(s->db, "SELECT count(*) FROM sqlite_schema", &tables,
	    e) && (tables > 0 || db_exec(s->db, SQL_SCHEMA, e)) &&
	    db_exec(s->db, "COMMIT", e))
		return true;
	db_exec(s->db, "ROLLBACK", &(struct err){ 0 });
	return false;
}

/* Each step ends with its own PRAGMA user_version; all in one transaction.
 * Another process may have taken them while we waited for the lock. */
static bool
schema_steps(struct store *s, struct err *e)
{
	int64_t from, version;

	if (!db_exec(s->db, "BEGIN IMMEDIATE", e))
		return false;
	if (!db_number(s->db, "PRAGMA user_version", &from, e))
		goto back;
	for (version = from; version < STORE_VERSION; version++)
		if (version < 1 || version - 1 >= (int64_t)SQL_STEP_COUNT ||
		    !db_exec(s->db, SQL_STEPS[version - 1], e))
			goto back;
	if (db_exec(s->db, "COMMIT", e))
		return true;
back:
	db_exec(s->db, "ROLLBACK", &(struct err){ 0 });
	if (e->code == 0)
		err_set(e, EX_CONFIG, "suppress.db: cannot step up from "
		    "version %lld; restore a backup", (long long)from);
	return false;
}

/* What is sorted on the way is as large as the evidence. */
static bool
schema_step(struct store *s, struct err *e)
{
	bool ok = db_exec(s->db, "PRAGMA temp_store = FILE", e) &&
	    schema_steps(s, e);

	return db_exec(s->db, "PRAGMA temp_store = MEMORY", ok ? e
	    : &(struct err){ 0 }) && ok;
}

static bool
schema_newer(const char *path, int64_t version, struct err *e)
{
	return err_set(e, EX_CONFIG, "%s: made by a newer version (%lld, we "
	    "know %d); install that version, and let PowerMTA start the pipe "
	    "again", path, (long long)version, STORE_VERSION);
}

static bool
schema_check(struct store *s, const char *path, struct err *e)
{
	int64_t id, version, tables;

	if (!db_number(s->db, "PRAGMA application_id", &id, e) ||
	    !db_number(s->db, "PRAGMA user_version", &version, e) ||
	    !db_number(s->db, "SELECT count(*) FROM sqlite_schema", &tables, e))
		return false;
	if (tables == 0 && s->write) {
		s->made = true;
		return schema_make(s, e) && schema_check(s, path, e);
	}
	if (tables == 0)
		return err_set(e, EX_NOINPUT, "%s: it is empty; start "
		    "pmta-suppress-pipe or add an entry first", path);
	if (id != APPLICATION_ID)
		return err_set(e, EX_CONFIG, "%s: this is not a database of "
		    "pmta-suppress; name another with --state", path);
	if (version > STORE_VERSION)
		return schema_newer(path, version, e);
	if (version < STORE_VERSION && !s->write)
		return err_set(e, EX_CONFIG, "%s: of an older version (%lld); "
		    "let PowerMTA start the pipe again, or the folder's owner "
		    "run 'pmta-suppress expire', which steps it up", path,
		    (long long)version);
	return version == STORE_VERSION || schema_step(s, e);
}

/* The checkpoint is ours to time, so the automatic one is off. */
static bool
store_tune(struct store *s, struct err *e)
{
	char sql[256];

	if (!number_print(sql, sizeof sql, "PRAGMA cache_size = -%lld;"
	    "PRAGMA temp_store = MEMORY;", (long long)
	    (s->settings.cache_bytes / 1024)))
		return err_set(e, EX_SOFTWARE, "cache size too long");
	if (!db_exec(s->db, sql, e))
		return false;
	if (!s->write)
		return db_exec(s->db, "PRAGMA mmap_size = 2147418112;"
		    "PRAGMA query_only = 1", e);
	/* With a limit the last to close empties the log; else whoever opens
	 * the database next would read through all of it. */
	return db_exec(s->db, "PRAGMA journal_mode = WAL;"
	        "PRAGMA journal_size_limit = 67108864", e) &&
	    db_exec(s->db, s->settings.full ? "PRAGMA synchronous = FULL"
	        : "PRAGMA synchronous = NORMAL", e);
}

static struct store *
store_new(const struct store_settings *settings, bool write, struct err *e)
{
	struct store *s = calloc(1, sizeof *s);

	if (s == NULL) {
		err_memory(e);
		return NULL;
	}
	s->settings = *settings;
	s->write = write;
	s->seen_version = s->horizon.own = -1;
	s->word_count = s->reply_count = s->erased = -1;
	if (getrandom(&s->seed, sizeof s->seed, 0) != sizeof s->seed)
		s->seed = (uint64_t)getpid();
	return s;
}

/* Nobody else has it, and it need not outlive a crash. */
static const char LOOSE[] = "PRAGMA journal_mode = MEMORY;"
    "PRAGMA synchronous = OFF";

struct store *
store_copy(struct store *of, struct err *e)
{
	struct store *s = store_new(&of->settings, true, e);

	if (s == NULL)
		return NULL;
	s->db = db_copy(of->db, e);
	if (s->db != NULL)
		db_before(s->db, wait_settle, s);
	if (s->db != NULL && db_exec(s->db, LOOSE, e))
		return s;
	store_close(s);
	return NULL;
}

struct store *
store_open(const char *path, enum store_mode mode,
    const struct store_settings *settings, unsigned wait_ms, struct err *e)
{
	struct store *s = store_new(settings, mode == STORE_WRITE, e);

	if (s == NULL)
		return NULL;
	if (mode == STORE_READ && access(path, F_OK) != 0) {
		err_set(e, EX_NOINPUT, "%s: %s; %s", path, strerror(errno),
		    errno == EACCES ? "ask the folder's owner, or to be put "
		    "into its group" : "start pmta-suppress-pipe or name the "
		    "folder with --state");
		goto fail;
	}
	s->db = db_open(path, s->write, wait_ms, e);
	if (s->db == NULL || !store_tune(s, e) || !schema_check(s, path, e))
		goto fail;
	db_before(s->db, wait_settle, s);
	return s;
fail:
	store_close(s);
	return NULL;
}

bool
store_was_made(const struct store *s)
{
	return s->made;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	if (s->batch)
		store_rollback(s);
	db_close(s->db);
	table_release(&s->words);
	table_release(&s->replies);
	soft_release(s);
	known_forget(s);
	wait_release(s);
	table_release(&s->counter_at);
	table_release(&s->tallies);
	share_release(s);
	incident_release_all(s);
	free(s->counters);
	free(s->facts);
	free(s->rows);
	buf_release(&s->names);
	table_release(&s->seen);
	arena_release(&s->seen_text);
	free(s);
}

bool
level_get(struct store *s, struct str name, int64_t *value, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_LEVEL_GET, e, "t", name);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*value = got == DB_ROW ? db_int(st, 0) : 0;
	db_done(st);
	return got != DB_FAILED;
}

bool
level_put(struct store *s, struct str name, int64_t value, struct err *e)
{
	return db_run(s->db, SQL_LEVEL_PUT, e, "ti", name, value);
}

/* What other processes may have changed is read again when it is needed. */
static void
store_forget(struct store *s)
{
	share_forget(s);
	incident_forget(s);
	s->horizon = (struct horizon){ -1, 0 };
}

static int64_t
latest(const struct horizon *h)
{
	return h->own > h->reports ? h->own : h->reports;
}

int64_t
store_horizon(const struct store *s)
{
	return latest(&s->horizon);
}

int64_t
store_horizon_own(const struct store *s)
{
	return s->horizon.own;
}

void
store_horizon_raise(struct store *s, int64_t time)
{
	if (time > s->horizon.own)
		s->horizon.own = time;
}

void
store_horizon_report(struct store *s, int64_t time)
{
	if (time > s->horizon.reports)
		s->horizon.reports = time;
}

static bool
horizon_get(struct store *s, struct horizon *h, struct err *e)
{
	return level_get(s, STR("horizon"), &h->own, e) &&
	    level_get(s, STR("horizon-reports"), &h->reports, e);
}

bool
store_horizon_read(struct store *s, int64_t *time, struct err *e)
{
	struct horizon h;
	bool ok = horizon_get(s, &h, e);

	*time = ok ? latest(&h) : 0;
	return ok;
}

static bool
horizon_flush(struct store *s, struct err *e)
{
	struct horizon is = s->horizon, was = s->horizon_kept;

	if (is.own <= was.own && is.reports <= was.reports)
		return true;
	s->horizon_kept = is;
	return (is.own <= was.own ||
	    level_put(s, STR("horizon"), is.own, e)) &&
	    (is.reports <= was.reports ||
	    level_put(s, STR("horizon-reports"), is.reports, e)) &&
	    db_run(s->db, SQL_FRESH_PRUNE, e, "i",
	        latest(&is) - STORE_FRESH_SPAN);
}

/* The way back needs no memory when it is made ready first. What could not be
 * rolled back all the same is now. */
static bool
back_ready(struct store *s, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_ROLLBACK, e, "");

	db_done(st);
	return st != NULL && (!db_in_transaction(s->db) ||
	    db_run(s->db, SQL_ROLLBACK, e, ""));
}

/* What other processes have written since. */
static bool
refresh(struct store *s, struct err *e)
{
	int64_t version, schema;

	if (!db_in_place(s->db, e) || !db_version(s->db, &version, e))
		return false;
	if (version == s->seen_version)
		return true;
	/* Whoever knows more than we do has made tables of his own. */
	if (!db_number(s->db, "PRAGMA user_version", &schema, e))
		return false;
	if (schema > STORE_VERSION)
		return schema_newer("suppress.db", schema, e);
	if (!soft_refresh(s, e) || !known_refresh(s, e) || !erase_refresh(s, e))
		return false;
	texts_forget(s);
	s->seen_version = version;
	return true;
}

bool
store_begin(struct store *s, struct err *e)
{
	int64_t seen = s->seen_version;

	if (!back_ready(s, e))
		return false;
	if (!db_run(s->db, SQL_BEGIN, e, ""))
		return false;
	s->batch = true;
	s->rows_at = -1;
	if (!refresh(s, e))
		goto back;
	if (seen == s->seen_version && s->horizon.own >= 0)
		return true;
	store_forget(s);
	if (horizon_get(s, &s->horizon, e)) {
		s->horizon_kept = s->horizon;
		return true;
	}
back:
	store_rollback(s);
	return false;
}

bool
store_commit(struct store *s, struct err *e)
{
	if (wait_settle_all(s, e) && soft_settle(s, e) && counter_flush(s, e) &&
	    share_flush(s, e) && incident_flush(s, e) && horizon_flush(s, e) &&
	    db_run(s->db, SQL_COMMIT, e, "")) {
		s->batch = false;
		return true;
	}
	store_rollback(s);
	return false;
}

/* What was cached in this batch may name rows that are gone now. */
void
store_rollback(struct store *s)
{
	struct err ignored = { 0 };

	wait_forget(s);
	/* Whatever stopped it once: nobody shall read what is taken back. */
	if (!db_run(s->db, SQL_ROLLBACK, &ignored, "") &&
	    db_in_transaction(s->db))
		db_run(s->db, SQL_ROLLBACK, &ignored, "");
	s->batch = false;
	s->seen_version = -1;
	s->word_count = s->reply_count = s->erased = -1;
	table_clear(&s->words);
	texts_forget(s);
	table_clear(&s->replies);
	soft_forget(s);
	counter_forget(s);
	store_forget(s);
}

bool
store_read(struct store *s, struct err *e)
{
	if (!back_ready(s, e) || !db_run(s->db, SQL_READ, e, ""))
		return false;
	texts_forget(s);
	s->reading = true;
	s->erased = -1;
	return true;
}

void
store_read_done(struct store *s)
{
	struct err ignored = { 0 };

	db_run(s->db, SQL_ROLLBACK, &ignored, "");
	s->reading = false;
}

bool
store_in_batch(const struct store *s)
{
	return s->batch;
}

bool
store_sync(struct store *s, struct err *e)
{
	return db_sync(s->db, e) && db_in_place(s->db, e);
}

bool
store_tidy(struct store *s, bool idle, struct err *e)
{
	int64_t pages = db_wal_pages(s->db);

	if (s->batch || pages == 0)
		return true;
	if (!idle && pages * PAGE_BYTES < s->settings.checkpoint_bytes)
		return true;
	return db_checkpoint(s->db, e);
}

bool
store_empty_log(struct store *s, struct err *e)
{
	return s->batch || db_empty_log(s->db, e);
}

bool
store_new_bulk(struct store *s, struct str what, struct str who, int64_t now,
    int64_t *id, struct err *e)
{
	if (!db_run(s->db, SQL_BULK_ADD, e, "itt", now, what, who))
		return false;
	*id = db_last_id(s->db);
	return true;
}
