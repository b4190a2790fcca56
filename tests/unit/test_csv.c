/* test_csv.c - one CSV row into fields, and fields into CSV. */
#include "unit.h"

#include "wrap/csv.h"

static int
open_csv(void **state)
{
	struct err e = { 0 };

	*state = csv_open(&e);
	return *state != NULL ? 0 : -1;
}

static int
close_csv(void **state)
{
	csv_close(*state);
	return 0;
}

/* All fields, each behind a '|'. */
static void
join(struct buf *out, const struct str *fields, size_t n)
{
	buf_clear(out);
	for (size_t i = 0; i < n; i++) {
		buf_addc(out, '|');
		buf_add(out, fields[i]);
	}
}

static void
a_row_is_cut_into_fields(void **state)
{
	static const struct {
		const char *name;
		struct str row, want;
	} ROWS[] = {
		{ "nothing", { NULL, 0 }, LIT("") },
		{ "a line end alone", LIT("\r\n"), LIT("") },
		{ "one", LIT("a"), LIT("|a") },
		{ "three", LIT("a,bc,d"), LIT("|a|bc|d") },
		{ "LF", LIT("a,b\n"), LIT("|a|b") },
		{ "CRLF", LIT("a,b\r\n"), LIT("|a|b") },
		{ "a CR alone is data", LIT("a\rb,c\rd"), LIT("|a\rb|c\rd") },
		{ "a CR in quotes before LF", LIT("a,\"b\r\"\n"),
		    LIT("|a|b\r") },
		{ "more line ends", LIT("a,b\r\n\n"), LIT("|a|b") },
		{ "empty fields", LIT(",a,,"), LIT("||a||") },
		{ "comma alone", LIT(","), LIT("||") },
		{ "empty last, LF", LIT("a,\n"), LIT("|a|") },
		{ "quoted", LIT("\"a\",\"b,c\""), LIT("|a|b,c") },
		{ "one empty quoted", LIT("\"\""), LIT("|") },
		{ "doubled quotes", LIT("\"a \"\"b\"\" c\""),
		    LIT("|a \"b\" c") },
		{ "only a quote", LIT("\"\"\"\""), LIT("|\"") },
		{ "CR and LF in quotes", LIT("\"a\r\nb\",c\r\n"),
		    LIT("|a\r\nb|c") },
		{ "white space is data", LIT(" a , \tb\t, "),
		    LIT("| a | \tb\t| ") },
		{ "white space in quotes", LIT("\" a \",b"), LIT("| a |b") },
		{ "white space before a quote", LIT(" \"a\""), LIT("| \"a\"") },
		{ "stray quotes stand", LIT("a\"b\",c\"d"),
		    LIT("|a\"b\"|c\"d") },
		{ "comma ends a field with stray quotes", LIT("a\"b,c\"d"),
		    LIT("|a\"b|c\"d") },
		{ "text behind a closing quote opens it again",
		    LIT("\"a\"b,c\",d"), LIT("|a\"b,c|d") },
		{ "white space behind one as well", LIT("\"a\" ,c"),
		    LIT("|a\" ,c") },
		{ "quotes not closed", LIT("a,\"b,c\r\n"), LIT("|a|b,c") },
		{ "NUL", LIT("a\0b,\"c\0\",\0"), LIT("|a\0b|c\0|\0") },
		{ "not UTF-8", LIT("\xff\xfe,\"\xe2\x82\""),
		    LIT("|\xff\xfe|\xe2\x82") },
		{ "UTF-8", LIT("\xc3\xa9,\xf0\x9f\x93\xa7"),
		    LIT("|\xc3\xa9|\xf0\x9f\x93\xa7") },
		{ "semicolons and apostrophes", LIT("a;b,'c,d'"),
		    LIT("|a;b|'c|d'") },
		{ "backslash escapes nothing", LIT("\"a\\\",b"),
		    LIT("|a\\|b") },
		{ "PowerMTA",
		    LIT("b,2019-02-08 21:53:41+0000,\"smtp;550 5.1.1 <a@b.test>"
			" \"\"gone\"\", sorry\",{default}"),
		    LIT("|b|2019-02-08 21:53:41+0000|smtp;550 5.1.1 <a@b.test>"
			" \"gone\", sorry|{default}") },
	};
	struct buf got = { 0 };

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		const struct str *fields;
		struct err e = { 0 };
		size_t n;

		if (!csv_row(*state, ROWS[i].row, &fields, &n, &e))
			fail_msg("%s: %s", ROWS[i].name, e.text);
		join(&got, fields, n);
		want_str(ROWS[i].name, buf_str(&got), ROWS[i].want);
	}
	buf_release(&got);
}

