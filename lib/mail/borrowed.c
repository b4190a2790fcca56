/* borrowed.c - reasons that a bounce tells of another recipient. */
#include "mail/borrowed.h"

#include <stdint.h>

/* Where words name a hit. */
struct mention {
	size_t at, hit;
	unsigned list; /* those of one list stand one behind the other */
};

struct mentions {
	struct mention row[BORROWED_MENTIONS_MAX]; /* in the order of words */
	size_t n;
};

static size_t
hit_of(const struct freeform *f, struct str address)
{
	size_t i = 0;

	while (i < f->n && !str_ieq(f->hits[i].rcpt, address))
		i++;
	return i;
}

/* Adds whom a line names; whether it names anybody. */
static bool
add_line(struct mentions *m, const struct freeform *f, struct str words,
    struct str line, unsigned list)
{
	struct str address;
	size_t was = m->n;

	while (m->n < BORROWED_MENTIONS_MAX &&
	    freeform_address(&line, &address)) {
		size_t hit = hit_of(f, address);

		if (hit < f->n)
			m->row[m->n++] =
			    (struct mention){ (size_t)(address.p - words.p),
				    hit, list };
	}
	return m->n > was;
}

static void
find_mentions(struct mentions *m, const struct freeform *f, struct str words)
{
	struct str rest = words;
	struct str line;
	unsigned list = 0;

	m->n = 0;
	while (str_cut(&rest, '\n', &line)) {
		if (add_line(m, f, words, line, list))
			continue;
		line = str_trim(line);
		/* "(expanded from: <user@example.com>)" */
		if (line.n > 0 && !str_starts(line, STR("(")))
			list++;
	}
}

/* Whether an empty line is among lines. */
static bool
has_gap(struct str lines)
{
	struct str line;

	while (str_cut(&lines, '\n', &line))
		if (str_trim(line).n == 0)
			return true;
	return false;
}

/* One hit's reason, by its place in words. */
struct reason_place {
	struct str words, reason;
	size_t at; /* of the reason */
	size_t from, to; /* of the line where it begins */
	size_t hit;
};

/* Whether the reason is a heading right above the hit, whoever stands above
 * that. */
static bool
is_heading(const struct reason_place *p, const struct mention *above,
    const struct mention *below)
{
	size_t end = p->at + p->reason.n;
	struct str between, lines;

	if (below == NULL || below->hit != p->hit || below->at < end)
		return false;
	between = str_sub(p->words, end, below->at - end);
	for (size_t i = 0; i < between.n; i++)
		if (ascii_is_alnum(between.p[i]))
			return false;
	if (str_ends(p->reason, STR(":")))
		return true;
	lines = str_sub(p->words, above->at, p->from - above->at);
	(void)str_cut(&lines, '\n', &between);
	return !ascii_is_digit(p->reason.p[0]) && has_gap(lines);
}

static bool
is_borrowed(const struct mentions *m, const struct reason_place *p)
{
	const struct mention *above = NULL, *below = NULL;
	bool names_it = false, names_other = false, listed = false;

	/* Whom more is told of than is noted, nobody knows. */
	if (m->n == BORROWED_MENTIONS_MAX && p->from > m->row[m->n - 1].at)
		return true;
	for (size_t i = 0; i < m->n; i++) {
		const struct mention *one = &m->row[i];

		if (one->at < p->from) {
			listed = one->hit == p->hit ||
			    (listed && one->list == above->list);
			above = one;
		} else if (one->at < p->to) {
			names_it = names_it || one->hit == p->hit;
			names_other = names_other || one->hit != p->hit;
		} else if (below == NULL) {
			below = one;
		}
	}
	if (names_it || names_other)
		return !names_it;
	return above != NULL && !listed && !is_heading(p, above, below);
}

/* A reason without the rest of a list of addresses that it began with. */
static struct str
without_list(struct str reason)
{
	struct str rest = reason;
	struct str line, word;

	while (str_cut(&rest, '\n', &line) && str_word(&line, &word) &&
	    str_chr(word, '@') < word.n && str_trim(line).n == 0)
		reason = str_trim(rest);
	return reason;
}

/* A reason ends where the line of another hit begins. */
static struct str
before_others(const struct mentions *m, const struct reason_place *p)
{
	struct str cut = p->reason;

	for (size_t i = 0; i < m->n; i++) {
		size_t at = m->row[i].at;

		if (at < p->to || at >= p->at + cut.n)
			continue;
		if (m->row[i].hit == p->hit)
			break;
		cut = str_sub(cut, 0, at - p->at);
		return str_trim(str_sub(cut, 0, str_rchr(cut, '\n')));
	}
	return cut;
}

static bool
find_place(
    struct str words, const struct freeform_hit *hit, struct reason_place *p)
{
	uintptr_t from = (uintptr_t)words.p;
	uintptr_t at = (uintptr_t)hit->diag.p;
	size_t before;

	if (hit->diag.n == 0 || at < from || at >= from + words.n)
		return false;
	p->words = words;
	p->reason = without_list(hit->diag);
	if (p->reason.n == 0)
		return false;
	p->at = (size_t)(p->reason.p - words.p);
	before = str_rchr(str_sub(words, 0, p->at), '\n');
	p->from = before < p->at ? before + 1 : 0;
	p->to = p->at + str_chr(str_skip(words, p->at), '\n');
	return true;
}

void
borrowed_drop(struct freeform *f, struct str words)
{
	struct mentions m;
	struct reason_place p;

	if (f->n < 2)
		return;
	find_mentions(&m, f, words);
	for (p.hit = 0; p.hit < f->n; p.hit++)
		if (find_place(words, &f->hits[p.hit], &p))
			f->hits[p.hit].diag = is_borrowed(&m, &p)
			    ? STR("")
			    : before_others(&m, &p);
}
