/* test_rows.c - where rows begin and end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mail/rows_block.h"
#include "rows_run.h"
#include "wrap/csv.h"

#define LIMIT 40 /* of the rows in the table */

static const struct {
	const char *name, *in, *want;
} CASES[] = {
	/* well-formed */
	{ "nothing", "", "" },
	{ "one row", "b,1\n", "row3:b,1(1)" },
	{ "no line end", "b,1", "row3:b,1(1)" },
	{ "CRLF", "b,1\r\nd,2\r\n", "row3:b,1(1) row3:d,2(1)" },
	{ "CR alone is a byte", "b,\r1\n", "row4:b,\r1(1)" },
	{ "CR at the end of input", "b,1\r", "row3:b,1(1)" },
	{ "two CR", "b,1\r\r\n", "row3:b,1(1)" },
	{ "only two CR", "\r\r\nb,1\n", "row3:b,1(1)" },
	{ "empty lines", "\n\r\n\nb,1\n\r\n\nd,2\n",
	    "row3:b,1(1) row3:d,2(1)" },
	{ "only empty lines", "\n\r\n\n", "" },
	{ "only CR", "\r", "" },
	{ "empty fields", ",,\n", "row2:,,(2)" },
	{ "quoted comma", "b,\"a,b\",c\n", "row9:b,\"a,b\",c(2)" },
	{ "quoted LF", "b,\"a\nb\",c\n", "row9:b,\"a\nb\",c(2)" },
	{ "quoted CRLF", "b,\"a\r\nb\"\r\n", "row8:b,\"a\r\nb\"(1)" },
	{ "quoted known type", "b,\"a\nd,2\nb,\"\nt,3\n",
	    "row12:b,\"a\nd,2\nb,\"(1) row3:t,3(1)" },
	{ "doubled quotes", "b,\"a\"\"b\"\"\",c\n",
	    "row12:b,\"a\"\"b\"\"\",c(2)" },
	{ "quoted quote alone", "b,\"\"\"\"\n", "row6:b,\"\"\"\"(1)" },
	{ "empty in quotes", "\"\",\"\"\n", "row5:\"\",\"\"(1)" },
	{ "quote at the start", "\"b\",1\n\"d\",2\n",
	    "row5:\"b\",1(1) row5:\"d\",2(1)" },
	{ "quote at the end of input", "b,\"1\"", "row5:b,\"1\"(1)" },
	{ "quote, CR at the end of input", "b,\"1\"\r", "row5:b,\"1\"(1)" },
	{ "header again", "type,a\nb,1\ntype,b\n",
	    "row6:type,a(1) row3:b,1(1) row6:type,b(1)" },
	{ "unknown type", "zz,1\n", "row4:zz,1(1)" },

	/* malformed, on one line */
	{ "quote inside", "b,x\"y\"z,1\nd,2\n",
	    "bad9:b,x\"y\"z,1(2) row3:d,2(1)" },
	{ "text behind", "b,\"x\"y,1\nd,2\n",
	    "bad8:b,\"x\"y,1(2) row3:d,2(1)" },
	{ "space before", "b, \"x\"\nd,2\n", "bad6:b, \"x\"(1) row3:d,2(1)" },
	{ "space behind", "b,\"x\" \nd,2\n", "bad6:b,\"x\" (1) row3:d,2(1)" },
	{ "CR and text behind", "b,\"x\"\ry\nd,2\n",
	    "bad7:b,\"x\"\ry(1) row3:d,2(1)" },
	{ "two CR behind", "b,\"x\"\r\r\nd,2\n",
	    "row5:b,\"x\"(1) row3:d,2(1)" },
	{ "last row unclosed", "d,2\nb,\"x", "row3:d,2(1) bad4:b,\"x(1)" },
	{ "comma in quotes inside", "b,x\"y,z\"\n", "bad8:b,x\"y,z\"(1)" },

	/* malformed, over lines */
	{ "stray quote", "b,x\"y\nd,1\nd,2\n",
	    "bad5:b,x\"y(1) row3:d,1(1) row3:d,2(1)" },
	{ "stray quote, CRLF", "b,x\"y\r\nd,1\r\nd,2\r\n",
	    "bad5:b,x\"y(1) row3:d,1(1) row3:d,2(1)" },
	{ "stray quote, type in quotes", "b,x\"y\n\"d\",1\n",
	    "bad5:b,x\"y(1) row5:\"d\",1(1)" },
	{ "stray quote, type in capitals", "b,x\"y\nType,1\n",
	    "bad5:b,x\"y(1) row6:Type,1(1)" },
	{ "stray quote, long type name", "b,x\"y\nfeedback-loop,1\n",
	    "bad5:b,x\"y(1) row15:feedback-loop,1(1)" },
	{ "stray quote, unknown type", "b,x\"y\nzz,1\nd,2\n",
	    "bad10:b,x\"y\nzz,1(1) row3:d,2(1)" },
	{ "stray quote, lines without one", "b,x\"y\nfoo\n\nbar\nd,2\n",
	    "bad14:b,x\"y\nfoo\n\nbar(1) row3:d,2(1)" },
	{ "stray quote, closed on the next line", "b,x\"y\nz\",1\nd,2\n",
	    "bad10:b,x\"y\nz\",1(2) row3:d,2(1)" },
	{ "stray quote in the last row", "b,x\"y\nfoo", "bad9:b,x\"y\nfoo(1)" },
	{ "unclosed, then a quoted field", "b,\"x\nd,\"a\",1\n",
	    "bad4:b,\"x(1) row7:d,\"a\",1(2)" },
	{ "unclosed, then no quote at all", "b,\"x\nd,1\nd,2\n",
	    "bad4:b,\"x(1) row3:d,1(1) row3:d,2(1)" },
	{ "one stray quote swallows nothing",
	    "b,\"x\"y\",\nd,\"a,b\",1\nd,\"a,b\",2\nd,3\n",
	    "bad8:b,\"x\"y\",(1) row9:d,\"a,b\",1(2) row9:d,\"a,b\",2(2) "
	    "row3:d,3(1)" },
	{ "header cut inside quotes", "b,1,\"foo\ntype,x\nb,2\n",
	    "bad8:b,1,\"foo(2) row6:type,x(1) row3:b,2(1)" },
	{ "type word and no comma", "b,x\"y\ndelivery\nd,2\n",
	    "bad14:b,x\"y\ndelivery(1) row3:d,2(1)" },
	{ "type word at the end", "b,x\"y\nd", "bad5:b,x\"y(1) row1:d(0)" },

	/* past the limit of 40 */
	{ "at the limit", "b,34567890123456789012345678901234567890\nd,2\n",
	    "row40:b,34567890123456789012345678901234567890(1) "
	    "row3:d,2(1)" },
	{ "at the limit, CRLF",
	    "b,34567890123456789012345678901234567890\r\nd,2\r\n",
	    "row40:b,34567890123456789012345678901234567890(1) "
	    "row3:d,2(1)" },
	{ "past it", "b,345678901234567890123456789012345678901\nd,2\n",
	    "long41:b,345678901234567890123456789012345678901(0) "
	    "row3:d,2(1)" },
	{ "past it, the last", "b,345678901234567890123456789012345678901",
	    "long41:b,345678901234567890123456789012345678901(0)" },
	{ "past it, rows in its quotes",
	    "b,\"2345\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\"\nd,2\n",
	    "long44:b,\"2345\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\"(0)"
	    " row3:d,2(1)" },
	{ "past it and malformed",
	    "b,\"2345\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\"x\nd,2\n",
	    "bad7:b,\"2345(1) row3:d,1(1) row3:d,1(1) row3:d,1(1) "
	    "row3:d,1(1) row3:d,1(1) row3:d,1(1) row3:d,1(1) row3:d,1(1) "
	    "bad5:d,1\"x(1) row3:d,2(1)" },

	/* JSON has quotes of its own kind, and one row a line */
	{ "JSON", "{\"a\":\"b\\\"c\"}\n{\"a\":1}\nd,2\n",
	    "bad12:{\"a\":\"b\\\"c\"}(0) bad7:{\"a\":1}(0) row3:d,2(1)" },
};

