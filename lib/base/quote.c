/* quote.c - makes bytes of strangers safe to show. */
#include "base/quote.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

#define UNIT_MAX 16 /* a character of four bytes, each as \xHH */

static size_t
escape_byte(char c, char *to)
{
	static const char FROM[] = "\n\r\t\\";
	static const char NAME[] = "nrt\\";
	static const char HEX[] = "0123456789abcdef";
	size_t at = str_chr(STR(FROM), c);

	to[0] = '\\';
	if (at < sizeof FROM - 1) {
		to[1] = NAME[at];
		return 2;
	}
	to[1] = 'x';
	to[2] = HEX[(unsigned char)c >> 4];
	to[3] = HEX[(unsigned char)c & 15];
	return 4;
}

/* Takes one character, or one byte that is none, off *rest into unit. */
static size_t
next_unit(struct str *rest, char unit[UNIT_MAX])
{
	uint32_t code = 0;
	size_t n = utf8_next(*rest, &code);
	size_t len = 0;

	if (n > 0 && !utf8_is_unsafe(code) && code != '\\') {
		memcpy(unit, rest->p, n);
		len = n;
	} else {
		n = n > 0 ? n : 1;
		for (size_t i = 0; i < n; i++)
			len += escape_byte(rest->p[i], unit + len);
	}
	*rest = str_skip(*rest, n);
	return len;
}

/* Bytes that stand as they are: nearly all. */
static size_t
plain_run(struct str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= ' ' && s.p[n] <= '~' && s.p[n] != '\\')
		n++;
	return n;
}

const char *
str_quote(struct str s, char *out, size_t cap)
{
	static const char DOTS[] = "...";
	char unit[UNIT_MAX];
	size_t len = 0;
	size_t keep = 0; /* the last place where the dots would fit */

	assert(cap >= 8);
	while (s.n > 0) {
		size_t n = next_unit(&s, unit);

		if (n > cap - 1 - len) {
			memcpy(out + keep, DOTS, sizeof DOTS);
			return out;
		}
		memcpy(out + len, unit, n);
		len += n;
		if (len + sizeof DOTS <= cap)
			keep = len;
	}
	out[len] = '\0';
	return out;
}

void
quote_add(struct buf *b, struct str s)
{
	char unit[UNIT_MAX];

	while (s.n > 0) {
		size_t n = plain_run(s);

		if (n > 0) {
			buf_add(b, str_sub(s, 0, n));
			s = str_skip(s, n);
			continue;
		}
		n = next_unit(&s, unit);
		buf_add(b, str_of(unit, n));
	}
}
