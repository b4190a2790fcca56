/* fault_calls_change.c - changes of a list. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fault_calls.h"
#include "store/erase.h"
#include "store/retain.h"
#include "store/share.h"
#include "work/settle.h"

#define NOW CALLS_NOW
#define WHO CALLS_WHO
#define DAY 86400

static bool
put(struct calls *c, const char *address, const char *scope, struct err *e)
{
	struct entry en = { .address = str_from(address),
		.scope = str_from(scope), .class = CLASS_MANUAL,
		.since = NOW - DAY, .rule = STR("-"), .source = STR("manual"),
		.reason = STR("asked by mail"), .subdomains = true };

	return entry_put(c->scene.store, &en, WHO, NOW, e);
}

static bool
run_of(struct calls *c, const char *name, int n, struct err *e)
{
	struct entry_run r = { 0 };
	bool ok, added;

	ok = store_new_bulk(c->scene.store, STR("import"), WHO, NOW, &c->run,
	    e) && entry_run_begin(c->scene.store, &r, WHO, c->run, NOW, e);
	for (int i = 0; ok && i < n; i++) {
		struct entry en = { .scope = STR("global"),
			.class = CLASS_MANUAL, .since = NOW, .rule = STR("-"),
			.source = STR("import"), .reason = STR("a run") };
		char who[64];

		snprintf(who, sizeof who, "%s%03d@run.example", name, i);
		en.address = str_from(who);
		ok = entry_run_add(c->scene.store, &r, &en, &added, e) &&
		    calls_number(c, added, e);
	}
	return ok && entry_run_end(c->scene.store, &r, e);
}

static bool
is_gone(int64_t group, enum class c)
{
	(void)group;
	return c == CLASS_GONE_MAILBOX;
}

static bool
hold(struct calls *c, struct str address, struct err *e)
{
	struct evidence_group g = { .has = is_gone };
	struct evidence_held held;

	return evidence_hold(c->scene.store, address, &g, c->incident,
	           &held, e) && calls_number(c, held.n, e);
}

static bool
held_entry(struct calls *c, struct err *e)
{
	struct entry en = { .address = STR("gone7@gone.example"),
		.scope = STR("global"), .class = CLASS_GONE_MAILBOX,
		.state = ENTRY_HELD, .since = NOW - DAY, .rule = STR("-"),
		.source = STR("policy"), .reason = STR("held"),
		.incident = c->incident };

	return entry_put(c->scene.store, &en, STR("policy"), NOW, e);
}

static bool
open_incident(struct calls *c, struct err *e)
{
	struct incident_key k = { 0, CLASS_GONE_MAILBOX, 0 };
	struct incident in = { .kind = INCIDENT_STORM,
		.class = CLASS_GONE_MAILBOX, .covers = NOW - DAY,
		.opened = NOW, .last = NOW, .peak = NOW, .peak_n = 5,
		.text = STR("5 of 6") };

	if (!incident_open(c->scene.store, &in, &k, e))
		return false;
	c->incident = in.id;
	return incident_note(c->scene.store, in.id, WHO, STR("looked at"), NOW,
	           e) && incident_over(c->scene.store, in.id, NOW, 7, e);
}

static bool
erase(struct calls *c, struct str address, struct err *e)
{
	struct erase_sums sums;

	return store_erase(c->scene.store, address, WHO, NOW, &sums, e) &&
	    calls_number(c, sums.evidence, e);
}

/* Also finds it again. */
static bool
open_stream(struct calls *c, struct str name, struct stream *st, struct err *e)
{
	struct buf header = { 0 };
	bool ok = stream_open(c->scene.store, name, ROAD_FILE, st, &header,
	    e) && calls_text(c, buf_str(&header), e);

	buf_release(&header);
	return ok;
}

