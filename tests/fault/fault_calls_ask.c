/* fault_calls_ask.c - questions to a list. */
#include <string.h>

#include "base/clock.h"
#include "fault_calls.h"
#include "store/erase.h"
#include "store/hashed.h"
#include "store/incident_page.h"
#include "store/report.h"
#include "store/retain.h"
#include "store/share.h"
#include "store/snapshot.h"
#include "work/rehearse.h"

#define NOW CALLS_NOW
#define GONE STR("gone3@gone.example")
#define FULL STR("full1@full.example")

static bool
row_entry(void *ctx, const struct entry_row *row, struct err *e)
{
	return calls_text(ctx, row->entry.address, e) &&
	    calls_text(ctx, row->diagnostic, e);
}

static bool
row_address(void *ctx, struct str address, struct err *e)
{
	return calls_text(ctx, address, e);
}

static bool
row_evidence(void *ctx, const struct evidence_row *row, struct err *e)
{
	return calls_text(ctx, row->folded, e) &&
	    calls_number(ctx, row->ev.fact.time, e);
}

static bool
row_seen(void *ctx, const struct evidence_seen *row, struct err *e)
{
	return calls_text(ctx, row->address, e);
}

static bool
row_change(void *ctx, const struct change_row *row, struct err *e)
{
	return calls_text(ctx, row->address, e) && calls_text(ctx, row->why, e);
}

static bool
row_bulk(void *ctx, const struct bulk_row *row, struct err *e)
{
	return calls_text(ctx, row->what, e);
}

static bool
row_stream(void *ctx, struct str name, const struct stream *st,
    int64_t changed, struct err *e)
{
	(void)changed;
	return calls_text(ctx, name, e) && calls_number(ctx, st->rows, e);
}

static bool
row_tally(void *ctx, enum tally t, int64_t sub, int64_t n, struct err *e)
{
	return calls_number(ctx, ((int64_t)t << 32) + sub, e) &&
	    calls_number(ctx, n, e);
}

static bool
row_notice(void *ctx, const struct notice_row *row, struct err *e)
{
	return calls_text(ctx, row->kind, e) &&
	    calls_text(ctx, row->text, e) &&
	    calls_number(ctx, row->first + row->last + row->n, e);
}

static bool
row_cursor(void *ctx, const struct cursor_row *row, struct err *e)
{
	return calls_text(ctx, row->name, e) &&
	    calls_number(ctx, row->at + row->pending + row->moved, e);
}

static bool
row_unknown(void *ctx, const struct unknown_row *row, struct err *e)
{
	return calls_text(ctx, row->folded, e);
}

static bool
row_category(void *ctx, const struct category_row *row, struct err *e)
{
	return calls_text(ctx, row->category, e);
}

static bool
row_code(void *ctx, const struct code_row *row, struct err *e)
{
	return calls_text(ctx, row->folded, e);
}

static bool
row_count(void *ctx, enum class class, int64_t n, struct err *e)
{
	return calls_number(ctx, (int64_t)class, e) && calls_number(ctx, n, e);
}

static bool
row_incident(void *ctx, const struct incident *in, struct err *e)
{
	return calls_text(ctx, in->text, e);
}

static bool
row_note(void *ctx, int64_t at, struct str who, struct str text, struct err *e)
{
	return calls_number(ctx, at, e) && calls_text(ctx, who, e) &&
	    calls_text(ctx, text, e);
}

static bool
row_held(void *ctx, struct str address, enum class class, struct str scope,
    struct err *e)
{
	(void)class;
	return calls_text(ctx, address, e) && calls_text(ctx, scope, e);
}

static bool
row_reply(void *ctx, const struct incident_reply *r, struct err *e)
{
	return calls_text(ctx, r->folded, e);
}

static bool
row_ours(void *ctx, const struct incident_ours *o, struct err *e)
{
	return calls_text(ctx, o->vmta, e);
}

