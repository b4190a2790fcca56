/* redacted.h - tells local parts that were made unreadable. */
#ifndef MAIL_REDACTED_H
#define MAIL_REDACTED_H

#include "base/str.h"

/* The shapes stand at address_is_redacted(), which asks this. */
bool redacted_local(struct str local);

#endif
