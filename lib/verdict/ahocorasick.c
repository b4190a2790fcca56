/* ahocorasick.c - which of many short literals occur in a text, in one pass.
 *
 * A full table: for each state and each kind of byte the next state. States
 * at which a literal ends have the highest numbers, so the loop over the text
 * asks one comparison a byte. */
#include "verdict/ahocorasick.h"

#include <stdlib.h>

#define STATES_MAX 65535
#define LITERAL_BYTES_MAX (1u << 20) /* of all literals together */
#define HIGH_KINDS 8 /* of bytes past ASCII */
#define ROW_ALIGN 64 /* bytes of a cache line */
#define SHIFT_MIN 5 /* 32 kinds: a cache line of next states */

struct literal {
	char p[AC_LITERAL_MAX];
	unsigned n, id;
};

/* What a state tells: ids of 64 in a row, those of its literal and of all
 * shorter ones that also end here. */
struct mark {
	uint64_t bits;
	size_t word;
};

struct ac {
	struct literal *literals;
	size_t count, cap;
	unsigned char kind[256]; /* of a byte; 0: in no literal */
	unsigned shift; /* there is room for 1 << shift kinds */
	uint16_t *next; /* [state << shift | kind] */
	size_t first_end; /* states below it end no literal */
	uint32_t *first; /* [state - first_end]: where its marks begin */
	struct mark *marks;
	size_t mark_count, mark_cap;
};

/* While it is built: an id that a node tells. */
struct ending {
	unsigned id;
	uint32_t next; /* index + 1 of another, 0: none */
};

/* While it is built: the trie in the order in which its nodes were made. */
struct trie {
	uint16_t *next; /* [node << shift | kind], 0: none */
	uint16_t *shorter; /* the node of the longest proper suffix */
	uint16_t *order; /* nodes, nearest to the root first */
	uint32_t *ends; /* [node]: index + 1 into endings */
	uint16_t *number; /* of the node as a state */
	size_t n;
	struct ending *endings;
	size_t ending_count, ending_cap;
};

struct ac *
ac_new(void)
{
	return calloc(1, sizeof(struct ac));
}

void
ac_free(struct ac *a)
{
	if (a == NULL)
		return;
	free(a->literals);
	free(a->next);
	free(a->first);
	free(a->marks);
	free(a);
}

/* Room for one more in an array of `size` bytes a piece. */
static bool
grow(void **p, size_t n, size_t *cap, size_t size)
{
	size_t want = *cap > 0 ? *cap * 2 : 64;
	void *more;

	if (n < *cap)
		return true;
	if (want > SIZE_MAX / size)
		return false;
	more = realloc(*p, want * size);
	if (more == NULL)
		return false;
	*p = more;
	*cap = want;
	return true;
}

bool
ac_add(struct ac *a, struct str literal, unsigned id)
{
	void *p = a->literals;
	struct literal *l;

	if (literal.n == 0 || literal.n > AC_LITERAL_MAX ||
	    !grow(&p, a->count, &a->cap, sizeof *a->literals))
		return false;
	a->literals = p;
	l = &a->literals[a->count++];
	*l = (struct literal){ .n = (unsigned)literal.n, .id = id };
	for (size_t i = 0; i < literal.n; i++)
		l->p[i] = ascii_lower(literal.p[i]);
	return true;
}

/*
 * Numbers the bytes that occur in literals, capitals as small letters. What is
 * common in text comes first, so that a state's common ways on share one cache
 * line. Bytes past ASCII share HIGH_KINDS numbers: the table stays small, and
 * a literal that is marked wrongly only costs a look.
 */
static void
number_kinds(struct ac *a)
{
	static const char COMMON[] = " etaoinsrhldcumpfgybwvkjxqz";
	unsigned n = 1;

	for (size_t i = 0; i < sizeof COMMON - 1; i++)
		a->kind[(unsigned char)COMMON[i]] = (unsigned char)n++;
	for (unsigned c = 0x80; c < 0x100; c++)
		a->kind[c] = (unsigned char)(n + c % HIGH_KINDS);
	n += HIGH_KINDS;
	for (size_t i = 0; i < a->count; i++)
		for (unsigned j = 0; j < a->literals[i].n; j++) {
			unsigned char c = (unsigned char)a->literals[i].p[j];

			if (a->kind[c] == 0)
				a->kind[c] = (unsigned char)n++;
		}
	for (unsigned c = 'A'; c <= 'Z'; c++)
		a->kind[c] = a->kind[c - 'A' + 'a'];
	a->shift = SHIFT_MIN;
	while (n > 1u << a->shift)
		a->shift++;
}

static bool
add_ending(struct trie *t, uint32_t *ends, unsigned id)
{
	void *p = t->endings;

	if (!grow(&p, t->ending_count, &t->ending_cap, sizeof *t->endings))
		return false;
	t->endings = p;
	t->endings[t->ending_count++] = (struct ending){ id, *ends };
	*ends = (uint32_t)t->ending_count;
	return true;
}

static bool
plant(struct ac *a, struct trie *t, const struct literal *l)
{
	size_t node = 0;

	for (unsigned i = 0; i < l->n; i++) {
		uint16_t *to = &t->next[node << a->shift |
		    a->kind[(unsigned char)l->p[i]]];

		if (*to == 0 && t->n > STATES_MAX)
			return false;
		if (*to == 0)
			*to = (uint16_t)t->n++;
		node = *to;
	}
	return add_ending(t, &t->ends[node], l->id);
}

