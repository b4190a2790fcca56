/* acct.c - accounting rows: columns by name, a row to an event. */
#include "mail/acct.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "mail/columns.h"
#include "mail/row_judge.h"
#include "mail/row_whom.h"
#include "wrap/csv.h"

#define BOM "\xef\xbb\xbf"
#define TIME_TEXT_MAX 32
#define ROW_START 64 /* where JSON is looked for behind white space */

/* The last time stamp parsed: rows of one second share it. */
struct stamp {
	char text[TIME_TEXT_MAX];
	size_t n;
	int64_t utc;
};

struct pick {
	uint16_t field;
	uint8_t column;
};

struct acct {
	const struct acct_settings *settings;
	struct csv *csv; /* rows */
	struct whom whom;
	struct buf header;
	struct columns columns;
	uint32_t unusable; /* bit k: the header lacks what kind k needs */
	struct pick picks[COLUMNS_MAX]; /* what rows read by commas give */
	size_t n_picks;
	size_t type_field, stream_field;
	struct stamp logged, queued;
	struct facts facts; /* of the row under work */
	bool facts_full; /* they hold more than picks */
	struct buf text; /* fields of the row whose quotes were doubled */
};

_Static_assert(ACCT_COLUMNS_MAX == COLUMNS_MAX, "one cap, two names");

struct acct *
acct_open(const struct acct_settings *s, struct err *e)
{
	struct acct *a = calloc(1, sizeof *a);

	if (a == NULL) {
		err_memory(e);
		return NULL;
	}
	a->settings = s;
	a->csv = csv_open(e);
	a->whom.list = csv_open(e);
	if (a->csv == NULL || a->whom.list == NULL) {
		acct_close(a);
		return NULL;
	}
	return a;
}

void
acct_close(struct acct *a)
{
	if (a == NULL)
		return;
	csv_close(a->csv);
	csv_close(a->whom.list);
	buf_release(&a->header);
	buf_release(&a->text);
	free(a);
}

/* ---- the header ---- */

static struct str
without_bom(struct str row)
{
	return str_starts(row, STR(BOM)) ? str_skip(row, sizeof BOM - 1) : row;
}

bool
acct_is_header(struct str row)
{
	struct str first;

	row = without_bom(row);
	if (row.n == 0 || str_chr(STR("tTeE\""), row.p[0]) == 5)
		return false;
	first = str_sub(row, 0, str_chr(row, ','));
	if (first.n >= 2 && first.p[0] == '"' && first.p[first.n - 1] == '"')
		first = str_sub(first, 1, first.n - 2);
	/* The names are long: no need to look up what a t row begins with. */
	return first.n > 2 && columns_find(first) == COLUMN_TYPE;
}

bool
acct_cut_misleads(const struct acct *a)
{
	const struct columns *c = &a->columns;

	if (c->n == 0)
		return false;
	switch ((enum column)c->of[c->n - 1]) {
	case COLUMN_TIME:
	case COLUMN_QUEUED:
	case COLUMN_ORIG:
	case COLUMN_RCPT:
	case COLUMN_ORCPT:
	case COLUMN_STATUS:
	case COLUMN_DIAG:
	case COLUMN_MTA:
	case COLUMN_CAT:
	case COLUMN_FEEDBACK:
	case COLUMN_JMRP:
	case COLUMN_ARF_RCPT_TO:
	case COLUMN_ARF_RECIPIENT:
	case COLUMN_ARF_REMOVAL:
	case COLUMN_REF:
		return true;
	default:
		return false;
	}
}

struct str
acct_header_row(const struct acct *a)
{
	return buf_str(&a->header);
}

/* What rows that cannot be evidence are asked for. */
static bool
is_for_counters(enum column c)
{
	switch (c) {
	case COLUMN_TIME:
	case COLUMN_ORIG:
	case COLUMN_RCPT:
	case COLUMN_VMTA:
	case COLUMN_DLV_TYPE:
	case COLUMN_MTA:
	case COLUMN_QUEUE:
		return true;
	default:
		return false;
	}
}

static void
choose_picks(struct acct *a)
{
	a->n_picks = 0;
	for (size_t i = 0; i < a->columns.n; i++)
		if (is_for_counters(a->columns.of[i]))
			a->picks[a->n_picks++] =
			    (struct pick){ (uint16_t)i, a->columns.of[i] };
	a->type_field = 0;
	while (a->columns.of[a->type_field] != COLUMN_TYPE)
		a->type_field++;
}

static void
tell_missing(struct buf *missing, const char *name)
{
	if (missing == NULL)
		return;
	buf_adds(missing, missing->n > 0 ? ", " : "");
	buf_adds(missing, name);
}

/* Which kinds of row this header makes useless, and the names to tell. A
 * header of complaints alone needs no reply, and may tell whom elsewhere. */
