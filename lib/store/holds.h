/* holds.h - whether a text holds one of several lines, however written. */
#ifndef STORE_HOLDS_H
#define STORE_HOLDS_H

#include "base/str.h"

/* Text is folded first (NFC, case), the lines are already. False: no memory. */
bool holds(struct str text, struct str lines, bool *is);

#endif
