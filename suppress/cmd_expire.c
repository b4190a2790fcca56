/* cmd_expire.c - ends the entries that ran out, and tells it as changes. */
#include <getopt.h>

#include "args.h"
#include "ending.h"
#include "out.h"

int
cmd_expire(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	bool dry = false, json = false;
	int64_t ended = 0;
	struct json *o;
	int c;

	while ((c = app_option(argc, argv, ":nj", LONGS, e)) != -1) {
		if (c != 'n' && c != 'j')
			return e->code;
		dry |= c == 'n';
		json |= c == 'j';
	}
	if (!args_no_more(argc, argv, e) || !app_ready(a, e) ||
	    !(dry ? entry_run_out(a->store, a->now, &ended, e)
	          : ending_all(a, &ended, e)))
		return e->code;
	if (!json) {
		printf("%s: %lld entries\n", dry ? "would end" : "ended",
		    (long long)ended);
		return 0;
	}
	o = json_new_object();
	json_bool(o, "dry_run", dry);
	json_number(o, "ended", ended);
	out_json(stdout, o, e);
	return e->code;
}