static bool
prepare_all(struct calls *c, struct err *e)
{
	struct store *s = c->scene.store;
	struct stream st;

	return put(c, "one@stream.example", "stream:news", e) &&
	    put(c, "@listed.example", "global", e) &&
	    run_of(c, "run", 40, e) && open_incident(c, e) &&
	    hold(c, STR("gone7@gone.example"), e) &&
	    hold(c, STR("gone8@gone.example"), e) && held_entry(c, e) &&
	    cursor_pend(s, STR("crm"), 5, e) &&
	    cursor_move(s, STR("crm"), 3, NOW, e) &&
	    notice_add(s, STR("gap"), STR("lost <b@c.example>"), 1, NOW, e) &&
	    open_stream(c, STR("other"), &st, e) &&
	    stream_head_add(s, 99, st.id, e) &&
	    erase(c, STR("gone5@gone.example"), e);
}

static bool
is_import(void *ctx, const struct bulk_row *row, struct err *e)
{
	(void)e;
	if (str_eq(row->what, STR("import")))
		*(int64_t *)ctx = row->id;
	return true;
}

bool
calls_prepare(struct calls *c, struct err *e)
{
	struct storm_settings *storm = &c->scene.config.storm;

	/* Few rows are enough for all of them. */
	storm->recipients = storm->breaker_floor = storm->report_floor =
	    storm->complaint_floor = 4;
	scene_wipe();
	if (!scene_open(&c->scene, e))
		return false;
	for (size_t i = 0; i < SCENE_STEPS; i++)
		if (!scene_step(&c->scene, i, e))
			return err_at(e, "step %s", scene_step_name(i));
	return bulk_list(c->scene.store, 10, is_import, &c->bulk, e) &&
	    store_begin(c->scene.store, e) && prepare_all(c, e) &&
	    store_commit(c->scene.store, e);
}

/* ---- changes ---- */

static bool
do_put(struct calls *c, struct err *e)
{
	return put(c, "new@b.example", "stream:new", e) &&
	    put(c, "run003@run.example", "global", e) &&
	    put(c, "gone5@gone.example", "global", e);
}

static bool
do_lift(struct calls *c, struct err *e)
{
	struct entry_lift lift = { STR("run004@run.example"), STR("global"),
		CLASS_MANUAL, NOW, STR("ours"), 0 };
	bool lifted;

	return entry_lift(c->scene.store, &lift, WHO, NOW, &lifted, e) &&
	    calls_number(c, lifted, e);
}

static bool
do_expire(struct calls *c, struct err *e)
{
	int64_t ended;

	return entry_expire(c->scene.store, NOW + 1000 * (int64_t)DAY, &ended,
	           e) && calls_number(c, ended, e);
}

static bool
do_run(struct calls *c, struct err *e)
{
	return run_of(c, "more", 20, e);
}

static bool
undo(struct calls *c, int64_t bulk, struct err *e)
{
	struct undo_sums sums;
	int64_t as;

	return store_new_bulk(c->scene.store, STR("undo"), WHO, NOW, &as, e) &&
	    store_undo(c->scene.store, bulk, as, WHO, NOW, &sums, e) &&
	    calls_number(c, sums.undone, e);
}

static bool
do_undo(struct calls *c, struct err *e)
{
	return undo(c, c->bulk, e);
}

static bool
do_undo_run(struct calls *c, struct err *e)
{
	return undo(c, c->run, e);
}

static bool
do_erase(struct calls *c, struct err *e)
{
	return erase(c, STR("gone3@gone.example"), e) &&
	    erase(c, STR("gone5@gone.example"), e);
}

static bool
do_unerase(struct calls *c, struct err *e)
{
	return store_unerase(c->scene.store, STR("gone5@gone.example"), e);
}

static bool
do_retain(struct calls *c, struct err *e)
{
	if (!retain_floor(c->scene.store, NOW - DAY, e))
		return false;
	for (int i = 0; i < RETAIN_COUNT; i++) {
		struct retain_walk w = { .what = (enum retain)i,
			.cut = NOW + DAY };

		while (!w.done)
			if (!retain_slice(c->scene.store, &w, e))
				return false;
		if (!calls_number(c, w.deleted, e))
			return false;
	}
	return true;
}

