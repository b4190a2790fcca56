/* arf.h - feedback reports: the fields of RFC 5965, 6591 and JMRP. */
#ifndef MAIL_ARF_H
#define MAIL_ARF_H

#include "mail/event.h"

/* The machine part of a feedback report, and the mail complained about. */
struct arf {
	struct str report; /* unfolded fields; empty: JMRP without any */
	struct str original; /* unfolded header fields, empty: none */
};

/* What a report says as a whole: type, envelope id, message id; ev->skip is
 * SKIP_NOT_A_COMPLAINT for types that are none, else SKIP_NONE. */
void arf_event(const struct arf *a, struct event *ev);

/*
 * Values that may name the complainer, best source first; nth counts from 0.
 * All values of one source count (one event each); the next source only when
 * none of the earlier gave a usable address. p NULL: no more values.
 * Sources: Original-Rcpt-To, Removal-Recipient, Original-Recipient,
 * X-HmXmrOriginalRecipient of the original. From ARF_GUESSES on it is only
 * likely that they name him, so they count where no earlier source was made
 * unreadable, and never name the sender: the original's topmost Received, and
 * ARF_TO, its one To: where no copy went to others.
 */
enum { ARF_GUESSES = 4, ARF_TO = 5, ARF_SOURCES = 6 };
struct str arf_value(const struct arf *a, unsigned source, unsigned nth);

/* JMRP's own header field, in a header block; p NULL when it has none. */
struct str arf_jmrp(struct str head);

#endif
