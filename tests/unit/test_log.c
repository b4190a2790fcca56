/* test_log.c - the program's log, at a bounded rate. */
#include "unit.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

#define STAMP 20 /* bytes of "2026-11-21T07:57:27Z" */

static void
open_log(struct log *l, const char *path, enum log_level level)
{
	struct err e = { 0 };

	unlink(path);
	if (!log_open(l, "prog", path, level, &e))
		fail_msg("%s", e.text);
}

/* The log's lines without their time and "prog[pid]: ", each with '|'. */
static const char *
lines(const char *path, struct buf *out)
{
	struct buf in = { 0 };
	struct err e = { 0 };
	struct str rest;
	struct str line;
	char start[64];
	int64_t utc;

	if (!file_read(path, 1u << 20, &in, &e))
		fail_msg("%s", e.text);
	snprintf(start, sizeof start, " prog[%ld]: ", (long)getpid());
	rest = buf_str(&in);
	buf_clear(out);
	while (str_cut(&rest, '\n', &line)) {
		assert_true(clock_parse(str_sub(line, 0, STAMP), &utc));
		line = str_skip(line, STAMP);
		assert_true(str_starts(line, str_from(start)));
		buf_add(out, str_skip(line, strlen(start)));
		buf_addc(out, '|');
	}
	buf_release(&in);
	return buf_cstr(out);
}

static void
a_line_has_time_level_kind_and_text(void **state)
{
	struct log l;
	struct buf b = { 0 };

	(void)state;
	open_log(&l, "log", LOG_AT_DEBUG);
	log_say(&l, LOG_AT_ERROR, "disk", "%s: %d", "full", 3);
	log_say(&l, LOG_AT_WARNING, "row", "w");
	log_say(&l, LOG_AT_NOTICE, "start", "n");
	log_say(&l, LOG_AT_INFO, "fact", "i");
	log_say(&l, LOG_AT_DEBUG, "detail", "%s", "");
	log_close(&l);
	assert_string_equal(lines("log", &b),
	    "error: disk: full: 3|warning: row: w|notice: start: n|"
	    "info: fact: i|debug: detail: |");
	buf_release(&b);
}

static void
a_level_hides_what_is_below_it(void **state)
{
	struct log l;
	struct buf b = { 0 };

	(void)state;
	open_log(&l, "log", LOG_AT_WARNING);
	log_say(&l, LOG_AT_DEBUG, "k", "no");
	log_say(&l, LOG_AT_NOTICE, "k", "no");
	log_say(&l, LOG_AT_WARNING, "k", "yes");
	log_say(&l, LOG_AT_ERROR, "k", "yes");
	log_close(&l);
	assert_string_equal(lines("log", &b), "warning: k: yes|error: k: yes|");
	buf_release(&b);
}

static void
controls_do_not_reach_the_line(void **state)
{
	struct log l;
	struct buf b = { 0 };

	(void)state;
	open_log(&l, "log", LOG_AT_INFO);
	log_say(&l, LOG_AT_INFO, "k", "a\nb\rc\td\x1b[0m\x7f");
	log_close(&l);
	assert_string_equal(lines("log", &b), "info: k: a?b?c?d?[0m?|");
	buf_release(&b);
}

static void
a_long_text_is_cut_to_one_line(void **state)
{
	struct log l;
	struct buf b = { 0 };
	char text[5000];

	(void)state;
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	open_log(&l, "log", LOG_AT_INFO);
	log_say(&l, LOG_AT_INFO, "k", "%s", text);
	log_say(&l, LOG_AT_INFO, "k", "next");
	log_close(&l);
	assert_non_null(strstr(lines("log", &b), "xxx...|info: k: next|"));
	assert_true(b.n < 1200);
	buf_release(&b);
}

/* The minute may turn between two lines: then the run says nothing. */
static bool
say_many(struct log *l, const char *kind, unsigned n)
{
	int64_t minute = clock_now() / 60;

	for (unsigned i = 1; i <= n; i++)
		log_say(l, LOG_AT_INFO, kind, "%u", i);
	return clock_now() / 60 == minute;
}