static bool
do_evidence(struct calls *c, struct err *e)
{
	struct store *s = c->scene.store;
	struct str full = STR("full1@full.example");
	struct entry_lift lift = { .address = STR("gone4@gone.example"),
		.scope = STR("global"), .class = CLASS_GONE_MAILBOX,
		.upto = NOW, .bulk = c->bulk };
	struct evidence_told told;
	int64_t n;

	return evidence_clear(s, full, NOW, &told, e) &&
	    calls_number(c, told.cleared, e) &&
	    evidence_void(s, &lift, e) &&
	    hold(c, STR("gone9@gone.example"), e) &&
	    evidence_unhold(s, STR("gone9@gone.example"), LADDER_GONE, NOW, &n,
	        e) && calls_number(c, n, e);
}

static bool
do_incident(struct calls *c, struct err *e)
{
	return open_incident(c, e) &&
	    hold(c, STR("gone10@gone.example"), e);
}

static bool
settle(struct calls *c, bool drop, struct err *e)
{
	struct ruling r = { c->incident, drop, 0, WHO };
	struct settled out;
	bool ok;

	ok = store_new_bulk(c->scene.store, STR("incident"), WHO, NOW, &r.bulk,
	    e) && incident_settle(c->scene.work, &r, &out, e) &&
	    calls_number(c, out.addresses, e) &&
	    calls_number(c, out.listed, e);
	work_abandon(c->scene.work);
	return ok;
}

static bool
do_release(struct calls *c, struct err *e)
{
	return settle(c, false, e);
}

static bool
do_discard(struct calls *c, struct err *e)
{
	return settle(c, true, e);
}

static bool
do_streams(struct calls *c, struct err *e)
{
	struct store *s = c->scene.store;
	struct stream st;

	return open_stream(c, STR("new"), &st, e) &&
	    stream_keep(s, &st, STR("type,rcpt"), NOW, e) &&
	    open_stream(c, STR("new"), &st, e) &&
	    stream_rename(s, st.id, STR("newer"), e) &&
	    notice_add(s, STR("gap"), STR("more"), st.id, NOW, e) &&
	    cursor_pend(s, STR("crm"), 9, e) &&
	    cursor_move(s, STR("crm"), 9, NOW, e) &&
	    level_put(s, STR("level"), 9, e);
}

/* Reads of them write what is held in memory first. */
static bool
do_share(struct calls *c, struct err *e)
{
	struct share_key k = { .provider = 3, .class = CLASS_GONE_MAILBOX };
	struct share_sum sum;
	int64_t hours;
	bool any;

	for (int64_t i = 0; i < 40; i++) {
		k.reply = i % 7;
		if (!share_add(c->scene.store, &k, NOW - i * SHARE_BUCKET, 1, 0,
		        e) ||
		    !share_attempt(c->scene.store, 3, 1,
		        NOW - i * SHARE_BUCKET, e))
			return false;
	}
	return share_recent(c->scene.store, &k, NOW, DAY, &sum, e) &&
	    calls_number(c, sum.n, e) &&
	    share_span(c->scene.store, &k, 0, NOW, &sum, &hours, e) &&
	    calls_number(c, sum.n + hours, e) &&
	    share_any(c->scene.store, 3, NOW, &any, e) &&
	    calls_number(c, any, e);
}

/* ---- rows, that a storm and the breakers hold ---- */

#define ROWS 64

