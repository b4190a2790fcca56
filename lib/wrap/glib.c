/* glib.c - Unicode folding of local parts and digests, by GLib. */
#include "wrap/glib.h"

#include <string.h>

#include <glib.h>

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
	folded = g_utf8_casefold(composed, -1);
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
glib_hash(enum glib_hash kind, struct str s, char *hex)
{
	static const GChecksumType TYPES[] = {
		[GLIB_MD5] = G_CHECKSUM_MD5,
		[GLIB_SHA1] = G_CHECKSUM_SHA1,
		[GLIB_SHA256] = G_CHECKSUM_SHA256,
	};
	char *text;

	hex[0] = '\0';
	if (kind == GLIB_NO_HASH)
		return;
	text = g_compute_checksum_for_data(
	    TYPES[kind], (const guchar *)(s.n > 0 ? s.p : ""), s.n);
	(void)str_copy(str_of(text, strlen(text)), hex, GLIB_HASH_TEXT);
	g_free(text);
}
