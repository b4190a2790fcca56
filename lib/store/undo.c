/* undo.c - takes a bulk of changes back. */
#include <stdlib.h>

#include "store/inside.h"

#define UNDO_AT_ONCE 200 /* changes held in memory */

static bool
undo_read(struct store *s, int64_t bulk, int64_t before,
    struct undo_row *rows, size_t *n, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_UNDO_CHANGES, e, "iii", bulk,
	    before, (int64_t)UNDO_AT_ONCE);
	enum db_got got = DB_FAILED;

	*n = 0;
	while (st != NULL && *n < UNDO_AT_ONCE &&
	    (got = db_step(st, e)) == DB_ROW) {
		struct undo_row *r = &rows[(*n)++];

		r->n = db_int(st, 0);
		str_copy(db_text(st, 1), r->address, sizeof r->address);
		r->scope = db_int(st, 2);
		r->class = (enum class)db_int(st, 3);
		r->was = (struct entry_was){ db_int(st, 4), db_int(st, 5),
		    db_int(st, 6), db_int(st, 7), db_int(st, 8),
		    db_int(st, 9), db_int(st, 10), db_int(st, 11),
		    db_int(st, 12) };
		r->last = db_int(st, 13);
	}
	db_done(st);
	return st != NULL && got != DB_FAILED;
}

/* Whether the evidence, as the undo has put it back, lets the entry be as it
 * was: a delivery may have cleared all of it since. Where none is left to
 * tell, gc deleted it. */
static bool
still_carried(struct store *s, const struct undo_row *r, int64_t policy,
    bool *is, struct err *e)
{
	enum ladder l = policy_ladder(r->class);
	bool held = r->was.state == ENTRY_HELD;
	enum db_got got = DB_FAILED;
	struct stmt *st;
	bool any = false;

	*is = true;
	if ((r->was.state != ENTRY_ACTIVE && !held) ||
	    r->was.source != policy || l == LADDER_NONE)
		return true;
	*is = false;
	st = db_bind(s->db, SQL_EVIDENCE_BEHIND, e, "tii",
	    str_from(r->address), r->was.mark,
	    policy_ladder_info(l)->stream ? r->scope : INT64_C(0));
	while (st != NULL && !*is && (got = db_step(st, e)) == DB_ROW) {
		int64_t state = db_int(st, 1);

		if (policy_ladder((enum class)db_int(st, 0)) != l)
			continue;
		any = true;
		*is = state == EVIDENCE_COUNTS ||
		    (held && state == EVIDENCE_HELD);
	}
	db_done(st);
	*is = *is || !any;
	return st != NULL && got != DB_FAILED;
}

/* A hash has no other state that it could go back to. */
static bool
undo_one(struct store *s, const struct undo_row *r,
    const struct undo_by *by, bool *done, struct err *e)
{
	bool carried;

	*done = false;
	if (r->address[0] == '#')
		return true;
	if (!still_carried(s, r, by->policy, &carried, e))
		return false;
	return !carried || entry_put_back(s, r, by, done, e);
}

static bool
undo_rows(struct store *s, const struct undo_row *rows, size_t n,
    const struct undo_by *by, struct undo_sums *out, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct undo_row *r = &rows[i];
		bool done;

		if (!undo_one(s, r, by, &done, e))
			return false;
		out->undone += done;
		out->left += !done;
		out->erased += !done && r->address[0] == '#';
	}
	return true;
}

/* The same for changes without rows of their own: an import's adds. They are
 * read by key, since each that is undone moves on to another number. */
static bool
undo_read_run(struct store *s, const struct run *run,
    const struct undo_row *last, struct undo_row *rows, size_t *n,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_RUN_UNDO, e, "iitiii", run->first,
	    run->last, str_from(last->address), last->scope,
	    (int64_t)last->class, (int64_t)UNDO_AT_ONCE);
	enum db_got got = DB_FAILED;

	*n = 0;
	while (st != NULL && *n < UNDO_AT_ONCE &&
	    (got = db_step(st, e)) == DB_ROW) {
		struct undo_row *r = &rows[(*n)++];

		*r = (struct undo_row){ .n = db_int(st, 0),
		    .last = db_int(st, 0),
		    .scope = db_int(st, 2), .class = (enum class)db_int(st, 3),
		    .was = { .state = -1 } };
		str_copy(db_text(st, 1), r->address, sizeof r->address);
	}
	db_done(st);
	return st != NULL && got != DB_FAILED;
}

/* An import has one run. */
static bool
run_of_bulk(struct store *s, int64_t bulk, struct run *out, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_RUN_OF_BULK, e, "i", bulk);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*out = (struct run){ 0 };
	if (got == DB_ROW)
		*out = (struct run){ .first = db_int(st, 0),
			.last = db_int(st, 1) };
	db_done(st);
	return got != DB_FAILED;
}

