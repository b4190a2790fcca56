/* ask.c - everything that is only read: lists, changes, counts, the dump. */
#include "mail/reply.h"
#include "store/inside.h"
#include "wrap/hash.h"

static bool
filter_entry(const struct entry_filter *f, const struct entry *en)
{
	bool active = en->state == ENTRY_ACTIVE &&
	    (en->until == 0 || en->until > f->now);

	return (f->all_states || active) &&
	    (!f->subdomains || en->subdomains) &&
	    (f->like.n == 0 || str_like(en->address, f->like)) &&
	    (f->scope.n == 0 || str_eq(f->scope, en->scope)) &&
	    (f->source.n == 0 || str_eq(f->source, en->source)) &&
	    (f->rule.n == 0 || str_eq(f->rule, en->rule)) &&
	    (f->domain.n == 0 || str_eq(f->domain, str_skip(en->address,
	        str_rchr(en->address, '@') + 1))) &&
	    class_fits(f->class, en->class) && en->since >= f->since &&
	    (f->until == 0 || en->since < f->until);
}

/* What only the last evidence tells. */
static bool
filter_evidence(const struct entry_filter *f, const struct entry_row *row)
{
	return (f->provider.n == 0 || str_eq(f->provider, row->provider)) &&
	    (f->reply.n == 0 || str_like(row->diagnostic, f->reply));
}

static void
entry_take(struct stmt *st, struct entry_row *row)
{
	*row = (struct entry_row){
		.entry = { .address = db_text(st, 0), .scope = db_text(st, 1),
		    .class = (enum class)db_int(st, 2),
		    .state = (enum entry_state)db_int(st, 3),
		    .since = db_int(st, 4), .until = db_int(st, 5),
		    .rule = db_text(st, 6), .source = db_text(st, 7),
		    .reason = db_text(st, 8), .mark = db_int(st, 9),
		    .bulk = db_int(st, 10), .incident = db_int(st, 11) },
		.change = db_int(st, 12),
		.action = db_text(st, 13),
	};
	row->entry.subdomains = db_int(st, 14) != 0;
}

/* A whole scan takes numbers in place of words: looking them up in memory is
 * several times as fast as four joins. */
static bool
entry_take_numbers(struct store *s, struct stmt *st, struct entry_row *row,
    struct err *e)
{
	int64_t scope = db_int(st, 1), rule = db_int(st, 6);

	*row = (struct entry_row){
		.entry = { .address = db_text(st, 0), .scope = STR("global"),
		    .class = (enum class)db_int(st, 2),
		    .state = (enum entry_state)db_int(st, 3),
		    .since = db_int(st, 4), .until = db_int(st, 5),
		    .rule = STR("-"), .mark = db_int(st, 9),
		    .bulk = db_int(st, 10), .incident = db_int(st, 11),
		    .subdomains = db_int(st, 13) != 0 },
		.change = db_int(st, 12),
	};
	return (scope == 0 || word_seen(s, scope, &row->entry.scope, e)) &&
	    (rule == 0 || word_seen(s, rule, &row->entry.rule, e)) &&
	    word_seen(s, db_int(st, 7), &row->entry.source, e) &&
	    word_seen(s, db_int(st, 8), &row->entry.reason, e);
}

#define LOOKS_LEAST 1000  /* one by one, before all are asked at once; */
#define LOOKS_SHARE 1000  /* and one for so many pieces of evidence */
#define WHO_BYTES (8u << 20)
#define WHO_MOST (4 * (int64_t)WHO_BYTES) /* of more it would know nobody */

/* Who has evidence, for a scan of all entries: of an import nobody has any. */
struct who {
	int64_t looks, last, enough; /* last: as evidence_last() */
	struct bloom have; /* of hash64() of addresses */
};

static bool
who_begin(struct store *s, struct who *w, struct err *e)
{
	if (!evidence_last(s, &w->last, e))
		return false;
	w->enough = w->last / LOOKS_SHARE;
	if (w->enough < LOOKS_LEAST)
		w->enough = LOOKS_LEAST;
	if (w->last > WHO_MOST)
		w->enough = INT64_MAX;
	return true;
}

