/* test_number.c - text to numbers, always with a range. */
#include "unit.h"

#include "base/number.h"

#define UNTOUCHED 77

static void
unsigned_numbers_have_a_range(void **state)
{
	static const struct {
		const char *name, *s;
		uint64_t min, max;
		bool ok;
		uint64_t want;
	} ROWS[] = {
		{ "plain", "123", 0, 1000, true, 123 },
		{ "zero", "0", 0, 9, true, 0 },
		{ "leading zeros", "007", 0, 9, true, 7 },
		{ "at the least", "5", 5, 9, true, 5 },
		{ "at the most", "9", 5, 9, true, 9 },
		{ "too small", "4", 5, 9, false, 0 },
		{ "too large", "10", 5, 9, false, 0 },
		{ "largest", "18446744073709551615", 0, UINT64_MAX, true,
		    UINT64_MAX },
		{ "one too large", "18446744073709551616", 0, UINT64_MAX, false,
		    0 },
		{ "ten times too large", "184467440737095516150", 0, UINT64_MAX,
		    false, 0 },
		{ "empty", "", 0, 9, false, 0 },
		{ "sign", "+1", 0, 9, false, 0 },
		{ "minus", "-1", 0, 9, false, 0 },
		{ "white before", " 1", 0, 9, false, 0 },
		{ "white behind", "1 ", 0, 9, false, 0 },
		{ "letters", "1x", 0, 9, false, 0 },
		{ "hexadecimal", "0x1", 0, 9, false, 0 },
		{ "fraction", "1.0", 0, 9, false, 0 },
		{ "digits of others", "\xd9\xa1", 0, 9, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		uint64_t got = UNTOUCHED;

		want_bool(ROWS[i].name,
		    number_u64(
			str_from(ROWS[i].s), ROWS[i].min, ROWS[i].max, &got),
		    ROWS[i].ok);
		if (got != (ROWS[i].ok ? ROWS[i].want : UNTOUCHED))
			fail_msg("%s: got %llu", ROWS[i].name,
			    (unsigned long long)got);
	}
	assert_false(
	    number_u64((struct str){ NULL, 0 }, 0, 1, &(uint64_t){ 0 }));
	assert_false(number_u64(STR("1\0"), 0, 9, &(uint64_t){ 0 }));
}

static void
signed_numbers_have_a_range(void **state)
{
	static const struct {
		const char *name, *s;
		int64_t min, max;
		bool ok;
		int64_t want;
	} ROWS[] = {
		{ "plain", "12", -99, 99, true, 12 },
		{ "minus", "-12", -99, 99, true, -12 },
		{ "minus zero", "-0", -99, 99, true, 0 },
		{ "too small", "-100", -99, 99, false, 0 },
		{ "too large", "100", -99, 99, false, 0 },
		{ "largest", "9223372036854775807", INT64_MIN, INT64_MAX, true,
		    INT64_MAX },
		{ "past largest", "9223372036854775808", INT64_MIN, INT64_MAX,
		    false, 0 },
		{ "smallest", "-9223372036854775808", INT64_MIN, INT64_MAX,
		    true, INT64_MIN },
		{ "past smallest", "-9223372036854775809", INT64_MIN, INT64_MAX,
		    false, 0 },
		{ "only a minus", "-", -9, 9, false, 0 },
		{ "two", "--1", -9, 9, false, 0 },
		{ "plus", "+1", -9, 9, false, 0 },
		{ "minus behind", "1-", -9, 9, false, 0 },
		{ "empty", "", -9, 9, false, 0 },
		{ "white", "- 1", -9, 9, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		int64_t got = UNTOUCHED;

		want_bool(ROWS[i].name,
		    number_i64(
			str_from(ROWS[i].s), ROWS[i].min, ROWS[i].max, &got),
		    ROWS[i].ok);
		want_number(
		    ROWS[i].name, got, ROWS[i].ok ? ROWS[i].want : UNTOUCHED);
	}
}

static void
sizes_take_powers_of_1024(void **state)
{
	static const struct {
		const char *name, *s;
		uint64_t min, max;
		bool ok;
		uint64_t want;
	} ROWS[] = {
		{ "bytes", "123", 0, 999, true, 123 },
		{ "K", "64K", 0, UINT64_MAX, true, 65536 },
		{ "KiB", "64KiB", 0, UINT64_MAX, true, 65536 },
		{ "M", "3M", 0, UINT64_MAX, true, 3145728 },
		{ "G", "4G", 0, UINT64_MAX, true, 4294967296 },
		{ "TiB", "1TiB", 0, UINT64_MAX, true, 1099511627776 },
		{ "zero", "0K", 0, 9, true, 0 },
		{ "in range", "1K", 1024, 1024, true, 1024 },
		{ "too small", "1K", 1025, UINT64_MAX, false, 0 },
		{ "too large", "1K", 0, 1023, false, 0 },
		{ "largest", "16777215T", 0, UINT64_MAX, true,
		    UINT64_C(16777215) << 40 },
		{ "wraps", "16777216T", 0, UINT64_MAX, false, 0 },
		{ "wraps in the digits", "18446744073709551616", 0, UINT64_MAX,
		    false, 0 },
		{ "no number", "K", 0, 9999, false, 0 },
		{ "no number, iB", "KiB", 0, 9999, false, 0 },
		{ "only iB", "iB", 0, 9999, false, 0 },
		{ "bytes with iB", "1iB", 0, 9999, false, 0 },
		{ "KB says another base", "1KB", 0, 9999, false, 0 },
		{ "lower case", "1k", 0, 9999, false, 0 },
		{ "unit unknown", "1X", 0, 9999, false, 0 },
		{ "white between", "1 K", 0, 9999, false, 0 },
		{ "two units", "1KK", 0, 9999999, false, 0 },
		{ "minus", "-1K", 0, 9999, false, 0 },
		{ "empty", "", 0, 9999, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		uint64_t got = UNTOUCHED;

		want_bool(ROWS[i].name,
		    number_size(
			str_from(ROWS[i].s), ROWS[i].min, ROWS[i].max, &got),
		    ROWS[i].ok);
		if (got != (ROWS[i].ok ? ROWS[i].want : UNTOUCHED))
			fail_msg("%s: got %llu", ROWS[i].name,
			    (unsigned long long)got);
	}
}

static void
a_print_that_does_not_fit_fails(void **state)
{
	char out[8] = "before";

	(void)state;
	assert_true(number_print(out, sizeof out, "%s", "1234567"));
	assert_string_equal(out, "1234567");
	assert_false(number_print(out, sizeof out, "%s", "12345678"));
	assert_string_equal(out, "");
	assert_true(number_print(out, sizeof out, "%d", -5));
	assert_string_equal(out, "-5");
	assert_false(number_print(out, 0, "%s", ""));
	assert_string_equal(out, "-5");
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(unsigned_numbers_have_a_range),
		cmocka_unit_test(signed_numbers_have_a_range),
		cmocka_unit_test(sizes_take_powers_of_1024),
		cmocka_unit_test(a_print_that_does_not_fit_fails),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
