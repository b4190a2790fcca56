/* str.c - borrowed runs of bytes: cut, compare, search; never copied. */
#include "base/str.h"

#include <stdint.h>
#include <string.h>

bool
str_ieq(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (a.p[i] != b.p[i] &&
		    ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (order != 0)
		return order < 0 ? -1 : 1;
	return (a.n > b.n) - (a.n < b.n);
}

bool
str_istarts(struct str s, struct str head)
{
	return s.n >= head.n && str_ieq(str_sub(s, 0, head.n), head);
}

bool
str_iends(struct str s, struct str tail)
{
	return s.n >= tail.n && str_ieq(str_skip(s, s.n - tail.n), tail);
}

size_t
str_chr(struct str s, char c)
{
	const char *at = s.n == 0 ? NULL : memchr(s.p, c, s.n);

	return at != NULL ? (size_t)(at - s.p) : s.n;
}

size_t
str_rchr(struct str s, char c)
{
	const char *at = s.n == 0 ? NULL : memrchr(s.p, c, s.n);

	return at != NULL ? (size_t)(at - s.p) : s.n;
}

size_t
str_find(struct str s, struct str needle)
{
	const char *at, *end;

	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return s.n;
	/* For a few bytes, which needles have, memmem() does too much. */
	end = s.p + (s.n - needle.n + 1);
	for (at = s.p; at < end; at++) {
		at = memchr(at, needle.p[0], (size_t)(end - at));
		if (at == NULL)
			break;
		if (memcmp(at, needle.p, needle.n) == 0)
			return (size_t)(at - s.p);
	}
	return s.n;
}

size_t
str_ifind(struct str s, struct str needle)
{
	char first, other, last;

	if (needle.n == 0)
		return 0;
	first = ascii_lower(needle.p[0]);
	other = ascii_is_alpha(first) ? (char)(first - 'a' + 'A') : first;
	last = ascii_lower(needle.p[needle.n - 1]);
	for (size_t at = 0; at + needle.n <= s.n; at++)
		if ((s.p[at] == first || s.p[at] == other) &&
		    ascii_lower(s.p[at + needle.n - 1]) == last &&
		    str_ieq(str_sub(s, at, needle.n), needle))
			return at;
	return s.n;
}

bool
str_like(struct str s, struct str pattern)
{
	/* One place to come back to is enough. */
	size_t p = 0, i = 0, star = SIZE_MAX, from = 0;

	while (i < s.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			from = i;
		} else if (p < pattern.n && (pattern.p[p] == '?' ||
		    pattern.p[p] == s.p[i])) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

bool
str_cut(struct str *rest, char sep, struct str *head)
{
	size_t at;

	if (rest->n == 0)
		return false;
	at = str_chr(*rest, sep);
	*head = str_of(rest->p, at);
	*rest = str_skip(*rest, at + 1);
	return true;
}

/* Whether one of eight bytes is a space or less. */
static bool
has_space(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t x;

	memcpy(&x, p, sizeof x);
	return ((x - ones * (' ' + 1)) & ~x & ones * 0x80) != 0;
}

bool
str_word(struct str *rest, struct str *word)
{
	size_t n = 0;

	while (rest->n > 0 && ascii_is_space(rest->p[0]))
		*rest = str_skip(*rest, 1);
	if (rest->n == 0)
		return false;
	while (n + 8 <= rest->n && !has_space(rest->p + n))
		n += 8;
	while (n < rest->n && !ascii_is_space(rest->p[n]))
		n++;
	*word = str_of(rest->p, n);
	*rest = str_skip(*rest, n);
	return true;
}

struct str
str_words(struct str s, size_t n)
{
	if (s.n <= n)
		return s;
	while (n > 0 && !ascii_is_space(s.p[n]))
		n--;
	return str_sub(s, 0, n);
}

bool
str_copy(struct str s, char *out, size_t cap)
{
	if (cap == 0)
		return false;
	out[0] = '\0';
	if (s.n >= cap || str_chr(s, '\0') != s.n)
		return false;
	if (s.n > 0)
		memcpy(out, s.p, s.n);
	out[s.n] = '\0';
	return true;
}
