/* export_sink.h - where exported entries go: one file or one a group, and what
 * the layout has no place for. */
#ifndef SUPPRESS_EXPORT_SINK_H
#define SUPPRESS_EXPORT_SINK_H

#include "export_lost.h"
#include "export_rows.h"

#define EXPORT_FILES_MAX 500 /* that may be open at once */

enum export_split { SPLIT_NONE, SPLIT_STREAM, SPLIT_CLASS, SPLIT_PROVIDER };

struct export_part; /* one file of a split; export_sink.c */

struct export_sink {
	/* the caller's */
	struct export_rows rows; /* how: of each file */
	struct export_lost lost;
	enum export_split split;
	const char *folder; /* of a split */
	bool streams; /* one scope was asked for: its entries are meant */
	/* its own */
	struct export_part *parts;
	size_t n;
	int64_t told; /* rows written */
};

/* "stream", "class", "provider". */
bool export_split_of(const char *name, enum export_split *out);

bool export_sink_begin(struct export_sink *s, struct err *e);
/* An entry_fn; ctx is the struct export_sink. */
bool export_sink_put(void *ctx, const struct entry_row *row, struct err *e);
/* The group of a split that the row belongs to. */
struct str export_sink_key(
    const struct export_sink *s, const struct entry_row *row);
/* Whether the layout has a place for the entry, in the file of that group. */
bool export_sink_carries(const struct export_sink *s,
    const struct entry_row *row, struct str key);
/* All files are in place; what was lost is told on f. */
bool export_sink_done(struct export_sink *s, FILE *f, struct err *e);
void export_sink_release(struct export_sink *s);

#endif
