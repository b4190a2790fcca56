/* storm_parts.h - what storm.c and storm_line.c share. */
#ifndef WORK_STORM_PARTS_H
#define WORK_STORM_PARTS_H

#include "policy/storm.h"
#include "store/share.h"
#include "work/inside.h"

/* A key that the evidence counts for, and what is known of it now. */
struct storm_set {
	struct share_key key;
	bool reports;
	struct incident in; /* that covers it; id 0: none */
	int64_t now;        /* failures in the last ten minutes */
	char text[256];     /* of the line that was crossed */
};

/* storm_line.c: whether the group is over its line, with the new evidence
 * counted; fills now and, if it is, text. */
bool storm_is_over(struct work *w, struct storm_set *g,
    const struct about *a, enum storm_kind kind, bool *over, struct err *e);

#endif
