/* show_never.h - why the policy does not list an address whose evidence is
 * enough, and what it would do. */
#ifndef SUPPRESS_SHOW_NEVER_H
#define SUPPRESS_SHOW_NEVER_H

#include "app.h"
#include "wrap/json.h"

/*
 * Where [never-suppress] names it or the policy only observes: warnings as
 * lines appended to text, and in o the keys never_suppress (label and pattern,
 * or null) and would_list. listed: an entry suppresses it.
 */
bool show_never(struct app *a, struct str key, bool listed, struct buf *text,
    struct json *o, struct err *e);

#endif