/* Adds what ends at `from` behind what ends at `node`. */
static bool
inherit(struct trie *t, size_t node, size_t from)
{
	uint32_t own = t->ends[node];

	if (own == 0) {
		t->ends[node] = t->ends[from];
		return true;
	}
	for (uint32_t e = t->ends[from]; e != 0; e = t->endings[e - 1].next)
		if (!add_ending(t, &t->ends[node], t->endings[e - 1].id))
			return false;
	return true;
}

/* Nearest nodes first: each gets its longest proper suffix, that suffix's
 * endings, and a way on for every byte. */
static bool
link_suffixes(const struct ac *a, struct trie *t)
{
	size_t done = 0;
	size_t queued = 1;

	t->order[0] = 0;
	for (; done < queued; done++) {
		size_t node = t->order[done];

		if (node != 0 && !inherit(t, node, t->shorter[node]))
			return false;
		for (unsigned k = 0; k >> a->shift == 0; k++) {
			size_t back =
			    t->next[(size_t)t->shorter[node] << a->shift | k];
			uint16_t *to = &t->next[node << a->shift | k];

			if (*to == 0) {
				*to = (uint16_t)(node == 0 ? 0 : back);
				continue;
			}
			t->shorter[*to] = (uint16_t)(node == 0 ? 0 : back);
			t->order[queued++] = *to;
		}
	}
	return true;
}

/* Copies the trie so that states with an ending come last. */
static void
settle(struct ac *a, struct trie *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->ends[t->order[i]] == 0)
			t->number[t->order[i]] = (uint16_t)n++;
	a->first_end = n;
	for (size_t i = 0; i < t->n; i++)
		if (t->ends[t->order[i]] != 0)
			t->number[t->order[i]] = (uint16_t)n++;
	for (size_t i = 0; i < t->n; i++) {
		const uint16_t *from = t->next + (i << a->shift);
		uint16_t *to = a->next + ((size_t)t->number[i] << a->shift);

		for (unsigned k = 0; k >> a->shift == 0; k++)
			to[k] = t->number[from[k]];
	}
}

/* Adds an id to the marks from `from` on, those of one state. */
static bool
add_mark(struct ac *a, size_t from, unsigned id)
{
	void *p = a->marks;
	size_t i = from;

	while (i < a->mark_count && a->marks[i].word != id / 64)
		i++;
	if (i == a->mark_count) {
		if (!grow(&p, i, &a->mark_cap, sizeof *a->marks))
			return false;
		a->marks = p;
		a->marks[a->mark_count++] = (struct mark){ 0, id / 64 };
	}
	a->marks[i].bits |= UINT64_C(1) << (id % 64);
	return true;
}

/* In the order in which settle() numbered the states. */
static bool
make_marks(struct ac *a, const struct trie *t)
{
	size_t state = 0;

	for (size_t i = 0; i < t->n; i++) {
		uint32_t e = t->ends[t->order[i]];
		size_t from = a->mark_count;

		if (e == 0)
			continue;
		a->first[state++] = (uint32_t)from;
		for (; e != 0; e = t->endings[e - 1].next)
			if (!add_mark(a, from, t->endings[e - 1].id))
				return false;
	}
	a->first[state] = (uint32_t)a->mark_count;
	return true;
}

static bool
trie_make(struct trie *t, size_t most, unsigned shift)
{
	t->next = calloc(most << shift, sizeof *t->next);
	t->shorter = calloc(most, sizeof *t->shorter);
	t->order = calloc(most, sizeof *t->order);
	t->ends = calloc(most, sizeof *t->ends);
	t->number = calloc(most, sizeof *t->number);
	t->n = 1;
	return t->next != NULL && t->shorter != NULL && t->order != NULL &&
	    t->ends != NULL && t->number != NULL;
}

static void
trie_release(struct trie *t)
{
	free(t->next);
	free(t->shorter);
	free(t->order);
	free(t->ends);
	free(t->number);
	free(t->endings);
}

static bool
build(struct ac *a, struct trie *t, struct err *e)
{
	for (size_t i = 0; i < a->count; i++) {
		if (plant(a, t, &a->literals[i]))
			continue;
		return t->n > STATES_MAX
		    ? err_set(e, EX_CONFIG,
			  "the literals of all rules need more than %d "
			  "states; take some rules out, or some of their "
			  "alternatives",
			  STATES_MAX)
		    : err_memory(e);
	}
	a->next =
	    aligned_alloc(ROW_ALIGN, (t->n << a->shift) * sizeof *a->next);
	if (a->next == NULL || !link_suffixes(a, t))
		return err_memory(e);
	settle(a, t);
	a->first = calloc(t->n - a->first_end + 1, sizeof *a->first);
	return (a->first != NULL && make_marks(a, t)) || err_memory(e);
}

bool
ac_build(struct ac *a, struct err *e)
{
	struct trie t = { 0 };
	size_t most = 1;
	bool ok = false;

	number_kinds(a);
	for (size_t i = 0; i < a->count; i++)
		most += a->literals[i].n;
	if (most > LITERAL_BYTES_MAX)
		return err_set(e, EX_CONFIG,
		    "%zu bytes of literals in all rules: more than %u; take "
		    "some rules out, or some of their alternatives",
		    most, LITERAL_BYTES_MAX);
	if (most > STATES_MAX + 1)
		most = STATES_MAX + 1;
	if (trie_make(&t, most, a->shift))
		ok = build(a, &t, e);
	else
		err_memory(e);
	trie_release(&t);
	return ok;
}

void
ac_mark(const struct ac *a, struct str text, uint64_t *marks)
{
	size_t state = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		const uint32_t *first;

		state = a->next[state << a->shift | a->kind[c]];
		if (state < a->first_end)
			continue;
		first = a->first + (state - a->first_end);
		for (uint32_t m = first[0]; m < first[1]; m++)
			marks[a->marks[m].word] |= a->marks[m].bits;
	}
}
