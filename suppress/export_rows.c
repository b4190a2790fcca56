/* export_rows.c - entries as rows of one file in the layout of a profile. */
#include "export_rows.h"

#include <string.h>

#include "app.h"
#include "out.h"
#include "wrap/csv.h"

#define WRITE_AT (64u << 10)
#define FILE_MODE 0666 /* less what the umask takes: 0640 */
#define NUMBER_TEXT 24

static bool
write_waiting(struct export_rows *x, struct err *e)
{
	bool ok;

	if (x->path == NULL)
		ok = out_text(&x->waiting, e);
	else
		ok = buf_ok(&x->waiting, e) &&
		    file_new_write(&x->file, buf_str(&x->waiting), e);
	buf_clear(&x->waiting);
	return ok;
}

static bool
is_shown(const struct export_rows *x, const struct profile_column *c)
{
	return c->cell != CELL_ACTION || x->actions;
}

static void
end_line(struct export_rows *x)
{
	buf_adds(&x->waiting,
	    x->profile->traits & PROFILE_CRLF ? "\r\n" : "\n");
}

bool
export_rows_begin(struct export_rows *x, struct err *e)
{
	bool first = true;

	for (int i = 0; i < CLASS_MAX; i++)
		x->classes[i] = str_from(class_name((enum class)i));
	if (x->path != NULL && !file_new_open(&x->file, x->path, FILE_MODE, e))
		return false;
	if (x->json || !(x->profile->traits & PROFILE_HEADER))
		return true;
	for (const struct profile_column *c = x->profile->columns;
	     c->cell != CELL_NONE; c++) {
		if (!is_shown(x, c))
			continue;
		buf_adds(&x->waiting, first ? "" : ",");
		buf_adds(&x->waiting, c->name);
		first = false;
	}
	end_line(x);
	return buf_ok(&x->waiting, e);
}

static struct str
action_of(const struct entry_row *row)
{
	return row->action.n > 0 ? row->action : STR("add");
}

/* Times of neighbours are often the same. */
static struct str
time_text(struct export_rows *x, int64_t utc)
{
	if (utc == 0)
		return STR("");
	if (utc != x->time && (x->profile->traits & PROFILE_MAIL_TIME))
		clock_mail_text(utc, x->time_text);
	else if (utc != x->time)
		clock_text(utc, x->time_text);
	x->time = utc;
	return str_from(x->time_text);
}

/* Numbers of ours, never negative: printf would be half of the work. */
static struct str
number_text(int64_t n, char *text)
{
	char *p = text + NUMBER_TEXT;

	do {
		*--p = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0 && p > text);
	return str_of(p, (size_t)(text + NUMBER_TEXT - p));
}

/* What stands in a column, till the next call; text is NUMBER_TEXT bytes for
 * what must be made up. word: one of their words for the class. */
static struct str
cell_of(struct export_rows *x, enum profile_cell cell,
    const struct entry_row *row, struct str word, char *text)
{
	const struct entry *en = &row->entry;

	switch (cell) {
	case CELL_ACTION:
		return action_of(row);
	case CELL_ADDRESS:
		return en->address;
	case CELL_SCOPE:
		return en->scope;
	case CELL_CLASS:
		return x->classes[en->class];
	case CELL_WORD:
		return word;
	case CELL_REASON:
		return en->reason;
	case CELL_SOURCE:
		return en->source;
	case CELL_SINCE:
		return time_text(x, en->since);
	case CELL_LAST_SEEN:
		return time_text(x, row->last_seen);
	case CELL_UNTIL:
		return time_text(x, en->until);
	case CELL_PROVIDER:
		return row->provider;
	case CELL_CODE:
		return row->code == 0 ? STR("") : number_text(row->code, text);
	case CELL_STATUS:
		return row->status;
	case CELL_DIAGNOSTIC:
		return row->diagnostic;
	case CELL_CHANGE:
		return number_text(row->change, text);
	case CELL_BELOW:
		return en->subdomains ? STR("yes") : STR("");
	case CELL_TRUE:
		return STR("1");
	case CELL_NONE:
	case CELL_COUNT:
		break;
	}
	return STR("");
}

