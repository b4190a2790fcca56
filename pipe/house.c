/* house.c - what the worker does from time to time. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/number.h"
#include "crew.h"
#include "wrap/hash.h"

#define MINUTE 60000
#define HOUSE_FIRST MINUTE /* ms after the start */
#define HOUSE_EVERY (10 * MINUTE)
#define ADOPT_FIRST 1000 /* ms for the first bytes of input */
#define GROWTH 16 /* this part of [journal] size more, and it is looked at */
#define TIDY_AFTER 1000 /* ms without a commit */
#define OVER 50 /* ms between turns at the end */
#define FINISHED_EVERY 1000 /* ms between messages' streams that go */
#define DROP_OVER 2 /* s without a loss: tell what was lost */

/* ---- rules that change ---- */

/* Not before it is known that this is no message's short life. */
static bool
may_adopt(const struct worker *w)
{
	int input = atomic_load(&w->sh->input);

	if (input == SNIFFED_MESSAGE)
		return false;
	return input != SNIFFED_NOT_YET || atomic_load(&w->sh->eof) ||
	    clock_ticks() >= w->adopt_from;
}

/* A hash over names, sizes and times of a folder's files. */
static uint64_t
look_of(const char *dir, uint64_t h)
{
	DIR *d = dir[0] != '\0' ? opendir(dir) : NULL;
	const struct dirent *file;
	uint64_t sum = 0;
	struct stat st;

	if (d == NULL)
		return hash64_number(h, 0);
	while ((file = readdir(d)) != NULL) {
		if (file->d_name[0] == '.' ||
		    fstatat(dirfd(d), file->d_name, &st, 0) != 0)
			continue;
		/* A sum: folders have no order. */
		sum += hash64_number(
		    hash64_number(hash64(str_from(file->d_name)), st.st_size),
		    st.st_mtim.tv_sec ^ st.st_mtim.tv_nsec);
	}
	closedir(d);
	return hash64_number(h, (int64_t)sum);
}

static uint64_t
rules_look(const struct worker *w)
{
	return look_of(w->config->rules, look_of(w->config->site_rules, 1));
}

/* Changed rules are loaded while we run: a restart would cost PowerMTA's
 * pipe minutes. */
static void
house_rules(struct worker *w)
{
	uint64_t look = rules_look(w);

	if (look == w->rules_seen)
		return;
	w->rules_seen = look;
	crew_reload_rules(w);
}

/* ---- notices ---- */

/* One notice in a batch of its own. */
static bool
notice(struct worker *w, struct str kind, const char *text)
{
	struct err e = { 0 };

	if (!store_begin(w->store, &e))
		return false;
	if (notice_add(w->store, kind, str_from(text), 0, clock_now(), &e) &&
	    store_commit(w->store, &e))
		return true;
	store_rollback(w->store);
	return false;
}

static void
notice_dropped(struct worker *w)
{
	uint64_t dropped = atomic_load(&w->sh->dropped);
	uint64_t told = atomic_load(&w->sh->dropped_told);
	int64_t last = atomic_load(&w->sh->drop_last);
	int64_t ago = clock_now() - last; /* below 0: the clock was set back */
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
	char text[256];

	if (dropped == told ||
	    (ago >= 0 && ago < DROP_OVER && !atomic_load(&w->sh->eof) &&
		!w->orphan))
		return;
	if (!number_print(text, sizeof text,
		"%llu bytes of records were dropped between %s and %s; give "
		"the acct-file of that time to 'pmta-suppress ingest'",
		(unsigned long long)(dropped - told),
		clock_text(atomic_load(&w->sh->drop_first), from),
		clock_text(last, to)))
		return;
	if (!notice(w, STR("dropped"), text))
		return;
	atomic_store(&w->sh->dropped_told, dropped);
	log_say(w->log, LOG_AT_ERROR, "dropped", "%s", text);
}

static void
notice_gap(struct worker *w, struct feed *d)
{
	char text[256];

	if (!d->used || !d->gap_new ||
	    !number_print(text, sizeof text,
		"stream %s: bytes are missing before byte %llu; give the "
		"acct-file of that time to 'pmta-suppress ingest'",
		d->name, (unsigned long long)d->gap_end))
		return;
	if (!notice(w, STR("gap"), text))
		return;
	d->gap_new = false;
	log_say(w->log, LOG_AT_ERROR, "gap", "%s", text);
}

void
house_notices(struct worker *w)
{
	if (w->work == NULL || store_in_batch(w->store))
		return;
	notice_dropped(w);
	/* What the mover dropped has been told as that. */
	if (atomic_load(&w->sh->dropped) == 0)
		notice_gap(w, &w->own);
	for (size_t i = 0; i < FEEDS_MAX; i++)
		notice_gap(w, &w->adopted[i]);
	if (w->trouble.code != 0 && notice(w, STR("rules"), w->trouble.text))
		err_clear(&w->trouble);
}

/* ---- the summary line ---- */

