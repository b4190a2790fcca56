/* recipient.h - whom a report names, as the key of an event. */
#ifndef MAIL_RECIPIENT_H
#define MAIL_RECIPIENT_H

#include "mail/event.h"

/* Bytes of an address before its escapes are undone; a longer one is none. */
#define RECIPIENT_RAW_MAX 1024

/*
 * Takes the address out of a field's value or a text's words: types
 * ("rfc822;"), <>, comments, RFC 6533 \x{..} escapes, "+40" and "=40" where
 * they stand for the one '@'. True: ev->address is its key, ev->rcpt what the
 * value names, as it stands there. False: ev->skip says why (no recipient,
 * bad address, redacted) and ev->address is "".
 */
bool recipient_take(struct event *ev, struct str value);

/* The same of an Original-Recipient, whose address may be in xtext. */
bool recipient_take_original(struct event *ev, struct str value);

/*
 * An ORCPT's address: xtext (RFC 3461 4) writes + and = as +2B and +3D, and
 * these two alone are undone, since nothing tells whether it was undone
 * before. False when it does not fit.
 */
bool recipient_xtext(struct str s, char *out, size_t cap);

/* The same as recipient_take(), without an event: the key alone. */
bool recipient_key(struct str value, char *out, size_t cap);

/*
 * The one address of a To: value, in *one; false when it names none or
 * several. Group names, display names and comments are passed over.
 */
bool recipient_single(struct str to, struct str *one);

#endif
