/* bulk.c - many entries, chosen by what they have in common. */
#include "bulk.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/quote.h"
#include "out.h"
#include "provider_args.h"

#define COMMIT_EVERY 2000 /* entries */
#define SHOWN 10          /* samples of a dry run */

struct chosen {
	enum class class;
	bool counts; /* in force or held */
	uint32_t address, scope; /* where the texts begin; each ends with NUL */
};

struct bulk_work {
	struct app *app;
	const struct bulk_request *request;
	struct chosen *rows;
	size_t n, cap;
	struct buf texts;
	int64_t would; /* of the rows: run-out ones go, too, yet are no news */
	int64_t by_class[CLASS_MAX];
	int64_t complaints; /* passed over without consent */
	int64_t id, done;
};

bool
bulk_is_chosen(const struct entry_filter *f)
{
	return f->like.n > 0 || f->class.n > 0 || f->provider.n > 0 ||
	    f->source.n > 0 || f->rule.n > 0 || f->reply.n > 0 ||
	    f->domain.n > 0 || f->since > 0 || f->until > 0 ||
	    (f->scope.n > 0 && !str_eq(f->scope, STR("global")));
}

static uint32_t
keep_text(struct bulk_work *w, struct str s)
{
	uint32_t at = (uint32_t)w->texts.n;

	buf_add(&w->texts, s);
	buf_addc(&w->texts, '\0');
	return at;
}

static bool
stands(const struct entry *en, int64_t now)
{
	return en->state == ENTRY_HELD || (en->state == ENTRY_ACTIVE &&
	    (en->until == 0 || en->until > now));
}

static bool
choose(void *ctx, const struct entry_row *row, struct err *e)
{
	struct bulk_work *w = ctx;
	enum class c = row->entry.class;
	struct chosen *rows;

	/* Who was erased stays blocked. */
	if (row->entry.state == ENTRY_LIFTED ||
	    (row->entry.address.n > 0 && row->entry.address.p[0] == '#'))
		return true;
	if (policy_ladder(c) == LADDER_COMPLAINT && !w->request->consent) {
		w->complaints += stands(&row->entry, w->app->now);
		return true;
	}
	if (w->texts.n > UINT32_MAX / 2)
		return err_memory(e);
	rows = array_room(w->rows, w->n, &w->cap, sizeof *rows, e);
	if (rows == NULL)
		return false;
	w->rows = rows;
	w->rows[w->n].class = c;
	w->rows[w->n].counts = stands(&row->entry, w->app->now);
	w->rows[w->n].address = keep_text(w, row->entry.address);
	w->rows[w->n].scope = keep_text(w, row->entry.scope);
	w->would += w->rows[w->n].counts;
	if (w->request->dry_run)
		w->by_class[c] += w->rows[w->n].counts;
	w->n++;
	return buf_ok(&w->texts, e);
}

static bool
lift(struct bulk_work *w, struct str address, struct str scope, enum class c,
    bool *did, struct err *e)
{
	struct app *a = w->app;
	struct entry_lift l = { .address = address, .scope = scope,
		.class = c, .upto = policy_lift_mark(address, a->now),
		.why = w->request->reason, .bulk = w->id };

	return entry_lift(a->store, &l, str_from(a->who), a->now, did, e) &&
	    (!*did || policy_ladder(c) == LADDER_NONE ||
	        evidence_void(a->store, &l, e));
}

static bool
hold(struct bulk_work *w, struct str address, struct str scope, enum class c,
    bool *did, struct err *e)
{
	struct app *a = w->app;
	struct entry en;
	bool found;

	*did = false;
	if (!entry_get(a->store, address, scope, c, &en, &found, e))
		return false;
	if (!found || en.state != ENTRY_ACTIVE)
		return true;
	*did = true;
	en.state = ENTRY_HELD;
	en.reason = w->request->reason;
	en.bulk = w->id;
	return entry_put(a->store, &en, str_from(a->who), a->now, e);
}

