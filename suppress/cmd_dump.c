/* cmd_dump.c - the whole database as text in a fixed order, for comparing. */
#include <getopt.h>
#include <stdio.h>

#include "args.h"

static bool
print_line(void *ctx, struct str line, struct err *e)
{
	FILE *f = ctx;

	(void)e;
	if (line.n > 0)
		fwrite(line.p, 1, line.n, f);
	fputc('\n', f);
	return true;
}

int
cmd_dump(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct option NONE[1];

	if (app_option(argc, argv, ":", NONE, e) != -1)
		return e->code;
	if (!args_no_more(argc, argv, e))
		return e->code;
	if (app_ready(a, e))
		store_dump(a->store, print_line, stdout, e);
	return e->code;
}
