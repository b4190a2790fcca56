/* base32.h - bytes as letters a-z and digits 2-7 (RFC 4648), no padding. */
#ifndef BASE_BASE32_H
#define BASE_BASE32_H

#include "base/str.h"

/* Letters for so many bytes. */
#define BASE32_LENGTH(n) (((n) * 8 + 4) / 5)

/* Of a byte that may stand in base32 (capitals as well): its five bits, else
 * -1. */
int base32_value(char c);

/* BASE32_LENGTH(bytes.n) lower-case letters into out, and no NUL. */
void base32_encode(struct str bytes, char *out);

/*
 * The bytes that text stands for, in any case, into out; *n: how many. False
 * when it is none, does not fit in cap, or is not the one text that these
 * bytes have: a length that no bytes give, spare bits that are not 0.
 */
bool base32_decode(struct str text, char *out, size_t cap, size_t *n);

#endif
