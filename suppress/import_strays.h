/* import_strays.h - objects of a JSON file that have no address: bad entries,
 * or what an API says beside its list. */
#ifndef SUPPRESS_IMPORT_STRAYS_H
#define SUPPRESS_IMPORT_STRAYS_H

#include <stdint.h>

#include "objects.h"

#define STRAYS_DEEPEST 63u /* lists in lists that are told apart */

/*
 * An object without an address is an entry when it stands in a list, however
 * deep, of which another object has one; objects in no list are a list, too.
 * Until it is known they wait here. All zero at first; release with
 * import_strays_release().
 */
struct import_strays {
	struct import_stray {
		unsigned long line;
		unsigned lists; /* open around it, as far as they still are */
	} *list;
	size_t n, cap;
	uint64_t found; /* a bit for each open list that has addresses */
	bool any; /* some list has, or had */
};

void import_strays_release(struct import_strays *s);

/* To be told of each object first: lists that it is behind are closed. */
void import_strays_pass(struct import_strays *s, const struct object *o);
/* Whether it stands in a list that has addresses. */
bool import_strays_inside(
    const struct import_strays *s, const struct object *o);
/* It waits. */
bool import_strays_add(
    struct import_strays *s, const struct object *o, struct err *e);
/* It has an address: from the number returned on, those that wait are bad. */
size_t import_strays_found(struct import_strays *s, const struct object *o);

#endif
