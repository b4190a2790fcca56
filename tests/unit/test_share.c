/* test_share.c - recipients that fail, and attempts, in ten minutes each. */
#include "unit.h"

#include "base/clock.h"
#include "policy/storm.h"
#include "store/share.h"

#define T0 (INT64_C(1600000000) - INT64_C(1600000000) % CLOCK_DAY)
#define KEY(p, c, r) (&(struct share_key){ p, c, r })

#define OK(call) do { \
	if (!(call)) \
		fail_msg("%s: %s", #call, e.text); \
} while (0)

static const struct store_settings SETTINGS = { false, 1 << 22, 1 << 26 };

static struct store *
open_one(void)
{
	struct err e = { 0 };
	struct store *s = store_open("suppress.db", STORE_WRITE, &SETTINGS, 0,
	    &e);

	if (s == NULL)
		fail_msg("%s", e.text);
	return s;
}

static int
store_setup(void **state)
{
	struct err e = { 0 };

	unlink("suppress.db");
	unlink("suppress.db-wal");
	unlink("suppress.db-shm");
	*state = open_one();
	return store_begin(*state, &e) ? 0 : -1;
}

static int
store_teardown(void **state)
{
	store_close(*state);
	return 0;
}

static void
add(struct store *s, const struct share_key *k, int64_t time, int64_t n)
{
	struct err e = { 0 };

	OK(share_add(s, k, time, n, n, &e));
}

static void
want_recent(const char *row, struct store *s, const struct share_key *k,
    int64_t time, int64_t span, int64_t want)
{
	struct share_sum got;
	struct err e = { 0 };

	OK(share_recent(s, k, time, span, &got, &e));
	want_number(row, got.n, want);
}

static void
a_window_is_its_ten_minutes_and_those_before(void **state)
{
	struct store *s = *state;

	add(s, KEY(1, 2, 0), T0, 1);
	add(s, KEY(1, 2, 0), T0 + 599, 2);
	add(s, KEY(1, 2, 0), T0 + 600, 4);
	add(s, KEY(1, 2, 0), T0 + 3600, 8);
	want_recent("its own", s, KEY(1, 2, 0), T0 + 300, 0, 3);
	want_recent("the next alone", s, KEY(1, 2, 0), T0 + 700, 0, 4);
	want_recent("with those before", s, KEY(1, 2, 0), T0 + 700, 600, 7);
	want_recent("an hour", s, KEY(1, 2, 0), T0 + 3700, 3600, 15);
	want_recent("an hour later", s, KEY(1, 2, 0), T0 + 4300, 3600, 12);
	want_recent("a day", s, KEY(1, 2, 0), T0 + CLOCK_DAY - 1, CLOCK_DAY,
	    15);
	want_recent("a day is no longer", s, KEY(1, 2, 0), T0 + CLOCK_DAY,
	    CLOCK_DAY, 12);
	want_recent("another class", s, KEY(1, 3, 0), T0 + 700, 600, 0);
	want_recent("another reply", s, KEY(1, 2, 9), T0 + 700, 600, 0);
}

static void
what_comes_late_pushes_on_what_stands_behind(void **state)
{
	static const int64_t AT[] = { 0, 3600, 7200, 10800, 1800, 4800, 600 };
	struct store *s = *state;
	char row[24];

	for (size_t i = 0; i < COUNT(AT); i++)
		add(s, KEY(1, 2, 0), T0 + AT[i], 1 << i);
	for (size_t i = 0; i < COUNT(AT); i++) {
		snprintf(row, sizeof row, "at %lld", (long long)AT[i]);
		want_recent(row, s, KEY(1, 2, 0), T0 + AT[i], 0, 1 << i);
	}
	want_recent("all", s, KEY(1, 2, 0), T0 + 10800, 10800, 127);
}

