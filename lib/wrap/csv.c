/* csv.c - one CSV row into fields, fields into CSV (RFC 4180), by libcsv. */
#include "wrap/csv.h"

#include <assert.h>
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 65536 /* libcsv's buffer for a field grows by so much */

struct csv {
	struct csv_parser parser;
	struct buf text; /* the bytes of every field, one behind the other */
	size_t n;
	unsigned rows; /* ended so far */
	bool too_many;
	struct str fields[CSV_FIELDS_MAX];
};

/* Nothing is trimmed: a space is data. */
static int
no_space(unsigned char c)
{
	(void)c;
	return 0;
}

/* A CR alone is data: PowerMTA passes on what replies hold. */
static int
is_line_end(unsigned char c)
{
	return c == '\n';
}

struct csv *
csv_open(struct err *e)
{
	struct csv *c = calloc(1, sizeof *c);

	if (c == NULL || csv_init(&c->parser, 0) != 0) {
		free(c);
		err_memory(e);
		return NULL;
	}
	csv_set_space_func(&c->parser, no_space);
	csv_set_blk_size(&c->parser, BLOCK);
	return c;
}

void
csv_close(struct csv *c)
{
	if (c == NULL)
		return;
	csv_free(&c->parser);
	buf_release(&c->text);
	free(c);
}

static void
on_field(void *p, size_t n, void *ctx)
{
	struct csv *c = ctx;
	char *to = c->text.p + c->text.n;

	if (c->n == CSV_FIELDS_MAX) {
		c->too_many = true;
		return;
	}
	/* Fields are never longer than the row that room was made for. */
	assert(n <= c->text.cap - c->text.n);
	if (n > 0)
		memcpy(to, p, n);
	c->text.n += n;
	c->fields[c->n++] = str_of(to, n);
}

static void
on_row(int end, void *ctx)
{
	struct csv *c = ctx;

	(void)end;
	c->rows++;
}

static bool
check_row(const struct csv *c, struct err *e)
{
	if (c->rows > 1)
		return err_set(e, EX_DATAERR,
		    "a line end stands outside "
		    "quotes: more than one row; quote the field that holds "
		    "it");
	if (c->too_many)
		return err_set(e, EX_DATAERR,
		    "more than %d fields: too many "
		    "to be a row; look for a wrong quote or separator",
		    CSV_FIELDS_MAX);
	return true;
}

/* Also a row whose last quotes are not closed ends before its line end. */
static struct str
without_line_end(struct str row)
{
	while (row.n > 0 && row.p[row.n - 1] == '\n')
		row.n--;
	row.n -= row.n > 0 && row.p[row.n - 1] == '\r';
	return row;
}

bool
csv_row(struct csv *c, struct str row, const struct str **fields, size_t *n,
    struct err *e)
{
	size_t done;

	row = without_line_end(row);
	buf_clear(&c->text);
	c->n = 0;
	c->rows = 0;
	c->too_many = false;
	/* Asked of every byte: libcsv's own test, CR or LF, is much cheaper,
	 * and says the same where there is no CR. */
	csv_set_term_func(
	    &c->parser, str_chr(row, '\r') < row.n ? is_line_end : NULL);
	/* Room for all of it now, so that the fields can point into it. */
	if (buf_room(&c->text, row.n) == NULL)
		return err_memory(e);
	done = csv_parse(&c->parser, row.p, row.n, on_field, on_row, c);
	/* Also after a failure: it readies the parser for the next row. */
	csv_fini(&c->parser, on_field, on_row, c);
	if (done != row.n)
		return err_memory(e);
	if (!check_row(c, e))
		return false;
	*fields = c->fields;
	*n = c->n;
	return true;
}

static bool
wants_quotes(struct str s)
{
	/* A table: an export asks this of every byte. */
	static const bool SPECIAL[256] = { [','] = true, ['"'] = true,
		['\r'] = true, ['\n'] = true };
	bool found = false;

	for (size_t i = 0; i < s.n; i++)
		found |= SPECIAL[(unsigned char)s.p[i]];
	return found;
}

static void
put_quoted(struct buf *b, struct str before, struct str s)
{
	buf_addc(b, '"');
	buf_add(b, before);
	while (s.n > 0) {
		size_t at = str_chr(s, '"');

		buf_add(b, str_sub(s, 0, at));
		if (at < s.n)
			buf_adds(b, "\"\"");
		s = str_skip(s, at + 1);
	}
	buf_addc(b, '"');
}

static void
put(struct buf *b, struct str before, struct str s)
{
	if (s.n == 0)
		return;
	if (wants_quotes(s)) {
		put_quoted(b, before, s);
		return;
	}
	buf_add(b, before);
	buf_add(b, s);
}

void
csv_put(struct buf *b, struct str s)
{
	put(b, STR(""), s);
}

/* Spreadsheets skip white space and controls before they look for one. Behind
 * a ' it counts as well: else nobody could tell whose that ' is. */
static bool
is_formula(struct str s)
{
	size_t i = 0;
	char c;

	while (i < s.n && s.p[i] == '\'')
		i++;
	for (; i < s.n && (unsigned char)s.p[i] <= ' '; i++)
		if (s.p[i] == '\t' || s.p[i] == '\r')
			return true;
	c = i < s.n ? s.p[i] : ' ';
	return c == '=' || c == '+' || c == '-' || c == '@';
}

void
csv_put_defused(struct buf *b, struct str s)
{
	put(b, is_formula(s) ? STR("'") : STR(""), s);
}

struct str
csv_undefused(struct str s)
{
	return s.n > 1 && s.p[0] == '\'' && is_formula(str_skip(s, 1))
	    ? str_skip(s, 1)
	    : s;
}
