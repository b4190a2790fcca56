/* ingest_say.c - what `ingest` says of each file. */
#include "ingest_say.h"

#include "base/quote.h"
#include "wrap/json.h"

static bool
say_json(struct json *o, struct buf *out, struct err *e)
{
	bool ok = json_print(o, out, e);

	json_free(o);
	buf_addc(out, '\n');
	return ok && buf_ok(out, e);
}

static bool
sums_json(const struct ingest_said *f, bool read_before,
    const struct work_sums *s, struct buf *out, struct err *e)
{
	struct json *o = json_new_object();
	struct json *skipped = json_new_object();
	struct json *rows = json_new_object();

	for (size_t i = 0; i < KIND_COUNT; i++)
		if (s->by_kind[i] != 0)
			json_number(
			    rows, kind_name((enum kind)i), s->by_kind[i]);
	for (size_t i = 1; i < SKIP_COUNT; i++)
		if (s->skipped[i] != 0)
			json_number(
			    skipped, skip_name((enum skip)i), s->skipped[i]);
	json_text(o, "file", str_from(f->path));
	json_bool(o, "read_before", read_before);
	json_number(o, "rows", s->rows);
	json_put(o, "rows_by_type", rows);
	json_number(o, "used", s->used);
	json_put(o, "skipped", skipped);
	json_number(o, "suppressed", s->suppressed);
	json_number(o, "held", s->held);
	json_bool(o, "last_row_left", f->left);
	return say_json(o, out, e);
}

bool
ingest_say_nothing(
    const struct ingest_said *f, struct buf *out, struct err *e)
{
	static const struct work_sums NONE = { 0 };

	if (f->json)
		return sums_json(f, !f->empty, &NONE, out, e);
	quote_add(out, str_from(f->path));
	buf_adds(out, f->empty ? ": nothing new: it is empty\n"
	    : ": nothing new: all of it was read before\n");
	return buf_ok(out, e);
}

bool
ingest_say_sums(const struct ingest_said *f, const struct work *w,
    struct buf *out, struct err *e)
{
	if (f->json)
		return sums_json(f, false, work_sums(w), out, e);
	quote_add(out, str_from(f->path));
	buf_adds(out, ": ");
	work_sums_text(work_sums(w), out);
	if (f->growing)
		buf_adds(out, " (still being written: run it again later)");
	else if (f->left)
		buf_adds(
		    out, " (its last row has no end yet: run it again later)");
	buf_addc(out, '\n');
	return buf_ok(out, e);
}
