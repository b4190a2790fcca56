/* main.c - pmta-suppress: one command, its answer, its exit code. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "app.h"

/* A closed 0, 1 or 2 would be the number of the next file that is opened: what
 * is printed would go into the database. Writing to these fails instead. */
static void
hold_standard_files(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			abort();
}

int
main(int argc, char **argv)
{
	struct app app = { 0 };
	struct err e = { 0 };
	int answer = 0;

	hold_standard_files();
	if (app_parse(&app, argc, argv, &e) && app_open(&app, &e))
		answer = app_run(&app, &e);
	app_close(&app);
	app_flush(stdout, &e);
	if (e.code != 0)
		fprintf(stderr, "%s: %s\n", app.prog, e.text);
	return e.code != 0 ? e.code : answer;
}
