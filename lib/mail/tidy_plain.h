/* tidy_plain.h - how many bytes of a reply stand as they are.
 *
 * The SSE2 and the portable version give the same number; tidy_plain() is the
 * one to use. */
#ifndef MAIL_TIDY_PLAIN_H
#define MAIL_TIDY_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Bytes that are looked at, and one less that may be taken of them. */
#define TIDY_PLAIN 16

static inline bool
tidy_is_plain(char c)
{
	return c > ' ' && c < 0x7f;
}

/* A space before a plain byte stands, too; in a reply of several lines not
 * before a digit, which may begin a code that is only repeated. */
static inline size_t
tidy_plain_portable(const char *p, bool lines)
{
	size_t n = 0;

	while (n < TIDY_PLAIN - 1 && (tidy_is_plain(p[n]) || (p[n] == ' ' &&
	    tidy_is_plain(p[n + 1]) &&
	    !(lines && p[n + 1] >= '0' && p[n + 1] <= '9'))))
		n++;
	return n;
}

#if defined(__SSE2__)
static inline size_t
tidy_plain_sse2(const char *p, bool lines)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i in = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(' ')),
	    _mm_cmplt_epi8(v, _mm_set1_epi8(0x7f)));
	__m128i digit = _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8('/')),
	    _mm_cmplt_epi8(v, _mm_set1_epi8(':')));
	unsigned plain = (unsigned)_mm_movemask_epi8(in);
	unsigned next = lines
	    ? plain & ~(unsigned)_mm_movemask_epi8(digit) : plain;
	unsigned space = (unsigned)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(v, _mm_set1_epi8(' ')));
	unsigned take = plain | (space & next >> 1);

	return (size_t)__builtin_ctz(~take | 1u << (TIDY_PLAIN - 1));
}
#endif

static inline size_t
tidy_plain(const char *p, bool lines)
{
#if defined(__SSE2__)
	return tidy_plain_sse2(p, lines);
#else
	return tidy_plain_portable(p, lines);
#endif
}

#endif