static void
what_was_added_may_be_taken_away(void **state)
{
	struct store *s = *state;
	struct err e = { 0 };

	add(s, KEY(1, 2, 0), T0, 5);
	OK(store_commit(s, &e));
	OK(store_begin(s, &e));
	add(s, KEY(1, 2, 0), T0, -4);
	OK(store_commit(s, &e));
	store_close(s);
	*state = s = open_one();
	OK(store_begin(s, &e));
	want_recent("a new process", s, KEY(1, 2, 0), T0, 0, 1);
}

/* Rows may come from any time: what is in memory moves there and back. */
static void
times_far_apart_are_all_kept(void **state)
{
	static const int64_t DAYS[] = { 0, 100, 3, 50, 0, 99, 100, 1 };
	struct store *s = *state;
	struct share_sum sum;
	struct err e = { 0 };
	int64_t hours;

	for (size_t i = 0; i < COUNT(DAYS); i++)
		add(s, KEY(1, 2, 0), T0 + DAYS[i] * CLOCK_DAY, 1);
	want_recent("day 0", s, KEY(1, 2, 0), T0, 600, 2);
	want_recent("day 100", s, KEY(1, 2, 0), T0 + 100 * CLOCK_DAY, 600, 2);
	want_recent("day 50", s, KEY(1, 2, 0), T0 + 50 * CLOCK_DAY, 600, 1);
	OK(share_span(s, KEY(1, 2, 0), T0, T0 + 101 * CLOCK_DAY, &sum, &hours,
	    &e));
	want_number("all", sum.n, 8);
	want_number("hours with any", hours, 6);
	OK(share_span(s, KEY(1, 2, 0), T0 + 1, T0 + 100 * CLOCK_DAY, &sum,
	    NULL, &e));
	want_number("[from, to)", sum.n, 4);
}

static void
three_classes_are_summed_in_one_pass(void **state)
{
	static const struct share_key keys[SHARE_THREE] = { { 1, 2, 7 },
		{ 1, 3, 7 }, { 1, 4, 7 } };
	struct share_sum sum[SHARE_THREE];
	struct store *s = *state;
	struct err e = { 0 };

	add(s, KEY(1, 2, 7), T0, 2);
	add(s, KEY(1, 2, 7), T0 + CLOCK_DAY, 3);
	add(s, KEY(1, 3, 7), T0, 5);
	/* Not these: another reply, provider, class, time. */
	add(s, KEY(1, 2, 8), T0, 100);
	add(s, KEY(2, 2, 7), T0, 100);
	add(s, KEY(1, 5, 7), T0, 100);
	add(s, KEY(1, 2, 7), T0 + 2 * CLOCK_DAY, 100);
	OK(share_three(s, keys, T0, T0 + 2 * CLOCK_DAY, sum, &e));
	want_number("first", sum[0].n, 5);
	want_number("second", sum[1].n, 5);
	want_number("none", sum[2].n, 0);
}

static void
attempt(struct store *s, int64_t provider, int64_t group, int64_t time,
    int64_t n)
{
	struct err e = { 0 };

	while (n-- > 0)
		OK(share_attempt(s, provider, group, time, &e));
}

static void
attempts_are_counted_for_all_providers_as_well(void **state)
{
	struct store *s = *state;

	attempt(s, 1, STORM_DELIVERED, T0, 3);
	attempt(s, 2, STORM_DELIVERED, T0 + 10, 4);
	attempt(s, 1, STORM_DELIVERED + 1, T0, 5);
	attempt(s, 0x7fffff, STORM_FAILED, T0 + 600, 6);
	attempt(s, -256, STORM_FAILED, T0 + 600, 2);
	want_recent("one", s, KEY(1, STORM_DELIVERED, 0), T0, 0, 3);
	want_recent("by file", s, KEY(1, STORM_DELIVERED + 1, 0), T0, 0, 5);
	want_recent("the other", s, KEY(2, STORM_DELIVERED, 0), T0, 0, 4);
	want_recent("all", s, KEY(0, STORM_DELIVERED, 0), T0, 0, 7);
	want_recent("last word", s, KEY(0x7fffff, STORM_FAILED, 0), T0 + 600,
	    0, 6);
	want_recent("a group without a name", s, KEY(-256, STORM_FAILED, 0),
	    T0 + 600, 0, 2);
	want_recent("failed, all", s, KEY(0, STORM_FAILED, 0), T0 + 600, 0,
	    8);
}

