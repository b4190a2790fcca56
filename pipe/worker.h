/* worker.h - the process that works on what the mover has journaled. */
#ifndef PIPE_WORKER_H
#define PIPE_WORKER_H

#include "setup.h"
#include "shared.h"
#include "spare.h"

struct worker_args {
	struct setup *setup;
	struct shared *sh;
	struct journal *journal; /* NULL: not to be had */
	const struct spare *spare;
	int wake; /* eventfd: the mover has moved bytes */
	int life; /* a pipe's read end; its end is the mover's death */
};

/*
 * Works on our own stream, and on streams that dead predecessors left, until
 * the mover has told the end of input or is dead. The exit code: 0 when all is
 * done (then sh->done), or when the mover has got the lock of our stream later
 * than this worker was born and should start another.
 */
int worker_run(const struct worker_args *a);

#endif
