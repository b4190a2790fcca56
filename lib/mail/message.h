/* message.h - a raw mail: the bounces and complaints that it reports. */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include "base/err.h"
#include "mail/claims.h"

#define MESSAGE_BYTES_MAX (1u << 20) /* of a message; the rest is not read */
#define MESSAGE_DEPTH_MAX 16
#define MESSAGE_PARTS_MAX 256
#define MESSAGE_REPORTS_MAX 1000 /* events of one message */

/* What the configuration says of mails; empty: off. */
struct message_settings {
	struct str verp_prefix; /* LOCAL of address_verp() */
	struct str unsubscribe; /* address that unsubscribing mails go to: its
	                         * local part, or all of it; '*': any bytes */
	struct str trust_host; /* whose Authentication-Results are believed */
	struct claims_settings claims;
	struct str stream_header; /* of the returned mail, for ev->stream */
};

/* The envelope as PowerMTA's command macros gave it; all may be empty.
 * settings NULL: all off. */
struct message_envelope {
	struct str from, to, envid;
	const struct message_settings *settings;
};

/* Called for each event, views standing for the call only; false stops. */
typedef bool message_fn(void *ctx, const struct event *ev, struct err *e);

/*
 * Parses one message and calls fn for each recipient that it reports on; for
 * one that is no report once, with KIND_NONE and SKIP_NOT_A_REPORT. ev->time is
 * the time of the topmost Received line, or `now` where it has none (never
 * Date). Understood: DSN (RFC 3464, 6533: every per-recipient group; delayed,
 * relayed, expanded, delivered are SKIP_NOT_A_FAILURE), feedback reports (RFC
 * 5965), JMRP (X-HmXmrOriginalRecipient at the top or in an attached message
 * or its headers, never in body text), what Amazon SES tells in JSON by way of
 * SNS, and bounces in words: recipients from the reporter's own text, never
 * from the To: of what it returns alone.
 * A report whose recipients cannot be known is told once: SKIP_NO_RECIPIENT,
 * SKIP_BAD_ADDRESS or SKIP_REDACTED. A bounce that came back to a VERP address
 * is about whom that names, unless an Original-Recipient says whom: others
 * that it names failed behind him. A token that proves, in the returned header
 * or the address that the report was sent to, counts before all these
 * (claims.h). A mail to the unsubscribe address is KIND_MU and about whom the
 * token in that address proves, else its envelope sender where the trusted
 * host has seen that it is from there; ev->orig is then the address it was
 * sent to. ev->format:
 * "dsn", "arf", "jmrp", "text", "ses", "unsubscribe".
 * ev->diag of a bounce in words may have line ends in it.
 */
bool message_read(struct str mail, const struct message_envelope *env,
    int64_t now, message_fn *fn, void *ctx, struct err *e);

/* Whether bytes look like the start of a mail: a header field name and ':',
 * or an mbox "From " line, behind any empty lines. */
bool message_starts(struct str bytes);

#endif
