/* receiver.h - who received, as far as failures of one cause go together. */
#ifndef WORK_RECEIVER_H
#define WORK_RECEIVER_H

#include <stdint.h>

#include "mail/event.h"

#define RECEIVER_GROUPS 256 /* of all whom no table names */

/*
 * The word of a provider that has a name. All others are no one receiver: they
 * are parted by the domain of their MX host, else of the recipient, into
 * RECEIVER_GROUPS negative numbers, so that nobody's server can hold what fails
 * at most of the others.
 */
int64_t receiver_of(unsigned provider, int64_t word, const struct event *ev);

#endif
