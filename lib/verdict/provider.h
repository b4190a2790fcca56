/* provider.h - who really receives: by MX host, then by recipient domain. */
#ifndef VERDICT_PROVIDER_H
#define VERDICT_PROVIDER_H

#include "base/err.h"
#include "base/str.h"

#define PROVIDER_MAX 256
#define PROVIDER_OTHER 0 /* "other": any that the table does not name */

struct providers; /* opened and freed only by provider.c */

/*
 * Reads providers.conf's text. A section is a provider's short name; keys,
 * each may come again: mx = a host name or ".suffix" that receives for it,
 * domain = a recipient domain or ".suffix"; title = its name for people.
 * EX_CONFIG errors name file and line.
 */
struct providers *providers_open(struct str text, const char *file,
    struct err *e);
void providers_close(struct providers *p);

/* Number of the provider by MX host name, else by domain, else
 * PROVIDER_OTHER. Case and a trailing dot do not matter. Fast: hashed
 * suffix look-ups, no allocation, and p remembers its last answers (so it
 * is not for two threads). */
unsigned provider_find(const struct providers *p, struct str mx_host,
    struct str domain);
/* Its name ("microsoft"), "other" for a number that is none. */
const char *provider_name(const struct providers *p, unsigned number);
/* "Microsoft (Outlook, Exchange Online)", its name when it has no title. */
const char *provider_title(const struct providers *p, unsigned number);
/* How many there are, "other" with them: numbers are below this. */
unsigned provider_count(const struct providers *p);
bool provider_of(const struct providers *p, struct str name, unsigned *out);

#endif
