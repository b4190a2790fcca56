/* export_lost.h - what an export leaves out because the layout has no place
 * for it: counted, told, and listed in a file. */
#ifndef SUPPRESS_EXPORT_LOST_H
#define SUPPRESS_EXPORT_LOST_H

#include "base/file.h"
#include "profiles.h"
#include "store/store.h"

enum lost {
	LOST_REMOVAL,
	LOST_DOMAIN,
	LOST_ERASED, /* nobody but us knows whose hash it is */
	LOST_STREAM,
	LOST_LIST, /* belongs to another list of theirs */
	LOST_FORM, /* the address cannot be written there */
	LOST_END,  /* is written, but for ever */
	LOST_COUNT
};

struct export_lost {
	const char *path; /* the caller's; NULL: only counted */
	struct file_new file;
	struct buf waiting;
	int64_t n[LOST_COUNT];
};

bool export_lost_begin(struct export_lost *l, struct err *e);
bool export_lost_put(struct export_lost *l, enum lost what,
    const struct entry_row *row, struct err *e);
/* Puts the file in place and tells the sums on f. */
bool export_lost_done(struct export_lost *l, const struct profile *p, FILE *f,
    struct err *e);
void export_lost_release(struct export_lost *l);

#endif
