/* supervise.h - keeps a worker alive, and learns at which record it died. */
#ifndef PIPE_SUPERVISE_H
#define PIPE_SUPERVISE_H

#include <sys/types.h>

#include "shared.h"

/* What the child runs; its answer is the exit code. */
typedef int worker_fn(void *ctx);

struct supervise {
	struct shared *sh;
	worker_fn *run;
	void *ctx;
	pid_t pid; /* 0: none lives */
	int64_t started; /* in ticks, as the others */
	int64_t next; /* when to start the next one */
	unsigned deaths; /* lately, for the pause */
	struct shared_record last; /* where it died last */
	unsigned at_last; /* how often there */
	bool finished; /* it said that all is done */
	bool held; /* none is wanted yet */
};

void supervise_init(
    struct supervise *s, struct shared *sh, worker_fn *run, void *ctx);
/* Starts the worker when none lives and its time has come. */
void supervise_start(struct supervise *s, int64_t ticks);
/* Takes note of a death; call after SIGCHLD, or at any time. */
void supervise_reap(struct supervise *s, int64_t ticks);
/* Milliseconds until supervise_start() has something to do, -1: never. */
int64_t supervise_wait(const struct supervise *s, int64_t ticks);
/* Kills the worker and waits for it. */
void supervise_stop(struct supervise *s);

#endif
