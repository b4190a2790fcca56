/* feed.c - the streams that a worker reads: ours, and those of the dead. */
#include "feed.h"

#include <string.h>
#include <unistd.h>

#define MISSES_MAX 20 /* reads without bytes that should be there */

/* ---- reading ---- */

/* Notes where bytes are missing; a hole is read in several pieces. */
static void
note_gap(struct feed *d, uint64_t pos, size_t got)
{
	if (pos != d->gap_end || d->gap_end == 0)
		d->gap_new = true;
	d->gap_end = pos + got;
}

/* Bytes that were taken and are nowhere to be found, unless the mover has made
 * a new folder: then our successor finds them there. */
static bool
is_lost(const struct feed *d)
{
	return d->misses > MISSES_MAX && atomic_load(&d->sh->home) == d->home;
}

/* Ours: segments, then the spare in memory, while the mover writes both. */
static bool
own_read(void *ctx, struct piece *in, struct err *e)
{
	struct feed *d = ctx;
	/* In this order: what comes after the end of input is nothing. */
	bool eof = atomic_load(&d->sh->eof);
	uint64_t head = atomic_load(&d->sh->head);
	uint64_t disk = atomic_load(&d->sh->disk);

	if (d->reader != NULL && (d->orphan || in->pos < disk) &&
	    !journal_read(d->reader, in, e))
		return false;
	if (in->got == 0 && !spare_read(d->spare, d->orphan, in, e))
		return false;
	if (in->gap && in->got > 0)
		note_gap(d, in->pos, in->got);
	d->misses = in->got > 0 || in->pos == head ? 0 : d->misses + 1;
	if (eof && !d->orphan && is_lost(d))
		note_gap(d, in->pos, (size_t)(head - in->pos));
	if (d->orphan)
		in->end = in->got == 0;
	else
		in->end = eof && (in->pos + in->got >= head || is_lost(d));
	return true;
}

/* A dead one's: what is there is all. */
static bool
adopted_read(void *ctx, struct piece *in, struct err *e)
{
	struct feed *d = ctx;

	if (!journal_read(d->reader, in, e))
		return false;
	if (in->gap && in->got > 0)
		note_gap(d, in->pos, in->got);
	in->end = in->got == 0;
	return true;
}

/* ---- the header ---- */

static void
say_header(void *ctx, struct str row, uint64_t at)
{
	struct feed *d = ctx;
	struct err e = { 0 };
	struct str kept = row.n < JOURNAL_HEADER_MAX ? row : STR("");

	if (d->journal == NULL || str_eq(kept, d->source.header) ||
	    !journal_say_header(d->journal, d->name, kept, at, &e) ||
	    !str_copy(kept, d->info.header, sizeof d->info.header))
		return;
	d->source.header = str_of(d->info.header, kept.n);
	d->source.header_at = at;
}

/* What a worker before us has said of our stream, if there is a folder. */
static void
take_header(struct feed *d, const char *name, struct journal *j)
{
	struct journal_info said;
	struct err none = { 0 };

	if (j == NULL || !journal_read_info(j, name, &said, &none))
		return;
	(void)str_copy(str_from(said.header), d->info.header,
	    sizeof d->info.header);
	d->info.header_at = said.header_at;
}

/* ---- opening ---- */

static bool
feed_open(struct feed *d, const char *name, struct journal *j, struct err *e)
{
	d->journal = j;
	(void)str_copy(str_from(name), d->name, sizeof d->name);
	d->source = (struct source){
		.name = d->name,
		.road = ROAD_PIPE,
		.input = d->info.input,
		.from = str_from(d->info.from),
		.to = str_from(d->info.to),
		.envid = str_from(d->info.envid),
		.header = str_from(d->info.header),
		.header_at = d->info.header_at,
		.say_header = say_header,
		.ctx = d,
		.read = d->sh != NULL ? own_read : adopted_read,
	};
	if (j != NULL && (d->reader = journal_reader_open(j, name, e)) == NULL)
		return false;
	d->used = true;
	return true;
}

bool
feed_open_own(struct feed *d, const struct setup *setup, struct shared *sh,
    struct journal *j, const struct spare *spare, struct err *e)
{
	*d = (struct feed){
		.lock = -1,
		.info = setup->info,
		.sh = sh,
		.spare = spare,
		.home = atomic_load(&sh->home),
	};
	take_header(d, setup->name, j);
	(void)str_copy(
	    str_from(shared_input(sh)), d->info.input, sizeof d->info.input);
	if (feed_open(d, setup->name, j, e))
		return true;
	feed_close(d);
	return false;
}

bool
feed_adopt(struct feed *d, const char *name, struct journal *j, bool *taken,
    struct err *e)
{
	*d = (struct feed){ .lock = -1 };
	*taken = false;
	if (!journal_claim(j, name, &d->lock, e))
		return false;
	if (d->lock < 0)
		return true;
	if (!journal_read_info(j, name, &d->info, e))
		goto fail;
	if (strcmp(d->info.input, JOURNAL_PART) == 0) {
		if (!journal_forget(j, name, e))
			goto fail;
		close(d->lock);
		d->lock = -1;
		return true;
	}
	*taken = true;
	if (feed_open(d, name, j, e)) {
		if (strcmp(d->info.input, "message") == 0)
			journal_reader_one(d->reader);
		return true;
	}
fail:
	d->used = true;
	feed_close(d);
	return false;
}

/* ---- following ---- */

bool
feed_follow(struct feed *d, struct work *w, struct err *e)
{
	d->ended = false;
	d->follow = follow_open(w, &d->source, e);
	return d->follow != NULL;
}

void
feed_unfollow(struct feed *d)
{
	follow_close(d->follow);
	d->follow = NULL;
}

void
feed_close(struct feed *d)
{
	feed_unfollow(d);
	journal_reader_close(d->reader);
	if (d->used && d->lock >= 0)
		close(d->lock);
	*d = (struct feed){ .lock = -1 };
}
