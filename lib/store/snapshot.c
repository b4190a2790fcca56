/* snapshot.c - the list as it is at one moment, in memory. */
#include "store/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/bloom.h"
#include "base/hashset.h"
#include "store/erase.h"
#include "store/inside.h"
#include "wrap/hash.h"

struct snapshot {
	struct store *store;
	int64_t scope, now;
	uint64_t memory;
	uint64_t seed;   /* who makes a list cannot aim at a hash */
	bool reading;    /* the transaction is open */
	bool low;
	bool erased;     /* somebody was: hashes stand for addresses */
	struct stmt *keys; /* being read */
	struct hashset all, domains;
	struct hashset above; /* of the domains: those that hold below them */
	struct bloom bloom; /* in low, in place of all */
	int64_t n, n_domains;
};

static void
add_to_bloom(void *ctx, uint64_t hash)
{
	bloom_add(ctx, hash);
}

/* Changes to the filter, with what was gathered so far. */
static bool
go_low(struct snapshot *n, struct err *e)
{
	struct stmt *st = db_bind(n->store->db, SQL_SNAPSHOT_COUNT, e, "");
	int64_t entries = 0;

	if (st == NULL || db_step(st, e) != DB_ROW) {
		db_done(st);
		return false;
	}
	entries = db_int(st, 0);
	db_done(st);
	if (!bloom_make(&n->bloom, (uint64_t)entries, n->memory))
		return err_memory(e);
	hashset_each(&n->all, add_to_bloom, &n->bloom);
	hashset_release(&n->all);
	n->low = true;
	return true;
}

struct snapshot *
snapshot_open(struct store *s, const struct snapshot_wants *w, struct err *e)
{
	struct snapshot *n = calloc(1, sizeof *n);

	if (n == NULL) {
		err_memory(e);
		return NULL;
	}
	n->store = s;
	n->now = w->now;
	n->memory = w->memory;
	n->seed = s->seed;
	n->reading = store_read(s, e);
	if (!n->reading || !entry_scope(s, w->scope, &n->scope, e) ||
	    !erased_any(s, &n->erased, e))
		goto fail;
	if (w->low && !go_low(n, e))
		goto fail;
	n->keys = db_bind(s->db, SQL_SNAPSHOT_KEYS, e, "ii", n->now, n->scope);
	if (n->keys != NULL)
		return n;
fail:
	snapshot_close(n);
	return NULL;
}

void
snapshot_close(struct snapshot *n)
{
	if (n == NULL)
		return;
	db_done(n->keys);
	if (n->reading)
		store_read_done(n->store);
	hashset_release(&n->all);
	hashset_release(&n->domains);
	hashset_release(&n->above);
	bloom_release(&n->bloom);
	free(n);
}

static bool
take(struct snapshot *n, struct str key, bool below, struct err *e)
{
	uint64_t hash = hash64_more(n->seed, key);

	if (key.n > 0 && key.p[0] == '@') {
		n->n_domains++;
		return (hashset_add(&n->domains, hash) && (!below ||
		    hashset_add(&n->above, hash))) || err_memory(e);
	}
	n->n++;
	if (n->low) {
		bloom_add(&n->bloom, hash);
		return true;
	}
	if (hashset_bytes(n->all.n + 1) > n->memory && !go_low(n, e))
		return false;
	return n->low ? (bloom_add(&n->bloom, hash), true)
	    : hashset_add(&n->all, hash) || err_memory(e);
}

static bool
build(struct snapshot *n, struct err *e)
{
	db_done(n->keys);
	n->keys = NULL;
	return (hashset_build(&n->domains) && hashset_build(&n->above) &&
	    (n->low || hashset_build(&n->all))) || err_memory(e);
}

bool
snapshot_fill(struct snapshot *n, size_t rows, bool *more, struct err *e)
{
	enum db_got got = DB_ROW;

	for (; rows > 0 && (got = db_step(n->keys, e)) == DB_ROW; rows--)
		if (!take(n, db_text(n->keys, 0), db_int(n->keys, 1) != 0, e))
			return false;
	*more = got == DB_ROW;
	return got == DB_ROW || (got == DB_DONE && build(n, e));
}

struct snapshot_size
snapshot_size(const struct snapshot *n)
{
	return (struct snapshot_size){ n->n, n->n_domains, n->low, 0 };
}

/* "@example.com" of a key; its own hash is only made where one is listed. */
static struct str
domain_of(struct str key)
{
	const char *at = memrchr(key.p, '@', key.n);

	return at == NULL ? STR("")
	    : str_of(at, (size_t)(key.p + key.n - at));
}

/* Whether one of the domains above "@domain" may be listed. */
static bool
maybe_above(const struct snapshot *n, struct str domain)
{
	char above[ADDRESS_MAX];

	for (;;) {
		domain = str_skip(domain, str_chr(domain, '.'));
		if (domain.n == 0 || !str_copy(domain, above, sizeof above))
			return false;
		above[0] = '@';
		if (hashset_has(&n->above, hash64_more(n->seed,
		    str_of(above, domain.n))))
			return true;
		domain = str_skip(domain, 1);
	}
}

/* Where anybody was erased each address has a hash to be looked for; what
 * cannot be told is asked of the database. */
static bool
maybe_erased(const struct snapshot *n, struct str key)
{
	char erased[ERASED_KEY];
	struct err e = { 0 };
	uint64_t hash;

	if (!erased_key(n->store, key, erased, &e))
		return true;
	hash = hash64_more(n->seed, str_from(erased));
	return n->low ? bloom_maybe(&n->bloom, hash)
	    : hashset_has(&n->all, hash);
}

struct probe
snapshot_probe(const struct snapshot *n, struct str key)
{
	struct probe p = { .own = hash64_more(n->seed, key) };

	if (n->low)
		bloom_prefetch(&n->bloom, p.own);
	else
		hashset_prefetch(&n->all, p.own);
	if (n->n_domains > 0) {
		p.domain = hash64_more(n->seed, domain_of(key));
		hashset_prefetch(&n->domains, p.domain);
	}
	if (n->erased)
		p.erased = maybe_erased(n, key);
	if (n->above.n > 0)
		p.below = maybe_above(n, domain_of(key));
	return p;
}

static bool
maybe_own(const struct snapshot *n, const struct probe *p)
{
	return p->erased || (n->low ? bloom_maybe(&n->bloom, p->own)
	    : hashset_has(&n->all, p->own));
}

static bool
maybe_domain(const struct snapshot *n, const struct probe *p)
{
	return p->below ||
	    (n->n_domains > 0 && hashset_has(&n->domains, p->domain));
}

bool
snapshot_maybe(const struct snapshot *n, const struct probe *p)
{
	return maybe_own(n, p) || maybe_domain(n, p);
}

bool
snapshot_ask(struct snapshot *n, struct str key, const struct probe *p,
    struct entry_brief *out, struct err *e)
{
	struct str none = { NULL, 0 };

	return entry_brief(n->store, key,
	    maybe_domain(n, p) ? domain_of(key) : none, n->scope, n->now, out,
	    e);
}
