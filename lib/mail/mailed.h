/* mailed.h - whom the mail went to that a report is about. */
#ifndef MAIL_MAILED_H
#define MAIL_MAILED_H

#include "mail/freeform.h"
#include "mail/message.h"

/* What a report has to tell it by. */
struct mailed {
	const struct message_settings *settings; /* NULL: all off */
	struct claims claims; /* what its tokens prove */
	struct str words; /* what the reporter wrote itself */
};

/*
 * Gives ev the recipient that a token proves; else, where it has none or is a
 * bounce that names none for sure (ev->found), the one whom the VERP address
 * names that it came back to. ev->named keeps whom it named else, ev->found
 * says what told the recipient.
 */
void mailed_fill(struct mailed *m, struct event *ev);

/*
 * Leaves of several hits the one that speaks of whom the mail went to, where
 * that is known: all count for him, and only once. base has the address that
 * the report came back to.
 */
void mailed_pick(
    const struct mailed *m, const struct event *base, struct freeform *f);

#endif