static void
find_lacking(struct acct *a, struct buf *missing)
{
	const struct columns *c = &a->columns;
	bool has_reply =
	    columns_has(c, COLUMN_DIAG) || columns_has(c, COLUMN_STATUS);

	a->unusable = 0;
	for (unsigned k = KIND_D; k < KIND_MB; k++)
		if (!row_whom_can(c, (enum kind)k))
			a->unusable |= 1u << k;
	if (!has_reply)
		a->unusable |= 1u << KIND_B | 1u << KIND_T | 1u << KIND_RB;
	if (!columns_has(c, COLUMN_TIME)) {
		a->unusable = ~UINT32_C(0);
		tell_missing(missing, "timeLogged");
	}
	if (!columns_has(c, COLUMN_RCPT) &&
	    (has_reply || !row_whom_can(c, KIND_F)))
		tell_missing(missing, "rcpt");
	if (!has_reply && !columns_has(c, COLUMN_FEEDBACK) &&
	    !columns_has(c, COLUMN_FORMAT))
		tell_missing(missing, "dsnDiag or dsnStatus");
}

bool
acct_header(struct acct *a, struct str row, struct buf *missing, struct err *e)
{
	const struct str *names;
	size_t n;

	a->columns = (struct columns){ 0 };
	a->facts_full = true; /* of columns that are no picks any more */
	buf_clear(&a->header);
	if (!csv_row(a->csv, without_bom(row), &names, &n, e))
		return err_at(e, "header row");
	if (!columns_take(&a->columns, names, n, a->settings->claims.header)) {
		a->columns = (struct columns){ 0 };
		return err_set(e, EX_DATAERR,
		    "header row: %zu columns, "
		    "none of them \"type\", or more than %d; look at "
		    "record-fields of the acct-file",
		    n, COLUMNS_MAX);
	}
	choose_picks(a);
	a->stream_field = columns_index(names, n, a->settings->stream_column);
	find_lacking(a, missing);
	buf_add(&a->header, row);
	if (buf_ok(&a->header, e) && (missing == NULL || buf_ok(missing, e)))
		return true;
	a->columns = (struct columns){ 0 };
	return false;
}

/* ---- fields ---- */

static size_t
field_count(const struct rows_row *row)
{
	return row->n_commas + 1;
}

/* Field i as it stands, quotes and all; empty behind the last. */
static struct str
field_raw(const struct rows_row *row, size_t i)
{
	size_t from;
	size_t to;

	if (i > row->n_commas)
		return STR("");
	from = i == 0 ? 0 : row->commas[i - 1] + 1;
	to = i == row->n_commas ? row->raw.n : row->commas[i];
	return str_of(row->raw.p + from, to - from);
}

/* The field's text into *s; false only without memory. */
static bool
field_unquote(struct acct *a, const struct rows_row *row, struct str *s)
{
	struct str in = str_sub(*s, 1, s->n - 2);
	size_t at = str_chr(in, '"');
	char *to;

	if (s->n < 2 || s->p[s->n - 1] != '"')
		return true; /* malformed: it stands as it is */
	if (at == in.n) {
		*s = in;
		return true;
	}
	/* All of a row's fields at once, so that none moves. */
	if (a->text.n == 0 && buf_room(&a->text, row->raw.n) == NULL)
		return false;
	to = a->text.p + a->text.n;
	s->p = to;
	for (size_t i = 0; i < in.n; i++) {
		*to++ = in.p[i];
		if (in.p[i] == '"' && i + 1 < in.n && in.p[i + 1] == '"')
			i++;
	}
	s->n = (size_t)(to - s->p);
	a->text.n += s->n;
	return true;
}

/* Field i by the finder's commas; false only without memory. */
static bool
field_at(struct acct *a, const struct rows_row *row, size_t i, struct str *s)
{
	*s = field_raw(row, i);
	return s->n == 0 || s->p[0] != '"' || field_unquote(a, row, s);
}

static void
facts_add(struct facts *f, unsigned column, struct str s)
{
	if (f->of[column].n == 0)
		f->of[column] = s;
}

/* Empties the facts: after a row of picks only those, which is most of the
 * time and much cheaper. */
static void
facts_clear(struct acct *a, bool full)
{
	if (full || a->facts_full)
		memset(&a->facts, 0, sizeof a->facts);
	else
		for (size_t i = 0; i < a->n_picks; i++)
			a->facts.of[a->picks[i].column].n = 0;
	a->facts_full = full;
}

/* d, r, tq: the few fields that counters need. */
static bool
read_picks(struct acct *a, const struct rows_row *row, struct facts *f)
{
	for (size_t i = 0; i < a->n_picks; i++) {
		struct str s;

		if (!field_at(a, row, a->picks[i].field, &s))
			return false;
		facts_add(f, a->picks[i].column, s);
	}
	return true;
}

/* Every field. What the finder's commas give is what libcsv would, of every
 * well-formed row: fuzz_rows and test_rows hold the two together. */
static bool
read_all(struct acct *a, const struct rows_row *row, struct facts *f)
{
	size_t n = field_count(row);

	for (size_t i = 0; i < n && i < a->columns.n; i++) {
		struct str s;

		if (!field_at(a, row, i, &s))
			return false;
		facts_add(f, a->columns.of[i], s);
		if (i == a->stream_field)
			f->stream = s;
	}
	return true;
}

