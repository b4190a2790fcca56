/* anon.c - accounting rows for a bug report: whom they are about is changed,
 * what they mean is not. */
#include "work/anon.h"

#include <stdlib.h>
#include <string.h>

#include "mail/acct.h"
#include "mail/columns.h"
#include "work/anon_text.h"
#include "work/judge.h"

struct anon {
	const struct config *config;
	struct rules *rules;
	const struct pseudo *pseudo;
	struct acct_settings settings;
	struct acct *acct;
	struct rows *rows;         /* reads a row again */
	unsigned char kinds[COLUMNS_MAX]; /* enum anon_kind of each column */
	size_t n_kinds;
	struct buf folded, cell, made, line;
	struct anon_sums sums;
};

/* What a row means. */
struct meaning {
	enum kind kind;
	enum skip skip;
	enum class class;
	enum strength strength;
	unsigned provider;
	char rule[128];
	bool has_address;
};

struct anon *
anon_open(const struct config *c, struct rules *r, const struct pseudo *p,
    struct err *e)
{
	struct anon *a = calloc(1, sizeof *a);

	if (a == NULL) {
		err_memory(e);
		return NULL;
	}
	a->config = c;
	a->rules = r;
	a->pseudo = p;
	a->settings.verp_prefix = p->verp_prefix;
	a->acct = acct_open(&a->settings, e);
	a->rows = rows_open(ROWS_SKIP_MAX, e);
	if (a->acct != NULL && a->rows != NULL)
		return a;
	anon_close(a);
	return NULL;
}

void
anon_close(struct anon *a)
{
	if (a == NULL)
		return;
	acct_close(a->acct);
	rows_close(a->rows);
	buf_release(&a->folded);
	buf_release(&a->cell);
	buf_release(&a->made);
	buf_release(&a->line);
	free(a);
}

const struct anon_sums *
anon_sums(const struct anon *a)
{
	return &a->sums;
}

/* ---- fields as they stand, quotes and all ---- */

/* The end of the field at `at`: a comma that no quotes hold, or s.n. */
static size_t
field_end(struct str s, size_t at)
{
	bool quoted = at < s.n && s.p[at] == '"';

	for (size_t i = at + quoted; i < s.n; i++) {
		if (quoted && s.p[i] == '"')
			quoted = false;
		else if (!quoted && s.p[i] == '"' && s.p[i - 1] == '"' &&
		    i > at + 1)
			quoted = true;
		else if (!quoted && s.p[i] == ',')
			return i;
	}
	return s.n;
}

/* What the quotes hold, into cell. */
static struct str
unquoted(struct anon *a, struct str raw, bool *quoted)
{
	*quoted = raw.n > 1 && raw.p[0] == '"' && raw.p[raw.n - 1] == '"';
	if (!*quoted)
		return raw;
	raw = str_sub(raw, 1, raw.n - 2);
	buf_clear(&a->cell);
	for (size_t i = 0; i < raw.n; i++) {
		buf_addc(&a->cell, raw.p[i]);
		i += raw.p[i] == '"' && i + 1 < raw.n && raw.p[i + 1] == '"';
	}
	return buf_str(&a->cell);
}

/* In quotes where it stood in some, or has to. */
static void
add_quoted(struct buf *out, struct str s, bool quoted)
{
	for (size_t i = 0; i < s.n && !quoted; i++)
		quoted = s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' ||
		    s.p[i] == '\r';
	if (!quoted) {
		buf_add(out, s);
		return;
	}
	buf_addc(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, s.p[i]);
	}
	buf_addc(out, '"');
}

/* ---- header rows ---- */

/* A column's name may be anybody's, too. */
static bool
is_column_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '_' &&
		    s.p[i] != '-' && s.p[i] != ' ')
			return false;
	return true;
}

static bool
take_header(struct anon *a, struct str row, struct buf *out, struct err *e)
{
	struct err bad = { 0 };

	a->n_kinds = 0;
	if (str_starts(row, STR("\xef\xbb\xbf"))) {
		buf_add(out, str_sub(row, 0, 3));
		row = str_skip(row, 3);
	}
	for (size_t at = 0, end; at <= row.n; at = end + 1) {
		bool quoted;
		struct str name;

		end = field_end(row, at);
		name = unquoted(a, str_sub(row, at, end - at), &quoted);
		if (at > 0)
			buf_addc(out, ',');
		if (a->n_kinds < COLUMNS_MAX)
			a->kinds[a->n_kinds++] =
			    (unsigned char)anon_kind_of(name);
		if (is_column_name(name))
			add_quoted(out, name, quoted);
		else
			buf_adds(out, "header_replaced");
		out->failed |= a->cell.failed;
	}
	/* One that is refused leaves no header in force, as in the pipe. */
	if (!acct_header(a->acct, row, NULL, &bad) && bad.code != EX_DATAERR)
		return err_set(e, bad.code, "%s", bad.text);
	return buf_ok(out, e);
}

