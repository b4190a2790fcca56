/* test_accepted.c - weeks, answers, how large files are. */
#include "accepted_kit.h"

/* ---- weeks ---- */

static void
the_week_itself_is_not_consulted(void **state)
{
	struct accepted *a = open_set(true);

	(void)state;
	add(a, 1, MONDAY - WEEK);
	add(a, 2, MONDAY);
	add(a, 3, MONDAY + WEEK - 1);
	want_answer("the week before", a, 1, MONDAY + 2 * DAY, ACCEPTED_YES);
	want_answer("its first second", a, 2, MONDAY + 6 * DAY, ACCEPTED_NO);
	want_answer("later in it", a, 3, MONDAY + 6 * DAY, ACCEPTED_NO);
	want_answer("next Monday", a, 2, MONDAY + WEEK, ACCEPTED_YES);
	want_answer("its last second", a, 3, MONDAY + WEEK, ACCEPTED_YES);
	want_answer("nobody", a, 4, MONDAY + WEEK, ACCEPTED_NO);
	/* A week later than asked about is not "lately" either. */
	want_answer("looking back", a, 3, MONDAY, ACCEPTED_NO);
	accepted_close(a);
}

static void
filters_are_young_for_seven_days(void **state)
{
	struct accepted *a = open_set(true);
	int64_t first = MONDAY + 3 * DAY;

	(void)state;
	want_answer("empty", a, 1, first, ACCEPTED_YOUNG);
	add(a, 1, first);
	want_answer("its own week", a, 1, first + DAY, ACCEPTED_YOUNG);
	want_answer("a second short", a, 1, first + WEEK - 1, ACCEPTED_YOUNG);
	want_answer("seven days", a, 1, first + WEEK, ACCEPTED_YES);
	want_answer("seven days, other", a, 2, first + WEEK, ACCEPTED_NO);
	/* Any row may tell of the earliest, also a recipient's second. */
	add(a, 1, first - DAY);
	want_answer("earlier", a, 1, first + WEEK - DAY, ACCEPTED_YES);
	add(a, 2, first + DAY);
	want_answer("later", a, 1, first + WEEK - DAY, ACCEPTED_YES);
	want_answer("too long ago", a, 1, first + 11 * WEEK, ACCEPTED_YOUNG);
	accepted_close(a);
}

static void
nine_weeks_are_asked_and_kept(void **state)
{
	struct accepted *a = open_set(true);
	char text[CLOCK_TEXT], path[64];

	(void)state;
	for (int i = 0; i <= ACCEPTED_WEEKS; i++)
		add(a, (uint64_t)i, MONDAY + i * WEEK);
	want_answer("nine", a, 0, MONDAY + 9 * WEEK, ACCEPTED_YES);
	want_answer("ten", a, 0, MONDAY + 10 * WEEK, ACCEPTED_NO);
	tidy(a);
	want_number("files", sum_of(a).files, 10);
	add(a, 10, MONDAY + 10 * WEEK);
	assert_true(exists(DIR_OF(FIRST)));
	tidy(a);
	assert_false(exists(DIR_OF(FIRST)));
	want_number("files then", sum_of(a).files, 10);
	for (int i = 1; i <= 10; i++) {
		clock_text(MONDAY + i * WEEK, text);
		snprintf(path, sizeof path, "set/%.10s.0", text);
		want_bool(path, exists(path), true);
		want_bool(path, accepted_since(a, hash_of((uint64_t)i), MONDAY),
		    true);
		want_number(path, accepted_week_after(a, hash_of((uint64_t)i),
		    MONDAY), MONDAY + i * WEEK);
	}
	want_number("none after it", accepted_week_after(a, hash_of(9),
	    MONDAY + 9 * WEEK), 0);
	accepted_close(a);
}

