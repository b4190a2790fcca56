/* test_scantime.c - where a date or a time of day ends. */
#include "unit.h"

#include "mail/scantime.h"

struct row {
	const char *text;
	size_t want; /* bytes; 0: no time starts there */
};

static void
scan_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		want_number(rows[i].text,
		    (int64_t)scan_time(str_from(rows[i].text), 0),
		    (int64_t)rows[i].want);
}

static void
a_clock_may_have_seconds_and_a_fraction(void **state)
{
	static const struct row ROWS[] = {
		{ "12:30", 5 },
		{ "1:02 x", 4 },
		{ "21:53:41", 8 },
		{ "21:53:41.123", 12 },
		{ "21:53:41.", 8 },
		{ "21:53:41.x", 8 },
		{ "24:00", 5 },
		{ "25:00", 0 },
		{ "123:00", 0 },
		{ "12:3", 0 },
		{ "12:345", 0 },
		{ "12:30:1", 0 },
		{ "12:30x", 0 },
		{ "12.30", 0 },
		{ ":30", 0 },
		{ "12", 0 },
	};

	(void)state;
	scan_rows(ROWS, COUNT(ROWS));
}

static void
a_zone_belongs_to_the_clock(void **state)
{
	static const struct row ROWS[] = {
		{ "12:30:00Z", 9 },
		{ "12:30:00Zulu", 0 },
		{ "12:30:00 +0200", 14 },
		{ "12:30:00-0330", 13 },
		{ "12:30:00+02:00", 14 },
		{ "12:30 +02:0", 5 },
		{ "12:30 +02:00:00", 5 },
		{ "12:30 +02", 5 },
		{ "12:30 +0200x", 5 },
		{ "12:30 GMT", 9 },
		{ "12:30 CEST.", 10 },
		{ "12:30 GMTX", 5 },
		{ "12:30 GM", 5 },
		{ "12:30 XYZ", 5 },
	};

	(void)state;
	scan_rows(ROWS, COUNT(ROWS));
}

static void
a_date_of_numbers_has_its_year_at_an_end(void **state)
{
	static const struct row ROWS[] = {
		{ "2026-11-21", 10 },
		{ "2026/1/2.", 8 },
		{ "21.11.2026", 10 },
		{ "11/21/2026", 10 },
		{ "21_11_2026", 0 },
		{ "21-11/2026", 0 },
		{ "2026-111-21", 0 },
		{ "2026--21", 0 },
		{ "2026-11-123", 0 },
		{ "2026-11-", 0 },
		{ "2026.11.2026", 0 },
		{ "21.11.26", 0 },
		{ "202-11-21", 0 },
		{ "123-11-2026", 0 },
		{ "12345-1-1", 0 },
		{ "2026-11-21x", 0 },
		{ "2026", 0 },
	};

	(void)state;
	scan_rows(ROWS, COUNT(ROWS));
}

static void
a_date_may_name_its_month(void **state)
{
	static const struct row ROWS[] = {
		{ "21 Nov 2026", 11 },
		{ "1-Nov-2026", 10 },
		{ "21-Nov 2026", 0 },
		{ "21 Nov 26", 0 },
		{ "21 Nov 26 and more", 0 },
		{ "21 Nev 2026", 0 },
		{ "21xNov 2026", 0 },
		{ "211 Nov 2026", 0 },
		{ "Nov 21 2026", 11 },
		{ "Nov 21, 2026", 12 },
		{ "Nov 21", 6 },
		{ "Nov  1", 6 },
		{ "Nov 21, 26", 6 },
		{ "Nov 21 20261", 6 },
		{ "Nov 21 2026x", 6 },
		{ "Nov-21", 0 },
		{ "Nov x", 0 },
		{ "Nov 211", 0 },
		{ "Nov 21st", 0 },
		{ "Not 21", 0 },
	};

	(void)state;
	scan_rows(ROWS, COUNT(ROWS));
}

static void
a_clock_may_follow_a_date(void **state)
{
	static const struct row ROWS[] = {
		{ "2026-11-21T07:57:27", 19 },
		{ "2026-11-21 07:57", 16 },
		{ "2026-11-21, 07:57", 17 },
		{ "2026-11-21,07:57", 16 },
		{ "2026-11-21, no", 10 },
		{ "Nov 21 07:57:27 2026", 20 },
		{ "Nov 21 07:57 1999", 17 },
		{ "Nov 21 07:57 3026", 12 },
		{ "Nov 21 07:57 202", 12 },
		{ "Nov 21 07:57 2026x", 12 },
		{ "2026-11-21Tea", 0 },
	};

	(void)state;
	scan_rows(ROWS, COUNT(ROWS));
}

static void
a_weekday_needs_a_date_behind_it(void **state)
{
	static const struct row ROWS[] = {
		{ "Fri, 22 Sep 2023", 16 },
		{ "Fri Sep 22 01:01:01 2023", 24 },
		{ "Fri 2023-09-22", 14 },
		{ "Friday", 0 },
		{ "Fri,22 Sep 2023", 0 },
		{ "Fri,", 0 },
		{ "Fri 12:30", 0 },
	};

	(void)state;
	scan_rows(ROWS, COUNT(ROWS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_may_have_seconds_and_a_fraction),
		cmocka_unit_test(a_zone_belongs_to_the_clock),
		cmocka_unit_test(a_date_of_numbers_has_its_year_at_an_end),
		cmocka_unit_test(a_date_may_name_its_month),
		cmocka_unit_test(a_clock_may_follow_a_date),
		cmocka_unit_test(a_weekday_needs_a_date_behind_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