/* ---- rows ---- */

static bool
judge(struct anon *a, const struct rows_row *row, struct event *ev,
    struct meaning *m, struct err *e)
{
	struct verdict v;

	if (!acct_row(a->acct, row, ev, e))
		return false;
	buf_clear(&a->folded);
	judge_event(a->config, a->rules, ev, &a->folded, &v);
	if (!buf_ok(&a->folded, e))
		return false;
	*m = (struct meaning){ .kind = ev->kind, .skip = ev->skip,
		.class = v.class, .strength = v.strength,
		.provider = v.provider,
		.has_address = ev->address[0] != '\0' };
	(void)str_copy(str_sub(str_from(v.rule_name), 0, sizeof m->rule - 1),
	    m->rule, sizeof m->rule);
	return true;
}

static bool
is_same(const struct meaning *x, const struct meaning *y)
{
	return x->kind == y->kind && x->skip == y->skip &&
	    x->class == y->class && x->strength == y->strength &&
	    x->provider == y->provider &&
	    x->has_address == y->has_address && strcmp(x->rule, y->rule) == 0;
}

/* What the row that was made means. */
static bool
judge_made(struct anon *a, struct meaning *m, struct err *e)
{
	struct rows_row row;
	struct event ev;

	*m = (struct meaning){ .kind = KIND_NONE, .skip = SKIP_NOISE };
	buf_clear(&a->line);
	buf_add(&a->line, buf_str(&a->made));
	buf_addc(&a->line, '\n');
	if (!buf_ok(&a->line, e) ||
	    !rows_feed(a->rows, buf_str(&a->line), true, e))
		return false;
	return rows_next(a->rows, &row) != ROWS_ROW ||
	    judge(a, &row, &ev, m, e);
}

static void
make_row(struct anon *a, struct str row, const struct event *ev,
    enum anon_depth depth)
{
	size_t i = 0;

	buf_clear(&a->made);
	for (size_t at = 0, end; at <= row.n; at = end + 1, i++) {
		struct buf cell = { 0 };
		struct str s;
		enum anon_kind k = i < a->n_kinds
		    ? (enum anon_kind)a->kinds[i] : ANON_OPAQUE;
		bool quoted;

		end = field_end(row, at);
		s = unquoted(a, str_sub(row, at, end - at), &quoted);
		/* The type tells rows from noise, also without a header. */
		if (i == 0 && kind_of(s) != KIND_NONE)
			k = ANON_KEEP;
		if (k == ANON_REPLY)
			anon_reply(a->pseudo, depth, s, ev, &cell);
		else
			anon_field(a->pseudo, k, s, &cell);
		if (at > 0)
			buf_addc(&a->made, ',');
		add_quoted(&a->made, buf_str(&cell), quoted);
		a->made.failed |= cell.failed || a->cell.failed;
		buf_release(&cell);
	}
}

/* The gentlest change under which the row means the same. */
static bool
take_row(struct anon *a, const struct rows_row *row, struct buf *out,
    struct err *e)
{
	struct meaning was, is;
	struct event ev = { 0 };
	bool same = false;

	if (!judge(a, row, &ev, &was, e))
		return false;
	for (int d = 0; d < ANON_DEPTHS && !same; d++) {
		/* The views of ev end with the reading of another row. */
		if (d > 0 && !acct_row(a->acct, row, &ev, e))
			return false;
		make_row(a, row->raw, &ev, (enum anon_depth)d);
		if (!judge_made(a, &is, e))
			return false;
		same = is_same(&was, &is);
	}
	a->sums.differ += !same;
	buf_add(out, buf_str(&a->made));
	return buf_ok(&a->made, e) && buf_ok(out, e);
}

bool
anon_row(struct anon *a, enum rows_got got, const struct rows_row *row,
    struct buf *out, struct err *e)
{
	a->sums.rows++;
	if (got == ROWS_ROW && acct_is_header(row->raw))
		return take_header(a, row->raw, out, e);
	if (got == ROWS_ROW && row->raw.n > 0 && row->raw.p[0] != '{' &&
	    row->raw.p[0] != '[')
		return take_row(a, row, out, e);
	a->sums.replaced++;
	buf_adds(out, got == ROWS_TOO_LONG ? "replaced-too-long"
	    : got == ROWS_NOISE ? "replaced-noise" : "{}");
	return buf_ok(out, e);
}