/* ---- an event ---- */

/* Of the two address buffers, which are long, the first byte does. */
static void
event_fill(struct event *ev, const struct facts *f)
{
	ev->time = ev->queued = 0;
	ev->address[0] = ev->named[0] = '\0';
	ev->rcpt = f->of[COLUMN_RCPT];
	ev->orig = f->of[COLUMN_ORIG];
	ev->diag = f->of[COLUMN_DIAG];
	ev->status = f->of[COLUMN_STATUS];
	ev->mta = f->of[COLUMN_MTA];
	ev->action = f->of[COLUMN_ACTION];
	ev->bounce_cat = f->of[COLUMN_CAT];
	ev->dlv_type = f->of[COLUMN_DLV_TYPE];
	ev->source_ip = f->of[COLUMN_SOURCE_IP];
	ev->vmta = f->of[COLUMN_VMTA];
	ev->pool = f->of[COLUMN_POOL];
	ev->job = f->of[COLUMN_JOB];
	ev->envid = f->of[COLUMN_ENVID];
	ev->queue = f->of[COLUMN_QUEUE];
	ev->message_id = f->of[COLUMN_MESSAGE_ID];
	ev->feedback = f->of[COLUMN_FEEDBACK];
	ev->format = f->of[COLUMN_FORMAT];
	ev->stream = f->stream;
	ev->proof = PROOF_NONE;
	ev->found = FOUND_NONE;
}

static bool
stamp_parse(struct stamp *t, struct str s, int64_t *utc)
{
	if (s.n != t->n || s.n == 0 || memcmp(s.p, t->text, s.n) != 0) {
		if (!clock_parse(str_trim(s), utc))
			return false;
		if (s.n > sizeof t->text)
			return true;
		memcpy(t->text, s.p, s.n);
		t->n = s.n;
		t->utc = *utc;
	}
	*utc = t->utc;
	return true;
}

/* ---- a row ---- */

static bool
is_light(enum kind k)
{
	return k == KIND_D || k == KIND_R || k == KIND_TQ;
}

/* Whether the row can be looked at, from its form alone. */
static enum skip
skip_form(const struct acct *a, const struct rows_row *row, enum kind k)
{
	struct str text = str_trim(str_sub(row->raw, 0, ROW_START));

	if (str_starts(text, STR("{")) || str_starts(text, STR("[")))
		return SKIP_JSON;
	if (a->columns.n == 0)
		return SKIP_NO_HEADER;
	if (k == KIND_NONE)
		return SKIP_UNKNOWN_TYPE;
	return SKIP_NONE;
}

static enum kind
row_kind(const struct acct *a, const struct rows_row *row)
{
	struct str type = field_raw(row, a->type_field);
	enum kind k;

	if (type.n >= 2 && type.p[0] == '"')
		type = str_sub(type, 1, type.n - 2);
	k = kind_of(type);
	/* Raw messages have no rows. */
	return k < KIND_MB ? k : KIND_NONE;
}

/* Reads the row's fields; says in ev->skip when they do not fit. */
static bool
read_fields(
    struct acct *a, const struct rows_row *row, struct event *ev, struct err *e)
{
	size_t n = field_count(row);
	struct str last = field_raw(row, n - 1);
	bool last_is_empty = last.n == 0 || str_eq(last, STR("\"\""));

	a->text.n = 0;
	if (!(is_light(ev->kind) ? read_picks(a, row, &a->facts)
		: read_all(a, row, &a->facts)))
		return err_memory(e);
	if (row->malformed)
		event_skip(ev, SKIP_MALFORMED);
	if (!columns_fit(&a->columns, n, last_is_empty))
		event_skip(ev, SKIP_FIELD_COUNT);
	if ((a->unusable >> ev->kind & 1) != 0)
		event_skip(ev, SKIP_NO_COLUMN);
	return true;
}

bool
acct_row(
    struct acct *a, const struct rows_row *row, struct event *ev, struct err *e)
{
	static const struct facts NONE;
	const struct facts *f = &a->facts;
	bool timed;

	ev->kind = row_kind(a, row);
	ev->skip = skip_form(a, row, ev->kind);
	if (ev->skip != SKIP_NONE) {
		event_fill(ev, &NONE);
		return true;
	}
	facts_clear(a, !is_light(ev->kind));
	if (!read_fields(a, row, ev, e))
		return false;
	event_fill(ev, f);
	timed = stamp_parse(&a->logged, f->of[COLUMN_TIME], &ev->time);
	if (!is_light(ev->kind) &&
	    !stamp_parse(&a->queued, f->of[COLUMN_QUEUED], &ev->queued))
		ev->queued = 0;
	if (ev->skip != SKIP_NONE)
		return true; /* the fields may stand in wrong columns */
	row_judge(ev);
	if (!timed)
		event_skip(ev, SKIP_BAD_TIME);
	a->whom.verp_prefix = a->settings->verp_prefix;
	a->whom.claims.settings = &a->settings->claims;
	return row_whom(&a->whom, f, ev, e);
}
