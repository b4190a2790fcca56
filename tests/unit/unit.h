/* unit.h - what every unit test needs: cmocka, and checks that name the row. */
#ifndef UNIT_H
#define UNIT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

/* A struct str in a table, with every byte of the literal. */
#define LIT(literal) { (literal), sizeof(literal) - 1 }

static inline void
want_str(const char *row, struct str got, struct str want)
{
	if (!str_eq(got, want))
		fail_msg("%s: got \"%.*s\" (%zu), want \"%.*s\" (%zu)", row,
		    STR_ARG(got), got.n, STR_ARG(want), want.n);
}

static inline void
want_text(const char *row, const char *got, const char *want)
{
	want_str(row, str_from(got), str_from(want));
}

static inline void
want_number(const char *row, int64_t got, int64_t want)
{
	if (got != want)
		fail_msg("%s: got %lld, want %lld", row, (long long)got,
		    (long long)want);
}

static inline void
want_bool(const char *row, bool got, bool want)
{
	if (got != want)
		fail_msg("%s: got %s, want %s", row, got ? "true" : "false",
		    want ? "true" : "false");
}

static inline int
unit_remove(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

/* Group setup: an empty folder to work in. */
static inline int
unit_enter_folder(void **state)
{
	char *path = strdup("/tmp/pmta-suppress-unit-XXXXXX");

	*state = path;
	return path != NULL && mkdtemp(path) != NULL ? chdir(path) : -1;
}

/* Group teardown: the folder goes with all that is in it. */
static inline int
unit_leave_folder(void **state)
{
	int gone = chdir("/");

	if (nftw(*state, unit_remove, 8, FTW_DEPTH | FTW_PHYS) != 0)
		gone = -1;
	free(*state);
	return gone;
}

/* Writes s to a new file, or over what path held. */
static inline void
unit_write(const char *path, struct str s)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(s.n > 0 ? s.p : "", 1, s.n, f), s.n);
	assert_int_equal(fclose(f), 0);
}

#endif
