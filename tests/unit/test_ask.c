/* test_ask.c - which entries, changes and evidence a question is about. */
#include "unit.h"

#include <time.h>

#include "base/number.h"
#include "store/store.h"

#define NOW INT64_C(1790000000)
#define DAY INT64_C(86400)
#define WHO STR("user:test")

#define OK(call) do { \
	if (!(call)) \
		fail_msg("%s: %s", #call, e.text); \
} while (0)

static int
store_setup(void **state)
{
	static const struct store_settings SETTINGS = { false, 8 << 20,
		64 << 20 };
	struct err e = { 0 };

	unlink("s.db");
	unlink("s.db-wal");
	unlink("s.db-shm");
	*state = store_open("s.db", STORE_WRITE, &SETTINGS, 0, &e);
	return *state != NULL && store_begin(*state, &e) ? 0 : -1;
}

static int
store_teardown(void **state)
{
	store_close(*state);
	return 0;
}

static void
put(struct store *s, struct entry en)
{
	struct err e = { 0 };

	OK(entry_put(s, &en, WHO, NOW, &e));
}

static bool
add_address(void *ctx, const struct entry_row *row, struct err *e)
{
	buf_addf(ctx, " %.*s", STR_ARG(row->entry.address));
	return buf_ok(ctx, e);
}

/* ---- filters ---- */

static void
each_filter_leaves_out_what_differs(void **state)
{
	static const struct {
		const char *name;
		struct entry_filter f;
		const char *want;
	} ROWS[] = {
		{ "none", { .now = 0 }, " @c.example a@a.example b@b.example" },
		{ "address", { .address = LIT("a@a.example") },
		    " a@a.example" },
		{ "pattern", { .like = LIT("b@*") }, " b@b.example" },
		{ "group", { .class = LIT("gone") }, " a@a.example" },
		{ "class", { .class = LIT("gone.mailbox") }, " a@a.example" },
		{ "half a group", { .class = LIT("go") }, "" },
		{ "scope", { .scope = LIT("stream:news") }, " b@b.example" },
		{ "source", { .source = LIT("import") }, " b@b.example" },
		{ "rule", { .rule = LIT("google-gone") }, " a@a.example" },
		{ "domain", { .domain = LIT("c.example") }, " @c.example" },
		{ "what holds below", { .subdomains = true }, " @c.example" },
		{ "since", { .since = NOW - DAY }, " @c.example b@b.example" },
		{ "until", { .until = NOW }, " @c.example a@a.example" },
		{ "provider", { .provider = LIT("google") }, "" },
		{ "reply", { .reply = LIT("*gone*") }, "" },
		{ "limit", { .limit = 1 }, " @c.example" },
		{ "of one address", { .address = LIT("a@a.example"),
		    .rule = LIT("-") }, "" },
		{ "and its reply", { .address = LIT("a@a.example"),
		    .reply = LIT("*gone*") }, "" },
	};
	struct buf got = { 0 };
	struct err e = { 0 };

	put(*state, (struct entry){ .address = STR("a@a.example"),
	    .scope = STR("global"), .class = CLASS_GONE_MAILBOX,
	    .since = NOW - 2 * DAY, .rule = STR("google-gone"),
	    .source = STR("policy") });
	put(*state, (struct entry){ .address = STR("b@b.example"),
	    .scope = STR("stream:news"), .class = CLASS_MANUAL, .since = NOW,
	    .rule = STR("-"), .source = STR("import") });
	put(*state, (struct entry){ .address = STR("@c.example"),
	    .scope = STR("global"), .class = CLASS_MANUAL,
	    .since = NOW - DAY, .rule = STR("-"), .source = STR("manual"),
	    .subdomains = true });
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct entry_filter f = ROWS[i].f;

		f.now = NOW;
		buf_clear(&got);
		OK(entry_list(*state, &f, add_address, &got, &e));
		want_str(ROWS[i].name, buf_str(&got), str_from(ROWS[i].want));
	}
	buf_release(&got);
}

/* ---- many runs ---- */

#define RUNS 33

