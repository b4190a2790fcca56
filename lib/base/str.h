/* str.h - borrowed runs of bytes: cut, compare, search; never copied. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

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

struct str str_of(const char *p, size_t n);
struct str str_from(const char *cstr); /* NULL gives the empty run */

bool str_eq(struct str a, struct str b);
/* Case is folded for ASCII only in every function with an i in its name. */
bool str_ieq(struct str a, struct str b);
int str_cmp(struct str a, struct str b); /* by bytes, shorter first */
bool str_starts(struct str s, struct str head);
bool str_istarts(struct str s, struct str head);
bool str_ends(struct str s, struct str tail);
bool str_iends(struct str s, struct str tail);

/* Index of the first (str_rchr: last) c, or s.n when there is none. */
size_t str_chr(struct str s, char c);
size_t str_rchr(struct str s, char c);
/* Index of the first needle, or s.n; an empty needle is found at 0. */
size_t str_find(struct str s, struct str needle);
size_t str_ifind(struct str s, struct str needle);

/* Whether all of s fits a pattern: '*' is any run of bytes, '?' one. */
bool str_like(struct str s, struct str pattern);

/* The part from `from` on, at most n bytes; both are clipped to s. */
struct str str_sub(struct str s, size_t from, size_t n);
struct str str_skip(struct str s, size_t n);

/* Without ASCII white space (space, \t, \r, \n, \v, \f) at both ends. */
struct str str_trim(struct str s);

/*
 * Cuts the part before the first sep off *rest into *head and moves *rest
 * behind it. False when *rest was used up before: the loop is
 * while (str_cut(&rest, ',', &head)). "a,,b" gives three parts; "a," gives one,
 * as a last line does with its newline; "" gives none.
 */
bool str_cut(struct str *rest, char sep, struct str *head);

/* The next run of non-white bytes of *rest; false when there is none. */
bool str_word(struct str *rest, struct str *word);

/* ASCII only, whatever the locale. */
bool ascii_is_digit(char c);
bool ascii_is_alpha(char c);
bool ascii_is_alnum(char c);
bool ascii_is_space(char c);
char ascii_lower(char c);

/*
 * Copies s with a NUL behind it; false, and out made "", when it does not
 * fit in cap bytes or holds a NUL.
 */
bool str_copy(struct str s, char *out, size_t cap);

#endif