/* The first thing that a new process does may be a look at another time. */
/* They are folded into the shares with the commit, and count before. */
static void
attempts_that_wait_are_counted(void **state)
{
	struct store *s = *state;

	add(s, KEY(1, STORM_DELIVERED, 0), T0, 1);
	attempt(s, 1, STORM_DELIVERED, T0, 3);
	attempt(s, 1, STORM_DELIVERED, T0 + 1200, 4);
	attempt(s, 1, STORM_DELIVERED, T0 + 600, 5);
	want_recent("its own", s, KEY(1, STORM_DELIVERED, 0), T0, 0, 4);
	want_recent("the last", s, KEY(1, STORM_DELIVERED, 0), T0 + 1200, 0,
	    4);
	want_recent("with those before", s, KEY(1, STORM_DELIVERED, 0),
	    T0 + 1200, 1200, 13);
}

static void
attempts_that_wait_outlast_a_move(void **state)
{
	struct store *s = *state;

	attempt(s, 1, STORM_DELIVERED, T0, 3);
	add(s, KEY(2, 2, 0), T0 + 40 * CLOCK_DAY, 1);
	want_recent("there", s, KEY(1, STORM_DELIVERED, 0), T0, 0, 3);
	attempt(s, 1, STORM_DELIVERED, T0, 3);
	want_recent("elsewhere", s, KEY(2, 2, 0), T0 + 40 * CLOCK_DAY, 0, 1);
	want_recent("there, more", s, KEY(1, STORM_DELIVERED, 0), T0, 0, 6);
}

static void
a_rollback_takes_back_what_was_not_committed(void **state)
{
	struct store *s = *state;
	struct err e = { 0 };

	add(s, KEY(1, 2, 0), T0, 1);
	attempt(s, 1, STORM_FAILED, T0, 1);
	OK(store_commit(s, &e));
	OK(store_begin(s, &e));
	add(s, KEY(1, 2, 0), T0, 2);
	attempt(s, 1, STORM_FAILED, T0, 2);
	store_rollback(s);
	OK(store_begin(s, &e));
	want_recent("failures", s, KEY(1, 2, 0), T0, 0, 1);
	want_recent("attempts", s, KEY(1, STORM_FAILED, 0), T0, 0, 1);
}

static void
what_another_process_writes_is_seen(void **state)
{
	struct store *s = *state, *other = open_one();
	struct err e = { 0 };

	add(s, KEY(1, 2, 0), T0, 1);
	OK(store_commit(s, &e));
	OK(store_begin(other, &e));
	add(other, KEY(1, 2, 0), T0, 2);
	attempt(other, 1, STORM_FAILED, T0, 7);
	OK(store_commit(other, &e));
	store_close(other);
	OK(store_begin(s, &e));
	want_recent("both", s, KEY(1, 2, 0), T0, 0, 3);
	want_recent("its attempts", s, KEY(1, STORM_FAILED, 0), T0, 0, 7);
}

/* Strangers write replies: they cannot fill the memory. */
static void
too_many_replies_are_left_to_their_class(void **state)
{
	struct store *s = *state;
	struct err e = { 0 };

	for (int64_t i = 1; i <= SHARE_REPLIES_MAX + 100; i++) {
		add(s, KEY(1, 2, i), T0, 1);
		add(s, KEY(1, 2, 0), T0, 1);
	}
	want_recent("its class", s, KEY(1, 2, 0), T0, 0,
	    SHARE_REPLIES_MAX + 100);
	want_recent("an early one", s, KEY(1, 2, 1), T0, 0, 1);
	want_recent("a late one", s, KEY(1, 2, SHARE_REPLIES_MAX + 50), T0, 0,
	    0);
	OK(store_commit(s, &e));
}

