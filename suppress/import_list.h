/* import_list.h - the addresses of a file, read and judged before any is
 * written. */
#ifndef SUPPRESS_IMPORT_LIST_H
#define SUPPRESS_IMPORT_LIST_H

#include <stdio.h>

#include "app.h"
#include "profiles.h"

/* Offsets into the list's text; 0: nothing, as for the whole file. */
struct import_row {
	size_t key;
	size_t why; /* what is wrong with the line: it is not imported */
	unsigned long line;
	uint32_t more; /* index of import_list.more */
	bool twice; /* stands in the file before */
	bool erased; /* here, or elsewhere: a hash, which nobody can carry */
	bool listed; /* the caller's: it is on the list already */
};

/* What rows say beside the address; most share it with the one before. */
struct import_more {
	size_t scope, reason;
	enum class class;
	int64_t since, until; /* 0: now, no end */
	bool subdomains; /* of a domain: what is below it, too */
};

struct import_list {
	const char *file; /* its name, for messages */
	const struct profile *profile; /* NULL: columns by their usual names */
	enum class class; /* of lines that say none */
	bool class_given; /* it goes before what the profile has */
	bool keeps_bad; /* bad lines are rows, too: for a report */
	int64_t now;
	const struct never *never; /* their lines are bad; NULL: none */
	FILE *report; /* where bad lines are told, or NULL */
	const char *column; /* of the addresses: its name or number; or NULL */
	unsigned long max_told;
	/* what came of it */
	struct import_row *rows;
	size_t n, cap;
	uint32_t *order; /* good rows by key, scope, class, line; n_order */
	size_t n_order;
	struct import_more *more;
	size_t n_more, cap_more;
	struct buf text;
	unsigned long lines; /* with something on them, but the header */
	unsigned long bad, twice;
	unsigned long hashes; /* of who was erased elsewhere: not imported */
};

/*
 * Reads path ("-": standard input). Bad lines are told and counted; false for
 * a file that cannot be read to its end or has no column of addresses. Free
 * with import_list_release() either way.
 */
bool import_list_read(struct import_list *l, const char *path, struct err *e);
void import_list_release(struct import_list *l);

/* A row turns out not to be imported; told only where bad rows are kept. */
void import_list_refuse(
    struct import_list *l, struct import_row *row, const char *why);

/* Text at an offset of a row; "" for 0. */
struct str import_list_text(const struct import_list *l, size_t offset);

#endif
