/* accepted_parts.h - what accepted's two .c files share; for no others. */
#ifndef STORE_ACCEPTED_PARTS_H
#define STORE_ACCEPTED_PARTS_H

#include "base/buf.h"
#include "base/clock.h"
#include "store/accepted.h"
#include "store/filter.h"

#define WEEK (INT64_C(7) * CLOCK_DAY)
#define FILES_MAX 32 /* of one week, each twice as large as the one before */
#define NO_WEEK INT64_MIN
#define ACCEPTED_OFTEN 4096 /* a power of two */

/* An open file. */
struct accepted_row {
	struct filter filter;
	int64_t week; /* Mondays since the one before 1970 */
	unsigned number;
	bool seen;    /* in the folder, when it was last looked at */
};

struct accepted {
	char *dir;
	int fd;            /* -1: no folder */
	bool write;
	struct accepted_row *rows;  /* by week, then number */
	size_t n, cap;
	int64_t newest;    /* week of the last row, or NO_WEEK */
	int64_t week;      /* the last one added to, or NO_WEEK */
	size_t from, behind; /* its rows */
	uint64_t often[ACCEPTED_OFTEN]; /* added lately, each with its week */
	struct buf told;   /* names of files left out, each with a newline */
	struct err bad;    /* what is wrong with one not told yet */
	char bad_name[FILTER_NAME];
};

/* ---- accepted_files.c ---- */

/* The week of a time, and the other way its first second. */
int64_t accepted_week(int64_t time);
int64_t accepted_start(int64_t week);
/* The oldest week that is kept. */
int64_t accepted_oldest(const struct accepted *a);
/* Also false for a week that clock.h has no date for. */
bool accepted_keeps(const struct accepted *a, int64_t week);
/* Where a week's file of that number stands. */
void accepted_place(struct filter_place *at, const struct accepted *a,
    int64_t week, unsigned number);

/* The first row not before this one, and whether it is of the week. */
size_t accepted_row_at(const struct accepted *a, int64_t week,
    unsigned number);
bool accepted_row_is(const struct accepted *a, size_t i, int64_t week);
/* To be called when rows came or went. */
void accepted_changed(struct accepted *a);

enum accepted_got { ROW_FAILED, ROW_ABSENT, ROW_LEFT_OUT, ROW_OPENED };

/* Opens a file that is no row yet. */
enum accepted_got accepted_row_open(struct accepted *a, int64_t week,
    unsigned number, struct err *e);

/* Makes the rows what stands in the folder; too old ones go when write. */
bool accepted_look(struct accepted *a, struct err *e);

#endif
