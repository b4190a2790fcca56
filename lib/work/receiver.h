/* receiver.h - who received, as far as failures of one cause go together. */
#ifndef WORK_RECEIVER_H
#define WORK_RECEIVER_H

#include <stdint.h>

#include "mail/event.h"
#include "verdict/provider.h"

#define RECEIVER_GROUPS 256 /* of all whom no table names */

/*
 * The word of a provider that has a name. All others are no one receiver: they
 * are parted by the domain of their MX host, else of the recipient, into
 * RECEIVER_GROUPS negative numbers, so that nobody's server can hold what fails
 * at most of the others.
 */
int64_t receiver_of(unsigned provider, int64_t word, const struct event *ev);

/* Who received an event, for rows that are judged by nothing else. */
struct receiver {
	unsigned provider;
	int64_t group; /* PROVIDER_OTHER: what receiver_of() says; else 0 */
};
struct receivers; /* those found lately; opened and freed by receiver.c */

struct receivers *receivers_new(void); /* NULL without memory */
void receivers_free(struct receivers *r);
/* r NULL: nothing is remembered. All calls with one r are given the same p. */
struct receiver receiver_find(struct receivers *r, const struct providers *p,
    const struct event *ev);

#endif
