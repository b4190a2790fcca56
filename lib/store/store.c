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
#include "wrap/hash.h"

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

/* Each step ends with its own PRAGMA user_version; all in one transaction. */
static bool
schema_step(struct store *s, int64_t version, struct err *e)
{
	if (!db_exec(s->db, "BEGIN IMMEDIATE", e))
		return false;
	for (; version < STORE_VERSION; version++)
		if (version < 1 || version - 1 >= (int64_t)SQL_STEP_COUNT ||
		    !db_exec(s->db, SQL_STEPS[version - 1], e))
			goto back;
	if (db_exec(s->db, "COMMIT", e))
		return true;
back:
	db_exec(s->db, "ROLLBACK", &(struct err){ 0 });
	return err_set(e, EX_CONFIG, "suppress.db: cannot step up from "
	    "version %lld; restore a backup", (long long)version);
}

static bool
schema_check(struct store *s, const char *path, struct err *e)
{
	int64_t id, version, tables;

	if (!db_number(s->db, "PRAGMA application_id", &id, e) ||
	    !db_number(s->db, "PRAGMA user_version", &version, e) ||
	    !db_number(s->db, "SELECT count(*) FROM sqlite_schema", &tables, e))
		return false;
	if (tables == 0 && s->write)
		return schema_make(s, e) && schema_check(s, path, e);
	if (tables == 0)
		return err_set(e, EX_NOINPUT, "%s: it is empty; start "
		    "pmta-suppress-pipe or add an entry first", path);
	if (id != APPLICATION_ID)
		return err_set(e, EX_CONFIG, "%s: this is not a database of "
		    "pmta-suppress; name another with --state", path);
	if (version > STORE_VERSION)
		return err_set(e, EX_CONFIG, "%s: made by a newer version "
		    "(%lld, we know %d); install that version", path,
		    (long long)version, STORE_VERSION);
	if (version < STORE_VERSION && !s->write)
		return err_set(e, EX_CONFIG, "%s: of an older version (%lld); "
		    "start pmta-suppress-pipe, which steps it up", path, (long long)version);
	return version == STORE_VERSION || schema_step(s, version, e);
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
	s->seen_version = s->horizon = -1;
	s->word_count = s->reply_count = s->erased = -1;
	if (getrandom(&s->seed, sizeof s->seed, 0) != sizeof s->seed)
		s->seed = (uint64_t)getpid();
	return s;
}

/* Nobody else has it, and it need not outlive a crash. */
static const char LOOSE[] = "PRAGMA journal_mode = MEMORY;"
    "PRAGMA synchronous = OFF";

static bool
settle(void *store, unsigned tables, struct err *e)
{
	return ((tables & DB_TABLE_EVIDENCE) == 0 || late_settle(store, e)) &&
	    wait_settle(store, tables, e);
}

struct store *
store_copy(struct store *of, struct err *e)
{
	struct store *s = store_new(&of->settings, true, e);

	if (s == NULL)
		return NULL;
	s->db = db_copy(of->db, e);
	if (s->db != NULL)
		db_before(s->db, settle, s);
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
		err_set(e, EX_NOINPUT, "%s: %s; start pmta-suppress-pipe or "
		    "name the folder with --state", path, strerror(errno));
		goto fail;
	}
	s->db = db_open(path, s->write, wait_ms, e);
	if (s->db == NULL || !store_tune(s, e) || !schema_check(s, path, e))
		goto fail;
	db_before(s->db, settle, s);
	return s;
fail:
	store_close(s);
	return NULL;
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
	late_release(s);
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
	s->horizon = -1;
}

int64_t
store_horizon(const struct store *s)
{
	return s->horizon > 0 ? s->horizon : 0;
}

void
store_horizon_raise(struct store *s, int64_t time)
{
	if (time > s->horizon)
		s->horizon = time;
}

