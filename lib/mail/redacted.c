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

static bool
is_hash(struct str s)
{
	switch (s.n) {
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

/* "redacted" as a word of its own: redacted-abc, user-redacted. */
static bool
has_redacted(struct str s)
{
	static const struct str WORD = { "redacted", 8 };
	size_t at = str_ifind(s, WORD);
	size_t end = at + WORD.n;

	return at < s.n && (at == 0 || !ascii_is_alnum(s.p[at - 1])) &&
	    (end == s.n || !ascii_is_alnum(s.p[end]));
}

bool
redacted_local(struct str local)
{
	if (local.n == 0)
		return true;
	/* Asked of every row: cheap looks first. */
	if (ascii_lower(local.p[0]) == 'u' &&
	    str_istarts(local, STR("undisclosed")))
		return true;
	return is_hash(local) || str_find(local, STR("**")) < local.n ||
	    (local.n >= 8 && has_redacted(local)) || str_ends(local, STR("..."));
}
