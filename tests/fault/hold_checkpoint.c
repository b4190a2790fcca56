/*
 * hold_checkpoint.c - checkpoints of the heaviest kind, one after the other,
 * until stdin ends: `hold_checkpoint SUPPRESS.DB`. Each waits for a reader that
 * goes on reading, and lets nobody write meanwhile. Says "running" first.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <sqlite3.h>

#define WAITS 900 /* ms, of each checkpoint for the reader */
#define BETWEEN 20 /* ms, in which others may write */

static bool
stdin_ended(int ms)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	char byte;

	return poll(&p, 1, ms) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

/* A snapshot of now, which holds up whoever wants to begin the log anew. */
static int
read_on(sqlite3 *reader)
{
	(void)sqlite3_exec(reader, "ROLLBACK", NULL, NULL, NULL);
	return sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM sqlite_schema",
	    NULL, NULL, NULL);
}

int
main(int argc, char **argv)
{
	sqlite3 *reader = NULL;
	sqlite3 *keeper = NULL;
	unsigned n = 0;

	if (argc != 2 || sqlite3_open(argv[1], &reader) != SQLITE_OK ||
	    sqlite3_open(argv[1], &keeper) != SQLITE_OK ||
	    sqlite3_busy_timeout(keeper, WAITS) != SQLITE_OK) {
		fputs("usage: hold_checkpoint SUPPRESS.DB\n", stderr);
		return 1;
	}
	puts("running");
	fflush(stdout);
	while (!stdin_ended(BETWEEN)) {
		if (read_on(reader) != SQLITE_OK)
			continue;
		(void)sqlite3_wal_checkpoint_v2(keeper, NULL,
		    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
		n++;
	}
	printf("%u checkpoints\n", n);
	sqlite3_close(reader);
	sqlite3_close(keeper);
	return 0;
}
