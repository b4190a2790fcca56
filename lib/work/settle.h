/* settle.h - a person's word on an incident: what it holds is applied or
 * dropped. */
#ifndef WORK_SETTLE_H
#define WORK_SETTLE_H

#include "store/incident.h"
#include "work/work.h"

/* What is said of an incident, and by whom. */
struct ruling {
	int64_t incident;
	bool drop;         /* discard it; else release it */
	int64_t bulk;      /* that undo takes back */
	struct str who;
};

struct settled {
	int64_t addresses; /* whose evidence was held */
	int64_t listed;    /* entries that followed, or were lifted */
};

/*
 * In the open batch. Released: what is held counts, is judged, and no breaker
 * asks. Discarded: it is void, entries that are held end. What the incident
 * still holds later is not touched: run it again. One that holds nothing stays
 * as it is: an undo of what settled it before must find it so.
 */
bool incident_settle(struct work *w, const struct ruling *r,
    struct settled *out, struct err *e);

#endif
