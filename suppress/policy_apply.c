/* policy_apply.c - `policy apply`: who would be listed is. */
#include "policy_apply.h"

#include <getopt.h>
#include <inttypes.h>

#include "args.h"
#include "base/quote.h"
#include "out.h"
#include "work/apply.h"

#define COMMIT_EVERY 2000 /* entries */
#define SHOWN 10          /* samples of a dry run */

struct apply_run {
	struct app *app;
	struct apply_list list;
	int64_t since, bulk, listed;
	bool dry_run, json;
};

static bool
parse_options(struct apply_run *r, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "since", required_argument, NULL, 's' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":nj", LONGS, e)) != -1) {
		if (o == '?')
			return false;
		r->dry_run |= o == 'n';
		r->json |= o == 'j';
		if (o == 's' && !args_time_or("policy", "since", optarg,
		    r->app->now, false, &r->since, e))
			return false;
	}
	if (!args_no_more(argc, argv, e))
		return false;
	if (r->app->config.observe && !r->dry_run)
		return err_set(e, EX_CONFIG, "policy: [policy] mode = observe "
		    "lists nobody; set mode = enforce first, or see who would "
		    "be listed with --dry-run");
	return true;
}

/* One commit; the bulk's number holds them together. */
static bool
list_some(struct apply_run *r, struct work *w, size_t *at, struct err *e)
{
	struct store *s = r->app->store;
	size_t left = r->list.n - *at;
	size_t stop = *at + (left < COMMIT_EVERY ? left : COMMIT_EVERY);

	if (!work_begin(w, e))
		return false;
	if ((r->bulk != 0 || store_new_bulk(s, STR("policy apply"),
	    str_from(r->app->who), r->app->now, &r->bulk, e)) &&
	    apply_some(w, &r->list, at, stop, r->bulk, &r->listed, e))
		return work_commit(w, e);
	work_abandon(w);
	return false;
}

static bool
list_all(struct apply_run *r, struct err *e)
{
	struct app *a = r->app;
	struct work *w = work_open(&a->config, a->store, a->rules, NULL, e);
	size_t at = 0;
	bool ok = w != NULL;

	while (ok && at < r->list.n) {
		ok = list_some(r, w, &at, e) && store_tidy(a->store, false, e);
		if (ok && at < r->list.n)
			app_let_pipe();
	}
	work_close(w);
	return ok;
}

static void
add_classes(const struct apply_run *r, struct buf *b)
{
	int64_t n[CLASS_MAX] = { 0 };

	for (size_t i = 0; i < r->list.n; i++)
		n[r->list.rows[i].class]++;
	for (size_t i = 0; i < CLASS_MAX; i++)
		if (n[i] > 0)
			buf_addf(b, "  %s %" PRId64 "\n",
			    class_name((enum class)i), n[i]);
	for (size_t i = 0; i < r->list.n && i < SHOWN && r->dry_run; i++) {
		buf_adds(b, "  e.g. ");
		quote_add(b, apply_text(&r->list, r->list.rows[i].address));
		buf_addc(b, '\n');
	}
}

static void
say(const struct apply_run *r, struct err *e)
{
	struct buf b = { 0 };

	if (r->dry_run)
		buf_addf(&b, "would list %zu entries\n", r->list.n);
	else if (r->bulk == 0)
		buf_adds(&b, "listed: no entries\n");
	else
		buf_addf(&b, "listed: %" PRId64 " entries (bulk %" PRId64
		    "); to take it back: pmta-suppress undo %" PRId64 "\n",
		    r->listed, r->bulk, r->bulk);
	add_classes(r, &b);
	if (r->list.never > 0)
		buf_addf(&b, "left: %" PRId64 " that [never-suppress] names\n",
		    r->list.never);
	if (r->list.left_out > 0)
		buf_addf(&b, "not judged: %" PRId64 " streams of addresses "
		    "with too many\n", r->list.left_out);
	out_text(&b, e);
	buf_release(&b);
}

static void
say_json(const struct apply_run *r, struct err *e)
{
	struct json *o = json_new_object();

	json_text(o, "verb", STR("apply"));
	json_bool(o, "dry_run", r->dry_run);
	json_number(o, "chosen", (int64_t)r->list.n);
	json_number(o, "listed", r->listed);
	json_number(o, "never", r->list.never);
	json_number(o, "left_out", r->list.left_out);
	json_number_or_none(o, "bulk", r->bulk);
	out_json(stdout, o, e);
}

int
policy_apply(struct app *a, int argc, char **argv, struct err *e)
{
	struct apply_run r = { .app = a };
	int answer;

	if (parse_options(&r, argc, argv, e) && app_open_store(a,
	    r.dry_run ? STORE_READ : STORE_WRITE, APP_WAIT, e) &&
	    apply_choose(a->store, &a->config, r.since, a->now, &r.list, e) &&
	    (r.dry_run || list_all(&r, e)))
		(r.json ? say_json : say)(&r, e);
	answer = r.list.n > 0 ? 0 : 1;
	apply_release(&r.list);
	return e->code != 0 ? e->code : answer;
}
