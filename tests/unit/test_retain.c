/* test_retain.c - what goes by its age, and what does not. */
#include "unit.h"

#include "store/erase.h"
#include "store/retain.h"

#define NOW INT64_C(1790000000)
#define ROWS 25000 /* more than two slices */

static const struct store_settings SETTINGS = { false, 8 << 20, 64 << 20 };

#define OK(call) do { \
	if (!(call)) \
		fail_msg("%s: %s", #call, e.text); \
} while (0)

static int
store_setup(void **state)
{
	struct err e = { 0 };
	struct store *s;

	unlink("s.db");
	unlink("s.db-wal");
	unlink("s.db-shm");
	s = store_open("s.db", STORE_WRITE, &SETTINGS, 0, &e);
	*state = s;
	return s != NULL && store_begin(s, &e) ? 0 : -1;
}

static int
store_teardown(void **state)
{
	store_close(*state);
	return 0;
}

/* Each slice a batch; how many there were. */
static unsigned
walk(struct store *s, struct retain_walk *w)
{
	struct err e = { 0 };
	unsigned n = 0;

	for (; !w->done; n++) {
		if (!store_in_batch(s))
			OK(store_begin(s, &e));
		OK(retain_slice(s, w, &e));
		OK(store_commit(s, &e));
	}
	OK(store_begin(s, &e));
	return n;
}

static int64_t
older(struct store *s, enum retain what, int64_t cut)
{
	struct err e = { 0 };
	int64_t n;

	OK(retain_count(s, what, cut, &n, &e));
	return n;
}

static void
old_evidence_goes_in_slices(void **state)
{
	struct err e = { 0 };
	struct retain_walk w = { .what = RETAIN_EVIDENCE, .cut = NOW };
	bool added;

	for (int i = 0; i < ROWS; i++) {
		char address[32];
		struct evidence ev = { .fact = { .time = NOW - 1 + i % 2,
		    .kind = KIND_B, .class = CLASS_GONE_MAILBOX } };

		snprintf(address, sizeof address, "u%d@x.example", i);
		ev.address = str_from(address);
		OK(evidence_add(*state, &ev, &added, &e));
	}
	want_number("older", older(*state, RETAIN_EVIDENCE, NOW), ROWS / 2);
	assert_true(walk(*state, &w) >= 2);
	want_number("deleted", w.deleted, ROWS / 2);
	want_number("older", older(*state, RETAIN_EVIDENCE, NOW), 0);
	want_number("left", older(*state, RETAIN_EVIDENCE, NOW + 1),
	    ROWS / 2);
}

static void
old_counters_go_in_slices(void **state)
{
	struct err e = { 0 };
	struct retain_walk w = { .what = RETAIN_COUNTERS, .cut = NOW };

	for (int i = 0; i < ROWS; i++)
		OK(counter_add(*state, &(struct counter_key){
		    .bucket = NOW - i % 2, .vmta = i }, 1, &e));
	OK(store_commit(*state, &e));
	want_number("older", older(*state, RETAIN_COUNTERS, NOW), ROWS / 2);
	OK(store_begin(*state, &e));
	assert_true(walk(*state, &w) >= 2);
	want_number("deleted", w.deleted, ROWS / 2);
}

static void
put(struct store *s, const char *address, int64_t until)
{
	struct err e = { 0 };
	struct entry en = { .address = str_from(address),
		.scope = STR("global"), .class = CLASS_GONE_MAILBOX,
		.since = NOW, .until = until, .rule = STR("-"),
		.source = STR("policy"), .reason = STR("r") };

	OK(entry_put(s, &en, STR("policy"), NOW, &e));
}

/* Three changes of one entry: the last one stays whatever its age. */
static void
changes_that_a_cursor_waits_for_stay(void **state)
{
	struct err e = { 0 };
	struct retain_walk w = { .what = RETAIN_CHANGES, .cut = NOW + 1 };

	put(*state, "a@x.example", NOW + 5);
	put(*state, "a@x.example", NOW + 6);
	put(*state, "a@x.example", NOW + 7);
	want_number("no cursor", older(*state, RETAIN_CHANGES, NOW + 1), 2);
	OK(cursor_move(*state, STR("slow"), 1, NOW, &e));
	OK(cursor_move(*state, STR("fast"), 3, NOW, &e));
	want_number("older", older(*state, RETAIN_CHANGES, NOW + 1), 1);
	want_number("too young", older(*state, RETAIN_CHANGES, NOW), 0);
	walk(*state, &w);
	want_number("deleted", w.deleted, 1);
	/* One whose first export was not yet confirmed. */
	OK(cursor_move(*state, STR("slow"), 3, NOW, &e));
	OK(cursor_pend(*state, STR("new"), 1, &e));
	want_number("pending", older(*state, RETAIN_CHANGES, NOW + 1), 0);
	OK(cursor_pend(*state, STR("new"), 3, &e));
	want_number("read", older(*state, RETAIN_CHANGES, NOW + 1), 1);
}

static bool
sum_up(void *ctx, enum tally t, int64_t sub, int64_t n, struct err *e)
{
	(void)e;
	*(int64_t *)ctx += t == TALLY_ROWS && sub == KIND_B ? n : 0;
	return true;
}

static void
a_stream_goes_and_its_sums_stay(void **state)
{
	struct err e = { 0 };
	struct retain_walk w = { .what = RETAIN_STREAMS, .cut = NOW + 1 };
	struct buf header = { 0 };
	struct stream st;
	int64_t sum = 0;
	bool found;

	for (int i = 0; i < 3; i++) {
		char name[8] = { 's', (char)('0' + i), 0 };

		OK(stream_open(*state, str_from(name), ROAD_FILE, &st,
		    &header, &e));
		OK(tally_add(*state, st.id, TALLY_ROWS, KIND_B, 5, &e));
		st.finished = i < 2;
		OK(stream_keep(*state, &st, STR(""), NOW, &e));
	}
	OK(store_commit(*state, &e));
	OK(store_begin(*state, &e));
	walk(*state, &w);
	want_number("deleted", w.deleted, 2);
	OK(stream_find(*state, STR("s0"), &st, &found, &e));
	assert_false(found);
	OK(stream_find(*state, STR("s2"), &st, &found, &e));
	assert_true(found);
	OK(tally_list(*state, sum_up, &sum, &e));
	want_number("rows", sum, 15);
	buf_release(&header);
}

static void
the_floor_never_sinks(void **state)
{
	struct err e = { 0 };

	want_number("none", store_floor(*state), 0);
	OK(retain_floor(*state, NOW, &e));
	OK(retain_floor(*state, NOW - 5, &e));
	want_number("floor", store_floor(*state), NOW);
	OK(store_commit(*state, &e));
	store_close(*state);
	*state = store_open("s.db", STORE_WRITE, &SETTINGS, 0, &e);
	OK(store_begin(*state, &e));
	want_number("kept", store_floor(*state), NOW);
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, store_setup, \
	store_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		CASE(old_evidence_goes_in_slices),
		CASE(old_counters_go_in_slices),
		CASE(changes_that_a_cursor_waits_for_stay),
		CASE(a_stream_goes_and_its_sums_stay),
		CASE(the_floor_never_sinks),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