static bool
horizon_flush(struct store *s, struct err *e)
{
	if (s->horizon <= s->horizon_kept)
		return true;
	s->horizon_kept = s->horizon;
	return level_put(s, STR("horizon"), s->horizon, e) &&
	    db_run(s->db, SQL_FRESH_PRUNE, e, "i",
	        s->horizon - STORE_FRESH_SPAN);
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

/* Others may have changed the text of a word. */
static void
texts_forget(struct store *s)
{
	table_clear(&s->seen);
	arena_release(&s->seen_text);
}

/* What other processes have written since. */
static bool
refresh(struct store *s, struct err *e)
{
	int64_t version;

	if (!db_version(s->db, &version, e))
		return false;
	if (version == s->seen_version)
		return true;
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
	if (seen == s->seen_version && s->horizon >= 0)
		return true;
	store_forget(s);
	if (level_get(s, STR("horizon"), &s->horizon, e)) {
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
	if (settle(s, DB_TABLE_ALL, e) && soft_settle(s, e) && counter_flush(s, e) &&
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

	late_forget(s);
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

/* One row of a small table by its text: a cached number, a stored one, or a
 * new one while there are fewer than max. */
struct text_kind {
	enum sql_name get, count, add;
	int64_t max;
};

static bool
text_look(struct store *s, const struct text_kind *k, struct str text,
    int64_t *id, bool *found, struct err *e)
{
	struct stmt *st = db_bind(s->db, k->get, e, "t", text);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*found = got == DB_ROW;
	if (got == DB_ROW)
		*id = db_int(st, 0);
	db_done(st);
	return got != DB_FAILED;
}

static bool
text_count(struct store *s, const struct text_kind *k, int64_t *n,
    struct err *e)
{
	struct stmt *st;
	bool ok;

	if (*n >= 0)
		return true;
	st = db_bind(s->db, k->count, e, "");
	ok = st != NULL && db_step(st, e) == DB_ROW;
	if (ok)
		*n = db_int(st, 0);
	db_done(st);
	return ok;
}

static const struct text_kind WORD = { SQL_WORD_GET, SQL_WORD_COUNT,
	SQL_WORD_ADD, STORE_WORDS_MAX };
static const struct text_kind REPLY = { SQL_REPLY_GET, SQL_REPLY_COUNT,
	SQL_REPLY_ADD, STORE_REPLIES_MAX };

static bool
word_new(struct store *s, struct str text, int64_t *id, struct err *e)
{
	bool found;

	if (!text_look(s, &WORD, text, id, &found, e))
		return false;
	if (found)
		return true;
	if (!text_count(s, &WORD, &s->word_count, e))
		return false;
	if (s->word_count >= STORE_WORDS_MAX &&
	    !str_eq(text, STR("<other>")))
		return store_word(s, STR("<other>"), id, e);
	if (!db_run(s->db, SQL_WORD_ADD, e, "t", text))
		return false;
	s->word_count++;
	*id = db_last_id(s->db);
	return true;
}

bool
store_word(struct store *s, struct str text, int64_t *id, struct err *e)
{
	uint64_t key = hash64_more(s->seed, text);
	int64_t *at = table_find(&s->words, key);

	if (at != NULL || text.n == 0) {
		*id = at != NULL ? *at : 0;
		return true;
	}
	if (!word_new(s, text, id, e))
		return false;
	at = table_add(&s->words, key);
	if (at == NULL)
		return err_memory(e);
	*at = *id;
	return true;
}

static bool
word_read(struct store *s, int64_t id, struct buf *out, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_WORD_TEXT, e, "i", id);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	if (got == DB_ROW)
		buf_add(out, db_text(st, 0));
	db_done(st);
	return got != DB_FAILED && buf_ok(out, e);
}

/* A new place for the text of a word. */
static struct str *
word_keep(struct store *s, struct str text)
{
	struct str *kept = arena_take(&s->seen_text, sizeof *kept);
	char *copy = arena_text(&s->seen_text, text);

	if (kept == NULL || copy == NULL)
		return NULL;
	*kept = str_of(copy, text.n);
	return kept;
}

bool
word_seen(struct store *s, int64_t id, struct str *out, struct err *e)
{
	struct buf text = { 0 };
	const struct str *kept;
	int64_t *at;
	bool ok;

	*out = STR("");
	if (id == 0)
		return true;
	at = table_find(&s->seen, (uint64_t)id);
	if (at != NULL) {
		memcpy(&kept, at, sizeof kept);
		*out = *kept;
		return true;
	}
	ok = word_read(s, id, &text, e);
	kept = ok ? word_keep(s, buf_str(&text)) : NULL;
	at = kept != NULL ? table_add(&s->seen, (uint64_t)id) : NULL;
	buf_release(&text);
	if (at == NULL)
		return ok && err_memory(e);
	memcpy(at, &kept, sizeof kept);
	*out = *kept;
	return true;
}

bool
store_word_text(struct store *s, int64_t id, struct buf *out, struct err *e)
{
	struct str text;

	if (!word_seen(s, id, &text, e))
		return false;
	buf_add(out, text);
	return buf_ok(out, e);
}

bool
word_find(struct store *s, struct str text, int64_t *id, struct err *e)
{
	const int64_t *at = table_find(&s->words, hash64_more(s->seed, text));
	bool found;

	*id = at != NULL ? *at : 0;
	if (at != NULL || text.n == 0)
		return true;
	if (!text_look(s, &WORD, text, id, &found, e))
		return false;
	if (!found)
		*id = -1;
	return true;
}

static bool
reply_new(struct store *s, struct str folded, struct str sample, int64_t *id,
    struct err *e)
{
	bool found;

	if (!text_look(s, &REPLY, folded, id, &found, e))
		return false;
	if (found)
		return true;
	if (!text_count(s, &REPLY, &s->reply_count, e))
		return false;
	if (s->reply_count >= STORE_REPLIES_MAX &&
	    !str_eq(folded, STR("<other>")))
		return store_reply(s, STR("<other>"), STR(""), id, e);
	if (!db_run(s->db, SQL_REPLY_ADD, e, "tt", folded,
	    sample.p == NULL ? STR("") : sample))
		return false;
	s->reply_count++;
	*id = db_last_id(s->db);
	return true;
}

bool
store_reply(struct store *s, struct str folded, struct str sample, int64_t *id,
    struct err *e)
{
	uint64_t key = hash64_more(s->seed, folded);
	int64_t *at = table_find(&s->replies, key);

	if (at != NULL || folded.n == 0) {
		*id = at != NULL ? *at : 0;
		return true;
	}
	if (!reply_new(s, folded, sample, id, e))
		return false;
	at = table_add(&s->replies, key);
	if (at == NULL)
		return err_memory(e);
	*at = *id;
	return true;
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
