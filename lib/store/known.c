/* known.c - who has evidence at all: a "no" spares a look for it. */
#include "store/inside.h"

/* Each layer has room for twice as many as the one before. */
#define LEAST 1048576
#define LAYER_MAX (UINT64_C(1) << 30) /* bytes */

void
known_forget(struct store *s)
{
	struct known *k = &s->known;

	for (size_t i = 0; i < k->n_layers; i++)
		bloom_release(&k->layers[i]);
	*k = (struct known){ 0 };
}

bool
known_refresh(struct store *s, struct err *e)
{
	int64_t last;

	known_forget(s);
	if (!evidence_last(s, &last, e))
		return false;
	s->known.whole = last == 0;
	return true;
}

bool
known_maybe(const struct store *s, uint64_t hash)
{
	const struct known *k = &s->known;

	for (size_t i = 0; i < k->n_layers; i++)
		if (bloom_maybe(&k->layers[i], hash))
			return true;
	return !k->whole;
}

void
known_ahead(const struct store *s, uint64_t hash)
{
	const struct known *k = &s->known;

	for (size_t i = 0; i < k->n_layers; i++)
		bloom_prefetch(&k->layers[i], hash);
}

/* Without memory nothing is known, which costs time alone. */
static bool
grow(struct known *k)
{
	uint64_t room = (uint64_t)LEAST << k->n_layers;

	if (k->n_layers == COUNT(k->layers) ||
	    !bloom_make(&k->layers[k->n_layers], room, LAYER_MAX))
		return false;
	k->n_layers++;
	k->room = room;
	return true;
}

void
known_add(struct store *s, uint64_t hash)
{
	struct known *k = &s->known;

	if (!k->whole)
		return;
	if (k->room == 0 && !grow(k)) {
		known_forget(s);
		return;
	}
	bloom_add(&k->layers[k->n_layers - 1], hash);
	k->room--;
}
