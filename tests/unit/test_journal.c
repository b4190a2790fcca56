/* test_journal.c - streams, segments, locks, gaps, cleaning. */
#include "unit.h"

#include <sys/file.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "work/journal.h"

#define NAME "20261121T075727Z-1234-9f3a0b1c"
#define OTHER "20261121T080000Z-77-00000001"

static struct journal *
open_folder(void)
{
	struct err e = { 0 };
	struct journal *j = journal_open("journal", true, &e);

	if (j == NULL)
		fail_msg("journal_open: %s", e.text);
	return j;
}

/* Every test begins with an empty folder. */
static int
empty_folder(void **state)
{
	(void)state;
	(void)nftw("journal", unit_remove, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

static void
segment(const char *name, unsigned long long offset, const char *kind,
    struct str bytes)
{
	char path[256];

	snprintf(path, sizeof path, "journal/%s.%016llx.%s", name, offset,
	    kind);
	unit_write(path, bytes);
}

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
	struct journal_info in = { "message", "", "Bounce+x=\"a b\"@s.test",
		"env;1 #2" };
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
	struct journal_info in = { "csv", "a\ninput = json", "b\r\n", "" };
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
	struct journal_info in = { "", "", "x@y.test", "" };
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

/* ---- reading ---- */

/* All bytes from pos on, in reads of at most n, '|' where a gap was told. */
static void
read_all(struct journal_reader *r, uint64_t pos, size_t n, char *out,
    size_t cap)
{
	struct err e = { 0 };
	char bytes[64];
	size_t len = 0;
	size_t got;
	bool gap;

	assert_true(n <= sizeof bytes);
	do {
		if (!journal_read(r, pos, bytes, n, &got, &gap, &e))
			fail_msg("journal_read: %s", e.text);
		assert_true(len + got + 2 < cap);
		if (gap)
			out[len++] = '|';
		memcpy(out + len, bytes, got);
		len += got;
		pos += got;
	} while (got > 0);
	out[len] = '\0';
}

static void
bytes_come_over_all_segments(void **state)
{
	static const struct {
		const char *name;
		uint64_t pos;
		size_t n;
		const char *want;
	} ROWS[] = {
		{ "from the start", 0, 64, "abcdefghij" },
		{ "one by one", 0, 1, "abcdefghij" },
		{ "three by three", 0, 3, "abcdefghij" },
		{ "in the midst of a segment", 5, 64, "fghij" },
		{ "at a segment's start", 4, 64, "efghij" },
		{ "at the end", 10, 64, "" },
		{ "behind the end", 20, 64, "" },
	};
	struct journal *j = open_folder();
	struct err e = { 0 };
	char got[64];

	(void)state;
	segment(NAME, 0, "seg", STR("abcd"));
	segment(NAME, 4, "seg", STR("ef"));
	segment(NAME, 6, "seg", STR("ghij"));
	segment(OTHER, 4, "seg", STR("XXXXXXXX"));
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct journal_reader *r = journal_reader_open(j, NAME, &e);

		read_all(r, ROWS[i].pos, ROWS[i].n, got, sizeof got);
		want_text(ROWS[i].name, got, ROWS[i].want);
		journal_reader_close(r);
	}
	journal_close(j);
}

static void
new_bytes_and_new_segments_are_seen_as_they_come(void **state)
{
	struct journal *j = open_folder();
	struct err e = { 0 };
	struct journal_reader *r = journal_reader_open(j, NAME, &e);
	char got[64];

	(void)state;
	read_all(r, 0, 64, got, sizeof got);
	want_text("no segment yet", got, "");
	segment(NAME, 0, "seg", STR(""));
	read_all(r, 0, 64, got, sizeof got);
	want_text("an empty segment", got, "");
	segment(NAME, 0, "seg", STR("ab"));
	read_all(r, 0, 64, got, sizeof got);
	want_text("two bytes", got, "ab");
	segment(NAME, 0, "seg", STR("abcd"));
	read_all(r, 2, 64, got, sizeof got);
	want_text("grown", got, "cd");
	segment(NAME, 4, "seg", STR("ef"));
	read_all(r, 4, 64, got, sizeof got);
	want_text("the next segment", got, "ef");
	journal_reader_close(r);
	journal_close(j);
}

static void
a_gap_is_told_at_its_first_byte_only(void **state)
{
	struct journal *j = open_folder();
	struct err e = { 0 };
	struct journal_reader *r = journal_reader_open(j, NAME, &e);
	char got[64];

	(void)state;
	segment(NAME, 0, "seg", STR("abcd"));
	segment(NAME, 4, "gap", STR("efgh"));
	read_all(r, 0, 64, got, sizeof got);
	want_text("whole", got, "abcd|efgh");
	read_all(r, 4, 2, got, sizeof got);
	want_text("from the gap on", got, "|efgh");
	read_all(r, 5, 2, got, sizeof got);
	want_text("behind it", got, "fgh");
	journal_reader_close(r);
	journal_close(j);
}

static void
an_empty_segment_stands_before_a_gap_at_its_place(void **state)
{
	struct journal *j = open_folder();
	struct err e = { 0 };
	struct journal_reader *r = journal_reader_open(j, NAME, &e);
	char got[64];

	(void)state;
	segment(NAME, 0, "seg", STR("ab"));
	segment(NAME, 2, "seg", STR(""));
	read_all(r, 0, 64, got, sizeof got);
	want_text("before the gap", got, "ab");
	segment(NAME, 2, "gap", STR("cd"));
	read_all(r, 2, 64, got, sizeof got);
	want_text("the gap", got, "|cd");
	journal_reader_close(r);
	r = journal_reader_open(j, NAME, &e);
	read_all(r, 0, 64, got, sizeof got);
	want_text("all by a new reader", got, "ab|cd");
	journal_reader_close(r);
	journal_close(j);
}

static void
a_missing_segment_before_the_position_is_no_matter(void **state)
{
	struct journal *j = open_folder();
	struct err e = { 0 };
	struct journal_reader *r = journal_reader_open(j, NAME, &e);
	char got[64];

	(void)state;
	segment(NAME, 100, "seg", STR("abcd"));
	read_all(r, 102, 64, got, sizeof got);
	want_text("in it", got, "cd");
	journal_reader_close(r);
	journal_close(j);
}

/* Positions stay what they are: a hole is as long as the bytes that stood
 * there, and holds nothing that could be a row. */
static void
a_missing_segment_at_the_position_is_a_gap(void **state)
{
	struct journal *j = open_folder();
	struct err e = { 0 };
	struct journal_reader *r;
	char bytes[64];
	size_t got;
	bool gap;

	(void)state;
	segment(NAME, 0, "seg", STR("abcd"));
	segment(NAME, 10, "seg", STR("klm"));
	r = journal_reader_open(j, NAME, &e);
	assert_true(journal_read(r, 0, bytes, 64, &got, &gap, &e));
	want_number("before", (int64_t)got, 4);
	assert_false(gap);
	assert_true(journal_read(r, 4, bytes, 64, &got, &gap, &e));
	want_number("the hole", (int64_t)got, 6);
	assert_true(gap);
	want_str("its bytes", str_of(bytes, got), STR("#####\n"));
	assert_true(journal_read(r, 10, bytes, 64, &got, &gap, &e));
	assert_true(gap);
	want_str("behind", str_of(bytes, got), STR("klm"));
	assert_true(journal_read(r, 11, bytes, 64, &got, &gap, &e));
	assert_false(gap);
	want_str("further", str_of(bytes, got), STR("lm"));
	journal_reader_close(r);
	journal_close(j);
}

static void
syncing_takes_what_was_not_read_as_well(void **state)
{
	struct journal *j = open_folder();
	struct err e = { 0 };
	struct journal_reader *r = journal_reader_open(j, NAME, &e);

	(void)state;
	assert_true(journal_sync(r, &e));
	segment(NAME, 0, "seg", STR("abcd"));
	segment(NAME, 4, "seg", STR("ef"));
	assert_true(journal_sync(r, &e));
	assert_true(journal_sync(r, &e));
	journal_reader_close(r);
	journal_close(j);
}

static void
a_record_is_fetched_while_the_journal_has_it(void **state)
{
	static const struct {
		const char *name;
		uint64_t pos, size;
		bool found;
		struct str want;
	} ROWS[] = {
		{ "in one segment", 1, 2, true, LIT("bc") },
		{ "over two", 2, 4, true, LIT("cdef") },
		{ "of no bytes", 3, 0, true, LIT("") },
		{ "over a gap", 6, 4, false, LIT("") },
		{ "right behind a gap", 8, 2, true, LIT("ij") },
		{ "in a hole", 12, 2, false, LIT("") },
		{ "into a hole", 9, 4, false, LIT("") },
	};
	struct journal *j = open_folder();
	struct err e = { 0 };
	struct buf b = { 0 };
	bool found;

	(void)state;
	segment(NAME, 0, "seg", STR("abcd"));
	segment(NAME, 4, "seg", STR("efgh"));
	segment(NAME, 8, "gap", STR("ij"));
	segment(NAME, 20, "seg", STR("uv"));
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		if (!journal_fetch(j, NAME, ROWS[i].pos, ROWS[i].size, &b,
			&found, &e))
			fail_msg("%s: %s", ROWS[i].name, e.text);
		want_bool(ROWS[i].name, found, ROWS[i].found);
		if (found)
			want_str(ROWS[i].name, buf_str(&b), ROWS[i].want);
	}
	assert_true(journal_fetch(j, OTHER, 0, 4, &b, &found, &e));
	assert_false(found);
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

	return strcmp(name, NAME) == 0 ? w->name :
	    strcmp(name, OTHER) == 0   ? w->other :
					 UINT64_MAX;
}

