/* builtin.h - the rule files built into the programs (rules/embed.sh). */
#ifndef VERDICT_BUILTIN_H
#define VERDICT_BUILTIN_H

#include "base/str.h"

struct builtin_file {
	const char *name; /* "10-self.rules", "providers.conf" */
	struct str text;
};

extern const struct builtin_file BUILTIN_FILES[]; /* in name order */
extern const unsigned BUILTIN_COUNT;

#endif
