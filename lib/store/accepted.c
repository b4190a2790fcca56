/* accepted.c - who took mail lately: a Bloom filter a week. */
#include "store/accepted.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/accepted_parts.h"

struct accepted *
accepted_open(const char *dir, bool write, struct err *e)
{
	struct accepted *a = calloc(1, sizeof *a);

	if (a == NULL || (a->dir = strdup(dir)) == NULL) {
		free(a);
		err_memory(e);
		return NULL;
	}
	a->fd = -1;
	a->write = write;
	accepted_changed(a);
	if (accepted_look(a, e))
		return a;
	accepted_close(a);
	return NULL;
}

void
accepted_close(struct accepted *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->n; i++)
		filter_release(&a->rows[i].filter);
	if (a->fd >= 0)
		close(a->fd);
	buf_release(&a->told);
	free(a->rows);
	free(a->dir);
	free(a);
}

static bool
tell_bad(struct accepted *a, struct err *e)
{
	if (a->bad.code == 0)
		return true;
	buf_adds(&a->told, a->bad_name);
	buf_addc(&a->told, '\n');
	return err_set(e, a->bad.code, "%s", a->bad.text);
}

bool
accepted_tidy(struct accepted *a, struct err *e)
{
	for (size_t i = 0; a->write && i < a->n; i++)
		if (!filter_flush(&a->rows[i].filter))
			return err_set(e, EX_IOERR,
			    "%s: cannot write: %s; mend the disk", a->dir,
			    strerror(errno));
	return accepted_look(a, e) && tell_bad(a, e);
}

/* ---- adding ---- */

/* Room of the week's next file. */
static uint64_t
room_for(const struct accepted *a, int64_t week)
{
	size_t i = accepted_row_at(a, week, FILES_MAX);
	uint64_t before = 0;

	if (i > 0 && a->rows[i - 1].week == week)
		return filter_room(&a->rows[i - 1].filter) * 2;
	for (size_t j = i; j > 0 && a->rows[j - 1].week == a->rows[i - 1].week;
	     j--)
		before += filter_count(&a->rows[j - 1].filter);
	return before > ACCEPTED_ROOM / 2 ? before * 2 : ACCEPTED_ROOM;
}

static bool
is_full(const struct filter *f)
{
	return filter_count(f) >= filter_room(f);
}

/* Opens the file if another process made it, else makes it. */
static enum accepted_got
row_begin(struct accepted *a, int64_t week, unsigned number, struct err *e)
{
	enum accepted_got got = accepted_row_open(a, week, number, e);
	struct filter_place at;

	if (got != ROW_ABSENT)
		return got;
	accepted_place(&at, a, week, number);
	if (!filter_make(&at, room_for(a, week), e))
		return ROW_FAILED;
	return accepted_row_open(a, week, number, e);
}

/* Gives the week a file behind those it has, one with room. */
static bool
week_begin(struct accepted *a, int64_t week, struct err *e)
{
	size_t i = accepted_row_at(a, week, FILES_MAX);
	unsigned number = i > 0 && a->rows[i - 1].week == week
	    ? a->rows[i - 1].number + 1
	    : 0;
	enum accepted_got got = ROW_LEFT_OUT;
	struct filter_place at;
	int lock;

	accepted_place(&at, a, week, number);
	lock = filter_lock(&at, e);
	if (lock < 0)
		return false;
	for (; number < FILES_MAX; number++) {
		got = row_begin(a, week, number, e);
		if (got == ROW_FAILED)
			break;
		i = accepted_row_at(a, week, number);
		if (got == ROW_OPENED && !is_full(&a->rows[i].filter))
			break;
	}
	close(lock);
	if (got == ROW_FAILED)
		return false;
	return number < FILES_MAX ||
	    err_set(e, EX_IOERR,
		"%s/%s: none of the week's %d files can be used; move them "
		"away",
		at.dir, at.name, FILES_MAX);
}

/* Makes week the one that is added to. */
static bool
week_choose(struct accepted *a, int64_t week, struct err *e)
{
	size_t from = accepted_row_at(a, week, 0);

	if (!accepted_row_is(a, from, week) && !week_begin(a, week, e))
		return false;
	a->week = week;
	a->from = from;
	a->behind = accepted_row_at(a, week, FILES_MAX);
	return true;
}

