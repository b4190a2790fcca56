/* test_inflate.c - files read as they are or unpacked from gzip. */
#include "unit.h"

#include "base/buf.h"
#include "wrap/inflate.h"

/* gzip -n of "hello, pipe\n" */
#define HELLO "hello, pipe\n"
#define PACKED                                                             \
	"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9"         \
	"\xc9\xd7\x51\x28\xc8\x2c\x48\xe5\x02\x00\x8e\xd2\xac\x10\x0c\x00" \
	"\x00\x00"
#define MANY 20000 /* members of the long file */

/* Reads on to the end, piece bytes a time. */
static bool
read_all(struct inflate *f, size_t piece, struct buf *out, struct err *e)
{
	size_t got;

	buf_clear(out);
	do {
		char *to = buf_room(out, piece);

		assert_non_null(to);
		if (!inflate_read(f, to, piece, &got, e))
			return false;
		assert_true(got <= piece);
		out->n += got;
	} while (got > 0);
	return true;
}

static struct inflate *
open_ok(const char *path)
{
	struct err e = { 0 };
	struct inflate *f = inflate_open(path, &e);

	if (f == NULL)
		fail_msg("%s", e.text);
	return f;
}

static void
content_is_the_same_packed_or_not(void **state)
{
	static const struct {
		const char *name;
		struct str file, want;
	} ROWS[] = {
		{ "empty", LIT(""), LIT("") },
		{ "plain", LIT("type,a\nb,c\n"), LIT("type,a\nb,c\n") },
		{ "plain bytes", LIT("\0\xff\x1f\x8b"), LIT("\0\xff\x1f\x8b") },
		{ "one byte of gzip's mark", LIT("\x1f"), LIT("\x1f") },
		{ "half of gzip's mark", LIT("\x1fx"), LIT("\x1fx") },
		{ "gzip", LIT(PACKED), LIT(HELLO) },
		{ "two members", LIT(PACKED PACKED), LIT(HELLO HELLO) },
		{ "zeros behind it", LIT(PACKED "\0\0\0\0"), LIT(HELLO) },
	};
	static const size_t PIECES[] = { 1, 5, 4096 };

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS) * COUNT(PIECES); i++) {
		size_t row = i / COUNT(PIECES);
		struct inflate *f;
		struct buf b = { 0 };
		struct err e = { 0 };
		size_t got = 1;
		char more;

		unit_write("in", ROWS[row].file);
		f = open_ok("in");
		if (!read_all(f, PIECES[i % COUNT(PIECES)], &b, &e))
			fail_msg("%s: %s", ROWS[row].name, e.text);
		want_str(ROWS[row].name, buf_str(&b), ROWS[row].want);
		assert_true(inflate_read(f, &more, 1, &got, &e));
		want_number(ROWS[row].name, (int64_t)got, 0);
		inflate_close(f);
		buf_release(&b);
	}
}