static bool
who_read(struct store *s, struct who *w, struct err *e)
{
	enum db_got got = DB_FAILED;
	struct stmt *st;

	/* Without memory all of them are looked for. */
	if (!bloom_make(&w->have, (uint64_t)w->last, WHO_BYTES))
		return true;
	st = db_bind(s->db, SQL_EVIDENCE_HASHES, e, "");
	while (st != NULL && (got = db_step(st, e)) == DB_ROW)
		bloom_add(&w->have, (uint64_t)db_int(st, 0));
	db_done(st);
	return got != DB_FAILED;
}

static bool
may_have_evidence(struct store *s, struct who *w, struct str address,
    bool *may, struct err *e)
{
	if ((w->looks == 0 && !who_begin(s, w, e)) ||
	    (++w->looks == w->enough && !who_read(s, w, e)))
		return false;
	*may = w->have.blocks != NULL
	    ? bloom_maybe(&w->have, hash64(address)) : w->last > 0;
	return true;
}

/* The last evidence of the entry's class; the caller ends the statement. */
static bool
entry_evidence(struct store *s, struct entry_row *row, char *status,
    struct stmt **st, struct err *e)
{
	enum db_got got;

	*st = db_bind(s->db, SQL_ENTRY_LAST_EVIDENCE, e, "ti",
	    row->entry.address, (int64_t)row->entry.class);
	got = *st == NULL ? DB_FAILED : db_step(*st, e);
	status[0] = '\0';
	if (got == DB_ROW) {
		row->last_seen = db_int(*st, 0);
		row->code = db_int(*st, 1);
		reply_status_text(reply_status_from(db_int(*st, 2)), status);
		row->provider = db_text(*st, 3);
		row->diagnostic = db_text(*st, 4);
	}
	row->status = str_from(status);
	return got != DB_FAILED;
}

/* The texts of the last evidence outlive its statement: fn may ask for other
 * entries, which looks theirs up. */
static bool
entry_last(struct store *s, struct entry_row *row, char *status,
    struct buf *texts, struct err *e)
{
	struct stmt *last;
	bool ok = entry_evidence(s, row, status, &last, e);
	size_t n = row->provider.n;

	buf_clear(texts);
	if (ok && n + row->diagnostic.n > 0) {
		buf_add(texts, row->provider);
		buf_add(texts, row->diagnostic);
		ok = buf_ok(texts, e);
	}
	if (ok && n + row->diagnostic.n > 0) {
		row->provider = str_sub(buf_str(texts), 0, n);
		row->diagnostic = str_skip(buf_str(texts), n);
	}
	db_done(last);
	return ok;
}

/* Gives the rows of a statement to fn; removals pass the state filter. */
static bool
entry_each(struct store *s, struct stmt *st, const struct entry_filter *f,
    entry_fn *fn, void *ctx, struct err *e)
{
	enum db_got got = DB_FAILED;
	struct entry_row row;
	struct buf texts = { 0 };
	char status[16];
	int64_t given = 0;
	bool ok = st != NULL;

	while (ok && (f->limit == 0 || given < f->limit) &&
	    (got = db_step(st, e)) == DB_ROW) {
		entry_take(st, &row);
		if (!filter_entry(f, &row.entry))
			continue;
		ok = entry_last(s, &row, status, &texts, e);
		if (ok && filter_evidence(f, &row)) {
			ok = fn(ctx, &row, e);
			given++;
		}
	}
	db_done(st);
	buf_release(&texts);
	return st != NULL && got != DB_FAILED && e->code == 0;
}

/* Every entry in key order. */
static bool
entry_scan(struct store *s, const struct entry_filter *f, entry_fn *fn,
    void *ctx, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_ENTRY_SCAN, e, "");
	struct who who = { 0 };
	enum db_got got = DB_FAILED;
	struct entry_row row;
	char status[16];
	int64_t given = 0;
	bool ok = st != NULL;

	while (ok && (f->limit == 0 || given < f->limit) &&
	    (got = db_step(st, e)) == DB_ROW) {
		struct stmt *last = NULL;
		bool may = false;

		ok = entry_take_numbers(s, st, &row, e);
		if (!ok || !filter_entry(f, &row.entry))
			continue;
		ok = may_have_evidence(s, &who, row.entry.address, &may, e) &&
		    (!may || entry_evidence(s, &row, status, &last, e));
		if (ok && filter_evidence(f, &row)) {
			ok = fn(ctx, &row, e);
			given++;
		}
		db_done(last);
	}
	db_done(st);
	bloom_release(&who.have);
	return st != NULL && got != DB_FAILED && e->code == 0;
}

