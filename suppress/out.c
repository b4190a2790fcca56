/* out.c - what commands print: aligned tables, JSON lines, entries. */
#include "out.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/quote.h"
#include "mail/reply.h"

/* Columns on a screen, taking each character for one. */
static size_t
width_of(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

void
sheet_init(struct sheet *t, FILE *f, const char *const *heads, size_t columns)
{
	assert(columns > 0 && columns <= SHEET_COLUMNS);
	*t = (struct sheet){ .f = f, .columns = columns };
	for (size_t i = 0; i < columns; i++)
		sheet_cell(t, str_from(heads[i]));
}

static void
print_rows(struct sheet *t)
{
	const char *p = t->cells.p;

	for (size_t r = 0; r < t->rows; r++) {
		for (size_t i = 0; i < t->columns; i++) {
			size_t n = width_of(p);
			bool last = i + 1 == t->columns;

			fputs(p, t->f);
			for (; !last && n < t->width[i] + 2; n++)
				fputc(' ', t->f);
			p += strlen(p) + 1;
		}
		fputc('\n', t->f);
	}
	buf_clear(&t->cells);
	t->rows = 0;
}

void
sheet_cell(struct sheet *t, struct str s)
{
	size_t from = t->cells.n;

	if (t->cells.failed)
		return;
	quote_add(&t->cells, s.n > 0 ? s : STR("-"));
	buf_addc(&t->cells, '\0');
	if (t->cells.failed)
		return;
	if (!t->settled) {
		size_t n = width_of(t->cells.p + from);

		if (n > t->width[t->at])
			t->width[t->at] = n;
	}
	if (++t->at < t->columns)
		return;
	t->at = 0;
	if (++t->rows >= SHEET_SETTLES)
		t->settled = true;
	if (t->settled)
		print_rows(t);
}

void
sheet_buf(struct sheet *t, const struct buf *b)
{
	t->cells.failed = t->cells.failed || b->failed;
	sheet_cell(t, buf_str(b));
}

bool
sheet_done(struct sheet *t, struct err *e)
{
	if (!buf_ok(&t->cells, e))
		return false;
	/* The heads alone say nothing. */
	if (t->settled || t->rows > 1)
		print_rows(t);
	return true;
}

void
sheet_release(struct sheet *t)
{
	buf_release(&t->cells);
}

bool
out_text(const struct buf *b, struct err *e)
{
	if (!buf_ok(b, e))
		return false;
	if (b->n > 0)
		fwrite(b->p, 1, b->n, stdout);
	return true;
}

bool
out_json(FILE *f, struct json *j, struct err *e)
{
	struct buf line = { 0 };
	bool ok = json_print(j, &line, e);

	buf_addc(&line, '\n');
	ok = ok && buf_ok(&line, e);
	if (ok)
		fwrite(line.p, 1, line.n, f);
	buf_release(&line);
	json_free(j);
	return ok;
}

const char *
out_time(int64_t utc, char *text)
{
	return utc == 0 ? "-" : clock_text(utc, text);
}

void
out_entry(struct buf *b, const struct entry *en, struct str asked)
{
	char time[CLOCK_TEXT];

	buf_addf(
	    b, "%s since %s", class_name(en->class), out_time(en->since, time));
	if (en->until != 0)
		buf_addf(b, " until %s", out_time(en->until, time));
	buf_adds(b, ", ");
	quote_add(b, en->scope);
	if (!str_eq(en->address, asked)) {
		buf_adds(b, ", ");
		quote_add(b, en->address);
	}
	if (en->subdomains)
		buf_adds(b, " and its sub-domains");
}

const char *
out_state(const struct entry *en, int64_t now)
{
	bool ended = en->state == ENTRY_ACTIVE && en->until != 0 &&
	    en->until <= now;

	return ended ? "ended" : entry_state_name(en->state);
}

void
out_stream(struct buf *b, const struct entry *en)
{
	buf_adds(b, b->n > 0 ? ", " : "");
	quote_add(b, en->scope);
	buf_addf(b, " (%s)", class_name(en->class));
}

void
out_entry_json(struct json *o, const struct entry *en, int64_t now)
{
	json_text(o, "class", str_from(class_name(en->class)));
	json_text(o, "scope", en->scope);
	json_text(o, "state", str_from(out_state(en, now)));
	json_time(o, "since", en->since);
	json_time(o, "until", en->until);
	out_rule_json(o, en->rule);
	json_text(o, "source", en->source);
	json_text_or_none(o, "reason", en->reason);
	json_bool(o, "subdomains", en->subdomains);
}

void
out_no_entry_json(struct json *o)
{
	static const char *const KEYS[] = { "class", "scope", "state", "since",
		"until", "rule", "source", "reason", "subdomains" };

	for (size_t i = 0; i < COUNT(KEYS); i++)
		json_none(o, KEYS[i]);
}

void
out_row_json(struct json *o, const struct entry_row *row, int64_t now)
{
	json_text(o, "address", row->entry.address);
	out_entry_json(o, &row->entry, now);
	json_time(o, "last_seen", row->last_seen);
	json_text_or_none(o, "provider", row->provider);
	json_number_or_none(o, "code", row->code);
	json_text_or_none(o, "status", row->status);
	json_text_or_none(o, "diagnostic", row->diagnostic);
	json_number(o, "change", row->change);
}

void
out_rule_json(struct json *o, struct str rule)
{
	json_text_or_none(o, "rule", str_eq(rule, STR("-")) ? STR("") : rule);
}

void
out_codes_json(struct json *o, int64_t code, int64_t status)
{
	char text[16];

	json_number_or_none(o, "code", code);
	json_text_or_none(o, "status", str_from(reply_status_text(
	    reply_status_from(status), text)));
}

void
out_codes(struct buf *b, int64_t code, int64_t status)
{
	char text[16];

	reply_status_text(reply_status_from(status), text);
	if (code != 0)
		buf_addf(b, "%d", (int)code);
	if (code != 0 && text[0] != '\0')
		buf_addc(b, ' ');
	buf_adds(b, text);
	if (code == 0 && text[0] == '\0')
		buf_addc(b, '-');
}
