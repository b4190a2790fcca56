/* test_clock.c - time as text. */
#include "unit.h"

#include "base/clock.h"

#define UNTOUCHED 77

struct row {
	const char *name, *s;
	int64_t want; /* 0: refused */
};

static void
check_rows(
    const struct row *rows, size_t n, bool (*parse)(struct str, int64_t *))
{
	for (size_t i = 0; i < n; i++) {
		/* A copy of its own size: reading past it is caught. */
		size_t len = strlen(rows[i].s);
		char *own = malloc(len > 0 ? len : 1);
		int64_t got = UNTOUCHED;
		bool ok;

		assert_non_null(own);
		memcpy(own, rows[i].s, len);
		ok = parse(str_of(own, len), &got);
		free(own);
		want_bool(rows[i].name, ok, rows[i].want != 0);
		want_number(rows[i].name, got, ok ? rows[i].want : UNTOUCHED);
	}
}

static void
all_forms_of_powermta_are_read(void **state)
{
	static const struct row ROWS[] = {
		{ "iso", "2019-02-08 21:53:41+0000", 1549662821 },
		{ "west", "2019-02-08 16:53:41-0500", 1549662821 },
		{ "east, half an hour", "2019-02-09 03:23:41+0530",
		    1549662821 },
		{ "colon in the zone", "2019-02-09 03:23:41+05:30",
		    1549662821 },
		{ "Z", "2019-02-08 21:53:41Z", 1549662821 },
		{ "no zone is UTC", "2019-02-08 21:53:41", 1549662821 },
		{ "T", "2019-02-08T21:53:41Z", 1549662821 },
		{ "fraction", "2019-02-08 21:53:41.999+0000", 1549662821 },
		{ "fraction, Z", "2019-02-08T21:53:41.123456789Z", 1549662821 },
		{ "fraction, no zone", "2019-02-08 21:53:41.5", 1549662821 },
		{ "month first", "02/08/2019 21:53:41+0000", 1549662821 },
		{ "month first, west", "02/08/2019 16:53:41-0500", 1549662821 },
		{ "month first, no zone", "02/08/2019 21:53:41", 1549662821 },
		{ "epoch", "1568740380", 1568740380 },
		{ "epoch, fraction", "1568740380.25", 1568740380 },
		{ "leap day", "2024-02-29 00:00:00+0000", 1709164800 },
		{ "leap day of 2000", "2000-02-29 12:00:00+0000", 951825600 },
		{ "last of a month", "2026-11-30 23:59:59+0000", 1796083199 },
		{ "leap second", "2016-12-31 23:59:60+0000", 1483228800 },
		{ "first", "1990-01-01 00:00:00+0000", 631152000 },
		{ "last", "2199-12-31 23:59:59+0000", 7258118399 },
		{ "first as epoch", "631152000", 631152000 },
		{ "last as epoch", "7258118399", 7258118399 },
		{ "zone over midnight", "2020-01-01 00:30:00+0100",
		    1577835000 },
	};

	(void)state;
	check_rows(ROWS, COUNT(ROWS), clock_parse);
}

