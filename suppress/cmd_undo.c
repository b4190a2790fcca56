/* cmd_undo.c - takes an import or a removal back, also an undo. */
#include <getopt.h>

#include "args.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/quote.h"
#include "out.h"
#include "work/undone.h"

#define LISTED 20 /* bulks that --list shows */

static bool
print_bulk(void *ctx, const struct bulk_row *row, struct err *e)
{
	struct sheet *t = ctx;
	char id[24], changes[24], at[CLOCK_TEXT];

	snprintf(id, sizeof id, "%lld", (long long)row->id);
	snprintf(changes, sizeof changes, "%lld", (long long)row->changes);
	sheet_cell(t, str_from(id));
	sheet_cell(t, str_from(out_time(row->at, at)));
	sheet_cell(t, str_from(changes));
	sheet_cell(t, row->who);
	sheet_cell(t, row->what);
	return buf_ok(&t->cells, e);
}

static bool
print_bulk_json(void *ctx, const struct bulk_row *row, struct err *e)
{
	struct json *o = json_new_object();

	(void)ctx;
	json_number(o, "bulk", row->id);
	json_time(o, "at", row->at);
	json_number(o, "changes", row->changes);
	json_text(o, "who", row->who);
	json_text_or_none(o, "what", row->what);
	return out_json(stdout, o, e);
}

static int
list_bulks(struct app *a, bool json, struct err *e)
{
	static const char *const HEADS[] = { "BULK", "AT", "CHANGES", "WHO",
		"WHAT" };
	struct sheet t;

	if (json) {
		bulk_list(a->store, LISTED, print_bulk_json, NULL, e);
		return e->code;
	}
	sheet_init(&t, stdout, HEADS, COUNT(HEADS));
	if (bulk_list(a->store, LISTED, print_bulk, &t, e))
		sheet_done(&t, e);
	sheet_release(&t);
	return e->code;
}

static bool
undo(struct app *a, int64_t bulk, int64_t *as, struct undo_sums *sums,
    struct err *e)
{
	struct work *w = work_open(&a->config, a->store, a->rules, NULL, e);
	char what[64];
	bool ok;

	snprintf(what, sizeof what, "undo of bulk %lld", (long long)bulk);
	ok = w != NULL && store_begin(a->store, e);
	if (ok && store_new_bulk(a->store, str_from(what), str_from(a->who),
	    a->now, as, e) && undone(w, bulk, *as, str_from(a->who), sums,
	    e) && sums->found) {
		ok = store_commit(a->store, e);
		work_close(w);
		return ok;
	}
	if (ok)
		store_rollback(a->store);
	work_close(w);
	return e->code == 0 && err_set(e, EX_DATAERR, "undo: there is no bulk "
	    "%lld; 'undo --list' names them", (long long)bulk);
}

static void
say(int64_t bulk, int64_t as, const struct undo_sums *sums, bool json,
    struct err *e)
{
	struct json *o;

	if (!json) {
		printf("undone: %lld changes of bulk %lld (bulk %lld)",
		    (long long)sums->undone, (long long)bulk, (long long)as);
		if (sums->left > 0)
			printf("; %lld left, as something else has changed "
			    "them since", (long long)sums->left);
		if (sums->erased > 0)
			printf("; erased, which nothing brings back: "
			    "%lld", (long long)sums->erased);
		if (sums->incidents > 0)
			printf("; the incident is as it was, with %lld pieces "
			    "of evidence", (long long)sums->evidence);
		else if (sums->undone == 0 && sums->evidence > 0)
			printf("; %lld pieces of evidence are as they were",
			    (long long)sums->evidence);
		putchar('\n');
		return;
	}
	o = json_new_object();
	json_number(o, "of", bulk);
	json_number(o, "bulk", as);
	json_number(o, "undone", sums->undone);
	json_number(o, "left", sums->left);
	json_number(o, "erased", sums->erased);
	json_number(o, "evidence", sums->evidence);
	json_number(o, "incidents", sums->incidents);
	out_json(stdout, o, e);
}

static bool
number_or(int argc, char **argv, int64_t *bulk, struct err *e)
{
	char quoted[128];

	if (argc - optind != 1)
		return err_set(e, EX_USAGE, "undo: %s; name one bulk by its "
		    "number: 'undo --list' tells them", optind == argc
		    ? "no bulk given" : "more than one bulk given");
	return number_i64(str_from(argv[optind]), 1, INT64_MAX, bulk) ||
	    err_set(e, EX_USAGE, "undo: '%s' is no number of a bulk; 'undo "
	    "--list' tells them", str_quote(str_from(argv[optind]), quoted,
	    sizeof quoted));
}

int
cmd_undo(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "list", no_argument, NULL, 'l' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	bool list = false, json = false;
	struct undo_sums sums;
	int64_t bulk = 0, as = 0;
	int o;

	while ((o = app_option(argc, argv, ":lj", LONGS, e)) != -1) {
		if (o != 'l' && o != 'j')
			return e->code;
		list |= o == 'l';
		json |= o == 'j';
	}
	if (list ? !args_no_more(argc, argv, e)
	    : !number_or(argc, argv, &bulk, e))
		return e->code;
	if (!app_open_store(a, list ? STORE_READ : STORE_WRITE, APP_WAIT, e))
		return e->code;
	if (list)
		return list_bulks(a, json, e);
	if (!undo(a, bulk, &as, &sums, e))
		return e->code;
	say(bulk, as, &sums, json, e);
	return e->code != 0 ? e->code
	    : sums.undone + sums.evidence + sums.incidents > 0 ? 0 : 1;
}
