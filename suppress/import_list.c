/* import_list.c - the addresses of a file, read and judged before any is
 * written. */
#include "import_list.h"

#include <stdlib.h>

#include "args.h"
#include "base/clock.h"
#include "base/quote.h"
#include "list_columns.h"
#include "records.h"
#include "wrap/csv.h"

struct reading {
	struct import_list *list;
	struct records *in;
	struct csv *csv;
	bool settled; /* at[] is known */
	unsigned long header; /* its line, or 0 */
	size_t at[COL_COUNT]; /* field number, or NO_COLUMN */
};

/* What the row says in a column. */
static struct str
cell(const struct reading *r, enum list_column c, const struct str *fields,
    size_t n)
{
	return r->at[c] < n ? list_cell(fields[r->at[c]]) : STR("");
}

/* The first line is a header, or the first address of a list without one. */
static bool
settle_columns(struct reading *r, unsigned long line, const struct str *fields,
    size_t n, struct err *e)
{
	char key[ADDRESS_MAX];
	char quoted[200];

	r->settled = true;
	r->header = list_columns(r->at, fields, n) ? line : 0;
	if (r->header != 0)
		return true;
	for (size_t i = 0; i < n; i++) {
		if (list_address(str_trim(fields[i]), key) != ADDRESS_OK)
			continue;
		r->at[COL_ADDRESS] = i;
		for (size_t c = COL_ADDRESS + 1; c < COL_COUNT; c++)
			r->at[c] = NO_COLUMN;
		return true;
	}
	return err_set(e, EX_DATAERR,
	    "%s:%lu: no column of addresses: the line "
	    "begins '%s'; put commas between columns and name the one with "
	    "addresses 'email'",
	    r->list->file, line,
	    str_quote(n > 0 ? fields[0] : STR(""), quoted, sizeof quoted));
}

/* Tells one bad line, as long as not too many were. what: the culprit's
 * column, or "line". */
static void
tell(struct import_list *l, unsigned long line, const char *what,
    struct str culprit, const char *why)
{
	char quoted[160];

	l->bad++;
	if (l->report == NULL || l->bad > l->max_told)
		return;
	fprintf(l->report, "pmta-suppress: %s:%lu: %s '%s': %s\n", l->file,
	    line, what, str_quote(culprit, quoted, sizeof quoted), why);
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
	args_clean(&l->text, s);
	buf_addc(&l->text, '\0');
	return at;
}

struct str
import_list_text(const struct import_list *l, size_t offset)
{
	return offset == 0 ? STR("") : str_from(l->text.p + offset);
}

static bool
add_row(struct import_list *l, const struct import_row *row, struct err *e)
{
	if (l->n == l->cap) {
		size_t cap = l->cap > 0 ? l->cap * 2 : 1024;
		struct import_row *rows =
		    reallocarray(l->rows, cap, sizeof *rows);

		if (rows == NULL)
			return err_memory(e);
		l->rows = rows;
		l->cap = cap;
	}
	l->rows[l->n++] = *row;
	return buf_ok(&l->text, e);
}

/* What is wrong with one line. */
struct fault {
	const char *column, *why; /* why NULL: nothing */
	struct str culprit;
};

static bool
blame(struct fault *f, const char *column, struct str culprit, const char *why)
{
	*f = (struct fault){ column, why, culprit };
	return false;
}

static bool
judge_times(const struct reading *r, const struct str *fields, size_t n,
    struct import_row *row, struct fault *f)
{
	int64_t now = r->list->now;
	struct str since = cell(r, COL_SINCE, fields, n);
	struct str until = cell(r, COL_UNTIL, fields, n);

	if (since.n > 0 && !args_time(since, now, false, &row->since))
		return blame(
		    f, "since", since, "no time; write 2026-11-21T07:57:27Z");
	if (row->since > now + CLOCK_DAY)
		return blame(f, "since", since, "lies in the future");
	if (until.n > 0 && !args_time(until, now, true, &row->until))
		return blame(
		    f, "until", until, "no time; write 2026-11-21T07:57:27Z");
	if (row->until != 0 && row->until <= now)
		return blame(
		    f, "until", until, "has passed: it would suppress nobody");
	return true;
}

/* The columns beside the address; row takes what they say. */
static bool
judge_cells(const struct reading *r, const struct str *fields, size_t n,
    struct import_row *row, struct fault *f)
{
	struct str action = cell(r, COL_ACTION, fields, n);
	struct str class = cell(r, COL_CLASS, fields, n);
	struct str scope = cell(r, COL_SCOPE, fields, n);
	struct str reason = cell(r, COL_REASON, fields, n);

