/* like.c - patterns of addresses, with '*' and '?', as keys are matched. */
#include "mail/like.h"

#include <string.h>

#include "wrap/glib.h"

bool
like_is_wild(struct str s)
{
	return str_chr(s, '*') < s.n || str_chr(s, '?') < s.n;
}

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] & 0x80) != 0)
			return false;
	return true;
}

static void
put_lower(struct str s, char *out)
{
	for (size_t i = 0; i < s.n; i++)
		out[i] = ascii_lower(s.p[i]);
	out[s.n] = '\0';
}

/* How much of a domain goes up to the dot behind its last wildcard. */
static size_t
wild_part(struct str domain)
{
	size_t n = domain.n;

	while (n > 0 && !like_is_wild(str_sub(domain, n - 1, 1)))
		n--;
	return n + str_chr(str_skip(domain, n), '.');
}

static bool
put_domain(struct str domain, char *out, size_t cap)
{
	size_t n = like_is_wild(domain) ? wild_part(domain) : 0;
	struct str wild, rest;
	char key[ADDRESS_MAX];

	if (is_ascii(domain)) {
		if (domain.n >= cap)
			return false;
		put_lower(domain, out);
		return true;
	}
	if (n > 0 && n < domain.n)
		n++;
	wild = str_sub(domain, 0, n);
	rest = str_skip(domain, n);
	if (!is_ascii(wild) ||
	    address_domain_key(rest, key, sizeof key) != ADDRESS_OK ||
	    n + strlen(key) > cap)
		return false;
	put_lower(wild, out);
	memcpy(out + n, key + 1, strlen(key));
	return true;
}

bool
like_key(struct str pattern, char *out)
{
	size_t at = str_rchr(pattern, '@');
	struct str local = str_sub(pattern, 0, at);
	size_t n;

	if (pattern.n >= ADDRESS_MAX)
		return false;
	/* What is no UTF-8 is no key's, and stays as it is. */
	if (!glib_fold(local, out, ADDRESS_MAX - 1))
		put_lower(local, out);
	n = strlen(out);
	if (at == pattern.n)
		return true;
	out[n++] = '@';
	return put_domain(str_skip(pattern, at + 1), out + n, ADDRESS_MAX - n);
}