static void
other_text_is_no_time(void **state)
{
	static const struct row ROWS[] = {
		{ "empty", "", 0 },
		{ "word", "timeLogged", 0 },
		{ "date alone", "2019-02-08", 0 },
		{ "no seconds", "2019-02-08 21:53", 0 },
		{ "no seconds, zone", "2019-02-08 21:53+0000", 0 },
		{ "cut", "2019-02-08 21:53:4", 0 },
		{ "not a leap year", "2019-02-29 00:00:00+0000", 0 },
		{ "1900 rule", "2100-02-29 00:00:00+0000", 0 },
		{ "month 0", "2019-00-08 21:53:41+0000", 0 },
		{ "month 13", "2019-13-08 21:53:41+0000", 0 },
		{ "day 0", "2019-02-00 21:53:41+0000", 0 },
		{ "day 31 of 30", "2019-04-31 21:53:41+0000", 0 },
		{ "day first", "13/02/2019 21:53:41+0000", 0 },
		{ "hour 24", "2019-02-08 24:00:00+0000", 0 },
		{ "minute 60", "2019-02-08 21:60:41+0000", 0 },
		{ "second 61", "2019-02-08 21:53:61+0000", 0 },
		{ "letters", "2019-02-0x 21:53:41+0000", 0 },
		{ "sign in a field", "2019-+2-08 21:53:41+0000", 0 },
		{ "white in a field", "2019- 2-08 21:53:41+0000", 0 },
		{ "lower t", "2019-02-08t21:53:41Z", 0 },
		{ "wrong separators", "2019/02/08 21:53:41+0000", 0 },
		{ "dots", "2019-02-08 21.53.41+0000", 0 },
		{ "zone cut", "2019-02-08 21:53:41+00", 0 },
		{ "zone cut at the colon", "2019-02-08 21:53:41+00:0", 0 },
		{ "zone too long", "2019-02-08 21:53:41+00000", 0 },
		{ "zone of letters", "2019-02-08 21:53:41+0a00", 0 },
		{ "zone hour 24", "2019-02-08 21:53:41+2400", 0 },
		{ "zone minute 60", "2019-02-08 21:53:41+0060", 0 },
		{ "named zone", "2019-02-08 21:53:41 CET", 0 },
		{ "fraction without digits", "2019-02-08 21:53:41.+0000", 0 },
		{ "behind Z", "2019-02-08 21:53:41Z ", 0 },
		{ "white before", " 2019-02-08 21:53:41+0000", 0 },
		{ "before 1990", "1989-12-31 23:59:59+0000", 0 },
		{ "behind 2199", "2200-01-01 00:00:00+0000", 0 },
		{ "year 0", "0000-01-01 00:00:00+0000", 0 },
		{ "before 1990 as epoch", "631151999", 0 },
		{ "behind 2199 as epoch", "7258118400", 0 },
		{ "milliseconds", "1568740380000", 0 },
		{ "epoch of zero", "0", 0 },
		{ "minus", "-1568740380", 0 },
		{ "very long epoch", "15687403801568740380156874038015687", 0 },
		{ "epoch and zone", "1568740380+0000", 0 },
		{ "epoch, dot alone", "1568740380.", 0 },
		{ "epoch, two dots", "1568740380.1.2", 0 },
		{ "epoch, fraction and Z", "1568740380.1Z", 0 },
	};

	(void)state;
	check_rows(ROWS, COUNT(ROWS), clock_parse);
	assert_false(clock_parse((struct str){ NULL, 0 }, &(int64_t){ 0 }));
}

static void
mail_dates_are_read(void **state)
{
	static const struct row ROWS[] = {
		{ "plain", "Sat, 21 Nov 2026 07:57:27 +0100", 1795244247 },
		{ "no day name", "21 Nov 2026 07:57:27 +0100", 1795244247 },
		{ "no seconds", "Sat, 21 Nov 2026 07:57 +0100", 1795244220 },
		{ "comment behind", "Sat, 21 Nov 2026 07:57:27 +0100 (CET)",
		    1795244247 },
		{ "comments everywhere",
		    "(a)Sat(b),(c(d)\\e)21 (\\)) Nov "
		    "(f) 2026 07(g):57:27(h)+0100",
		    1795244247 },
		{ "folded", "Sat,\r\n\t21 Nov 2026 07:57:27\r\n +0100\r\n",
		    1795244247 },
		{ "one digit", "Sun, 1 Nov 2026 07:57:27 +0100", 1793516247 },
		{ "lower case", "sat, 21 nov 2026 07:57:27 gmt", 1795247847 },
		{ "GMT", "Sat, 21 Nov 2026 06:57:27 GMT", 1795244247 },
		{ "UT", "Sat, 21 Nov 2026 06:57:27 UT", 1795244247 },
		{ "Z", "Sat, 21 Nov 2026 06:57:27 Z", 1795244247 },
		{ "EST", "Sat, 21 Nov 2026 01:57:27 EST", 1795244247 },
		{ "PDT", "Fri, 20 Nov 2026 23:57:27 PDT", 1795244247 },
		{ "a name that nobody knows", "Sat, 21 Nov 2026 06:57:27 XYZ",
		    1795244247 },
		{ "zone unknown", "Sat, 21 Nov 2026 06:57:27 -0000",
		    1795244247 },
		{ "two digits of a year", "21 Nov 26 07:57:27 +0100",
		    1795244247 },
		{ "two digits, last century", "21 Nov 96 07:57:27 +0100",
		    848559447 },
		{ "three digits of a year", "21 Nov 126 07:57:27 +0100",
		    1795244247 },
		{ "wrong day name does not matter",
		    "Mon, 21 Nov 2026 07:57:27 +0100", 1795244247 },
		{ "leap second", "31 Dec 2016 23:59:60 +0000", 1483228800 },
		{ "one digit hours", "21 Nov 2026 7:57:27 +0100", 1795244247 },
	};

	(void)state;
	check_rows(ROWS, COUNT(ROWS), clock_parse_mail);
}

