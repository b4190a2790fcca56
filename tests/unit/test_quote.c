/* test_quote.c - bytes of strangers, safe to show. */
#include "unit.h"

#include "base/quote.h"

static const struct {
	const char *name;
	struct str s;
	const char *want;
} ROWS[] = {
	{ "plain", LIT("user unknown"), "user unknown" },
	{ "empty", { NULL, 0 }, "" },
	{ "quotation marks stay", LIT("\"a'"), "\"a'" },
	{ "line ends", LIT("a\r\nb\n"), "a\\r\\nb\\n" },
	{ "tab", LIT("a\tb"), "a\\tb" },
	{ "backslash", LIT("a\\n"), "a\\\\n" },
	{ "NUL", LIT("a\0b"), "a\\x00b" },
	{ "escape sequence", LIT("\x1b[31m"), "\\x1b[31m" },
	{ "DEL", LIT("\x7f"), "\\x7f" },
	{ "UTF-8 stays", LIT("gr\xc3\xbc\xc3\x9f \xe2\x82\xac\xf0\x9f\x93\xa7"),
	    "gr\xc3\xbc\xc3\x9f \xe2\x82\xac\xf0\x9f\x93\xa7" },
	{ "Latin-1 does not", LIT("gr\xfc\xdf"), "gr\\xfc\\xdf" },
	{ "cut character", LIT("a\xe2\x82"), "a\\xe2\\x82" },
	{ "overlong slash", LIT("\xc0\xaf"), "\\xc0\\xaf" },
	{ "surrogate", LIT("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
	{ "C1 CSI",
	    LIT("\xc2\x9b"
		"31m"),
	    "\\xc2\\x9b31m" },
	{ "no-break space stays", LIT("\xc2\xa0"), "\xc2\xa0" },
	{ "line separator", LIT("\xe2\x80\xa8"), "\\xe2\\x80\\xa8" },
	{ "right-to-left override",
	    LIT("a\xe2\x80\xae"
		"b"),
	    "a\\xe2\\x80\\xaeb" },
	{ "isolate", LIT("\xe2\x81\xa6"), "\\xe2\\x81\\xa6" },
	{ "right-to-left mark", LIT("\xe2\x80\x8f"), "\\xe2\\x80\\x8f" },
};

static void
unsafe_bytes_are_shown_as_escapes(void **state)
{
	char out[128];

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		const char *got = str_quote(ROWS[i].s, out, sizeof out);

		assert_ptr_equal(got, out);
		want_text(ROWS[i].name, got, ROWS[i].want);
	}
}

static void
a_buffer_gets_the_same_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct buf b = { 0 };

		buf_addc(&b, '<');
		quote_add(&b, ROWS[i].s);
		want_str(ROWS[i].name, str_skip(buf_str(&b), 1),
		    str_from(ROWS[i].want));
		buf_release(&b);
	}
}

static void
long_text_is_cut_with_dots(void **state)
{
	static const struct {
		const char *name;
		struct str s;
		size_t cap;
		const char *want;
	} CUTS[] = {
		{ "just fits", LIT("1234567"), 8, "1234567" },
		{ "one too long", LIT("12345678"), 8, "1234..." },
		{ "an escape fits", LIT("123\n45"), 8, "123\\n45" },
		{ "an escape is not halved", LIT("123\n456"), 8, "123..." },
		{ "hex is not halved",
		    LIT("1\x01"
			"2345"),
		    8, "1..." },
		{ "a character is not halved",
		    LIT("123\xc3\xa9"
			"4567"),
		    8, "123..." },
		{ "a character fits",
		    LIT("12\xc3\xa9"
			"45678"),
		    8, "12\xc3\xa9..." },
		{ "nothing fits", LIT("\xe2\x80\xae"), 8, "..." },
		{ "a long one last", LIT("1234\xe2\x80\xae"), 16, "1234..." },
		{ "a long one last fits", LIT("123\xe2\x80\xae"), 16,
		    "123\\xe2\\x80\\xae" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(CUTS); i++) {
		char out[32];

		memset(out, '#', sizeof out);
		want_text(CUTS[i].name, str_quote(CUTS[i].s, out, CUTS[i].cap),
		    CUTS[i].want);
		want_number(CUTS[i].name, out[CUTS[i].cap], '#');
	}
}

static void
no_byte_reaches_the_line_raw(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 256; a++) {
		for (unsigned b = 0; b < 256; b++) {
			char in[2] = { (char)(unsigned char)a,
				(char)(unsigned char)b };
			char out[16];

			str_quote(str_of(in, 2), out, sizeof out);
			for (const char *p = out; *p != '\0'; p++)
				assert_false(
				    (unsigned char)*p < 0x20 || *p == 0x7f);
			assert_true(strlen(out) >= 2);
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(unsafe_bytes_are_shown_as_escapes),
		cmocka_unit_test(a_buffer_gets_the_same_whole),
		cmocka_unit_test(long_text_is_cut_with_dots),
		cmocka_unit_test(no_byte_reaches_the_line_raw),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