static void
one_kind_is_told_ten_times_a_minute(void **state)
{
	struct log l;
	struct buf b = { 0 };

	(void)state;
	open_log(&l, "log", LOG_AT_INFO);
	while (!say_many(&l, "row", 15)) {
		log_close(&l);
		open_log(&l, "log", LOG_AT_INFO);
	}
	log_say(&l, LOG_AT_INFO, "other", "apart");
	assert_string_equal(lines("log", &b),
	    "info: row: 1|info: row: 2|info: row: 3|info: row: 4|"
	    "info: row: 5|info: row: 6|info: row: 7|info: row: 8|"
	    "info: row: 9|info: row: 10|info: other: apart|");
	assert_int_equal(l.kinds[0].kept_back, 5);
	/* As if the minute were over. */
	l.kinds[0].minute--;
	log_say(&l, LOG_AT_INFO, "row", "again");
	l.kinds[0].minute--;
	log_say(&l, LOG_AT_INFO, "row", "and again");
	assert_non_null(strstr(lines("log", &b),
	    "|info: other: apart|"
	    "info: row: again (5 more of this kind kept back)|"
	    "info: row: and again|"));
	log_close(&l);
	buf_release(&b);
}

static void
the_count_stands_behind_a_text_that_was_cut(void **state)
{
	struct log l;
	struct buf b = { 0 };
	char text[3000];

	(void)state;
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	open_log(&l, "log", LOG_AT_INFO);
	log_say(&l, LOG_AT_INFO, "a-kind-with-a-long-name", "first");
	l.kinds[0].kept_back = 4000000000u;
	log_say(&l, LOG_AT_INFO, "a-kind-with-a-long-name", "%s", text);
	log_close(&l);
	assert_non_null(strstr(lines("log", &b),
	    "xxx... (4000000000 more of this kind kept back)|"));
	buf_release(&b);
}

static void
kinds_are_compared_by_text(void **state)
{
	struct log l;
	char kind[] = "row";

	(void)state;
	open_log(&l, "log", LOG_AT_INFO);
	log_say(&l, LOG_AT_INFO, "row", "1");
	log_say(&l, LOG_AT_INFO, kind, "2");
	assert_null(l.kinds[1].name);
	log_close(&l);
}

static void
more_kinds_than_fit_share_the_last_count(void **state)
{
	static char names[LOG_KINDS + 20][8];
	struct log l;

	(void)state;
	open_log(&l, "log", LOG_AT_INFO);
	for (unsigned i = 0; i < COUNT(names); i++) {
		snprintf(names[i], sizeof names[i], "k%u", i);
		log_say(&l, LOG_AT_INFO, names[i], "x");
	}
	assert_ptr_equal(l.kinds[LOG_KINDS - 1].name, names[LOG_KINDS - 1]);
	assert_int_equal(l.kinds[0].told, 1);
	log_close(&l);
}

static void
a_log_is_appended_to(void **state)
{
	struct log l;
	struct err e = { 0 };
	struct buf b = { 0 };

	(void)state;
	open_log(&l, "log", LOG_AT_INFO);
	log_say(&l, LOG_AT_INFO, "k", "one");
	log_close(&l);
	assert_true(log_open(&l, "prog", "log", LOG_AT_INFO, &e));
	log_say(&l, LOG_AT_INFO, "k", "two");
	log_close(&l);
	assert_string_equal(lines("log", &b), "info: k: one|info: k: two|");
	buf_release(&b);
}

