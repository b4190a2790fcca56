/* unitext.h - undoes the "\x{e9}" that RFC 6533 writes for UTF-8. */
#ifndef MAIL_UNITEXT_H
#define MAIL_UNITEXT_H

#include "base/str.h"

/*
 * s with its escapes as UTF-8, in out, which has room for s.n bytes and may
 * be where s stands: nothing grows. What is no escape, or none of a
 * character, stays as it is.
 */
struct str unitext_decode(struct str s, char *out);

#endif
