/* help.c - what the program and its commands can do. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "out.h"
#include "profiles.h"

static void
print_overview(void)
{
	size_t n;
	const struct cmd *row = app_table(&n);

	puts("Usage: pmta-suppress [options] COMMAND ...\n\n"
	     "Asks, explains and changes the suppression list that "
	     "pmta-suppress-pipe keeps.\n");
	for (size_t i = 0; i < n; i++)
		printf("  %-14s %s\n", row[i].name, row[i].tells);
	puts("\nOptions before the command:\n"
	     "  --config FILE   settings (" SYSCONFDIR "/pmta-suppress.conf)\n"
	     "  --state DIR     where the database and the journal are\n"
	     "  --rules DIR     rules instead of those built in\n"
	     "  --log WHERE     syslog, stderr or a file\n"
	     "  --version       tells the version\n"
	     "  --help          this\n\n"
	     "'pmta-suppress help COMMAND' tells what it takes, and its "
	     "options.");
}

static bool
print_classes(struct err *e)
{
	static const char *const HEADS[] = { "CLASS", "FAULT", "MEANS",
		"WHAT FOLLOWS" };
	struct sheet t;
	size_t n;
	const struct class_info *row = class_table(&n);
	bool ok;

	sheet_init(&t, stdout, HEADS, COUNT(HEADS));
	for (size_t i = 0; i < n; i++) {
		sheet_cell(&t, str_from(row[i].name));
		sheet_cell(&t, str_from(row[i].fault));
		sheet_cell(&t, str_from(row[i].meaning));
		sheet_cell(&t, str_from(row[i].follows));
	}
	ok = sheet_done(&t, e);
	sheet_release(&t);
	return ok;
}

int
cmd_help(struct app *a, int argc, char **argv, struct err *e)
{
	const struct cmd *c;

	(void)a;
	if (argc < 2) {
		print_overview();
		return 0;
	}
	if (strcmp(argv[1], "classes") == 0)
		return print_classes(e) ? 0 : e->code;
	if (strcmp(argv[1], "profiles") == 0)
		return profile_print(stdout, e) ? 0 : e->code;
	c = app_find_or("help: ", argv[1], e);
	if (c == NULL)
		return e->code;
	printf("Usage: pmta-suppress %s%s%s\n%s\n\n%s", c->name,
	    c->args[0] != '\0' ? " " : "", c->args, c->tells, c->help);
	return 0;
}
