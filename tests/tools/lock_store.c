/* lock_store.c - holds the write lock of a database until its stdin ends:
 * `lock_store SUPPRESS.DB`. Says "locked" when it has it. */
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "store/store.h"

int
main(int argc, char **argv)
{
	struct store_settings how = { .cache_bytes = 1 << 20,
		.checkpoint_bytes = 1 << 20 };
	struct err e = { 0 };
	struct store *s;
	char byte;

	if (argc != 2) {
		fputs("usage: lock_store SUPPRESS.DB\n", stderr);
		return EX_USAGE;
	}
	s = store_open(argv[1], STORE_WRITE, &how, 10000, &e);
	if (s == NULL || !store_begin(s, &e)) {
		fprintf(stderr, "lock_store: %s\n", e.text);
		store_close(s);
		return e.code;
	}
	puts("locked");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	store_rollback(s);
	store_close(s);
	return EX_OK;
}
