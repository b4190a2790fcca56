/* status_incidents.h - what is held, and how far reports can be told. */
#ifndef SUPPRESS_STATUS_INCIDENTS_H
#define SUPPRESS_STATUS_INCIDENTS_H

#include "app.h"
#include "wrap/json.h"

/* Append lines to text, and keys to root. */
bool status_incidents(struct app *a, struct json *root, struct buf *text,
    struct err *e);
bool status_reports(struct app *a, struct json *root, struct buf *text,
    struct err *e);

#endif
