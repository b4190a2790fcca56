/* near.c - which of some names a mistyped word was to be. */
#include "base/near.h"

#include "base/number.h"

#define WORD_MAX 32 /* letters of words that are compared */

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool
same(char a, char b)
{
	return ascii_lower(a) == ascii_lower(b);
}

/* Letters to put in, take out, change, or swap with their neighbour. */
static size_t
distance(struct str a, struct str b)
{
	size_t rows[3][WORD_MAX + 1];

	for (size_t i = 0; i <= a.n; i++) {
		size_t *row = rows[i % 3], *last = rows[(i + 2) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			if (i == 0) {
				row[j] = j;
				continue;
			}
			row[j] = least(least(row[j - 1], last[j]) + 1,
			    last[j - 1] + !same(a.p[i - 1], b.p[j - 1]));
			if (i > 1 && j > 1 && same(a.p[i - 1], b.p[j - 2]) &&
			    same(a.p[i - 2], b.p[j - 1]))
				row[j] = least(
				    row[j], rows[(i + 1) % 3][j - 2] + 1);
		}
	}
	return rows[a.n % 3][b.n];
}

struct near
near_to(const char *word)
{
	struct near n = { .word = str_from(word) };

	/* One in a short word is much: "add" is no "all". */
	n.away = n.word.n < 4 || n.word.n > WORD_MAX ? 0 : (n.word.n + 1) / 4;
	return n;
}

void
near_try(struct near *n, const char *name)
{
	struct str s = str_from(name);
	size_t away;

	if (n->away == 0 || s.n > WORD_MAX)
		return;
	away = distance(n->word, s);
	if (away < n->away + (n->name == NULL)) {
		n->name = name;
		n->away = away;
	}
}

const char *
near_text(const struct near *n, char out[NEAR_TEXT])
{
	if (n->name == NULL ||
	    !number_print(out, NEAR_TEXT, ", but '%s' is", n->name))
		out[0] = '\0';
	return out;
}
