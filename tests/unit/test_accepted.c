/* test_accepted.c - weeks, files, several processes, kills, damage. */
#include "unit.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "store/accepted.h"

#define DAY INT64_C(86400)
#define WEEK (7 * DAY)
#define MONDAY INT64_C(1794787200) /* 2026-11-16T00:00:00Z */
#define FIRST "2026-11-16.0"
#define SECOND "2026-11-16.1"
#define HEAD 64 /* bytes before the blocks */
#define DIR_OF(name) "set/" name

/* A hash for each number, as evenly spread as hash64()'s. */
static uint64_t
hash_of(uint64_t n)
{
	n = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
	n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
	return n ^ n >> 31;
}

static struct accepted *
open_set(bool write)
{
	struct err e = { 0 };
	struct accepted *a = accepted_open("set", write, &e);

	if (a == NULL)
		fail_msg("accepted_open: %s", e.text);
	return a;
}

static void
add(struct accepted *a, uint64_t n, int64_t time)
{
	struct err e = { 0 };

	if (!accepted_add(a, hash_of(n), time, &e))
		fail_msg("accepted_add: %s", e.text);
}

static void
add_many(struct accepted *a, uint64_t from, uint64_t behind, int64_t time)
{
	for (uint64_t n = from; n < behind; n++)
		add(a, n, time);
}

static void
tidy(struct accepted *a)
{
	struct err e = { 0 };

	if (!accepted_tidy(a, &e))
		fail_msg("accepted_tidy: %s", e.text);
}

static void
want_answer(const char *row, const struct accepted *a, uint64_t n,
    int64_t time, enum accepted_answer want)
{
	want_number(row, accepted_lately(a, hash_of(n), time), want);
}

static bool
exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static int64_t
size_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		fail_msg("%s: %s", path, strerror(errno));
	return st.st_size;
}

struct sum {
	int64_t files, recipients, bytes, last_week, stop_after;
};

static bool
sum_up(void *ctx, int64_t week, int64_t recipients, int64_t bytes,
    struct err *e)
{
	struct sum *s = ctx;

	assert_true(week >= s->last_week);
	s->last_week = week;
	s->files++;
	s->recipients += recipients;
	s->bytes += bytes;
	if (s->files == s->stop_after)
		return err_set(e, EX_IOERR, "stopped");
	return true;
}

static struct sum
sum_of(const struct accepted *a)
{
	struct sum s = { 0 };
	struct err e = { 0 };

	assert_true(accepted_each(a, sum_up, &s, &e));
	return s;
}

/* No set from the test before. */
static int
start_empty(void **state)
{
	(void)state;
	return exists("set") ? nftw("set", unit_remove, 8,
	    FTW_DEPTH | FTW_PHYS) : 0;
}

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
		want_bool(path, accepted_since(a, hash_of((uint64_t)i),
		    MONDAY), true);
	}
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

		want_bool("since, same", accepted_since(a, hash_of(n), time),
		    true);
		want_bool("since, same, read",
		    accepted_since(b, hash_of(n), time + WEEK - 1), true);
		want_bool("since, week after",
		    accepted_since(a, hash_of(n), time + WEEK), false);
		want_answer("lately", b, n, time + 2 * WEEK, ACCEPTED_YES);
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
	want_number("first", size_of(DIR_OF(FIRST)),
	    HEAD + 2 * ACCEPTED_ROOM);
	add(a, 1, MONDAY + WEEK);
	want_number("after a small week", size_of("set/2026-11-23.0"),
	    HEAD + 2 * ACCEPTED_ROOM);
	add_many(a, 0, 600000, MONDAY + WEEK);
	want_number("one file", sum_of(a).files, 2);
	add(a, 1, MONDAY + 3 * WEEK);
	/* 600,000 less the few that look as if they were in. */
	assert_in_range(size_of("set/2026-12-07.0"),
	    HEAD + 4 * 599900, HEAD + 4 * 600000);
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

/* ---- several at once ---- */

