/* mover.h - the process that PowerMTA started: takes bytes, nothing else. */
#ifndef PIPE_MOVER_H
#define PIPE_MOVER_H

#include "setup.h"

/*
 * Takes input until it ends or SIGTERM or SIGINT comes, then waits for the
 * worker. The exit code: 0, or EX_TEMPFAIL with e told when nothing could be
 * taken (or, of a message, kept).
 */
int mover_run(struct setup *s, struct err *e);

#endif
