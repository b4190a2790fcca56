/* objects.c - the entries of a JSON file, however they are wrapped. */
#include "objects.h"

#include <limits.h>
#include <stdlib.h>

#include "base/buf.h"

#define OBJECT_CHUNK (64u << 10)
#define NONE SIZE_MAX

struct objects {
	struct inflate *in;
	struct buf held; /* read and not yet passed over */
	size_t at;       /* the next byte to look at */
	size_t object;   /* where the innermost open object begins, or NONE */
	size_t string;   /* where the open string begins, or NONE */
	unsigned long line, object_line;
	unsigned lists, fewest; /* open, and the fewest since an entry ended */
	unsigned object_lists; /* that were open where the object begins */
	unsigned braces; /* objects that are open */
	bool strings, in_list, escaped, end;
	bool had_strings; /* the open object is only what holds a list */
	unsigned values; /* objects that nothing holds, as far as 2 */
	bool list_begun; /* nothing but blanks since a [ */
	bool list_empty; /* there was a list of nothing */
};

struct objects *
objects_open(struct inflate *in, bool strings, struct err *e)
{
	struct objects *o = calloc(1, sizeof *o);

	if (o == NULL) {
		inflate_close(in);
		err_memory(e);
		return NULL;
	}
	o->object = o->string = NONE;
	o->line = 1;
	o->strings = strings;
	o->in = in;
	return o;
}

void
objects_close(struct objects *o)
{
	if (o == NULL)
		return;
	inflate_close(o->in);
	buf_release(&o->held);
	free(o);
}

static bool
too_long(unsigned long line, struct err *e)
{
	return err_set(e, EX_DATAERR,
	    "line %lu: an entry is longer than 64 KiB: this is no list of "
	    "addresses; name another file",
	    line);
}

/* Drops what lies before the open entry, and reads on. */
static bool
read_more(struct objects *o, struct err *e)
{
	size_t from = o->at;
	size_t got;
	char *to;

	if (o->object < from)
		from = o->object;
	if (o->string < from)
		from = o->string;
	if (o->at - from > OBJECT_MAX)
		return too_long(
		    o->object < o->at ? o->object_line : o->line, e);
	buf_drop(&o->held, from);
	o->at -= from;
	o->object -= o->object == NONE ? 0 : from;
	o->string -= o->string == NONE ? 0 : from;
	to = buf_room(&o->held, OBJECT_CHUNK);
	if (to == NULL)
		return err_memory(e);
	if (!inflate_read(o->in, to, OBJECT_CHUNK, &got, e))
		return false;
	o->held.n += got;
	o->end = got == 0;
	return true;
}

bool
objects_is_json(struct inflate *in, bool *is, struct err *e)
{
	char start[INFLATE_PEEK];
	struct str s;
	size_t n;

	if (!inflate_peek(in, start, sizeof start, &n, e))
		return false;
	s = str_of(start, n);
	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_skip(s, 3);
	s = str_trim(s);
	*is = s.n > 0 && (s.p[0] == '{' || s.p[0] == '[');
	return true;
}

static struct object
cut(struct objects *o, size_t from, unsigned long line)
{
	struct object out = { .text = str_of(o->held.p + from, o->at - from),
		.line = line,
		.lists = o->lists,
		.fewest = o->fewest };

	o->fewest = o->lists;
	return out;
}

/* A byte of a string; true at its end. */
static bool
in_string(struct objects *o, char c)
{
	if (o->escaped)
		o->escaped = false;
	else if (c == '\\')
		o->escaped = true;
	else if (c == '"')
		return true;
	return false;
}

/* Whether a string here stands in lists alone: it is nobody's tag. */
static bool
is_bare(const struct objects *o)
{
	return o->braces == 0 && o->lists > 0;
}

/* A byte between strings; true when it ends an entry. */
static bool
outside(struct objects *o, char c)
{
	switch (c) {
	case '{':
		if (o->braces == 0 && o->lists == 0)
			o->values += o->values < 2;
		o->object = o->at - 1;
		o->object_line = o->line;
		o->object_lists = o->lists;
		o->had_strings = o->in_list = false;
		o->braces += o->braces < UINT_MAX;
		return false;
	case '}':
		/* A broken one leaves no list open. */
		if (o->object != NONE)
			o->lists = o->object_lists;
		o->braces -= o->braces > 0;
		o->in_list = is_bare(o);
		return o->object != NONE && !o->had_strings;
	case '[':
		o->in_list = true;
		o->lists += o->lists < UINT_MAX;
		return false;
	case ']':
		o->lists -= o->lists > 0;
		o->in_list = is_bare(o);
		if (o->fewest > o->lists)
			o->fewest = o->lists;
		return false;
	case '"':
		o->string = o->at - 1;
		return false;
	default:
		return false;
	}
}

/* Minds lists of nothing. */
static void
look_for_list(struct objects *o, char c)
{
	o->list_empty = o->list_empty || (o->list_begun && c == ']');
	o->list_begun = c == '[' || (o->list_begun && ascii_is_space(c));
}

/* Looks at one byte; true when out is an entry that it ends. */
static bool
look(struct objects *o, struct object *out)
{
	char c = o->held.p[o->at++];
	size_t from;

	o->line += c == '\n';
	if (o->string != NONE) {
		if (!in_string(o, c))
			return false;
		from = o->string;
		o->string = NONE;
		if (!o->in_list || !(o->strings || is_bare(o)))
			return false;
		o->had_strings = true;
		*out = cut(o, from, o->line);
		return true;
	}
	look_for_list(o, c);
	if (!outside(o, c)) {
		if (c == '}')
			o->object = NONE;
		return false;
	}
	*out = cut(o, o->object, o->object_line);
	o->object = NONE;
	return true;
}

bool
objects_next(struct objects *o, struct object *out, bool *more, struct err *e)
{
	for (;;) {
		/* An object that only holds a list need not stay in memory. */
		if (o->had_strings)
			o->object = o->object == NONE ? NONE : o->at;
		while (o->at < o->held.n)
			if (look(o, out)) {
				*more = true;
				return out->text.n <= OBJECT_MAX ||
				    too_long(out->line, e);
			}
		if (o->end)
			break;
		if (!read_more(o, e))
			return false;
	}
	*more = false;
	if (o->string == NONE && o->braces == 0 && o->lists == 0)
		return true;
	return err_set(e, EX_DATAERR,
	    "line %lu: the file ends in the middle of an entry or a list; get "
	    "it whole", o->line);
}

bool
objects_is_page(const struct objects *o)
{
	return o->values == 1 && o->list_empty;
}