static void
two_rows_are_refused(void **state)
{
	static const struct {
		const char *name;
		struct str row;
	} ROWS[] = {
		{ "LF", LIT("a,b\nc,d") },
		{ "LF at both ends", LIT("a,b\nc,d\n") },
		{ "second is one empty field", LIT("a\n\"\"") },
		{ "a hundred", LIT("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n") },
		{ "second not closed", LIT("a\n\"b") },
	};

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		const struct str *fields = NULL;
		struct err e = { 0 };
		size_t n = 99;

		want_bool(ROWS[i].name,
		    csv_row(*state, ROWS[i].row, &fields, &n, &e), false);
		want_number(ROWS[i].name, e.code, EX_DATAERR);
		want_bool(ROWS[i].name, strchr(e.text, ';') != NULL, true);
		assert_null(fields);
		err_clear(&e);
		if (!csv_row(*state, STR("x,y"), &fields, &n, &e))
			fail_msg("%s, next: %s", ROWS[i].name, e.text);
		want_number(ROWS[i].name, (int64_t)n, 2);
		want_str(ROWS[i].name, fields[0], STR("x"));
		want_str(ROWS[i].name, fields[1], STR("y"));
	}
}

static void
a_row_may_have_so_many_fields(void **state)
{
	char row[CSV_FIELDS_MAX + 1];
	const struct str *fields;
	struct err e = { 0 };
	size_t n;

	memset(row, ',', sizeof row);
	assert_true(
	    csv_row(*state, str_of(row, CSV_FIELDS_MAX - 1), &fields, &n, &e));
	assert_int_equal(n, CSV_FIELDS_MAX);
	assert_int_equal(fields[n - 1].n, 0);
	assert_false(
	    csv_row(*state, str_of(row, CSV_FIELDS_MAX), &fields, &n, &e));
	assert_int_equal(e.code, EX_DATAERR);
	assert_non_null(strstr(e.text, "1024"));
	err_clear(&e);
	assert_true(csv_row(*state, STR("a"), &fields, &n, &e));
	assert_int_equal(n, 1);
}

static void
each_call_starts_afresh(void **state)
{
	const struct str *fields;
	struct err e = { 0 };
	size_t n;

	assert_true(csv_row(*state, STR("a,\"open"), &fields, &n, &e));
	assert_int_equal(n, 2);
	assert_true(csv_row(*state, STR("b\",c"), &fields, &n, &e));
	assert_int_equal(n, 2);
	want_str("first", fields[0], STR("b\""));
	want_str("second", fields[1], STR("c"));
}

static void
long_fields_are_whole(void **state)
{
	struct buf row = { 0 };
	const struct str *fields;
	struct err e = { 0 };
	size_t n;

	for (size_t len = 1; len <= 300000; len = len * 7 + 1) {
		buf_clear(&row);
		buf_adds(&row, "a,\"");
		for (size_t i = 0; i < len; i++)
			buf_addc(&row, i % 3 == 0 ? ',' : 'x');
		buf_adds(&row, "\",z");
		assert_true(csv_row(*state, buf_str(&row), &fields, &n, &e));
		assert_int_equal(n, 3);
		want_str("long", fields[1], str_sub(buf_str(&row), 3, len));
		want_str("behind", fields[2], STR("z"));
	}
	buf_release(&row);
}

