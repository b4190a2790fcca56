/* test_err.c - one error, told once. */
#include "unit.h"

#include "base/err.h"

static void
setting_keeps_the_first_error(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_false(err_set(&e, EX_DATAERR, "%s:%d: bad", "f", 3));
	assert_false(err_set(&e, EX_IOERR, "later"));
	assert_int_equal(e.code, EX_DATAERR);
	assert_string_equal(e.text, "f:3: bad");
}

static void
clearing_makes_room_for_another(void **state)
{
	struct err e = { 0 };

	(void)state;
	err_set(&e, EX_DATAERR, "one");
	err_clear(&e);
	assert_int_equal(e.code, 0);
	assert_string_equal(e.text, "");
	err_set(&e, EX_IOERR, "two");
	assert_int_equal(e.code, EX_IOERR);
	assert_string_equal(e.text, "two");
}

static void
memory_is_a_system_error_with_a_mend(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_false(err_memory(&e));
	assert_int_equal(e.code, EX_OSERR);
	assert_non_null(strstr(e.text, "out of memory"));
	assert_non_null(strchr(e.text, ';'));
}

static void
a_place_goes_before_the_text(void **state)
{
	struct err e = { 0 };

	(void)state;
	err_set(&e, EX_DATAERR, "too long");
	assert_false(err_at(&e, "%s:%d", "in.csv", 17));
	assert_false(err_at(&e, "stdin"));
	assert_string_equal(e.text, "stdin: in.csv:17: too long");
	assert_int_equal(e.code, EX_DATAERR);
}

static void
a_place_without_an_error_is_not_one(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_false(err_at(&e, "nowhere"));
	assert_int_equal(e.code, 0);
	assert_string_equal(e.text, "");
}

/* n times c, then tail. */
static const char *
run(char *out, size_t n, char c, const char *tail)
{
	memset(out, c, n);
	strncpy(out + n, tail, 16);
	return out;
}

static void
long_text_is_cut_between_characters(void **state)
{
	static const struct {
		const char *name;
		size_t before;
		const char *tail;
		size_t want;
	} ROWS[] = {
		{ "just fits", 511, "", 511 },
		{ "one too many", 512, "", 511 },
		{ "two bytes fit", 509, "\xc3\xa9", 511 },
		{ "two bytes fit, more is cut", 509, "\xc3\xa9z", 511 },
		{ "two bytes halved", 510, "\xc3\xa9", 510 },
		{ "three bytes, one inside", 510, "\xe2\x82\xac", 510 },
		{ "three bytes, two inside", 509, "\xe2\x82\xac", 509 },
		{ "three bytes fit", 508, "\xe2\x82\xacz", 511 },
		{ "four bytes, three inside", 508, "\xf0\x9f\x93\xa7", 508 },
		{ "four bytes fit", 507, "\xf0\x9f\x93\xa7z", 511 },
	};
	char text[600];

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct err e = { 0 };

		err_set(&e, EX_DATAERR, "%s",
		    run(text, ROWS[i].before, 'a', ROWS[i].tail));
		want_number(ROWS[i].name, (int64_t)strlen(e.text),
		    (int64_t)ROWS[i].want);
		assert_memory_equal(e.text, text, ROWS[i].want);
	}
}

static void
a_place_cuts_the_end_of_a_long_text(void **state)
{
	struct err e = { 0 };
	char text[600];

	(void)state;
	err_set(&e, EX_DATAERR, "%s", run(text, 509, 'a', "\xc3\xa9"));
	err_at(&e, "p");
	assert_int_equal(strlen(e.text), 511);
	assert_memory_equal(e.text, "p: aaa", 6);
	assert_int_equal(e.text[510], 'a');
}

static void
a_place_longer_than_the_text_stays_within(void **state)
{
	struct err e = { 0 };
	char place[2000];

	(void)state;
	err_set(&e, EX_DATAERR, "why");
	err_at(&e, "%s", run(place, 1900, 'p', ""));
	assert_true(strlen(e.text) < sizeof e.text);
	assert_int_equal(e.text[0], 'p');
	assert_int_equal(e.code, EX_DATAERR);
}

static void
what_the_system_refuses_may_have_a_mend_of_its_own(void **state)
{
	static const struct {
		int why;
		const char *want;
	} ROWS[] = {
		{ 0, "other" },
		{ EACCES, "other" },
		{ EMFILE, "raise the limit of open files (ulimit -n)" },
		{ ENFILE, "raise the system's limit of open files "
		    "(fs.file-max)" },
		{ ENOSPC, "make room on the disk" },
		{ EDQUOT, "make room on the disk" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		assert_string_equal(err_mend(ROWS[i].why, "other"),
		    ROWS[i].want);
}

static void
no_byte_of_a_path_steers_a_terminal(void **state)
{
	struct err e = { 0 };

	(void)state;
	err_set(&e, EX_NOINPUT, "a\033[2J\x9b\n\xc2\x9b\xe2\x80\xae\xc3\xbc: no");
	assert_string_equal(e.text, "a?[2J???????\xc3\xbc: no");
	err_at(&e, "b\rc");
	assert_string_equal(e.text, "b?c: a?[2J???????\xc3\xbc: no");
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(setting_keeps_the_first_error),
		cmocka_unit_test(clearing_makes_room_for_another),
		cmocka_unit_test(memory_is_a_system_error_with_a_mend),
		cmocka_unit_test(a_place_goes_before_the_text),
		cmocka_unit_test(a_place_without_an_error_is_not_one),
		cmocka_unit_test(long_text_is_cut_between_characters),
		cmocka_unit_test(a_place_cuts_the_end_of_a_long_text),
		cmocka_unit_test(a_place_longer_than_the_text_stays_within),
		cmocka_unit_test(
		    what_the_system_refuses_may_have_a_mend_of_its_own),
		cmocka_unit_test(no_byte_of_a_path_steers_a_terminal),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
