/* status_cursors.h - how far the readers of changes are. */
#ifndef SUPPRESS_STATUS_CURSORS_H
#define SUPPRESS_STATUS_CURSORS_H

#include "app.h"
#include "wrap/json.h"

/* Appends lines to text, and a key to root. */
bool status_cursors(struct app *a, struct json *root, struct buf *text,
    struct err *e);

#endif
