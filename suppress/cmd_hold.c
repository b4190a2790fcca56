/* cmd_hold.c - holds entries: known, yet mail may go, until it is decided. */
#include <getopt.h>

#include "args.h"
#include "bulk.h"

int
cmd_hold(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		BULK_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	struct bulk_request r = { .verb = "hold",
		.filter = { .now = a->now } };
	const char *reason = NULL, *consent = NULL;
	struct buf words = { 0 };
	int o, answer = 0;

	while ((o = app_option(argc, argv, ":r:c:nj", LONGS, e)) != -1) {
		if (o == 'r')
			reason = optarg;
		else if (o == 'c')
			consent = optarg;
		else if (o == 'n')
			r.dry_run = true;
		else if (o == 'j')
			r.json = true;
		else if (!ARGS_IS_FILTER(o) ||
		    !args_filter(a, &r.filter, o, optarg, e))
			return e->code;
	}
	for (; optind < argc; optind++)
		if (!args_like_or(
			a, argv[0], &r.filter, str_from(argv[optind]), e))
			return e->code;
	if (!bulk_is_chosen(&r.filter)) {
		err_set(e, EX_USAGE, "hold: nothing says which entries; name "
		    "an address, a pattern, or --class, --since, ...");
		return e->code;
	}
	r.consent = consent != NULL;
	if (args_consent_or(argv[0], reason, consent, &words, e) &&
	    app_open_store(a, r.dry_run ? STORE_READ : STORE_WRITE, APP_WAIT,
	    e)) {
		r.reason = buf_str(&words);
		answer = bulk_run(a, &r, e);
	}
	buf_release(&words);
	return e->code != 0 ? e->code : answer;
}