void
accepted_ahead(const struct accepted *a, uint64_t hash)
{
	for (size_t i = a->from; a->week != NO_WEEK && i < a->behind; i++)
		filter_ahead(&a->rows[i].filter, hash);
}

bool
accepted_add(struct accepted *a, uint64_t hash, int64_t time, struct err *e)
{
	int64_t week = accepted_week(time);

	assert(a->write);
	if (week != a->week) {
		if (!accepted_keeps(a, week))
			return true;
		if (!week_choose(a, week, e))
			return false;
	}
	filter_note_first(&a->rows[a->from].filter, time);
	/* What the last one has is no news to it, unless it is full. */
	for (size_t i = a->from; i < a->behind; i++)
		if ((i + 1 < a->behind || is_full(&a->rows[i].filter)) &&
		    filter_has(&a->rows[i].filter, hash))
			return true;
	if (is_full(&a->rows[a->behind - 1].filter) &&
	    (!week_begin(a, week, e) || !week_choose(a, week, e)))
		return false;
	filter_add(&a->rows[a->behind - 1].filter, hash);
	return true;
}

bool
accepted_add_often(struct accepted *a, uint64_t hash, int64_t time,
    struct err *e)
{
	uint64_t mine = hash + (uint64_t)accepted_week(time);
	uint64_t *last = &a->often[hash & (ACCEPTED_OFTEN - 1)];

	if (*last == mine)
		return true;
	if (!accepted_add(a, hash, time, e))
		return false;
	*last = mine;
	return true;
}

/* ---- asking ---- */

/* Whether accepted_lately() asks the row at a time in week. */
static bool
is_lately(const struct accepted_row *row, int64_t week)
{
	return row->week < week && row->week >= week - ACCEPTED_WEEKS;
}

void
accepted_lately_ahead(const struct accepted *a, uint64_t hash, int64_t time)
{
	int64_t week = accepted_week(time);

	for (size_t i = 0; i < a->n; i++)
		if (is_lately(&a->rows[i], week))
			filter_ahead(&a->rows[i].filter, hash);
}

enum accepted_answer
accepted_lately(const struct accepted *a, uint64_t hash, int64_t time)
{
	int64_t week = accepted_week(time);
	int64_t earliest = FILTER_NONE;
	bool yes = false;

	for (size_t i = 0; i < a->n; i++) {
		const struct accepted_row *row = &a->rows[i];
		int64_t first;

		if (!is_lately(row, week))
			continue;
		first = filter_first(&row->filter);
		if (first < earliest)
			earliest = first;
		yes = yes || filter_has(&row->filter, hash);
	}
	if (earliest > time - ACCEPTED_YOUNG_DAYS * CLOCK_DAY)
		return ACCEPTED_YOUNG;
	return yes ? ACCEPTED_YES : ACCEPTED_NO;
}

/* The first row of that week, or a later one, that has it; NULL: none. */
static const struct accepted_row *
row_with(const struct accepted *a, uint64_t hash, int64_t week)
{
	for (size_t i = accepted_row_at(a, week, 0); i < a->n; i++)
		if (filter_has(&a->rows[i].filter, hash))
			return &a->rows[i];
	return NULL;
}

bool
accepted_since(const struct accepted *a, uint64_t hash, int64_t time)
{
	return row_with(a, hash, accepted_week(time)) != NULL;
}

bool
accepted_around(const struct accepted *a, uint64_t hash, int64_t time)
{
	return row_with(a, hash, accepted_week(time) - ACCEPTED_WEEKS) != NULL;
}

int64_t
accepted_week_after(const struct accepted *a, uint64_t hash, int64_t time)
{
	const struct accepted_row *row = row_with(a, hash,
	    accepted_week(time) + 1);

	return row != NULL ? accepted_start(row->week) : 0;
}

double
accepted_false_rate(const struct accepted *a, int64_t time)
{
	int64_t week = accepted_week(time);
	double right = 1; /* all of them say no */

	for (size_t i = 0; i < a->n; i++)
		if (is_lately(&a->rows[i], week))
			right *= 1 - filter_false_rate(&a->rows[i].filter);
	return 1 - right;
}

bool
accepted_each(
    const struct accepted *a, accepted_fn *fn, void *ctx, struct err *e)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct accepted_row *row = &a->rows[i];

		if (!fn(ctx, accepted_start(row->week),
			(int64_t)filter_count(&row->filter),
			(int64_t)row->filter.bytes, e))
			return false;
	}
	return true;
}
