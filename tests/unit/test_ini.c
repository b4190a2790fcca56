/* test_ini.c - sections and "key = value" lines. */
#include "unit.h"

#include "base/buf.h"
#include "base/ini.h"

struct seen {
	struct buf b;
	unsigned stop_at; /* this line's call fails; 0: none */
};

static bool
see(void *ctx, const struct ini_line *l, struct err *e)
{
	struct seen *s = ctx;

	if (l->line == s->stop_at)
		return err_set(e, EX_USAGE, "%s:%u: enough", l->file, l->line);
	buf_addf(&s->b, "%u[%.*s]%.*s=%.*s|", l->line, STR_ARG(l->section),
	    STR_ARG(l->key), STR_ARG(l->value));
	return true;
}

static void
lines_are_told_in_order(void **state)
{
	static const struct {
		const char *name;
		struct str text;
		const char *want;
	} ROWS[] = {
		{ "nothing", LIT(""), "" },
		{ "no text", { NULL, 0 }, "" },
		{ "pair", LIT("a=b"), "1[]a=b|" },
		{ "trimmed", LIT(" a \t=  b c  \n"), "1[]a=b c|" },
		{ "section", LIT("[s]\na=b\n"), "1[s]=|2[s]a=b|" },
		{ "section trimmed", LIT("  [ s t ]  \n"), "1[s t]=|" },
		{ "next section", LIT("[s]\n[t]\na=1"),
		    "1[s]=|2[t]=|3[t]a=1|" },
		{ "the same again", LIT("[s]\na=1\na=2\n[s]\n"),
		    "1[s]=|2[s]a=1|3[s]a=2|4[s]=|" },
		{ "empty value", LIT("a =\n"), "1[]a=|" },
		{ "= in a value", LIT("a=b=c"), "1[]a=b=c|" },
		{ "; and # in a value", LIT("a = b ; c # d"),
		    "1[]a=b ; c # d|" },
		{ "quotes stay", LIT("a = \"b\""), "1[]a=\"b\"|" },
		{ "backslash stays", LIT("a = /\\d/\\\nb=1"),
		    "1[]a=/\\d/\\|2[]b=1|" },
		{ "comments", LIT("# x\n ; y = 1\n\t#\na=1\n"), "4[]a=1|" },
		{ "comment of brackets", LIT("#[s]\na=1"), "2[]a=1|" },
		{ "empty lines", LIT("\n\n \t\na=1\n"), "4[]a=1|" },
		{ "CRLF", LIT("[s]\r\na=1\r\n\r\nb=2\r\n"),
		    "1[s]=|2[s]a=1|4[s]b=2|" },
		{ "BOM", LIT("\xef\xbb\xbf[s]\na=1"), "1[s]=|2[s]a=1|" },
		{ "BOM alone", LIT("\xef\xbb\xbf"), "" },
		{ "value of brackets", LIT("a = [b]"), "1[]a=[b]|" },
		{ "section with =", LIT("[a=b]"), "1[a=b]=|" },
		{ "high bytes", LIT("a = \xff\xc3\xa9"), "1[]a=\xff\xc3\xa9|" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct seen s = { 0 };
		struct err e = { 0 };

		if (!ini_read(ROWS[i].text, "f", see, &s, &e))
			fail_msg("%s: %s", ROWS[i].name, e.text);
		want_str(ROWS[i].name, buf_str(&s.b), str_from(ROWS[i].want));
		buf_release(&s.b);
	}
}

static void
a_bad_line_is_told_with_its_place_and_mend(void **state)
{
	static const struct {
		const char *name;
		struct str text;
		const char *seen; /* what was told before */
		const char *start, *part;
	} ROWS[] = {
		{ "no =", LIT("a=1\nabc\n"), "1[]a=1|",
		    "f:2: 'abc': ", "write 'key = value'" },
		{ "no key", LIT(" = b"), "", "f:1: '= b': ", "no key" },
		{ "section not closed", LIT("\n[abc\n"), "",
		    "f:2: '[abc': ", "not closed" },
		{ "section without a name", LIT("[]"), "",
		    "f:1: '[]': ", "no name" },
		{ "section of white", LIT("[ \t]"), "",
		    "f:1: '[ \\t]': ", "no name" },
		{ "text behind a section", LIT("[a] b"), "",
		    "f:1: '[a] b': ", "behind a section" },
		{ "comment behind a section", LIT("[a] # b"), "",
		    "f:1: '[a] # b': ", "behind a section" },
		{ "NUL", LIT("a=b\0c"), "", "f:1: 'a=b\\x00c': ", "NUL" },
		{ "NUL in a comment", LIT("#\0"), "",
		    "f:1: '#\\x00': ", "NUL" },
		{ "escapes of a terminal", LIT("\x1b[2J"), "",
		    "f:1: '\\x1b[2J': ", "write" },
		{ "BOM in the middle", LIT("a=1\n\xef\xbb\xbf[s]\n"), "1[]a=1|",
		    "f:2: ", "write" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct seen s = { 0 };
		struct err e = { 0 };

		want_bool(ROWS[i].name,
		    ini_read(ROWS[i].text, "f", see, &s, &e), false);
		want_number(ROWS[i].name, e.code, EX_CONFIG);
		want_str(ROWS[i].name, buf_str(&s.b), str_from(ROWS[i].seen));
		if (!str_starts(str_from(e.text), str_from(ROWS[i].start)) ||
		    strstr(e.text, ROWS[i].part) == NULL ||
		    strchr(e.text, ';') == NULL)
			fail_msg("%s: got \"%s\", want \"%s...%s...; mend\"",
			    ROWS[i].name, e.text, ROWS[i].start, ROWS[i].part);
		buf_release(&s.b);
	}
}

static void
a_long_culprit_leaves_room_for_the_mend(void **state)
{
	struct buf b = { 0 };
	struct seen s = { 0 };
	struct err e = { 0 };

	(void)state;
	for (int i = 0; i < 5000; i++)
		buf_addc(&b, 'x');
	assert_false(ini_read(buf_str(&b), "f", see, &s, &e));
	assert_non_null(strstr(e.text, "...': "));
	assert_non_null(strstr(e.text, "; write"));
	buf_release(&b);
}

static void
the_reader_stops_when_told(void **state)
{
	struct seen s = { .stop_at = 2 };
	struct err e = { 0 };

	(void)state;
	assert_false(ini_read(STR("a=1\nb=2\nc=3\n"), "f", see, &s, &e));
	want_str("seen", buf_str(&s.b), STR("1[]a=1|"));
	assert_int_equal(e.code, EX_USAGE);
	assert_string_equal(e.text, "f:2: enough");
	buf_release(&s.b);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(lines_are_told_in_order),
		cmocka_unit_test(a_bad_line_is_told_with_its_place_and_mend),
		cmocka_unit_test(a_long_culprit_leaves_room_for_the_mend),
		cmocka_unit_test(the_reader_stops_when_told),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
