/* import_list.c - the addresses of a file, read and judged before any is
 * written. */
#include "import_list.h"

#include <stdlib.h>

#include "args.h"
#include "base/array.h"
#include "import_cells.h"
#include "import_sort.h"
#include "import_strays.h"
#include "base/quote.h"
#include "objects.h"
#include "records.h"
#include "store/erase.h"
#include "wrap/csv.h"
#include "wrap/json.h"

struct reading {
	struct import_list *list;
	struct csv *csv;
	bool settled; /* the columns are known */
	unsigned long header; /* its line, or 0 */
	struct import_cells cells;
	struct import_strays strays;
	bool may_be_entry; /* one of those without an address */
	struct str fields[CSV_FIELDS_MAX]; /* of a row without quotes */
};

/* Tells one bad line, as long as not too many were. */
static void
tell(struct import_list *l, unsigned long line, const struct import_fault *f)
{
	char quoted[160];

	l->bad++;
	if (l->report == NULL || l->bad > l->max_told)
		return;
	fprintf(l->report, "pmta-suppress: %s:%lu: %s '%s': %s\n", l->file,
	    line, f->column, str_quote(f->culprit, quoted, sizeof quoted),
	    f->why);
}

static bool
is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	return true;
}

/* Keeps a key or words of the file, made one line of UTF-8. */
static size_t
keep(struct import_list *l, struct str s)
{
	size_t at;

	if (s.n == 0)
		return 0;
	/* Offset 0 means nothing: it is never given away. */
	if (l->text.n == 0)
		buf_addc(&l->text, '\0');
	at = l->text.n;
	if (is_plain(s))
		buf_add(&l->text, str_trim(s));
	else
		args_clean(&l->text, s);
	buf_addc(&l->text, '\0');
	return at;
}

struct str
import_list_text(const struct import_list *l, size_t offset)
{
	return offset == 0 ? STR("") : str_from(l->text.p + offset);
}

void
import_list_refuse(
    struct import_list *l, struct import_row *row, const char *why)
{
	if (l->keeps_bad)
		row->why = keep(l, str_from(why));
}

static bool
add_row(struct import_list *l, const struct import_row *row, struct err *e)
{
	struct import_row *rows;

	if (l->n >= UINT32_MAX)
		return err_set(e, EX_DATAERR,
		    "%s:%lu: more than 4,294,967,295 lines; split the file",
		    l->file, row->line);
	rows = array_room(l->rows, l->n, &l->cap, sizeof *rows, e);
	if (rows == NULL)
		return false;
	l->rows = rows;
	l->rows[l->n++] = *row;
	return buf_ok(&l->text, e);
}

/* What a report says: the address, and what else is bad in why. */
static void
keep_fault(struct import_list *l, const struct import_fault *f,
    struct import_row *row)
{
	struct buf why = { 0 };
	char quoted[160];

	if (f->address.n > 0 && f->address.p != f->culprit.p)
		buf_addf(&why, "%s '%s': ", f->column,
		    str_quote(f->culprit, quoted, sizeof quoted));
	buf_adds(&why, f->why);
	row->key = keep(l, f->address.n > 0 ? f->address : f->culprit);
	row->why = keep(l, buf_str(&why));
	buf_release(&why);
}

/* Who was erased stands in an export as '#' and a hash by a key of that
 * database: true, but it tells us nobody. */
static bool
is_hash(const struct import_fault *f)
{
	struct str s = f->address;

	if (s.n != ERASED_KEY - 1 || s.p[0] != '#')
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (str_chr(STR("0123456789abcdef"), s.p[i]) == 16)
			return false;
	return true;
}

/* A bad line is told, and for a report kept. */
static bool
refuse(struct import_list *l, unsigned long line,
    const struct import_fault *f, struct err *e)
{
	struct import_row row = { .line = line, .erased = is_hash(f) };
	struct import_fault hash = { .why = "erased, cannot be carried",
		.address = f->address,
		.culprit = f->address };

	if (row.erased)
		l->hashes++;
	else
		tell(l, line, f);
	if (!l->keeps_bad)
		return true;
	keep_fault(l, row.erased ? &hash : f, &row);
	return add_row(l, &row, e);
}

/* The row shares what it says with the one before, where that is the same. */
static bool
add_more(struct import_list *l, const struct import_said *s, uint32_t *at,
    struct err *e)
{
	struct import_more *last = l->n_more > 0 ? &l->more[l->n_more - 1]
						 : NULL;
	struct import_more *more;

