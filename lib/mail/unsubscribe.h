/* unsubscribe.h - mails that ask for no more mail (RFC 2369, mailto). */
#ifndef MAIL_UNSUBSCRIBE_H
#define MAIL_UNSUBSCRIBE_H

#include "mail/message.h"

/*
 * Who asks, by a mail to the address of the settings: its envelope sender, as
 * the envelope or else Return-Path has it, when the trusted host confirms it.
 * sent_to is whom the mail was sent to. Empty where it is no such mail, nobody
 * vouches for the sender, or a setting is empty.
 */
struct str unsubscribe_sender(
    struct str head, const struct message_envelope *env, struct str sent_to);

#endif
