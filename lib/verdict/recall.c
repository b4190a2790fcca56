/* recall.c - which rule won before, by all that rules look at. */
#include "verdict/recall.h"

#include <stdlib.h>
#include <string.h>

#include "wrap/hash.h"

#define BITS 8
#define TEXT_MAX 480

struct answer {
	const struct rule *rule;
	struct reply_status status;
	uint16_t code, provider, n;
	bool kept, local;
	char text[TEXT_MAX];
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
	free(r);
}

static size_t
place_of(const struct rule_input *in)
{
	return (size_t)(hash64_more(
			    in->code << 16 | in->status.detail, in->folded) >>
	    (64 - BITS));
}

bool
recall_find(const struct recall *r, const struct rule_input *in,
    const struct rule **rule)
{
	const struct answer *a = &r->answers[place_of(in)];

	if (!a->kept || a->code != in->code || a->provider != in->provider ||
	    a->local != in->local || a->status.class != in->status.class ||
	    a->status.subject != in->status.subject ||
	    a->status.detail != in->status.detail ||
	    !str_eq(str_of(a->text, a->n), in->folded))
		return false;
	*rule = a->rule;
	return true;
}

void
recall_keep(
    struct recall *r, const struct rule_input *in, const struct rule *rule)
{
	struct answer *a = &r->answers[place_of(in)];

	if (in->folded.n > sizeof a->text || in->code > UINT16_MAX ||
	    in->provider > UINT16_MAX)
		return;
	a->rule = rule;
	a->status = in->status;
	a->code = (uint16_t)in->code;
	a->provider = (uint16_t)in->provider;
	a->n = (uint16_t)in->folded.n;
	a->local = in->local;
	a->kept = true;
	if (a->n > 0)
		memcpy(a->text, in->folded.p, a->n);
}
