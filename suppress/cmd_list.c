/* cmd_list.c - the entries of the list as a table or JSON lines. */
#include <getopt.h>

#include "args.h"
#include "base/clock.h"
#include "out.h"
#include "provider_args.h"

struct list_run {
	struct sheet sheet;
	struct buf address;
	bool json;
	int64_t now;
};

static bool
print_row(void *ctx, const struct entry_row *row, struct err *e)
{
	struct list_run *l = ctx;
	const struct entry *en = &row->entry;
	char since[CLOCK_TEXT];
	char until[CLOCK_TEXT];

	if (l->json) {
		struct json *o = json_new_object();

		out_row_json(o, row, l->now);
		return out_json(stdout, o, e);
	}
	buf_clear(&l->address);
	buf_add(&l->address, en->address);
	buf_adds(&l->address, en->subdomains ? " +subdomains" : "");
	sheet_buf(&l->sheet, &l->address);
	sheet_cell(&l->sheet, str_from(class_name(en->class)));
	sheet_cell(&l->sheet, en->scope);
	sheet_cell(&l->sheet, str_from(out_state(en, l->now)));
	sheet_cell(&l->sheet, str_from(out_time(en->since, since)));
	sheet_cell(&l->sheet, str_from(out_time(en->until, until)));
	sheet_cell(&l->sheet, row->provider);
	sheet_cell(&l->sheet, en->source);
	sheet_cell(&l->sheet, en->reason);
	return buf_ok(&l->address, e) && buf_ok(&l->sheet.cells, e);
}

int
cmd_list(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "class", required_argument, NULL, ARGS_CLASS },
		{ "scope", required_argument, NULL, ARGS_SCOPE },
		{ "since", required_argument, NULL, ARGS_SINCE },
		{ "provider", required_argument, NULL, ARGS_PROVIDER },
		{ "source", required_argument, NULL, ARGS_SOURCE },
		{ "like", required_argument, NULL, ARGS_LIKE },
		{ "limit", required_argument, NULL, ARGS_LIMIT },
		{ "all", no_argument, NULL, ARGS_ALL },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	static const char *const HEADS[] = { "ADDRESS", "CLASS", "SCOPE",
		"STATE", "SINCE", "UNTIL", "PROVIDER", "SOURCE", "REASON" };
	struct entry_filter f = { .now = a->now };
	struct list_run l = { .now = a->now };
	int o;

	while ((o = app_option(argc, argv, ":j", LONGS, e)) != -1) {
		if (o == 'j')
			l.json = true;
		else if (!ARGS_IS_FILTER(o) ||
		    !args_filter(a, &f, o, optarg, e))
			return e->code;
	}
	for (; optind < argc; optind++)
		if (!args_like_or(a, argv[0], &f, str_from(argv[optind]), e))
			return e->code;
	if (!app_ready(a, e) || !provider_or(a, &f.provider, e))
		return e->code;
	sheet_init(&l.sheet, stdout, HEADS, COUNT(HEADS));
	if (entry_list(a->store, &f, print_row, &l, e))
		sheet_done(&l.sheet, e);
	buf_release(&l.address);
	sheet_release(&l.sheet);
	return e->code;
}
