/* ahocorasick.h - which of many short literals occur in a text, in one pass. */
#ifndef VERDICT_AHOCORASICK_H
#define VERDICT_AHOCORASICK_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define AC_LITERAL_MAX 16 /* bytes of one literal */

struct ac; /* opened and freed only by ahocorasick.c */

/* NULL without memory. */
struct ac *ac_new(void);
void ac_free(struct ac *a);

/* Adds a literal (1 to AC_LITERAL_MAX bytes, ASCII case does not matter);
 * several may have one id. False without memory. Not after ac_build(). */
bool ac_add(struct ac *a, struct str literal, unsigned id);

/* Makes the automaton. False (EX_OSERR) without memory, (EX_SOFTWARE) with
 * more literals than it can number. */
bool ac_build(struct ac *a, struct err *e);

/* Sets bit id of marks for every literal that occurs in text. marks has room
 * for the highest id. Bytes past ASCII are told apart roughly: a literal that
 * holds such may be marked though another stands there. */
void ac_mark(const struct ac *a, struct str text, uint64_t *marks);

#endif
