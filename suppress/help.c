/* help.c - what the program and its commands can do. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "out.h"
#include "page.h"
#include "profiles.h"

#define CLASS_INDENT 18 /* behind the longest name of a class */

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
	     "options;\n'help classes' what verdicts mean, 'help profiles' "
	     "whose lists are known.");
}

/* As wide as the terminal is: what a table of four columns is not. */
static bool
print_class_page(size_t width, struct err *e)
{
	size_t n;
	const struct class_info *row = class_table(&n);
	struct buf b = { 0 }, line = { 0 };
	bool ok;

	for (size_t i = 0; i < n; i++) {
		size_t from = b.n;

		buf_clear(&line);
		buf_addf(&line, "%s: %s", row[i].fault, row[i].meaning);
		page_wrap(&b, CLASS_INDENT, buf_str(&line), width);
		if (!b.failed)
			memcpy(b.p + from, row[i].name, strlen(row[i].name));
		page_wrap(&b, CLASS_INDENT, str_from(row[i].follows), width);
		buf_addc(&b, '\n');
	}
	b.failed = b.failed || line.failed;
	ok = out_text(&b, e);
	buf_release(&line);
	buf_release(&b);
	return ok;
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
	if (strcmp(argv[1], "classes") == 0 && page_width() != 0)
		return print_class_page(page_width(), e) ? 0 : e->code;
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
