/* import_strays.c - objects of a JSON file that have no address: bad entries,
 * or what an API says beside its list. */
#include "import_strays.h"

#include <stdlib.h>

#include "base/array.h"

static unsigned
depth(unsigned lists)
{
	return lists < STRAYS_DEEPEST ? lists : STRAYS_DEEPEST;
}

/* The bits of a list and of those around it. */
static uint64_t
up_to(unsigned lists)
{
	return UINT64_MAX >> (STRAYS_DEEPEST - depth(lists));
}

void
import_strays_release(struct import_strays *s)
{
	free(s->list);
	*s = (struct import_strays){ 0 };
}

/* Those that wait are in the order of their depth: each is lowered at most
 * once for each list that it stood in. */
void
import_strays_pass(struct import_strays *s, const struct object *o)
{
	unsigned open = depth(o->fewest);

	s->found &= up_to(open);
	for (size_t i = s->n; i > 0 && s->list[i - 1].lists > open; i--)
		s->list[i - 1].lists = open;
}

bool
import_strays_inside(const struct import_strays *s, const struct object *o)
{
	return (s->found & up_to(o->lists)) != 0;
}

bool
import_strays_add(
    struct import_strays *s, const struct object *o, struct err *e)
{
	struct import_stray *list = array_room(s->list, s->n, &s->cap,
	    sizeof *list, e);

	if (list == NULL)
		return false;
	s->list = list;
	s->list[s->n++] =
	    (struct import_stray){ o->line, depth(o->lists) };
	return true;
}

size_t
import_strays_found(struct import_strays *s, const struct object *o)
{
	size_t i = s->n;

	s->any = true;
	s->found |= (uint64_t)1 << depth(o->lists);
	while (i > 0 && s->list[i - 1].lists >= depth(o->lists))
		i--;
	return i;
}
