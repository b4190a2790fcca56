/* objects.h - the entries of a JSON file, however they are wrapped: objects a
 * line, a list of them, an answer of an API. */
#ifndef SUPPRESS_OBJECTS_H
#define SUPPRESS_OBJECTS_H

#include "base/err.h"
#include "wrap/inflate.h"
#include "base/str.h"

#define OBJECT_MAX (64u << 10) /* bytes of one entry */

struct objects; /* opened and freed only by objects.c */

/* Of an open file, which is taken, also after a failure. strings: texts in
 * lists are entries, too, as they are in lists that no object holds. */
struct objects *objects_open(struct inflate *in, bool strings, struct err *e);
void objects_close(struct objects *o);

/* Whether a file begins as JSON, { or [; nothing of it is read by that. */
bool objects_is_json(struct inflate *in, bool *is, struct err *e);

struct object {
	struct str text; /* "{...}", or a string with its quotes */
	unsigned long line;
	unsigned lists; /* that are open around it */
	unsigned fewest; /* that were open since the one before ended */
};

/*
 * The next object that holds no other, or string of a list; *more false:
 * there is none. What is in between is passed over, so a broken entry costs
 * only itself. EX_DATAERR for one over OBJECT_MAX, and for a file that ends in
 * the middle of one, or of a list.
 */
bool objects_next(
    struct objects *o, struct object *out, bool *more, struct err *e);

/* At the end: whether the file is one object, in which is a list of nothing, as
 * an API says that there is nobody. */
bool objects_is_page(const struct objects *o);

#endif
