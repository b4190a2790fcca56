/* words.c - words and replies: a text has a number, which stands for it. */
#include <string.h>

#include "store/inside.h"
#include "wrap/hash.h"

#define CACHE_MAX (STORE_WORDS_MAX + STORE_REPLIES_MAX) /* numbers in memory */

/* The statements of a small table whose rows are found by their text. */
struct text_kind {
	enum sql_name get, count;
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
	return *n >= 0 || db_one(s->db, k->count, n, e, "");
}

static const struct text_kind WORD = { SQL_WORD_GET, SQL_WORD_COUNT };
static const struct text_kind REPLY = { SQL_REPLY_GET, SQL_REPLY_COUNT };

static bool
text_cache(struct table *t, uint64_t key, int64_t id, struct err *e)
{
	int64_t *at;

	if (t->n >= CACHE_MAX)
		table_clear(t);
	at = table_add(t, key);
	if (at == NULL)
		return err_memory(e);
	*at = id;
	return true;
}

static bool
word_new(struct store *s, struct str text, int64_t *id, struct err *e)
{
	bool found;

	if (!text_look(s, &WORD, text, id, &found, e))
		return false;
	if (found)
		return true;
	if (!db_run(s->db, SQL_WORD_ADD, e, "t", text))
		return false;
	if (s->word_count >= 0)
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
	return word_new(s, text, id, e) && text_cache(&s->words, key, *id, e);
}

bool
store_word_fits(struct store *s, struct str text, bool stranger, bool *fits,
    struct err *e)
{
	uint64_t key = hash64_more(s->seed, text);
	int64_t id;

	*fits = true;
	if (text.n == 0 || table_find(&s->words, key) != NULL)
		return true;
	if (!text_look(s, &WORD, text, &id, fits, e))
		return false;
	if (*fits)
		return text_cache(&s->words, key, id, e);
	if (!text_count(s, &WORD, &s->word_count, e))
		return false;
	*fits = s->word_count < STORE_WORDS_MAX / (stranger ? 2 : 1);
	return true;
}

bool
store_word_said(struct store *s, struct str text, bool stranger, int64_t *id,
    struct err *e)
{
	const int64_t *at = table_find(&s->words, hash64_more(s->seed, text));
	bool fits;

	if (at != NULL || text.n == 0) {
		*id = at != NULL ? *at : 0;
		return true;
	}
	return store_word_fits(s, text, stranger, &fits, e) &&
	    store_word(s, fits ? text : STR("<other>"), id, e);
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

bool
store_has_word(struct store *s, struct str text, bool *has, struct err *e)
{
	int64_t id;

	if (!word_find(s, text, &id, e))
		return false;
	*has = id > 0;
	return true;
}

bool
store_reply(struct store *s, struct str folded, struct str sample,
    bool stranger, int64_t *id, struct err *e)
{
	uint64_t key = hash64_more(s->seed, folded);
	int64_t *at = table_find(&s->replies, key);
	bool found;

	if (at != NULL || folded.n == 0) {
		*id = at != NULL ? *at : 0;
		return true;
	}
	if (!text_look(s, &REPLY, folded, id, &found, e))
		return false;
	if (found)
		return text_cache(&s->replies, key, *id, e);
	if (!text_count(s, &REPLY, &s->reply_count, e))
		return false;
	/* Not remembered by its own text: there is no end of these. */
	if (s->reply_count >= STORE_REPLIES_MAX / (stranger ? 2 : 1) &&
	    !str_eq(folded, STR("<other>")))
		return store_reply(s, STR("<other>"), STR(""), false, id, e);
	if (!db_run(s->db, SQL_REPLY_ADD, e, "tt", folded,
	    sample.p == NULL ? STR("") : sample))
		return false;
	s->reply_count++;
	*id = db_last_id(s->db);
	return text_cache(&s->replies, key, *id, e);
}

void
texts_forget(struct store *s)
{
	table_clear(&s->seen);
	arena_release(&s->seen_text);
}

bool
names_take(struct store *s, struct stmt *st, int first, struct str out[4],
    struct err *e)
{
	size_t at = 0;

	buf_clear(&s->names);
	for (int i = 0; i < 4; i++) {
		out[i] = db_text(st, first + i);
		buf_add(&s->names, out[i]);
	}
	if (!buf_ok(&s->names, e))
		return false;
	for (int i = 0; i < 4; at += out[i++].n)
		out[i].p = s->names.p == NULL ? "" : s->names.p + at;
	return true;
}
