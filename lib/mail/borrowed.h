/* borrowed.h - reasons that a bounce tells of another recipient. */
#ifndef MAIL_BORROWED_H
#define MAIL_BORROWED_H

#include "mail/freeform.h"

#define BORROWED_MENTIONS_MAX 4096 /* of hits in words; behind them each reason
                                    * may be another's, and is emptied */

/*
 * Empties the reason of each hit for which words tell it of another hit: in a
 * line that names only that one, or behind it. Recipients listed one behind the
 * other share what stands below them, and all what stands above the first. What
 * is left of a reason ends where a line names another hit.
 */
void borrowed_drop(struct freeform *f, struct str words);

#endif