/* A run of n, begun at NOW + i. */
static void
import_run(struct store *s, int i, int n)
{
	struct entry_run r = { 0 };
	struct err e = { 0 };
	struct entry en = { .scope = STR("global"), .class = CLASS_MANUAL,
		.since = NOW, .rule = STR("-"), .source = STR("import") };
	char who[32];
	int64_t bulk;
	bool added;

	OK(store_new_bulk(s, STR("import"), WHO, NOW, &bulk, &e));
	OK(entry_run_begin(s, &r, WHO, bulk, NOW + i, &e));
	for (int k = 0; k < n; k++) {
		snprintf(who, sizeof who, "r%04d-%05d@b.example", i, k);
		en.address = str_from(who);
		OK(entry_run_add(s, &r, &en, &added, &e));
		assert_true(added);
	}
	OK(entry_run_end(s, &r, &e));
}

struct seen {
	int64_t n, last, enough;
};

static bool
count_row(void *ctx, const struct entry_row *row, struct err *e)
{
	struct seen *seen = ctx;

	(void)e;
	(void)row;
	seen->n++;
	return true;
}

static bool
count_change(void *ctx, const struct change_row *row, struct err *e)
{
	struct str address = row->address; /* r0012-00000@b.example */
	struct seen *seen = ctx;
	int64_t run = 0;

	want_bool("in order", row->n > seen->last, true);
	if (address.p[0] == 'r') {
		want_bool("the run",
		    number_i64(str_sub(address, 1, 4), 0, 9999, &run), true);
		want_number("when", row->at, NOW + run);
	}
	seen->last = row->n;
	return ++seen->n != seen->enough || err_set(e, EX_CANTCREAT, "enough");
}

static void
many_runs_are_all_told(void **state)
{
	struct entry_filter all = { .now = NOW };
	struct seen seen = { 0 };
	struct err e = { 0 };

	for (int i = 0; i < RUNS; i++) {
		char who[32];

		import_run(*state, i, 2);
		snprintf(who, sizeof who, "p%02d@b.example", i);
		put(*state, (struct entry){ .address = str_from(who),
		    .scope = STR("global"), .class = CLASS_MANUAL,
		    .since = NOW, .rule = STR("-"), .source = STR("manual") });
	}
	OK(entry_changed(*state, 0, &all, count_row, &seen, &e));
	want_number("entries", seen.n, 3 * RUNS);
	seen = (struct seen){ 0 };
	OK(change_feed(*state, 0, count_change, &seen, &e));
	want_number("changes", seen.n, 3 * RUNS);
	/* From the middle of a run, inside a batch and without one. */
	seen = (struct seen){ 0 };
	OK(change_feed(*state, 1, count_change, &seen, &e));
	want_number("but one", seen.n, 3 * RUNS - 1);
	OK(store_commit(*state, &e));
	seen = (struct seen){ 0 };
	OK(change_feed(*state, 4, count_change, &seen, &e));
	want_number("but four", seen.n, 3 * RUNS - 4);
	for (int64_t i = 1; i < 3 * RUNS; i += 7) {
		seen = (struct seen){ .enough = i };
		assert_false(change_feed(*state, 0, count_change, &seen, &e));
		want_number("stops", seen.n, i);
		want_text("stops", e.text, "enough");
		err_clear(&e);
	}
}

/* What somebody changed since has a row of its own, between those of its
 * run. */
static void
a_run_is_told_in_order_with_what_left_it(void **state)
{
	struct seen seen = { 0 };
	struct err e = { 0 };
	bool lifted;

	import_run(*state, 0, 2);
	OK(entry_lift(*state, &(struct entry_lift){ STR("r0000-00000@b.example"),
	    STR("global"), CLASS_MANUAL, NOW, STR("ours"), 0 }, WHO, NOW,
	    &lifted, &e));
	assert_true(lifted);
	OK(change_feed(*state, 0, count_change, &seen, &e));
	want_number("changes", seen.n, 3);
}

/* How long the feed behind number `after` takes, in clock_t; n changes. */
static clock_t
feed_takes(struct store *s, int64_t after, int64_t n)
{
	struct seen seen = { 0 };
	struct err e = { 0 };
	clock_t before = clock();

	OK(change_feed(s, after, count_change, &seen, &e));
	want_number("changes", seen.n, n);
	return clock() - before;
}

static bool
entry_costs(struct store *s, int64_t after, int64_t n, clock_t most)
{
	struct entry_filter all = { .now = NOW };
	struct seen seen = { 0 };
	struct err e = { 0 };
	clock_t before = clock();

	OK(entry_changed(s, after, &all, count_row, &seen, &e));
	want_number("entries", seen.n, n);
	return clock() - before <= most;
}

