/* row_whom.h - whom a row's verdict is about. */
#ifndef MAIL_ROW_WHOM_H
#define MAIL_ROW_WHOM_H

#include "mail/columns.h"
#include "mail/event.h"
#include "wrap/csv.h"

/*
 * Fills ev->address and ev->named from the columns that a row of ev's kind
 * gives (the order stands at acct_row()); where none does, ev->skip says why,
 * unless it has a reason already. list is a parser that reads no row at the
 * time, for the lists that fields hold. False only without memory.
 */
bool row_whom(struct csv *list, struct str verp_prefix, const struct facts *f,
    struct event *ev, struct err *e);

/* Whether a header has a column that can tell it for rows of kind k. */
bool row_whom_can(const struct columns *c, enum kind k);

#endif