	if (action.n > 0 && !str_ieq(action, STR("add")) &&
	    !str_ieq(action, STR("change")))
		return blame(f, "action", action,
		    "import only adds; lift "
		    "with the command remove");
	if (class.n > 0 && !args_entry_class(class, &row->class))
		return blame(f, "class", class,
		    "no class that suppresses; "
		    "see 'pmta-suppress help classes'");
	if (scope.n > 0 && !args_is_scope(scope))
		return blame(f, "scope", scope, "write global or stream:NAME");
	if (reason.n > ARGS_REASON_MAX)
		return blame(f, "reason", reason, "longer than 1000 bytes");
	return judge_times(r, fields, n, row, f);
}

static bool
take_row(struct reading *r, unsigned long line, const struct str *fields,
    size_t n, struct err *e)
{
	struct import_list *l = r->list;
	struct import_row row = { .class = l->class, .line = line };
	struct str address = cell(r, COL_ADDRESS, fields, n);
	char key[ADDRESS_MAX];
	struct fault fault;
	enum address_cause cause = list_address(address, key);

	l->lines++;
	if (cause != ADDRESS_OK) {
		tell(l, line, "address", address, address_cause_text(cause));
		return true;
	}
	if (!judge_cells(r, fields, n, &row, &fault)) {
		tell(l, line, fault.column, fault.culprit, fault.why);
		return true;
	}
	row.key = keep(l, str_from(key));
	row.scope = keep(l, cell(r, COL_SCOPE, fields, n));
	row.reason = keep(l, cell(r, COL_REASON, fields, n));
	return add_row(l, &row, e);
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

/* One record: the header, a row, a bad line or an empty one. */
static bool
take_record(struct reading *r, const struct record *rec, struct err *e)
{
	struct err why = { 0 };
	const struct str *fields;
	size_t n;

	if (rec->fault == NULL && str_trim(rec->text).n == 0)
		return true;
	if (rec->fault != NULL) {
		r->list->lines++;
		tell(r->list, rec->line, "line", rec->text, rec->fault);
		return true;
	}
	if (!csv_row(r->csv, rec->text, &fields, &n, &why)) {
		if (why.code != EX_DATAERR)
			return err_set(e, why.code, "%s", why.text);
		r->list->lines++;
		tell(r->list, rec->line, "line", rec->text, why.text);
		return true;
	}
	if (is_blank(fields, n))
		return true;
	if (!r->settled && !settle_columns(r, rec->line, fields, n, e))
		return false;
	return rec->line == r->header || take_row(r, rec->line, fields, n, e);
}

struct sort_key {
	struct str key, scope;
	struct import_row *row;
};

static int
compare(const void *a, const void *b)
{
	const struct sort_key *x = a;
	const struct sort_key *y = b;
	int order = str_cmp(x->key, y->key);

	if (order == 0)
		order = str_cmp(x->scope, y->scope);
	if (order == 0)
		order = (x->row->class > y->row->class) -
		    (x->row->class < y->row->class);
	if (order == 0)
		order = (x->row->line > y->row->line) -
		    (x->row->line < y->row->line);
	return order;
}

/* Of rows for the same entry the first counts. */
static bool
mark_twice(struct import_list *l, struct err *e)
{
	struct sort_key *keys = calloc(l->n + 1, sizeof *keys);

	if (keys == NULL)
		return err_memory(e);
	for (size_t i = 0; i < l->n; i++)
		keys[i] = (struct sort_key){
			.key = import_list_text(l, l->rows[i].key),
			.scope = import_list_text(l, l->rows[i].scope),
			.row = &l->rows[i],
		};
	qsort(keys, l->n, sizeof *keys, compare);
	for (size_t i = 1; i < l->n; i++) {
		const struct sort_key *a = &keys[i - 1];
		struct sort_key *b = &keys[i];

		b->row->twice = str_eq(a->key, b->key) &&
		    str_eq(a->scope, b->scope) &&
		    a->row->class == b->row->class;
		l->twice += b->row->twice;
	}
	free(keys);
	return true;
}

bool
import_list_read(struct import_list *l, const char *path, struct err *e)
{
	struct reading r = { .list = l };
	struct record rec;
	bool more = true;
	bool ok = false;

	r.in = records_open(path, e);
	if (r.in == NULL)
		return false;
	r.csv = csv_open(e);
	if (r.csv == NULL)
		goto out;
	while (records_next(r.in, &rec, &more, e) && more)
		if (!take_record(&r, &rec, e))
			goto out;
	if (e->code != 0)
		goto out;
	ok = mark_twice(l, e);
out:
	csv_close(r.csv);
	records_close(r.in);
	return ok;
}

void
import_list_release(struct import_list *l)
{
	free(l->rows);
	buf_release(&l->text);
	l->rows = NULL;
	l->n = l->cap = 0;
}