static void
a_log_is_for_owner_and_group(void **state)
{
	mode_t was = umask(0);
	struct log l;
	struct stat st;

	(void)state;
	open_log(&l, "log", LOG_AT_INFO);
	umask(was);
	log_close(&l);
	assert_int_equal(stat("log", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void
a_place_that_is_no_log_is_told(void **state)
{
	static const struct {
		const char *name, *path;
	} ROWS[] = {
		{ "folder missing", "missing/log" },
		{ "folder", "." },
		{ "symbolic link", "link" },
		{ "FIFO that nobody reads", "fifo" },
		{ "empty", "" },
	};

	(void)state;
	unit_write("target", STR(""));
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct log l;
		struct err e = { 0 };

		want_bool(ROWS[i].name,
		    log_open(&l, "prog", ROWS[i].path, LOG_AT_INFO, &e), false);
		want_number(ROWS[i].name, e.code, EX_IOERR);
		want_bool(ROWS[i].name, strchr(e.text, ';') != NULL, true);
		log_say(&l, LOG_AT_ERROR, "k", "goes nowhere");
		log_close(&l);
	}
}

static void
stderr_is_written_to_and_not_closed(void **state)
{
	struct log l;
	struct err e = { 0 };
	struct buf b = { 0 };
	int was = dup(STDERR_FILENO);
	int fd = open("err", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	(void)state;
	assert_true(was >= 0 && fd >= 0);
	assert_int_equal(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	assert_true(log_open(&l, "prog", "stderr", LOG_AT_INFO, &e));
	log_say(&l, LOG_AT_INFO, "k", "text");
	log_close(&l);
	assert_int_not_equal(fcntl(STDERR_FILENO, F_GETFD), -1);
	dup2(was, STDERR_FILENO);
	close(was);
	close(fd);
	assert_string_equal(lines("err", &b), "info: k: text|");
	buf_release(&b);
}

static void
syslog_takes_lines_without_a_file(void **state)
{
	struct log l;
	struct err e = { 0 };

	(void)state;
	assert_true(log_open(&l, "prog", "syslog", LOG_AT_ERROR, &e));
	assert_int_equal(l.to, -1);
	log_say(&l, LOG_AT_ERROR, "k", "from a unit test: %s", "%n%s");
	log_close(&l);
	assert_null(l.prog);
}

static void
no_log_is_no_fault(void **state)
{
	struct log l = { 0 };

	(void)state;
	log_say(NULL, LOG_AT_ERROR, "k", "x");
	log_say(&l, LOG_AT_ERROR, "k", "x");
	log_close(&l);
	log_close(&l);
	assert_int_not_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
}

static void
levels_have_names(void **state)
{
	static const struct {
		const char *name;
		bool ok;
		enum log_level want;
	} ROWS[] = {
		{ "error", true, LOG_AT_ERROR },
		{ "warning", true, LOG_AT_WARNING },
		{ "notice", true, LOG_AT_NOTICE },
		{ "info", true, LOG_AT_INFO },
		{ "debug", true, LOG_AT_DEBUG },
		{ "Error", false, LOG_AT_ERROR },
		{ "warn", false, LOG_AT_ERROR },
		{ "debug ", false, LOG_AT_ERROR },
		{ "", false, LOG_AT_ERROR },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		enum log_level got = LOG_AT_ERROR;

		want_bool(ROWS[i].name,
		    log_level_of(str_from(ROWS[i].name), &got), ROWS[i].ok);
		want_number(ROWS[i].name, got, ROWS[i].want);
	}
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_line_has_time_level_kind_and_text),
		cmocka_unit_test(a_level_hides_what_is_below_it),
		cmocka_unit_test(controls_do_not_reach_the_line),
		cmocka_unit_test(a_long_text_is_cut_to_one_line),
		cmocka_unit_test(one_kind_is_told_ten_times_a_minute),
		cmocka_unit_test(the_count_stands_behind_a_text_that_was_cut),
		cmocka_unit_test(kinds_are_compared_by_text),
		cmocka_unit_test(more_kinds_than_fit_share_the_last_count),
		cmocka_unit_test(a_log_is_appended_to),
		cmocka_unit_test(a_log_is_for_owner_and_group),
		cmocka_unit_test(a_place_that_is_no_log_is_told),
		cmocka_unit_test(stderr_is_written_to_and_not_closed),
		cmocka_unit_test(syslog_takes_lines_without_a_file),
		cmocka_unit_test(no_log_is_no_fault),
		cmocka_unit_test(levels_have_names),
	};

	return cmocka_run_group_tests(
	    TESTS, unit_enter_folder, unit_leave_folder);
}
