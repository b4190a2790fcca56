/* paths.h - the files that words name: a Maildir names all its mails. */
#ifndef SUPPRESS_PATHS_H
#define SUPPRESS_PATHS_H

#include <stddef.h>

#include "base/err.h"

/* All zero is an empty list. */
struct paths {
	char **list;
	size_t n, cap;
};

/* Adds word; where it is a folder, the files in its new/ and cur/, and, unless
 * it has both (a Maildir), those in itself, by name. EX_NOINPUT: it cannot be
 * read. */
bool paths_add(struct paths *p, const char *word, struct err *e);
void paths_release(struct paths *p);

/* Whether two words name one file that is to be written, however they put it:
 * one name in one folder. NULL names none. */
bool paths_same(const char *a, const char *b);

#endif
