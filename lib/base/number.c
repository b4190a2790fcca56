/* number.c - text to numbers, always with a range. */
#include "base/number.h"

#include <stdarg.h>
#include <stdio.h>

static bool
digits(struct str s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]) ||
		    __builtin_mul_overflow(v, (uint64_t)10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	*out = v;
	return true;
}

bool
number_u64(struct str s, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t v;

	if (!digits(s, &v) || v < min || v > max)
		return false;
	*out = v;
	return true;
}

bool
number_i64(struct str s, int64_t min, int64_t max, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	uint64_t size;
	int64_t v;

	if (!digits(str_skip(s, minus ? 1 : 0), &size))
		return false;
	if (size > (uint64_t)INT64_MAX + (minus ? 1 : 0))
		return false;
	/* Negating INT64_MIN's size as a signed number would overflow. */
	if (minus && size > 0)
		v = -(int64_t)(size - 1) - 1;
	else
		v = (int64_t)size;
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

bool
number_size(struct str s, uint64_t min, uint64_t max, uint64_t *out)
{
	static const char UNITS[] = "KMGT";
	struct str units = STR(UNITS);
	uint64_t v;
	size_t at;

	if (str_ends(s, STR("iB")))
		s.n -= 2;
	else if (s.n > 0 && ascii_is_digit(s.p[s.n - 1]))
		return number_u64(s, min, max, out);
	if (s.n == 0)
		return false;
	at = str_chr(units, s.p[s.n - 1]);
	if (at == units.n || !digits(str_sub(s, 0, s.n - 1), &v))
		return false;
	for (size_t i = 0; i <= at; i++)
		if (__builtin_mul_overflow(v, (uint64_t)1024, &v))
			return false;
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

bool
number_print(char *out, size_t cap, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(out, cap, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < cap)
		return true;
	if (cap > 0)
		out[0] = '\0';
	return false;
}
