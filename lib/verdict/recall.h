/* recall.h - which rule won before, by all that rules look at.
 *
 * Folded replies are few and come again and again; an answer kept here is
 * given without asking a rule. Only the same bytes get it, never the same
 * hash alone. */
#ifndef VERDICT_RECALL_H
#define VERDICT_RECALL_H

#include "verdict/rules.h"

struct recall; /* opened and freed only by recall.c */

/* NULL without memory. */
struct recall *recall_new(void);
void recall_free(struct recall *r);

/* True when it is known which rule wins, *rule, or that none does: NULL. */
bool recall_find(const struct recall *r, const struct rule_input *in,
    const struct rule **rule);
/* Keeps an answer in place of another; a very long text is not kept. */
void recall_keep(
    struct recall *r, const struct rule_input *in, const struct rule *rule);

#endif
