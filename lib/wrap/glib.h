/* glib.h - Unicode folding of local parts, and HMAC, by GLib. */
#ifndef WRAP_GLIB_H
#define WRAP_GLIB_H

#include "base/str.h"

/* True when s is well-formed UTF-8 without NUL. */
bool glib_is_utf8(struct str s);

/* NFC, case folded, NFC again, into out with a NUL; false when s is not
 * UTF-8 or the result does not fit in cap. */
bool glib_fold(struct str s, char *out, size_t cap);

#define GLIB_SHA256 32 /* bytes */

/* HMAC-SHA-256 (RFC 2104) of text, which may be any bytes. */
void glib_hmac(struct str key, struct str text, char out[GLIB_SHA256]);

#endif
