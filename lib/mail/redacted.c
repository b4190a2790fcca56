/* redacted.c - tells local parts that were made unreadable. */
#include "mail/redacted.h"

static bool
is_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = ascii_lower(s.p[i]);

		if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
			return false;
	}
	return true;
}

static bool
is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return true;
}

/* A digest in base64, as RFC 6590 has it, with its padding. */
static bool
is_base64(struct str s, size_t padding)
{
	size_t n = s.n - padding;

	for (size_t i = 0; i < n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '+' && s.p[i] != '/')
			return false;
	return str_eq(str_skip(s, n), str_sub(STR("=="), 0, padding));
}

static bool
is_hash(struct str s)
{
	switch (s.n) {
	case 24: /* MD5 */
		return is_base64(s, 2);
	case 28: /* SHA-1 */
	case 44: /* SHA-256 */
		return is_base64(s, 1);
	case 16: /* SipHash */
		/* Digits alone are a number that somebody has; one hash in
		 * 1800 looks so. */
		return is_hex(s) && !is_digits(s);
	case 32: /* MD5 */
	case 40: /* SHA-1 */
	case 64: /* SHA-256 */
		return is_hex(s);
	default:
		return false;
	}
}

bool
redacted_by_loop(struct str local)
{
	return (local.n == 32 || local.n == 40) && is_hex(local);
}

/* "redacted" as a word of its own, with its "t" at `at`: redacted-abc,
 * user-redacted. */
static bool
is_redacted(struct str s, size_t at)
{
	static const struct str WORD = { "redacted", 8 };
	size_t end = at + 3, from = end - WORD.n;

	return end >= WORD.n && str_ieq(str_sub(s, from, WORD.n), WORD) &&
	    (from == 0 || !ascii_is_alnum(s.p[from - 1])) &&
	    (end == s.n || !ascii_is_alnum(s.p[end]));
}

/* Asked of every row, and nearly always in vain: one pass over a few bytes. */
static bool
has_mark(struct str s)
{
	size_t n = s.n;

	for (size_t i = 1; i < n; i++)
		if (s.p[i] == '*' ? s.p[i - 1] == '*'
				  : (s.p[i] | 0x20) == 't' &&
			    (s.p[i - 1] | 0x20) == 'c' && is_redacted(s, i))
			return true;
	return n > 2 && s.p[n - 1] == '.' && str_ends(s, STR("..."));
}

bool
redacted_local(struct str local)
{
	if (local.n == 0)
		return true;
	return (ascii_lower(local.p[0]) == 'u' &&
		   str_istarts(local, STR("undisclosed"))) ||
	    is_hash(local) || has_mark(local);
}
