/* test_utf8.c - one UTF-8 character at a time. */
#include "unit.h"

#include "base/utf8.h"

#define UNTOUCHED 0xabcdef

static void
a_character_or_nothing_is_taken(void **state)
{
	static const struct {
		const char *name;
		struct str s;
		size_t n;
		uint32_t code;
	} ROWS[] = {
		{ "empty", { NULL, 0 }, 0, UNTOUCHED },
		{ "ASCII", LIT("ab"), 1, 'a' },
		{ "NUL", LIT("\0"), 1, 0 },
		{ "least of two", LIT("\xc2\x80"), 2, 0x80 },
		{ "most of two", LIT("\xdf\xbf"), 2, 0x7ff },
		{ "least of three", LIT("\xe0\xa0\x80"), 3, 0x800 },
		{ "before the surrogates", LIT("\xed\x9f\xbf"), 3, 0xd7ff },
		{ "behind the surrogates", LIT("\xee\x80\x80"), 3, 0xe000 },
		{ "most of three", LIT("\xef\xbf\xbf"), 3, 0xffff },
		{ "least of four", LIT("\xf0\x90\x80\x80"), 4, 0x10000 },
		{ "most of four", LIT("\xf4\x8f\xbf\xbf"), 4, 0x10ffff },
		{ "past the last", LIT("\xf4\x90\x80\x80"), 0, UNTOUCHED },
		{ "first surrogate", LIT("\xed\xa0\x80"), 0, UNTOUCHED },
		{ "last surrogate", LIT("\xed\xbf\xbf"), 0, UNTOUCHED },
		{ "overlong NUL", LIT("\xc0\x80"), 0, UNTOUCHED },
		{ "overlong of two", LIT("\xc1\xbf"), 0, UNTOUCHED },
		{ "overlong of three", LIT("\xe0\x9f\xbf"), 0, UNTOUCHED },
		{ "overlong of four", LIT("\xf0\x8f\xbf\xbf"), 0, UNTOUCHED },
		{ "stray", LIT("\x80"), 0, UNTOUCHED },
		{ "cut of two", LIT("\xc3"), 0, UNTOUCHED },
		{ "cut of three", LIT("\xe2\x82"), 0, UNTOUCHED },
		{ "cut of four", LIT("\xf0\x9f\x93"), 0, UNTOUCHED },
		{ "broken off", LIT("\xe2\x82z"), 0, UNTOUCHED },
		{ "five bytes", LIT("\xf8\x88\x80\x80\x80"), 0, UNTOUCHED },
		{ "FE", LIT("\xfe"), 0, UNTOUCHED },
		{ "FF", LIT("\xff"), 0, UNTOUCHED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		uint32_t code = UNTOUCHED;

		want_number(ROWS[i].name, (int64_t)utf8_next(ROWS[i].s, &code),
		    (int64_t)ROWS[i].n);
		want_number(ROWS[i].name, code, ROWS[i].code);
	}
}

static void
controls_and_turning_marks_are_unsafe(void **state)
{
	static const struct {
		const char *name;
		uint32_t first, last;
	} UNSAFE[] = {
		{ "C0", 0, 0x1f },
		{ "DEL and C1", 0x7f, 0x9f },
		{ "LRM, RLM", 0x200e, 0x200f },
		{ "separators, embeddings", 0x2028, 0x202e },
		{ "isolates", 0x2066, 0x2069 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(UNSAFE); i++) {
		for (uint32_t c = UNSAFE[i].first; c <= UNSAFE[i].last; c++)
			want_bool(UNSAFE[i].name, utf8_is_unsafe(c), true);
		want_bool(
		    UNSAFE[i].name, utf8_is_unsafe(UNSAFE[i].last + 1), false);
		if (UNSAFE[i].first > 0)
			want_bool(UNSAFE[i].name,
			    utf8_is_unsafe(UNSAFE[i].first - 1), false);
	}
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_character_or_nothing_is_taken),
		cmocka_unit_test(controls_and_turning_marks_are_unsafe),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
