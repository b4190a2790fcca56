/* rows_block.h - masks of 64 bytes of CSV: where quotes, commas, LF are.
 *
 * Bit i of a mask speaks of byte i. The SSE2 and the portable version give the
 * same masks; rows_block() is the one to use. CR is not among them: it matters
 * only behind a closing quote and before LF, where rows.c looks at the byte. */
#ifndef MAIL_ROWS_BLOCK_H
#define MAIL_ROWS_BLOCK_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define ROWS_BLOCK 64

struct rows_masks {
	uint64_t quote, comma, lf;
};

/* Bit i: byte i of the 8 in w (byte 0 lowest) is c. */
static inline uint64_t
rows_swar_eq(uint64_t w, char c)
{
	const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	uint64_t x = w ^ UINT64_C(0x0101010101010101) * (unsigned char)c;

	/* The top bit of each byte that is zero, without borrows between
	 * bytes; then the eight top bits side by side. */
	x = ~(((x & low) + low) | x | low);
	return (x >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline void
rows_block_portable(const char *p, struct rows_masks *m)
{
	*m = (struct rows_masks){ 0 };
	for (unsigned i = 0; i < ROWS_BLOCK; i += 8) {
		uint64_t w;

		memcpy(&w, p + i, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		w = __builtin_bswap64(w);
#endif
		m->quote |= rows_swar_eq(w, '"') << i;
		m->comma |= rows_swar_eq(w, ',') << i;
		m->lf |= rows_swar_eq(w, '\n') << i;
	}
}

#if defined(__SSE2__)
static inline uint64_t
rows_sse2_eq16(__m128i v, __m128i all)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, all));
}

/* Written out: gcc -O2 keeps a loop of four. */
static inline uint64_t
rows_sse2_eq(const __m128i v[4], char c)
{
	const __m128i all = _mm_set1_epi8(c);

	return rows_sse2_eq16(v[0], all) | rows_sse2_eq16(v[1], all) << 16 |
	    rows_sse2_eq16(v[2], all) << 32 | rows_sse2_eq16(v[3], all) << 48;
}

static inline __m128i
rows_sse2_load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline void
rows_block_sse2(const char *p, struct rows_masks *m)
{
	const __m128i v[4] = { rows_sse2_load(p), rows_sse2_load(p + 16),
		rows_sse2_load(p + 32), rows_sse2_load(p + 48) };

	m->quote = rows_sse2_eq(v, '"');
	m->comma = rows_sse2_eq(v, ',');
	m->lf = rows_sse2_eq(v, '\n');
}
#endif

/* -DROWS_PORTABLE tries the portable version where SSE2 is at hand. */
static inline void
rows_block(const char *p, struct rows_masks *m)
{
#if defined(__SSE2__) && !defined(ROWS_PORTABLE)
	rows_block_sse2(p, m);
#else
	rows_block_portable(p, m);
#endif
}

#endif
