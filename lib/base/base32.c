/* base32.c - bytes as letters a-z and digits 2-7 (RFC 4648), no padding. */
#include "base/base32.h"

#include <stdint.h>

int
base32_value(char c)
{
	c = ascii_lower(c);
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

void
base32_encode(struct str bytes, char *out)
{
	static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		bits = bits << 8 | (unsigned char)bytes.p[i];
		for (held += 8; held >= 5; held -= 5)
			*out++ = LETTERS[bits >> (held - 5) & 31];
	}
	if (held > 0)
		*out = LETTERS[bits << (5 - held) & 31];
}

bool
base32_decode(struct str text, char *out, size_t cap, size_t *n)
{
	uint32_t bits = 0;
	unsigned held = 0;

	*n = 0;
	for (size_t i = 0; i < text.n; i++) {
		int v = base32_value(text.p[i]);

		if (v < 0)
			return false;
		bits = bits << 5 | (uint32_t)v;
		held += 5;
		if (held < 8)
			continue;
		held -= 8;
		if (*n == cap)
			return false;
		out[(*n)++] = (char)(bits >> held & 0xff);
	}
	return held < 5 && (bits & ((1u << held) - 1)) == 0;
}
