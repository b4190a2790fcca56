/* import_list.h - the addresses of a file, read and judged before any is
 * written. */
#ifndef SUPPRESS_IMPORT_LIST_H
#define SUPPRESS_IMPORT_LIST_H

#include <stdio.h>

#include "app.h"

/* Offsets into the list's text; 0: as for the whole file. */
struct import_row {
	size_t key, scope, reason;
	enum class class;
	int64_t since, until; /* 0: now, no end */
	unsigned long line;
	bool subdomains; /* a domain, and what is below it */
	bool twice; /* stands in the file before */
};

struct import_list {
	const char *file; /* its name, for messages */
	enum class class; /* of lines that say none */
	int64_t now;
	const struct never *never; /* their lines are bad; NULL: none */
	FILE *report; /* where bad lines are told, or NULL */
	unsigned long max_told;
	/* what came of it */
	struct import_row *rows;
	size_t n, cap;
	struct buf text;
	unsigned long lines; /* with something on them, but the header */
	unsigned long bad, twice;
};

/*
 * Reads path ("-": standard input). Bad lines are told and counted; false for
 * a file that cannot be read to its end or has no column of addresses. Free
 * with import_list_release() either way.
 */
bool import_list_read(struct import_list *l, const char *path, struct err *e);
void import_list_release(struct import_list *l);

/* Text at an offset of a row; "" for 0. */
struct str import_list_text(const struct import_list *l, size_t offset);

#endif
