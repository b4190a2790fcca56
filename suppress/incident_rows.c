/* incident_rows.c - incidents one by one. */
#include "incident_rows.h"

/* Until that long after it was last over the line it goes on. */
static bool
goes_on(struct app *a, const struct incident *in, bool *on, struct err *e)
{
	int64_t horizon;

	if (!store_horizon_read(a->store, &horizon, e))
		return false;
	*on = in->last + a->config.storm.quiet >= horizon;
	return true;
}

static const char *
state_of(const struct incident *in, bool open)
{
	switch (in->state) {
	case INCIDENT_RELEASED:
		return "released";
	case INCIDENT_DISCARDED:
		return "discarded";
	case INCIDENT_OPEN:
		break;
	}
	return open ? "open" : "over";
}

bool
incident_row_of(struct app *a, const struct incident *in,
    struct buf *provider, struct incident_row *out, struct err *e)
{
	bool on;

	*out = (struct incident_row){ .in = in };
	buf_clear(provider);
	if (!goes_on(a, in, &on, e) ||
	    !incident_sums(a->store, in->id, &out->held, &out->held_all, e) ||
	    !store_word_text(a->store, in->provider, provider, e) ||
	    !buf_ok(provider, e))
		return false;
	/* A group of those whom no table names. */
	out->provider = in->provider < 0 ? STR("other") : buf_str(provider);
	out->open = out->held > 0 || (on && in->state == INCIDENT_OPEN);
	out->state = state_of(in, out->open);
	return true;
}

struct walk {
	struct app *app;
	bool all;
	incident_row_fn *fn;
	void *ctx;
	struct buf provider;
};

static bool
on_incident(void *ctx, const struct incident *in, struct err *e)
{
	struct walk *w = ctx;
	struct incident_row row;

	if (!incident_row_of(w->app, in, &w->provider, &row, e))
		return false;
	return (!w->all && !row.open) || w->fn(w->ctx, &row, e);
}

bool
incident_rows(struct app *a, bool all, incident_row_fn *fn, void *ctx,
    struct err *e)
{
	struct walk w = { .app = a, .all = all, .fn = fn, .ctx = ctx };
	bool ok = incident_list(a->store, on_incident, &w, e);

	buf_release(&w.provider);
	return ok;
}

void
incident_row_json(struct json *o, const struct incident_row *row)
{
	const struct incident *in = row->in;

	json_number(o, "incident", in->id);
	json_text(o, "kind", str_from(incident_kind_name(in->kind)));
	json_text(o, "state", str_from(row->state));
	json_bool(o, "open", row->open);
	json_text_or_none(o, "provider", row->provider);
	json_text(o, "class", str_from(class_name((enum class)in->class)));
	json_number(o, "held", row->held);
	json_number(o, "held_in_all", row->held_all);
	json_time(o, "opened", in->opened);
	json_time(o, "peak", in->peak);
	json_number(o, "peak_failures", in->peak_n);
	json_time(o, "last", in->last);
	json_text_or_none(o, "line", in->text);
}