/* Each time had room for its own; one that reaches both has not. */
static void
too_many_replies_of_two_days_are_read_back(void **state)
{
	static const int64_t AT[] = { 20 * 3600, 50 * 3600 };
	struct store *s = *state;
	struct err e = { 0 };

	for (int64_t i = 0; i < 2 * SHARE_REPLIES_MAX; i++) {
		int64_t time = T0 + AT[i / SHARE_REPLIES_MAX];

		add(s, KEY(1, 2, i + 1), time, 1);
		add(s, KEY(1, 2, 0), time, 1);
	}
	OK(store_commit(s, &e));
	store_close(s);
	*state = s = open_one();
	OK(store_begin(s, &e));
	want_recent("neither", s, KEY(1, 2, 0), T0 + 40 * 3600, 0, 0);
	for (size_t i = 0; i < COUNT(AT); i++)
		want_recent("its class", s, KEY(1, 2, 0), T0 + AT[i], 0,
		    SHARE_REPLIES_MAX);
}

/* Whether a reply of the receiver has counts of its own. */
static bool
fits(struct store *s, int64_t receiver, int64_t reply)
{
	struct err e = { 0 };
	bool crowded = false;

	OK(share_crowded(s, KEY(receiver, 10, reply), T0, &crowded, &e));
	return !crowded;
}

/* How many replies of so many receivers from the first on have counts of their
 * own. */
static int64_t
fitting(struct store *s, int64_t first, int64_t step, int64_t receivers)
{
	int64_t n = 0;

	for (int64_t i = 0; i < receivers; i++)
		for (int64_t reply = 1; reply <= SHARE_REPLIES_MAX + 1; reply++)
			n += fits(s, first + i * step, reply);
	return n;
}

static void
replies_with_counts_have_a_number(void **state)
{
	const int64_t unnamed = SHARE_UNNAMED_MAX / SHARE_REPLIES_MAX;
	const int64_t all = SHARE_SERIES_MAX / SHARE_REPLIES_MAX;
	struct err e = { 0 };

	want_number("one receiver", fitting(*state, 1, 1, 1),
	    SHARE_REPLIES_MAX);
	assert_true(fits(*state, 1, SHARE_REPLIES_MAX));
	assert_false(fits(*state, 1, SHARE_REPLIES_MAX + 1));
	want_number("no receivers of the table",
	    fitting(*state, -1, -1, unnamed + 1), SHARE_UNNAMED_MAX);
	want_number("the others", fitting(*state, 2, 1, all - unnamed - 2),
	    SHARE_SERIES_MAX - SHARE_UNNAMED_MAX - 2 * SHARE_REPLIES_MAX);
	for (int64_t reply = 1; reply < SHARE_REPLIES_MAX; reply++)
		assert_true(fits(*state, 100, reply));
	assert_true(fits(*state, 101, 1));
	assert_false(fits(*state, 101, 2));
	assert_false(fits(*state, 102, 1));
	OK(store_commit(*state, &e));
}

static void
replies_that_one_makes_up_take_no_room_of_others(void **state)
{
	struct store *s = *state;
	struct err e = { 0 };

	for (int64_t i = 1; i <= 4 * SHARE_SERIES_MAX; i++)
		(void)fits(s, 7, i);
	assert_true(fits(s, 7, 1));
	assert_false(fits(s, 7, 4 * SHARE_SERIES_MAX));
	assert_true(fits(s, 7, 0));
	assert_true(fits(s, 8, 1));
	/* Nor do those of many servers that no table names. */
	for (int64_t i = 1; i <= 40 * SHARE_REPLIES_MAX; i++)
		(void)fits(s, -1 - i % 40, i);
	assert_false(fits(s, -99, 1));
	assert_true(fits(s, 8, 2));
	assert_true(fits(s, 9, 1));
	/* Two days later all have room again. */
	OK(share_add(s, KEY(-99, 10, 1), T0 + 3 * 86400, 1, 0, &e));
	want_recent("a new day", s, KEY(-99, 10, 1), T0 + 3 * 86400, 0, 1);
	OK(store_commit(s, &e));
}

