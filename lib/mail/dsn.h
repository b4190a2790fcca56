/* dsn.h - delivery status: the fields of RFC 3464 and RFC 6533 as events. */
#ifndef MAIL_DSN_H
#define MAIL_DSN_H

#include "mail/event.h"
#include "mail/fields.h"

/* Where the reading stands; views of the text. All zero but rest: begin. */
struct dsn {
	struct str rest; /* unfolded text of the report, not yet read */
	struct str envid; /* Original-Envelope-Id, once read */
	struct str reporting; /* Reporting-MTA's name, once read */
	struct field held;
	bool has_held;
};

/* One per-recipient group, as it stands. */
struct dsn_group {
	struct str original, final, actual, action, status, diag, mta,
	    bounce_cat;
};

/* The next group that names a recipient, an action or a status. Empty lines
 * between groups may be missing or too many. */
bool dsn_next(struct dsn *d, struct dsn_group *g);

/*
 * Fills ev from a group: Original-Recipient counts before Final-Recipient
 * (told in ev->named when another; ev->found: FOUND_NAMED). ev->skip:
 * SKIP_NOT_A_FAILURE for delayed, relayed, expanded and delivered, else what
 * recipient_take() says.
 */
void dsn_event(
    const struct dsn *d, const struct dsn_group *g, struct event *ev);

/* Whether text has a line that begins a per-recipient group. */
bool dsn_is_in(struct str text);

#endif
