/* glib.c - Unicode folding of local parts, digests and HMAC, by GLib. */
#include "wrap/glib.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

bool
glib_is_utf8(struct str s)
{
	return s.n == 0 || g_utf8_validate_len(s.p, s.n, NULL);
}

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > 0x7f || s.p[i] == '\0')
			return false;
	return true;
}

/* For ASCII both normal forms change nothing. */
static bool
fold_ascii(struct str s, char *out, size_t cap)
{
	if (!str_copy(s, out, cap))
		return false;
	for (size_t i = 0; i < s.n; i++)
		out[i] = ascii_lower(out[i]);
	return true;
}

/* Unicode folds small Cherokee letters to capitals (CaseFolding.txt), which
 * g_utf8_casefold() does, but it makes the capitals small: each would stand for
 * the other. Both have three bytes. */
static void
fold_cherokee(char *s)
{
	for (; *s != '\0'; s = g_utf8_next_char(s)) {
		gunichar c = g_utf8_get_char(s);

		if (c >= 0xab70 && c <= 0xabbf)
			g_unichar_to_utf8(c - 0xab70 + 0x13a0, s);
		else if (c >= 0x13f8 && c <= 0x13fd)
			g_unichar_to_utf8(c - 0x13f8 + 0x13f0, s);
	}
}

/* Sharp s, long s and ligatures would become letters of ASCII, which are
 * another's name: they are only made small. */
static char *
fold_case(const char *s)
{
	GString *out = g_string_new(NULL);

	for (const char *next; *s != '\0'; s = next) {
		gunichar c = g_utf8_get_char(s);
		char *folded;

		next = g_utf8_find_next_char(s, NULL);
		folded = g_utf8_casefold(s, next - s);
		if (c > 0x7f && is_ascii(str_from(folded)))
			g_string_append_unichar(out, g_unichar_tolower(c));
		else
			g_string_append(out, folded);
		g_free(folded);
	}
	return g_string_free(out, FALSE);
}

bool
glib_fold(struct str s, char *out, size_t cap)
{
	char *composed = NULL;
	char *folded = NULL;
	char *done = NULL;
	bool ok = false;

	if (is_ascii(s))
		return fold_ascii(s, out, cap);
	if (cap > 0)
		out[0] = '\0';
	if (!glib_is_utf8(s) || s.n > G_MAXSSIZE)
		return false;
	composed = g_utf8_normalize(s.p, (gssize)s.n, G_NORMALIZE_NFC);
	if (composed == NULL)
		goto out;
	folded = fold_case(composed);
	fold_cherokee(folded);
	done = g_utf8_normalize(folded, -1, G_NORMALIZE_NFC);
	if (done == NULL)
		goto out;
	ok = str_copy(str_from(done), out, cap);
out:
	g_free(composed);
	g_free(folded);
	g_free(done);
	return ok;
}

void
glib_hmac(struct str key, struct str text, char out[GLIB_HMAC])
{
	GHmac *h =
	    g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)key.p, key.n);
	gsize n = GLIB_HMAC;

	g_hmac_update(h, (const guchar *)text.p, (gssize)text.n);
	g_hmac_get_digest(h, (guint8 *)out, &n);
	g_hmac_unref(h);
}

void
glib_hmac_hex(struct str key, struct str text, char out[GLIB_HEX_MAX])
{
	static const char DIGITS[] = "0123456789abcdef";
	char mac[GLIB_HMAC];

	glib_hmac(key, text, mac);
	for (size_t i = 0; i < sizeof mac; i++) {
		out[2 * i] = DIGITS[(unsigned char)mac[i] >> 4];
		out[2 * i + 1] = DIGITS[mac[i] & 0xf];
	}
	out[2 * sizeof mac] = '\0';
}

static const struct {
	const char *name;
	GChecksumType type;
	size_t digits;
} DIGESTS[] = {
	[GLIB_PLAIN] = { "", G_CHECKSUM_MD5, 0 },
	[GLIB_MD5] = { "md5", G_CHECKSUM_MD5, 32 },
	[GLIB_SHA1] = { "sha1", G_CHECKSUM_SHA1, 40 },
	[GLIB_SHA256] = { "sha256", G_CHECKSUM_SHA256, 64 },
};

bool
glib_digest_of(struct str name, enum glib_digest *out)
{
	for (size_t i = GLIB_MD5; i < COUNT(DIGESTS); i++)
		if (str_eq(name, str_from(DIGESTS[i].name))) {
			*out = (enum glib_digest)i;
			return true;
		}
	return false;
}

const char *
glib_digest_name(enum glib_digest d)
{
	return DIGESTS[d].name;
}

bool
glib_is_digest(enum glib_digest d, struct str s)
{
	bool ok = s.n == DIGESTS[d].digits;

	for (size_t i = 0; i < s.n && ok; i++)
		ok = g_ascii_isxdigit(s.p[i]);
	return ok;
}

void
glib_digest(enum glib_digest d, struct str s, char *out)
{
	gchar *hex = g_compute_checksum_for_data(DIGESTS[d].type,
	    (const guchar *)s.p, s.n);

	/* GLib ends the program before it gives none. */
	assert(hex != NULL && strlen(hex) == DIGESTS[d].digits);
	memcpy(out, hex, DIGESTS[d].digits + 1);
	g_free(hex);
}
