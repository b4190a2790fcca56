/* ses.h - bounces and complaints that Amazon SES tells in JSON. */
#ifndef MAIL_SES_H
#define MAIL_SES_H

#include "base/err.h"
#include "mail/event.h"

struct ses; /* opened and freed only by ses.c */

/*
 * Reads a notification as SNS sends it by mail, also as the Message of SNS's
 * own JSON. *s is NULL where text is none that tells of a delivery, a delay, a
 * bounce or a complaint. False: out of memory. The caller owns it: ses_close().
 */
bool ses_open(struct str text, struct ses **s, struct err *e);
void ses_close(struct ses *s);

/*
 * Fills ev with what is told of the recipient at place i, from 0; its views
 * stand as long as s. False: there is none. SKIP_NOT_A_FAILURE for deliveries
 * and delays, SKIP_NOT_A_COMPLAINT where SES only looked at its own list,
 * SKIP_NO_RECIPIENT where one of several may have complained.
 */
bool ses_event(const struct ses *s, unsigned i, struct event *ev);

#endif