static void
a_broken_stream_is_bad_data(void **state)
{
	static const struct {
		const char *name;
		struct str file;
		const char *part;
	} ROWS[] = {
		{ "cut in the sums", { PACKED, sizeof PACKED - 3 }, "cut" },
		{ "cut before the sums", { PACKED, sizeof PACKED - 9 }, "cut" },
		{ "cut in the content", { PACKED, 16 }, "cut" },
		{ "cut behind the head", { PACKED, 10 }, "cut" },
		{ "second member cut",
		    { PACKED PACKED, 2 * (sizeof PACKED - 1) - 4 }, "cut" },
		{ "wrong sum",
		    LIT("\x1f\x8b\x08\0\0\0\0\0\2\3\xcb\x48\xcd\xc9"
			"\xc9\xd7\x51\x28\xc8\x2c\x48\xe5\2\0\x8e\xd2\xac\x11"
			"\x0c\0\0\0"),
		    "incorrect data check" },
		{ "no deflate",
		    LIT("\x1f\x8b\x08\0\0\0\0\0\2\3\xff\xff\xff"
			"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
		    "invalid" },
		{ "rows behind it", LIT(PACKED "b,c\n"),
		    "behind the gzip stream" },
		{ "rows behind zeros", LIT(PACKED "\0\0b,c\n"),
		    "behind the gzip stream" },
		{ "half a mark behind it", LIT(PACKED "\x1f" "b"),
		    "incorrect header check" },
		{ "method unknown", LIT("\x1f\x8b\x07\0\0\0\0\0\2\3\xcb"),
		    "method" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct inflate *f;
		struct buf b = { 0 };
		struct err e = { 0 };

		unit_write("bad", ROWS[i].file);
		f = open_ok("bad");
		want_bool(ROWS[i].name, read_all(f, 7, &b, &e), false);
		want_number(ROWS[i].name, e.code, EX_DATAERR);
		if (strstr(e.text, ROWS[i].part) == NULL ||
		    !str_starts(str_from(e.text), STR("bad: ")) ||
		    strchr(e.text, ';') == NULL)
			fail_msg("%s: got \"%s\"", ROWS[i].name, e.text);
		inflate_close(f);
		buf_release(&b);
	}
}

static void
what_came_before_a_cut_is_given_first(void **state)
{
	struct str file = { PACKED PACKED, 2 * (sizeof PACKED - 1) - 4 };
	struct inflate *f;
	char got[64];
	struct err e = { 0 };
	size_t n = 0;

	(void)state;
	unit_write("half", file);
	f = open_ok("half");
	assert_true(inflate_read(f, got, strlen(HELLO), &n, &e));
	want_str("first", str_of(got, n), STR(HELLO));
	inflate_close(f);
}

static void
write_many(const char *path, struct str part)
{
	struct buf b = { 0 };

	for (unsigned i = 0; i < MANY; i++)
		buf_add(&b, part);
	unit_write(path, buf_str(&b));
	buf_release(&b);
}

static void
what_stands_behind_it_is_told_after_it(void **state)
{
	struct inflate *f;
	struct buf b = { 0 };
	struct err e = { 0 };
	size_t n = 0;
	char got[64];

	(void)state;
	for (size_t i = 0; i < 300000; i++)
		buf_addc(&b, (char)(i < sizeof PACKED - 1 ? PACKED[i] : 'x'));
	unit_write("more", buf_str(&b));
	f = open_ok("more");
	assert_true(inflate_read(f, got, sizeof got, &n, &e));
	want_str("content", str_of(got, n), STR(HELLO));
	for (size_t i = 0; i < 2; i++) {
		err_clear(&e);
		assert_false(inflate_read(f, got, sizeof got, &n, &e));
		want_number("told each time", e.code, EX_DATAERR);
	}
	err_clear(&e);
	assert_true(inflate_seek(f, 7, &e));
	assert_true(inflate_read(f, got, 4, &n, &e));
	want_str("back", str_of(got, n), STR("pipe"));
	inflate_close(f);
	buf_release(&b);
}

static void
what_was_looked_at_is_read_again(void **state)
{
	static const char *const PATHS[] = { "long", "long.gz" };

	(void)state;
	write_many("long", STR(HELLO));
	write_many("long.gz", STR(PACKED));
	for (size_t i = 0; i < COUNT(PATHS); i++) {
		struct inflate *f = open_ok(PATHS[i]);
		struct err e = { 0 };
		char first[INFLATE_PEEK], got[INFLATE_PEEK + 12];
		size_t n = 0;

		assert_true(inflate_peek(f, first, sizeof first, &n, &e));
		want_number(PATHS[i], (int64_t)n, INFLATE_PEEK);
		assert_true(inflate_read(f, got, 5, &n, &e));
		want_str(PATHS[i], str_of(got, n), STR("hello"));
		assert_true(inflate_read(f, got + 5, sizeof got - 5, &n, &e));
		want_number(PATHS[i], (int64_t)n, sizeof got - 5);
		assert_memory_equal(got, first, sizeof first);
		want_str(PATHS[i], str_of(got + sizeof got - 8, 8),
		    str_sub(STR(HELLO HELLO), sizeof got % 12 + 4, 8));
		assert_true(inflate_seek(f, 7, &e));
		assert_true(inflate_read(f, got, 4, &n, &e));
		want_str(PATHS[i], str_of(got, n), STR("pipe"));
		inflate_close(f);
	}
}

static void
what_cannot_be_opened_is_no_input(void **state)
{
	static const struct {
		const char *name, *path;
	} ROWS[] = {
		{ "missing", "missing" },
		{ "folder", "." },
		{ "empty name", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct err e = { 0 };

		want_bool(
		    ROWS[i].name, inflate_open(ROWS[i].path, &e) == NULL, true);
		want_number(ROWS[i].name, e.code, EX_NOINPUT);
		want_bool(ROWS[i].name, strchr(e.text, ';') != NULL, true);
	}
	inflate_close(NULL);
}

static void
places_are_those_of_the_content(void **state)
{
	static const struct {
		const char *name;
		uint64_t at;
		const char *want; /* the first bytes there */
	} ROWS[] = {
		{ "start", 0, "hello" },
		{ "forward", 12 * 3 + 7, "pipe" },
		{ "far forward", 12 * (MANY - 1), "hello" },
		{ "back", 12 * 2, "hello" },
		{ "the same again", 12 * 2, "hello" },
		{ "back to the start", 0, "hello" },
		{ "last byte", 12 * MANY - 1, "\n" },
		{ "the end", 12 * MANY, "" },
		{ "past the end", 12 * MANY + 1000, "" },
		{ "back from there", 12 + 1, "ello" },
	};
	static const char *const PATHS[] = { "long", "long.gz" };

	(void)state;
	write_many("long", STR(HELLO));
	write_many("long.gz", STR(PACKED));
	for (size_t p = 0; p < COUNT(PATHS); p++) {
		struct inflate *f = open_ok(PATHS[p]);

		for (size_t i = 0; i < COUNT(ROWS); i++) {
			struct err e = { 0 };
			char got[8];
			size_t n = 0;

			if (!inflate_seek(f, ROWS[i].at, &e) ||
			    !inflate_read(
				f, got, strlen(ROWS[i].want) + 1, &n, &e))
				fail_msg("%s, %s: %s", PATHS[p], ROWS[i].name,
				    e.text);
			if (n > strlen(ROWS[i].want))
				n = strlen(ROWS[i].want);
			want_str(ROWS[i].name, str_of(got, n),
			    str_from(ROWS[i].want));
		}
		inflate_close(f);
	}
}

static void
a_place_no_file_has_is_refused(void **state)
{
	struct inflate *f;
	struct err e = { 0 };

	(void)state;
	unit_write("in", STR("abc"));
	f = open_ok("in");
	assert_false(inflate_seek(f, UINT64_MAX, &e));
	assert_int_equal(e.code, EX_DATAERR);
	inflate_close(f);
}

/* Opens "-" with content waiting in a pipe that is closed behind it. */
static struct inflate *
open_piped(struct str content, int *was)
{
	struct inflate *f;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], content.p, content.n), content.n);
	close(ends[1]);
	*was = dup(STDIN_FILENO);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	f = open_ok("-");
	return f;
}

