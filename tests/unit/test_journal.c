/* test_journal.c - streams, locks, cleaning. */
#include "journal_kit.h"

#include <sys/file.h>
#include <sys/time.h>
#include <sys/wait.h>

static void
age(const char *path, time_t when)
{
	struct timeval t[2] = { { .tv_sec = when }, { .tv_sec = when } };

	assert_int_equal(utimes(path, t), 0);
}

static bool
exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* ---- names and what a stream is ---- */

static void
names_are_new_and_sort_by_time(void **state)
{
	char one[JOURNAL_NAME_MAX], two[JOURNAL_NAME_MAX];
	struct err e = { 0 };

	(void)state;
	assert_true(journal_new_name(one, &e));
	assert_true(journal_new_name(two, &e));
	assert_string_not_equal(one, two);
	assert_int_equal(one[8], 'T');
	assert_int_equal(one[15], 'Z');
	assert_int_equal(one[16], '-');
}

static void
what_a_stream_is_comes_back(void **state)
{
	struct journal_info in = { .input = "message",
		.to = "Bounce+x=\"a b\"@s.test", .envid = "env;1 #2" };
	struct journal_info out;
	struct journal *j = open_folder();
	struct err e = { 0 };
	int lock;

	(void)state;
	assert_true(journal_claim_new(j, NAME, &in, &lock, &e));
	assert_true(journal_read_info(j, NAME, &out, &e));
	want_text("input", out.input, in.input);
	want_text("from", out.from, "");
	want_text("to", out.to, in.to);
	want_text("envid", out.envid, in.envid);
	close(lock);
	journal_close(j);
}

static void
a_line_end_in_an_envelope_makes_no_line_of_its_own(void **state)
{
	struct journal_info in = { .input = "csv",
		.from = "a\ninput = json", .to = "b\r\n" };
	struct journal_info out;
	struct journal *j = open_folder();
	struct err e = { 0 };
	int lock;

	(void)state;
	assert_true(journal_claim_new(j, NAME, &in, &lock, &e));
	assert_true(journal_read_info(j, NAME, &out, &e));
	want_text("input", out.input, "csv");
	want_text("from", out.from, "a?input = json");
	close(lock);
	journal_close(j);
}

static void
what_comes_in_can_be_said_later(void **state)
{
	struct journal_info in = { .to = "x@y.test" };
	struct journal_info out;
	struct journal *j = open_folder();
	struct err e = { 0 };
	int lock;

	(void)state;
	assert_true(journal_claim_new(j, NAME, &in, &lock, &e));
	assert_true(journal_read_info(j, NAME, &out, &e));
	want_text("input before", out.input, "");
	assert_true(journal_say_input(lock, "csv", &e));
	assert_true(journal_read_info(j, NAME, &out, &e));
	want_text("input", out.input, "csv");
	want_text("to", out.to, "x@y.test");
	close(lock);
	journal_close(j);
}

static void
want_header(struct journal *j, const char *row, struct str want, uint64_t at)
{
	struct journal_info info;
	struct err e = { 0 };

	assert_true(journal_read_info(j, NAME, &info, &e));
	want_text(row, info.input, "csv");
	want_str(row, str_from(info.header), want);
	want_number(row, (int64_t)info.header_at, (int64_t)at);
}

static void
the_header_is_what_was_said_last(void **state)
{
	struct journal_info in = { .input = "csv" };
	char longest[JOURNAL_HEADER_MAX];
	struct str most = { longest, sizeof longest - 1 };
	struct journal *j = open_folder();
	struct err e = { 0 };
	int lock;

	(void)state;
	memset(longest, 'c', sizeof longest);
	assert_true(journal_claim_new(j, NAME, &in, &lock, &e));
	want_header(j, "none", STR(""), 0);
	assert_true(journal_say_header(j, NAME, STR("type, header = \"a\""),
	    7, &e));
	want_header(j, "one", STR("type, header = \"a\""), 7);
	assert_true(journal_say_header(j, NAME, most, INT64_MAX, &e));
	want_header(j, "as long as can be", most, INT64_MAX);
	assert_true(journal_say_header(j, NAME, STR("type,rcpt"), 9, &e));
	want_header(j, "a shorter one", STR("type,rcpt"), 9);
	assert_true(journal_say_header(j, NAME, STR("type\trcpt"), 9, &e));
	want_header(j, "what no line holds", STR(""), 0);
	assert_true(journal_say_header(j, NAME, STR("type,rcpt"), 9, &e));
	most.n++;
	assert_true(journal_say_header(j, NAME, most, 10, &e));
	want_header(j, "a longer one", STR(""), 0);
	/* A power cut takes the end. */
	assert_true(journal_say_header(j, NAME, STR("type,rcpt"), 9, &e));
	assert_int_equal(ftruncate(lock, lseek(lock, 0, SEEK_END) - 3), 0);
	want_header(j, "half of one", STR(""), 0);
	/* And of another line. */
	assert_int_equal(ftruncate(lock, (off_t)strlen("input = csv\n")), 0);
	assert_int_equal(pwrite(lock, "env", 3, (off_t)strlen("input = csv\n")),
	    3);
	assert_true(journal_say_header(j, NAME, STR("type,rcpt"), 9, &e));
	want_header(j, "behind half of a line", STR("type,rcpt"), 9);
	close(lock);
	journal_close(j);
}

