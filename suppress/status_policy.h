/* status_policy.h - whether the policy lists, and whom it must not. */
#ifndef SUPPRESS_STATUS_POLICY_H
#define SUPPRESS_STATUS_POLICY_H

#include "app.h"
#include "wrap/json.h"

/* Appends lines to text, and keys to root. */
bool status_policy(struct app *a, struct json *root, struct buf *text,
    struct err *e);

#endif
