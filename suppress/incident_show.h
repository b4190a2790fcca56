/* incident_show.h - the page about one incident, for whoever looks after
 * deliverability. */
#ifndef SUPPRESS_INCIDENT_SHOW_H
#define SUPPRESS_INCIDENT_SHOW_H

#include "app.h"

/* Prints it; EX_DATAERR when there is none of that number. */
bool incident_show(struct app *a, int64_t id, bool json, struct err *e);

/* Tells that; always false. */
bool incident_unknown(int64_t id, struct err *e);

#endif