static void
a_spoilt_stream_says_what_can_be_read(void **state)
{
	struct journal_info in = { .input = "csv" };
	struct journal_info out;
	struct journal *j = open_folder();
	struct err e = { 0 };
	int lock;

	(void)state;
	assert_true(journal_claim_new(j, NAME, &in, &lock, &e));
	assert_int_equal(write(lock, "\0\0\0", 3), 3);
	assert_true(journal_read_info(j, NAME, &out, &e));
	want_text("input", out.input, "csv");
	assert_int_equal(pwrite(lock, "\0", 1, 0), 1);
	assert_true(journal_read_info(j, NAME, &out, &e));
	want_text("no input", out.input, "");
	close(lock);
	journal_close(j);
}

static void
other_files_are_no_streams(void **state)
{
	static const char *const FILES[] = { "journal/a b.stream",
		"journal/.hidden.new", "journal/x.0.seg",
		"journal/x.000000000000000g.seg", "journal/x.stream.bak",
		"journal/x.0000000000000000.seg.bak",
		"journal/x.0000000000000000.SEG", "journal/..stream" };
	struct journal *j = open_folder();
	struct journal_sizes sizes;
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(FILES); i++)
		unit_write(FILES[i], STR("bytes"));
	assert_true(journal_measure(j, &sizes, &e));
	want_number("files", (int64_t)sizes.files, 0);
	want_number("streams", (int64_t)sizes.streams, 0);
	journal_close(j);
}

/* ---- locks ---- */

static void
a_living_stream_cannot_be_claimed(void **state)
{
	struct journal *j = open_folder();
	struct journal_info info = { 0 };
	struct err e = { 0 };
	int lock, second;

	(void)state;
	assert_false(journal_alive(j, NULL));
	assert_true(journal_claim_new(j, NAME, &info, &lock, &e));
	assert_true(lock >= 0);
	assert_true(journal_alive(j, NULL));
	assert_true(journal_alive(j, OTHER));
	assert_false(journal_alive(j, NAME));
	assert_true(journal_claim(j, NAME, &second, &e));
	assert_int_equal(second, -1);
	close(lock);
	assert_false(journal_alive(j, NULL));
	assert_true(journal_claim(j, NAME, &second, &e));
	assert_true(second >= 0);
	close(second);
	journal_close(j);
}

