/* literal.c - bytes that a text must hold, or a pattern cannot match it.
 *
 * Reads the pattern as PCRE2 does, keeping of each sequence the longest run
 * of plain bytes that cannot be left out. Whatever it does not know for sure
 * makes it give up: a missing literal costs time, a wrong one a verdict. */
#include "verdict/literal.h"

#include <string.h>

#define DEPTH_MAX 32

struct parse {
	struct str s;
	size_t at;
	unsigned depth;
	bool lost; /* something that is not understood */
};

/* One piece of a pattern, before its quantifier. */
enum atom { ATOM_BYTE, ATOM_OTHER, ATOM_NOTHING, ATOM_GROUP };

/* A run of plain bytes being read, and the best sets so far. */
struct reading {
	struct literals run; /* one literal */
	struct literal_sets best;
};

static void alternatives(struct parse *p, struct literal_sets *out);

static bool
is_at(const struct parse *p, char c)
{
	return p->at < p->s.n && p->s.p[p->at] == c;
}

static char
peek(const struct parse *p, size_t ahead)
{
	return p->at + ahead < p->s.n ? p->s.p[p->at + ahead] : '\0';
}

static bool
give_up(struct parse *p)
{
	p->lost = true;
	return false;
}

static void
skip_to(struct parse *p, char end)
{
	p->at += str_chr(str_skip(p->s, p->at), end);
	if (p->at >= p->s.n)
		give_up(p);
	else
		p->at++;
}

size_t
literal_least(const struct literals *l)
{
	size_t least = l->n > 0 ? LITERAL_MAX : 0;

	for (size_t i = 0; i < l->n; i++)
		if (l->of[i].n < least)
			least = l->of[i].n;
	return least;
}

/* Longer is better; of the same length, fewer. */
static bool
is_better(const struct literals *a, const struct literals *b)
{
	size_t x = literal_least(a);
	size_t y = literal_least(b);

	return x > y || (x == y && a->n < b->n);
}

void
literal_keep(struct literal_sets *sets, const struct literals *l)
{
	size_t at = sets->n;

	if (literal_least(l) < LITERAL_MIN)
		return;
	while (at > 0 && is_better(l, &sets->of[at - 1]))
		at--;
	if (at == LITERAL_SETS)
		return;
	if (sets->n < LITERAL_SETS)
		sets->n++;
	memmove(&sets->of[at + 1], &sets->of[at],
	    (sets->n - at - 1) * sizeof sets->of[0]);
	sets->of[at] = *l;
}

static void
end_run(struct reading *r)
{
	r->run.n = 1;
	literal_keep(&r->best, &r->run);
	r->run.of[0].n = 0;
}

static void
add_byte(struct reading *r, char c)
{
	/* The first bytes are enough; the run goes on unseen. */
	if (r->run.of[0].n < LITERAL_MAX)
		r->run.of[0].p[r->run.of[0].n++] = ascii_lower(c);
}

/* p->at stands behind "["; leaves it behind the "]" that closes it. */
static void
skip_class(struct parse *p)
{
	p->at += is_at(p, '^') ? 1 : 0;
	p->at += is_at(p, ']') ? 1 : 0;
	while (p->at < p->s.n && !is_at(p, ']')) {
		if (is_at(p, '\\')) {
			if (peek(p, 1) == 'Q' || peek(p, 1) == 'E')
				give_up(p);
			p->at++;
		} else if (is_at(p, '[') &&
		    (peek(p, 1) == ':' || peek(p, 1) == '.' ||
			peek(p, 1) == '=')) {
			size_t end = str_find(str_skip(p->s, p->at), STR(":]"));

			if (p->at + end < p->s.n)
				p->at += end + 1;
		}
		p->at++;
	}
	if (!is_at(p, ']'))
		give_up(p);
	p->at++;
}

/* p->at stands behind "\" and a letter or digit c that was taken off. */
static enum atom
letter_escape(struct parse *p, char c)
{
	if (strchr("dDwWsShHvVNRXnrtfea", c) != NULL)
		return ATOM_OTHER;
	if (strchr("bBAZzGK", c) != NULL)
		return ATOM_NOTHING;
	if (c == 'x' && is_at(p, '{')) {
		skip_to(p, '}');
		return ATOM_OTHER;
	}
	if (c == 'x') {
		for (int i = 0; i < 2 &&
		     strchr("0123456789abcdefABCDEF", peek(p, 0)) != NULL &&
		     peek(p, 0) != '\0';
		     i++)
			p->at++;
		return ATOM_OTHER;
	}
	if (ascii_is_digit(c)) {
		while (ascii_is_digit(peek(p, 0)))
			p->at++;
		return ATOM_OTHER;
	}
	give_up(p);
	return ATOM_OTHER;
}

/* Letters behind "(?" that only set options; x changes what is a literal. */
static bool
skip_options(struct parse *p)
{
	while (strchr("imsnJU-^", peek(p, 0)) != NULL && peek(p, 0) != '\0')
		p->at++;
	return is_at(p, ')') || is_at(p, ':') || give_up(p);
}

