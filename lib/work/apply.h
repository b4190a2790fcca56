/* apply.h - evidence that is enough by the settings of now becomes entries,
 * though nothing new comes: after the policy only observed, or has changed. */
#ifndef WORK_APPLY_H
#define WORK_APPLY_H

#include "work/work.h"

/* An address that would be listed, on one ladder, for one stream or all. */
struct apply_row {
	uint32_t address, scope; /* where the texts begin; each ends with NUL */
	enum ladder ladder;
	enum class class;
};

/* All zero is an empty one; apply_release(). */
struct apply_list {
	struct apply_row *rows;
	size_t n, cap;
	struct buf texts;
	int64_t never;    /* passed over: [never-suppress] names them */
	int64_t left_out; /* see rehearse.h */
};

/* All who would be listed at `now` and are not, with evidence since then: not
 * who is held, nor who was listed or lifted by a person. Takes as if the
 * policy did not only observe. */
bool apply_choose(struct store *s, const struct config *c, int64_t since,
    int64_t now, struct apply_list *out, struct err *e);
struct str apply_text(const struct apply_list *l, uint32_t at);
void apply_release(struct apply_list *l);

/* In the open batch: judges rows from *at on, up to `stop`, again, and lists
 * them as a part of the bulk; no breaker asks. *listed counts entries. */
bool apply_some(struct work *w, const struct apply_list *l, size_t *at,
    size_t stop, int64_t bulk, int64_t *listed, struct err *e);

#endif
