/* ini.h - reads sections and "key = value" lines: settings and rules. */
#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/err.h"
#include "base/str.h"

#define INI_FILE_MAX (4u << 20) /* bytes in one file */

/* One "key = value", or a section's start when key is empty. */
struct ini_line {
	const char *file;
	unsigned line;        /* counts from 1 */
	struct str section;   /* "" before the first */
	struct str key, value; /* trimmed; the value as it stands otherwise */
};

/* False stops the reading and leaves the error that e holds. */
typedef bool ini_fn(void *ctx, const struct ini_line *l, struct err *e);

/*
 * Calls fn for every section start and key of text. A line that begins with
 * # or ; (after white space) is a comment; nowhere else is one. CRLF and a
 * UTF-8 BOM are passed over. Errors (EX_CONFIG): "file:line: ...; mend" for a
 * line that is none of these, an unclosed or empty section, a NUL, a key
 * without '=', an empty key.
 */
bool ini_read(struct str text, const char *file, ini_fn *fn, void *ctx,
    struct err *e);
/* The same of what can be read: a line with an error, or for which fn has one,
 * is passed over, and so are keys behind a section that is none. */
void ini_spare(struct str text, const char *file, ini_fn *fn, void *ctx);

#endif
