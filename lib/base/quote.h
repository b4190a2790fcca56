/* quote.h - makes bytes of strangers safe to show. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Writes s into out as one printable line, cut with "..." to fit cap (>= 8):
 * control bytes and bytes that are not valid UTF-8 (also C1 controls,
 * U+2028/2029, bidi marks U+200E/F 202A-E 2066-9) become \n \r \t \xHH, a
 * backslash \\. No quotation marks are added. Returns out, so that it stands
 * inside a printf.
 */
const char *str_quote(struct str s, char *out, size_t cap);

/* The same, appended whole to b. */
void quote_add(struct buf *b, struct str s);

#endif
