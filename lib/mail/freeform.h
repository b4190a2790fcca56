/* freeform.h - recipients that a bounce names in its own words. */
#ifndef MAIL_FREEFORM_H
#define MAIL_FREEFORM_H

#include "base/str.h"

#define FREEFORM_TEXT_MAX (64u << 10) /* bytes of a text that are read */
#define FREEFORM_HITS_MAX 1001 /* one past what a mail's events may be, so that
                                * it is told that there were more */
#define FREEFORM_AVOID_MAX 12

/* A recipient, and the reply or reason told with it; views of the text. */
struct freeform_hit {
	struct str rcpt, diag;
};

struct freeform {
	/* Addresses that are no recipients unless they stand as one: whom
	 * the report was sent to, who wrote it. Filled by the caller. */
	struct str avoid[FREEFORM_AVOID_MAX];
	size_t n_avoid;
	/* Not empty: nobody else is the recipient. */
	struct str only;
	bool doubts; /* an address that is only mentioned is nobody's */
	struct freeform_hit hits[FREEFORM_HITS_MAX];
	size_t n;
};

/* The reporter's own words: the text before what it returns or quotes. */
struct str freeform_words(struct str text);

/*
 * Finds the recipients in a bounce's own words: an address at the start of a
 * line, behind a label, or in a sentence that tells of a failure; where there
 * is none of these, the only address that stands there at all.
 */
void freeform_find(struct freeform *f, struct str words);

/*
 * Takes address, whom the returned mail was for, if words speak of its local
 * part: reporters of one domain often name no more. To: alone proves nothing.
 */
void freeform_match(struct freeform *f, struct str words, struct str address);

/*
 * The local part that words name alone in the line after a sentence that
 * speaks of recipients or addresses and ends with ':'; empty when none.
 */
struct str freeform_local(struct str words);

/* The next address in *rest (moved behind it); false: no more. */
bool freeform_address(struct str *rest, struct str *address);

#endif
