/* crew.c - opens and closes what the worker works with. */
#include "crew.h"

#include <string.h>

#include "base/clock.h"

#define PAUSE_FIRST 100 /* ms between tries to open the database */
#define PAUSE_MAX 5000
#define PAUSE_BUSY 20 /* when it is only locked */

/* ---- rules ---- */

static bool
is_message(const struct journal_info *i)
{
	return str_eq(str_from(i->input), STR("message"));
}

bool
crew_is_message(const struct feed *d)
{
	return is_message(&d->info);
}

/* All rules that are configured, or none and it is told; prepared, or only
 * read. */
static struct rules *
configured_rules(struct worker *w, bool prepared, const char *instead)
{
	const char *site = w->config->site_rules;
	const char *shipped =
	    w->config->rules[0] != '\0' ? w->config->rules : NULL;
	struct err e = { 0 };
	struct rules *r;

	r = prepared ? rules_open(site, shipped, &e)
		     : rules_read(site, shipped, &e);
	if (r == NULL) {
		log_say(w->log, LOG_AT_ERROR, "rules",
		    "%s; until then %s are used", e.text, instead);
		w->trouble = e;
	}
	return r;
}

bool
crew_load_rules(struct worker *w, struct err *e)
{
	/* One message asks them little or nothing. */
	w->rules = configured_rules(w,
	    atomic_load(&w->sh->input) != SNIFFED_MESSAGE,
	    "the built-in rules alone");
	/* Whole: leaving out one could let a block read as a dead mailbox. */
	if (w->rules == NULL)
		w->rules = rules_open(NULL, NULL, e);
	return w->rules != NULL;
}

/* ---- the database and the road ---- */

static void
on_record(void *ctx, const char *stream, uint64_t pos, uint64_t size)
{
	struct worker *w = ctx;
	struct feed *d = &w->own;

	shared_at(w->sh, stream, pos, size);
	if (size == 0 || !shared_is_poison(w->sh, stream, pos))
		return;
	for (size_t i = 0; i < FEEDS_MAX && strcmp(d->name, stream) != 0; i++)
		d = &w->adopted[i];
	if (d->follow != NULL && strcmp(d->name, stream) == 0)
		follow_quarantine(d->follow, pos);
}

static bool
follow_all(struct worker *w, struct err *e)
{
	if (w->own.used && !feed_follow(&w->own, w->work, e))
		return false;
	for (size_t i = 0; i < FEEDS_MAX; i++)
		if (w->adopted[i].used &&
		    !feed_follow(&w->adopted[i], w->work, e))
			return false;
	return true;
}

static bool
open_road(struct worker *w, struct err *e)
{
	w->work = work_open(w->config, w->store, w->rules, w->log, e);
	if (w->work == NULL)
		return false;
	work_watch(w->work, on_record, w);
	w->before = shared_sums(w->sh)->work;
	return follow_all(w, e);
}

bool
crew_open(struct worker *w, struct err *e)
{
	bool there;

	w->store = store_open(
	    w->args->setup->database, STORE_WRITE, &w->config->store, 0, e);
	there = w->store != NULL || e->code == EX_TEMPFAIL;
	atomic_store(
	    &w->sh->database, there ? DATABASE_THERE : DATABASE_FAILED);
	if (w->store == NULL)
		return false;
	if (store_was_made(w->store))
		log_say(w->log, LOG_AT_NOTICE, "database",
		    "%s: nothing was there, an empty list is begun; if there "
		    "was one, put a copy back",
		    w->args->setup->database);
	return open_road(w, e);
}

static void
unfollow_all(struct worker *w)
{
	feed_unfollow(&w->own);
	for (size_t i = 0; i < FEEDS_MAX; i++)
		feed_unfollow(&w->adopted[i]);
}

static void
close_road(struct worker *w)
{
	if (w->work != NULL) {
		work_abandon(w->work);
		house_summary(w);
	}
	unfollow_all(w);
	work_close(w->work);
	w->work = NULL;
}