/* How a cell is written. */
enum manner {
	AS_IS,  /* made of letters and digits by us */
	QUOTED, /* where CSV wants it */
	DEFUSED /* and as no formula */
};

/* Only words that strangers or people chose can be a formula. Another system
 * would take a changed address for another one, so it stays, save in our own
 * layout, which people open; and @domain, which is none. */
static enum manner
manner_of(const struct export_rows *x, enum profile_cell cell, struct str s)
{
	switch (cell) {
	case CELL_ADDRESS:
		return (x->profile->traits & PROFILE_ALL) != 0 && s.n > 0 &&
			s.p[0] != '@'
		    ? DEFUSED
		    : QUOTED;
	case CELL_SCOPE:
	case CELL_REASON:
	case CELL_PROVIDER:
	case CELL_DIAGNOSTIC:
		return DEFUSED;
	case CELL_SINCE:
	case CELL_UNTIL:
	case CELL_LAST_SEEN: /* a mail's time has a comma */
		return x->profile->traits & PROFILE_MAIL_TIME ? QUOTED : AS_IS;
	default:
		return AS_IS;
	}
}

/* Behind a comma, unless it is the first. */
static void
put_as_is(struct buf *b, bool first, struct str s)
{
	char *to = buf_room(b, s.n + 1);

	if (to == NULL)
		return;
	*to = ',';
	if (s.n > 0)
		memcpy(to + !first, s.p, s.n);
	b->n += s.n + !first;
}

static void
put_cell(struct export_rows *x, enum profile_cell cell, bool first,
    struct str s)
{
	struct buf *b = &x->waiting;
	enum manner how = s.n == 0 || (x->profile->traits & PROFILE_PLAIN)
	    ? AS_IS
	    : manner_of(x, cell, s);

	if (how == AS_IS) {
		put_as_is(b, first, s);
		return;
	}
	put_as_is(b, first, STR(""));
	if (how == DEFUSED && !x->raw)
		csv_put_defused(b, s);
	else
		csv_put(b, s);
}

static void
put_line(struct export_rows *x, const struct entry_row *row, struct str word)
{
	struct buf *b = &x->waiting;
	char text[NUMBER_TEXT];
	size_t filled = b->n;
	bool first = true;

	for (const struct profile_column *c = x->profile->columns;
	     c->cell != CELL_NONE; c++) {
		struct str s;

		if (!is_shown(x, c))
			continue;
		s = cell_of(x, c->cell, row, word, text);
		put_cell(x, c->cell, first, s);
		first = false;
		if (s.n > 0)
			filled = b->n;
	}
	if (!b->failed && (x->profile->traits & PROFILE_TRIM))
		b->n = filled;
	end_line(x);
}

/* Our own objects tell all; a line each. */
static bool
put_object(struct export_rows *x, const struct entry_row *row, struct err *e)
{
	struct json *o = json_new_object();
	bool ok;

	if (x->actions)
		json_text(o, "action", action_of(row));
	/* A delta tells what the changes say. */
	out_row_json(o, row, 0);
	ok = json_print(o, &x->waiting, e);
	buf_addc(&x->waiting, '\n');
	json_free(o);
	return ok;
}

static void
end_batch(struct export_rows *x)
{
	if (x->in_batch == 0)
		return;
	x->in_batch = 0;
	buf_adds(&x->waiting, x->profile->json.close);
	buf_addc(&x->waiting, '\n');
}

/* One entry of their JSON documents. */
static bool
put_item(struct export_rows *x, const struct entry_row *row, struct str word,
    struct err *e)
{
	const struct profile_json *shape = &x->profile->json;
	struct json *o = json_new_object();
	char text[NUMBER_TEXT];
	size_t from;
	bool ok;

