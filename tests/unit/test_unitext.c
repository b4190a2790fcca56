/* test_unitext.c - the escapes of RFC 6533. */
#include "unit.h"

#include "mail/unitext.h"

static void
escapes_are_undone(void **state)
{
	static const struct {
		const char *in, *want;
	} CASES[] = {
		{ "", "" },
		{ "user@example.com", "user@example.com" },
		{ "\\x{2B}", "+" },
		{ "\\x{e9}", "\xc3\xa9" },
		{ "\\X{E9}", "\xc3\xa9" },
		{ "\\x{00E9}", "\xc3\xa9" },
		{ "\\x{7FF}", "\xdf\xbf" },
		{ "\\x{800}", "\xe0\xa0\x80" },
		{ "\\x{FFFF}", "\xef\xbf\xbf" },
		{ "\\x{10000}", "\xf0\x90\x80\x80" },
		{ "\\x{10FFFF}", "\xf4\x8f\xbf\xbf" },
		{ "a\\x{e9}b\\x{e9}",
		    "a\xc3\xa9"
		    "b\xc3\xa9" },
		{ "\\x{5C}x{e9}", "\\x{e9}" },
		/* what is none stays */
		{ "\\x{}", "\\x{}" },
		{ "\\x{9}", "\\x{9}" },
		{ "\\x{00}", "\\x{00}" },
		{ "\\x{e9", "\\x{e9" },
		{ "\\x{", "\\x{" },
		{ "\\xe9", "\\xe9" },
		{ "\\x{g9}", "\\x{g9}" },
		{ "\\x{ e9}", "\\x{ e9}" },
		{ "\\x{00000e9}", "\\x{00000e9}" },
		{ "\\x{110000}", "\\x{110000}" },
		{ "\\x{D800}", "\\x{D800}" },
		{ "\\x{DFFF}", "\\x{DFFF}" },
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < COUNT(CASES); i++) {
		struct str got = unitext_decode(str_from(CASES[i].in), out);

		want_str(CASES[i].in, got, str_from(CASES[i].want));
		memcpy(out, CASES[i].in, strlen(CASES[i].in));
		got = unitext_decode(str_of(out, strlen(CASES[i].in)), out);
		want_str("in place", got, str_from(CASES[i].want));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_are_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
