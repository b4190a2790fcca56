/* scrub_cells.c - which column of a list has the addresses, and its cells. */
#include "scrub_cells.h"

#include <string.h>

#include "base/quote.h"
#include "list_columns.h"
#include "scrub_sums.h"

void
scrub_cells_release(struct scrub_cells *c)
{
	csv_close(c->csv);
	c->csv = NULL;
}

int
scrub_cells_key(const struct scrub_cells *c, struct str cell, char *key)
{
	key[0] = '\0';
	if (c->hashed != GLIB_PLAIN) {
		if (!glib_is_digest(c->hashed, cell))
			return CAUSE_DIGEST;
		for (size_t i = 0; i < cell.n; i++)
			key[i] = ascii_lower(cell.p[i]);
		key[cell.n] = '\0';
		return ADDRESS_OK;
	}
	/* Not list_address(): mail does not go to a whole domain. */
	return (int)list_mailbox(cell, key);
}

static bool
is_wanted(const struct scrub_cells *c, struct str cell)
{
	char key[ADDRESS_MAX];

	return scrub_cells_key(c, cell, key) == ADDRESS_OK;
}

static bool
no_column(const struct scrub_cells *c, unsigned long line, struct str first,
    struct err *e)
{
	char quoted[200], name[200];

	str_quote(first, quoted, sizeof quoted);
	if (c->column != NULL)
		return err_set(e, EX_DATAERR, "%s:%lu: no column is called "
		    "'%s': the line begins '%s'; name one of the first line, "
		    "or give its number from 1", c->file, line,
		    str_quote(str_from(c->column), name, sizeof name), quoted);
	return err_set(e, EX_DATAERR, "%s:%lu: no column of %s: the line "
	    "begins '%s'; put commas between columns and say which one it is "
	    "with --column", c->file, line, c->hashed != GLIB_PLAIN
	    ? glib_digest_name(c->hashed) : "addresses", quoted);
}

/* Names that a column of digests goes by, beside those of addresses. */
static bool
find_hashed(struct scrub_cells *c, const struct str *fields, size_t n)
{
	static const char *const DIGEST_NAMES[] = { "emailhash", "hash",
		"digest", "hashedemail", "emailmd5", "md5email", "emailsha1",
		"sha1email", "emailsha256", "sha256email" };

	if (c->hashed == GLIB_PLAIN)
		return false;
	if (list_find(glib_digest_name(c->hashed), fields, n, &c->at))
		return true;
	for (size_t i = 0; i < COUNT(DIGEST_NAMES); i++)
		if (list_find(DIGEST_NAMES[i], fields, n, &c->at))
			return true;
	return false;
}

/* Without --column: the header's name for it, or the first cell that is one. */
static bool
find_unnamed(struct scrub_cells *c, const struct str *fields, size_t n,
    bool *header)
{
	size_t at[COL_COUNT];

	*header = find_hashed(c, fields, n);
	if (*header)
		return true;
	*header = list_columns(at, fields, n);
	c->at = at[COL_ADDRESS];
	if (*header)
		return true;
	for (c->at = 0; c->at < n; c->at++)
		if (is_wanted(c, list_cell(fields[c->at])))
			return true;
	return false;
}

static bool
find(struct scrub_cells *c, const struct str *fields, size_t n, bool *header)
{
	bool numbered;

	if (c->column == NULL)
		return find_unnamed(c, fields, n, header);
	if (!list_column(c->column, fields, n, &c->at, &numbered))
		return false;
	*header = !numbered || !is_wanted(c, list_cell(fields[c->at]));
	return true;
}

bool
scrub_cells_settle(struct scrub_cells *c, const struct record *rec,
    bool *header, struct err *e)
{
	const struct str *fields;
	size_t n;

	if (c->csv == NULL && (c->csv = csv_open(e)) == NULL)
		return false;
	if (list_is_quoted_address(rec->text)) {
		fields = &rec->text;
		n = 1;
	} else if (!csv_row(c->csv, rec->text, &fields, &n, e)) {
		return err_at(e, "%s:%lu", c->file, rec->line);
	}
	if (!find(c, fields, n, header))
		return no_column(c, rec->line, n > 0 ? fields[0] : STR(""), e);
	if (fields != &rec->text && list_is_doubtful(rec->text, c->at))
		return err_set(e, EX_DATAERR, "%s:%lu: " LIST_DOUBTFUL,
		    c->file, rec->line);
	c->settled = true;
	return true;
}

/* Whether blanks may stand before a quote that opens. */
static bool
is_quote_ahead(const char *p, const char *end)
{
	return (*p == ' ' || *p == '\t') &&
	    memchr(p, '"', (size_t)(end - p)) != NULL;
}

/* A row whose quotes are simple. False: only libcsv can tell. */
static bool
cut_simple(struct str row, size_t column, struct str *cell)
{
	const char *p = row.p, *end = row.p + row.n, *stop;

	for (;; column--) {
		bool quoted = false;

		/* One look is enough for nearly every field. */
		if (p < end && (unsigned char)*p <= '"') {
			quoted = *p == '"';
			if (is_quote_ahead(p, end))
				return false;
		}
		p += quoted;
		stop = memchr(p, quoted ? '"' : ',', (size_t)(end - p));
		if (quoted && (stop == NULL || (stop + 1 < end &&
		    stop[1] != ',')))
			return false;
		stop = stop == NULL ? end : stop;
		if (column == 0)
			break;
		stop += quoted;
		if (stop == end)
			break;
		p = stop + 1;
	}
	*cell = column == 0 ? str_of(p, (size_t)(stop - p)) : STR("");
	return true;
}

static bool
cut_by_csv(struct scrub_cells *c, struct str row, struct str *cell,
    struct err *e)
{
	struct err why = { 0 };
	const struct str *fields;
	size_t n;

	if (list_is_doubtful(row, c->at))
		return false;
	if (!csv_row(c->csv, row, &fields, &n, &why))
		return why.code != EX_DATAERR &&
		    err_set(e, why.code, "%s", why.text);
	*cell = c->at < n ? fields[c->at] : STR("");
	return true;
}

bool
scrub_cells_get(struct scrub_cells *c, struct str row, struct str *cell,
    struct err *e)
{
	*cell = STR("");
	if (row.n == 0)
		return true;
	if (c->at == 0 && list_is_quoted_address(row)) {
		*cell = str_trim(row);
		return true;
	}
	if (!cut_simple(row, c->at, cell) && !cut_by_csv(c, row, cell, e))
		return false;
	*cell = str_trim(*cell);
	return true;
}
