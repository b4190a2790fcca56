/* work.c - one batch after the other over the sources being followed. */
#include "work/work.h"

#include <stdlib.h>

#include "base/clock.h"
#include "work/inside.h"
#include "work/scope.h"

/* Without it the answers are those of a new database. */
static void
open_accepted(struct work *w)
{
	char dir[CONFIG_PATH_MAX];
	struct err e = { 0 };

	if (config_path(w->config, "accepted", dir, &e))
		w->accepted = accepted_open(dir, true, &e);
	if (w->accepted == NULL && w->log != NULL)
		log_say(w->log, LOG_AT_WARNING, "accepted", "%s", e.text);
}

#define TIDY_EVERY 30000 /* ms between looks at the files of who took mail */

static void
tidy_accepted(struct work *w)
{
	struct err e = { 0 };

	if (w->accepted == NULL || clock_ticks() - w->tidied < TIDY_EVERY)
		return;
	w->tidied = clock_ticks();
	if (!accepted_tidy(w->accepted, &e) && w->log != NULL)
		log_say(w->log, LOG_AT_WARNING, "accepted", "%s", e.text);
}

struct work *
work_open(const struct config *c, struct store *s, struct rules *r,
    struct log *l, struct err *e)
{
	struct work *w = calloc(1, sizeof *w);

	if (w == NULL) {
		err_memory(e);
		return NULL;
	}
	w->config = c;
	w->store = s;
	w->rules = r;
	w->log = l;
	w->receivers = receivers_new();
	keys_settings(&w->keys, c, &w->acct, &w->mails);
	w->acct.stream_column = scope_column(str_from(c->stream_key));
	w->mails.stream_header = SCOPE_HEADER(w->acct.stream_column);
	work_keys(w, clock_now());
	open_accepted(w);
	return w;
}

void
work_keys(struct work *w, int64_t now)
{
	struct err e = { 0 };

	if (!keys_refresh(w->config, &w->keys, now, &e))
		log_say(w->log, LOG_AT_ERROR, "verp-keys",
		    "%s; until then no token proves anything", e.text);
}

void
work_close(struct work *w)
{
	if (w == NULL)
		return;
	accepted_close(w->accepted);
	receivers_free(w->receivers);
	storm_release(w);
	breaker_release(w);
	buf_release(&w->folded);
	buf_release(&w->text);
	free(w->follows);
	explicit_bzero(&w->keys, sizeof w->keys);
	free(w);
}

void
work_watch(struct work *w, work_record_fn *fn, void *ctx)
{
	w->watch = fn;
	w->watch_ctx = ctx;
}

bool
work_begin(struct work *w, struct err *e)
{
	if (work_pending(w))
		return true;
	if (!store_begin(w->store, e))
		return false;
	w->began = clock_ticks();
	w->in_batch = w->evidence = 0;
	w->set_aside = false;
	return true;
}

bool
work_pending(const struct work *w)
{
	return store_in_batch(w->store);
}

/* Bounds what a kill costs, what is kept in memory, and how long one who
 * comes meanwhile waits. */
#define ROWS_MORE 10 /* times as many rows as evidence, which costs most */
#define ALONE_MS 4000
#define ALONE_EVENTS 2000000
#define ALONE_TIMES 4 /* as much evidence as with others */

void
work_alone(struct work *w, bool alone)
{
	w->alone = alone;
}

static int64_t
at_least(int64_t n, bool alone, int64_t least)
{
	return alone && n < least ? least : n;
}

bool
work_due(const struct work *w)
{
	const struct config *c = w->config;

	int64_t times = w->alone ? ALONE_TIMES : 1;

	return work_pending(w) && (w->set_aside ||
	    w->evidence >= times * c->commit_events ||
	    w->in_batch >= at_least(ROWS_MORE * c->commit_events, w->alone,
	        ALONE_EVENTS) || clock_ticks() - w->began >=
	    at_least(c->commit_ms, w->alone, ALONE_MS));
}

bool
work_commit(struct work *w, struct err *e)
{
	if (!work_pending(w))
		return true;
	for (size_t i = 0; i < w->n_follows; i++)
		if (!follow_keep(w->follows[i], e)) {
			work_abandon(w);
			return false;
		}
	if (!store_commit(w->store, e)) {
		work_abandon(w);
		return false;
	}
	for (size_t i = 0; i < w->n_follows; i++)
		follow_kept(w->follows[i]);
	w->sums_kept = w->sums;
	w->in_batch = w->evidence = 0;
	tidy_accepted(w);
	return true;
}

void
work_abandon(struct work *w)
{
	if (work_pending(w))
		store_rollback(w->store);
	for (size_t i = 0; i < w->n_follows; i++)
		follow_back(w->follows[i]);
	w->sums = w->sums_kept;
	w->in_batch = w->evidence = 0;
}

const struct work_sums *
work_sums(const struct work *w)
{
	return &w->sums;
}

void
work_sums_clear(struct work *w)
{
	w->sums = w->sums_kept = (struct work_sums){ 0 };
}

static void
sums_list(struct buf *out, const char *(*name)(size_t), const int64_t *n,
    size_t count)
{
	const char *before = " (";

	for (size_t i = 0; i < count; i++) {
		if (n[i] == 0)
			continue;
		buf_addf(out, "%s%s %lld", before, name(i), (long long)n[i]);
		before = ", ";
	}
	if (before[0] == ',')
		buf_addc(out, ')');
}

static const char *
kind_of_index(size_t i)
{
	return kind_name((enum kind)i);
}

static const char *
skip_of_index(size_t i)
{
	return skip_name((enum skip)i);
}

void
work_sums_text(const struct work_sums *s, struct buf *out)
{
	int64_t skipped = 0;

	for (size_t i = 1; i < SKIP_COUNT; i++)
		skipped += s->skipped[i];
	buf_addf(out, "rows %lld", (long long)s->rows);
	sums_list(out, kind_of_index, s->by_kind, KIND_COUNT);
	buf_addf(out, " used %lld skipped %lld", (long long)s->used,
	    (long long)skipped);
	sums_list(out, skip_of_index, s->skipped, SKIP_COUNT);
	buf_addf(out, " suppressed %lld held %lld", (long long)s->suppressed,
	    (long long)s->held);
}

void
work_sums_add(struct work_sums *to, const struct work_sums *more)
{
	to->rows += more->rows;
	to->used += more->used;
	to->suppressed += more->suppressed;
	to->held += more->held;
	to->cleared += more->cleared;
	for (size_t i = 0; i < KIND_COUNT; i++)
		to->by_kind[i] += more->by_kind[i];
	for (size_t i = 0; i < SKIP_COUNT; i++)
		to->skipped[i] += more->skipped[i];
	if (more->last_time != 0)
		to->last_time = more->last_time;
}
