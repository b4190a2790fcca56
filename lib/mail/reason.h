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

/* Whether a line tells of a failure. */
bool reason_is_in(struct str line);

#endif