static bool
row_fresh(void *ctx, const struct fresh *f, struct err *e)
{
	return calls_text(ctx, f->address, e);
}

static bool
row_rehearsed(void *ctx, const struct rehearsed *r, struct err *e)
{
	return calls_text(ctx, r->address, e) &&
	    calls_number(ctx, (int64_t)r->n, e);
}

/* ---- entries ---- */

static bool
ask_get(struct calls *c, struct err *e)
{
	struct entry en;
	bool found;

	return entry_get(c->scene.store, GONE, STR("global"),
	           CLASS_GONE_MAILBOX, &en, &found, e) &&
	    calls_number(c, found, e) &&
	    entry_get(c->scene.store, STR("one@stream.example"),
	        STR("stream:news"), CLASS_MANUAL, &en, &found, e) &&
	    calls_number(c, found, e);
}

static bool
decides(struct calls *c, struct str address, struct str scope, struct err *e)
{
	struct entry en = { 0 };
	bool found;

	return entry_decides(c->scene.store, address, scope, NOW, &en, &found,
	           e) && calls_number(c, found, e) &&
	    (!found || (calls_text(c, en.reason, e) &&
	        calls_text(c, en.source, e)));
}

static bool
ask_decides(struct calls *c, struct err *e)
{
	return decides(c, GONE, STR(""), e) &&
	    decides(c, STR("x@below.listed.example"), STR(""), e) &&
	    decides(c, STR("gone5@gone.example"), STR(""), e) &&
	    decides(c, STR("one@stream.example"), STR("stream:news"), e) &&
	    decides(c, STR("nobody@b.example"), STR("stream:none"), e);
}

static bool
ask_standing(struct calls *c, struct err *e)
{
	struct standing st;

	return entry_standing(c->scene.store, GONE, STR("global"),
	           LADDER_GONE, &st, e) && calls_number(c, st.found, e) &&
	    entry_standing(c->scene.store, STR("one@stream.example"),
	        STR("stream:news"), LADDER_GONE, &st, e) &&
	    calls_number(c, st.found, e);
}

static bool
ask_list(struct calls *c, struct err *e)
{
	struct entry_filter all = { .now = NOW, .all_states = true };
	struct entry_filter some = { .now = NOW, .class = STR("gone"),
		.like = STR("gone*"), .reply = STR("*5.1.1*"), .limit = 2 };

	return entry_list(c->scene.store, &all, row_entry, c, e) &&
	    entry_list(c->scene.store, &some, row_entry, c, e);
}

static bool
ask_changed(struct calls *c, struct err *e)
{
	struct entry_filter all = { .now = NOW, .all_states = true };

	return entry_changed(c->scene.store, 0, &all, row_entry, c, e);
}

static bool
ask_addresses(struct calls *c, struct err *e)
{
	return entry_addresses(c->scene.store, NOW, row_address, c, e);
}

static bool
ask_changes(struct calls *c, struct err *e)
{
	int64_t n;

	return change_list(c->scene.store, GONE, row_change, c, e) &&
	    change_feed(c->scene.store, 0, row_change, c, e) &&
	    change_last(c->scene.store, &n, e) && calls_number(c, n, e) &&
	    bulk_list(c->scene.store, 10, row_bulk, c, e);
}

static bool
ask_counts(struct calls *c, struct err *e)
{
	struct store_counts n;

	return store_count(c->scene.store, NOW, &n, e) &&
	    calls_number(c, n.entries_active + n.evidence, e) &&
	    entry_count_by_class(c->scene.store, NOW, row_count, c, e);
}

static bool
ask_dump(struct calls *c, struct err *e)
{
	return store_dump(c->scene.store, row_address, c, e);
}

static bool
ask_cursor(struct calls *c, struct err *e)
{
	int64_t at, pending;
	bool found;

	return cursor_get(c->scene.store, STR("crm"), &at, &pending, &found,
	           e) && calls_number(c, at + found, e);
}

/* ---- evidence ---- */

