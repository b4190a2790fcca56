/* html.c - the readable text of HTML, as far as bounces use it. */
#include "mail/html.h"

#include <string.h>

static const struct {
	const char *name;
	char byte;
} ENTITIES[] = {
	{ "&lt;", '<' },
	{ "&gt;", '>' },
	{ "&amp;", '&' },
	{ "&quot;", '"' },
	{ "&nbsp;", ' ' },
	{ "&#64;", '@' },
	{ "&#x40;", '@' },
	{ "&#43;", '+' },
	{ "&#39;", '\'' },
	{ "&#46;", '.' },
	{ "&#8203;", ' ' },
};

/* Bytes of the entity that s begins with, and what it stands for; 0: none. */
static size_t
entity_of(struct str s, char *byte)
{
	for (size_t i = 0; i < COUNT(ENTITIES); i++) {
		if (str_istarts(s, str_from(ENTITIES[i].name))) {
			*byte = ENTITIES[i].byte;
			return strlen(ENTITIES[i].name);
		}
	}
	return 0;
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
			size_t k = entity_of(s, &c);

			used = k > 0 ? k : 1;
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
