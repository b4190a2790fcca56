/* pseudo.c - pseudonyms: the same word gets the same one, and nobody without
 * the key can tell whose it is. */
#include "work/pseudo.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/random.h>

#include "base/number.h"
#include "mail/address.h"
#include "mail/scan.h"
#include "wrap/glib.h"

#define LOCAL_MAX 64 /* RFC 5321: a longer local part is none */
#define PIECE_MIN 6  /* letters, so that no pseudonym is somebody's name */
#define LABELS 32
#define WORD_MAX 1024 /* bytes that are hashed */

bool
pseudo_init(struct pseudo *p, struct err *e)
{
	unsigned char raw[16];

	if (getrandom(raw, sizeof raw, 0) != sizeof raw)
		return err_set(e, EX_OSERR, "the system gives no random bytes; "
		    "try again in a moment");
	for (size_t i = 0; i < sizeof raw; i++)
		(void)number_print(p->key + 2 * i, 3, "%02x", raw[i]);
	return true;
}

/* 64 hex digits for the word of that kind, whatever its case. */
static void
digest(const struct pseudo *p, char kind, struct str s, char hex[65])
{
	char text[WORD_MAX + 1];
	size_t n = s.n < WORD_MAX ? s.n : WORD_MAX;

	text[0] = kind;
	if (s.n >= WORD_MAX || !glib_fold(s, text + 1, WORD_MAX))
		for (size_t i = 0; i < n; i++)
			text[i + 1] = ascii_lower(s.p[i]);
	else
		n = strlen(text + 1);
	glib_hmac_hex(str_from(p->key), str_of(text, n + 1), hex);
}

/* The i-th number below `below` of a digest. */
static unsigned
part(const char *hex, size_t i, unsigned below)
{
	static const char DIGITS[] = "0123456789abcdef";
	size_t at = i * 2 % 62;
	unsigned n = 0;

	for (size_t k = 0; k < 4; k++)
		n = n * 16 + (unsigned)(strchr(DIGITS, hex[(at + k) % 64]) -
		    DIGITS);
	return n % below;
}

static unsigned
number_of(const struct pseudo *p, char kind, struct str s)
{
	char hex[65];
	unsigned n = 0;

	digest(p, kind, s, hex);
	for (size_t i = 0; i < 7; i++)
		n = n * 16 + part(hex, i * 3, 16);
	return n;
}

/* ---- local parts ---- */

static bool
is_joint(char c)
{
	return !ascii_is_alnum(c) && (c & 0x80) == 0;
}

static void
add_piece(const struct pseudo *p, struct str s, bool pad, struct buf *out)
{
	bool letters = false, digits = true, high = false;
	size_t n = pad && s.n < PIECE_MIN ? PIECE_MIN : s.n;
	char hex[65];

	for (size_t i = 0; i < s.n; i++) {
		letters |= !ascii_is_digit(s.p[i]);
		digits &= ascii_is_digit(s.p[i]);
		high |= (s.p[i] & 0x80) != 0;
	}
	digest(p, 'l', s, hex);
	for (size_t i = 0; i < n; i++) {
		bool digit = digits || (letters && i < s.n &&
		    ascii_is_digit(s.p[i]));

		buf_addc(out, digit ? (char)('0' + part(hex, i, 10))
		    : (char)('a' + part(hex, i, 26)));
	}
	if (high)
		buf_adds(out, "\xc3\xbc");
}

static void
add_local(const struct pseudo *p, struct str s, bool pad, struct buf *out)
{
	for (size_t i = 0, end; i < s.n; i = end) {
		end = i;
		while (end < s.n && !is_joint(s.p[end]))
			end++;
		if (end > i)
			add_piece(p, str_sub(s, i, end - i), pad, out);
		else
			buf_addc(out, s.p[end++]);
	}
}

void
pseudo_local(const struct pseudo *p, struct str s, struct buf *out)
{
	size_t from = out->n;

	add_local(p, s, true, out);
	if (out->n - from <= LOCAL_MAX || s.n > LOCAL_MAX || out->failed)
		return;
	out->n = from;
	add_local(p, s, false, out);
}

/* ---- domains and hosts ---- */

/* Labels of s from the k-th on. */
static struct str
labels_from(struct str s, size_t k)
{
	while (k-- > 0)
		s = str_skip(s, str_chr(s, '.') + 1);
	return s;
}

static size_t
label_count(struct str s)
{
	size_t n = s.n > 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '.';
	return n;
}

static bool
is_provider(const struct pseudo *p, struct str host)
{
	return provider_find(p->providers, host, host) != PROVIDER_OTHER;
}

/* The first label from which on the name is a provider's own: what stands
 * before it may be a customer's. labels: it is nobody's. */
static size_t
provider_label(const struct pseudo *p, struct str s, size_t labels)
{
	size_t found = labels;
	char test[ADDRESS_MAX];

	for (size_t k = 0; k < labels; k++) {
		struct str rest = labels_from(s, k);

		if (number_print(test, sizeof test, "x.%.*s", (int)rest.n,
		    rest.p) && is_provider(p, str_from(test)))
			found = k;
		else if (found == labels && is_provider(p, rest))
			return k;
	}
	return found;
}

/* Where the name that somebody registered begins: two labels, or three below
 * one such as co.uk. */
static size_t
registered_label(struct str s, size_t labels)
{
	struct str second;

	if (labels < 3)
		return 0;
	second = labels_from(s, labels - 2);
	second.n = str_chr(second, '.');
	return labels - (second.n <= 3 ? 3 : 2);
}

static void
add_labels(const struct pseudo *p, struct str s, size_t labels,
    struct buf *out)
{
	size_t keep = provider_label(p, s, labels);
	size_t base = keep < labels ? keep : registered_label(s, labels);

