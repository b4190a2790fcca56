/* ini.c - reads sections and "key = value" lines: settings and rules. */
#include "base/ini.h"

#include "base/quote.h"

#define SHOWN 80 /* bytes of a culprit in a message */

static bool
bad_line(const struct ini_line *l, struct str culprit, const char *what,
    struct err *e)
{
	char shown[SHOWN];

	return err_set(e, EX_CONFIG, "%s:%u: '%s': %s", l->file, l->line,
	    str_quote(culprit, shown, sizeof shown), what);
}

static bool
read_section(struct ini_line *l, struct str text, struct err *e)
{
	size_t end = str_chr(text, ']');

	l->section = STR("");
	if (end == text.n)
		return bad_line(l, text,
		    "a section is not closed; put a ']' behind its name", e);
	if (end != text.n - 1)
		return bad_line(l, text,
		    "text stands behind a section; end the line after ']'", e);
	l->section = str_trim(str_sub(text, 1, end - 1));
	if (l->section.n == 0)
		return bad_line(l, text,
		    "a section has no name; write one between '[' and ']'", e);
	l->key = l->value = STR("");
	return true;
}

static bool
read_pair(struct ini_line *l, struct str text, struct err *e)
{
	size_t at = str_chr(text, '=');

	if (at == text.n)
		return bad_line(l, text,
		    "neither a section nor a setting; "
		    "write 'key = value', or '#' before a comment",
		    e);
	l->key = str_trim(str_sub(text, 0, at));
	l->value = str_trim(str_skip(text, at + 1));
	if (l->key.n == 0)
		return bad_line(
		    l, text, "a value has no key; write 'key = value'", e);
	return true;
}

static bool
read_line(
    struct ini_line *l, struct str text, ini_fn *fn, void *ctx, struct err *e)
{
	if (str_chr(text, '\0') != text.n)
		return bad_line(l, text,
		    "there is a NUL byte in the line; "
		    "save the file as plain text (UTF-8)",
		    e);
	text = str_trim(text);
	if (text.n == 0 || text.p[0] == '#' || text.p[0] == ';')
		return true;
	if (text.p[0] == '[' ? !read_section(l, text, e)
			     : !read_pair(l, text, e))
		return false;
	return fn(ctx, l, e);
}

static struct str
without_bom(struct str text)
{
	return str_starts(text, STR("\xef\xbb\xbf")) ? str_skip(text, 3) : text;
}

bool
ini_read(
    struct str text, const char *file, ini_fn *fn, void *ctx, struct err *e)
{
	struct ini_line l = { .file = file, .section = STR("") };
	struct str line;

	text = without_bom(text);
	while (str_cut(&text, '\n', &line)) {
		l.line++;
		if (!read_line(&l, line, fn, ctx, e))
			return false;
	}
	return true;
}

void
ini_spare(struct str text, const char *file, ini_fn *fn, void *ctx)
{
	struct ini_line l = { .file = file, .section = STR("") };
	struct str line;

	text = without_bom(text);
	while (str_cut(&text, '\n', &line)) {
		struct err slip = { 0 };

		l.line++;
		(void)read_line(&l, line, fn, ctx, &slip);
	}
}