static bool
change_one(struct bulk_work *w, const struct chosen *c, struct err *e)
{
	struct str address = str_from(w->texts.p + c->address);
	struct str scope = str_from(w->texts.p + c->scope);
	bool is_lift = strcmp(w->request->verb, "remove") == 0, did = false;

	if (!(is_lift ? lift : hold)(w, address, scope, c->class, &did, e))
		return false;
	w->done += did;
	w->by_class[c->class] += did;
	return true;
}

/* In commits of bounded size; the bulk's number holds them together. */
static bool
change_all(struct bulk_work *w, struct err *e)
{
	struct store *s = w->app->store;

	for (size_t i = 0; i < w->n;) {
		size_t stop = w->n - i < COMMIT_EVERY ? w->n
		    : i + COMMIT_EVERY;

		if (!store_begin(s, e))
			return false;
		if (i == 0 && !store_new_bulk(s, str_from(w->request->verb),
		    str_from(w->app->who), w->app->now, &w->id, e))
			goto back;
		for (; i < stop; i++)
			if (!change_one(w, &w->rows[i], e))
				goto back;
		if (!store_commit(s, e) || !store_tidy(s, false, e))
			return false;
		if (i < w->n)
			app_let_pipe();
	}
	return true;
back:
	store_rollback(s);
	return false;
}

static void
add_classes(struct bulk_work *w, struct buf *b)
{
	for (size_t i = 0; i < CLASS_MAX; i++)
		if (w->by_class[i] > 0)
			buf_addf(b, "  %s %lld\n", class_name((enum class)i),
			    (long long)w->by_class[i]);
	if (!w->request->dry_run)
		return;
	for (size_t i = 0, shown = 0; i < w->n && shown < SHOWN; i++) {
		if (!w->rows[i].counts)
			continue;
		shown++;
		buf_adds(b, "  e.g. ");
		quote_add(b, str_from(w->texts.p + w->rows[i].address));
		buf_addc(b, '\n');
	}
}

static void
say(struct bulk_work *w, struct err *e)
{
	const struct bulk_request *r = w->request;
	bool is_lift = strcmp(r->verb, "remove") == 0;
	struct buf b = { 0 };
	struct json *o;

	if (r->json) {
		o = json_new_object();
		json_text(o, "verb", str_from(r->verb));
		json_bool(o, "dry_run", r->dry_run);
		json_number(o, "chosen", w->would);
		json_number(o, "changed", w->done);
		json_number(o, "complaints_left", w->complaints);
		json_number_or_none(o, "bulk", w->id);
		out_json(stdout, o, e);
		return;
	}
	if (r->dry_run)
		buf_addf(&b, "would %s %lld entries\n", r->verb,
		    (long long)w->would);
	else if (w->id == 0)
		buf_addf(&b, "%s: no entries", is_lift ? "lifted" : "held");
	else
		buf_addf(&b, "%s: %lld entries", is_lift ? "lifted" : "held",
		    (long long)w->done);
	/* Where nothing was chosen there is no bulk. */
	if (!r->dry_run && w->id != 0)
		buf_addf(&b, " (bulk %lld); to take it back: pmta-suppress "
		    "undo %lld", (long long)w->id, (long long)w->id);
	if (!r->dry_run)
		buf_addc(&b, '\n');
	add_classes(w, &b);
	if (w->complaints > 0)
		buf_addf(&b, "%lld complaints are left; --consent TEXT %s "
		    "them, too\n", (long long)w->complaints,
		    is_lift ? "lifts" : "holds");
	out_text(&b, e);
	buf_release(&b);
}

int
bulk_run(struct app *a, const struct bulk_request *r, struct err *e)
{
	struct bulk_work w = { .app = a, .request = r };
	struct entry_filter f = r->filter;

	/* What is held now can be lifted, too. */
	f.all_states = strcmp(r->verb, "remove") == 0 && f.all_states;
	if (provider_or(a, &f.provider, e) &&
	    entry_list(a->store, &f, choose, &w, e) && w.n > 0 &&
	    !r->dry_run)
		change_all(&w, e);
	if (e->code == 0)
		say(&w, e);
	free(w.rows);
	buf_release(&w.texts);
	return e->code != 0 ? e->code : w.would > 0 ? 0 : 1;
}
