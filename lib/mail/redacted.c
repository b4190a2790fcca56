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

bool
redacted_local(struct str local)
{
	if (local.n == 0)
		return true;
	/* Asked of every row: the first byte rules most words out. */
	switch (ascii_lower(local.p[0])) {
	case 'r':
	case '[':
		if (str_ieq(local, STR("redacted")) ||
		    str_ieq(local, STR("[redacted]")))
			return true;
		break;
	case 'u':
		if (str_istarts(local, STR("undisclosed")))
			return true;
		break;
	default:
		break;
	}
	return is_hash(local) || str_ends(local, STR("..."));
}
