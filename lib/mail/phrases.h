/* phrases.h - whether a text holds any of many phrases. */
#ifndef MAIL_PHRASES_H
#define MAIL_PHRASES_H

#include "base/str.h"

/* Whether any of the n phrases stands in s, in whatever case of ASCII. */
bool phrases_in(struct str s, const char *const *phrases, size_t n);

/* The same of a whole table. */
#define PHRASES_IN(s, table) phrases_in((s), (table), COUNT(table))

#endif
