/* settle.h - a person's word on an incident: what it holds is applied or
 * dropped. */
#ifndef WORK_SETTLE_H
#define WORK_SETTLE_H

#include "store/incident.h"
#include "work/work.h"

struct settled {
	int64_t addresses; /* whose evidence was held */
	int64_t listed;    /* entries that followed, or were lifted */
};

/*
 * In the open batch. Released: what is held counts, is judged, and no breaker
 * asks. Discarded (drop): it is void, entries that are held end. All of it is
 * a part of the bulk, which undo takes back. What the incident still holds
 * later is not touched: run it again. One that holds nothing stays as it is:
 * an undo of what settled it before must find it so.
 */
bool incident_settle(struct work *w, int64_t incident, bool drop, int64_t bulk,
    struct str who, struct settled *out, struct err *e);

#endif
