/* export_delta.h - changes for a layout that has each address once: what the
 * list there must do about an address, by all its entries. */
#ifndef SUPPRESS_EXPORT_DELTA_H
#define SUPPRESS_EXPORT_DELTA_H

#include "export_sink.h"

struct export_delta {
	struct export_sink *sink;
	struct store *store;
	int64_t after; /* the reader knows what was up to this change */
	int64_t now;
};

/* An entry_fn for entry_changed(); ctx is the struct export_delta. */
bool export_delta_put(void *ctx, const struct entry_row *row, struct err *e);

#endif
