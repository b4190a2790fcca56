/* phrases.c - whether a text holds any of many phrases. */
#include "mail/phrases.h"

#include <stdint.h>

#define GRAM 4 /* bytes of text that are known by a bit */
#define BITS 13 /* of the number of such a bit */
#define WORD_BITS 64

/* Which runs of GRAM bytes a text has, by a hash: a phrase one of whose runs
 * is missing is not there, and need not be looked for. */
struct grams {
	uint64_t words[(1u << BITS) / WORD_BITS];
};

static uint32_t
hash_of(uint32_t gram)
{
	return gram * 2654435761u >> (32 - BITS);
}

static uint32_t
shift_in(uint32_t gram, char c)
{
	/* As ascii_lower() for letters; what else it makes one does no harm. */
	return gram << 8 | ((unsigned char)c | 0x20);
}

static void
grams_of(struct str s, struct grams *g)
{
	uint32_t gram = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint32_t h = hash_of(gram = shift_in(gram, s.p[i]));

		if (i + 1 >= GRAM)
			g->words[h / WORD_BITS] |= (uint64_t)1
			    << h % WORD_BITS;
	}
}

/* False: phrase, of GRAM bytes or more, is not there for sure. */
static bool
may_have(const struct grams *g, const char *phrase)
{
	uint32_t gram = 0;

	for (size_t i = 0; phrase[i] != '\0'; i++) {
		uint32_t h = hash_of(gram = shift_in(gram, phrase[i]));

		if (i + 1 >= GRAM &&
		    (g->words[h / WORD_BITS] >> h % WORD_BITS & 1) == 0)
			return false;
	}
	return true;
}

bool
phrases_in(struct str s, const char *const *phrases, size_t n)
{
	struct grams g = { 0 };

	if (s.n == 0)
		return false;
	grams_of(s, &g);
	for (size_t i = 0; i < n; i++)
		if (may_have(&g, phrases[i]) &&
		    str_ifind(s, str_from(phrases[i])) < s.n)
			return true;
	return false;
}
