/* erase.c - addresses that were erased on request: a keyed hash stays in
 * their place, and still blocks. */
#include "store/erase.h"

#include <sys/random.h>

#include "mail/spelled.h"
#include "store/inside.h"
#include "wrap/glib.h"
#include "wrap/hash.h"

#define SECRET_BYTES 32
#define LOCAL_MIN 4 /* shorter local parts stand in every reply */

/* *found false: there is no such row. */
static bool
secret_get(struct store *s, enum sql_name name, bool *found, struct err *e)
{
	struct stmt *st = db_bind(s->db, name, e, "");
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*found = got == DB_ROW;
	if (got == DB_ROW && !str_copy(db_text(st, 0), s->erase_secret,
	    sizeof s->erase_secret))
		*found = false;
	db_done(st);
	return got != DB_FAILED;
}

/* Within a batch nobody else can change it, and a read sees nothing newer, so
 * one look is enough. */
bool
erased_any(struct store *s, bool *any, struct err *e)
{
	*any = s->erased > 0;
	if ((s->batch || s->reading) && s->erased >= 0)
		return true;
	if (!secret_get(s, SQL_ERASED_SECRET, any, e))
		return false;
	s->erased = *any;
	return true;
}

bool
erase_refresh(struct store *s, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_LEVEL_GET, e, "t", STR("floor"));
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);
	bool any;

	s->erased = -1;
	s->floor = got == DB_ROW ? db_int(st, 0) : 0;
	db_done(st);
	return got != DB_FAILED && erased_any(s, &any, e);
}

int64_t
store_floor(const struct store *s)
{
	return s->floor;
}

static void
hash_of(const struct store *s, struct str address, char out[ERASED_KEY])
{
	out[0] = '#';
	glib_hmac_hex(str_from(s->erase_secret), address, out + 1);
}

static bool
is_address(struct str address)
{
	return address.n > 0 && address.p[0] != '@' && address.p[0] != '#';
}

bool
erased_key(struct store *s, struct str address, char out[ERASED_KEY],
    struct err *e)
{
	bool any;

	out[0] = '\0';
	if (!is_address(address))
		return true;
	if (!erased_any(s, &any, e))
		return false;
	if (any)
		hash_of(s, address, out);
	return true;
}

static bool
erased_when(struct store *s, const char *hash, int64_t *at, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_ERASED_GET, e, "t",
	    str_from(hash));
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*at = got == DB_ROW ? db_int(st, 0) : 0;
	db_done(st);
	return got != DB_FAILED;
}

bool
erased_at(struct store *s, struct str address, int64_t *at, struct err *e)
{
	char hash[ERASED_KEY];

	*at = 0;
	return erased_key(s, address, hash, e) &&
	    (hash[0] == '\0' || erased_when(s, hash, at, e));
}

/* Made at first use, and never changed: the hashes hang on it. */
static bool
secret_make(struct store *s, struct err *e)
{
	static const char HEX[] = "0123456789abcdef";
	unsigned char raw[SECRET_BYTES];
	bool found;

	if (!secret_get(s, SQL_ERASE_SECRET, &found, e))
		return false;
	if (found)
		return true;
	if (getrandom(raw, sizeof raw, 0) != sizeof raw)
		return err_set(e, EX_OSERR, "erase: the system gives no random "
		    "bytes; try again in a moment");
	for (size_t i = 0; i < sizeof raw; i++) {
		s->erase_secret[2 * i] = HEX[raw[i] >> 4];
		s->erase_secret[2 * i + 1] = HEX[raw[i] & 15];
	}
	s->erase_secret[2 * sizeof raw] = '\0';
	return db_run(s->db, SQL_ERASE_SECRET_ADD, e, "t",
	    str_from(s->erase_secret));
}

/* The strongest entry in force, whatever its stream; else a manual one. */
struct block {
	bool found;
	int64_t scope, since, change;
	enum class class;
};

static bool
block_of(struct store *s, struct str address, int64_t now, struct block *out,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_ENTRY_ALL, e, "t", address);
	enum db_got got = DB_FAILED;

	*out = (struct block){ .class = CLASS_MANUAL, .since = now };
	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		enum class c = (enum class)db_int(st, 1);
		int64_t until = db_int(st, 4);

		if (db_int(st, 2) != ENTRY_ACTIVE ||
		    (until != 0 && until <= now) || (out->found &&
		    policy_rank(c) <= policy_rank(out->class)))
			continue;
		*out = (struct block){ .found = true, .class = c,
			.scope = db_int(st, 0), .since = db_int(st, 3) };
	}
	db_done(st);
	if (st == NULL || got == DB_FAILED || !out->found)
		return st != NULL && got != DB_FAILED;
	st = db_bind(s->db, SQL_ERASE_LAST_CHANGE, e, "tii", address,
	    out->scope, (int64_t)out->class);
	got = st == NULL ? DB_FAILED : db_step(st, e);
	out->change = got == DB_ROW ? db_int(st, 0) : 0;
	db_done(st);
	return got != DB_FAILED;
}

