/* never.h - addresses that the policy never lists: seeds, own domains,
 * monitors; pure. */
#ifndef POLICY_NEVER_H
#define POLICY_NEVER_H

#include <stdint.h>

#include "base/str.h"

#define NEVER_MAX 1000       /* patterns */
#define NEVER_TEXT 48000     /* bytes of all their labels and texts */
#define NEVER_SLOTS 4096     /* of the table; a power of two */

/* All zero is an empty list; it owns nothing outside itself. */
struct never {
	struct never_item {
		uint16_t label, text; /* where they begin; a NUL behind each */
		bool wild;
	} items[NEVER_MAX];
	uint16_t slots[NEVER_SLOTS]; /* index of an item + 1; 0: free */
	char text[NEVER_TEXT];
	uint16_t n, text_n;
};

/*
 * Takes "name@domain", "@domain" (not what is below it) or a pattern of '*'
 * (any run) and '?' (one byte), which is matched against the whole key; label
 * is a person's word for it. NULL, or what is wrong and the mend.
 */
const char *never_add(struct never *n, struct str label, struct str pattern);

struct never_hit {
	struct str label, pattern;
};

/*
 * Whether the key of an address is on the list; what names it. "@domain" is
 * also when an address in it is, since to list the domain would suppress that
 * one. Exact ones and domains cost the same however many there are.
 */
bool never_find(const struct never *n, struct str key, struct never_hit *hit);

#endif
