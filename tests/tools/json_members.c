/*
 * json_members - which members the objects have that a command prints: reads a
 * JSON value a line from stdin; writes a line for each object in it: where it
 * stands, a tab, its members in their order, each with the kind of its value.
 *   json_members NAME [MAP...]
 * NAME stands before every place. A member called MAP is an object whose own
 * members go by names that were counted: it is taken for one value.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

struct walk {
	char **maps;
	struct buf place;
};

static const char *
kind_of_text(const char *s)
{
	return *s == '\0' ? "empty" : strcmp(s, "-") == 0 ? "dash" : "text";
}

static const char *
kind_of(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "object";
	case JSON_ARRAY:
		return "list";
	case JSON_STRING:
		return kind_of_text(json_string_value(v));
	case JSON_INTEGER:
		return json_integer_value(v) != 0 ? "number" : "zero";
	case JSON_REAL:
		return "real";
	case JSON_NULL:
		return "null";
	default:
		return "bool";
	}
}

static bool
is_map(const struct walk *w, const char *name)
{
	for (char **map = w->maps; *map != NULL; map++)
		if (strcmp(*map, name) == 0)
			return true;
	return false;
}

static void
tell(const struct walk *w, json_t *object)
{
	const char *name, *gap = "";
	json_t *v;

	printf("%.*s\t", STR_ARG(buf_str(&w->place)));
	json_object_foreach(object, name, v) {
		printf("%s%s:%s", gap, name, kind_of(v));
		gap = " ";
	}
	putchar('\n');
}

static void
walk(struct walk *w, json_t *value)
{
	size_t i, n = w->place.n;
	const char *name;
	json_t *v;

	json_array_foreach(value, i, v)
		walk(w, v);
	if (!json_is_object(value))
		return;
	tell(w, value);
	json_object_foreach(value, name, v) {
		if (is_map(w, name))
			continue;
		buf_addf(&w->place, ".%s", name);
		walk(w, v);
		w->place.n = n;
	}
}

int
main(int argc, char **argv)
{
	struct walk w = { .maps = argv + (argc > 1 ? 2 : 1) };
	json_error_t why;
	char *line = NULL;
	size_t cap = 0;
	int code = 0;

	if (argc < 2) {
		fputs("usage: json_members NAME [MAP...]\n", stderr);
		return EX_USAGE;
	}
	buf_adds(&w.place, argv[1]);
	while (code == 0 && getline(&line, &cap, stdin) != -1) {
		json_t *v = json_loads(line, JSON_REJECT_DUPLICATES, &why);

		if (v == NULL) {
			fprintf(stderr, "%s: %s: %s", argv[1], why.text, line);
			code = EX_DATAERR;
		} else {
			walk(&w, v);
		}
		json_decref(v);
	}
	free(line);
	if (w.place.failed)
		code = EX_OSERR;
	buf_release(&w.place);
	return code;
}
