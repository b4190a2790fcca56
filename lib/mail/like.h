/* like.h - patterns of addresses, with '*' and '?', as keys are matched. */
#ifndef MAIL_LIKE_H
#define MAIL_LIKE_H

#include "mail/address.h"

/* Whether s holds a '*' or a '?'. */
bool like_is_wild(struct str s);

/*
 * The pattern as str_like() is to match it against keys, into out (ADDRESS_MAX
 * bytes): the local part folded as that of a key, what is behind the last '@'
 * in lower case and A-labels. False: it is longer than an address, or a '*' or
 * '?' stands so that letters beyond ASCII before it, or the last label alone
 * behind it, cannot become A-labels.
 */
bool like_key(struct str pattern, char *out);

#endif
