/* test_journal_read.c - a stream's bytes over segments, gaps and holes. */
#include "journal_kit.h"

/* All bytes from pos on, in reads of at most n, '|' where a gap was told. */
static void
read_all(
    struct journal_reader *r, uint64_t pos, size_t n, char *out, size_t cap)
{
	struct err e = { 0 };
	char bytes[64];
	size_t len = 0;
	struct piece in;

	assert_true(n <= sizeof bytes);
	do {
		in = (struct piece){ .pos = pos, .p = bytes, .n = n };
		if (!journal_read(r, &in, &e))
			fail_msg("journal_read: %s", e.text);
		assert_true(len + in.got + 2 < cap);
		if (in.gap)
			out[len++] = '|';
		memcpy(out + len, bytes, in.got);
		len += in.got;
		pos += in.got;
	} while (in.got > 0);
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
want_piece(const char *row, struct journal_reader *r, uint64_t pos,
    struct str want, bool gap)
{
	struct err e = { 0 };
	char bytes[64];
	struct piece in = { .pos = pos, .p = bytes, .n = sizeof bytes };

	assert_true(journal_read(r, &in, &e));
	want_str(row, str_of(bytes, in.got), want);
	want_bool(row, in.gap, gap);
}

static void
a_missing_segment_at_the_position_is_a_gap(void **state)
{
	struct journal *j = open_folder();
	struct err e = { 0 };
	struct journal_reader *r;

	(void)state;
	segment(NAME, 0, "seg", STR("abcd"));
	segment(NAME, 10, "seg", STR("klm"));
	r = journal_reader_open(j, NAME, &e);
	want_piece("before", r, 0, STR("abcd"), false);
	want_piece("the hole", r, 4, STR("#####\n"), true);
	want_piece("behind", r, 10, STR("klm"), true);
	want_piece("further", r, 11, STR("lm"), false);
	journal_reader_close(r);
	journal_close(j);
}

static void
what_is_mostly_one_segment_is_read_up_to_a_hole(void **state)
{
	struct journal *j = open_folder();
	struct err e = { 0 };
	struct journal_reader *r = journal_reader_open(j, NAME, &e);
	char got[64];

	(void)state;
	segment(NAME, 0, "seg", STR("abcd"));
	segment(NAME, 4, "seg", STR("ef"));
	segment(NAME, 8, "seg", STR("ij"));
	journal_reader_one(r);
	read_all(r, 0, 64, got, sizeof got);
	want_text("its bytes", got, "abcdef");
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
		if (!journal_fetch(
			j, NAME, ROWS[i].pos, ROWS[i].size, &b, &found, &e))
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(bytes_come_over_all_segments),
		T(new_bytes_and_new_segments_are_seen_as_they_come),
		T(a_gap_is_told_at_its_first_byte_only),
		T(an_empty_segment_stands_before_a_gap_at_its_place),
		T(a_missing_segment_before_the_position_is_no_matter),
		T(a_missing_segment_at_the_position_is_a_gap),
		T(what_is_mostly_one_segment_is_read_up_to_a_hole),
		T(syncing_takes_what_was_not_read_as_well),
		T(a_record_is_fetched_while_the_journal_has_it),
	};

	return cmocka_run_group_tests(
	    tests, unit_enter_folder, unit_leave_folder);
}
