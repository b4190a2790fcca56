/* unitext.c - undoes the "\x{e9}" that RFC 6533 writes for UTF-8. */
#include "mail/unitext.h"

#define OPENING 3 /* bytes of "\x{" */
#define DIGITS_MIN 2 /* fewer would stand for less than they are */
#define DIGITS_MAX 6

/* The hexadecimal number that s is; above all characters when it is none. */
static unsigned long
hex_number(struct str s)
{
	unsigned long n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = ascii_lower(s.p[i]);

		if (ascii_is_digit(c))
			n = n * 16 + (unsigned long)(c - '0');
		else if (c >= 'a' && c <= 'f')
			n = n * 16 + (unsigned long)(c - 'a') + 10;
		else
			return ~0UL;
	}
	return n;
}

/* The bytes of the escape that s begins with; 0 when it does not. */
static size_t
escape_at(struct str s, unsigned long *character)
{
	size_t end = OPENING;

	if (!str_istarts(s, STR("\\x{")))
		return 0;
	while (end < s.n && s.p[end] != '}' && end <= OPENING + DIGITS_MAX)
		end++;
	if (end == s.n || s.p[end] != '}' || end < OPENING + DIGITS_MIN ||
	    end > OPENING + DIGITS_MAX)
		return 0;
	*character = hex_number(str_sub(s, OPENING, end - OPENING));
	if (*character == 0 || *character > 0x10ffff ||
	    (*character >= 0xd800 && *character <= 0xdfff))
		return 0;
	return end + 1;
}

/* At most four bytes, of the six or more that the escape had. */
static size_t
put_utf8(unsigned long character, char *out)
{
	static const unsigned char LEAD[] = { 0, 0xc0, 0xe0, 0xf0 };
	size_t more = character < 0x80 ? 0
	    : character < 0x800        ? 1
	    : character < 0x10000      ? 2
				       : 3;

	for (size_t i = more; i > 0; i--) {
		out[i] = (char)(0x80 | (character & 0x3f));
		character >>= 6;
	}
	out[0] = (char)(LEAD[more] | character);
	return more + 1;
}

struct str
unitext_decode(struct str s, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		unsigned long character;
		size_t used = escape_at(str_skip(s, i), &character);

		if (used > 0)
			n += put_utf8(character, out + n);
		else
			out[n++] = s.p[i];
		i += used > 0 ? used : 1;
	}
	return str_of(out, n);
}