static bool
ask_evidence(struct calls *c, struct err *e)
{
	return evidence_list(c->scene.store, FULL, row_evidence, c, e) &&
	    evidence_scan(c->scene.store, STR(""), row_seen, c, e) &&
	    evidence_scan(c->scene.store, FULL, row_seen, c, e);
}

static bool
ask_history(struct calls *c, struct err *e)
{
	const struct evidence_fact *facts;
	struct evidence ev, of = { .address = FULL,
		.fact = { .time = NOW, .message = 1 } };
	bool found, is;
	size_t n;

	return evidence_history(c->scene.store, FULL, LADDER_FULL, 0, &facts,
	           &n, e) && calls_number(c, (int64_t)n, e) &&
	    evidence_last_transient(c->scene.store, &of, &ev, &found, e) &&
	    calls_number(c, found, e) &&
	    evidence_is_held(c->scene.store, STR("gone7@gone.example"),
	        LADDER_GONE, NOW, &is, e) && calls_number(c, is, e);
}

static bool
ask_fresh(struct calls *c, struct err *e)
{
	const struct fresh first = { .address = STR("") };

	return fresh_list(c->scene.store, &first, NOW, 100, row_fresh, c, e);
}

static bool
ask_rehearse(struct calls *c, struct err *e)
{
	struct rehearse_sums sums;

	return rehearse(c->scene.store, STR(""), row_rehearsed, c, &sums, e) &&
	    calls_number(c, sums.addresses, e);
}

/* ---- figures ---- */

static bool
ask_streams(struct calls *c, struct err *e)
{
	struct store *s = c->scene.store;
	struct stream st = { 0 };
	bool found;
	int64_t rows;

	return stream_find(s, STR("20240301T000000Z-1-0"), &st, &found, e) &&
	    calls_number(c, st.rows, e) &&
	    stream_by_ident(s, 77, 88, &st, &found, e) &&
	    stream_head_rows(s, 99, &st, &rows, e) &&
	    calls_number(c, rows, e) && stream_list(s, row_stream, c, e) &&
	    tally_list(s, row_tally, c, e) &&
	    notice_list(s, row_notice, c, e) &&
	    cursor_list(s, row_cursor, c, e);
}

static bool
ask_reports(struct calls *c, struct err *e)
{
	struct report_filter f = { .limit = 10 };
	struct report_filter none = { .provider = STR("no such"), .limit = 10 };

	return report_unknowns(c->scene.store, 0, 10, row_unknown, c, e) &&
	    report_categories(c->scene.store, 0, row_category, c, e) &&
	    report_codes(c->scene.store, &f, row_code, c, e) &&
	    report_codes(c->scene.store, &none, row_code, c, e);
}

static bool
ask_run_out(struct calls *c, struct err *e)
{
	int64_t n;

	return entry_run_out(c->scene.store, NOW + 1000 * CLOCK_DAY, &n, e) &&
	    calls_number(c, n, e);
}

static bool
ask_retain(struct calls *c, struct err *e)
{
	for (int i = 0; i < RETAIN_COUNT; i++) {
		int64_t n;

		if (!retain_count(c->scene.store, (enum retain)i, NOW, &n, e) ||
		    !calls_number(c, n, e))
			return false;
	}
	return true;
}

static bool
ask_share(struct calls *c, struct err *e)
{
	struct share_key k = { .class = CLASS_GONE_MAILBOX };
	struct share_key keys[SHARE_THREE] = { k, k, k };
	struct share_sum sum, sums[SHARE_THREE];
	int64_t hours;
	bool any;

	return share_recent(c->scene.store, &k, NOW, 3600, &sum, e) &&
	    share_span(c->scene.store, &k, 0, NOW, &sum, &hours, e) &&
	    calls_number(c, sum.n + hours, e) &&
	    share_three(c->scene.store, keys, 0, NOW, sums, e) &&
	    calls_number(c, sums[0].n, e) &&
	    share_any(c->scene.store, 0, NOW, &any, e) &&
	    calls_number(c, any, e);
}

