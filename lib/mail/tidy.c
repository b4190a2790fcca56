/* tidy.c - a reply as one clean line, before its variable parts are found. */
#include "mail/tidy.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "mail/scan.h"
#include "mail/tidy_plain.h"

/* The code and status that every line of a reply repeats. */
struct head {
	char code[3];
	struct str status;
	bool has_code, lines; /* lines: it was "550-", more lines follow */
};

static bool
is_blank(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f;
}

static bool
is_code(struct str s, size_t at)
{
	return scan_is_code(str_skip(s, at));
}

/* The status at `at`, with what separates it from the text; or empty. */
static struct str
status_at(struct str s, size_t at)
{
	size_t end = at;

	while (end < s.n && end < at + 12 &&
	    (s.p[end] == '.' || (scan_kind(s.p[end]) & SCAN_DIGIT) != 0))
		end++;
	if (!scan_is_status(str_sub(s, at, end - at)))
		return str_of(s.p, 0);
	return str_sub(s, at, end - at);
}

static struct head
read_head(struct str s)
{
	struct head h = { 0 };

	if (!is_code(s, 0) || (s.p[3] != '-' && !is_blank(s.p[3])))
		return h;
	h.has_code = true;
	h.lines = s.p[3] == '-';
	memcpy(h.code, s.p, 3);
	h.status = status_at(s, 4);
	return h;
}

/* How many bytes of s at `at` only repeat the head. */
static size_t
repeated(const struct head *h, struct str s, size_t at)
{
	struct str status;

	if (!is_code(s, at) || memcmp(s.p + at, h->code, 3) != 0 ||
	    (s.p[at + 3] != '-' && !is_blank(s.p[at + 3])))
		return 0;
	status = status_at(s, at + 4);
	if (h->status.n > 0 && str_eq(status, h->status))
		return 4 + status.n;
	return h->status.n == 0 || s.p[at + 3] == '-' ? 4 : 0;
}

/* The character at *at, or a '?' for bytes that are none or do harm. */
static size_t
copy_character(struct str s, size_t *at, char *to)
{
	uint32_t code = 0;
	size_t n = utf8_next(str_skip(s, *at), &code);
	const char *from = s.p + *at;

	*at += n > 0 ? n : 1;
	if (n == 0 || utf8_is_unsafe(code)) {
		*to = '?';
		return 1;
	}
	memcpy(to, from, n);
	return n;
}

/* White space from *at on, and the repeated head behind it; whether text
 * follows and wants a space before it. */
static bool
skip_gap(const struct head *h, struct str s, size_t *at)
{
	bool lines = h->lines;
	size_t skip = 1;

	while (skip > 0) {
		while (*at < s.n && is_blank(s.p[*at])) {
			lines |= s.p[*at] == '\n' || s.p[*at] == '\r';
			++*at;
		}
		skip = h->has_code && lines ? repeated(h, s, *at) : 0;
		*at += skip;
	}
	return *at < s.n;
}

/* Bytes that stand as they are, with single spaces between them where no head
 * can be repeated; the loop that most of the time goes into. What is written
 * never overtakes what is read, so whole blocks may be copied. */
static size_t
copy_plain(const struct head *h, struct str s, size_t at, char *to)
{
	bool lines = h->has_code && h->lines;
	size_t n = 0, take;

	while (at + n + TIDY_PLAIN <= s.n) {
		memcpy(to + n, s.p + at + n, TIDY_PLAIN);
		take = tidy_plain(s.p + at + n, lines);
		n += take;
		if (take < TIDY_PLAIN - 1)
			return n;
	}
	for (; at + n < s.n && tidy_is_plain(s.p[at + n]); n++)
		to[n] = s.p[at + n];
	return n;
}

static size_t
copy_head(const struct head *h, struct str s, size_t *at, char *to)
{
	size_t n = 3;

	if (!h->lines)
		return 0;
	memcpy(to, h->code, n);
	*at = n + 1;
	if (skip_gap(h, s, at))
		to[n++] = ' ';
	return n;
}

size_t
tidy(struct str s, char *to)
{
	struct head head;
	size_t at = 0;
	size_t n, take;

	while (at < s.n && is_blank(s.p[at]))
		at++;
	s = str_skip(s, at);
	head = read_head(s);
	at = 0;
	n = copy_head(&head, s, &at, to);
	while (at < s.n) {
		take = copy_plain(&head, s, at, to + n);
		at += take;
		n += take;
		if (at == s.n)
			break;
		if (is_blank(s.p[at])) {
			if (skip_gap(&head, s, &at))
				to[n++] = ' ';
			continue;
		}
		n += copy_character(s, &at, to + n);
	}
	return n;
}