static const struct {
	const char *name, *in, *want;
} RESYNCS[] = {
	{ "half a row", "x,y\nb,1\n", "noise3:x,y(0) row3:b,1(1)" },
	{ "half a row that looks like one", "b,y\nb,1\n",
	    "noise3:b,y(0) row3:b,1(1)" },
	{ "lines without a type", "x\nfoo\n\nb\nzz,1\nb,1\n",
	    "noise1:x(0) noise3:foo(0) noise0:(0) noise1:b(0) "
	    "noise4:zz,1(0) row3:b,1(1)" },
	{ "a quote among them", "x\"y\nb,1\n", "noise3:x\"y(0) row3:b,1(1)" },
	{ "CRLF", "x\r\nb,1\r\n", "noise1:x(0) row3:b,1(1)" },
	{ "to the end", "x\ny", "noise1:x(0) noise1:y(0)" },
	{ "a header", "x\nTYPE,1\n", "noise1:x(0) row6:TYPE,1(1)" },
	{ "quoted type", "x\n\"rb\",1\n", "noise1:x(0) row6:\"rb\",1(1)" },
	{ "no type word is longer", "x\ntransient-queuex,1\nd,1\n",
	    "noise1:x(0) noise18:transient-queuex,1(0) row3:d,1(1)" },
	{ "nothing", "", "" },
};

