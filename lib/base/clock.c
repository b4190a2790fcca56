/* clock.c - the time of day, and time as text; no locale, no TZ. */
#include "base/clock.h"

#include <string.h>
#include <time.h>

#include "base/number.h"

#define FIRST INT64_C(631152000) /* 1990-01-01 */
#define BEHIND INT64_C(7258118400) /* 2200-01-01 */
#define YEAR_0 INT64_C(-62167219200) /* 0000-01-01 */
#define YEAR_10000 INT64_C(253402300800) /* 10000-01-01 */
#define SPAN_MAX (INT64_C(73050) * CLOCK_DAY) /* 200 years */

struct civil {
	int year, month, day, hour, minute, second;
	int zone; /* seconds east of UTC */
};

int64_t
clock_now(void)
{
	struct timespec t;

	/* Neither call can fail for a clock that Linux always has. */
	(void)clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec;
}

int64_t
clock_ticks(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * Howard Hinnant's "days from civil": a year is counted from March, so the
 * leap day is its last, and eras of 400 years (146097 days) are alike.
 */
static int64_t
days_of(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int of_era = y - era * 400;
	int of_year =
	    (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return (int64_t)era * 146097 + of_era * 365 + of_era / 4 -
	    of_era / 100 + of_year - 719468;
}

static void
civil_of(int64_t utc, struct civil *c)
{
	int64_t days = utc / CLOCK_DAY;
	int of_day = (int)(utc % CLOCK_DAY);
	int64_t era;
	int n; /* days of the era, then of the year */
	int y;
	int month;

	if (of_day < 0) {
		of_day += CLOCK_DAY;
		days--;
	}
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	n = (int)(days - era * 146097);
	y = (n - n / 1460 + n / 36524 - n / 146096) / 365;
	n -= 365 * y + y / 4 - y / 100;
	month = (5 * n + 2) / 153;
	c->day = n - (153 * month + 2) / 5 + 1;
	c->month = month < 10 ? month + 3 : month - 9;
	c->year = (int)(era * 400) + y + (c->month <= 2 ? 1 : 0);
	c->hour = of_day / 3600;
	c->minute = of_day / 60 % 60;
	c->second = of_day % 60;
	c->zone = 0;
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool
utc_of(const struct civil *c, int64_t *utc)
{
	static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	int64_t at;
	int last;

	if (c->month < 1 || c->month > 12)
		return false;
	last = DAYS[c->month - 1] + (c->month == 2 && is_leap(c->year));
	/* A leap second is told as :60 and is the next minute's first. */
	if (c->day < 1 || c->day > last || c->hour > 23 || c->minute > 59 ||
	    c->second > 60)
		return false;
	at = days_of(c->year, c->month, c->day) * CLOCK_DAY + c->hour * 3600 +
	    c->minute * 60 + c->second - c->zone;
	if (at < FIRST || at >= BEHIND)
		return false;
	*utc = at;
	return true;
}

/* The number that the n digits at p are; below 0 if one is no digit. */
static int
fixed(const char *p, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned d = (unsigned)(unsigned char)p[i] - '0';

		if (d > 9)
			return -1;
		v = v * 10 + (int)d;
	}
	return v;
}

/* "+hhmm" or "+hh:mm", the whole of s. */
static bool
parse_zone(struct str s, int *zone)
{
	size_t colon = s.n == 6 && s.p[3] == ':' ? 1 : 0;
	int hour;
	int minute;

	if (s.n != 5 + colon || (s.p[0] != '+' && s.p[0] != '-'))
		return false;
	hour = fixed(s.p + 1, 2);
	minute = fixed(s.p + 3 + colon, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return false;
	*zone = (hour * 3600 + minute * 60) * (s.p[0] == '-' ? -1 : 1);
	return true;
}

static size_t
leading_digits(struct str s)
{
	size_t n = 0;

	while (n < s.n && ascii_is_digit(s.p[n]))
		n++;
	return n;
}

/* What may follow the seconds: a fraction, then a zone or nothing. */
static bool
parse_rest(struct str s, int *zone)
{
	*zone = 0;
	if (s.n > 0 && s.p[0] == '.') {
		size_t n = leading_digits(str_skip(s, 1));

		if (n == 0)
			return false;
		s = str_skip(s, n + 1);
	}
	if (s.n == 0 || (s.n == 1 && s.p[0] == 'Z'))
		return true;
	return parse_zone(s, zone);
}

static bool
parse_date(const char *p, struct civil *c)
{
	if (p[4] == '-' && p[7] == '-') {
		c->year = fixed(p, 4);
		c->month = fixed(p + 5, 2);
		c->day = fixed(p + 8, 2);
	} else if (p[2] == '/' && p[5] == '/') {
		c->month = fixed(p, 2);
		c->day = fixed(p + 3, 2);
		c->year = fixed(p + 6, 4);
	} else {
		return false;
	}
	return (c->year | c->month | c->day) >= 0;
}

static bool
parse_epoch(struct str s, int64_t *utc)
{
	size_t dot = str_chr(s, '.');
	struct str fraction = str_skip(s, dot + 1);

	if (dot < s.n &&
	    (fraction.n == 0 || leading_digits(fraction) != fraction.n))
		return false;
	return number_i64(str_sub(s, 0, dot), FIRST, BEHIND - 1, utc);
}

bool
clock_parse(struct str s, int64_t *utc)
{
	struct civil c;

	if (s.n < 19 || (s.p[10] != ' ' && s.p[10] != 'T'))
		return parse_epoch(s, utc);
	if (!parse_date(s.p, &c) || s.p[13] != ':' || s.p[16] != ':')
		return false;
	c.hour = fixed(s.p + 11, 2);
	c.minute = fixed(s.p + 14, 2);
	c.second = fixed(s.p + 17, 2);
	if ((c.hour | c.minute | c.second) < 0)
		return false;
	return parse_rest(str_skip(s, 19), &c.zone) && utc_of(&c, utc);
}

/* Passes over white space and (nested (comments)); false if one is open. */
static bool
skip_comments(struct str *rest)
{
	unsigned depth = 0;

	for (; rest->n > 0; *rest = str_skip(*rest, 1)) {
		char c = rest->p[0];

		if (c == '\\' && depth > 0 && rest->n > 1)
			*rest = str_skip(*rest, 1);
		else if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !ascii_is_space(c))
			break;
	}
	return depth == 0;
}

/* The next run of letters or of digits (a sign may lead), or one other. */
static bool
mail_token(struct str *rest, struct str *tok)
{
	size_t n = 1;

	*tok = STR("");
	if (!skip_comments(rest) || rest->n == 0)
		return false;
	if (ascii_is_alpha(rest->p[0]))
		while (n < rest->n && ascii_is_alpha(rest->p[n]))
			n++;
	else if (ascii_is_digit(rest->p[0]) || rest->p[0] == '+' ||
	    rest->p[0] == '-')
		while (n < rest->n && ascii_is_digit(rest->p[n]))
			n++;
	*tok = str_of(rest->p, n);
	*rest = str_skip(*rest, n);
	return true;
}

static bool
mail_number(struct str *rest, size_t least, size_t most, int *out)
{
	struct str tok;

	if (!mail_token(rest, &tok) || tok.n < least || tok.n > most)
		return false;
	*out = fixed(tok.p, tok.n);
	return *out >= 0;
}

static bool
mail_month(struct str *rest, int *month)
{
	static const char NAMES[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct str tok;

	if (!mail_token(rest, &tok) || tok.n != 3)
		return false;
	for (*month = 1; *month <= 12; ++*month)
		if (str_ieq(tok, str_of(NAMES + (*month - 1) * 3, 3)))
			return true;
	return false;
}

static bool
mail_year(struct str *rest, int *year)
{
	struct str tok;

	if (!mail_token(rest, &tok) || tok.n < 2 || tok.n > 4)
		return false;
	*year = fixed(tok.p, tok.n);
	if (*year < 0)
		return false;
	/* RFC 5322 4.3: old mail has years of two and three digits. */
	if (tok.n == 2 && *year < 50)
		*year += 2000;
	else if (tok.n < 4)
		*year += 1900;
	return true;
}

/* "21 Nov 2026", also behind "Sat,". */
static bool
mail_date(struct str *rest, struct civil *c)
{
	struct str was = *rest;
	struct str tok;

	if (!mail_token(rest, &tok))
		return false;
	if (!ascii_is_alpha(tok.p[0]))
		*rest = was;
	else if (!mail_token(rest, &tok) || !str_eq(tok, STR(",")))
		return false;
	return mail_number(rest, 1, 2, &c->day) &&
	    mail_month(rest, &c->month) && mail_year(rest, &c->year);
}

/* "07:57:27" or "07:57". */
static bool
mail_time(struct str *rest, struct civil *c)
{
	struct str was;
	struct str tok;

	if (!mail_number(rest, 1, 2, &c->hour) || !mail_token(rest, &tok) ||
	    !str_eq(tok, STR(":")) || !mail_number(rest, 1, 2, &c->minute))
		return false;
	c->second = 0;
	was = *rest;
	if (mail_token(rest, &tok) && str_eq(tok, STR(":")))
		return mail_number(rest, 1, 2, &c->second);
	*rest = was;
	return true;
}

static bool
mail_zone(struct str *rest, int *zone)
{
	static const struct {
		const char *name;
		int hours;
	} ZONES[] = {
		{ "EDT", -4 },
		{ "EST", -5 },
		{ "CDT", -5 },
		{ "CST", -6 },
		{ "MDT", -6 },
		{ "MST", -7 },
		{ "PDT", -7 },
		{ "PST", -8 },
	};
	struct str tok;

	*zone = 0;
	if (!mail_token(rest, &tok))
		return false;
	if (!ascii_is_alpha(tok.p[0]))
		return tok.n == 5 && parse_zone(tok, zone);
	for (size_t i = 0; i < COUNT(ZONES); i++)
		if (str_ieq(tok, str_from(ZONES[i].name)))
			*zone = ZONES[i].hours * 3600;
	/* RFC 5322 4.3: a name that nobody knows says nothing; take UTC. */
	return true;
}

bool
clock_take_mail(struct str *s, int64_t *utc)
{
	struct civil c;

	return mail_date(s, &c) && mail_time(s, &c) &&
	    mail_zone(s, &c.zone) && utc_of(&c, utc);
}

bool
clock_parse_mail(struct str s, int64_t *utc)
{
	int64_t t;

	if (!clock_take_mail(&s, &t) || !skip_comments(&s) || s.n > 0)
		return false;
	*utc = t;
	return true;
}

/* Years of four digits only: nobody's text has room for more. */
static int64_t
with_four_digits(int64_t utc)
{
	if (utc < YEAR_0)
		return YEAR_0;
	return utc >= YEAR_10000 ? YEAR_10000 - 1 : utc;
}

/* By hand: an export writes tens of millions of them. */
static void
put_digits(char *out, int n, size_t width)
{
	while (width > 0) {
		out[--width] = (char)('0' + n % 10);
		n /= 10;
	}
}

const char *
clock_text(int64_t utc, char *out)
{
	struct civil c;

	civil_of(with_four_digits(utc), &c);
	memcpy(out, "0000-00-00T00:00:00Z", CLOCK_TEXT);
	put_digits(out, c.year, 4);
	put_digits(out + 5, c.month, 2);
	put_digits(out + 8, c.day, 2);
	put_digits(out + 11, c.hour, 2);
	put_digits(out + 14, c.minute, 2);
	put_digits(out + 17, c.second, 2);
	return out;
}

const char *
clock_mail_text(int64_t utc, char *out)
{
	static const char DAYS[] = "ThuFriSatSunMonTueWed";
	static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t day;
	struct civil c;

	utc = with_four_digits(utc);
	day = utc / CLOCK_DAY - (utc % CLOCK_DAY < 0);
	civil_of(utc, &c);
	(void)number_print(out, CLOCK_MAIL_TEXT,
	    "%.3s, %02d %.3s %04d %02d:%02d:%02d +0000",
	    DAYS + 3 * ((day % 7 + 7) % 7), c.day, MONTHS + 3 * (c.month - 1),
	    c.year, c.hour, c.minute, c.second);
	return out;
}

bool
clock_span(struct str s, int64_t *seconds)
{
	static const struct {
		char name;
		int64_t seconds;
	} UNITS[] = {
		{ 's', 1 },
		{ 'm', 60 },
		{ 'h', 3600 },
		{ 'd', CLOCK_DAY },
		{ 'w', INT64_C(7) * CLOCK_DAY },
	};
	int64_t unit = 1;
	int64_t n;

	for (size_t i = 0; s.n > 0 && i < COUNT(UNITS); i++) {
		if (s.p[s.n - 1] == UNITS[i].name) {
			unit = UNITS[i].seconds;
			s.n--;
			break;
		}
	}
	if (!number_i64(s, 0, SPAN_MAX / unit, &n) || s.p[0] == '-')
		return false;
	*seconds = n * unit;
	return true;
}

const char *
clock_unit(int64_t span, int64_t *seconds)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} UNITS[] = {
		{ "days", CLOCK_DAY },
		{ "hours", 3600 },
		{ "minutes", 60 },
		{ "seconds", 1 },
	};
	size_t i = 0;

	while (span % UNITS[i].seconds != 0)
		i++;
	*seconds = UNITS[i].seconds;
	return UNITS[i].name;
}