static void
two_handles_share_what_they_know(void **state)
{
	struct accepted *a = open_set(true);
	struct accepted *b = open_set(true);
	struct accepted *r = open_set(false);
	struct sum s;

	(void)state;
	add(a, 1, MONDAY);
	add(b, 2, MONDAY); /* takes the file that the other made */
	want_answer("b of a", b, 1, MONDAY + WEEK, ACCEPTED_YES);
	want_answer("a of b", a, 2, MONDAY + WEEK, ACCEPTED_YES);
	add(b, 1, MONDAY);
	s = sum_of(a);
	want_number("files", s.files, 1);
	want_number("recipients", s.recipients, 2);
	want_number("not seen yet", sum_of(r).files, 0);
	tidy(r);
	want_answer("reader", r, 2, MONDAY + WEEK, ACCEPTED_YES);
	/* What one removes, the others let go. */
	add(a, 3, MONDAY + 10 * WEEK);
	tidy(a);
	tidy(b);
	tidy(r);
	want_number("b", sum_of(b).files, 1);
	want_number("reader", sum_of(r).files, 1);
	accepted_close(a);
	accepted_close(b);
	accepted_close(r);
}

/* Adds all of three weeks, from a place of its own; exits 0. */
static void
add_and_exit(uint64_t start, uint64_t n)
{
	struct err e = { 0 };
	struct accepted *a = accepted_open("set", true, &e);

	for (uint64_t i = 0; a != NULL && i < n; i++)
		for (int week = 0; week < 3; week++)
			if (!accepted_add(a, hash_of((start + i) % n),
				MONDAY + week * WEEK, &e))
				_exit(1);
	_exit(a != NULL ? 0 : 1);
}

static void
processes_add_at_once(void **state)
{
	const uint64_t n = 100000;
	struct accepted *a;
	struct sum s;
	int got;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0)
			add_and_exit(i * n / 4, n);
	}
	for (unsigned i = 0; i < 4; i++) {
		assert_true(wait(&got) > 0);
		want_number("child", got, 0);
	}
	a = open_set(false);
	s = sum_of(a);
	want_number("files", s.files, 3);
	assert_in_range(s.recipients, 3 * n - n / 100, 3 * n + n / 100);
	for (uint64_t i = 0; i < n; i++)
		for (int week = 0; week < 3; week++)
			if (!accepted_since(a, hash_of(i), MONDAY + 2 * WEEK) ||
			    accepted_lately(a, hash_of(i), MONDAY +
				(week + 1) * WEEK) != ACCEPTED_YES)
				fail_msg("%llu was lost",
				    (unsigned long long)i);
	assert_false(exists("set/new"));
	accepted_close(a);
}

/* Begins a week for every 1000 recipients until it is killed. */
static void
add_until_killed(int ready)
{
	struct err e = { 0 };
	struct accepted *a = accepted_open("set", true, &e);

	(void)!write(ready, "", 1);
	for (uint64_t n = 0; a != NULL; n++)
		if (!accepted_add(a, hash_of(n),
			MONDAY + (int64_t)(n / 1000) % 9 * WEEK, &e))
			break;
	_exit(1);
}

static void
kill_while_adding(useconds_t after)
{
	int ready[2], got;
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		add_until_killed(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	usleep(after);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &got, 0), child);
	assert_true(WIFSIGNALED(got));
	close(ready[0]);
	close(ready[1]);
}

static void
a_kill_leaves_nothing_broken(void **state)
{
	struct accepted *a;
	struct sum s;

	(void)state;
	for (useconds_t i = 0; i < 24; i++) {
		assert_int_equal(start_empty(NULL), 0);
		assert_int_equal(mkdir("set", 0750), 0);
		unit_write("set/new", STR("half of a file"));
		kill_while_adding(100 + i * i * 50);
		a = open_set(true);
		tidy(a);
		for (uint64_t n = 0; n < 9000; n++)
			add(a, n, MONDAY + (int64_t)(n / 1000) * WEEK);
		for (uint64_t n = 0; n < 9000; n++)
			assert_true(accepted_since(a, hash_of(n),
			    MONDAY + (int64_t)(n / 1000) * WEEK));
		s = sum_of(a);
		want_number("files", s.files, 9);
		assert_true(s.recipients >= 9000 - 9);
		assert_false(exists("set/new"));
		accepted_close(a);
	}
}

/* ---- damage ---- */

static void
write_at(const char *path, long at, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, n, at), n);
	close(fd);
}

static void
cut_to(const char *path, off_t n)
{
	assert_int_equal(truncate(path, n), 0);
}

