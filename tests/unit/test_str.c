/* test_str.c - borrowed runs of bytes. */
#include "unit.h"

#define NONE ((struct str){ NULL, 0 })

static void
a_missing_string_is_the_empty_run(void **state)
{
	(void)state;
	assert_int_equal(str_from(NULL).n, 0);
	assert_int_equal(str_from("ab").n, 2);
	assert_int_equal(STR("a\0b").n, 3);
	assert_true(str_eq(NONE, STR("")));
	assert_true(str_ieq(NONE, STR("")));
	assert_int_equal(str_cmp(NONE, STR("")), 0);
}

static void
runs_compare_by_bytes(void **state)
{
	static const struct {
		const char *name;
		struct str a, b;
		int order;
		bool eq, ieq;
	} ROWS[] = {
		{ "same", LIT("ab"), LIT("ab"), 0, true, true },
		{ "case", LIT("aB"), LIT("Ab"), 1, false, true },
		{ "prefix first", LIT("a"), LIT("ab"), -1, false, false },
		{ "longer but smaller", LIT("ab"), LIT("b"), -1, false, false },
		{ "empty first", { NULL, 0 }, LIT("a"), -1, false, false },
		{ "bytes are unsigned", LIT("\xff"), LIT("a"), 1, false,
		    false },
		{ "past a NUL", LIT("a\0b"), LIT("a\0c"), -1, false, false },
		{ "no case but ASCII", LIT("\xc3\x84"), LIT("\xc3\xa4"), -1,
		    false, false },
		{ "@ is no `", LIT("@"), LIT("`"), -1, false, false },
		{ "[ is no {", LIT("["), LIT("{"), -1, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		want_number(
		    ROWS[i].name, str_cmp(ROWS[i].a, ROWS[i].b), ROWS[i].order);
		want_number(ROWS[i].name, str_cmp(ROWS[i].b, ROWS[i].a),
		    -ROWS[i].order);
		want_bool(
		    ROWS[i].name, str_eq(ROWS[i].a, ROWS[i].b), ROWS[i].eq);
		want_bool(
		    ROWS[i].name, str_ieq(ROWS[i].a, ROWS[i].b), ROWS[i].ieq);
	}
}

static void
heads_and_tails_are_found(void **state)
{
	static const struct {
		const char *name, *s, *part;
		bool starts, istarts, ends, iends;
	} ROWS[] = {
		{ "whole", "ab", "ab", true, true, true, true },
		{ "head", "abc", "ab", true, true, false, false },
		{ "tail", "abc", "bc", false, false, true, true },
		{ "case of a head", "abc", "AB", false, true, false, false },
		{ "case of a tail", "abc", "BC", false, false, false, true },
		{ "longer", "ab", "abc", false, false, false, false },
		{ "empty part", "ab", "", true, true, true, true },
		{ "both empty", "", "", true, true, true, true },
		{ "nothing in", "", "a", false, false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str s = str_from(ROWS[i].s);
		struct str part = str_from(ROWS[i].part);

		want_bool(ROWS[i].name, str_starts(s, part), ROWS[i].starts);
		want_bool(ROWS[i].name, str_istarts(s, part), ROWS[i].istarts);
		want_bool(ROWS[i].name, str_ends(s, part), ROWS[i].ends);
		want_bool(ROWS[i].name, str_iends(s, part), ROWS[i].iends);
	}
	assert_true(str_starts(NONE, NONE));
	assert_true(str_iends(STR("a"), NONE));
}

static void
a_byte_is_found_or_the_end(void **state)
{
	static const struct {
		const char *name;
		struct str s;
		char c;
		size_t first, last;
	} ROWS[] = {
		{ "twice", LIT("a@b@c"), '@', 1, 3 },
		{ "none", LIT("abc"), '@', 3, 3 },
		{ "at the ends", LIT("@a@"), '@', 0, 2 },
		{ "a NUL", LIT("a\0b\0"), '\0', 1, 3 },
		{ "a high byte", LIT("a\xff"), '\xff', 1, 1 },
		{ "empty", { NULL, 0 }, 'a', 0, 0 },
		{ "not past the end", { "ab", 1 }, 'b', 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		want_number(ROWS[i].name,
		    (int64_t)str_chr(ROWS[i].s, ROWS[i].c),
		    (int64_t)ROWS[i].first);
		want_number(ROWS[i].name,
		    (int64_t)str_rchr(ROWS[i].s, ROWS[i].c),
		    (int64_t)ROWS[i].last);
	}
}

static void
a_needle_is_found_or_the_end(void **state)
{
	static const struct {
		const char *name;
		struct str s, needle;
		size_t at, iat;
	} ROWS[] = {
		{ "middle", LIT("user unknown"), LIT("unk"), 5, 5 },
		{ "case", LIT("User Unknown"), LIT("uNK"), 12, 5 },
		{ "first of two", LIT("aXaX"), LIT("X"), 1, 1 },
		{ "false start", LIT("aab"), LIT("ab"), 1, 1 },
		{ "false start, case", LIT("AAB"), LIT("ab"), 3, 1 },
		{ "at the end", LIT("abc"), LIT("bc"), 1, 1 },
		{ "cut at the end", LIT("abc"), LIT("cd"), 3, 3 },
		{ "whole", LIT("abc"), LIT("abc"), 0, 0 },
		{ "longer", LIT("ab"), LIT("abc"), 2, 2 },
		{ "empty needle", LIT("ab"), { NULL, 0 }, 0, 0 },
		{ "both empty", { NULL, 0 }, LIT(""), 0, 0 },
		{ "in nothing", { NULL, 0 }, LIT("a"), 0, 0 },
		{ "starts in both cases", LIT("UuUnUNk"), LIT("unk"), 7, 4 },
		{ "no letter first", LIT("a-B -b"), LIT("-B"), 1, 1 },
		{ "case at the end", LIT("uuuuuuU"), LIT("uU"), 5, 0 },
		{ "behind a NUL", LIT("a\0Bc"), LIT("bc"), 4, 2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		want_number(ROWS[i].name,
		    (int64_t)str_find(ROWS[i].s, ROWS[i].needle),
		    (int64_t)ROWS[i].at);
		want_number(ROWS[i].name,
		    (int64_t)str_ifind(ROWS[i].s, ROWS[i].needle),
		    (int64_t)ROWS[i].iat);
	}
}

static void
parts_are_clipped(void **state)
{
	static const struct {
		const char *name, *s;
		size_t from, n;
		const char *want;
	} ROWS[] = {
		{ "inside", "abcd", 1, 2, "bc" },
		{ "to the end", "abcd", 2, 2, "cd" },
		{ "too long", "abcd", 2, 9, "cd" },
		{ "no sum may wrap", "abcd", 3, SIZE_MAX, "d" },
		{ "from past the end", "abcd", 9, 2, "" },
		{ "far past the end", "abcd", SIZE_MAX, SIZE_MAX, "" },
		{ "nothing", "abcd", 1, 0, "" },
		{ "of nothing", "", 0, 3, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_str(ROWS[i].name,
		    str_sub(str_from(ROWS[i].s), ROWS[i].from, ROWS[i].n),
		    str_from(ROWS[i].want));
	want_str("skip", str_skip(STR("abc"), 2), STR("c"));
	want_str("skip all", str_skip(STR("abc"), 4), STR(""));
	want_str("skip of none", str_skip(NONE, 4), STR(""));
	assert_null(str_sub(NONE, 1, 1).p);
}

static void
white_space_is_trimmed_at_both_ends(void **state)
{
	static const struct {
		const char *name;
		struct str s, want;
	} ROWS[] = {
		{ "all kinds", LIT(" \t\r\n\v\fa b\f\v\n\r\t "), LIT("a b") },
		{ "none", LIT("ab"), LIT("ab") },
		{ "only white", LIT(" \t "), LIT("") },
		{ "empty", { NULL, 0 }, LIT("") },
		{ "a NUL is not white", LIT(" \0 "), LIT("\0") },
		{ "nor a no-break space", LIT("\xc2\xa0"), LIT("\xc2\xa0") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_str(ROWS[i].name, str_trim(ROWS[i].s), ROWS[i].want);
}

/* The part behind a '|', as far as there is room. */
static void
add_part(char *got, size_t cap, struct str part)
{
	size_t n = strlen(got);

	snprintf(got + n, cap - n, "|%.*s", STR_ARG(part));
}

static void
parts_are_cut_at_separators(void **state)
{
	static const struct {
		const char *name, *s, *want; /* each part behind a '|' */
	} ROWS[] = {
		{ "three", "a,,b", "|a||b" },
		{ "one", "abc", "|abc" },
		{ "none", "", "" },
		{ "first empty", ",a", "||a" },
		{ "no part behind the last", "a,", "|a" },
		{ "only a separator", ",", "|" },
		{ "two separators", ",,", "||" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str rest = str_from(ROWS[i].s);
		struct str head;
		char got[64] = "";

		while (str_cut(&rest, ',', &head)) {
			add_part(got, sizeof got, head);
		}
		want_text(ROWS[i].name, got, ROWS[i].want);
	}
}

static void
words_are_cut_at_white_space(void **state)
{
	static const struct {
		const char *name, *s, *want;
	} ROWS[] = {
		{ "plain", "a bc d", "|a|bc|d" },
		{ "much white", "  a \t\r\n b  ", "|a|b" },
		{ "none", "", "" },
		{ "only white", " \t", "" },
		{ "one", "abc", "|abc" },
		{ "eight and more", "abcdefgh abcdefghi\tabcdefghijklmnopq z",
		    "|abcdefgh|abcdefghi|abcdefghijklmnopq|z" },
		{ "bytes above and below", "\x01\x1f!\xff\x80\xa0""abcde f",
		    "|\x01\x1f!\xff\x80\xa0""abcde|f" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str rest = str_from(ROWS[i].s);
		struct str word;
		char got[64] = "";

		while (str_word(&rest, &word)) {
			add_part(got, sizeof got, word);
		}
		want_text(ROWS[i].name, got, ROWS[i].want);
	}
}

static void
a_word_that_is_cut_is_left_out(void **state)
{
	static const struct {
		const char *s;
		size_t n;
		const char *want;
	} ROWS[] = {
		{ "ab cd", 6, "ab cd" },
		{ "ab cd", 5, "ab cd" },
		{ "ab cd", 4, "ab" },
		{ "ab cd", 3, "ab" },
		{ "ab cd", 2, "ab" },
		{ "ab cd", 1, "" },
		{ "ab\ncd\n", 5, "ab\ncd" },
		{ "ab\n\ncd", 4, "ab\n" },
		{ "abcd", 3, "" },
		{ "abcd", 0, "" },
		{ "", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_str(ROWS[i].s, str_words(str_from(ROWS[i].s), ROWS[i].n),
		    str_from(ROWS[i].want));
}

static void
classes_know_ascii_only(void **state)
{
	static const char DIGITS[] = "0123456789";
	static const char LOWER[] = "abcdefghijklmnopqrstuvwxyz";
	static const char UPPER[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char SPACE[] = " \t\r\n\v\f";

	(void)state;
	for (int i = 0; i < 256; i++) {
		char c = (char)(unsigned char)i;
		bool digit = i != 0 && strchr(DIGITS, c) != NULL;
		const char *up = i != 0 ? strchr(UPPER, c) : NULL;
		bool alpha = up != NULL || (i != 0 && strchr(LOWER, c) != NULL);
		char name[20];

		snprintf(name, sizeof name, "byte %d", i);
		want_bool(name, ascii_is_digit(c), digit);
		want_bool(name, ascii_is_alpha(c), alpha);
		want_bool(name, ascii_is_alnum(c), alpha || digit);
		want_bool(name, ascii_is_space(c),
		    i != 0 && strchr(SPACE, c) != NULL);
		want_number(
		    name, ascii_lower(c), up != NULL ? LOWER[up - UPPER] : c);
	}
}

static void
copying_never_cuts(void **state)
{
	static const struct {
		const char *name;
		struct str s;
		size_t cap;
		bool ok;
		const char *want;
	} ROWS[] = {
		{ "fits", LIT("abc"), 8, true, "abc" },
		{ "just fits", LIT("abc"), 4, true, "abc" },
		{ "one too long", LIT("abc"), 3, false, "" },
		{ "empty", { NULL, 0 }, 1, true, "" },
		{ "a NUL inside", LIT("a\0b"), 8, false, "" },
		{ "a NUL at the end", LIT("ab\0"), 8, false, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		char out[8] = "before";

		want_bool(ROWS[i].name, str_copy(ROWS[i].s, out, ROWS[i].cap),
		    ROWS[i].ok);
		want_text(ROWS[i].name, out, ROWS[i].want);
	}
	assert_false(str_copy(STR(""), NULL, 0));
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_missing_string_is_the_empty_run),
		cmocka_unit_test(runs_compare_by_bytes),
		cmocka_unit_test(heads_and_tails_are_found),
		cmocka_unit_test(a_byte_is_found_or_the_end),
		cmocka_unit_test(a_needle_is_found_or_the_end),
		cmocka_unit_test(parts_are_clipped),
		cmocka_unit_test(white_space_is_trimmed_at_both_ends),
		cmocka_unit_test(parts_are_cut_at_separators),
		cmocka_unit_test(words_are_cut_at_white_space),
		cmocka_unit_test(a_word_that_is_cut_is_left_out),
		cmocka_unit_test(classes_know_ascii_only),
		cmocka_unit_test(copying_never_cuts),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
