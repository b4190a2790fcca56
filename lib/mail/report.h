/* report.h - what the parts of a mail report, told as events. */
#ifndef MAIL_REPORT_H
#define MAIL_REPORT_H

#include "mail/message.h"

enum part_kind {
	PART_TEXT, /* text/plain and other text, decoded */
	PART_HTML, /* text/html, decoded, tags taken out */
	PART_STATUS, /* delivery-status fields, unfolded */
	PART_FEEDBACK, /* feedback-report fields, unfolded */
	PART_ORIGINAL, /* header of a returned mail, unfolded */
	PART_NOTE, /* a machine part of another kind: MDN, TLS-RPT */
	PART_FILE /* of no type; never a leaf, but for what it may begin with */
};

/* One leaf, or one attached mail's header. depth: attached mails it is in. */
struct report_part {
	enum part_kind kind;
	unsigned depth;
	struct str text;
};

struct report {
	struct str head; /* the mail's own header, unfolded */
	struct str subject; /* decoded */
	const struct report_part *parts;
	size_t n;
	const struct message_envelope *env;
	int64_t now;
};

/* As message_read() promises. */
bool report_tell(
    const struct report *r, message_fn *fn, void *ctx, struct err *e);

#endif
