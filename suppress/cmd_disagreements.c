/* cmd_disagreements.c - where PowerMTA's bounceCat and we differ. */
#include <getopt.h>

#include "args.h"
#include "out.h"
#include "store/report.h"
#include "verdict/classify.h"

struct disagreements_run {
	const struct app *app;
	struct sheet sheet;
	bool json;
	int64_t left; /* rows still to print */
};

static bool
print_disagreement(void *ctx, const struct category_row *row, struct err *e)
{
	struct disagreements_run *d = ctx;
	enum decision ours = class_info(row->class)->decision, theirs;
	enum class voted;
	char n[24];

	if (d->left == 0)
		return true;
	if (!classify_category(row->category, d->app->config.categories,
	    d->app->config.n_categories, &voted))
		voted = CLASS_UNKNOWN;
	theirs = class_info(voted)->decision;
	if (ours == theirs)
		return true;
	d->left--;
	if (d->json) {
		struct json *o = json_new_object();

		json_number(o, "count", row->n);
		json_text(o, "bounceCat", row->category);
		json_text(o, "theirs", str_from(decision_name(theirs)));
		json_text(o, "class", str_from(class_name(row->class)));
		json_text(o, "ours", str_from(decision_name(ours)));
		out_rule_json(o, row->rule);
		json_text_or_none(o, "reply", row->folded);
		json_text_or_none(o, "sample", row->sample);
		return out_json(stdout, o, e);
	}
	snprintf(n, sizeof n, "%lld", (long long)row->n);
	sheet_cell(&d->sheet, str_from(n));
	sheet_cell(&d->sheet, row->category);
	sheet_cell(&d->sheet, str_from(decision_name(theirs)));
	sheet_cell(&d->sheet, str_from(class_name(row->class)));
	sheet_cell(&d->sheet, str_from(decision_name(ours)));
	sheet_cell(&d->sheet, row->rule);
	sheet_cell(&d->sheet, row->sample);
	return buf_ok(&d->sheet.cells, e);
}

int
cmd_disagreements(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "since", required_argument, NULL, ARGS_SINCE },
		{ "limit", required_argument, NULL, ARGS_LIMIT },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	static const char *const HEADS[] = { "COUNT", "BOUNCECAT", "THEIRS",
		"CLASS", "OURS", "RULE", "SAMPLE" };
	struct entry_filter f = { .now = a->now, .limit = 50 };
	struct disagreements_run d = { .app = a };
	int o;

	while ((o = app_option(argc, argv, ":j", LONGS, e)) != -1) {
		if (o == 'j')
			d.json = true;
		else if (!ARGS_IS_FILTER(o) ||
		    !args_filter(a, &f, o, optarg, e))
			return e->code;
	}
	if (!args_no_more(argc, argv, e) || !app_ready(a, e))
		return e->code;
	d.left = f.limit;
	sheet_init(&d.sheet, stdout, HEADS, COUNT(HEADS));
	if (report_categories(a->store, f.since, print_disagreement, &d, e))
		sheet_done(&d.sheet, e);
	sheet_release(&d.sheet);
	return e->code;
}