	if (last == NULL || last->class != s->class ||
	    last->since != s->since || last->until != s->until ||
	    last->subdomains != s->subdomains ||
	    !str_eq(import_list_text(l, last->scope), s->scope) ||
	    !str_eq(import_list_text(l, last->reason), str_trim(s->reason))) {
		more = array_room(l->more, l->n_more, &l->cap_more,
		    sizeof *more, e);
		if (more == NULL)
			return false;
		l->more = more;
		l->more[l->n_more++] = (struct import_more){
			.scope = keep(l, s->scope),
			.reason = keep(l, s->reason),
			.class = s->class,
			.since = s->since,
			.until = s->until,
			.subdomains = s->subdomains,
		};
	}
	*at = (uint32_t)(l->n_more - 1);
	return true;
}

static bool
take_row(struct reading *r, unsigned long line, const struct str *fields,
    size_t n, struct err *e)
{
	struct import_list *l = r->list;
	struct import_row row = { .line = line };
	struct import_said said = { .class = l->class };
	struct import_fault fault;
	struct never_hit hit;
	char key[ADDRESS_MAX];

	l->lines++;
	if (!import_cells_judge(
		&r->cells, fields, n, l->now, key, &said, &fault))
		return refuse(l, line, &fault, e);
	if (l->never != NULL && never_find(l->never, str_from(key), &hit)) {
		fault = (struct import_fault){ .column = "address",
			.why = "is on [never-suppress]; take it out",
			.culprit = str_from(key) };
		return refuse(l, line, &fault, e);
	}
	row.key = keep(l, str_from(key));
	return add_more(l, &said, &row.more, e) && add_row(l, &row, e);
}

/* The first line is a header, or the first address of a list without one. */
static bool
settle(struct reading *r, unsigned long line, const struct str *fields,
    size_t n, struct err *e)
{
	const char *column = r->list->column;
	char quoted[200], name[200];
	bool header;

	r->settled = true;
	if (import_cells_settle(&r->cells, fields, n, &header)) {
		r->header = header ? line : 0;
		return true;
	}
	str_quote(n > 0 ? fields[0] : STR(""), quoted, sizeof quoted);
	if (column != NULL)
		return err_set(e, EX_DATAERR,
		    "%s:%lu: no column is called '%s': the line begins '%s'; "
		    "name one of the first line, or give its number from 1",
		    r->list->file, line,
		    str_quote(str_from(column), name, sizeof name), quoted);
	return err_set(e, EX_DATAERR,
	    "%s:%lu: no column of addresses: the line "
	    "begins '%s'; put commas between columns and name the one with "
	    "addresses 'email'",
	    r->list->file, line, quoted);
}

/* Spreadsheets write empty rows as commas. */
static bool
is_blank(const struct str *fields, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_trim(fields[i]).n > 0)
			return false;
	return true;
}

/* Cuts a row: without quotes a comma is always a border. */
static bool
cut_row(struct reading *r, struct str text, const struct str **fields,
    size_t *n, struct err *e)
{
	struct str rest = text;

	if (list_is_quoted_address(text)) {
		r->fields[0] = str_trim(text);
		*fields = r->fields;
		*n = 1;
		return true;
	}
	if (str_chr(text, '"') < text.n && list_is_doubtful(text, SIZE_MAX))
		return err_set(e, EX_DATAERR, LIST_DOUBTFUL);
	if (str_chr(text, '"') < text.n || str_chr(text, '\r') < text.n ||
	    str_chr(text, '\n') < text.n)
		return csv_row(r->csv, text, fields, n, e);
	for (*n = 0; *n < CSV_FIELDS_MAX; ++*n) {
		size_t at = str_chr(rest, ',');

		r->fields[*n] = str_sub(rest, 0, at);
		if (at == rest.n) {
			++*n;
			*fields = r->fields;
			return true;
		}
		rest = str_skip(rest, at + 1);
	}
	return csv_row(r->csv, text, fields, n, e);
}

/* One record: the header, a row, a bad line or an empty one. */
static bool
take_record(struct reading *r, const struct record *rec, struct err *e)
{
	struct import_fault fault = { .column = "line",
		.why = rec->fault,
		.culprit = rec->text };
	struct err why = { 0 };
	const struct str *fields;
	size_t n;

	if (rec->fault == NULL && str_trim(rec->text).n == 0)
		return true;
	if (rec->fault == NULL && !cut_row(r, rec->text, &fields, &n, &why)) {
		if (why.code != EX_DATAERR)
			return err_set(e, why.code, "%s", why.text);
		fault.why = why.text;
	}
	if (fault.why != NULL) {
		r->list->lines++;
		return refuse(r->list, rec->line, &fault, e);
	}
	if (is_blank(fields, n))
		return true;
	if (!r->settled && !settle(r, rec->line, fields, n, e))
		return false;
	return rec->line == r->header || take_row(r, rec->line, fields, n, e);
}

