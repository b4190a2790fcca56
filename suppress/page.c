/* page.c - text laid out to the width of the terminal. */
#include "page.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"

#define NARROWEST 40 /* columns; below that a line says nothing */

size_t
page_width(void)
{
	struct winsize w;
	int64_t n = 0;

	if (isatty(STDOUT_FILENO) &&
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
		n = w.ws_col;
	else if (!number_i64(str_from(getenv("COLUMNS")), 1, 10000, &n))
		return 0;
	return n < NARROWEST ? NARROWEST : (size_t)n;
}

/* Columns of s, taking each character for one. */
static size_t
columns_of(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* The bytes of s that fit in so many columns. */
static size_t
fitting(struct str s, size_t columns)
{
	size_t at = 0;
	uint32_t code;

	for (; columns > 0 && at < s.n; columns--)
		at += utf8_next(str_skip(s, at), &code);
	return at;
}

static void
put_indent(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_addc(b, ' ');
}

void
page_cut(struct buf *b, size_t indent, struct str s, size_t width)
{
	size_t from, room = width - indent;

	put_indent(b, indent);
	from = b->n;
	quote_add(b, s);
	s = str_skip(buf_str(b), from);
	if (width != 0 && columns_of(s) > room) {
		b->n = from + fitting(s, room - 3);
		buf_adds(b, "...");
	}
	buf_addc(b, '\n');
}

void
page_wrap(struct buf *b, size_t indent, struct str s, size_t width)
{
	struct buf quoted = { 0 };
	struct str rest, word;
	size_t at = 0;

	quote_add(&quoted, s);
	rest = buf_str(&quoted);
	while (str_word(&rest, &word)) {
		size_t n = columns_of(word);

		if (at == 0 || (width != 0 && at + 1 + n > width)) {
			buf_adds(b, at == 0 ? "" : "\n");
			put_indent(b, indent);
			at = indent + n;
		} else {
			buf_addc(b, ' ');
			at += 1 + n;
		}
		buf_add(b, word);
	}
	buf_addc(b, '\n');
	b->failed = b->failed || quoted.failed;
	buf_release(&quoted);
}
