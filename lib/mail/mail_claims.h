/* mail_claims.h - the tokens that a mail report carries. */
#ifndef MAIL_MAIL_CLAIMS_H
#define MAIL_MAIL_CLAIMS_H

#include "mail/report.h"

/* Whom the mail was sent to, as far as it says: to (its envelope's), else what
 * its header tells. */
struct str mail_sent_to(struct str head, struct str to);

/*
 * Begins c with the tokens of the header that the report returns, attached or
 * in its text, else of the address that it was sent to. base: its time, and
 * the envelope recipient as orig.
 */
void mail_claims(
    const struct report *r, const struct event *base, struct claims *c);

#endif