static void
check(const char *name, const char *in, bool resync, size_t first, size_t step,
    const char *want)
{
	struct rows_run run = {
		.limit = LIMIT, .first = first, .step = step, .resync = resync
	};
	bool ok = rows_run(&run, str_from(in));
	const char *got = buf_cstr(&run.log);

	if (!ok || got == NULL || strcmp(got, want) != 0)
		fail_msg("%s: first %zu, then %zu (%s):\ngot  %s\nwant %s",
		    name, first, step, ok ? "all bytes" : "bytes lost", got,
		    want);
	buf_release(&run.log);
}

/* Whole, at every split, and byte by byte. */
static void
check_all(const char *name, const char *in, bool resync, const char *want)
{
	size_t n = strlen(in);

	for (size_t first = 0; first <= n; first++)
		check(name, in, resync, first, n + 1, want);
	check(name, in, resync, 0, 1, want);
}

static void
rows_end_where_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(CASES); i++)
		check_all(CASES[i].name, CASES[i].in, false, CASES[i].want);
}

/* n bytes, begin first, filled with fill, end behind them. */
static struct str
long_input(struct buf *b, const char *begin, const char *fill, size_t n,
    const char *end)
{
	buf_clear(b);
	buf_adds(b, begin);
	while (b->n < n)
		buf_adds(b, fill);
	b->n = n;
	buf_adds(b, end);
	return buf_str(b);
}

/* The same row at every offset of a block, whole and cut anywhere. One a time:
 * behind a malformed row the blocks begin anew. */
static void
blocks_make_no_difference(void **state)
{
	static const struct {
		const char *row, *want;
	} TAILS[] = {
		{ "b,\"a\r\nb\"\"\",,\"c\"\r\n",
		    "row15:b,\"a\r\nb\"\"\",,\"c\"(3)" },
		{ "b,x\"y\n", "bad5:b,x\"y(1)" },
		{ "b,\"x\"y\n", "bad6:b,\"x\"y(1)" },
		{ "b,\"x\"\ry\n", "bad7:b,\"x\"\ry(1)" },
	};
	struct buf in = { 0 };
	struct buf want = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(TAILS) * 70; i++) {
		size_t pad = i / COUNT(TAILS);

		long_input(&in, "d,", "x", pad + 2, "\n");
		buf_adds(&in, TAILS[i % COUNT(TAILS)].row);
		buf_adds(&in, "d,1\n");
		buf_clear(&want);
		buf_addf(&want, "row%zu:", pad + 2);
		buf_add(
		    &want, str_sub(buf_str(&in), 0, pad < 58 ? pad + 2 : 60));
		buf_addf(
		    &want, "(1) %s row3:d,1(1)", TAILS[i % COUNT(TAILS)].want);
		for (size_t first = 0; first < in.n; first++) {
			struct rows_run run = {
				.limit = 1000, .first = first, .step = in.n
			};

			assert_true(rows_run(&run, buf_str(&in)));
			assert_string_equal(
			    buf_cstr(&run.log), buf_cstr(&want));
			buf_release(&run.log);
		}
	}
	buf_release(&in);
	buf_release(&want);
}

static void
resync_passes_over_to_the_next_known_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(RESYNCS); i++)
		check_all(
		    RESYNCS[i].name, RESYNCS[i].in, true, RESYNCS[i].want);
}

