/* html.c - the readable text of HTML, as far as bounces use it. */
#include "mail/html.h"

#include <stdint.h>
#include <string.h>

#define ENTITY_MAX 10 /* bytes between '&' and ';' that are looked at */
#define NO_BREAK 0xa0
#define ZERO_WIDTH 0x200b

static const struct {
	const char *name;
	uint32_t code;
} NAMED[] = {
	{ "lt", '<' },
	{ "gt", '>' },
	{ "amp", '&' },
	{ "quot", '"' },
	{ "apos", '\'' },
	{ "nbsp", NO_BREAK },
	{ "commat", '@' },
	{ "lsquo", 0x2018 },
	{ "rsquo", 0x2019 },
	{ "ldquo", 0x201c },
	{ "rdquo", 0x201d },
	{ "laquo", 0xab },
	{ "raquo", 0xbb },
};

/* The letters of ISO 8859-1, from LATIN_FIRST on. */
#define LATIN_FIRST 0xc0
static const char *const LATIN[] = { "Agrave", "Aacute", "Acirc", "Atilde",
	"Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml",
	"Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve",
	"Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave",
	"Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave",
	"aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
	"egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc",
	"iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml",
	"divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute",
	"thorn", "yuml" };

/* "#64", "#x40"; 0: no number, or of no character. */
static uint32_t
number_of(struct str s)
{
	bool hex = s.n > 1 && ascii_lower(s.p[1]) == 'x';
	uint32_t code = 0;
	size_t i = hex ? 2 : 1;

	if (s.n <= i || s.p[0] != '#')
		return 0;
	for (; i < s.n; i++) {
		char c = ascii_lower(s.p[i]);

		if (ascii_is_digit(c))
			code = code * (hex ? 16 : 10) + (uint32_t)(c - '0');
		else if (hex && c >= 'a' && c <= 'f')
			code = code * 16 + (uint32_t)(c - 'a' + 10);
		else
			return 0;
		if (code > 0x10ffff)
			return 0;
	}
	return code >= 0xd800 && code <= 0xdfff ? 0 : code;
}

static uint32_t
code_of(struct str name)
{
	for (size_t i = 0; i < COUNT(NAMED); i++)
		if (str_ieq(name, str_from(NAMED[i].name)))
			return NAMED[i].code;
	for (size_t i = 0; i < COUNT(LATIN); i++)
		if (str_eq(name, str_from(LATIN[i])))
			return (uint32_t)(LATIN_FIRST + i);
	return number_of(name);
}

/* Writes a character as UTF-8; spaces of any kind and controls are one. */
static size_t
put_code(char *p, uint32_t code)
{
	static const unsigned char LEAD[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	if (code < ' ' || code == NO_BREAK || code == ZERO_WIDTH) {
		code = ' ';
		n = 1;
	}
	for (size_t i = n; i > 1; i--) {
		p[i - 1] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	p[0] = (char)(LEAD[n < 2 ? 0 : n] | code);
	return n;
}

/* Bytes of the entity that s begins with, and what it stands for; 0: none. */
static size_t
entity_of(struct str s, uint32_t *code)
{
	size_t end = str_chr(str_sub(s, 0, ENTITY_MAX + 2), ';');

	if (end < 2 || end > ENTITY_MAX || end >= s.n)
		return 0;
	*code = code_of(str_sub(s, 1, end - 1));
	return *code != 0 ? end + 1 : 0;
}

static bool
ends_line(struct str tag)
{
	static const char *const TAGS[] = { "br", "p", "/p", "div", "/div",
		"tr", "/tr", "li", "/td", "h1", "h2", "h3", "/h1", "/h2", "/h3",
		"/title", "hr", "pre", "/pre" };
	size_t n = 0;

	while (n < tag.n &&
	    (ascii_is_alnum(tag.p[n]) || (n == 0 && tag.p[0] == '/')))
		n++;
	for (size_t i = 0; i < COUNT(TAGS); i++)
		if (str_ieq(str_sub(tag, 0, n), str_from(TAGS[i])))
			return true;
	return false;
}

/* Bytes from a '<' to behind what it opens; tag is what stands between. */
static size_t
tag_length(struct str s, struct str *tag)
{
	static const struct {
		const char *open, *close;
	} WHOLE[] = {
		{ "<!--", "-->" },
		{ "<style", "</style" },
		{ "<script", "</script" },
	};
	size_t n;

	*tag = str_of(s.p + 1, 0);
	for (size_t i = 0; i < COUNT(WHOLE); i++) {
		if (!str_istarts(s, str_from(WHOLE[i].open)))
			continue;
		n = str_ifind(s, str_from(WHOLE[i].close));
		/* Never closed: all the rest goes, in one step. */
		n += str_chr(str_skip(s, n), '>') + 1;
		return n < s.n ? n : s.n;
	}
	n = str_chr(s, '>');
	*tag = str_sub(s, 1, n - 1);
	return n < s.n ? n + 1 : s.n;
}

static bool
is_address(struct str tag)
{
	return str_chr(tag, '@') < tag.n && str_chr(tag, ' ') == tag.n &&
	    str_chr(tag, '=') == tag.n;
}

size_t
html_text(char *p, size_t n)
{
	struct str s = str_of(p, n);
	size_t to = 0;

	while (s.n > 0) {
		struct str tag;
		char c = s.p[0];
		size_t used = 1;

		if (c == '&') {
			uint32_t code;
			size_t k = entity_of(s, &code);

			if (k > 0) {
				to += put_code(p + to, code);
				s = str_skip(s, k);
				continue;
			}
		} else if (c == '<') {
			used = tag_length(s, &tag);
			if (is_address(tag)) {
				memmove(p + to, s.p, used);
				to += used;
				s = str_skip(s, used);
				continue;
			}
			c = ends_line(tag) ? '\n' : ' ';
			/* "<br>" at the end of a line is one line end. */
			if (c == '\n' && used < s.n && s.p[used] == '\n')
				used++;
		}
		p[to++] = c;
		s = str_skip(s, used);
	}
	return to;
}