/* How an address is looked for in texts; see db.h for holds(). */
struct forms {
	struct str address, all;
	struct str local; /* a line of its own */
};

static bool
erase_texts(struct store *s, const struct forms *f, int64_t *replies,
    struct err *e)
{
	static const enum sql_name OTHERS[] = { SQL_ERASE_NOTICES,
		SQL_ERASE_WORDS, SQL_ERASE_BULKS, SQL_ERASE_STREAMS,
		SQL_ERASE_INCIDENTS, SQL_ERASE_INCIDENT_NOTES };
	struct str local = f->local.n <= LOCAL_MIN ? STR("") : f->local;

	if (!db_run(s->db, SQL_ERASE_FOLDED, e, "tt", f->address, f->all) ||
	    !db_run(s->db, SQL_ERASE_OWN, e, "tt", f->address, f->local) ||
	    !db_run(s->db, SQL_ERASE_SAMPLES, e, "ttt", f->address, f->all,
	        local))
		return false;
	*replies = db_changes(s->db);
	for (size_t i = 0; i < COUNT(OTHERS); i++)
		if (!db_run(s->db, OTHERS[i], e, "tt", f->address, f->all))
			return false;
	return true;
}

static bool
erase_rows(struct store *s, const struct forms *f, struct erase_sums *out,
    struct err *e)
{
	int64_t why;

	/* Those of an import have no rows yet. */
	if (!store_word(s, STR("<erased>"), &why, e) ||
	    !db_run(s->db, SQL_ERASE_SETTLE, e, "t", f->address) ||
	    !db_run(s->db, SQL_ERASE_CHANGES, e, "tti", f->address,
	        str_from(out->hash), why))
		return false;
	out->changes = db_changes(s->db);
	if (!db_run(s->db, SQL_ERASE_ENTRIES, e, "t", f->address))
		return false;
	out->entries = db_changes(s->db);
	if (!db_run(s->db, SQL_ERASE_EVIDENCE, e, "t", f->address))
		return false;
	out->evidence = db_changes(s->db);
	return db_run(s->db, SQL_ERASE_FRESH, e, "t", f->address) &&
	    soft_settle(s, e) && db_run(s->db, SQL_ERASE_SOFT, e, "i",
	        (int64_t)hash64(f->address));
}

/* The entry of the hash, told as a change that leads back to the others. */
static bool
erase_block(struct store *s, const struct block *b, struct str who,
    int64_t now, struct erase_sums *out, struct err *e)
{
	struct entry en = { .address = str_from(out->hash),
		.scope = STR("global"), .class = b->class,
		.since = b->since, .rule = STR("-"), .source = STR("manual"),
		.reason = STR("erased on request") };

	out->class = b->class;
	out->since = b->since;
	return db_run(s->db, SQL_ERASED_ADD, e, "ti", str_from(out->hash),
	    now) && entry_put(s, &en, who, now, e) &&
	    (b->change == 0 || db_run(s->db, SQL_ERASE_LINK, e, "tii",
	        str_from(out->hash), b->change, (int64_t)b->class));
}

bool
store_erase(struct store *s, struct str address, struct str who, int64_t now,
    struct erase_sums *out, struct err *e)
{
	size_t at = str_rchr(address, '@');
	char local[ADDRESS_MAX];
	struct spelled all;
	struct forms f = { .address = address };
	struct block b;

	*out = (struct erase_sums){ 0 };
	if (at == address.n || !str_copy(address, local, sizeof local))
		return err_set(e, EX_SOFTWARE, "erase: this is no address");
	spelled_init(&all, address);
	f.all = str_of(all.lines, all.n);
	local[at] = '\n';
	f.local = str_of(local, at + 1);
	if (!db_exec(s->db, "PRAGMA secure_delete = 1", e) ||
	    !secret_make(s, e))
		return false;
	hash_of(s, address, out->hash);
	if (!erased_when(s, out->hash, &out->before, e))
		return false;
	if (!block_of(s, out->before != 0 ? str_from(out->hash) : address,
	    now, &b, e) || !erase_texts(s, &f, &out->replies, e) ||
	    !erase_rows(s, &f, out, e))
		return false;
	s->erased = 1;
	return erase_block(s, &b, who, now, out, e);
}

bool
store_unerase(struct store *s, struct str address, struct err *e)
{
	char hash[ERASED_KEY];

	if (!erased_key(s, address, hash, e) ||
	    !db_run(s->db, SQL_ERASED_DROP, e, "t", str_from(hash)))
		return false;
	s->erased = -1;
	return true;
}

bool
store_clear_log(struct store *s, struct err *e)
{
	return db_clear_log(s->db, e);
}

/* The copy may be larger than memory. */
bool
store_rewrite(struct store *s, struct err *e)
{
	return db_exec(s->db, "PRAGMA temp_store = FILE; VACUUM", e) &&
	    db_clear_log(s->db, e);
}

bool
store_has_longer(struct store *s, struct str address, bool *has,
    struct err *e)
{
	int64_t found = 0;
	bool ok = db_one(s->db, SQL_ERASE_LONGER, &found, e, "t", address);

	*has = found != 0;
	return ok;
}
