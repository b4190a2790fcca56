/* test_accepted_files.c - several processes, kills, damage, full disks. */
#include "accepted_kit.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

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
	/* Once each, whoever came first, less what seemed to be in. */
	assert_in_range(s.recipients, 3 * n - n / 100, 3 * n);
	for (uint64_t i = 0; i < n; i++)
		for (int week = 0; week < 3; week++)
			if (!accepted_since(a, hash_of(i), MONDAY + 2 * WEEK) ||
			    accepted_lately(a, hash_of(i),
				MONDAY + (week + 1) * WEEK) != ACCEPTED_YES)
				fail_msg(
				    "%llu was lost", (unsigned long long)i);
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

/* ---- what the system refuses ---- */

/* Room for n more descriptors; the limit as it was. */
static struct rlimit
leave_descriptors(rlim_t n)
{
	int next = dup(STDOUT_FILENO);
	struct rlimit was, few;

	assert_true(next >= 0);
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	few = was;
	few.rlim_cur = (rlim_t)next + n;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	return was;
}

static void
want_told(const char *row, bool ok, struct err *e)
{
	if (!ok && (e->code != EX_IOERR || strstr(e->text, "set") == NULL))
		fail_msg("%s: %d \"%s\"", row, e->code, e->text);
	err_clear(e);
}

static void
without_descriptors_it_says_so_and_goes_on_later(void **state)
{
	(void)state;
	for (rlim_t n = 0; n < 4; n++) {
		struct accepted *a = open_set(true);
		struct err e = { 0 };
		struct rlimit was;
		bool added, tidied;

		add(a, 1, MONDAY);
		was = leave_descriptors(n);
		added = accepted_add(a, hash_of(2), MONDAY + WEEK, &e);
		want_told("add", added, &e);
		tidied = accepted_tidy(a, &e);
		want_told("tidy", tidied, &e);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
		want_bool("without any", n == 0 && added, false);
		tidy(a);
		add(a, 2, MONDAY + WEEK);
		want_answer("what it knew", a, 1, MONDAY + WEEK, ACCEPTED_YES);
		want_answer("new", a, 2, MONDAY + 2 * WEEK, ACCEPTED_YES);
		accepted_close(a);
		(void)start_empty(NULL);
	}
}

static void
a_week_whose_files_are_all_spoilt_is_an_error(void **state)
{
	struct accepted *a = open_set(true);
	struct err e = { 0 };
	char path[64];

	(void)state;
	for (int i = 0; i < 32; i++) {
		snprintf(path, sizeof path, DIR_OF("2026-11-16.%d"), i);
		unit_write(path, STR("no filter"));
	}
	assert_false(accepted_add(a, hash_of(1), MONDAY, &e));
	assert_non_null(strstr(e.text, "none of the week's 32 files"));
	add(a, 1, MONDAY + WEEK); /* others go on */
	unlink(DIR_OF(FIRST));
	err_clear(&e);
	(void)accepted_tidy(a, &e);
	add(a, 1, MONDAY);
	want_answer("moved away", a, 1, MONDAY + WEEK, ACCEPTED_YES);
	accepted_close(a);
}

static void
what_stands_in_the_way_of_a_new_file_is_told(void **state)
{
	struct accepted *a = open_set(true);
	struct err e = { 0 };

	(void)state;
	assert_int_equal(mkdir(DIR_OF("new"), 0700), 0);
	assert_false(accepted_add(a, hash_of(1), MONDAY, &e));
	assert_non_null(strstr(e.text, "cannot remove the old \"new\""));
	assert_int_equal(rmdir(DIR_OF("new")), 0);
	add(a, 1, MONDAY);
	/* The folder itself goes. */
	(void)start_empty(NULL);
	err_clear(&e);
	assert_false(accepted_add(a, hash_of(1), MONDAY + WEEK, &e));
	assert_non_null(strstr(e.text, "cannot make"));
	tidy(a); /* makes it again */
	add(a, 1, MONDAY + WEEK);
	accepted_close(a);
}

static void
what_is_too_old_and_stays_is_told_once(void **state)
{
	struct accepted *a = open_set(true);
	struct err e = { 0 };

	(void)state;
	add(a, 1, MONDAY);
	assert_int_equal(mkdir(DIR_OF("2026-08-03.0"), 0700), 0);
	assert_false(accepted_tidy(a, &e));
	assert_non_null(strstr(e.text, "cannot remove what is too old"));
	tidy(a);
	accepted_close(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
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
		TEST(without_descriptors_it_says_so_and_goes_on_later),
		TEST(a_week_whose_files_are_all_spoilt_is_an_error),
		TEST(what_stands_in_the_way_of_a_new_file_is_told),
		TEST(what_is_too_old_and_stays_is_told_once),
	};

	umask(022);
	return cmocka_run_group_tests(
	    tests, unit_enter_folder, unit_leave_folder);
}
