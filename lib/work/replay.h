/* replay.h - what is stored since a time, once more through storms, breakers
 * and policy, in a copy: whom incidents would hold by other settings. */
#ifndef WORK_REPLAY_H
#define WORK_REPLAY_H

#include "store/replay.h"
#include "work/delivered.h"

/* The state before the span, and what came in it: evidence, deliveries that
 * cleared some, and those that the journal still has. All zero is none. */
struct replay_base {
	struct store *copy;
	int64_t from;  /* the day's begin, from which it is replayed */
	struct delivered journal;
};
/* c: the settings in force, which say where the journal is. A journal that
 * cannot be read is no failure. replay_base_release(), also after one. */
bool replay_base_make(struct replay_base *b, struct store *s,
    const struct config *c, int64_t from, struct err *e);
void replay_base_release(struct replay_base *b);

struct replay_wants {
	const struct replay_base *base;
	const struct config *config; /* whose settings are tried */
	struct rules *rules;
	const char *state; /* folder with the filters of who took mail, which
	                    * are only read */
};

/* What is told of the end. */
struct replay_tell {
	replay_held_fn *held;
	replay_dropped_fn *dropped;
	void *ctx;
};

struct replay_sums {
	int64_t rows;  /* evidence and deliveries */
	int64_t opened[REPLAY_KINDS]; /* incidents, by kind */
};

/*
 * In a copy of the base, whose end is told. What it cannot know: deliveries
 * that cleared nothing and that the journal does not have, and by which host of
 * a receiver that no table names a row was answered; the recipient's domain
 * stands for it.
 */
bool replay(const struct replay_wants *wants, const struct replay_tell *tell,
    struct replay_sums *sums, struct err *e);

#endif