static void
a_lock_lives_as_long_as_the_last_who_shares_it(void **state)
{
	struct journal *j = open_folder();
	struct journal_info info = { 0 };
	struct err e = { 0 };
	int lock, second, ends[2];
	pid_t pid;
	char byte;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_true(journal_claim_new(j, NAME, &info, &lock, &e));
	pid = fork();
	if (pid == 0) { /* the worker: lives until the pipe ends */
		close(ends[1]);
		(void)!read(ends[0], &byte, 1);
		_exit(0);
	}
	close(lock);
	assert_true(journal_claim(j, NAME, &second, &e));
	assert_int_equal(second, -1);
	close(ends[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(journal_claim(j, NAME, &second, &e));
	assert_true(second >= 0);
	close(second);
	close(ends[0]);
	journal_close(j);
}

static void
a_stream_that_is_not_there_cannot_be_claimed(void **state)
{
	struct journal *j = open_folder();
	struct err e = { 0 };
	int lock;

	(void)state;
	assert_true(journal_claim(j, NAME, &lock, &e));
	assert_int_equal(lock, -1);
	journal_close(j);
}

/* ---- turns ---- */

static void
a_turn_is_had_by_one_only(void **state)
{
	struct journal *j = open_folder();

	(void)state;
	want_bool("the first", journal_turn(j, "adopt", 1000, 60), true);
	want_bool("at once again", journal_turn(j, "adopt", 1000, 60), false);
	want_bool("soon", journal_turn(j, "adopt", 1059, 60), false);
	want_bool("another", journal_turn(j, "house", 1059, 60), true);
	want_bool("later", journal_turn(j, "adopt", 1060, 60), true);
	want_bool("clock set back", journal_turn(j, "adopt", 10, 60), true);
	journal_close(j);
}

static void
a_retired_stream_is_seen_no_more(void **state)
{
	struct journal_info info = { .input = "message" };
	struct journal *j = open_folder();
	struct err e = { 0 };
	struct buf b = { 0 };
	bool found;
	int lock;

	(void)state;
	assert_true(journal_claim_new(j, NAME, &info, &lock, &e));
	segment(NAME, 0, "seg", STR("abcd"));
	assert_true(journal_retire(j, NAME, &e));
	close(lock);
	assert_true(journal_claim(j, NAME, &lock, &e));
	assert_int_equal(lock, -1);
	assert_true(journal_fetch(j, NAME, 1, 2, &b, &found, &e));
	assert_true(found);
	want_str("its bytes", buf_str(&b), STR("bc"));
	assert_true(journal_retire(j, NAME, &e));
	buf_release(&b);
	journal_close(j);
}

/* ---- cleaning ---- */

struct worked {
	uint64_t name, other;
};

static uint64_t
worked_on(void *ctx, const char *name)
{
	const struct worked *w = ctx;

	return strcmp(name, NAME) == 0 ? w->name
	    : strcmp(name, OTHER) == 0 ? w->other
				       : UINT64_MAX;
}

static uint64_t
clean(struct journal *j, struct worked *w, int64_t keep, uint64_t max)
{
	struct journal_clean how = { .now = 1000000,
		.keep = keep,
		.max_bytes = max,
		.worked = worked_on,
		.ctx = w };
	struct err e = { 0 };
	uint64_t deleted;

	if (!journal_clean(j, &how, &deleted, &e))
		fail_msg("journal_clean: %s", e.text);
	return deleted;
}

#define FILE_OF(name, offset) "journal/" name ".00000000000000" offset ".seg"

/* NAME has segments 0-4-8-10, OTHER 0-4; all are old. */
static void
two_streams(void)
{
	unit_write("journal/" NAME ".stream", STR("input = csv\n"));
	segment(NAME, 0, "seg", STR("abcd"));
	segment(NAME, 4, "seg", STR("efgh"));
	segment(NAME, 8, "seg", STR("ij"));
	unit_write("journal/" OTHER ".stream", STR("input = csv\n"));
	segment(OTHER, 0, "seg", STR("abcd"));
	age(FILE_OF(NAME, "00"), 1000);
	age(FILE_OF(NAME, "04"), 1001);
	age(FILE_OF(NAME, "08"), 1003);
	age(FILE_OF(OTHER, "00"), 1002);
}

static void
only_what_is_worked_on_is_deleted(void **state)
{
	struct journal *j = open_folder();
	struct worked w = { 7, UINT64_MAX };

	(void)state;
	two_streams();
	want_number("deleted", (int64_t)clean(j, &w, 100, 1000), 1);
	assert_false(exists(FILE_OF(NAME, "00")));
	assert_true(exists(FILE_OF(NAME, "04")));
	assert_true(exists(FILE_OF(OTHER, "00")));
	assert_true(exists("journal/" NAME ".stream"));
	journal_close(j);
}

static void
a_stream_goes_with_its_last_segment(void **state)
{
	struct journal *j = open_folder();
	struct worked w = { 10, 3 };

	(void)state;
	two_streams();
	want_number("deleted", (int64_t)clean(j, &w, 100, 1000), 3);
	assert_false(exists("journal/" NAME ".stream"));
	assert_true(exists("journal/" OTHER ".stream"));
	assert_true(exists(FILE_OF(OTHER, "00")));
	journal_close(j);
}

static void
the_last_segment_of_a_living_stream_stays(void **state)
{
	struct journal *j = open_folder();
	struct worked w = { 10, 4 };
	struct err e = { 0 };
	int lock;

	(void)state;
	two_streams();
	assert_true(journal_claim(j, NAME, &lock, &e));
	assert_true(lock >= 0);
	want_number("deleted", (int64_t)clean(j, &w, 100, 1000), 3);
	assert_true(exists(FILE_OF(NAME, "08")));
	assert_true(exists("journal/" NAME ".stream"));
	assert_false(exists("journal/" OTHER ".stream"));
	close(lock);
	journal_close(j);
}

static void
young_segments_stay_while_there_is_room(void **state)
{
	struct journal *j = open_folder();
	struct worked w = { 10, 4 };

	(void)state;
	two_streams();
	want_number("room", (int64_t)clean(j, &w, 999990, 14), 0);
	want_number("one too many", (int64_t)clean(j, &w, 999990, 13), 1);
	assert_false(exists(FILE_OF(NAME, "00")));
	want_number("oldest first", (int64_t)clean(j, &w, 999990, 4), 2);
	assert_false(exists(FILE_OF(NAME, "04")));
	assert_false(exists(FILE_OF(OTHER, "00")));
	assert_true(exists(FILE_OF(NAME, "08")));
	journal_close(j);
}

static void
a_stream_without_a_segment_goes(void **state)
{
	struct journal *j = open_folder();
	struct worked w = { UINT64_MAX, UINT64_MAX };
	struct journal_info info = { 0 };
	struct err e = { 0 };
	int lock;

	(void)state;
	unit_write("journal/" NAME ".stream", STR("input = csv\n"));
	assert_true(journal_claim_new(j, OTHER, &info, &lock, &e));
	want_number("deleted", (int64_t)clean(j, &w, 100, 0), 0);
	assert_false(exists("journal/" NAME ".stream"));
	assert_true(exists("journal/" OTHER ".stream"));
	close(lock);
	journal_close(j);
}

/* ---- status ---- */

static bool
add_up(void *ctx, const char *name, struct err *e)
{
	struct buf *b = ctx;

	(void)e;
	buf_addf(b, "%s;", name);
	return true;
}

static void
streams_are_listed_and_measured(void **state)
{
	struct journal *j = open_folder();
	struct journal_sizes sizes;
	struct err e = { 0 };
	struct buf b = { 0 };
	int lock;

	(void)state;
	two_streams();
	assert_true(journal_claim(j, OTHER, &lock, &e));
	assert_true(journal_each(j, add_up, &b, &e));
	want_str("each", buf_str(&b), STR(NAME ";" OTHER ";"));
	assert_true(journal_measure(j, &sizes, &e));
	want_number("bytes", (int64_t)sizes.bytes, 14);
	want_number("files", (int64_t)sizes.files, 4);
	want_number("streams", (int64_t)sizes.streams, 2);
	want_number("alive", (int64_t)sizes.alive, 1);
	want_number("oldest", sizes.oldest, 1000);
	buf_release(&b);
	close(lock);
	journal_close(j);
}

static void
a_folder_that_is_not_there_is_told(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_null(journal_open("nowhere", false, &e));
	assert_int_equal(e.code, EX_NOINPUT);
	assert_non_null(strstr(e.text, "nowhere: "));
}

static void
what_is_forgotten_leaves_nothing(void **state)
{
	struct journal_info info = { .input = "message" };
	struct journal *j = open_folder();
	struct journal_sizes sizes;
	struct err e = { 0 };
	int lock;

	(void)state;
	assert_true(journal_claim_new(j, NAME, &info, &lock, &e));
	segment(NAME, 0, "seg", STR("abcd"));
	segment(NAME, 4, "gap", STR("efgh"));
	segment(OTHER, 0, "seg", STR("ij"));
	assert_true(journal_forget(j, NAME, &e));
	assert_true(journal_forget(j, NAME, &e));
	assert_true(journal_measure(j, &sizes, &e));
	want_number("streams", (int64_t)sizes.streams, 0);
	want_number("segments", (int64_t)sizes.files, 1);
	close(lock);
	journal_close(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(names_are_new_and_sort_by_time),
		T(what_a_stream_is_comes_back),
		T(a_line_end_in_an_envelope_makes_no_line_of_its_own),
		T(what_comes_in_can_be_said_later),
		T(the_header_is_what_was_said_last),
		T(a_spoilt_stream_says_what_can_be_read),
		T(other_files_are_no_streams),
		T(a_living_stream_cannot_be_claimed),
		T(a_lock_lives_as_long_as_the_last_who_shares_it),
		T(a_stream_that_is_not_there_cannot_be_claimed),
		T(a_turn_is_had_by_one_only),
		T(a_retired_stream_is_seen_no_more),
		T(what_is_forgotten_leaves_nothing),
		T(only_what_is_worked_on_is_deleted),
		T(a_stream_goes_with_its_last_segment),
		T(the_last_segment_of_a_living_stream_stays),
		T(young_segments_stay_while_there_is_room),
		T(a_stream_without_a_segment_goes),
		T(streams_are_listed_and_measured),
		T(a_folder_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(
	    tests, unit_enter_folder, unit_leave_folder);
}
