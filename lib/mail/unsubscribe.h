/* unsubscribe.h - mails that ask for no more mail (RFC 2369, mailto). */
#ifndef MAIL_UNSUBSCRIBE_H
#define MAIL_UNSUBSCRIBE_H

#include "mail/message.h"

/* Whether a mail to sent_to asks: the address of the settings is meant, and no
 * machine answers a mail of ours there (RFC 3834). */
bool unsubscribe_is_meant(
    struct str head, const struct message_envelope *env, struct str sent_to);

/*
 * Who asks, by a mail that is meant so: its envelope sender, as the envelope or
 * else Return-Path has it, when the trusted host confirms it. Empty where
 * nobody vouches for the sender, or a setting is empty.
 */
struct str unsubscribe_sender(
    struct str head, const struct message_envelope *env);

#endif
