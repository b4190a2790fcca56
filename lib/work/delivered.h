/* delivered.h - who took mail, by the rows that the journal still has; it is
 * only read, and nobody is kept waiting. */
#ifndef WORK_DELIVERED_H
#define WORK_DELIVERED_H

#include "store/store.h"
#include "work/config.h"

struct delivered {
	int64_t from;     /* time of the earliest row of the span; 0: none */
	int64_t rows;     /* deliveries that were told */
	struct err lacks; /* why not all could be read; code 0: all was */
};

/* An address, or "@domain", that took mail. False stops. */
typedef bool delivered_fn(void *ctx, struct str address, int64_t time,
    struct err *e);

/*
 * Tells the deliveries from `from` to `to` of addresses and domains that have
 * evidence in s, stream by stream; of a domain one in ten minutes. Memory is
 * taken for each of these: 14 bytes, 22 while it begins. What cannot be read (a
 * folder or segment that is not for the user) is passed over, and stands in
 * out->lacks; rows that are none, mails and JSON are no matter.
 */
bool delivered_each(struct store *s, const struct config *c, int64_t from,
    int64_t to, delivered_fn *fn, void *ctx, struct delivered *out,
    struct err *e);

#endif
