/* status_incidents.c - what is held, and how far reports can be told. */
#include "status_incidents.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/quote.h"
#include "incident_rows.h"
#include "out.h"
#include "work/resolve.h"

#define SHOWN 10

/* The open ones; as text those that hold the most, of as many the newest. */
struct told {
	struct json *list;
	int64_t open, held;
	struct line {
		int64_t held;
		struct buf text;
	} line[SHOWN];
	size_t n;
};

static void
line_text(struct buf *b, const struct incident_row *row)
{
	char at[CLOCK_TEXT];

	buf_clear(b);
	buf_addf(b, "incident   %" PRId64 " (%s): %s, ", row->in->id,
	    row->state, incident_kind_name(row->in->kind));
	quote_add(b, row->provider.n > 0 ? row->provider
	    : STR("all providers"));
	buf_addf(b, ", %s, since %s, holds %" PRId64 " addresses\n",
	    class_name((enum class)row->in->class),
	    out_time(row->in->opened, at), row->held);
}

static bool
on_incident(void *ctx, const struct incident_row *row, struct err *e)
{
	struct told *t = ctx;
	struct json *o = json_new_object();
	struct line last;
	size_t i;

	t->open++;
	t->held += row->held;
	incident_row_json(o, row);
	json_push(t->list, o);
	if (t->n == SHOWN && row->held <= t->line[SHOWN - 1].held)
		return true;
	i = t->n < SHOWN ? t->n++ : SHOWN - 1;
	last = t->line[i];
	for (; i > 0 && t->line[i - 1].held < row->held; i--)
		t->line[i] = t->line[i - 1];
	t->line[i] = (struct line){ row->held, last.text };
	line_text(&t->line[i].text, row);
	return buf_ok(&t->line[i].text, e);
}

bool
status_incidents(struct app *a, struct json *root, struct buf *text,
    struct err *e)
{
	struct told t = { .list = json_new_list() };
	bool ok = incident_rows(a, false, on_incident, &t, e);

	json_put(root, "incidents", t.list);
	json_number(root, "held_addresses", t.held);
	if (t.open == 0)
		buf_adds(text, "incidents  none is open\n");
	else
		buf_addf(text, "incidents  %" PRId64 " open, %" PRId64
		    " addresses HELD; see 'pmta-suppress incident show N'\n",
		    t.open, t.held);
	for (size_t i = 0; i < t.n; i++) {
		buf_add(text, buf_str(&t.line[i].text));
		buf_release(&t.line[i].text);
	}
	if (t.open > SHOWN)
		buf_addf(text, "incident   and %" PRId64 " more; see "
		    "'pmta-suppress incident list'\n", t.open - SHOWN);
	return ok;
}

/* ---- reports ---- */

static int64_t
came(const int64_t n[RESOLVE_COUNT])
{
	return n[RESOLVE_NOT] + n[RESOLVE_NAMED] + n[RESOLVE_VERP] +
	    n[RESOLVE_SIGNED];
}

static void
add_rate(struct buf *b, const int64_t n[RESOLVE_COUNT])
{
	int64_t all = came(n), told = all - n[RESOLVE_NOT];

	buf_addf(b, "%" PRId64 " came", all);
	if (all > 0)
		buf_addf(b, ", of %" PRId64 ".%" PRId64 " %% the recipient is "
		    "known", told * 100 / all, told * 1000 / all % 10);
}

static struct json *
to_json(const int64_t n[RESOLVE_COUNT])
{
	static const char *const KEYS[RESOLVE_COUNT] = { "unresolved",
		"named", "verp", "signed", "proved", "doubted",
		"unverified" };
	struct json *o = json_new_object();

	json_number(o, "came", came(n));
	for (size_t i = 0; i < RESOLVE_COUNT; i++)
		json_number(o, KEYS[i], n[i]);
	return o;
}

static void
tell_kind(const struct resolve_row *row, struct json *list, struct buf *text)
{
	struct json *o = json_new_object();

	json_text(o, "kind", str_from(kind_name(row->kind)));
	json_put(o, "last_24h", to_json(row->day));
	json_put(o, "last_28d", to_json(row->weeks));
	json_push(list, o);
	buf_addf(text, "reports %-2s 24 h: ", kind_name(row->kind));
	add_rate(text, row->day);
	buf_adds(text, "; 28 days: ");
	add_rate(text, row->weeks);
	buf_addf(text, " (proved %" PRId64 ", doubted %" PRId64
	    ", unverified %" PRId64 ")\n", row->weeks[RESOLVE_PROVED],
	    row->weeks[RESOLVE_DOUBTED], row->weeks[RESOLVE_UNVERIFIED]);
}

bool
status_reports(struct app *a, struct json *root, struct buf *text,
    struct err *e)
{
	struct resolve_row rows[RESOLVE_KINDS];
	struct json *list;
	size_t n;

	if (!resolve_list(a->store, rows, &n, e))
		return false;
	list = json_new_list();
	for (size_t i = 0; i < n; i++)
		tell_kind(&rows[i], list, text);
	json_put(root, "reports", list);
	return true;
}