void
crew_finish_messages(struct worker *w)
{
	struct journal *j = w->args->journal;
	struct err e = { 0 };
	bool ok;

	if (w->n_finished == 0)
		return;
	/* Its commit may be in memory alone, and PowerMTA has been told that
	 * the message is taken. What cannot be kept so stays in the journal,
	 * and goes with it. */
	ok = store_sync(w->store, &e);
	w->unflushed |= !ok;
	for (size_t i = 0; ok && j != NULL && i < w->n_finished; i++)
		ok = journal_retire(j, w->finished[i], &e);
	w->n_finished = 0;
	if (!ok)
		log_say(w->log, LOG_AT_WARNING, "journal", "%s", e.text);
}

static void
close_store(struct worker *w)
{
	close_road(w);
	crew_finish_messages(w);
	store_close(w->store);
	w->store = NULL;
}

void
crew_retire(struct worker *w, const struct err *e)
{
	close_store(w);
	if (e->code == EX_TEMPFAIL) {
		w->retry = clock_ticks() + PAUSE_BUSY;
		return;
	}
	w->pause = w->pause == 0 ? PAUSE_FIRST : w->pause * 2;
	if (w->pause > PAUSE_MAX)
		w->pause = PAUSE_MAX;
	w->retry = clock_ticks() + w->pause;
	log_say(w->log, LOG_AT_ERROR,
	    e->code == EX_UNAVAILABLE ? "gmime" : "database",
	    "%s; records wait in the journal, the next try is in %lld ms",
	    e->text, (long long)w->pause);
}

void
crew_reload_rules(struct worker *w)
{
	struct rules *r = configured_rules(w, true, "the rules loaded before");
	struct err e = { 0 };

	if (r == NULL)
		return;
	close_road(w);
	rules_close(w->rules);
	w->rules = r;
	if (!open_road(w, &e)) {
		crew_retire(w, &e);
		return;
	}
	log_say(w->log, LOG_AT_NOTICE, "rules",
	    "the rules have changed and were loaded again: %zu rules",
	    rules_count(r));
}

void
crew_close(struct worker *w)
{
	close_store(w);
	handover_close(&w->handover);
	feed_close(&w->own);
	for (size_t i = 0; i < FEEDS_MAX; i++)
		feed_close(&w->adopted[i]);
	journal_reader_close(w->syncer);
	rules_close(w->rules);
	w->rules = NULL;
}

/* ---- streams of the dead ---- */

bool
crew_input_over(const struct worker *w)
{
	return w->orphan || atomic_load(&w->sh->eof);
}

bool
crew_holds_any(const struct worker *w)
{
	for (size_t i = 0; i < FEEDS_MAX; i++)
		if (w->adopted[i].used)
			return true;
	return false;
}

static bool
holds(const struct worker *w, const char *name)
{
	for (size_t i = 0; i < FEEDS_MAX; i++)
		if (w->adopted[i].used && strcmp(w->adopted[i].name, name) == 0)
			return true;
	return strcmp(w->args->setup->name, name) == 0;
}

static struct feed *
free_feed(struct worker *w)
{
	for (size_t i = 0; i < FEEDS_MAX; i++)
		if (!w->adopted[i].used)
			return &w->adopted[i];
	return NULL;
}

/* Whether there is nothing to do: finished streams are kept for a while. */
static bool
is_finished(struct worker *w, const char *name)
{
	struct stream st;
	struct err e = { 0 };
	bool found = false;

	return stream_find(w->store, str_from(name), &st, &found, &e) &&
	    found && st.finished;
}

/* False: somebody lives, or it is told why not. */
static bool
take_up(struct worker *w, struct feed *d, const char *name)
{
	struct err e = { 0 };
	bool taken = false;

	if (feed_adopt(d, name, w->args->journal, &taken, &e) && !taken)
		return false;
	if (e.code == 0 && feed_follow(d, w->work, &e)) {
		d->summed = follow_position(d->follow);
		return true;
	}
	feed_close(d);
	log_say(w->log, LOG_AT_ERROR, "adopted",
	    "stream %s cannot be taken up: %s; tried again in a minute", name,
	    e.text);
	return false;
}

