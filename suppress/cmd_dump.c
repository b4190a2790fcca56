/* cmd_dump.c - the whole database as text in a fixed order, for comparing. */
#include <getopt.h>
#include <stdio.h>

#include "args.h"
#include "base/quote.h"

/* Words of strangers stand in it: only the TABs between columns go out as
 * they are. */
static bool
print_line(void *ctx, struct str line, struct err *e)
{
	struct buf *b = ctx;
	size_t tab;

	buf_clear(b);
	while ((tab = str_chr(line, '\t')) < line.n) {
		quote_add(b, str_sub(line, 0, tab));
		buf_addc(b, '\t');
		line = str_skip(line, tab + 1);
	}
	quote_add(b, line);
	buf_addc(b, '\n');
	if (!buf_ok(b, e))
		return false;
	fwrite(b->p, 1, b->n, stdout);
	return true;
}

int
cmd_dump(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct option NONE[1];
	struct buf line = { 0 };

	if (app_option(argc, argv, ":", NONE, e) != -1)
		return e->code;
	if (!args_no_more(argc, argv, e))
		return e->code;
	if (app_ready(a, e))
		store_dump(a->store, print_line, &line, e);
	buf_release(&line);
	return e->code;
}