static void
other_text_is_no_mail_date(void **state)
{
	static const struct row ROWS[] = {
		{ "empty", "", 0 },
		{ "iso", "2026-11-21 07:57:27+0000", 0 },
		{ "asctime", "Sat Nov 21 07:57:27 2026", 0 },
		{ "no zone", "Sat, 21 Nov 2026 07:57:27", 0 },
		{ "no time", "Sat, 21 Nov 2026", 0 },
		{ "no comma", "Sat 21 Nov 2026 07:57:27 +0100", 0 },
		{ "month in full", "21 November 2026 07:57:27 +0100", 0 },
		{ "month in two", "21 No 2026 07:57:27 +0100", 0 },
		{ "month of numbers", "21 11 2026 07:57:27 +0100", 0 },
		{ "month of others", "21 Fev 2026 07:57:27 +0100", 0 },
		{ "across two names", "21 anF 2026 07:57:27 +0100", 0 },
		{ "day 32", "32 Nov 2026 07:57:27 +0100", 0 },
		{ "day 31 of 30", "31 Nov 2026 07:57:27 +0100", 0 },
		{ "hour 24", "21 Nov 2026 24:57:27 +0100", 0 },
		{ "minute 60", "21 Nov 2026 07:60:27 +0100", 0 },
		{ "second 61", "21 Nov 2026 07:57:61 +0100", 0 },
		{ "three digits of a minute", "21 Nov 2026 07:570:27 +0100",
		    0 },
		{ "five digits of a year", "21 Nov 20260 07:57:27 +0100", 0 },
		{ "one digit of a year", "21 Nov 6 07:57:27 +0100", 0 },
		{ "zone of three", "21 Nov 2026 07:57:27 +010", 0 },
		{ "zone of five", "21 Nov 2026 07:57:27 +01000", 0 },
		{ "zone with a colon", "21 Nov 2026 07:57:27 +01:00", 0 },
		{ "zone without a sign", "21 Nov 2026 07:57:27 0100", 0 },
		{ "zone of 24 hours", "21 Nov 2026 07:57:27 +2400", 0 },
		{ "only a sign", "21 Nov 2026 07:57:27 +", 0 },
		{ "text behind", "21 Nov 2026 07:57:27 +0100 x", 0 },
		{ "comment not closed", "21 Nov 2026 07:57:27 +0100 (CET", 0 },
		{ "comment not closed, escaped",
		    "21 Nov 2026 07:57:27 +0100 "
		    "(CET\\)",
		    0 },
		{ "comment that ends in a backslash", "21 Nov 2026 (\\", 0 },
		{ "minus day", "-1 Nov 2026 07:57:27 +0100", 0 },
		{ "minus year", "21 Nov -202 07:57:27 +0100", 0 },
		{ "before 1990", "21 Nov 1989 07:57:27 +0100", 0 },
		{ "colon missing", "21 Nov 2026 07 57 27 +0100", 0 },
		{ "ends in a colon", "21 Nov 2026 07:57:", 0 },
	};

	(void)state;
	check_rows(ROWS, COUNT(ROWS), clock_parse_mail);
}

static void
text_is_rfc_3339(void **state)
{
	static const struct {
		const char *name;
		int64_t utc;
		const char *want;
	} ROWS[] = {
		{ "now and then", 1795247847, "2026-11-21T07:57:27Z" },
		{ "epoch", 0, "1970-01-01T00:00:00Z" },
		{ "before it", -1, "1969-12-31T23:59:59Z" },
		{ "leap day", 1709164800, "2024-02-29T00:00:00Z" },
		{ "end of a leap year", 1735689599, "2024-12-31T23:59:59Z" },
		{ "first of March, 2100", 4107542400, "2100-03-01T00:00:00Z" },
		{ "last", 7258118399, "2199-12-31T23:59:59Z" },
		{ "no year of five digits", 253402300800,
		    "9999-12-31T23:59:59Z" },
		{ "largest", INT64_MAX, "9999-12-31T23:59:59Z" },
		{ "year 0", INT64_C(-62167219200), "0000-01-01T00:00:00Z" },
		{ "smallest", INT64_MIN, "0000-01-01T00:00:00Z" },
	};
	char out[CLOCK_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		assert_ptr_equal(clock_text(ROWS[i].utc, out), out);
		want_text(ROWS[i].name, out, ROWS[i].want);
	}
}

