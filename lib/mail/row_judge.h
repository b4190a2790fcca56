/* row_judge.h - what a row's own words say against its use. */
#ifndef MAIL_ROW_JUDGE_H
#define MAIL_ROW_JUDGE_H

#include "mail/event.h"

/*
 * Sets ev->skip of an event that is filled in, where the row is PowerMTA's own
 * doing, went nowhere, or reports no failure or complaint (the list stands at
 * acct_row()). A reason that ev has already stays.
 */
void row_judge(struct event *ev);

#endif