/* Two weeks; the first is what the tests spoil. */
static void
make_two_weeks(void)
{
	struct accepted *a;

	assert_int_equal(start_empty(NULL), 0);
	a = open_set(true);
	add(a, 1, MONDAY);
	add(a, 2, MONDAY + WEEK);
	accepted_close(a);
}

/* It is told once, left out, and written beside. */
static void
want_left_out(const char *row, bool write, int code)
{
	struct accepted *a = open_set(write);
	struct err e = { 0 };

	want_number(row, sum_of(a).files, 1);
	want_bool(row, accepted_tidy(a, &e), false);
	want_number(row, e.code, code);
	if (strstr(e.text, "set/" FIRST ": left out: ") != e.text ||
	    strchr(e.text, ';') == NULL)
		fail_msg("%s: \"%s\"", row, e.text);
	tidy(a);
	want_answer(row, a, 2, MONDAY + 2 * WEEK, ACCEPTED_YES);
	want_answer(row, a, 1, MONDAY + 2 * WEEK, ACCEPTED_NO);
	if (write) {
		add(a, 1, MONDAY);
		want_bool(row, exists(DIR_OF(SECOND)), true);
		want_answer(row, a, 1, MONDAY + 2 * WEEK, ACCEPTED_YES);
	}
	accepted_close(a);
}

