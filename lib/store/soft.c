/* soft.c - which addresses may have evidence to which a delivery matters. */
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"
#include "wrap/hash.h"

#define WORDS_LEAST 8192 /* of 64 bits; a power of two */
#define LOAD_MAX 8       /* hashes a word: one in forty is wrong at most */

static void
late_get(const void *ctx, size_t i, struct db_row *out)
{
	out->number[1] = (int64_t)((const struct soft *)ctx)->late[i];
}

bool
soft_settle(struct store *s, struct err *e)
{
	struct db_rows rows = { s->soft.n_late, late_get, &s->soft };

	s->soft.n_late = 0;
	return rows.n == 0 || db_run_rows(s->db, SQL_SOFT_PUT, &rows, e);
}

/* A hash's word, and its four bits there. */
static uint64_t *
word_of(const struct soft *f, uint64_t hash)
{
	return &f->words[hash >> 24 & (f->n_words - 1)];
}

static uint64_t
bits_of(uint64_t hash)
{
	return UINT64_C(1) << (hash & 63) | UINT64_C(1) << (hash >> 6 & 63) |
	    UINT64_C(1) << (hash >> 12 & 63) |
	    UINT64_C(1) << (hash >> 18 & 63);
}

static void
take(struct soft *f, uint64_t hash)
{
	*word_of(f, hash) |= bits_of(hash);
	f->count++;
}

bool
soft_has(const struct store *s, uint64_t hash)
{
	const struct soft *f = &s->soft;

	return f->n_words > 0 &&
	    (~*word_of(f, hash) & bits_of(hash)) == 0;
}

void
soft_ahead(const struct store *s, uint64_t hash)
{
	if (s->soft.n_words > 0)
		__builtin_prefetch(word_of(&s->soft, hash));
}

static bool
read_on(struct store *s, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_SOFT_READ, e, "i", s->soft.last);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		s->soft.last = db_int(st, 0);
		take(&s->soft, (uint64_t)db_int(st, 1));
	}
	db_done(st);
	return got == DB_DONE;
}

/* Twice the words, as often as it takes; all is read again. */
static bool
grow(struct store *s, struct err *e)
{
	size_t n = s->soft.n_words < WORDS_LEAST ? WORDS_LEAST
	    : s->soft.n_words;
	uint64_t *words;

	while (s->soft.count > n * LOAD_MAX)
		n *= 2;
	words = calloc(n, sizeof *words);
	if (words == NULL)
		return err_memory(e);
	free(s->soft.words);
	s->soft.words = words;
	s->soft.n_words = n;
	s->soft.last = 0;
	s->soft.count = 0;
	return soft_settle(s, e) && read_on(s, e);
}

static bool
fits(const struct soft *f)
{
	return f->n_words > 0 && f->count <= f->n_words * LOAD_MAX;
}

bool
soft_refresh(struct store *s, struct err *e)
{
	if (s->soft.n_words > 0 && !read_on(s, e))
		return false;
	return fits(&s->soft) || grow(s, e);
}

/* Whether the address has told of itself before. It may say no too often. */
static bool
is_known(struct store *s, struct str address, bool *known, struct err *e)
{
	struct stmt *st;
	enum db_got got;

	if (late_clears(s, address, known))
		return true;
	wait_about(s, WAIT_EVIDENCE, address);
	st = db_bind(s->db, SQL_EVIDENCE_SOFT_TWICE, e, "t", address);
	got = st == NULL ? DB_FAILED : db_step(st, e);

	*known = got == DB_ROW;
	db_done(st);
	return got != DB_FAILED;
}

bool
soft_add(struct store *s, struct str address, struct err *e)
{
	/* It stands in the database for good, so it is not seeded. */
	uint64_t hash = hash64(address);
	bool known = false;

	/* The bits may be there by chance. */
	if (soft_has(s, hash) && !is_known(s, address, &known, e))
		return false;
	return known || soft_add_new(s, hash, e);
}

bool
soft_add_new(struct store *s, uint64_t hash, struct err *e)
{
	if (s->soft.n_late == COUNT(s->soft.late) && !soft_settle(s, e))
		return false;
	s->soft.late[s->soft.n_late++] = hash;
	if (s->soft.n_words == 0)
		return grow(s, e);
	take(&s->soft, hash);
	return fits(&s->soft) || grow(s, e);
}

void
soft_forget(struct store *s)
{
	s->soft.last = 0;
	s->soft.count = 0;
	s->soft.n_late = 0;
	if (s->soft.n_words > 0)
		memset(s->soft.words, 0,
		    s->soft.n_words * sizeof *s->soft.words);
}

void
soft_release(struct store *s)
{
	free(s->soft.words);
	s->soft = (struct soft){ 0 };
}
