/* str.h - borrowed runs of bytes: cut, compare, search; never copied. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Not NUL-terminated; p may be NULL when n is 0. */
struct str {
	const char *p;
	size_t n;
};

/* The bytes of a string literal. */
#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })

/* For printf: "%.*s", STR_ARG(s). Only for text known to be printable. */
#define STR_ARG(s) (int)(s).n, (s).p != NULL ? (s).p : ""

/* What every row asks for many times stands here, to be inlined. */

static inline struct str
str_of(const char *p, size_t n)
{
	return (struct str){ p, n };
}

/* NULL gives the empty run. */
static inline struct str
str_from(const char *cstr)
{
	return (struct str){ cstr, cstr != NULL ? strlen(cstr) : 0 };
}

/* Without its first n bytes, or empty. */
static inline struct str
str_skip(struct str s, size_t n)
{
	if (n > s.n)
		n = s.n;
	return (struct str){ s.p != NULL ? s.p + n : NULL, s.n - n };
}

/* The part from `from` on, at most n bytes; both are clipped to s. */
static inline struct str
str_sub(struct str s, size_t from, size_t n)
{
	s = str_skip(s, from);
	if (s.n > n)
		s.n = n;
	return s;
}

static inline bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
str_starts(struct str s, struct str head)
{
	return s.n >= head.n && str_eq(str_sub(s, 0, head.n), head);
}

static inline bool
str_ends(struct str s, struct str tail)
{
	return s.n >= tail.n && str_eq(str_skip(s, s.n - tail.n), tail);
}

/* ASCII only, whatever the locale. */
static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
ascii_is_alnum(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c);
}

static inline bool
ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Without ASCII white space (space, \t, \r, \n, \v, \f) at both ends. */
static inline struct str
str_trim(struct str s)
{
	while (s.n > 0 && ascii_is_space(s.p[0]))
		s = str_skip(s, 1);
	while (s.n > 0 && ascii_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* Case is folded for ASCII only in every function with an i in its name. */
bool str_ieq(struct str a, struct str b);
int str_cmp(struct str a, struct str b); /* by bytes, shorter first */
bool str_istarts(struct str s, struct str head);
bool str_iends(struct str s, struct str tail);

/* Index of the first (str_rchr: last) c, or s.n when there is none. */
size_t str_chr(struct str s, char c);
size_t str_rchr(struct str s, char c);
/* Index of the first needle, or s.n; an empty needle is found at 0. */
size_t str_find(struct str s, struct str needle);
size_t str_ifind(struct str s, struct str needle);

/* Whether all of s fits a pattern: '*' is any run of bytes, '?' one. */
bool str_like(struct str s, struct str pattern);

/*
 * Cuts the part before the first sep off *rest into *head and moves *rest
 * behind it. False when *rest was used up before: the loop is
 * while (str_cut(&rest, ',', &head)). "a,,b" gives three parts; "a," gives one,
 * as a last line does with its newline; "" gives none.
 */
bool str_cut(struct str *rest, char sep, struct str *head);

/* The next run of non-white bytes of *rest; false when there is none. */
bool str_word(struct str *rest, struct str *word);

/* The first n bytes of s, but for the word that is cut there. */
struct str str_words(struct str s, size_t n);

/*
 * Copies s with a NUL behind it; false, and out made "", when it does not
 * fit in cap bytes or holds a NUL.
 */
bool str_copy(struct str s, char *out, size_t cap);

#endif
