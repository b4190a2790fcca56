/* near.h - which of some names a mistyped word was to be. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/str.h"

#define NEAR_TEXT 64

/* Made by near_to(); the word and the names are borrowed. */
struct near {
	struct str word;
	const char *name; /* the nearest so far, or NULL */
	size_t away;      /* letters that the nearest may differ by, at most */
};

struct near near_to(const char *word);
/* Case does not matter; of two that are as near the first counts. */
void near_try(struct near *n, const char *name);
/* ", but 'NAME' is" for a message, or "" where none is near. Returns out. */
const char *near_text(const struct near *n, char out[NEAR_TEXT]);

#endif