void
house_sum_up(struct worker *w)
{
	struct shared_sums sums = { w->before, shared_sums(w->sh)->others };

	work_sums_add(&sums.work, work_sums(w->work));
	for (size_t i = 0; i < FEEDS_MAX; i++) {
		struct feed *d = &w->adopted[i];
		uint64_t pos = d->follow == NULL ? 0
		    : follow_position(d->follow);

		if (pos <= d->summed)
			continue;
		sums.others += pos - d->summed;
		d->summed = pos;
	}
	shared_put_sums(w->sh, &sums);
}

void
house_summary(struct worker *w)
{
	/* Of messages: one line each would be many. */
	bool message = atomic_load(&w->sh->input) == SNIFFED_MESSAGE;
	const struct shared_sums *sums = shared_sums(w->sh);
	uint64_t worked = atomic_load(&w->sh->worked);
	/* Both only grow, and so the sum tells whether one has. */
	uint64_t sum = worked + sums->others;
	struct buf b = { 0 };

	if (sum == atomic_load(&w->sh->summed))
		return;
	atomic_store(&w->sh->summed, sum);
	if (sums->others > 0)
		buf_addf(&b, " and on %llu of other streams",
		    (unsigned long long)sums->others);
	buf_adds(&b, ": ");
	work_sums_text(&sums->work, &b);
	if (buf_cstr(&b) != NULL)
		log_say(w->log, message ? LOG_AT_INFO : LOG_AT_NOTICE,
		    "summary", "%s: took %llu bytes, worked on %llu%s",
		    w->args->setup->name,
		    (unsigned long long)atomic_load(&w->sh->head),
		    (unsigned long long)worked, b.p);
	log_say(w->log, LOG_AT_DEBUG, "moves",
	    "%llu moves of bytes, %llu of them woke the worker",
	    (unsigned long long)atomic_load(&w->sh->moves),
	    (unsigned long long)atomic_load(&w->sh->wakes));
	buf_release(&b);
}

/* ---- the journal ---- */

/* The end of input, and so a message, is synced by the mover. */
static bool
is_unsynced(const struct worker *w)
{
	return w->args->journal != NULL &&
	    atomic_load(&w->sh->disk) != w->synced && !atomic_load(&w->sh->eof);
}

/* With a reader of its own: ours is not read while there is no database. */
static bool
sync_journal(struct worker *w, struct err *e)
{
	if (w->syncer == NULL)
		w->syncer = journal_reader_open(
		    w->args->journal, w->args->setup->name, e);
	return w->syncer != NULL && journal_sync(w->syncer, e);
}

void
house_sync(struct worker *w)
{
	int64_t ticks = clock_ticks();
	uint64_t disk = atomic_load(&w->sh->disk);
	struct err e = { 0 };

	if (ticks < w->due.sync || !is_unsynced(w))
		return;
	w->due.sync = ticks + w->config->sync_ms;
	if (sync_journal(w, &e))
		w->synced = disk;
	else
		log_say(w->log, LOG_AT_ERROR, "journal", "%s", e.text);
}

/* Rows may come faster than the house has its turns. */
static bool
journal_grew(const struct worker *w)
{
	uint64_t most = (uint64_t)w->config->journal_bytes / GROWTH;
	uint64_t least = (uint64_t)w->config->segment_bytes;

	return atomic_load(&w->sh->worked) - w->cleaned >=
	    (most > least ? most : least);
}

static uint64_t
worked_on(void *ctx, const char *name)
{
	struct worker *w = ctx;
	struct err e = { 0 };
	struct stream st;
	bool found = false;

	if (!stream_find(w->store, str_from(name), &st, &found, &e) || !found)
		return UINT64_MAX;
	return st.pos;
}

static bool
sync_worked(void *ctx, struct err *e)
{
	struct worker *w = ctx;

	return store_sync(w->store, e);
}

static void
house_journal(struct worker *w)
{
	struct journal_clean how = {
		.now = clock_now(),
		.keep = w->config->journal_keep,
		.max_bytes = (uint64_t)w->config->journal_bytes,
		.worked = worked_on,
		.sync = sync_worked,
		.ctx = w,
	};
	struct err e = { 0 };
	uint64_t deleted = 0;

	w->cleaned = atomic_load(&w->sh->worked);
	if (w->args->journal == NULL)
		return;
	if (!journal_clean(w->args->journal, &how, &deleted, &e))
		log_say(w->log, LOG_AT_ERROR, "journal", "%s", e.text);
	if (deleted > 0)
		log_say(w->log, LOG_AT_INFO, "journal",
		    "%llu old segments were deleted",
		    (unsigned long long)deleted);
}

/* ---- the database ---- */

/* Whether there may be more to end. */
static bool
house_expire(struct worker *w)
{
	struct err e = { 0 };
	int64_t ended = 0;

	if (!store_begin(w->store, &e))
		return false; /* busy: the next round will do */
	if (entry_expire(w->store, clock_now(), &ended, &e) &&
	    store_commit(w->store, &e))
		return ended >= ENTRY_EXPIRE_MAX;
	store_rollback(w->store);
	log_say(w->log, LOG_AT_ERROR, "database", "%s", e.text);
	return false;
}