static bool
adopt_one(void *ctx, const char *name, struct err *e)
{
	struct worker *w = ctx;
	struct feed *d = free_feed(w);

	(void)e;
	/* That there are more is enough: there may be thousands. */
	if (d == NULL && w->more_to_adopt)
		return true;
	if (strcmp(name, w->adopted_last) <= 0 || holds(w, name) ||
	    is_finished(w, name))
		return true;
	if (d == NULL) {
		w->more_to_adopt = true;
		return true;
	}
	(void)str_copy(
	    str_from(name), w->adopted_last, sizeof w->adopted_last);
	if (take_up(w, d, name))
		log_say(w->log,
		    crew_is_message(d) ? LOG_AT_INFO : LOG_AT_NOTICE, "adopted",
		    "stream %s was left unfinished; working on from byte %llu",
		    name, (unsigned long long)follow_position(d->follow));
	return true;
}

/* Those behind the last one come first, so that some that fail again and again
 * keep nobody else from being taken up. */
void
crew_adopt(struct worker *w)
{
	struct err e = { 0 };

	if (!w->more_to_adopt)
		w->adopted_last[0] = '\0';
	w->more_to_adopt = false;
	w->adopted_once = true;
	if (w->args->journal == NULL || w->orphan)
		return;
	if (!journal_each(w->args->journal, adopt_one, w, &e))
		log_say(w->log, LOG_AT_ERROR, "journal", "%s", e.text);
}

/* What waits while all feeds are in use is not lost, nor is what a name that
 * is none would stand for. */
void
crew_take_messages(struct worker *w)
{
	char name[JOURNAL_NAME_MAX];
	struct feed *d;

	while ((d = free_feed(w)) != NULL && handover_next(&w->handover, name))
		if (journal_is_name(str_from(name)) && !holds(w, name) &&
		    !is_finished(w, name))
			(void)take_up(w, d, name);
}

bool
crew_hear_last(struct worker *w)
{
	if (w->handover.fd < 0)
		return false;
	/* Who finds nobody any more does it by himself, and what was left
	 * before is a stream that nobody works on. */
	handover_hide(&w->handover);
	handover_close(&w->handover);
	crew_adopt(w);
	return crew_holds_any(w);
}

/* ---- committing ---- */

/* A message's stream is not to be looked at again; there may be many, and one
 * wait for the disk is for all of them. */
static void
note_finished(struct worker *w, const struct feed *d)
{
	if (!is_message(&d->info))
		return;
	if (w->n_finished == FINISHED_MAX)
		crew_finish_messages(w);
	(void)str_copy(str_from(d->name), w->finished[w->n_finished++],
	    JOURNAL_NAME_MAX);
}

static void
close_ended(struct worker *w)
{
	bool closed = false;
	size_t room = 0;

	if (w->own.used && w->own.follow != NULL)
		atomic_store(&w->sh->worked, follow_position(w->own.follow));
	if (w->own.ended) {
		w->own_done = true;
		w->own_done_at = clock_ticks();
		note_finished(w, &w->own);
		feed_close(&w->own);
	}
	for (size_t i = 0; i < FEEDS_MAX; i++)
		if (w->adopted[i].ended) {
			note_finished(w, &w->adopted[i]);
			feed_close(&w->adopted[i]);
			closed = true;
		}
	for (size_t i = 0; i < FEEDS_MAX; i++)
		room += !w->adopted[i].used;
	/* One that failed is for the next minute. A look at the folder is for
	 * several: there may be thousands. */
	if (closed && w->more_to_adopt && room >= FEEDS_MAX / 2)
		w->due.adopt = 0;
}

/* Rolled back: nothing has ended after all. */
static void
nothing_ended(struct worker *w)
{
	w->own.ended = false;
	for (size_t i = 0; i < FEEDS_MAX; i++)
		w->adopted[i].ended = false;
}

void
crew_drop(struct worker *w, struct feed *d)
{
	work_abandon(w->work);
	nothing_ended(w);
	feed_close(d);
}

bool
crew_commit(struct worker *w)
{
	struct err e = { 0 };
	bool pending = work_pending(w->work);

	if (work_commit(w->work, &e)) {
		if (pending) {
			w->committed = clock_ticks();
			w->pause = 0;
		}
		house_sum_up(w);
		house_notices(w);
		close_ended(w);
		return true;
	}
	nothing_ended(w);
	if (e.code != EX_TEMPFAIL)
		crew_retire(w, &e);
	return false;
}
