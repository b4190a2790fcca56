/* provider_key.h - one key for what a provider delivers to one mailbox. */
#ifndef MAIL_PROVIDER_KEY_H
#define MAIL_PROVIDER_KEY_H

#include "base/str.h"

/*
 * The key of the mailbox that key (address_key()) is delivered to, as far as
 * its provider has told the world: Gmail ignores dots and what stands behind
 * a '+', Proton dots, '-' and '_' as well, others the '+' part, Yahoo what is
 * behind a '-', and Fastmail gives each user a domain of his own. The key
 * itself where nothing of the kind is known, and for "@domain". Two addresses
 * are one mailbox when these keys are the same. False: it does not fit in
 * cap; ADDRESS_MAX bytes always do.
 */
bool address_provider_key(struct str key, char *out, size_t cap);

#endif
