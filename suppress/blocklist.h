/* blocklist.h - who runs the blocklist that a reply speaks of. */
#ifndef SUPPRESS_BLOCKLIST_H
#define SUPPRESS_BLOCKLIST_H

#include "base/str.h"

/* NULL: the reply names none that is known. */
const char *blocklist_of(struct str reply);

#endif
