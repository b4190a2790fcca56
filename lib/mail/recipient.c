/* recipient.c - whom a report names, as the key of an event. */
#include "mail/recipient.h"

#include <string.h>

#include "mail/fields.h"
#include "mail/unitext.h"

/* An address whose '@' went through xtext or quoted-printable once. */
static struct str
with_at(struct str s, char *out)
{
	size_t at = str_find(s, STR("=40"));

	if (str_chr(s, '@') < s.n)
		return s;
	if (at == s.n)
		at = str_find(s, STR("+40"));
	if (at == s.n)
		return s;
	if (out != s.p)
		memcpy(out, s.p, s.n);
	out[at] = '@';
	memmove(out + at + 1, out + at + 3, s.n - at - 3);
	return str_of(out, s.n - 2);
}

static enum address_cause
key_of(struct str value, char *out, size_t cap)
{
	char raw[RECIPIENT_RAW_MAX];
	struct str s = fields_address(value);

	out[0] = '\0';
	if (s.n > sizeof raw)
		return ADDRESS_LOCAL_LONG;
	if (str_find(s, STR("\\x")) < s.n || str_find(s, STR("\\X")) < s.n)
		s = unitext_decode(s, raw);
	s = with_at(s, raw);
	return address_key(s, out, cap);
}

bool
recipient_key(struct str value, char *out, size_t cap)
{
	return key_of(value, out, cap) == ADDRESS_OK;
}

bool
recipient_take(struct event *ev, struct str value)
{
	enum address_cause why = key_of(value, ev->address, sizeof ev->address);

	ev->rcpt = fields_address(value);
	if (why == ADDRESS_OK && !address_is_redacted(str_from(ev->address))) {
		ev->skip = SKIP_NONE;
		return true;
	}
	ev->address[0] = '\0';
	ev->skip = why == ADDRESS_EMPTY                    ? SKIP_NO_RECIPIENT
	    : why == ADDRESS_OK || why == ADDRESS_REDACTED ? SKIP_REDACTED
							   : SKIP_BAD_ADDRESS;
	return false;
}

bool
recipient_xtext(struct str s, char *out, size_t cap)
{
	size_t n = 0;

	if (s.n >= cap)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		struct str code = str_sub(s, i, 3);

		out[n] = s.p[i];
		if (str_eq(code, STR("+3D")))
			out[n] = '=';
		if (str_eq(code, STR("+2B")) || str_eq(code, STR("+3D")))
			i += 2;
		n++;
	}
	out[n] = '\0';
	return true;
}

bool
recipient_take_original(struct event *ev, struct str value)
{
	char text[RECIPIENT_RAW_MAX];
	bool taken = false;

	if (!str_istarts(value, STR("rfc822;")))
		return recipient_take(ev, value);
	if (recipient_xtext(value, text, sizeof text)) {
		taken = recipient_take(ev, str_from(text));
	} else {
		ev->address[0] = '\0';
		ev->skip = SKIP_BAD_ADDRESS;
	}
	ev->rcpt = fields_address(value);
	return taken;
}

/* The end of a quoted string or comment that s begins with. */
static size_t
quoted_length(struct str s)
{
	char end = s.p[0] == '"' ? '"' : ')';
	size_t i = 1;

	while (i < s.n && s.p[i] != end)
		i += s.p[i] == '\\' ? 2 : 1;
	return i < s.n ? i + 1 : s.n;
}

bool
recipient_single(struct str to, struct str *one)
{
	struct str part = str_sub(to, 0, 0);
	unsigned found = 0;

	for (size_t i = 0; i < to.n;) {
		bool ends = to.p[i] == ',' || to.p[i] == ';';
		size_t n = to.p[i] == '"' || to.p[i] == '('
		    ? quoted_length(str_skip(to, i))
		    : 1;

		i += n;
		if (!ends)
			part.n = (size_t)(to.p + i - part.p);
		if (!ends && i < to.n)
			continue;
		if (str_chr(part, '@') < part.n && found++ == 0)
			*one = str_trim(part);
		part = str_sub(to, i, 0);
	}
	return found == 1;
}
