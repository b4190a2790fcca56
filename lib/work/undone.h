/* undone.h - takes a bulk back, and judges once more whom rows that came in
 * between are about. */
#ifndef WORK_UNDONE_H
#define WORK_UNDONE_H

#include "work/work.h"

/* In the open batch: store_undo() of bulk as `as`; then what stood on evidence
 * that is no longer enough is left lifted, and whom a person had listed and
 * evidence lists as well is listed by that. Both are counted as left. */
bool undone(struct work *w, int64_t bulk, int64_t as, struct str who,
    struct undo_sums *out, struct err *e);

#endif