static bool
undo_run(struct store *s, int64_t bulk, struct undo_row *rows,
    const struct undo_by *by, struct undo_sums *out, struct err *e)
{
	struct undo_row last = { 0 };
	struct run run;
	size_t n;

	if (!run_of_bulk(s, bulk, &run, e) || run.last == 0)
		return e->code == 0;
	do {
		if (!undo_read_run(s, &run, &last, rows, &n, e) ||
		    !undo_rows(s, rows, n, by, out, e))
			return false;
		if (n > 0)
			last = rows[n - 1];
	} while (n == UNDO_AT_ONCE);
	return true;
}

static bool
bulk_found(struct store *s, int64_t bulk, bool *found, struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_BULK_GET, e, "i", bulk);
	enum db_got got = st == NULL ? DB_FAILED : db_step(st, e);

	*found = got == DB_ROW;
	db_done(st);
	return got != DB_FAILED;
}

/* Newest first. The run behind the others: what it leaves has rows of its
 * own. */
static bool
undo_entries(struct store *s, int64_t bulk, const struct undo_by *by,
    struct undo_sums *out, struct err *e)
{
	struct undo_row *rows = calloc(UNDO_AT_ONCE, sizeof *rows);
	int64_t before = INT64_MAX;
	size_t n = 0;
	bool ok = rows != NULL || err_memory(e);

	do {
		ok = ok && undo_read(s, bulk, before, rows, &n, e) &&
		    undo_rows(s, rows, n, by, out, e);
		before = ok && n > 0 ? rows[n - 1].n : 0;
	} while (ok && n == UNDO_AT_ONCE);
	ok = ok && undo_run(s, bulk, rows, by, out, e);
	free(rows);
	return ok;
}

bool
store_undo(struct store *s, int64_t bulk, int64_t as, struct str who,
    int64_t now, struct undo_sums *out, struct err *e)
{
	struct undo_by by = { .bulk = as, .now = now };

	*out = (struct undo_sums){ 0 };
	if (!bulk_found(s, bulk, &out->found, e))
		return false;
	/* The undo has a number of its own by now. */
	out->found = out->found && bulk < as;
	if (!out->found)
		return true;
	incident_forget(s);
	/* Before the entries, which stand on it. */
	if (!store_word(s, who, &by.who, e) ||
	    !store_word(s, STR("undo"), &by.why, e) ||
	    !word_find(s, STR("policy"), &by.policy, e) ||
	    !db_run(s->db, SQL_UNDO_EVIDENCE, e, "ii", bulk, as))
		return false;
	out->evidence = db_changes(s->db);
	if (!undo_entries(s, bulk, &by, out, e) ||
	    !db_run(s->db, SQL_UNDO_INCIDENT_CHANGE, e, "ii", bulk, as))
		return false;
	out->incidents = db_changes(s->db);
	return db_run(s->db, SQL_UNDO_INCIDENT, e, "i", as);
}

static bool
undo_entry_list(struct store *s, enum sql_name which, int64_t bulk,
    undo_entry_fn *fn, void *ctx, struct err *e)
{
	struct stmt *st = db_bind(s->db, which, e, "i", bulk);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		enum class c = (enum class)db_int(st, 2);

		if (policy_ladder(c) == policy_ladder((enum class)db_int(st,
		    3)) && !fn(ctx, db_text(st, 0), db_text(st, 1), c, e))
			break;
	}
	db_done(st);
	return st != NULL && got != DB_FAILED && e->code == 0;
}

bool
undo_cleared(struct store *s, int64_t bulk, undo_entry_fn *fn, void *ctx,
    struct err *e)
{
	return undo_entry_list(s, SQL_UNDO_CLEARED, bulk, fn, ctx, e);
}

bool
undo_lifted(struct store *s, int64_t bulk, undo_entry_fn *fn, void *ctx,
    struct err *e)
{
	return undo_entry_list(s, SQL_UNDO_LIFTED, bulk, fn, ctx, e);
}

bool
bulk_list(struct store *s, int64_t limit, bulk_fn *fn, void *ctx,
    struct err *e)
{
	struct stmt *st = db_bind(s->db, SQL_BULK_LIST, e, "i", limit);
	enum db_got got = DB_FAILED;

	while (st != NULL && (got = db_step(st, e)) == DB_ROW) {
		struct bulk_row row = { .id = db_int(st, 0),
		    .at = db_int(st, 1), .what = db_text(st, 2),
		    .who = db_text(st, 3), .changes = db_int(st, 4) };

		if (!fn(ctx, &row, e))
			break;
	}
	db_done(st);
	return got != DB_FAILED && e->code == 0;
}