static void
older_weeks_are_passed_over(void **state)
{
	struct accepted *a = open_set(true);

	(void)state;
	add(a, 1, MONDAY + 10 * WEEK);
	add(a, 2, MONDAY + WEEK - 1);
	assert_false(exists(DIR_OF(FIRST)));
	add(a, 3, MONDAY + WEEK);
	add(a, 4, -WEEK); /* no date of ours */
	add(a, 4, INT64_C(300000000000));
	want_number("files", sum_of(a).files, 2);
	assert_true(accepted_since(a, hash_of(3), MONDAY));
	assert_false(accepted_since(a, hash_of(2), MONDAY));
	tidy(a);
	want_number("files then", sum_of(a).files, 2);
	accepted_close(a);
}

static void
weeks_may_come_in_any_order(void **state)
{
	static const int ORDER[] = { 9, 0, 4, 8, 1, 5, 2, 7, 3, 6 };
	struct accepted *a = open_set(true);
	struct accepted *b;

	(void)state;
	for (size_t i = 0; i < COUNT(ORDER); i++)
		add(a, (uint64_t)ORDER[i], MONDAY + ORDER[i] * WEEK + 5);
	b = open_set(false);
	for (size_t i = 0; i < COUNT(ORDER); i++) {
		uint64_t n = (uint64_t)ORDER[i];
		int64_t time = MONDAY + ORDER[i] * WEEK;

		want_bool(
		    "since, same", accepted_since(a, hash_of(n), time), true);
		want_bool("since, same, read",
		    accepted_since(b, hash_of(n), time + WEEK - 1), true);
		want_bool("since, week after",
		    accepted_since(a, hash_of(n), time + WEEK), false);
		want_answer("lately", b, n, time + 2 * WEEK, ACCEPTED_YES);
		want_bool("around, long before",
		    accepted_around(b, hash_of(n), time - 9 * WEEK), true);
		want_bool("around, behind", accepted_around(b, hash_of(n),
		    time + ACCEPTED_WEEKS * WEEK), true);
		want_bool("around, long behind", accepted_around(b, hash_of(n),
		    time + (ACCEPTED_WEEKS + 1) * WEEK), false);
	}
	accepted_close(a);
	accepted_close(b);
}

/* ---- files ---- */

static void
files_have_two_bytes_a_recipient(void **state)
{
	struct accepted *a = open_set(true);
	struct stat st;

	(void)state;
	add(a, 1, MONDAY);
	want_number("first", size_of(DIR_OF(FIRST)), HEAD + 2 * ACCEPTED_ROOM);
	add(a, 1, MONDAY + WEEK);
	want_number("after a small week", size_of("set/2026-11-23.0"),
	    HEAD + 2 * ACCEPTED_ROOM);
	add_many(a, 0, 600000, MONDAY + WEEK);
	want_number("one file", sum_of(a).files, 2);
	add(a, 1, MONDAY + 3 * WEEK);
	/* 600,000 less the few that look as if they were in. */
	assert_in_range(
	    size_of("set/2026-12-07.0"), HEAD + 4 * 599900, HEAD + 4 * 600000);
	assert_int_equal(stat(DIR_OF(FIRST), &st), 0);
	want_number("mode", st.st_mode & 07777, 0640);
	assert_true(st.st_blocks * 512 >= st.st_size); /* no holes */
	assert_int_equal(stat("set", &st), 0);
	want_number("folder", st.st_mode & 07777, 0750);
	accepted_close(a);
}

static void
a_full_file_is_followed_by_one_twice_as_large(void **state)
{
	const uint64_t n = ACCEPTED_ROOM + 200000;
	struct accepted *a = open_set(true);
	struct sum before, after;

	(void)state;
	add_many(a, 0, ACCEPTED_ROOM - 10, MONDAY);
	assert_false(exists(DIR_OF(SECOND)));
	add_many(a, ACCEPTED_ROOM - 10, n, MONDAY);
	want_number("size", size_of(DIR_OF(SECOND)), HEAD + 4 * ACCEPTED_ROOM);
	before = sum_of(a);
	assert_in_range(before.recipients, n - n / 1000, n);
	want_number("bytes", before.bytes, 2 * HEAD + 6 * ACCEPTED_ROOM);
	/* The second half first, by somebody who just came. */
	accepted_close(a);
	a = open_set(true);
	add_many(a, n / 2, n, MONDAY + DAY);
	add_many(a, 0, n, MONDAY + DAY);
	after = sum_of(a);
	want_number("counted again", after.recipients, before.recipients);
	want_number("files", after.files, 2);
	for (uint64_t i = 0; i < n; i++)
		if (accepted_lately(a, hash_of(i), MONDAY + WEEK) !=
		    ACCEPTED_YES)
			fail_msg("%llu was lost", (unsigned long long)i);
	accepted_close(a);
}

