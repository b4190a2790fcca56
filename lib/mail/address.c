/* address.c - mail addresses: the key under which one is listed. */
#include "mail/address.h"

#include <idn2.h>
#include <string.h>

#include "mail/redacted.h"
#include "mail/unitext.h"
#include "wrap/glib.h"

#define LOCAL_MAX 64
#define DOMAIN_MAX 255
#define LABEL_MAX 63
#define QUOTED_MAX (2 * LOCAL_MAX + 2) /* every byte behind a backslash */
#define DOMAIN_TEXT_MAX 1024 /* of U-labels */

/* What an unquoted local part may hold (atext and the dot), and a domain of
 * ASCII, as they are keyed; 0 for all else. */
static const char LOCAL_BYTES[256] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				     "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				     "\0!\0#$%&'\0\0*+\0-./"
				     "0123456789\0\0\0=\0?"
				     "\0abcdefghijklmno"
				     "pqrstuvwxyz\0\0\0^_"
				     "`abcdefghijklmno"
				     "pqrstuvwxyz{|}~";
static const char DOMAIN_BYTES[256] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				      "\0\0\0\0\0\0\0\0\0\0\0\0\0-.\0"
				      "0123456789\0\0\0\0\0\0"
				      "\0abcdefghijklmno"
				      "pqrstuvwxyz\0\0\0\0\0"
				      "\0abcdefghijklmno"
				      "pqrstuvwxyz";

static const struct {
	const char *name, *text;
} CAUSES[] = {
	[ADDRESS_OK] = { "ok", "an address" },
	[ADDRESS_EMPTY] = { "empty", "empty" },
	[ADDRESS_NO_AT] = { "no-at", "nothing before or behind an @" },
	[ADDRESS_LOCAL_LONG] = { "local-long",
	    "more than 64 bytes before the @" },
	[ADDRESS_LOCAL_BAD] = { "local-bad",
	    "a character before the @ that may not stand there" },
	[ADDRESS_DOMAIN_LONG] = { "domain-long", "the domain is too long" },
	[ADDRESS_DOMAIN_BAD] = { "domain-bad",
	    "what is behind the @ is no domain name" },
	[ADDRESS_LITERAL] = { "literal",
	    "an IP address stands for the domain" },
	[ADDRESS_NOT_UTF8] = { "not-utf8", "not UTF-8" },
	[ADDRESS_REDACTED] = { "redacted",
	    "made unreadable on the way (redacted or hashed)" },
};

const char *
address_cause_text(enum address_cause c)
{
	return (size_t)c < COUNT(CAUSES) ? CAUSES[c].text : "unknown";
}

const char *
address_cause_name(enum address_cause c)
{
	return (size_t)c < COUNT(CAUSES) ? CAUSES[c].name : "unknown";
}

struct str
address_domain(struct str key)
{
	size_t at = str_rchr(key, '@');

	return str_skip(key, at == key.n ? at : at + 1);
}

static inline char
local_byte(char c)
{
	return LOCAL_BYTES[(unsigned char)c];
}

static bool
has_high(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > 0x7f)
			return true;
	return false;
}

bool
address_is_redacted(struct str key)
{
	size_t at = str_rchr(key, '@');

	return key.n > 0 && redacted_local(str_sub(key, 0, at));
}

/* ---- domains ---- */

static bool
is_number(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] >= '0' && p[i] <= '9')
		i++;
	return i == n;
}

static bool
is_label(const char *p, size_t n)
{
	return n > 0 && n <= LABEL_MAX && p[0] != '-' && p[n - 1] != '-';
}

/* A domain of ASCII into out, which has room for it: small letters, labels of
 * the right length between dots. */
static enum address_cause
put_labels(struct str d, char *out)
{
	size_t from = 0;

	if (d.n > DOMAIN_MAX)
		return ADDRESS_DOMAIN_LONG;
	for (size_t i = 0; i < d.n; i++) {
		char c = DOMAIN_BYTES[(unsigned char)d.p[i]];

		out[i] = c;
		if (c == 0 || (c == '.' && !is_label(out + from, i - from)))
			return ADDRESS_DOMAIN_BAD;
		if (c == '.')
			from = i + 1;
	}
	out[d.n] = '\0';
	/* Not one label alone, and not 192.0.2.1. */
	return from == 0 || !is_label(out + from, d.n - from) ||
		is_number(out + from, d.n - from)
	    ? ADDRESS_DOMAIN_BAD
	    : ADDRESS_OK;
}