/* Checkpoints: small ones by size, one when it has become quiet. */
static void
house_tidy(struct worker *w, int64_t ticks)
{
	bool idle = ticks - w->committed >= TIDY_AFTER;
	struct err e = { 0 };

	if (w->tidied > w->committed)
		return;
	if (idle)
		w->tidied = ticks;
	if (!store_tidy(w->store, idle, &e) && e.code != EX_TEMPFAIL)
		log_say(w->log, LOG_AT_WARNING, "database", "%s", e.text);
}

static void
house_work(struct worker *w)
{
	/* The rest when what has come meanwhile is worked on. */
	if (house_expire(w))
		w->due.house = clock_ticks();
	house_journal(w);
}

/* ---- messages ---- */

static void
house_listen(struct worker *w)
{
	struct journal *j = w->args->journal;
	struct err e = { 0 };

	if (j == NULL || crew_input_over(w) ||
	    handover_listen(&w->handover, w->args->setup, journal_fd(j), &e))
		return;
	if (e.code != 0 && !w->deaf_told)
		log_say(w->log, LOG_AT_WARNING, "journal", "%s", e.text);
	w->deaf_told = e.code != 0;
}

/* At the end nobody is to find us, but what was left before is taken. */
static void
house_messages(struct worker *w)
{
	if (crew_input_over(w))
		handover_hide(&w->handover);
	crew_take_messages(w);
}

/* ---- all of it ---- */

void
house_start(struct worker *w)
{
	int64_t ticks = clock_ticks();

	w->rules_seen = rules_look(w);
	w->tidied = ticks + 1; /* nothing has been committed */
	w->adopt_from = ticks + ADOPT_FIRST;
	w->due.rules = ticks + MINUTE;
	w->due.house = ticks + HOUSE_FIRST;
	w->due.summary = ticks + w->config->summary * 1000;
}

/* Whether *due has come; then it is set anew. */
static bool
is_due(int64_t *due, int64_t ticks, int64_t every)
{
	if (ticks < *due)
		return false;
	*due = ticks + every;
	return true;
}

void
house_keep(struct worker *w)
{
	int64_t ticks = clock_ticks();
	int64_t summary = w->config->summary * 1000;

	if (w->work == NULL || store_in_batch(w->store))
		return;
	house_notices(w);
	house_tidy(w, ticks);
	if (is_due(&w->due.house, ticks, HOUSE_EVERY))
		house_work(w);
	else if (journal_grew(w))
		house_journal(w);
	if (summary > 0 && is_due(&w->due.summary, ticks, summary))
		house_summary(w);
	if (may_adopt(w) && is_due(&w->due.adopt, ticks, MINUTE)) {
		house_listen(w);
		crew_adopt(w);
	}
	house_messages(w);
	if (w->n_finished > 0 &&
	    is_due(&w->due.finished, ticks, FINISHED_EVERY))
		crew_finish_messages(w);
	/* Last: it may close the road. */
	if (is_due(&w->due.rules, ticks, MINUTE))
		house_rules(w);
}

static void
sooner(int64_t *next, bool matters, int64_t ticks)
{
	if (matters && ticks < *next)
		*next = ticks;
}

void
house_after_message(struct worker *w)
{
	struct journal *j = w->args->journal;
	int64_t now = clock_now();

	w->adopted_once = true;
	if (j == NULL || w->orphan)
		return;
	if (journal_turn(j, "adopt", now, MINUTE / 1000))
		crew_adopt(w);
	if (!journal_turn(j, "house", now, HOUSE_EVERY / 1000))
		return;
	while (house_expire(w))
		continue;
	house_journal(w);
}

int64_t
house_wait_shut(const struct worker *w)
{
	int64_t ticks = clock_ticks();
	int64_t next = w->retry;

	sooner(&next, is_unsynced(w), w->due.sync);
	return next > ticks ? next - ticks : 0;
}

int64_t
house_wait(const struct worker *w)
{
	int64_t ticks = clock_ticks();
	int64_t next = w->due.house;
	bool adopts = may_adopt(w);
	bool dropped =
	    atomic_load(&w->sh->dropped) != atomic_load(&w->sh->dropped_told);

	sooner(&next, true, w->due.rules);
	sooner(&next, adopts, w->due.adopt);
	sooner(&next, !adopts &&
	    atomic_load(&w->sh->input) == SNIFFED_NOT_YET, w->adopt_from);
	sooner(&next, w->config->summary > 0, w->due.summary);
	sooner(&next, is_unsynced(w), w->due.sync);
	sooner(&next, w->tidied <= w->committed, w->committed + TIDY_AFTER);
	sooner(&next, w->n_finished > 0, w->due.finished);
	sooner(&next, dropped, ticks + TIDY_AFTER);
	sooner(&next, atomic_load(&w->sh->eof) || w->orphan, ticks + OVER);
	return next > ticks ? next - ticks : 0;
}