static void
resync_ends_with_the_noise_before_a_row(void **state)
{
	struct err e = { 0 };
	struct rows *r = rows_open(LIMIT, &e);
	struct rows_row row;

	(void)state;
	assert_non_null(r);
	assert_false(rows_in_resync(r));
	rows_resync(r);
	assert_true(rows_feed(r, STR("x\ny\nb,1\n"), false, &e));
	assert_int_equal(rows_next(r, &row), ROWS_NOISE);
	assert_true(rows_in_resync(r));
	assert_int_equal(rows_next(r, &row), ROWS_NOISE);
	assert_false(rows_in_resync(r));
	assert_int_equal(rows_next(r, &row), ROWS_ROW);
	assert_int_equal(rows_next(r, &row), ROWS_MORE);
	assert_int_equal(rows_next(r, &row), ROWS_MORE);
	rows_close(r);
}

static void
check_long(struct str in, const char *want)
{
	static const size_t STEPS[] = { 1u << 24, 65536, 250001 };

	for (size_t i = 0; i < COUNT(STEPS); i++) {
		struct rows_run run = {
			.limit = 1000, .first = STEPS[i], .step = STEPS[i]
		};

		assert_true(rows_run(&run, in));
		assert_string_equal(buf_cstr(&run.log), want);
		buf_release(&run.log);
	}
}

static void
a_row_without_end_is_cut_at_the_skip_limit(void **state)
{
	struct buf b = { 0 };

	(void)state;
	check_long(long_input(&b, "b,", "x", ROWS_SKIP_MAX + 5, "\nd,1\n"),
	    "long1048576:b,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxx(0) noise5:xxxxx(0) row3:d,1(1)");
	/* One byte of patience is left. */
	check_long(long_input(&b, "b,", "x", ROWS_SKIP_MAX - 1, "\nd,1\n"),
	    "long1048575:b,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxx(0) row3:d,1(1)");
	check_long(long_input(&b, "b,", "x", ROWS_SKIP_MAX, "\nd,1\n"),
	    "long1048576:b,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxx(0) noise0:(0) row3:d,1(1)");
	/* The same at the end of input. */
	check_long(long_input(&b, "b,", "x", ROWS_SKIP_MAX + 5, ""),
	    "long1048576:b,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxx(0) noise5:xxxxx(0)");
	/* And where the row begins anywhere in a block. */
	long_input(&b, "", "x", ROWS_SKIP_MAX + 75, "");
	for (size_t i = 0; i < 70; i += 23) {
		struct rows_run run = { .limit = 1000, .first = SIZE_MAX };

		memset(b.p, '\n', i + 1);
		assert_true(rows_run(
		    &run, str_sub(buf_str(&b), 0, i + 1 + ROWS_SKIP_MAX + 5)));
		assert_string_equal(buf_cstr(&run.log),
		    "long1048576:"
		    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		    "xxxx(0) noise5:xxxxx(0)");
		buf_release(&run.log);
	}
	buf_release(&b);
}

static void
rows_in_the_quotes_of_a_long_row_are_none(void **state)
{
	struct buf b = { 0 };

	(void)state;
	check_long(long_input(&b, "b,\"", "\nd,1", 900000, "\"\nd,2\n"),
	    "long900001:b,\"\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1\nd,1"
	    "\nd,1\nd,1\nd,1\nd,1\n(0) row3:d,2(1)");
	buf_release(&b);
}

static void
a_quote_that_nothing_closes_gives_its_rows_back(void **state)
{
	struct buf b = { 0 };
	struct rows_run run = { .limit = 1000, .first = 65536, .step = 65536 };
	struct str in = long_input(&b, "b,\"x", "\nd,1", 1u << 21, "\n");
	size_t rows = 0;

	(void)state;
	assert_true(rows_run(&run, in));
	for (struct str log = buf_str(&run.log), word; str_word(&log, &word);)
		rows += str_eq(word, STR("row3:d,1(1)"));
	assert_int_equal(rows, (in.n - 5) / 4);
	buf_release(&run.log);
	buf_release(&b);
}

static void
many_empty_lines_are_noise(void **state)
{
	struct buf b = { 0 };

	(void)state;
	long_input(&b, "", "\n", 10000, "d,1\n");
	check_long(buf_str(&b), "noise0:(0) noise0:(0) row3:d,1(1)");
	long_input(&b, "d,1\r\n", "\r\n", 4099, "\n");
	check_long(buf_str(&b), "row3:d,1(1)");
	buf_release(&b);
}

