/* holds.c - whether a text holds one of several lines, however written. */
#include "store/holds.h"

#include <stdlib.h>
#include <string.h>

#include "wrap/glib.h"

#define FOLD_GROWS 12 /* times a text may grow when it is folded */

static bool
has_line(struct str text, struct str lines)
{
	while (lines.n > 0) {
		struct str line = str_sub(lines, 0, str_chr(lines, '\n'));

		if (line.n > 0 && str_find(text, line) < text.n)
			return true;
		lines = str_skip(lines, line.n + 1);
	}
	return false;
}

bool
holds(struct str text, struct str lines, bool *is)
{
	size_t cap = text.n * FOLD_GROWS + 1;
	char *folded = malloc(cap);

	if (folded == NULL)
		return false;
	if (!glib_fold(text, folded, cap)) /* no UTF-8 */
		for (size_t i = 0; i < text.n; i++)
			folded[i] = ascii_lower(text.p[i]);
	else
		text.n = strlen(folded);
	text.p = folded;
	*is = has_line(text, lines);
	free(folded);
	return true;
}
