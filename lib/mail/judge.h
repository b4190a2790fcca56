/* judge.h - whether a mail without a machine part is a bounce. */
#ifndef MAIL_JUDGE_H
#define MAIL_JUDGE_H

#include "base/str.h"

enum judged {
	JUDGED_OTHER, /* a human, a vacation, a challenge, anything else */
	JUDGED_BOUNCE, /* given up */
	JUDGED_DELAY /* a warning: somebody still tries */
};

struct judge_mail {
	struct str head; /* unfolded header */
	struct str subject; /* decoded */
	struct str words; /* what the writer wrote itself */
	struct str path; /* envelope sender; empty: none, or not known */
};

enum judged judge_mail(const struct judge_mail *m);

/* Whether a person answers with, or forwards, what somebody else wrote. */
bool judge_is_shown(const struct judge_mail *m);

/* Whether somebody still tries to deliver, as the text says. */
bool judge_is_delay(struct str words);

/* Whether a program writes, by From and Sender. */
bool judge_is_daemon(struct str head);

/* What only a program puts into the head of a mail: a null return path, marks
 * of RFC 3834, Exim and fml. */
bool judge_is_by_machine(struct str head);

/* Whether a person writes, who tells where to write to instead: other
 * addresses than the writer's own did not fail. */
bool judge_names_successor(struct str head, struct str words);

/* Whether a line is where the reporter's own words end and what it returns
 * begins: "--- Below this line is a copy", "Return-Path: ...". */
bool judge_ends_words(struct str line);

#endif
