/* ending.h - ends what has run out, in commits of bounded size. */
#ifndef SUPPRESS_ENDING_H
#define SUPPRESS_ENDING_H

#include "app.h"

/* All that ran out before app->now; a pipe gets in between the commits. What
 * was committed before a failure stays. */
bool ending_all(struct app *a, int64_t *ended, struct err *e);

#endif