static bool
ask_incidents(struct calls *c, struct err *e)
{
	struct incident_key k = { 0, CLASS_GONE_MAILBOX, 0 };
	struct store *s = c->scene.store;
	struct incident in;
	int64_t held, all;
	bool found;

	return incident_find(s, &k, NOW, 3600, &in, &found, e) &&
	    calls_number(c, found, e) &&
	    incident_list(s, row_incident, c, e) &&
	    incident_notes(s, c->incident, row_note, c, e) &&
	    incident_held(s, c->incident, row_held, c, e) &&
	    incident_sums(s, c->incident, &held, &all, e) &&
	    calls_number(c, held * 1000 + all, e);
}

static bool
ask_incident_page(struct calls *c, struct err *e)
{
	struct store *s = c->scene.store;
	struct incident_figures f;
	struct incident in;
	int64_t of;
	bool found;

	return incident_get(s, c->incident, &in, &found, e) &&
	    incident_figures(s, &in, &f, e) && calls_number(c, f.held, e) &&
	    incident_replies(s, &in, &f, 10, row_reply, c, e) &&
	    incident_ours(s, &in, &f, 10, row_ours, c, e) &&
	    incident_of(s, STR("gone7@gone.example"), &of, e) &&
	    calls_number(c, of, e);
}

/* ---- the list in memory ---- */

static bool
snapshot(struct calls *c, bool low, struct err *e)
{
	struct snapshot_wants w = { .scope = STR("stream:news"), .now = NOW,
		.memory = 1 << 20, .low = low };
	struct snapshot *n = snapshot_open(c->scene.store, &w, e);
	bool more = true, ok = n != NULL;
	struct entry_brief b;
	struct probe p;

	while (ok && more)
		ok = snapshot_fill(n, 50, &more, e);
	if (ok) {
		p = snapshot_probe(n, GONE);
		ok = calls_number(c, snapshot_maybe(n, &p), e) &&
		    snapshot_ask(n, GONE, &p, &b, e) &&
		    calls_number(c, b.found, e);
	}
	snapshot_close(n);
	return ok;
}

static bool
ask_snapshot(struct calls *c, struct err *e)
{
	return snapshot(c, false, e) && snapshot(c, true, e);
}

static bool
ask_hashed(struct calls *c, struct err *e)
{
	struct snapshot_wants w = { .scope = STR(""), .now = NOW,
		.memory = 1 << 20 };
	struct hashed *h = hashed_open(c->scene.store, &w, GLIB_SHA256, e);
	bool more = true, ok = h != NULL;

	while (ok && more)
		ok = hashed_fill(h, 50, &more, e);
	ok = ok && calls_number(c, hashed_size(h).entries, e);
	hashed_close(h);
	return ok;
}

static bool
ask_erased(struct calls *c, struct err *e)
{
	int64_t at;
	bool longer;

	return erased_at(c->scene.store, STR("gone5@gone.example"), &at, e) &&
	    calls_number(c, at, e) &&
	    store_has_longer(c->scene.store, STR("one@gone.example"), &longer,
	        e) && calls_number(c, longer, e);
}

#define ASK(name) { #name, ask_##name, false }

const struct call CALLS_ASK[] = {
	ASK(get),
	ASK(decides),
	ASK(standing),
	ASK(list),
	ASK(changed),
	ASK(addresses),
	ASK(changes),
	ASK(counts),
	ASK(dump),
	ASK(cursor),
	ASK(evidence),
	ASK(history),
	ASK(fresh),
	ASK(rehearse),
	ASK(streams),
	ASK(reports),
	ASK(run_out),
	ASK(retain),
	ASK(share),
	ASK(incidents),
	ASK(incident_page),
	ASK(snapshot),
	ASK(hashed),
	ASK(erased),
};
const size_t CALLS_ASK_N = COUNT(CALLS_ASK);
