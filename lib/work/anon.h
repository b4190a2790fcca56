/* anon.h - accounting rows for a bug report: whom they are about is changed,
 * what they mean is not. */
#ifndef WORK_ANON_H
#define WORK_ANON_H

#include "mail/rows.h"
#include "work/config.h"
#include "work/pseudo.h"

struct anon; /* opened and freed only by anon.c */

struct anon_sums {
	int64_t rows, replaced; /* replaced: no row, a word stands there */
	int64_t differ;         /* rows that mean something else now */
};

/* Everything is borrowed; p->providers are those of r. */
struct anon *anon_open(const struct config *c, struct rules *r,
    const struct pseudo *p, struct err *e);
void anon_close(struct anon *a);

/*
 * Appends the row without its line end: the same columns in the same quotes.
 * Header rows stay, and tell what the columns of those that follow hold; a
 * column that is not known is replaced whole. The row is read and judged
 * before and after: a reply whose wording would come to mean something else
 * becomes its folded text. got: ROWS_ROW, or why it is none.
 */
bool anon_row(struct anon *a, enum rows_got got, const struct rows_row *row,
    struct buf *out, struct err *e);
const struct anon_sums *anon_sums(const struct anon *a);

#endif