static void
how_far_back_a_provider_is_known(void **state)
{
	struct store *s = *state;
	struct err e = { 0 };
	bool any = true;

	OK(share_any(s, 1, INT64_MAX - 1, &any, &e));
	assert_false(any);
	add(s, KEY(1, 2, 0), T0 + 5000, 1);
	add(s, KEY(1, 3, 0), T0 + 700, 1);
	OK(share_any(s, 1, T0 + 600, &any, &e));
	assert_true(any);
	OK(store_commit(s, &e));
	OK(share_any(s, 1, T0 + 600, &any, &e));
	assert_true(any);
	OK(share_any(s, 1, T0 + 599, &any, &e));
	assert_false(any);
	OK(share_any(s, 2, T0 + 5000, &any, &e));
	assert_false(any);
}

static void
what_a_span_sees_is_what_was_added(void **state)
{
	struct store *s = *state;
	struct err e = { 0 };
	struct share_sum sum;

	add(s, KEY(1, 2, 0), T0, 3);
	add(s, KEY(1, 2, 0), T0 + SHARE_BUCKET, 4);
	OK(share_span(s, KEY(1, 2, 0), T0 - 86400, T0, &sum, NULL, &e));
	want_number("before", sum.n, 0);
	OK(share_span(s, KEY(1, 2, 0), T0, T0 + SHARE_BUCKET, &sum, NULL,
	    &e));
	want_number("the first", sum.n, 3);
	add(s, KEY(1, 2, 0), T0 + SHARE_BUCKET, 1);
	OK(share_span(s, KEY(1, 2, 0), T0 + SHARE_BUCKET, INT64_MAX, &sum,
	    NULL, &e));
	want_number("the second", sum.n, 5);
	OK(store_commit(s, &e));
}

/* The sum of a day is kept: what comes must change it. */
static void
a_day_asked_for_again_has_what_came_since(void **state)
{
	struct store *s = *state;
	struct err e = { 0 };

	add(s, KEY(1, 2, 0), T0, 3);
	want_recent("a day", s, KEY(1, 2, 0), T0 + 7200, 86400, 3);
	add(s, KEY(1, 2, 0), T0 + 600, 2);
	want_recent("more in it", s, KEY(1, 2, 0), T0 + 7200, 86400, 5);
	add(s, KEY(1, 2, 0), T0 + 7800, 7);
	want_recent("behind it", s, KEY(1, 2, 0), T0 + 7200, 86400, 5);
	want_recent("moved on", s, KEY(1, 2, 0), T0 + 7800, 86400, 12);
	want_recent("one day on", s, KEY(1, 2, 0), T0 + 86400, 86400, 9);
	OK(store_commit(s, &e));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		CASE(a_window_is_its_ten_minutes_and_those_before),
		CASE(what_comes_late_pushes_on_what_stands_behind),
		CASE(what_was_added_may_be_taken_away),
		CASE(times_far_apart_are_all_kept),
		CASE(three_classes_are_summed_in_one_pass),
		CASE(attempts_are_counted_for_all_providers_as_well),
		CASE(attempts_that_wait_are_counted),
		CASE(attempts_that_wait_outlast_a_move),
		CASE(a_rollback_takes_back_what_was_not_committed),
		CASE(what_another_process_writes_is_seen),
		CASE(too_many_replies_are_left_to_their_class),
		CASE(too_many_replies_of_two_days_are_read_back),
		CASE(replies_with_counts_have_a_number),
		CASE(replies_that_one_makes_up_take_no_room_of_others),
		CASE(how_far_back_a_provider_is_known),
		CASE(what_a_span_sees_is_what_was_added),
		CASE(a_day_asked_for_again_has_what_came_since),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