static void
a_field_is_quoted_where_it_must_be(void **state)
{
	static const struct {
		const char *name;
		struct str s, want, defused;
	} ROWS[] = {
		{ "plain", LIT("abc"), LIT("abc"), LIT("abc") },
		{ "empty", { NULL, 0 }, LIT(""), LIT("") },
		{ "space", LIT(" a b "), LIT(" a b "), LIT(" a b ") },
		{ "comma", LIT("a,b"), LIT("\"a,b\""), LIT("\"a,b\"") },
		{ "quote", LIT("a\"b"), LIT("\"a\"\"b\""), LIT("\"a\"\"b\"") },
		{ "quotes at the ends", LIT("\"a\""), LIT("\"\"\"a\"\"\""),
		    LIT("\"\"\"a\"\"\"") },
		{ "CR", LIT("a\rb"), LIT("\"a\rb\""), LIT("\"a\rb\"") },
		{ "LF", LIT("a\nb"), LIT("\"a\nb\""), LIT("\"a\nb\"") },
		{ "NUL", LIT("a\0b"), LIT("a\0b"), LIT("a\0b") },
		{ "formula", LIT("=1+1"), LIT("=1+1"), LIT("'=1+1") },
		{ "plus", LIT("+1"), LIT("+1"), LIT("'+1") },
		{ "minus", LIT("-1"), LIT("-1"), LIT("'-1") },
		{ "at", LIT("@SUM(1)"), LIT("@SUM(1)"), LIT("'@SUM(1)") },
		{ "inside is harmless", LIT("a=1+1"), LIT("a=1+1"),
		    LIT("a=1+1") },
		{ "an address", LIT("a@b.test"), LIT("a@b.test"),
		    LIT("a@b.test") },
		{ "behind spaces", LIT("  =1"), LIT("  =1"), LIT("'  =1") },
		{ "behind a LF", LIT("\n=1"), LIT("\"\n=1\""),
		    LIT("\"'\n=1\"") },
		{ "behind a NUL", LIT("\0=1"), LIT("\0=1"), LIT("'\0=1") },
		{ "tab", LIT("\ta"), LIT("\ta"), LIT("'\ta") },
		{ "tab behind a space", LIT(" \ta"), LIT(" \ta"),
		    LIT("' \ta") },
		{ "CR first", LIT("\ra"), LIT("\"\ra\""), LIT("\"'\ra\"") },
		{ "LF first is harmless", LIT("\na"), LIT("\"\na\""),
		    LIT("\"\na\"") },
		{ "formula that is quoted", LIT("=A(\"x\",1)"),
		    LIT("\"=A(\"\"x\"\",1)\""), LIT("\"'=A(\"\"x\"\",1)\"") },
		{ "only white", LIT("  "), LIT("  "), LIT("  ") },
		{ "a ' of its own", LIT("'+1"), LIT("'+1"), LIT("''+1") },
		{ "two of them", LIT("''@a"), LIT("''@a"), LIT("'''@a") },
		{ "a ' behind spaces", LIT(" '=1"), LIT(" '=1"), LIT(" '=1") },
		{ "a ' before a word", LIT("'a+1"), LIT("'a+1"), LIT("'a+1") },
		{ "a ' alone", LIT("'"), LIT("'"), LIT("'") },
		{ "sign alone", LIT("-"), LIT("-"), LIT("'-") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct buf b = { 0 };

		csv_put(&b, ROWS[i].s);
		want_str(ROWS[i].name, buf_str(&b), ROWS[i].want);
		buf_clear(&b);
		csv_put_defused(&b, ROWS[i].s);
		want_str(ROWS[i].name, buf_str(&b), ROWS[i].defused);
		buf_release(&b);
	}
}

static void
what_is_defused_is_read_back(void **state)
{
	static const char BYTES[] = "a'=@\t ";
	uint32_t seed = 12345;

	for (unsigned round = 0; round < 20000; round++) {
		const struct str *fields;
		struct buf b = { 0 };
		struct err e = { 0 };
		char text[6];
		size_t fields_n, n = 1 + round % sizeof text;

		for (size_t i = 0; i < n; i++) {
			seed = seed * 1103515245u + 12345u;
			text[i] = BYTES[(seed >> 16) % (sizeof BYTES - 1)];
		}
		csv_put_defused(&b, str_of(text, n));
		assert_true(csv_row(*state, buf_str(&b), &fields, &fields_n,
		    &e));
		assert_int_equal(fields_n, 1);
		want_str("read back", csv_undefused(fields[0]),
		    str_of(text, n));
		buf_release(&b);
	}
}

static void
what_is_put_is_read_back(void **state)
{
	static const char BYTES[] = "ab,\"\r\n \t\0\xff";
	uint32_t seed = 12345;
	struct buf row = { 0 };

	for (unsigned round = 0; round < 3000; round++) {
		const struct str *fields;
		struct err e = { 0 };
		char cells[4][8];
		size_t lens[4];
		size_t n;

		buf_clear(&row);
		for (size_t f = 0; f < 4; f++) {
			seed = seed * 1103515245u + 12345u;
			lens[f] = (seed >> 16) % 8;
			for (size_t i = 0; i < lens[f]; i++) {
				seed = seed * 1103515245u + 12345u;
				cells[f][i] =
				    BYTES[(seed >> 16) % (sizeof BYTES - 1)];
			}
			if (f > 0)
				buf_addc(&row, ',');
			csv_put(&row, str_of(cells[f], lens[f]));
		}
		buf_adds(&row, "\r\n");
		if (!csv_row(*state, buf_str(&row), &fields, &n, &e))
			fail_msg("round %u: %s", round, e.text);
		assert_int_equal(n, 4);
		for (size_t f = 0; f < 4; f++)
			want_str(
			    "read back", fields[f], str_of(cells[f], lens[f]));
	}
	buf_release(&row);
}

static void
closing_nothing_does_nothing(void **state)
{
	(void)state;
	csv_close(NULL);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_row_is_cut_into_fields),
		cmocka_unit_test(two_rows_are_refused),
		cmocka_unit_test(a_row_may_have_so_many_fields),
		cmocka_unit_test(each_call_starts_afresh),
		cmocka_unit_test(long_fields_are_whole),
		cmocka_unit_test(a_field_is_quoted_where_it_must_be),
		cmocka_unit_test(what_is_defused_is_read_back),
		cmocka_unit_test(what_is_put_is_read_back),
		cmocka_unit_test(closing_nothing_does_nothing),
	};

	return cmocka_run_group_tests(TESTS, open_csv, close_csv);
}