/* Whatever stands in it: only then can a caller's buffer be bounded. */
static void
a_full_window_always_gives_something(void **state)
{
	static const char *const FILLS[] = { "x", "\n", "\r\n", "\"", ",",
		"\n\"", "x\"\n", "\nd", "\ntransient-queue", "\r", "{\"\n" };
	static const char *const STARTS[] = { "", "b,\"", "b,x\"", "\n\n",
		"x\"\n" };
	struct err e = { 0 };
	struct rows *r = rows_open(LIMIT, &e);
	struct buf b = { 0 };
	struct rows_row row;

	(void)state;
	for (size_t i = 0; i < COUNT(FILLS) * COUNT(STARTS) * 2; i++) {
		long_input(&b, STARTS[i / 2 % COUNT(STARTS)],
		    FILLS[i / 2 / COUNT(STARTS)], rows_window(r), "");
		if (i % 2 == 1)
			rows_resync(r);
		assert_true(rows_feed(r, buf_str(&b), false, &e));
		if (rows_next(r, &row) == ROWS_MORE)
			fail_msg("case %zu: nothing given", i);
		while (rows_next(r, &row) != ROWS_MORE)
			;
		while (rows_in_resync(r)) {
			assert_true(rows_feed(r, STR("\nd,1\n"), true, &e));
			while (rows_next(r, &row) != ROWS_MORE)
				;
		}
	}
	rows_close(r);
	buf_release(&b);
}

static void
nothing_at_all_can_be_fed(void **state)
{
	struct err e = { 0 };
	struct rows *r = rows_open(LIMIT, &e);
	struct rows_row row;

	(void)state;
	for (int last = 0; last < 2; last++)
		for (int i = 0; i < 2; i++) {
			assert_true(rows_feed(r, str_of(NULL, 0), last, &e));
			assert_int_equal(rows_next(r, &row), ROWS_MORE);
			assert_int_equal(rows_left(r), 0);
			rows_resync(r);
		}
	rows_close(r);
}

static void
nul_bytes_are_bytes(void **state)
{
	struct rows_run run = { .limit = LIMIT, .first = 100 };

	(void)state;
	assert_true(rows_run(&run, STR("b,\0,1\nd,\"\0\"\nd,2\nb,\"\0\"x\n")));
	assert_int_equal(run.log.n,
	    sizeof "row5:b,\0,1(2) "
		   "row5:d,\"\0\"(1) row3:d,2(1) bad6:b,\"\0\"x(1)" - 1);
	assert_memory_equal(run.log.p,
	    "row5:b,\0,1(2) "
	    "row5:d,\"\0\"(1) row3:d,2(1) bad6:b,\"\0\"x(1)",
	    run.log.n);
	buf_release(&run.log);
}

static void
known_types_are_told(void **state)
{
	static const struct {
		const char *in, *want;
	} TYPES[] = {
		{ "d,1", "d" },
		{ "B,1", "b" },
		{ "tq,", "tq" },
		{ "Feedback-Loop,x", "feedback-loop" },
		{ "rs", "rs" },
		{ "TYPE,timeLogged", "type" },
		{ "\"rb\",1", "rb" },
		{ "etype,x", "etype" },
		{ "", "" },
		{ "x,1", "" },
		{ "d;1", "" },
		{ " d,1", "" },
		{ "mb,1", "" },
		{ "delivery-x,1", "" },
		{ "d\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(TYPES); i++) {
		struct str got = rows_known_type(str_from(TYPES[i].in));

		if (!str_eq(got, str_from(TYPES[i].want)))
			fail_msg("\"%s\": got \"%.*s\", want \"%s\"",
			    TYPES[i].in, STR_ARG(got), TYPES[i].want);
	}
}

static void
more_than_16_mib_is_refused(void **state)
{
	struct err e = { 0 };
	struct rows *r = rows_open(LIMIT, &e);
	char c = 'x';

	(void)state;
	assert_false(rows_feed(r, str_of(&c, (16u << 20) + 1), true, &e));
	assert_int_equal(e.code, EX_SOFTWARE);
	rows_close(r);
}

static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void
sse2_and_portable_masks_are_the_same(void **state)
{
#if defined(__SSE2__)
	static const char BYTES[] = { '"', ',', '\n', '\0', 'x', '\r', '\x80',
		'!', '#', '+', '-', '\x0b', '\x01', '\xff', '\xa2', '\x8a' };
	uint64_t seed = 88172645463325252u;

	for (int round = 0; round < 20000; round++) {
		char block[ROWS_BLOCK];
		struct rows_masks a;
		struct rows_masks b;

		for (size_t i = 0; i < sizeof block; i++) {
			uint64_t v = next_random(&seed);

			block[i] =
			    round % 2 == 0 ? (char)v : BYTES[v % sizeof BYTES];
		}
		rows_block_sse2(block, &a);
		rows_block_portable(block, &b);
		assert_int_equal(a.quote, b.quote);
		assert_int_equal(a.comma, b.comma);
		assert_int_equal(a.lf, b.lf);
	}
#else
	(void)next_random;
#endif
	(void)state;
}

static void
every_byte_has_its_bit(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 256; c++)
		for (unsigned at = 0; at < ROWS_BLOCK; at++) {
			char block[ROWS_BLOCK];
			struct rows_masks m;
			uint64_t bit = UINT64_C(1) << at;

			memset(block, 'x', sizeof block);
			block[at] = (char)c;
			rows_block_portable(block, &m);
			assert_int_equal(m.quote, c == '"' ? bit : 0);
			assert_int_equal(m.comma, c == ',' ? bit : 0);
			assert_int_equal(m.lf, c == '\n' ? bit : 0);
		}
}