static void
a_mail_time_is_written_and_read_back(void **state)
{
	char out[CLOCK_MAIL_TEXT];
	int64_t got;

	(void)state;
	want_text("one", clock_mail_text(1795247847, out),
	    "Sat, 21 Nov 2026 07:57:27 +0000");
	want_text("epoch", clock_mail_text(0, out),
	    "Thu, 01 Jan 1970 00:00:00 +0000");
	want_text("before it", clock_mail_text(-1, out),
	    "Wed, 31 Dec 1969 23:59:59 +0000");
	for (int64_t utc = 631152000; utc < 7258118400; utc += 86399 * 31) {
		clock_mail_text(utc, out);
		if (!clock_parse_mail(str_from(out), &got) || got != utc)
			fail_msg("%s: got %lld, want %lld", out, (long long)got,
			    (long long)utc);
	}
}

static void
text_is_read_back(void **state)
{
	char out[CLOCK_TEXT];
	int64_t got;

	(void)state;
	/* A step that is prime to a day visits all times of it. */
	for (int64_t utc = 631152000; utc < 7258118400; utc += 86399 * 3) {
		clock_text(utc, out);
		if (!clock_parse(str_from(out), &got) || got != utc)
			fail_msg("%s: got %lld, want %lld", out, (long long)got,
			    (long long)utc);
	}
}

static void
neither_zone_nor_locale_of_the_machine_matters(void **state)
{
	int64_t got = 0;

	(void)state;
	assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
	assert_true(clock_parse(STR("2019-07-08 21:53:41"), &got));
	assert_int_equal(got, 1562622821);
	assert_int_equal(unsetenv("TZ"), 0);
}

static void
spans_have_units(void **state)
{
	static const struct {
		const char *name, *s;
		bool ok;
		int64_t want;
	} ROWS[] = {
		{ "seconds", "90s", true, 90 },
		{ "minutes", "15m", true, 900 },
		{ "hours", "36h", true, 129600 },
		{ "days", "30d", true, 2592000 },
		{ "weeks", "4w", true, 2419200 },
		{ "bare", "45", true, 45 },
		{ "zero", "0", true, 0 },
		{ "zero days", "0d", true, 0 },
		{ "200 years", "73050d", true, INT64_C(6311520000) },
		{ "more than that", "73051d", false, 0 },
		{ "more in seconds", "6311520001", false, 0 },
		{ "would wrap", "9223372036854775807w", false, 0 },
		{ "empty", "", false, 0 },
		{ "unit alone", "d", false, 0 },
		{ "unit unknown", "3y", false, 0 },
		{ "upper case", "3D", false, 0 },
		{ "white between", "3 d", false, 0 },
		{ "two units", "1h30m", false, 0 },
		{ "minus", "-3d", false, 0 },
		{ "minus zero", "-0", false, 0 },
		{ "fraction", "1.5h", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		int64_t got = UNTOUCHED;

		want_bool(ROWS[i].name, clock_span(str_from(ROWS[i].s), &got),
		    ROWS[i].ok);
		want_number(
		    ROWS[i].name, got, ROWS[i].ok ? ROWS[i].want : UNTOUCHED);
	}
}

static void
a_span_is_told_in_its_largest_unit(void **state)
{
	static const struct {
		int64_t span, seconds;
		const char *unit;
	} ROWS[] = {
		{ 0, CLOCK_DAY, "days" },
		{ 7 * CLOCK_DAY, CLOCK_DAY, "days" },
		{ 36 * 3600, 3600, "hours" },
		{ 5400, 60, "minutes" },
		{ 61, 1, "seconds" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		int64_t one;

		want_text(ROWS[i].unit, clock_unit(ROWS[i].span, &one),
		    ROWS[i].unit);
		want_number(ROWS[i].unit, one, ROWS[i].seconds);
	}
}

static void
clocks_go_forward(void **state)
{
	int64_t ticks = clock_ticks();

	(void)state;
	assert_true(clock_now() > 1700000000);
	assert_int_equal(usleep(3000), 0);
	assert_true(clock_ticks() >= ticks + 2);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(all_forms_of_powermta_are_read),
		cmocka_unit_test(other_text_is_no_time),
		cmocka_unit_test(mail_dates_are_read),
		cmocka_unit_test(other_text_is_no_mail_date),
		cmocka_unit_test(text_is_rfc_3339),
		cmocka_unit_test(text_is_read_back),
		cmocka_unit_test(a_mail_time_is_written_and_read_back),
		cmocka_unit_test(
		    neither_zone_nor_locale_of_the_machine_matters),
		cmocka_unit_test(spans_have_units),
		cmocka_unit_test(a_span_is_told_in_its_largest_unit),
		cmocka_unit_test(clocks_go_forward),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