/* Each run alone would be read by a look at all entries. */
static void
many_small_runs_cost_what_one_of_their_size_does(void **state)
{
	clock_t one, least = CLOCKS_PER_SEC / 20;
	int64_t last;
	struct err e = { 0 };

	import_run(*state, 0, 3000);
	one = feed_takes(*state, 0, 3000);
	OK(change_last(*state, &last, &e));
	for (int i = 1; i <= 1500; i++)
		import_run(*state, i, 2);
	want_bool("feed", feed_takes(*state, last, 3000) <= 10 * one + least,
	    true);
	want_bool("delta", entry_costs(*state, last, 3000, 10 * one + least),
	    true);
}

/* 65,536 numbers are sorted at once; what is more is another look. */
static void
runs_are_told_at_and_around_what_is_sorted_at_once(void **state)
{
	static const int SIZES[] = { 1, 65535, 1, 65536, 65537, 2 };
	int64_t n = 0;

	for (size_t i = 0; i < COUNT(SIZES); i++) {
		import_run(*state, (int)i, SIZES[i]);
		n += SIZES[i];
	}
	feed_takes(*state, 0, n);
	feed_takes(*state, 3, n - 3);
	want_bool("delta", entry_costs(*state, 0, n, INT64_MAX), true);
}

/* ---- whom a storm holds ---- */

static bool
is_gone(int64_t group, enum class c)
{
	(void)group;
	return c == CLASS_GONE_MAILBOX;
}

static void
add_evidence(struct store *s, enum kind k, int64_t time, int64_t provider,
    int64_t reply, enum trust t)
{
	struct evidence ev = { .address = STR("a@b.example"),
		.fact = { .time = time, .kind = k,
		    .class = CLASS_GONE_MAILBOX, .strength = STRENGTH_STRONG,
		    .trust = t }, .provider = provider, .reply = reply };
	struct err e = { 0 };
	bool added;

	OK(evidence_add(s, &ev, &added, &e));
	assert_true(added);
}

static void
a_group_is_of_a_provider_a_reply_and_a_kind(void **state)
{
	static const struct {
		const char *name;
		struct evidence_group g;
		int64_t want;
	} ROWS[] = {
		{ "a provider", { .provider = 3, .has = is_gone }, 2 },
		{ "its reply", { .provider = 3, .reply = 7, .has = is_gone },
		    1 },
		{ "a reply", { .reply = 8, .has = is_gone }, 2 },
		{ "any", { .has = is_gone }, 3 },
		{ "reports", { .reports = true, .has = is_gone }, 2 },
		{ "a provider's reports", { .provider = 3, .reports = true,
		    .has = is_gone }, 1 },
		{ "reports of a reply", { .reply = 7, .reports = true,
		    .has = is_gone }, 1 },
		{ "signed ones", { .reports = true, .is_signed = true,
		    .has = is_gone }, 1 },
		{ "later ones", { .from = NOW + 2, .has = is_gone }, 1 },
		{ "later reports", { .reports = true, .from = NOW + 7,
		    .has = is_gone }, 0 },
	};
	struct evidence_held held;
	struct err e = { 0 };

	add_evidence(*state, KIND_B, NOW, 3, 7, TRUST_PLAIN);
	add_evidence(*state, KIND_T, NOW + 1, 3, 8, TRUST_PLAIN);
	add_evidence(*state, KIND_B, NOW + 2, 4, 8, TRUST_PLAIN);
	add_evidence(*state, KIND_RB, NOW + 3, 3, 7, TRUST_PLAIN);
	add_evidence(*state, KIND_MB, NOW + 4, 3, 7, TRUST_SIGNED);
	add_evidence(*state, KIND_F, NOW + 5, 3, 7, TRUST_PLAIN);
	add_evidence(*state, KIND_RB, NOW + 6, 4, 8, TRUST_PLAIN);
	OK(store_commit(*state, &e));
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		OK(store_begin(*state, &e));
		OK(evidence_hold(*state, STR("a@b.example"), &ROWS[i].g, 1,
		    &held, &e));
		want_number(ROWS[i].name, held.n, ROWS[i].want);
		store_rollback(*state);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_filter_leaves_out_what_differs),
		TEST(many_runs_are_all_told),
		TEST(a_run_is_told_in_order_with_what_left_it),
		TEST(many_small_runs_cost_what_one_of_their_size_does),
		TEST(runs_are_told_at_and_around_what_is_sorted_at_once),
		TEST(a_group_is_of_a_provider_a_reply_and_a_kind),
	};

	return cmocka_run_group_tests(
	    tests, unit_enter_folder, unit_leave_folder);
}
