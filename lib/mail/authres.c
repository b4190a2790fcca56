/* authres.c - what a trusted host says about a mail's sender (RFC 8601). */
#include "mail/authres.h"

#include "mail/address.h"
#include "mail/fields.h"

/* The value without comments; a ';' in a quoted string becomes a space, so
 * that each one left ends a result. The one in which a long value is cut is
 * left out: more of its domain's name may follow. out is AUTHRES_FIELD_MAX
 * bytes. */
static struct str
without_comments(struct str s, char *out)
{
	size_t n = 0;
	unsigned depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.n && i < AUTHRES_FIELD_MAX; i++) {
		char c = s.p[i];

		if (c == '\\' && (quoted || depth > 0)) {
			i++;
		} else if (c == '"' && depth == 0) {
			quoted = !quoted;
		} else if (c == '(' && !quoted) {
			depth++;
		} else if (c == ')' && depth > 0) {
			depth--;
		} else if (depth == 0) {
			out[n++] = quoted && c == ';' ? ' ' : c;
		}
	}
	if (s.n > AUTHRES_FIELD_MAX)
		n = str_rchr(str_of(out, n), ';');
	return str_of(out, n);
}

/* The topmost field of that host, without its name; empty: none. */
static struct str
results_of(struct str head, struct str host, char *out)
{
	struct field f;
	struct str rest, id, word;

	while (fields_next(&head, &f)) {
		if (!str_ieq(f.name, STR("Authentication-Results")))
			continue;
		rest = without_comments(f.value, out);
		/* "mx.example.com 1;": a version may follow. */
		if (str_cut(&rest, ';', &id) && str_word(&id, &word) &&
		    str_ieq(word, host))
			return rest;
	}
	return (struct str){ 0 };
}

/* The domain that "user@domain", "@domain" or "domain" names, as a key. */
static bool
domain_key(struct str value, char *out)
{
	size_t at = str_rchr(value, '@');

	if (at < value.n)
		value = str_skip(value, at + 1);
	return address_domain_key(value, out, ADDRESS_MAX) == ADDRESS_OK;
}

/* Whether domain is above, or is, below; both are keys ("@example.com"). */
static bool
covers(const char *above, const char *below)
{
	struct str a = str_skip(str_from(above), 1);
	struct str b = str_skip(str_from(below), 1);

	return str_ends(b, a) && (a.n == b.n || b.p[b.n - a.n - 1] == '.');
}

/* The first property of a result that has one of the names (the last is
 * NULL), as the key of its domain. */
static bool
property(struct str result, const char *const *names, char *key)
{
	struct str word;

	while (str_word(&result, &word)) {
		for (size_t i = 0; names[i] != NULL; i++) {
			struct str name = str_from(names[i]);

			if (str_istarts(word, name))
				return domain_key(str_skip(word, name.n), key);
		}
	}
	return false;
}

static bool
spf_confirms(struct str result, const char *sender)
{
	static const char *const NAMES[] = { "smtp.mailfrom=", NULL };
	char key[ADDRESS_MAX];

	return property(result, NAMES, key) &&
	    str_eq(str_from(key), str_from(sender));
}

static bool
dkim_confirms(struct str result, const char *sender)
{
	static const char *const NAMES[] = { "header.d=", "header.i=", NULL };
	char key[ADDRESS_MAX];

	return property(result, NAMES, key) && covers(key, sender);
}

bool
authres_confirms(
    struct str head, struct str host, struct str sender, struct str author)
{
	char text[AUTHRES_FIELD_MAX], key[ADDRESS_MAX], by[ADDRESS_MAX];
	char domain[ADDRESS_MAX];
	struct str rest, result, word;
	bool is_author;

	if (host.n == 0 || address_key(sender, key, sizeof key) != ADDRESS_OK ||
	    !domain_key(str_from(key), domain))
		return false;
	is_author = address_key(author, by, sizeof by) == ADDRESS_OK &&
	    str_eq(str_from(by), str_from(key));
	rest = results_of(head, host, text);
	while (str_cut(&rest, ';', &result)) {
		if (!str_word(&result, &word))
			continue;
		if (str_ieq(word, STR("spf=pass")) &&
		    spf_confirms(result, domain))
			return true;
		if (is_author && str_ieq(word, STR("dkim=pass")) &&
		    dkim_confirms(result, domain))
			return true;
	}
	return false;
}
