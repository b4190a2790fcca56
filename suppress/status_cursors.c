/* status_cursors.c - how far the readers of changes are. */
#include "status_cursors.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/quote.h"
#include "out.h"

struct told {
	struct json *list;
	struct buf *text;
	int64_t last; /* change of all */
};

static void
put_json(struct told *t, const struct cursor_row *row, int64_t at)
{
	struct json *o = json_new_object();

	json_text(o, "name", row->name);
	json_number(o, "at", at);
	json_number(o, "behind", t->last - at);
	json_bool(o, "waits_for_ack", row->pending > at);
	json_time(o, "moved", row->moved);
	json_push(t->list, o);
}

static bool
on_cursor(void *ctx, const struct cursor_row *row, struct err *e)
{
	struct told *t = ctx;
	/* Of a new one nothing was acknowledged yet. */
	int64_t at = row->at > 0 ? row->at : 0;
	char time[CLOCK_TEXT];

	put_json(t, row, at);
	buf_addf(t->text, "%-10s ", "cursor");
	quote_add(t->text, row->name);
	buf_addf(t->text,
	    ": at change %" PRId64 ", %" PRId64 " behind, moved %s", at,
	    t->last - at, out_time(row->moved, time));
	if (row->pending > at)
		buf_addf(t->text,
		    "; waits for --ack of %" PRId64, row->pending);
	buf_addc(t->text, '\n');
	return buf_ok(t->text, e);
}

bool
status_cursors(struct app *a, struct json *root, struct buf *text,
    struct err *e)
{
	struct told t = { .list = json_new_list(), .text = text };
	bool ok = change_last(a->store, &t.last, e) &&
	    cursor_list(a->store, on_cursor, &t, e);

	json_put(root, "cursors", t.list);
	return ok;
}
