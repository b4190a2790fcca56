/* scantime.c - recognises dates and times of day in text. */
#include "mail/scantime.h"

#include <string.h>

#include "mail/scan.h"

/* The three letters at `at` among those of names; -1: none. */
static int
name_of(struct str s, size_t at, const char *names)
{
	if (at + 3 > s.n ||
	    (at + 3 < s.n && scan_is_kind(s, at + 3, SCAN_WORD)))
		return -1;
	for (int i = 0; names[i * 3] != '\0'; i++)
		if (memcmp(s.p + at, names + i * 3, 3) == 0)
			return i;
	return -1;
}

static bool
is_month(struct str s, size_t at)
{
	static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	return name_of(s, at, MONTHS) >= 0;
}

static bool
is_weekday(struct str s, size_t at)
{
	static const char DAYS[] = "MonTueWedThuFriSatSun";

	return name_of(s, at, DAYS) >= 0;
}

static bool
is_clock_end(struct str s, size_t at)
{
	return scan_is_end(s, at) && !scan_is_char(s, at, ':');
}

/* " +0200", "+02:00", "Z", " GMT": the end, or at when none is there. */
static size_t
skip_zone(struct str s, size_t at)
{
	static const char *const ZONES[] = { "GMT", "UTC", "CET", "CEST", "EST",
		"EDT", "PST", "PDT", "CST", "CDT", "JST", "MSK" };
	size_t from = scan_is_char(s, at, ' ') ? at + 1 : at;
	size_t n;

	if (scan_is_char(s, at, 'Z') && is_clock_end(s, at + 1))
		return at + 1;
	if (scan_is_char(s, from, '+') || scan_is_char(s, from, '-')) {
		n = scan_digits(s, from + 1);
		if (n == 2 && scan_is_char(s, from + 3, ':') &&
		    scan_digits(s, from + 4) == 2)
			n = 5;
		return (n == 4 || n == 5) && is_clock_end(s, from + 1 + n)
		    ? from + 1 + n
		    : at;
	}
	for (size_t i = 0; from > at && i < COUNT(ZONES); i++) {
		n = strlen(ZONES[i]);
		if (from + n <= s.n && is_clock_end(s, from + n) &&
		    memcmp(s.p + from, ZONES[i], n) == 0)
			return from + n;
	}
	return at;
}

/* "1:02", "21:53:41", "21:53:41.123Z", "21:53:41 +0200". */
static size_t
scan_clock(struct str s, size_t at)
{
	size_t n = scan_digits(s, at);

	if (n < 1 || n > 2 || scan_number(s, at, n) > 24 ||
	    !scan_is_char(s, at + n, ':') || scan_digits(s, at + n + 1) != 2)
		return 0;
	at += n + 3;
	if (scan_is_char(s, at, ':') && scan_digits(s, at + 1) == 2) {
		at += 3;
		if (scan_is_char(s, at, '.') &&
		    scan_is_kind(s, at + 1, SCAN_DIGIT))
			for (at += 2; scan_is_kind(s, at, SCAN_DIGIT);)
				at++;
	}
	at = skip_zone(s, at);
	return is_clock_end(s, at) ? at : 0;
}

/* "2026-11-21", "2026/11/21", "21.11.2026", "11/21/2026". */
static size_t
scan_numeric_date(struct str s, size_t at)
{
	size_t a = scan_digits(s, at);
	size_t b, c;
	char sep;

	if (a < 1 || a > 4 || at + a >= s.n)
		return 0;
	sep = s.p[at + a];
	if (sep != '-' && sep != '/' && sep != '.')
		return 0;
	b = scan_digits(s, at + a + 1);
	if (b < 1 || b > 2 || !scan_is_char(s, at + a + 1 + b, sep))
		return 0;
	c = scan_digits(s, at + a + b + 2);
	if (!((a == 4 && c >= 1 && c <= 2) || (a <= 2 && c == 4)))
		return 0;
	return at + a + b + c + 2;
}

/* "21 Nov 2026", "21-Nov-2026". */
static size_t
scan_day_month(struct str s, size_t at)
{
	size_t n = scan_digits(s, at);

	if (n < 1 || n > 2 || at + n + 5 >= s.n ||
	    (s.p[at + n] != ' ' && s.p[at + n] != '-'))
		return 0;
	if (!is_month(str_sub(s, 0, at + n + 4), at + n + 1) ||
	    s.p[at + n + 4] != s.p[at + n] || scan_digits(s, at + n + 5) != 4)
		return 0;
	return at + n + 9;
}

/* "Nov 21 2026", "Nov 21, 2026", "Nov 21": the year may come later. */
static size_t
scan_month_day(struct str s, size_t at)
{
	size_t n, end;

	if (!is_month(s, at) || !scan_is_char(s, at + 3, ' '))
		return 0;
	at += scan_is_char(s, at + 4, ' ') ? 5 : 4;
	n = scan_digits(s, at);
	if (n < 1 || n > 2 || !scan_is_end(s, at + n))
		return 0;
	end = at + n;
	at = scan_is_char(s, end, ',') ? end + 1 : end;
	if (scan_is_char(s, at, ' ') && scan_digits(s, at + 1) == 4 &&
	    scan_is_end(s, at + 5))
		return at + 5;
	return end;
}

static size_t
scan_date(struct str s, size_t at)
{
	size_t end = 0;

	if (scan_is_kind(s, at, SCAN_ALPHA))
		return scan_month_day(s, at);
	end = scan_numeric_date(s, at);
	return end != 0 ? end : scan_day_month(s, at);
}

/* A clock behind a date: "2026-11-21T07:57:27", "..., 07:57 2026". */
static size_t
skip_clock(struct str s, size_t at)
{
	size_t from = at;
	size_t end;

	if (scan_is_char(s, from, ','))
		from++;
	if (scan_is_char(s, from, ' ') || scan_is_char(s, from, 'T'))
		from++;
	end = from > at ? scan_clock(s, from) : 0;
	if (end == 0)
		return at;
	if (scan_is_char(s, end, ' ') && scan_digits(s, end + 1) == 4 &&
	    (s.p[end + 1] == '1' || s.p[end + 1] == '2') &&
	    scan_is_end(s, end + 5))
		end += 5;
	return end;
}

size_t
scan_time(struct str s, size_t at)
{
	size_t from = at;
	size_t end;

	if (is_weekday(s, at)) {
		from += scan_is_char(s, at + 3, ',') ? 4 : 3;
		if (!scan_is_char(s, from, ' '))
			return 0;
		from++;
	}
	end = scan_date(s, from);
	if (end == 0)
		return from == at ? scan_clock(s, at) : 0;
	end = skip_clock(s, end);
	return scan_is_end(s, end) ? end : 0;
}