static bool
read_records(struct reading *r, struct inflate *file, struct err *e)
{
	struct records *in = records_take(file, e);
	struct record rec;
	bool more = true;
	bool ok = false;

	if (in == NULL)
		return false;
	r->csv = csv_open(e);
	if (r->csv == NULL)
		goto out;
	while (records_next(in, &rec, &more, e) && more)
		if (!take_record(r, &rec, e))
			goto out;
	ok = e->code == 0;
out:
	csv_close(r->csv);
	records_close(in);
	return ok;
}

/* Objects without an address that are entries all the same, from a number
 * on. */
static bool
refuse_strays(struct reading *r, size_t from, struct err *e)
{
	struct import_fault fault = { .column = "address",
		.why = address_cause_text(ADDRESS_EMPTY) };

	for (size_t i = from; i < r->strays.n; i++) {
		r->list->lines++;
		if (!refuse(r->list, r->strays.list[i].line, &fault, e))
			return false;
	}
	r->strays.n = from;
	return true;
}

/* Whether a text or a name of an object is an address, not a link. */
static bool
holds_address(struct str object)
{
	char key[ADDRESS_MAX];
	struct str part;

	while (str_cut(&object, '"', &part))
		if (str_chr(part, '@') < part.n &&
		    str_chr(part, '/') == part.n &&
		    address_key(part, key, sizeof key) == ADDRESS_OK)
			return true;
	return false;
}

/* One without an address is bad inside the list; else it is what an API says
 * beside. A list of addresses by another name is not passed over. */
static bool
take_entry(
    struct reading *r, const struct object *o, size_t n, struct err *e)
{
	struct import_strays *s = &r->strays;

	if (r->fields[r->cells.at[COL_ADDRESS]].n > 0) {
		if (!refuse_strays(r, import_strays_found(s, o), e))
			return false;
	} else if (!import_strays_inside(s, o) &&
	    (o->lists == 0 || !holds_address(o->text))) {
		r->may_be_entry = r->may_be_entry || o->lists > 0 ||
		    holds_address(o->text);
		return import_strays_add(s, o, e);
	}
	return take_row(r, o->line, r->fields, n, e);
}

static bool
take_object(struct reading *r, const struct object *o, struct err *e)
{
	struct import_fault fault = { .column = "entry",
		.why = "no JSON",
		.culprit = o->text };
	struct buf text = { 0 };
	struct json *j;
	size_t n = 0;
	bool ok;

	import_strays_pass(&r->strays, o);
	/* A bare string becomes an object with an address. */
	if (o->text.p[0] == '"')
		buf_addf(&text, "{\"%s\":", import_cells_address(&r->cells));
	buf_add(&text, o->text);
	if (o->text.p[0] == '"')
		buf_addc(&text, '}');
	ok = buf_ok(&text, e);
	j = ok ? json_read(buf_str(&text)) : NULL;
	if (ok && j == NULL)
		r->list->lines++;
	if (ok)
		ok = j == NULL
		    ? refuse(r->list, o->line, &fault, e)
		    : (import_cells_object(&r->cells, j, r->fields, &n),
			  take_entry(r, o, n, e));
	json_free(j);
	buf_release(&text);
	return ok;
}

static bool
read_objects(struct reading *r, struct inflate *file, struct err *e)
{
	const struct profile *p = r->cells.profile;
	struct objects *in = objects_open(file, p->json.bare, e);
	struct object o;
	bool more = true;
	bool ok = in != NULL;

	while (ok && (ok = objects_next(in, &o, &more, e)) && more)
		ok = take_object(r, &o, e);
	ok = ok && (r->strays.any ||
	    (!r->may_be_entry && objects_is_page(in)) ||
	    refuse_strays(r, 0, e));
	import_strays_release(&r->strays);
	if (!ok && in != NULL)
		err_at(e, "%s", r->list->file);
	objects_close(in);
	return ok;
}

bool
import_list_read(struct import_list *l, const char *path, struct err *e)
{
	struct reading *r = calloc(1, sizeof *r);
	const struct profile *p = l->profile;
	struct inflate *file;
	bool json = false;
	bool ok;

	if (r == NULL)
		return err_memory(e);
	r->list = l;
	import_cells_init(&r->cells, p != NULL ? p : profile_find("generic"),
	    p != NULL && !l->class_given, l->column);
	file = inflate_open(path, e);
	ok = file != NULL && objects_is_json(file, &json, e);
	if (!ok)
		inflate_close(file);
	ok = ok && (json ? read_objects : read_records)(r, file, e) &&
	    import_sort(l, e);
	free(r);
	return ok;
}

void
import_list_release(struct import_list *l)
{
	free(l->rows);
	free(l->order);
	free(l->more);
	buf_release(&l->text);
	l->rows = NULL;
	l->order = NULL;
	l->more = NULL;
	l->n = l->cap = l->n_order = l->n_more = l->cap_more = 0;
}