	for (size_t k = 0; k < base; k++)
		buf_addf(out, "h%u.", number_of(p, 'h', labels_from(s, k)));
	if (keep < labels)
		buf_add(out, labels_from(s, keep));
	else
		buf_addf(out, "d%u%s", number_of(p, 'd', labels_from(s, base)),
		    labels > 1 ? ".example" : "");
}

/* The same whether its labels are written in Unicode or as A-labels. */
void
pseudo_domain(const struct pseudo *p, struct str s, struct buf *out)
{
	char key[ADDRESS_MAX + 1];
	struct str name = s;
	size_t labels;

	if (address_domain_key(s, key, sizeof key) == ADDRESS_OK)
		name = str_skip(str_from(key), 1);
	labels = label_count(name);
	if (labels == 0)
		return;
	/* No domain stays none. */
	if (name.p == s.p && labels > 1) {
		buf_addf(out, "d_%u.example", number_of(p, 'd', s));
		return;
	}
	add_labels(p, name, labels < LABELS ? labels : 1, out);
}

/* ---- addresses ---- */

/* Who is hidden already is known by how that looks. */
static bool
add_redacted(const struct pseudo *p, struct str local, struct buf *out)
{
	char test[ADDRESS_MAX];
	bool hex = local.n >= 16;

	if (!number_print(test, sizeof test, "%.*s@b.example", (int)local.n,
	    local.p) || !address_is_redacted(str_from(test)))
		return false;
	for (size_t i = 0; i < local.n; i++)
		hex &= scan_is_kind(local, i, SCAN_HEX);
	if (hex)
		pseudo_id(p, local, out);
	else
		buf_adds(out, str_istarts(local, STR("undisclosed"))
		    ? "undisclosed" : local.n == 0 ? "" : "redacted");
	return true;
}

/* "bounce-ada=x.example": the domain behind the last '=' is one. */
static void
add_verp(const struct pseudo *p, struct str local, struct buf *out)
{
	size_t equals = str_rchr(local, '=');
	struct str domain = str_skip(local, equals + 1);
	struct str left = str_sub(local, 0, equals);
	char key[ADDRESS_MAX + 1];

	if (p->verp_prefix.n > 0 && left.n > p->verp_prefix.n &&
	    str_istarts(left, p->verp_prefix) &&
	    left.p[p->verp_prefix.n] == '-') {
		buf_add(out, p->verp_prefix);
		left = str_skip(left, p->verp_prefix.n);
	}
	add_local(p, left, true, out);
	if (equals == local.n)
		return;
	buf_addc(out, '=');
	if (address_domain_key(domain, key, sizeof key) == ADDRESS_OK)
		pseudo_domain(p, domain, out);
	else
		add_local(p, domain, true, out);
}

void
pseudo_address(const struct pseudo *p, struct str s, struct buf *out)
{
	size_t at = str_rchr(s, '@');
	struct str local = str_sub(s, 0, at), domain = str_skip(s, at + 1);
	size_t from = out->n;

	if (str_chr(local, '=') < local.n)
		add_verp(p, local, out);
	else if (at == s.n || !add_redacted(p, local, out))
		pseudo_local(p, local, out);
	if (at == s.n || out->failed)
		return;
	/* Nothing of it is left in pieces that are too long. */
	if (out->n - from > 4 * LOCAL_MAX && local.n <= 4 * LOCAL_MAX)
		out->n = from + 4 * LOCAL_MAX;
	buf_addc(out, '@');
	if (domain.n > 1 && domain.p[0] == '[') {
		buf_addc(out, '[');
		pseudo_ip(p, str_sub(domain, 1, domain.n - 2), out);
		buf_addc(out, ']');
	} else {
		pseudo_domain(p, domain, out);
	}
}

/* ---- the others ---- */

bool
pseudo_is_ip(struct str s)
{
	unsigned char raw[16];
	char text[INET6_ADDRSTRLEN];

	return str_copy(s, text, sizeof text) &&
	    (inet_pton(AF_INET, text, raw) == 1 ||
	        inet_pton(AF_INET6, text, raw) == 1);
}

void
pseudo_ip(const struct pseudo *p, struct str s, struct buf *out)
{
	unsigned char raw[16];
	char text[INET6_ADDRSTRLEN];
	char hex[65];

	if (str_copy(s, text, sizeof text) &&
	    inet_pton(AF_INET6, text, raw) == 1) {
		/* It may be written in several ways. */
		digest(p, 'i', str_of((const char *)raw, 16), hex);
		buf_addf(out, "fd%.2s:%.4s:%.4s::%.4s", hex, hex + 2, hex + 6,
		    hex + 10);
		return;
	}
	digest(p, 'i', s, hex);
	buf_addf(out, "10.%u.%u.%u", part(hex, 0, 256), part(hex, 5, 256),
	    part(hex, 10, 254) + 1);
}

void
pseudo_id(const struct pseudo *p, struct str s, struct buf *out)
{
	char hex[65];

	digest(p, 'o', s, hex);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		unsigned n = part(hex, i, 26);

		if (ascii_is_digit(c))
			c = (char)('0' + n % 10);
		else if (ascii_is_alpha(c))
			c = (char)((c & 0x20) + 'A' + (scan_is_kind(s, i,
			    SCAN_HEX) ? n % 6 : n));
		else if ((c & 0x80) != 0 || c == '@')
			c = '-';
		buf_addc(out, c);
	}
}

void
pseudo_name(const struct pseudo *p, char letter, struct str s,
    struct buf *out)
{
	if (s.n > 0)
		buf_addf(out, "%c%u", letter, number_of(p, letter, s));
}
