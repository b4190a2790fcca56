/* test_ahocorasick.c - which literals occur in a text. */
#include "unit.h"

#include "verdict/ahocorasick.h"

static struct ac *
made_of(const char *const *literals, size_t n)
{
	struct ac *a = ac_new();
	struct err e = { 0 };

	assert_non_null(a);
	for (size_t i = 0; i < n; i++)
		assert_true(ac_add(a, str_from(literals[i]), (unsigned)i));
	assert_true(ac_build(a, &e));
	return a;
}

static void
each_literal_in_the_text_is_marked(void **state)
{
	static const char *const LITERALS[] = { "he", "she", "his", "hers", "e",
		"\xc3\xa1", "a.b", "hehe" };
	static const struct {
		const char *name;
		struct str text;
		uint64_t want;
	} ROWS[] = {
		{ "suffixes of one", LIT("ushers"), 0x1b },
		{ "case", LIT("SHE"), 0x13 },
		{ "overlap", LIT("hehe"), 0x91 },
		{ "bytes", LIT("x\xc3\xa1x"), 0x20 },
		{ "cut by a NUL", LIT("h\0e"), 0x10 },
		{ "other bytes between", LIT("h-i-s a.b"), 0x40 },
		{ "nothing", LIT("xyz"), 0 },
		{ "empty", LIT(""), 0 },
	};
	struct ac *a = made_of(LITERALS, COUNT(LITERALS));

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		uint64_t marks = 0;

		ac_mark(a, ROWS[i].text, &marks);
		want_number(
		    ROWS[i].name, (int64_t)marks, (int64_t)ROWS[i].want);
	}
	ac_free(a);
}

/* Three letters each, of which there are 40: they need ceil(n / 1600) states
 * for the first, ceil(n / 40) for the second, n for the third. */
static bool
builds(unsigned n, struct err *e)
{
	static const char LETTERS[] =
	    "abcdefghijklmnopqrstuvwxyz0123456789!#$%";
	struct ac *a = ac_new();
	bool ok;

	for (unsigned i = 0; i < n; i++) {
		char text[] = { LETTERS[i / 1600], LETTERS[i / 40 % 40],
			LETTERS[i % 40] };

		assert_true(ac_add(a, str_of(text, sizeof text), 0));
	}
	ok = ac_build(a, e);
	ac_free(a);
	return ok;
}

static void
states_have_a_number(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_true(builds(63896, &e));
	assert_true(builds(63897, &e)); /* 65535 states */
	assert_false(builds(63898, &e));
	want_number("code", e.code, EX_CONFIG);
	assert_non_null(strstr(e.text, "need more than 65535 states"));
}

/* Of 16 bytes each, all alike: no state is needed twice. */
static void
literals_have_a_size(void **state)
{
	(void)state;
	for (unsigned n = (1u << 16) - 2; n <= 1u << 16; n++) {
		struct ac *a = ac_new();
		struct err e = { 0 };

		for (unsigned i = 0; i < n; i++)
			assert_true(ac_add(a, STR("abcdefghijklmnop"), i));
		want_bool("built", ac_build(a, &e), n < 1u << 16);
		want_number("code", e.code, n < 1u << 16 ? 0 : EX_CONFIG);
		ac_free(a);
	}
}

static void
several_literals_may_have_one_id(void **state)
{
	struct ac *a = ac_new();
	struct err e = { 0 };
	uint64_t marks[3] = { 0 };

	(void)state;
	assert_true(ac_add(a, STR("abc"), 130));
	assert_true(ac_add(a, STR("xyz"), 130));
	assert_true(ac_add(a, STR("abc"), 64));
	assert_true(ac_build(a, &e));
	ac_mark(a, STR("..xyz"), marks);
	assert_true(marks[0] == 0 && marks[1] == 0 && marks[2] == 4);
	ac_mark(a, STR("abc"), marks);
	assert_true(marks[0] == 0 && marks[1] == 1 && marks[2] == 4);
	ac_free(a);
}

static void
a_literal_has_one_to_sixteen_bytes(void **state)
{
	struct ac *a = ac_new();

	(void)state;
	assert_false(ac_add(a, STR(""), 0));
	assert_true(ac_add(a, STR("0123456789abcdef"), 0));
	assert_false(ac_add(a, STR("0123456789abcdefg"), 0));
	ac_free(a);
	ac_free(NULL);
}

static void
no_literal_marks_nothing(void **state)
{
	struct ac *a = made_of(NULL, 0);
	uint64_t marks = 0;

	(void)state;
	ac_mark(a, STR("anything"), &marks);
	assert_true(marks == 0);
	ac_free(a);
}

/* A small generator, so that each run is the same. */
static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

static void
it_agrees_with_a_search_one_by_one(void **state)
{
	char literals[64][4];
	const char *list[64];
	unsigned seed = 7;

	(void)state;
	for (size_t i = 0; i < 64; i++) {
		size_t n = 1 + next(&seed) % 3;

		for (size_t j = 0; j < n; j++)
			literals[i][j] = (char)('a' + next(&seed) % 4);
		literals[i][n] = '\0';
		list[i] = literals[i];
	}
	struct ac *a = made_of(list, 64);

	for (int round = 0; round < 500; round++) {
		char text[13];
		uint64_t marks = 0, want = 0;

		for (size_t j = 0; j < sizeof text - 1; j++)
			text[j] = (char)('a' + next(&seed) % 5);
		text[sizeof text - 1] = '\0';
		ac_mark(a, str_from(text), &marks);
		for (size_t i = 0; i < 64; i++)
			if (strstr(text, list[i]) != NULL)
				want |= UINT64_C(1) << i;
		want_number(text, (int64_t)marks, (int64_t)want);
	}
	ac_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_literal_in_the_text_is_marked),
		cmocka_unit_test(states_have_a_number),
		cmocka_unit_test(literals_have_a_size),
		cmocka_unit_test(several_literals_may_have_one_id),
		cmocka_unit_test(a_literal_has_one_to_sixteen_bytes),
		cmocka_unit_test(no_literal_marks_nothing),
		cmocka_unit_test(it_agrees_with_a_search_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
