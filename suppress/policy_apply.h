/* policy_apply.h - `policy apply`: who would be listed is. */
#ifndef SUPPRESS_POLICY_APPLY_H
#define SUPPRESS_POLICY_APPLY_H

#include "app.h"

/* As a command; argv[0] is "policy". */
int policy_apply(struct app *a, int argc, char **argv, struct err *e);

#endif