/* A row of random fields, quoted where they must be or by chance. */
static size_t
random_row(uint64_t *seed, struct buf *row, struct buf fields[])
{
	static const char BYTES[] = "ab,\"\n\r 1;";
	size_t n = 1 + next_random(seed) % 12;

	buf_clear(row);
	for (size_t i = 0; i < n; i++) {
		size_t len = next_random(seed) % (i % 3 == 0 ? 4 : 30);

		buf_clear(&fields[i]);
		while (len-- > 0)
			buf_addc(&fields[i],
			    BYTES[next_random(seed) % (sizeof BYTES - 1)]);
		buf_adds(row, i > 0 ? "," : "");
		csv_put(row, buf_str(&fields[i]));
	}
	return n;
}

static void
the_finder_and_libcsv_agree(void **state)
{
	struct err e = { 0 };
	struct csv *csv = csv_open(&e);
	struct rows *r = rows_open(ROWS_LIMIT_DEFAULT, &e);
	struct buf text = { 0 };
	struct buf fields[12] = { 0 };
	uint64_t seed = 2463534242;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t n = random_row(&seed, &text, fields);
		const struct str *got;
		struct rows_row row;
		size_t n_got;

		if (text.n == 0)
			continue;
		buf_adds(&text, "\r\nd,");
		assert_true(rows_feed(r, buf_str(&text), true, &e));
		assert_int_equal(rows_next(r, &row), ROWS_ROW);
		assert_false(row.malformed);
		assert_int_equal(row.size, text.n - 2);
		assert_int_equal(row.raw.n, text.n - 4);
		assert_int_equal(row.n_commas + 1, n);
		assert_true(csv_row(csv, row.raw, &got, &n_got, &e));
		assert_int_equal(n_got, n);
		for (size_t i = 0; i < n; i++)
			assert_true(str_eq(got[i], buf_str(&fields[i])));
	}
	for (size_t i = 0; i < COUNT(fields); i++)
		buf_release(&fields[i]);
	buf_release(&text);
	rows_close(r);
	csv_close(csv);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_end_where_the_table_says),
		cmocka_unit_test(blocks_make_no_difference),
		cmocka_unit_test(resync_passes_over_to_the_next_known_type),
		cmocka_unit_test(resync_ends_with_the_noise_before_a_row),
		cmocka_unit_test(a_row_without_end_is_cut_at_the_skip_limit),
		cmocka_unit_test(rows_in_the_quotes_of_a_long_row_are_none),
		cmocka_unit_test(
		    a_quote_that_nothing_closes_gives_its_rows_back),
		cmocka_unit_test(many_empty_lines_are_noise),
		cmocka_unit_test(a_full_window_always_gives_something),
		cmocka_unit_test(nothing_at_all_can_be_fed),
		cmocka_unit_test(nul_bytes_are_bytes),
		cmocka_unit_test(known_types_are_told),
		cmocka_unit_test(more_than_16_mib_is_refused),
		cmocka_unit_test(sse2_and_portable_masks_are_the_same),
		cmocka_unit_test(every_byte_has_its_bit),
		cmocka_unit_test(the_finder_and_libcsv_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