	for (const struct profile_column *c = x->profile->columns;
	     c->cell != CELL_NONE; c++) {
		struct str s = cell_of(x, c->cell, row, word, text);

		if (s.n > 0)
			json_text(o, c->name, s);
	}
	buf_adds(&x->waiting, x->in_batch == 0 ? shape->open : ",");
	from = x->waiting.n;
	ok = json_print(o, &x->waiting, e);
	json_free(o);
	/* {"email":"a@b.example"} to "a@b.example" */
	if (ok && shape->bare) {
		size_t name = strlen(x->profile->columns[0].name) + 4;

		memmove(x->waiting.p + from, x->waiting.p + from + name,
		    x->waiting.n - from - name);
		x->waiting.n -= name + 1;
	}
	if (++x->in_batch >= shape->batch)
		end_batch(x);
	return ok && buf_ok(&x->waiting, e);
}

static bool
put_one(struct export_rows *x, const struct entry_row *row, struct str word,
    struct err *e)
{
	x->rows++;
	if (!x->json)
		put_line(x, row, word);
	else if (!(x->profile->traits & PROFILE_ALL))
		return put_item(x, row, word, e);
	else
		return put_object(x, row, e);
	return true;
}

/* The address or its hash, and a row for each word. */
static bool
put_row(struct export_rows *x, const struct entry_row *row, struct err *e)
{
	struct str words, word;
	struct entry_row shown = *row;
	char hex[GLIB_HEX_MAX];

	if (x->hash != GLIB_PLAIN) {
		glib_digest(x->hash, row->entry.address, hex);
		shown.entry.address = str_from(hex);
	}
	words = x->profile->words[0].word == NULL
	    ? STR("")
	    : str_from(profile_word_of(x->profile, row->entry.class));
	if (!str_cut(&words, '|', &word))
		word = STR("");
	do {
		if (!put_one(x, &shown, word, e))
			return false;
	} while (str_cut(&words, '|', &word));
	if (x->waiting.n < WRITE_AT)
		return buf_ok(&x->waiting, e);
	/* Reader gone, disk full: the rest is not worth the work. */
	return write_waiting(x, e) &&
	    (x->path != NULL || !ferror(stdout) || app_flush(stdout, e));
}

static void
keep_text(struct buf *b, struct str *s)
{
	char *at = b->p + b->n;

	buf_add(b, *s);
	*s = str_of(at, s->n);
}

/* A copy that outlives the store's next row. */
static bool
hold_row(struct export_rows *x, const struct entry_row *row, struct err *e)
{
	struct entry_row *h = &x->held;
	struct buf *b = &x->kept;

	*h = *row;
	buf_clear(b);
	if (buf_room(b, row->entry.address.n + row->entry.scope.n +
		row->entry.reason.n + row->entry.source.n + row->provider.n +
		row->status.n + row->diagnostic.n) == NULL)
		return err_memory(e);
	keep_text(b, &h->entry.address);
	keep_text(b, &h->entry.scope);
	keep_text(b, &h->entry.reason);
	keep_text(b, &h->entry.source);
	keep_text(b, &h->provider);
	keep_text(b, &h->status);
	keep_text(b, &h->diagnostic);
	x->holds = true;
	return true;
}

static bool
put_held(struct export_rows *x, struct err *e)
{
	bool holds = x->holds;

	x->holds = false;
	return !holds || put_row(x, &x->held, e);
}

bool
export_rows_put(void *ctx, const struct entry_row *row, struct err *e)
{
	struct export_rows *x = ctx;

	if (x->profile->traits & PROFILE_ALL)
		return put_row(x, row, e);
	if (x->holds && str_eq(x->held.entry.address, row->entry.address))
		return profile_rank(x->profile, row->entry.class) <=
		    profile_rank(x->profile, x->held.entry.class) ||
		    hold_row(x, row, e);
	return put_held(x, e) && hold_row(x, row, e);
}

bool
export_rows_done(struct export_rows *x, struct err *e)
{
	if (!put_held(x, e))
		return false;
	end_batch(x);
	if (!write_waiting(x, e))
		return false;
	return x->path != NULL ? file_new_done(&x->file, e)
			       : app_flush(stdout, e);
}

void
export_rows_release(struct export_rows *x)
{
	file_new_release(&x->file);
	buf_release(&x->waiting);
	buf_release(&x->kept);
}
