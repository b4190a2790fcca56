/* utf8.c - one UTF-8 character at a time. */
#include "base/utf8.h"

size_t
utf8_next(struct str s, uint32_t *code)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t least; /* less is an overlong form */
	} FORMS[] = {
		{ 0x80, 0x00, 0 },
		{ 0xe0, 0xc0, 0x80 },
		{ 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};
	size_t n = 0;
	unsigned c;
	uint32_t v;

	if (s.n == 0)
		return 0;
	c = (unsigned char)s.p[0];
	while (n < COUNT(FORMS) && (c & FORMS[n].mask) != FORMS[n].lead)
		n++;
	if (n >= COUNT(FORMS) || s.n <= n)
		return 0;
	v = c & ~(unsigned)FORMS[n].mask;
	for (size_t i = 1; i <= n; i++) {
		c = (unsigned char)s.p[i];
		if ((c & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (c & 0x3f);
	}
	if (v < FORMS[n].least || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	*code = v;
	return n + 1;
}

bool
utf8_is_unsafe(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f) ||
	    code == 0x200e || code == 0x200f ||
	    (code >= 0x2028 && code <= 0x202e) ||
	    (code >= 0x2066 && code <= 0x2069);
}
