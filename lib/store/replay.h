/* replay.h - a copy of the database in which what came lately can come once
 * more; the database itself is only read. */
#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H

#include "store/incident.h"
#include "store/store.h"

/*
 * A store_copy() in which nothing has come since `from`: the evidence, entries
 * of the policy and incidents of the time are taken out, what they had changed
 * is as it was, and the evidence waits to be read. The shares of attempts stay.
 */
struct store *replay_copy(struct store *s, int64_t from, struct err *e);
/* A delivery that the database does not know comes, too; in a batch of it. */
bool replay_deliver(struct store *copy, struct str address, int64_t time,
    struct err *e);

/* One piece of evidence, or a delivery (kind KIND_D: address and time), as it
 * came; views stand for the call only. */
typedef bool replay_fn(void *ctx, const struct evidence *ev, struct err *e);

/* How far it was read; at first all zero but time, which is the earliest. */
struct replay_at {
	int64_t time, row;
};
/* Up to max rows from *at on, in order of time; *n 0: that was all. fn may
 * write to the copy. */
bool replay_rows(struct store *copy, struct replay_at *at, int64_t max,
    replay_fn *fn, void *ctx, int64_t *n, struct err *e);

/* What incidents hold there, by address and class. */
typedef bool replay_held_fn(void *ctx, struct str address, enum class c,
    struct str rule, enum incident_kind kind, struct err *e);
bool replay_held(struct store *copy, replay_held_fn *fn, void *ctx,
    struct err *e);

/* What they held until a delivery cleared it, and nothing else of its ladder
 * counts or is held there. */
typedef bool replay_dropped_fn(void *ctx, struct str address, enum class c,
    struct err *e);
bool replay_dropped(struct store *copy, replay_dropped_fn *fn, void *ctx,
    struct err *e);

#define REPLAY_KINDS (INCIDENT_COMPLAINTS + 1)
/* Incidents that opened since, by kind. */
bool replay_opened(struct store *s, int64_t from, int64_t n[REPLAY_KINDS],
    struct err *e);
/* How many addresses the incidents of any store hold. */
bool replay_now_held(struct store *s, int64_t *n, struct err *e);

#endif
