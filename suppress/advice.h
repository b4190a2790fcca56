/* advice.h - what a person is told to do. */
#ifndef SUPPRESS_ADVICE_H
#define SUPPRESS_ADVICE_H

#include "verdict/rules.h"

/* The advice of a rule by its name; of code tables, votes and rules that are
 * gone what follows from the class. */
const char *advice_of(const struct rules *r, struct str rule, enum class c);

#endif