static void
damaged_files_are_left_out(void **state)
{
	static const struct {
		const char *name;
		long at;
		int64_t value;
	} ROWS[] = {
		{ "magic", 0, 1 },
		{ "version", 8, 2 },
		{ "another week", 16, MONDAY + WEEK },
		{ "no blocks", 24, 0 },
		{ "more blocks", 24, ACCEPTED_ROOM / 16 + 1 },
		{ "blocks that overflow", 24,
		    ACCEPTED_ROOM / 16 + (INT64_C(1) << 59) },
		{ "count", 40, INT64_MAX },
		{ "first too early", 48, MONDAY - 1 },
		{ "first too late", 48, MONDAY + WEEK },
		{ "first impossible", 48, INT64_MIN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		make_two_weeks();
		write_at(DIR_OF(FIRST), ROWS[i].at, &ROWS[i].value, 8);
		want_left_out(ROWS[i].name, false, EX_DATAERR);
		want_left_out(ROWS[i].name, true, EX_DATAERR);
	}
}

static void
cut_files_are_left_out(void **state)
{
	static const off_t SIZES[] = { 0, 1, 63, 64, 95, 96, 4096, 2000032 };
	char row[32];

	(void)state;
	for (size_t i = 0; i < COUNT(SIZES); i++) {
		make_two_weeks();
		cut_to(DIR_OF(FIRST), SIZES[i]);
		snprintf(row, sizeof row, "%lld bytes", (long long)SIZES[i]);
		want_left_out(row, true, EX_DATAERR);
	}
}

static void
what_is_no_file_is_left_out(void **state)
{
	(void)state;
	make_two_weeks();
	assert_int_equal(rename(DIR_OF(FIRST), "set/elsewhere"), 0);
	assert_int_equal(symlink("elsewhere", DIR_OF(FIRST)), 0);
	want_left_out("link", true, EX_IOERR);
	make_two_weeks();
	assert_int_equal(unlink(DIR_OF(FIRST)), 0);
	assert_int_equal(mkfifo(DIR_OF(FIRST), 0600), 0);
	want_left_out("fifo, read", false, EX_DATAERR);
	want_left_out("fifo", true, EX_DATAERR);
	make_two_weeks();
	assert_int_equal(unlink(DIR_OF(FIRST)), 0);
	assert_int_equal(mkdir(DIR_OF(FIRST), 0700), 0);
	want_left_out("folder", true, EX_IOERR);
}

static void
a_file_spoilt_meanwhile_is_let_go(void **state)
{
	struct accepted *a;
	struct err e = { 0 };

	(void)state;
	make_two_weeks();
	a = open_set(true);
	add(a, 3, MONDAY);
	cut_to(DIR_OF(FIRST), 4096);
	assert_false(accepted_tidy(a, &e));
	want_number("code", e.code, EX_DATAERR);
	add(a, 1, MONDAY);
	want_answer("beside it", a, 1, MONDAY + 2 * WEEK, ACCEPTED_YES);
	/* Moved away, as the error says: its place is taken again. */
	assert_int_equal(unlink(DIR_OF(FIRST)), 0);
	assert_int_equal(unlink(DIR_OF(SECOND)), 0);
	tidy(a);
	add(a, 1, MONDAY);
	want_number("anew", size_of(DIR_OF(FIRST)), HEAD + 2 * ACCEPTED_ROOM);
	/* The whole folder. */
	assert_int_equal(start_empty(NULL), 0);
	tidy(a);
	want_number("none", sum_of(a).files, 0);
	add(a, 1, MONDAY);
	want_number("folder", sum_of(a).files, 1);
	accepted_close(a);
}

static void
each_bad_file_is_told(void **state)
{
	struct accepted *a;
	struct err one = { 0 };
	struct err two = { 0 };

	(void)state;
	make_two_weeks();
	cut_to(DIR_OF(FIRST), 4096);
	cut_to("set/2026-11-23.0", 4096);
	a = open_set(false);
	assert_false(accepted_tidy(a, &one));
	assert_false(accepted_tidy(a, &two));
	assert_string_not_equal(one.text, two.text);
	tidy(a);
	want_answer("none", a, 1, MONDAY + 2 * WEEK, ACCEPTED_YOUNG);
	accepted_close(a);
}

static void
a_missing_folder_reads_as_empty(void **state)
{
	struct accepted *a = open_set(false);

	(void)state;
	assert_false(exists("set"));
	want_answer("missing", a, 1, MONDAY, ACCEPTED_YOUNG);
	assert_false(accepted_since(a, hash_of(1), MONDAY));
	want_number("files", sum_of(a).files, 0);
	assert_true(accepted_false_rate(a, MONDAY) <= 0);
	tidy(a);
	assert_false(exists("set"));
	make_two_weeks();
	tidy(a);
	want_answer("made", a, 1, MONDAY + WEEK, ACCEPTED_YES);
	assert_int_equal(start_empty(NULL), 0);
	tidy(a);
	want_number("gone again", sum_of(a).files, 0);
	accepted_close(a);
}

static void
a_folder_that_is_none_is_an_error(void **state)
{
	struct err e = { 0 };

	(void)state;
	unit_write("set", STR(""));
	assert_null(accepted_open("set", false, &e));
	want_number("read", e.code, EX_IOERR);
	err_clear(&e);
	assert_null(accepted_open("set", true, &e));
	want_number("write", e.code, EX_IOERR);
	err_clear(&e);
	assert_null(accepted_open("set/below", true, &e));
	want_number("below", e.code, EX_CANTCREAT);
	accepted_close(NULL);
	assert_int_equal(unlink("set"), 0);
}

/* A limit of the process stands in for the disk's. */
static void
a_full_disk_is_an_error_and_no_signal(void **state)
{
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit small = { 1 << 20, RLIM_INFINITY };
	struct accepted *a = open_set(true);
	struct err e = { 0 };

	(void)state;
	add(a, 1, MONDAY);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_false(accepted_add(a, hash_of(2), MONDAY + WEEK, &e));
	want_number("code", e.code, EX_IOERR);
	if (strstr(e.text, "set/2026-11-23.0: cannot take its disk space: ") !=
	    e.text)
		fail_msg("\"%s\"", e.text);
	assert_false(exists("set/2026-11-23.0"));
	assert_false(exists("set/new"));
	add(a, 3, MONDAY);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	add(a, 2, MONDAY + WEEK);
	want_answer("then", a, 2, MONDAY + 2 * WEEK, ACCEPTED_YES);
	accepted_close(a);
}

#define TEST(f) cmocka_unit_test_setup(f, start_empty)

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
		TEST(two_handles_share_what_they_know),
		TEST(processes_add_at_once),
		TEST(a_kill_leaves_nothing_broken),
		TEST(damaged_files_are_left_out),
		TEST(cut_files_are_left_out),
		TEST(what_is_no_file_is_left_out),
		TEST(a_file_spoilt_meanwhile_is_let_go),
		TEST(each_bad_file_is_told),
		TEST(a_missing_folder_reads_as_empty),
		TEST(a_folder_that_is_none_is_an_error),
		TEST(a_full_disk_is_an_error_and_no_signal),
	};

	umask(022);
	return cmocka_run_group_tests(
	    tests, unit_enter_folder, unit_leave_folder);
}
