/* scrub_sums.h - what scrub counted, as words or as JSON. */
#ifndef SUPPRESS_SCRUB_SUMS_H
#define SUPPRESS_SCRUB_SUMS_H

#include "app.h"

/* Why there is no address to ask about: an enum address_cause, or these. */
enum { CAUSE_ROW = 30, CAUSE_DIGEST, CAUSE_COUNT };
const char *scrub_cause_name(int cause);

struct scrub_sums {
	uint64_t rows; /* with something on them, but the header */
	uint64_t kept, suppressed, invalid, twice, empty;
	bool invalid_kept;
	uint64_t class[CLASS_MAX];
	uint64_t provider[PROVIDER_MAX]; /* of suppressed ones */
	uint64_t cause[CAUSE_COUNT]; /* of invalid ones */
};

/* One line and a line each class, provider and cause; or one object. */
bool scrub_sums_print(const struct scrub_sums *s, const char *file,
    const struct providers *p, bool json, struct err *e);

#endif
