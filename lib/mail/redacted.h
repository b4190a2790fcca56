/* redacted.h - tells local parts that were made unreadable. */
#ifndef MAIL_REDACTED_H
#define MAIL_REDACTED_H

#include "base/str.h"

/* The shapes stand at address_is_redacted(), which asks this. */
bool redacted_local(struct str local);
/* Whether it is the hash that Validity's loops send: MD5 or SHA-1, in hex. They
 * leave the original's To: as it was. */
bool redacted_by_loop(struct str local);

#endif
