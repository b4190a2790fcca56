/* reason.h - why a recipient failed, in a bounce's own words. */
#ifndef MAIL_REASON_H
#define MAIL_REASON_H

#include "base/str.h"

/*
 * The SMTP reply, else the sentence, that words give for rcpt; a view of
 * words, empty when they give none. Looked for behind the address first, then
 * in lines that name it, then anywhere.
 */
struct str reason_of(struct str words, struct str rcpt);

/* The same where words name nobody. */
struct str reason_of_all(struct str words);

/* What Dovecot's delivery agent gives as reason; it stands in the text alone,
 * whatever relay wrote the fields. To the next empty line; empty: none. */
struct str reason_of_dovecot(struct str words);

/* The name of the host that gave a reason, as Postfix, Exim and Sendmail tell
 * it before the reply ("host mx.example.com[192.0.2.1] said:", "while talking
 * to mx.example.com.:"); empty where they do not. reason is a view of words. */
struct str reason_host(struct str words, struct str reason);

/* The status in a reason that no code begins: qmail writes "(#5.1.1)" behind
 * its sentence, Exchange "<mx.example.com #5.1.1>". Empty: none. */
struct str reason_status(struct str reason);

/* Whether a line tells of a failure. */
bool reason_is_in(struct str line);

#endif
