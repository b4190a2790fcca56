/* cmd_expire.c - ends the entries that have run out, and tells it as changes. */
#include <getopt.h>

#include "args.h"
#include "out.h"

/* A dry run does the same and takes it back. */
static bool
expire(struct app *a, bool dry, int64_t *ended, struct err *e)
{
	if (!store_begin(a->store, e))
		return false;
	if (!entry_expire(a->store, a->now, ended, e)) {
		store_rollback(a->store);
		return false;
	}
	if (!dry)
		return store_commit(a->store, e);
	store_rollback(a->store);
	return true;
}

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
	    !expire(a, dry, &ended, e))
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
