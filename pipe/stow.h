/* stow.h - puts input away: in a segment, else in memory, else nowhere. */
#ifndef PIPE_STOW_H
#define PIPE_STOW_H

#include "intake.h"
#include "setup.h"
#include "spare.h"

enum stow_to {
	TO_SEGMENT, /* a file of the journal */
	TO_SPARE, /* the folder cannot be written: memory */
	TO_NOWHERE /* memory is full too: read, counted, dropped */
};

struct stow {
	const struct setup *setup;
	struct shared *sh;
	struct intake in;
	struct journal *journal; /* NULL: not to be had */
	int lock; /* of our stream, -1: not to be had */
	struct segment segment;
	struct spare spare;
	enum stow_to to;
	bool moved; /* the folder is not at its path; told */
	bool gap; /* bytes were dropped before those to come */
	int64_t since; /* when the first byte came to where they go now */
	uint64_t limit; /* bytes kept of a message, 0: all */
	int64_t next_try; /* ticks: of the folder, while it does not work */
	int64_t next_look; /* ticks: whether the segment is still there */
};

/* Opens the spare alone; setup and sh must outlive s. */
void stow_open(struct stow *s, const struct setup *setup, struct shared *sh);
void stow_close(struct stow *s);

/* What comes in is known by now: for who may have to finish our stream. */
void stow_say_input(struct stow *s);

/* Opens the folder and claims our stream, as far as that is to be done. */
bool stow_home(struct stow *s, struct err *e);

/* Puts away what waits on input, at most INTAKE_ROOM bytes, to the place that
 * works; never waits for input. MOVED_REFUSED: try again. */
enum moved stow_take(struct stow *s, int64_t ticks);

/* Tries the folder again when it is time; what memory holds goes to segments,
 * some at a time. */
void stow_mend(struct stow *s, int64_t ticks);
/* Milliseconds until stow_mend() has something to do, -1: nothing. */
int64_t stow_wait(const struct stow *s, int64_t ticks);

/* Whether every byte taken is in a segment. */
bool stow_all_on_disk(const struct stow *s);
/* fdatasync of all segments and of the folder, then closes the last one. */
bool stow_finish(struct stow *s, struct err *e);
/* Deletes our stream: nobody is to work on it. */
void stow_forget(struct stow *s);

#endif
