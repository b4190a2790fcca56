/* crew.h - what the worker's files share: all that it holds. */
#ifndef PIPE_CREW_H
#define PIPE_CREW_H

#include "feed.h"
#include "handover.h"
#include "worker.h"

#define FINISHED_MAX 64 /* messages whose streams go together */

/* When things come round again, in ticks. */
struct timers {
	int64_t sync, summary, house, adopt, rules, finished;
};

struct worker {
	const struct worker_args *args;
	const struct config *config;
	struct shared *sh;
	struct log *log;
	unsigned home; /* the stream's claim that we were born with */
	bool orphan; /* the mover is dead */
	int64_t orphaned; /* ticks when that was seen */

	struct rules *rules;
	uint64_t rules_seen; /* what the rules' files looked like */
	struct store *store;
	struct work *work; /* NULL: the database is not open */
	int64_t pause, retry; /* ms, and ticks of the next try to open it */
	int64_t busy_since; /* ticks, 0: it is not busy */

	struct feed own;
	struct feed adopted[FEEDS_MAX];
	char adopted_last[JOURNAL_NAME_MAX]; /* where the next look begins */
	struct handover handover; /* names of streams to adopt */
	bool deaf_told; /* that there is none */
	bool own_turn; /* between two messages */
	bool own_done, adopted_once, more_to_adopt;
	int64_t adopt_from; /* ticks; by then input should have begun */
	int64_t own_done_at;

	struct timers due;
	int64_t committed; /* ticks of the last commit */
	int64_t tidied; /* of the last idle store_tidy() */
	struct journal_reader *syncer; /* of our stream; NULL: none yet */
	uint64_t synced; /* bytes of our stream */
	uint64_t cleaned; /* bytes of our stream at the last look at its size */
	struct work_sums before; /* what was committed before w->work */
	/* Messages whose work is committed, but may not be on the disk. */
	char finished[FINISHED_MAX][JOURNAL_NAME_MAX];
	size_t n_finished;
	bool unflushed; /* for some that could not be done */
	struct err trouble; /* of rules: told in status once there is one */
};

/* ---- crew.c: opening, closing ---- */

/* Loads the rules, the built-in ones if need be. */
bool crew_load_rules(struct worker *w, struct err *e);
/* They have changed: loads them anew, or goes on with those there are. Only
 * between batches. */
void crew_reload_rules(struct worker *w);
/* Opens database and road, follows all streams held. */
bool crew_open(struct worker *w, struct err *e);
void crew_close(struct worker *w);
/* Takes up streams that nobody works on. */
void crew_adopt(struct worker *w);
/* Takes up messages whose processes leave them to us. */
void crew_take_messages(struct worker *w);
/* All is done: nobody can leave anything from now on. Whether something had
 * been left by then; it is taken up. */
bool crew_hear_last(struct worker *w);
/* No more bytes will come. */
bool crew_input_over(const struct worker *w);
/* Whether any adopted stream is held. */
bool crew_holds_any(const struct worker *w);
bool crew_is_message(const struct feed *d);
/* Gives up an adopted stream after an error; the batch is rolled back. */
void crew_drop(struct worker *w, struct feed *d);
/* Commits; what has ended is closed. False: rolled back, try again. */
bool crew_commit(struct worker *w);
/* Deletes the streams of messages that are worked on. */
void crew_finish_messages(struct worker *w);
/* Closes the road after an error and sets the time of the next try. */
void crew_retire(struct worker *w, const struct err *e);

/* ---- house.c: what comes round ---- */

void house_start(struct worker *w);
/* Does what is due; only between batches. */
void house_keep(struct worker *w);
/* One that lives for a message: what comes round for all of them together. */
void house_after_message(struct worker *w);
/* fdatasync of the journal when it is due; at any time. */
void house_sync(struct worker *w);
/* Milliseconds until something is due. */
int64_t house_wait(const struct worker *w);
/* The same while the database is not open: until the next try, or a sync. */
int64_t house_wait_shut(const struct worker *w);
/* What has been done since the start, unless that was the last thing told. */
void house_summary(struct worker *w);
/* After a commit: keeps what is done by now. */
void house_sum_up(struct worker *w);
/* What only status can tell later: dropped bytes, broken rules. */
void house_notices(struct worker *w);

#endif
