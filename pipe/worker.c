/* worker.c - the process that works on what the mover has journaled. */
#include "worker.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "crew.h"

#define SLICE (1u << 20) /* bytes of one stream before another's turn */
#define STEP_LONGEST 120 /* s for one slice; then it is a hang, a death */
#define BUSY_PAUSE 5 /* ms until a locked database is tried again */
#define BUSY_TELL 10000 /* ms, then it is told */
#define NAP 20 /* ms between commits of few rows each */
#define NAP_BYTES (256u << 10) /* that wait, and there is no nap */
#define MESSAGE_EXTRA 1000 /* ms for others' messages when ours is done */
#define ORPHAN_LONGEST 600000 /* ms without a database; the mover is dead */
#define MEMORY_ROOM (64u << 20) /* a limit must leave this */

enum outcome { DID_SOME, DID_NOTHING, WAS_BUSY, HAD_TROUBLE };

/* ---- beginning ---- */

#define STATM_DATA 5 /* of /proc/self/statm: data and stack, from 0 */

/* Bytes of memory of our own in use: no files that are mapped. */
static uint64_t
memory_used(void)
{
	struct buf b = { 0 };
	struct err e = { 0 };
	struct str word, rest;
	uint64_t pages = 0;

	if (file_read("/proc/self/statm", 4096, &b, &e)) {
		rest = buf_str(&b);
		for (int i = 0; i <= STATM_DATA && str_word(&rest, &word); i++)
			if (i == STATM_DATA)
				(void)number_u64(word, 0,
				    UINT64_MAX / 65536, &pages);
	}
	buf_release(&b);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Hostile input must not take the machine's memory. The filters of deliveries,
 * which are mapped, grow with the site and take none that is not free. */
static void
limit_memory(struct worker *w)
{
	uint64_t max = (uint64_t)w->config->worker_memory;
	struct rlimit r = { .rlim_cur = max, .rlim_max = max };

	if (max == 0)
		return;
	if (max < memory_used() + MEMORY_ROOM)
		log_say(w->log, LOG_AT_WARNING, "worker-memory",
		    "[pipe] worker-memory is less than the program itself "
		    "takes, so there is no limit; raise it");
	else if (setrlimit(RLIMIT_DATA, &r) != 0)
		log_say(w->log, LOG_AT_WARNING, "worker-memory",
		    "the limit cannot be set; there is none");
}

/* When memory runs out the kernel should take us, not the mover. */
static void
offer_to_die_first(void)
{
	FILE *f = fopen("/proc/self/oom_score_adj", "we");

	if (f == NULL)
		return;
	fputs("500\n", f);
	fclose(f);
}

static void
worker_init(struct worker *w, const struct worker_args *a)
{
	*w = (struct worker){
		.args = a,
		.config = &a->setup->config,
		.sh = a->sh,
		.log = &a->setup->log,
		.home = atomic_load(&a->sh->home),
		.own = { .lock = -1 },
		.handover = { .fd = -1 },
	};
	limit_memory(w);
	offer_to_die_first();
	house_start(w);
}

/* ---- the mover ---- */

static void
look_at_mover(struct worker *w)
{
	struct pollfd p = { .fd = w->args->life, .events = POLLIN };

	shared_tell(w->sh, w->log);
	if (w->orphan || poll(&p, 1, 0) <= 0 || p.revents == 0)
		return;
	w->orphan = w->own.orphan = true;
	w->orphaned = clock_ticks();
	if (atomic_load(&w->sh->eof))
		return;
	if (atomic_load(&w->sh->input) == SNIFFED_MESSAGE)
		log_say(w->log, LOG_AT_ERROR, "mover",
		    "the process that PowerMTA started was killed before the "
		    "message's end; it will come again");
	else
		log_say(w->log, LOG_AT_ERROR, "mover",
		    "the process that PowerMTA started was killed; what it "
		    "took is worked on to its end, what comes until PowerMTA "
		    "starts it again is in the acct-file alone");
}

/* Nobody was told that the message is taken, and a part of it may read as
 * another's address. */
static bool
is_half_a_message(const struct worker *w)
{
	return w->orphan && !w->own_done && !atomic_load(&w->sh->eof) &&
	    atomic_load(&w->sh->input) == SNIFFED_MESSAGE;
}

/* Sleeps until the mover has something, or ms are over. `head`: what had
 * come when we last looked. */
static void
worker_sleep(struct worker *w, uint64_t head, int64_t ms)
{
	struct pollfd p[] = {
		{ .fd = w->args->wake, .events = POLLIN },
		{ .fd = w->orphan ? -1 : w->args->life, .events = POLLIN },
		{ .fd = w->work == NULL ? -1 : w->handover.fd,
		    .events = POLLIN },
	};
	uint64_t count;

	atomic_store(&w->sh->sleeping, true);
	if (atomic_load(&w->sh->head) == head || w->work == NULL)
		(void)poll(p, COUNT(p), ms > 60000 ? 60000 : (int)ms);
	atomic_store(&w->sh->sleeping, false);
	while (read(w->args->wake, &count, sizeof count) > 0)
		continue;
}

static void
pause_ms(int64_t ms)
{
	(void)poll(NULL, 0, (int)ms);
}

/* Many small commits cost more than one; nobody waits for 20 ms. */
static void
worker_nap(const struct worker *w)
{
	int64_t since = clock_ticks() - w->committed;
	uint64_t waiting =
	    atomic_load(&w->sh->head) - atomic_load(&w->sh->worked);

	if (since < NAP && waiting < NAP_BYTES && !crew_input_over(w) &&
	    !work_pending(w->work) && !crew_holds_any(w))
		pause_ms(NAP - since);
}

/* ---- working ---- */

/* Our own stream can be followed when it is known what comes in. */
static bool
begin_own(struct worker *w, struct err *e)
{
	bool known = atomic_load(&w->sh->input) != SNIFFED_NOT_YET;

	if (w->own.used || w->own_done)
		return true;
	if (!known && !crew_input_over(w))
		return true;
	if (!feed_open_own(&w->own, w->args->setup, w->sh, w->args->journal,
		w->args->spare, e))
		return false;
	w->own.orphan = w->orphan;
	return feed_follow(&w->own, w->work, e);
}

/* Out of memory: another worker has more, and if it is the record, the
 * second death there gives it away. */
static void
give_up_without_memory(struct worker *w, const struct err *e)
{
	if (e->code != EX_OSERR)
		return;
	log_say(w->log, LOG_AT_ERROR, "memory", "%s", e->text);
	_exit(EX_OSERR);
}

static void
tell_busy(struct worker *w)
{
	int64_t ticks = clock_ticks();

	if (w->busy_since == 0)
		w->busy_since = ticks;
	if (ticks - w->busy_since < BUSY_TELL)
		return;
	w->busy_since = ticks;
	log_say(w->log, LOG_AT_WARNING, "busy",
	    "another process has had the database locked for %d s; records "
	    "wait in the journal: look for a long import or a stopped "
	    "pmta-suppress",
	    BUSY_TELL / 1000);
}

/* Whether no stream can be worked on: it is not this one's fault. */
static bool
database_fails(struct worker *w)
{
	struct err e = { 0 };

	work_abandon(w->work);
	if (store_begin(w->store, &e))
		store_rollback(w->store);
	return e.code != 0 && e.code != EX_TEMPFAIL;
}

static enum outcome
step(struct worker *w, struct feed *d)
{
	enum follow_state state = FOLLOW_IDLE;
	struct err e = { 0 };
	bool ok;

	if (d->follow == NULL || d->ended)
		return DID_NOTHING;
	(void)alarm(STEP_LONGEST);
	ok = follow_step(d->follow, SLICE, &state, &e);
	(void)alarm(0);
	if (ok) {
		w->busy_since = 0;
		d->ended = state == FOLLOW_END;
		return state == FOLLOW_IDLE ? DID_NOTHING : DID_SOME;
	}
	give_up_without_memory(w, &e);
	shared_at(w->sh, d->name, 0, 0);
	if (e.code == EX_TEMPFAIL) {
		tell_busy(w);
		return WAS_BUSY;
	}
	if (d == &w->own || database_fails(w)) {
		crew_retire(w, &e);
		return HAD_TROUBLE;
	}
	/* Another's stream must not keep ours from being worked on. */
	log_say(w->log, LOG_AT_ERROR, "adopted",
	    "stream %s: %s; tried again in a minute", d->name, e.text);
	crew_drop(w, d);
	return DID_SOME;
}

/* The adopted stream that began first: names begin with their time. */
static struct feed *
oldest_adopted(struct worker *w)
{
	struct feed *oldest = NULL;

	for (size_t i = 0; i < FEEDS_MAX; i++) {
		struct feed *d = &w->adopted[i];

		if (d->used && (oldest == NULL ||
			strcmp(d->name, oldest->name) < 0))
			oldest = d;
	}
	return oldest;
}

/* One slice of one stream: what was left unfinished is older, and rows are
 * best worked on as they came, so it comes first, one after the other. What a
 * stream has ended with is committed before the next looks at it. Messages may
 * come faster than they are worked on: after each our own stream has a turn. */
static enum outcome
work_round(struct worker *w)
{
	struct feed *d = oldest_adopted(w);
	enum outcome did = DID_NOTHING;

	if (d == NULL || d->follow == NULL)
		return step(w, &w->own);
	if (d->ended || w->own.ended) {
		w->own_turn = crew_is_message(d);
		return crew_commit(w) ? DID_SOME : WAS_BUSY;
	}
	if (w->own_turn)
		did = step(w, &w->own);
	w->own_turn = did == WAS_BUSY;
	if (did == DID_NOTHING)
		did = step(w, d);
	return did == DID_NOTHING ? step(w, &w->own) : did;
}

/* ---- the end ---- */

/* Whether nothing is left to do, ever. */
static bool
worker_done(const struct worker *w)
{
	bool message = atomic_load(&w->sh->input) == SNIFFED_MESSAGE;

	if (!w->own_done || !crew_input_over(w))
		return false;
	if (w->orphan)
		return !crew_holds_any(w);
	if (message && clock_ticks() - w->own_done_at > MESSAGE_EXTRA)
		return true;
	/* Those that are left for the next minute have failed. */
	return w->adopted_once && !crew_holds_any(w) &&
	    (!w->more_to_adopt || (!message && clock_ticks() < w->due.adopt));
}

/* Bytes that go with us: neither worked on nor in the journal. */
static uint64_t
only_in_memory(const struct worker *w)
{
	uint64_t head = atomic_load(&w->sh->head);
	uint64_t disk = atomic_load(&w->sh->disk);
	uint64_t worked = atomic_load(&w->sh->worked);
	uint64_t kept = disk > worked ? disk : worked;

	return head > kept ? head - kept : 0;
}

/* The mover is dead and the database cannot be opened: the next start works
 * on what is in the journal. What is in memory is worth some patience, and
 * nobody else would tell that it is lost; a message comes again. */
static bool
gives_up(struct worker *w)
{
	uint64_t lost = only_in_memory(w);
	int64_t longest =
	    lost > 0 ? ORPHAN_LONGEST : w->config->drain_timeout * 1000;

	if (!w->orphan || clock_ticks() - w->orphaned <= longest)
		return false;
	if (lost > 0 && atomic_load(&w->sh->input) != SNIFFED_MESSAGE)
		log_say(w->log, LOG_AT_ERROR, "dropped",
		    "%llu bytes, the last that the killed process took, could "
		    "neither be worked on within %d min nor written to the "
		    "journal and are lost; give the acct-file of that time to "
		    "'pmta-suppress ingest'",
		    (unsigned long long)lost, ORPHAN_LONGEST / 60000);
	return true;
}

/* Our mover has got the stream's lock after we were born: its next child
 * shares it. */
static bool
wants_renewal(const struct worker *w)
{
	return atomic_load(&w->sh->home) != w->home && !w->orphan &&
	    !w->own_done;
}

/* ---- the whole ---- */

/* Once round: false when it is over. */
static bool
worker_turn(struct worker *w)
{
	uint64_t head = atomic_load(&w->sh->head);
	struct err e = { 0 };
	enum outcome did;

	look_at_mover(w);
	if (is_half_a_message(w))
		return false;
	house_sync(w);
	if (w->work == NULL && clock_ticks() < w->retry) {
		worker_sleep(w, head, house_wait_shut(w));
		return !gives_up(w);
	}
	if ((w->work == NULL && !crew_open(w, &e)) || !begin_own(w, &e)) {
		give_up_without_memory(w, &e);
		if (e.code == EX_TEMPFAIL)
			tell_busy(w);
		crew_retire(w, &e);
		return true;
	}
	worker_nap(w);
	house_keep(w);
	if (w->work == NULL)
		return true;
	if (w->own_done && !w->adopted_once &&
	    atomic_load(&w->sh->input) == SNIFFED_MESSAGE)
		house_after_message(w);
	did = work_round(w);
	if (did == HAD_TROUBLE)
		return true;
	if (did == WAS_BUSY ||
	    ((did == DID_NOTHING || work_due(w->work)) && !crew_commit(w))) {
		pause_ms(BUSY_PAUSE);
		return true;
	}
	if (did == DID_SOME)
		return true;
	if (wants_renewal(w))
		return false;
	if (worker_done(w))
		return crew_hear_last(w);
	worker_sleep(w, head, house_wait(w));
	return true;
}

int
worker_run(const struct worker_args *a)
{
	struct worker w;
	struct err e = { 0 };
	bool done;

	worker_init(&w, a);
	if (!crew_load_rules(&w, &e)) {
		log_say(w.log, LOG_AT_ERROR, "rules", "%s", e.text);
		return EX_SOFTWARE;
	}
	while (worker_turn(&w))
		continue;
	house_notices(&w);
	done = worker_done(&w);
	crew_close(&w);
	shared_tell(w.sh, w.log);
	/* The message is nowhere but in memory: there may be another try. */
	if (done && w.unflushed &&
	    atomic_load(&w.sh->head) > atomic_load(&w.sh->disk))
		return EX_IOERR;
	if (done)
		atomic_store(&w.sh->done, true);
	return EX_OK;
}