static void
false_answers_stay_under_the_limit(void **state)
{
	struct accepted *a = open_set(true);
	int64_t now = MONDAY + 9 * WEEK;
	unsigned yes = 0;
	double rate, told;

	(void)state;
	want_number("empty", accepted_false_rate(a, now) > 0, false);
	/* The newest first: no week has one before it to be sized by. */
	for (uint64_t i = 9; i-- > 0;)
		add_many(a, i * ACCEPTED_ROOM, (i + 1) * ACCEPTED_ROOM,
		    MONDAY + (int64_t)i * WEEK);
	want_number("files", sum_of(a).files, 9);
	for (uint64_t i = 0; i < 1000000; i++)
		yes += accepted_lately(a, hash_of(i + (1 << 30)), now) ==
		    ACCEPTED_YES;
	rate = yes / 1000000.0;
	told = accepted_false_rate(a, now);
	if (rate >= 0.015 || told < rate * 0.95 || told > rate * 1.05)
		fail_msg("measured %f, told %f", rate, told);
	/* One of them counts alone where the others are out of reach. */
	told = accepted_false_rate(a, MONDAY + 17 * WEEK);
	if (told < rate / 9 * 0.9 || told > rate / 9 * 1.1)
		fail_msg("measured %f, told for one %f", rate, told);
	accepted_close(a);
}

static void
each_stops_when_told_so(void **state)
{
	struct accepted *a = open_set(true);
	struct sum s = { .stop_after = 2 };
	struct err e = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++)
		add(a, 1, MONDAY + i * WEEK);
	assert_false(accepted_each(a, sum_up, &s, &e));
	want_number("files", s.files, 2);
	want_number("last", s.last_week, MONDAY + WEEK);
	want_text("error", e.text, "stopped");
	accepted_close(a);
}

static void
other_files_are_left_alone(void **state)
{
	static const char *const NAMES[] = { "README", "2026-08-04.0",
		"2026-08-03.00", "2026-08-03.32", "2026-08-03", "2026-08-03.",
		"2026-08-03.-1", "2026-08-03x0", "2026-08-03.0.gz",
		"9999-99-99.0" };
	struct accepted *a;
	char path[64];

	(void)state;
	assert_int_equal(mkdir("set", 0750), 0);
	for (size_t i = 0; i < COUNT(NAMES); i++) {
		snprintf(path, sizeof path, "set/%s", NAMES[i]);
		unit_write(path, STR("mine"));
	}
	unit_write("set/2026-08-03.0", STR("too old"));
	a = open_set(true);
	add(a, 1, MONDAY);
	tidy(a);
	assert_false(exists("set/2026-08-03.0"));
	for (size_t i = 0; i < COUNT(NAMES); i++) {
		snprintf(path, sizeof path, "set/%s", NAMES[i]);
		want_bool(path, exists(path), true);
	}
	accepted_close(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_week_itself_is_not_consulted),
		TEST(filters_are_young_for_seven_days),
		TEST(nine_weeks_are_asked_and_kept),
		TEST(older_weeks_are_passed_over),
		TEST(weeks_may_come_in_any_order),
		TEST(files_have_two_bytes_a_recipient),
		TEST(a_full_file_is_followed_by_one_twice_as_large),
		TEST(false_answers_stay_under_the_limit),
		TEST(each_stops_when_told_so),
		TEST(other_files_are_left_alone),
	};

	umask(022);
	return cmocka_run_group_tests(
	    tests, unit_enter_folder, unit_leave_folder);
}