/* U-labels to A-labels; *ascii is to be freed with idn2_free(). */
static enum address_cause
domain_to_ascii(struct str d, uint8_t **ascii)
{
	char text[DOMAIN_TEXT_MAX];
	int rc;

	if (d.n >= sizeof text)
		return ADDRESS_DOMAIN_LONG;
	if (!glib_is_utf8(d))
		return ADDRESS_NOT_UTF8;
	if (!str_copy(d, text, sizeof text))
		return ADDRESS_DOMAIN_BAD;
	/* Not IDN2_USE_STD3_ASCII_RULES: libidn2 2.3 drops what those forbid
	 * ("b x" becomes "bx"); put_labels() refuses it. */
	rc = idn2_lookup_u8((const uint8_t *)text, ascii,
	    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc == IDN2_TOO_BIG_DOMAIN)
		return ADDRESS_DOMAIN_LONG;
	return rc == IDN2_OK ? ADDRESS_OK : ADDRESS_DOMAIN_BAD;
}

bool
address_shown(struct str key, char *out, size_t cap)
{
	size_t at = str_rchr(key, '@');
	char *shown = NULL;
	char text[ADDRESS_MAX];
	bool ok;

	if (at == key.n || str_ifind(key, STR("xn--")) == key.n ||
	    !str_copy(str_skip(key, at + 1), text, sizeof text))
		return false;
	ok = idn2_to_unicode_8z8z(text, &shown, 0) == IDN2_OK &&
	    strcmp(shown, text) != 0 && at + 1 < cap &&
	    str_copy(str_from(shown), out + at + 1, cap - at - 1);
	if (ok)
		memcpy(out, key.p, at + 1);
	idn2_free(shown);
	return ok;
}

static enum address_cause
put_ascii_domain(struct str d, char *out, size_t cap)
{
	if (str_ends(d, STR(".")))
		d = str_sub(d, 0, d.n - 1);
	if (d.n >= cap)
		return ADDRESS_DOMAIN_LONG;
	return put_labels(d, out);
}

static enum address_cause
put_domain(struct str d, char *out, size_t cap)
{
	enum address_cause cause;
	uint8_t *ascii = NULL;

	if (str_starts(d, STR("[")))
		return ADDRESS_LITERAL;
	if (!has_high(d))
		return put_ascii_domain(d, out, cap);
	cause = domain_to_ascii(d, &ascii);
	if (cause == ADDRESS_OK)
		cause =
		    put_ascii_domain(str_from((const char *)ascii), out, cap);
	idn2_free(ascii);
	return cause;
}

/* ---- local parts ---- */

/*
 * Whether s is keyed without quotes: atext, UTF-8 and dots, not of dots alone.
 * RFC 5321 wants quotes where a dot is first, last or beside another; mailboxes
 * of Japanese phones have such dots, and nobody writes quotes around them.
 */
static bool
is_bare(struct str s)
{
	bool named = false;

	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < 0x80 && local_byte(s.p[i]) == 0)
			return false;
		named = named || s.p[i] != '.';
	}
	return named;
}

static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == '\x7f')
			return true;
	return false;
}

/* Well-formed UTF-8 with a character that no name holds: C1 controls, white
 * space, bidi marks, line separators; signs that Unicode has another form of,
 * in ASCII, which may be somebody else's name: Greek question mark and varia,
 * Kelvin. ZWJ and ZWNJ are letters to some. */
static bool
has_unseen(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		unsigned char a = (unsigned char)s.p[i];
		unsigned char b = (unsigned char)s.p[i + 1];
		unsigned char c = i + 2 < s.n ? (unsigned char)s.p[i + 2] : 0;

		if ((a == 0xc2 && b <= 0xa0) || (a == 0xcd && b == 0xbe) ||
		    (a == 0xe1 && b == 0xbf && c == 0xaf) ||
		    (a == 0xe2 && b == 0x84 && c == 0xaa))
			return true;
		if (a == 0xe2 && b == 0x80 && c != 0x8c && c != 0x8d &&
		    (c <= 0x8f || (c >= 0xa8 && c <= 0xaf)))
			return true;
		if ((a == 0xe2 && b == 0x81 && c >= 0x9f && c <= 0xaf) ||
		    (a == 0xe3 && b == 0x80 && c == 0x80) ||
		    (a == 0xef && b == 0xbb && c == 0xbf))
			return true;
	}
	return false;
}

/* What quotes hold, without them and without backslashes. */
static bool
unquote_local(struct str s, char *out, size_t *n)
{
	*n = 0;
	s = str_sub(s, 1, s.n - 2);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			return false;
		if (s.p[i] == '\\' && ++i == s.n)
			return false;
		out[(*n)++] = s.p[i];
	}
	return true;
}

/* Folded text into out, with quotes where it cannot stand without. */
static enum address_cause
put_local_text(struct str s, bool may_quote, char *out, size_t cap, size_t *n)
{
	bool bare = is_bare(s);

	if ((!bare && !may_quote) || s.n == 0 || has_control(s))
		return ADDRESS_LOCAL_BAD;
	if (2 * s.n + 4 > cap)
		return ADDRESS_LOCAL_LONG;
	*n = 0;
	if (!bare)
		out[(*n)++] = '"';
	for (size_t i = 0; i < s.n; i++) {
		if (!bare && (s.p[i] == '"' || s.p[i] == '\\'))
			out[(*n)++] = '\\';
		out[(*n)++] = s.p[i];
	}
	if (!bare)
		out[(*n)++] = '"';
	return ADDRESS_OK;
}

