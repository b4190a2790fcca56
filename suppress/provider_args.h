/* provider_args.h - the provider that --provider names. */
#ifndef SUPPRESS_PROVIDER_ARGS_H
#define SUPPRESS_PROVIDER_ARGS_H

#include "app.h"

#define PROVIDER_MEND "write one that providers.conf names, such as google"

/*
 * Whether a provider is called so, here or, whatever its case, in the rules;
 * none at all is right, too: EX_USAGE. To be asked when the database is open;
 * *name is then as it is stored there.
 */
bool provider_or(struct app *a, struct str *name, struct err *e);

#endif
