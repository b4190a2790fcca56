/* recall.c - which rule won before, by all that rules look at. */
#include "verdict/recall.h"

#include <stdlib.h>
#include <string.h>

#include "wrap/hash.h"

#define BITS 13
#define TEXT_MAX 480

struct answer {
	char *text; /* NULL: nothing is kept here */
	const struct rule *rule;
	struct reply_status status;
	uint16_t code, provider, n, cap;
	bool local;
};

struct recall {
	struct answer answers[1u << BITS];
};

struct recall *
recall_new(void)
{
	return calloc(1, sizeof(struct recall));
}

void
recall_free(struct recall *r)
{
	for (size_t i = 0; r != NULL && i < COUNT(r->answers); i++)
		free(r->answers[i].text);
	free(r);
}

static size_t
place_of(const struct rule_input *in)
{
	uint64_t seed = (uint64_t)in->provider << 32 | in->code << 16 |
	    in->status.detail;

	return (size_t)(hash64_more(seed, in->folded) >> (64 - BITS));
}

bool
recall_find(const struct recall *r, const struct rule_input *in,
    const struct rule **rule)
{
	const struct answer *a = &r->answers[place_of(in)];

	if (a->text == NULL || a->code != in->code ||
	    a->provider != in->provider || a->local != in->local ||
	    a->status.class != in->status.class ||
	    a->status.subject != in->status.subject ||
	    a->status.detail != in->status.detail ||
	    !str_eq(str_of(a->text, a->n), in->folded))
		return false;
	*rule = a->rule;
	return true;
}

/* Room for n bytes of text; false, and the answer forgotten, without. */
static bool
make_room(struct answer *a, size_t n)
{
	if (a->text != NULL && a->cap >= n)
		return true;
	free(a->text);
	a->text = malloc(n + 1);
	a->cap = (uint16_t)n;
	return a->text != NULL;
}

void
recall_keep(
    struct recall *r, const struct rule_input *in, const struct rule *rule)
{
	struct answer *a = &r->answers[place_of(in)];

	if (in->folded.n > TEXT_MAX || in->code > UINT16_MAX ||
	    in->provider > UINT16_MAX || !make_room(a, in->folded.n))
		return;
	a->rule = rule;
	a->status = in->status;
	a->code = (uint16_t)in->code;
	a->provider = (uint16_t)in->provider;
	a->n = (uint16_t)in->folded.n;
	a->local = in->local;
	if (a->n > 0)
		memcpy(a->text, in->folded.p, a->n);
}