static enum address_cause
put_local(struct str s, char *out, size_t cap, size_t *n)
{
	char text[QUOTED_MAX];
	char folded[ADDRESS_MAX / 2];
	bool quoted = s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"';
	size_t len;

	if (s.n > (quoted ? QUOTED_MAX : LOCAL_MAX))
		return ADDRESS_LOCAL_LONG;
	if (quoted) {
		if (!unquote_local(s, text, &len))
			return ADDRESS_LOCAL_BAD;
		if (len > LOCAL_MAX)
			return ADDRESS_LOCAL_LONG;
		s = str_of(text, len);
	}
	if (!glib_is_utf8(s))
		return str_chr(s, '\0') < s.n ? ADDRESS_LOCAL_BAD
					      : ADDRESS_NOT_UTF8;
	if (has_unseen(s))
		return ADDRESS_LOCAL_BAD;
	/* The limit holds for the key too, or it would be no address itself. */
	if (!glib_fold(s, folded, sizeof folded) || strlen(folded) > LOCAL_MAX)
		return ADDRESS_LOCAL_LONG;
	/* "redacted" in quotes; nothing in quotes is only wrong. */
	if (folded[0] != '\0' && redacted_local(str_from(folded)))
		return ADDRESS_REDACTED;
	return put_local_text(str_from(folded), quoted, out, cap, n);
}

/* ---- whole addresses ---- */

/*
 * Nearly every address of a row: ASCII, no quotes, nothing to take off. False
 * when it is any other, or none.
 */
static bool
put_plain(struct str in, char *out, size_t cap)
{
	size_t i = 0;
	size_t at;
	char c;

	if (in.n >= cap)
		return false;
	for (; i < in.n && (c = local_byte(in.p[i])) != 0; i++)
		out[i] = c;
	at = i;
	if (at == 0 || at > LOCAL_MAX || at == in.n || in.p[at] != '@' ||
	    out[0] == '.' || redacted_local(str_of(out, at)))
		return false;
	out[at] = '@';
	return put_labels(str_skip(in, at + 1), out + at + 1) == ADDRESS_OK;
}

/* Without what stands around an address: white space, its type, <>. */
static struct str
strip(struct str s, bool *unitext)
{
	s = str_trim(s);
	*unitext = str_istarts(s, STR("utf-8;"));
	if (*unitext)
		s = str_trim(str_skip(s, 6));
	else if (str_istarts(s, STR("rfc822;")))
		s = str_trim(str_skip(s, 7));
	if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		s = str_trim(str_sub(s, 1, s.n - 2));
	return s;
}

static enum address_cause
put_any(struct str s, char *out, size_t cap)
{
	enum address_cause cause;
	size_t at = str_rchr(s, '@');
	size_t n = 0;

	if (s.n == 0)
		return ADDRESS_EMPTY;
	if (at == s.n)
		return redacted_local(s) ? ADDRESS_REDACTED : ADDRESS_NO_AT;
	if (at == 0 || at + 1 == s.n)
		return ADDRESS_NO_AT;
	if (redacted_local(str_sub(s, 0, at)))
		return ADDRESS_REDACTED;
	cause = put_local(str_sub(s, 0, at), out, cap, &n);
	if (cause != ADDRESS_OK)
		return cause;
	out[n++] = '@';
	return put_domain(str_skip(s, at + 1), out + n, cap - n);
}

enum address_cause
address_key(struct str in, char *out, size_t cap)
{
	char text[2 * ADDRESS_MAX + DOMAIN_TEXT_MAX];
	enum address_cause cause;
	bool unitext;

	if (put_plain(in, out, cap))
		return ADDRESS_OK;
	in = strip(in, &unitext);
	if (unitext && in.n <= sizeof text)
		in = unitext_decode(in, text);
	cause = put_any(in, out, cap);
	if (cause != ADDRESS_OK && cap > 0)
		out[0] = '\0';
	return cause;
}

enum address_cause
address_domain_key(struct str in, char *out, size_t cap)
{
	enum address_cause cause;

	if (cap > 0)
		out[0] = '\0';
	in = str_trim(in);
	if (str_starts(in, STR("@")))
		in = str_skip(in, 1);
	if (in.n == 0)
		return ADDRESS_EMPTY;
	if (cap < 2)
		return ADDRESS_DOMAIN_LONG;
	cause = put_domain(in, out + 1, cap - 1);
	out[0] = cause == ADDRESS_OK ? '@' : '\0';
	return cause;
}
