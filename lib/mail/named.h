/* named.h - whom a bounce in words is about, by its words and its head. */
#ifndef MAIL_NAMED_H
#define MAIL_NAMED_H

#include "mail/freeform.h"

/* Where it may be named; headers unfolded. */
struct named_mail {
	struct str head; /* of the mail itself */
	struct str original; /* header of what it returns, where known */
	struct str words; /* what the reporter wrote itself */
	struct str sent_to; /* the address that the mail came back to */
};

/*
 * Fills f from the surest source on: the first that names anybody counts.
 * local has room for ADDRESS_MAX bytes and stands as long as f.
 */
void named_find(const struct named_mail *m, struct freeform *f, char *local);

#endif
