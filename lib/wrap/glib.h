/* glib.h - Unicode folding of local parts and digests, by GLib. */
#ifndef WRAP_GLIB_H
#define WRAP_GLIB_H

#include "base/str.h"

/* True when s is well-formed UTF-8 without NUL. */
bool glib_is_utf8(struct str s);

/* NFC, case folded, NFC again, into out with a NUL; false when s is not
 * UTF-8 or the result does not fit in cap. */
bool glib_fold(struct str s, char *out, size_t cap);

enum glib_hash { GLIB_NO_HASH, GLIB_MD5, GLIB_SHA1, GLIB_SHA256 };
#define GLIB_HASH_TEXT 65 /* SHA-256 in lower-case hex, and its NUL */

/* The digest of s in hex with a NUL; "" for GLIB_NO_HASH. */
void glib_hash(enum glib_hash kind, struct str s, char *hex);

#endif
