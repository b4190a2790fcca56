/* replay.h - what is stored since a time, once more through storms, breakers
 * and policy, in a copy: whom incidents would hold by other settings. */
#ifndef WORK_REPLAY_H
#define WORK_REPLAY_H

#include "store/replay.h"
#include "work/config.h"

struct replay_wants {
	const struct config *config; /* whose settings are tried */
	struct rules *rules;
	const char *state; /* folder with the filters of who took mail, which
	                    * are only read */
	int64_t from;
};

struct replay_sums {
	int64_t from;  /* the day's begin, from which it was replayed */
	int64_t rows;  /* evidence, and deliveries that cleared some */
	int64_t opened[REPLAY_KINDS]; /* incidents, by kind */
};

/*
 * fn gets what is held at the end. What it cannot know: deliveries that
 * cleared nothing, and by which host of a receiver that no table names a row
 * was answered; the recipient's domain stands for it.
 */
bool replay(struct store *s, const struct replay_wants *wants,
    replay_held_fn *fn, void *ctx, struct replay_sums *sums, struct err *e);

#endif
