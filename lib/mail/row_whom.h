/* row_whom.h - whom a row's verdict is about. */
#ifndef MAIL_ROW_WHOM_H
#define MAIL_ROW_WHOM_H

#include "mail/claims.h"
#include "mail/columns.h"
#include "wrap/csv.h"

/* What the looking needs; views of an event stand as long as it. */
struct whom {
	struct csv *list; /* a parser that reads no row at the time */
	struct str verp_prefix;
	struct claims claims;
};

/*
 * Fills ev->address and ev->named from the columns that a row of ev's kind
 * gives (the order stands at acct_row()), and says in ev->found what told;
 * where none does, ev->skip says why, unless it has a reason already. False
 * only without memory.
 */
bool row_whom(struct whom *w, const struct facts *f, struct event *ev,
    struct err *e);

/* Whether a header has a column that can tell it for rows of kind k. */
bool row_whom_can(const struct columns *c, enum kind k);

#endif