bool
entry_list(struct store *s, const struct entry_filter *f, entry_fn *fn,
    void *ctx, struct err *e)
{
	if (f->subdomains && f->address.n == 0)
		return entry_each(s, db_bind(s->db, SQL_ENTRY_LIST_BELOW, e,
		    ""), f, fn, ctx, e);
	if (f->address.n == 0)
		return entry_scan(s, f, fn, ctx, e);
	return entry_each(s, db_bind(s->db, SQL_ENTRY_LIST_ONE, e, "t",
	    f->address), f, fn, ctx, e);
}

/* What imports added behind `after`, and nothing has changed since. */
static bool
runs_changed(struct store *s, int64_t after, const struct entry_filter *f,
    entry_fn *fn, void *ctx, struct err *e)
{
	struct run r;

	for (; run_next(s, after, &r, e) && r.last != 0; after = r.last)
		if (!entry_each(s, run_entries(s, &r, e), f, fn, ctx, e))
			return false;
	return e->code == 0;
}

bool
entry_changed(struct store *s, int64_t after, const struct entry_filter *f,
    entry_fn *fn, void *ctx, struct err *e)
{
	struct entry_filter all = *f;

	/* A removal has no since to filter by: the reader must hear of it. */
	all.all_states = true;
	all.since = 0;
	all.source = all.provider = STR("");
	return runs_changed(s, after, &all, fn, ctx, e) &&
	    entry_each(s, db_bind(s->db, SQL_ENTRY_CHANGED, e, "i", after),
	        &all, fn, ctx, e);
}

bool
entry_addresses(struct store *s, int64_t now, address_fn *fn, void *ctx,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_ENTRY_ADDRESSES, e, "i", now);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW)
		if (!fn(ctx, db_text(st, 0), e))
			break;
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

bool
change_last(struct store *s, int64_t *n, struct err *e)
{
	return db_one(s->db, SQL_CHANGE_LAST, n, e, "");
}

bool
change_list(struct store *s, struct str address, change_fn *fn, void *ctx,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_CHANGE_LIST, e, "t", address);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct change_row row = { .n = db_int(st, 0),
		    .at = db_int(st, 1),
		    .action = str_from(change_action(db_int(st, 2))),
		    .address = address, .scope = db_text(st, 3),
		    .class = (enum class)db_int(st, 4),
		    .who = db_text(st, 5), .why = db_text(st, 6),
		    .bulk = db_int(st, 7) };

		if (!fn(ctx, &row, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

bool
store_dump(struct store *s, dump_fn *fn, void *ctx, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_DUMP, e, "");
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW)
		if (!fn(ctx, db_text(st, 0), e))
			break;
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}

bool
store_count(struct store *s, int64_t now, struct store_counts *out,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_ENTRY_STATE_COUNTS, e, "i", now);
	bool ok = st != NULL && db_step(st, e) == DB_ROW;
	int64_t pages = 0, size = 0, unused = 0;

	*out = (struct store_counts){ 0 };
	if (ok) {
		out->entries_active = db_int(st, 0);
		out->entries_held = db_int(st, 1);
		out->entries_lifted = db_int(st, 2);
		out->entries_ended = db_int(st, 3);
	}
	db_done(st);
	st = ok ? db_bind(s->db, SQL_TABLE_COUNTS, e, "") : NULL;
	ok = st != NULL && db_step(st, e) == DB_ROW;
	if (ok) {
		out->evidence = db_int(st, 0);
		out->replies = db_int(st, 1);
		out->changes = db_int(st, 2);
	}
	db_done(st);
	ok = ok && db_number(s->db, "PRAGMA page_count", &pages, e) &&
	    db_number(s->db, "PRAGMA page_size", &size, e) &&
	    db_number(s->db, "PRAGMA freelist_count", &unused, e);
	out->free_bytes = unused * size;
	out->bytes = pages * size;
	return ok;
}

bool
entry_count_by_class(struct store *s, int64_t now, count_fn *fn, void *ctx,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_ENTRY_CLASS_COUNTS, e, "i", now);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW)
		if (!fn(ctx, (enum class)db_int(st, 0), db_int(st, 1), e))
			break;
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}
