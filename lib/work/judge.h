/* judge.h - the verdict on an event, as the road and a dry run take it. */
#ifndef WORK_JUDGE_H
#define WORK_JUDGE_H

#include "mail/event.h"
#include "verdict/classify.h"
#include "work/config.h"

/* Fills v for an event of any kind; one that says nothing about a recipient
 * (tq, rs) is CLASS_UNKNOWN and DECISION_IGNORE. folded is classify()'s: the
 * caller asks buf_ok() of it. */
void judge_event(const struct config *c, struct rules *r,
    const struct event *ev, struct buf *folded, struct verdict *v);

/* Whether the kind tells of a complaint or an unsubscribe. */
bool judge_is_feedback(enum kind k);

#endif
