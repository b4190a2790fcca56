/* glib.h - Unicode folding of local parts, digests and HMAC, by GLib. */
#ifndef WRAP_GLIB_H
#define WRAP_GLIB_H

#include "base/str.h"

/* True when s is well-formed UTF-8 without NUL. */
bool glib_is_utf8(struct str s);

/* NFC, case folded, NFC again, into out with a NUL; false when s is not
 * UTF-8 or the result does not fit in cap. No other letter becomes one of
 * ASCII, but for those that NFC has no other form of (the Kelvin sign). */
bool glib_fold(struct str s, char *out, size_t cap);

#define GLIB_HMAC 32 /* bytes */
#define GLIB_HEX_MAX 65 /* digits of the longest digest and a NUL */

/* HMAC-SHA-256 (RFC 2104) of text, which may be any bytes. */
void glib_hmac(struct str key, struct str text, char out[GLIB_HMAC]);
/* The same as 64 hex digits and a NUL. */
void glib_hmac_hex(struct str key, struct str text, char out[GLIB_HEX_MAX]);

enum glib_digest { GLIB_PLAIN, GLIB_MD5, GLIB_SHA1, GLIB_SHA256 };

/* "md5", "sha1", "sha256"; false for any other name. */
bool glib_digest_of(struct str name, enum glib_digest *out);
const char *glib_digest_name(enum glib_digest d);
/* Whether s could be one: so many hexadecimal digits, of either case. */
bool glib_is_digest(enum glib_digest d, struct str s);
/* Its lower-case digits with a NUL, GLIB_HEX_MAX bytes. */
void glib_digest(enum glib_digest d, struct str s, char *out);

#endif