/* Each fourth is a complaint; of the others one in eight was delivered. */
static void
add_rows(struct buf *b)
{
	buf_adds(b, "type,timeLogged,orig,rcpt,dsnStatus,dsnDiag,dsnMta,"
	    "bounceCat,vmta,feedbackType\n");
	for (int i = 0; i < ROWS; i++) {
		long at = NOW - 3600 + i;

		if (i % 4 == 3)
			buf_addf(b, "f,%ld,n@s.example,p%d@gmail.com,,,,,vm1,"
			    "abuse\n", at, i);
		else if (i % 8 == 1)
			buf_addf(b, "d,%ld,n@s.example,p%d@gmail.com,2.0.0,"
			    "smtp;250 ok,mx.google.com (192.0.2.1),,vm1,\n",
			    at, i);
		else
			buf_addf(b, "b,%ld,n@s.example,p%d@gmail.com,5.1.1,"
			    "smtp;550 5.1.1 User unknown,"
			    "mx.google.com (192.0.2.1),bad-mailbox,vm1,\n",
			    at, i);
	}
	/* What is listed or held already, and a whole domain. */
	buf_addf(b, "b,%ld,n@s.example,gone7@gone.example,5.1.1,smtp;550 5.1.1 "
	    "User unknown,mx.b.example (192.0.2.9),bad-mailbox,vm1,\n"
	    "d,%ld,n@s.example,full1@full.example,2.0.0,smtp;250 ok,"
	    "mx.b.example (192.0.2.9),,vm1,\n"
	    "b,%ld,n@s.example,x@nodomain.example,5.1.2,,,bad-domain,vm1,\n",
	    NOW - 60L, NOW - 50L, NOW - 40L);
}

static bool
do_rows(struct calls *c, struct err *e)
{
	struct buf text = { 0 };
	struct scene_piece m = { .whole = true };
	struct source from = { .name = "20240530T000000Z-1-0", .input = "csv",
		.road = ROAD_PIPE, .ctx = &m, .read = scene_piece_read };
	enum follow_state state = FOLLOW_MORE;
	const struct work_sums *sums = work_sums(c->scene.work);
	struct follow *f = NULL;
	bool ok;

	add_rows(&text);
	m.bytes = buf_str(&text);
	work_sums_clear(c->scene.work);
	ok = buf_ok(&text, e) &&
	    (f = follow_open(c->scene.work, &from, e)) != NULL;
	while (ok && state == FOLLOW_MORE)
		ok = follow_step(f, 4000, &state, e);
	ok = ok && calls_number(c, sums->used, e) &&
	    calls_number(c, sums->suppressed, e) &&
	    calls_number(c, sums->held, e);
	follow_close(f);
	work_abandon(c->scene.work);
	buf_release(&text);
	return ok;
}

/* ---- a list of its own ---- */

/* All that waits in memory for a commit. */
static bool
commit_all(struct store *s, struct err *e)
{
	struct counter_key k = { NOW, 0, 0, KIND_D, ROAD_PIPE };
	struct share_key key = { 0, CLASS_GONE_MAILBOX, 0 };

	if (!store_begin(s, e))
		return false;
	store_horizon_raise(s, NOW);
	store_horizon_report(s, NOW + 1);
	return counter_add(s, &k, 3, e) &&
	    tally_add(s, 1, TALLY_ROWS, KIND_D, 3, e) &&
	    share_add(s, &key, NOW, 1, 0, e) && store_commit(s, e);
}

static bool
do_make(struct calls *c, struct err *e)
{
	struct store_counts n = { 0 };
	struct store *s;
	int64_t latest;
	bool ok;

	unlink("new.db");
	unlink("new.db-wal");
	unlink("new.db-shm");
	s = store_open("new.db", STORE_WRITE, &c->scene.config.store, 0, e);
	ok = s != NULL && commit_all(s, e) && store_tidy(s, true, e) &&
	    store_empty_log(s, e) && commit_all(s, e) &&
	    store_count(s, NOW, &n, e) && calls_number(c, n.evidence, e) &&
	    store_horizon_read(s, &latest, e) && calls_number(c, latest, e) &&
	    store_rewrite(s, e) && store_clear_log(s, e);
	store_close(s);
	return ok;
}

#define DO(name) { #name, do_##name, true }

const struct call CALLS_CHANGE[] = {
	DO(put),
	DO(lift),
	DO(expire),
	DO(run),
	DO(undo),
	DO(undo_run),
	DO(erase),
	DO(unerase),
	DO(retain),
	DO(evidence),
	DO(incident),
	DO(release),
	DO(discard),
	DO(streams),
	DO(share),
	{ "rows", do_rows, false },
	{ "make", do_make, false },
};
const size_t CALLS_CHANGE_N = COUNT(CALLS_CHANGE);
