/* journal_kit.h - a folder of streams for tests of the journal. */
#ifndef JOURNAL_KIT_H
#define JOURNAL_KIT_H

#include "unit.h"

#include "work/journal.h"

#define NAME "20261121T075727Z-1234-9f3a0b1c"
#define OTHER "20261121T080000Z-77-00000001"

static inline struct journal *
open_folder(void)
{
	struct err e = { 0 };
	struct journal *j = journal_open("journal", true, &e);

	if (j == NULL)
		fail_msg("journal_open: %s", e.text);
	return j;
}

/* Every test begins with an empty folder. */
static inline int
empty_folder(void **state)
{
	(void)state;
	(void)nftw("journal", unit_remove, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

static inline void
segment(const char *name, unsigned long long offset, const char *kind,
    struct str bytes)
{
	char path[256];

	snprintf(
	    path, sizeof path, "journal/%s.%016llx.%s", name, offset, kind);
	unit_write(path, bytes);
}

#define T(f) cmocka_unit_test_setup(f, empty_folder)

#endif
