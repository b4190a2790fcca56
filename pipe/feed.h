/* feed.h - the streams that a worker reads: ours, and those of the dead. */
#ifndef PIPE_FEED_H
#define PIPE_FEED_H

#include "setup.h"
#include "shared.h"
#include "spare.h"

#define FEEDS_MAX 16 /* adopted at once; the others wait */

/* One stream being worked on. */
struct feed {
	bool used;
	char name[JOURNAL_NAME_MAX];
	struct journal_info info;
	struct journal *journal; /* NULL: ours, without a folder */
	struct journal_reader *reader; /* NULL: the same */
	int lock; /* of an adopted stream */
	struct source source;
	struct follow *follow;
	bool ended; /* finished by the next commit */
	uint64_t summed; /* of an adopted stream: the sums have what is before */
	uint64_t gap_end; /* of the last bytes that are lost; 0: none are */
	bool gap_new; /* to be told yet */
	/* of our own stream only */
	struct shared *sh; /* NULL: adopted */
	const struct spare *spare;
	bool orphan; /* the mover is dead */
	unsigned misses, home;
};

/* Our own stream; its lock is the mover's and ours since the fork. */
bool feed_open_own(struct feed *d, const struct setup *setup,
    struct shared *sh, struct journal *j, const struct spare *spare,
    struct err *e);
/* One that a dead predecessor left. *taken false: somebody lives, or it was a
 * message without its end, which will come again, and is gone. */
bool feed_adopt(struct feed *d, const char *name, struct journal *j,
    bool *taken, struct err *e);
/* Begins or ends following it, in a work that was opened meanwhile. */
bool feed_follow(struct feed *d, struct work *w, struct err *e);
void feed_unfollow(struct feed *d);
void feed_close(struct feed *d);

#endif
