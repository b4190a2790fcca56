/* handover.h - a message's process leaves its stream to a pipe that lives. */
#ifndef PIPE_HANDOVER_H
#define PIPE_HANDOVER_H

#include "setup.h"

/*
 * PowerMTA starts a process for each message. To start a worker, open the
 * database and commit for one message costs many times what the work on it
 * does; where a pipe of records lives, its worker takes the message as well.
 *
 * The worker listens on a FIFO in the journal's folder, in which whoever has a
 * message journaled and flushed leaves the stream's name, after it has let go
 * of the stream's lock. A name that gets lost costs time alone: the stream is
 * one that nobody works on, and those are adopted. The FIFO's name tells which
 * settings the worker has, so that only a process with the same finds it.
 */
struct handover {
	int fd; /* -1: not listening */
	int dir;
	char file[32];
};

/* The worker's side. Listens, or goes on listening where the FIFO still is
 * what a new process would find; dir: the journal's folder. False without an
 * error: try again. */
bool handover_listen(
    struct handover *h, const struct setup *s, int dir, struct err *e);
/* The next name that was left; false: none. */
bool handover_next(struct handover *h, char name[JOURNAL_NAME_MAX]);
/* Nobody finds us from now on. What was left before still comes, unless another
 * pipe listens there as well, whose it is then. */
void handover_hide(struct handover *h);
void handover_close(struct handover *h);

/* The message's side: a descriptor to leave a name by, for the caller to
 * close; -1: nobody listens, or too many names wait. */
int handover_find(const struct setup *s, int dir);
bool handover_leave(int fd, const char *name);

#endif
