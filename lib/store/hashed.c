/* hashed.c - the list as digests of its addresses, in memory. */
#include "store/hashed.h"

#include <stdlib.h>

#include "store/inside.h"
#include "wrap/hash.h"

/* A value: class, whether it is the stream's, since, and bits of the digest
 * beside those that are the key; none of them set fits any digest. */
#define CLASS_BITS 7
#define SINCE_BITS 34
#define SINCE_AT (CLASS_BITS + 1)
#define CHECK_AT (SINCE_AT + SINCE_BITS)

struct hashed {
	struct store *store;
	int64_t scope, now;
	uint64_t memory, seed;
	enum glib_digest digest;
	bool reading;
	struct stmt *entries;
	struct table table;
	int64_t n, n_domains, n_erased;
};

static uint64_t
check_bits(const struct hashed *h, struct str hex)
{
	return (hash64_more(~h->seed, hex) | 1) << CHECK_AT;
}

static uint64_t
bits(uint64_t value, unsigned at, unsigned n)
{
	return value >> at & ((UINT64_C(1) << n) - 1);
}

struct hashed *
hashed_open(struct store *s, const struct snapshot_wants *w,
    enum glib_digest digest, struct err *e)
{
	struct hashed *h = calloc(1, sizeof *h);

	if (h == NULL) {
		err_memory(e);
		return NULL;
	}
	h->store = s;
	h->now = w->now;
	h->memory = w->memory;
	h->seed = s->seed;
	h->digest = digest;
	h->reading = store_read(s, e);
	if (h->reading && entry_scope(s, w->scope, &h->scope, e))
		h->entries = db_bind(s->db, SQL_SNAPSHOT_ENTRIES, e, "ii",
		    h->now, h->scope);
	if (h->entries != NULL)
		return h;
	hashed_close(h);
	return NULL;
}

void
hashed_close(struct hashed *h)
{
	if (h == NULL)
		return;
	db_done(h->entries);
	if (h->reading)
		store_read_done(h->store);
	table_release(&h->table);
	free(h);
}

/* Of several entries on one address that which outranks the others stays. */
static void
put(int64_t *place, uint64_t value, uint64_t check)
{
	uint64_t old = (uint64_t)*place;
	uint64_t old_check = old >> CHECK_AT << CHECK_AT;

	if (old == 0 || (old_check == check && policy_rank((enum class)
	    bits(value, 0, CLASS_BITS)) > policy_rank((enum class)
	    bits(old, 0, CLASS_BITS))))
		*place = (int64_t)(value | check);
	else if (old_check != check) /* two digests with one key: both fit */
		*place = (int64_t)bits(old, 0, CHECK_AT);
}

static bool
take(struct hashed *h, struct str key, struct err *e)
{
	char hex[GLIB_HEX_MAX];
	uint64_t value;
	struct str s;
	int64_t *place;

	if (key.n > 0 && key.p[0] == '@') {
		h->n_domains++;
		return true;
	}
	if (key.n > 0 && key.p[0] == '#') {
		h->n_erased++;
		return true;
	}
	value = ((uint64_t)db_int(h->entries, 2) & ((1u << CLASS_BITS) - 1)) |
	    (uint64_t)(db_int(h->entries, 1) != 0) << CLASS_BITS |
	    bits((uint64_t)db_int(h->entries, 3), 0, SINCE_BITS) << SINCE_AT;
	glib_digest(h->digest, key, hex);
	s = str_from(hex);
	if (h->table.cap * sizeof *h->table.rows > h->memory)
		return err_set(e, EX_OSERR, "scrub: the digests need more "
		    "memory than they may take; give more with --memory");
	place = table_add(&h->table, hash64_more(h->seed, s));
	if (place == NULL)
		return err_memory(e);
	put(place, value, check_bits(h, s));
	h->n++;
	return true;
}

bool
hashed_fill(struct hashed *h, size_t rows, bool *more, struct err *e)
{
	enum db_got got = DB_ROW;

	for (; rows > 0 && (got = db_step(h->entries, e)) == DB_ROW; rows--)
		if (!take(h, db_text(h->entries, 0), e))
			return false;
	*more = got == DB_ROW;
	return got != DB_FAILED;
}

struct snapshot_size
hashed_size(const struct hashed *h)
{
	return (struct snapshot_size){ h->n, h->n_domains, false,
		h->n_erased };
}

bool
hashed_find(const struct hashed *h, struct str hex, struct entry_brief *out)
{
	const int64_t *place = table_find(&h->table, hash64_more(h->seed, hex));
	uint64_t value = place == NULL ? 0 : (uint64_t)*place;
	uint64_t check = value >> CHECK_AT << CHECK_AT;

	*out = (struct entry_brief){ 0 };
	if (place == NULL || (check != 0 && check != check_bits(h, hex)))
		return false;
	out->found = true;
	out->class = (enum class)bits(value, 0, CLASS_BITS);
	out->scope = bits(value, CLASS_BITS, 1) != 0 ? h->scope : 0;
	out->since = (int64_t)bits(value, SINCE_AT, SINCE_BITS);
	return true;
}