static void
standard_input_is_read_and_stays_open(void **state)
{
	static const struct {
		const char *name;
		struct str file, want;
	} ROWS[] = {
		{ "plain", LIT("abc"), LIT("abc") },
		{ "gzip", LIT(PACKED), LIT(HELLO) },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct buf b = { 0 };
		struct err e = { 0 };
		int was;
		struct inflate *f = open_piped(ROWS[i].file, &was);

		assert_true(read_all(f, 100, &b, &e));
		inflate_close(f);
		assert_int_not_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
		dup2(was, STDIN_FILENO);
		close(was);
		want_str(ROWS[i].name, buf_str(&b), ROWS[i].want);
		buf_release(&b);
	}
}

static void
a_pipe_goes_forward_and_never_back(void **state)
{
	static const struct {
		const char *name;
		struct str file;
	} ROWS[] = {
		{ "plain", LIT(HELLO) },
		{ "gzip", LIT(PACKED) },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct err e = { 0 };
		char got[8] = "";
		size_t n = 0;
		int was;
		struct inflate *f = open_piped(ROWS[i].file, &was);

		assert_true(inflate_read(f, got, 2, &n, &e));
		want_str(ROWS[i].name, str_of(got, n), STR("he"));
		if (!inflate_seek(f, 7, &e))
			fail_msg("%s: %s", ROWS[i].name, e.text);
		assert_true(inflate_read(f, got, 4, &n, &e));
		want_str(ROWS[i].name, str_of(got, n), STR("pipe"));
		want_bool(ROWS[i].name, inflate_seek(f, 1, &e), false);
		want_number(ROWS[i].name, e.code, EX_IOERR);
		inflate_close(f);
		dup2(was, STDIN_FILENO);
		close(was);
	}
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(content_is_the_same_packed_or_not),
		cmocka_unit_test(a_broken_stream_is_bad_data),
		cmocka_unit_test(what_came_before_a_cut_is_given_first),
		cmocka_unit_test(what_stands_behind_it_is_told_after_it),
		cmocka_unit_test(what_was_looked_at_is_read_again),
		cmocka_unit_test(what_cannot_be_opened_is_no_input),
		cmocka_unit_test(places_are_those_of_the_content),
		cmocka_unit_test(a_place_no_file_has_is_refused),
		cmocka_unit_test(standard_input_is_read_and_stays_open),
		cmocka_unit_test(a_pipe_goes_forward_and_never_back),
	};

	return cmocka_run_group_tests(
	    TESTS, unit_enter_folder, unit_leave_folder);
}