static uint64_t
clean(struct journal *j, struct worked *w, int64_t keep, uint64_t max)
{
	struct journal_clean how = { .now = 1000000, .keep = keep,
		.max_bytes = max, .worked = worked_on, .ctx = w };
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
add_up(void *ctx, const char *name, uint64_t bytes, struct err *e)
{
	struct buf *b = ctx;

	(void)e;
	buf_addf(b, "%s=%llu;", name, (unsigned long long)bytes);
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
	want_str("each", buf_str(&b), STR(NAME "=10;" OTHER "=4;"));
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

#define T(f) cmocka_unit_test_setup(f, empty_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(names_are_new_and_sort_by_time),
		T(what_a_stream_is_comes_back),
		T(a_line_end_in_an_envelope_makes_no_line_of_its_own),
		T(what_comes_in_can_be_said_later),
		T(other_files_are_no_streams),
		T(a_living_stream_cannot_be_claimed),
		T(a_lock_lives_as_long_as_the_last_who_shares_it),
		T(a_stream_that_is_not_there_cannot_be_claimed),
		T(bytes_come_over_all_segments),
		T(new_bytes_and_new_segments_are_seen_as_they_come),
		T(a_gap_is_told_at_its_first_byte_only),
		T(an_empty_segment_stands_before_a_gap_at_its_place),
		T(a_missing_segment_before_the_position_is_no_matter),
		T(a_missing_segment_at_the_position_is_a_gap),
		T(syncing_takes_what_was_not_read_as_well),
		T(a_record_is_fetched_while_the_journal_has_it),
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