/* p->at stands behind "(". Whether what follows must match, as a group. */
static bool
open_group(struct parse *p)
{
	if (is_at(p, '*'))
		return give_up(p);
	if (!is_at(p, '?'))
		return true;
	p->at++;
	switch (peek(p, 0)) {
	case ':':
	case '>':
	case '|':
		p->at++;
		return true;
	case '=':
	case '!':
		p->at++;
		return false;
	case '<':
		p->at++;
		if (is_at(p, '=') || is_at(p, '!')) {
			p->at++;
			return false;
		}
		skip_to(p, '>');
		return true;
	default:
		if (!skip_options(p))
			return false;
		if (is_at(p, ':')) {
			p->at++;
			return true;
		}
		return false; /* "(?i)": the group is empty */
	}
}

static enum atom
read_group(struct parse *p, struct literal_sets *out)
{
	bool must;

	out->n = 0;
	if (p->depth >= DEPTH_MAX) {
		give_up(p);
		return ATOM_GROUP;
	}
	p->depth++;
	must = open_group(p);
	alternatives(p, out);
	p->depth--;
	if (!is_at(p, ')'))
		give_up(p);
	p->at++;
	if (!must)
		out->n = 0;
	return ATOM_GROUP;
}

static enum atom
read_atom(struct parse *p, char *byte, struct literal_sets *group)
{
	char c = p->s.p[p->at++];

	switch (c) {
	case '(':
		return read_group(p, group);
	case '[':
		skip_class(p);
		return ATOM_OTHER;
	case '.':
		return ATOM_OTHER;
	case '^':
	case '$':
		return ATOM_NOTHING;
	case '*':
	case '+':
	case '?':
	case '{':
		give_up(p);
		return ATOM_OTHER;
	case '\\':
		c = peek(p, 0);
		p->at++;
		if (ascii_is_alnum(c))
			return letter_escape(p, c);
		break;
	default:
		break;
	}
	*byte = c;
	return ATOM_BYTE;
}

/* The least count of "{2,5}"; p->at stands behind "{". */
static unsigned
read_braces(struct parse *p)
{
	unsigned least = 0;
	size_t digits = 0;

	for (; ascii_is_digit(peek(p, 0)); p->at++, digits++)
		least = peek(p, 0) != '0' || least > 0;
	if (is_at(p, ','))
		p->at++;
	while (ascii_is_digit(peek(p, 0)))
		p->at++;
	if (digits == 0 || !is_at(p, '}'))
		give_up(p); /* "{" as it stands, or what we do not know */
	p->at++;
	return least;
}

/* Reads a quantifier: whether the atom may be left out, may come again. */
static bool
read_quantifier(struct parse *p, bool *optional)
{
	char c = peek(p, 0);

	*optional = c == '*' || c == '?';
	if (c != '*' && c != '?' && c != '+' && c != '{')
		return false;
	p->at++;
	if (c == '{')
		*optional = read_braces(p) == 0;
	if (is_at(p, '?') || is_at(p, '+'))
		p->at++;
	return true;
}

/* One alternative, up to "|", ")" or the end. */
static void
sequence(struct parse *p, struct literal_sets *out)
{
	struct reading r = { 0 };
	struct literal_sets group;
	bool optional, again;
	char byte = '\0';

	while (p->at < p->s.n && !p->lost && !is_at(p, '|') && !is_at(p, ')')) {
		enum atom a = read_atom(p, &byte, &group);

		again = read_quantifier(p, &optional);
		if (a == ATOM_NOTHING)
			continue;
		if (a == ATOM_BYTE && !optional)
			add_byte(&r, byte);
		if (a != ATOM_BYTE || again)
			end_run(&r);
		for (size_t i = 0; a == ATOM_GROUP && !optional && i < group.n;
		     i++)
			literal_keep(&r.best, &group.of[i]);
	}
	end_run(&r);
	*out = r.best;
}

/* Adds one alternative's set; *whole false: no room, so no set at all. */
static void
join(struct literals *all, const struct literals *one, bool *whole)
{
	if (all->n + one->n > LITERAL_ALTS)
		*whole = false;
	for (size_t i = 0; *whole && i < one->n; i++)
		all->of[all->n++] = one->of[i];
}

/* The sets of all alternatives: one that has fewer sets than another gives
 * its best one more than once; one that has none leaves none. */
static void
alternatives(struct parse *p, struct literal_sets *out)
{
	bool whole[LITERAL_SETS] = { true, true, true };
	struct literal_sets all = { 0 };
	struct literal_sets one;
	size_t most = 0;
	bool none = false;

	for (;;) {
		sequence(p, &one);
		none |= one.n == 0;
		for (size_t i = 0; !none && i < LITERAL_SETS; i++)
			join(&all.of[i], &one.of[i < one.n ? i : 0], &whole[i]);
		if (one.n > most)
			most = one.n;
		if (p->lost || !is_at(p, '|'))
			break;
		p->at++;
	}
	out->n = 0;
	for (size_t i = 0; !none && i < most; i++)
		if (whole[i])
			literal_keep(out, &all.of[i]);
}

bool
literal_find(struct str pattern, struct literal_sets *out)
{
	struct parse p = { .s = pattern };

	alternatives(&p, out);
	if (p.lost || p.at != pattern.n)
		out->n = 0;
	return out->n > 0;
}
