/* follow.c - reads a source from its committed position, record by record. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "work/follow_parts.h"

#define READ_MIN (256u << 10) /* bytes asked for at once, at least */

static void
follow_drop_rows(struct follow *f)
{
	acct_close(f->acct);
	rows_close(f->rows);
	f->acct = NULL;
	f->rows = NULL;
}

/* Starts reading anew at what is committed. */
static bool
follow_anew(struct follow *f, struct err *e)
{
	struct work *w = f->work;
	bool found;

	f->tail = 0;
	follow_drop_rows(f);
	if (!stream_find(w->store, str_from(f->source->name), &f->kept, &found,
	    e))
		return false;
	if (!found)
		f->kept = (struct stream){ .road = f->source->road };
	f->now = f->kept;
	f->dirty = f->header_new = false;
	return !found || stream_open(w->store, str_from(f->source->name),
	    f->source->road, &f->now, &f->header, e);
}

bool
follow_rows(struct follow *f, struct err *e)
{
	struct work *w = f->work;

	if (f->rows != NULL)
		return true;
	f->acct = acct_open(&w->acct, e);
	f->rows = rows_open((size_t)w->config->row_limit, e);
	if (f->acct == NULL || f->rows == NULL || (f->header.n > 0 &&
	    !acct_header(f->acct, buf_str(&f->header), NULL, e))) {
		follow_drop_rows(f);
		return false;
	}
	f->header_at = f->now.pos;
	if (f->now.resync)
		rows_resync(f->rows);
	return true;
}

struct follow *
follow_open(struct work *w, const struct source *s, struct err *e)
{
	struct follow *f = calloc(1, sizeof *f);

	if (f == NULL || w->n_follows == WORK_FOLLOWS_MAX)
		goto memory;
	f->work = w;
	f->source = s;
	f->quarantine = FOLLOW_NOTHING;
	if (w->n_follows == w->cap_follows) {
		size_t cap = w->cap_follows == 0 ? 16 : w->cap_follows * 2;
		void *p = realloc(w->follows, cap * sizeof *w->follows);

		if (p == NULL)
			goto memory;
		w->follows = p;
		w->cap_follows = cap;
	}
	if (!follow_anew(f, e)) {
		follow_close(f);
		return NULL;
	}
	w->follows[w->n_follows++] = f;
	return f;
memory:
	err_memory(e);
	free(f);
	return NULL;
}

void
follow_close(struct follow *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->work->n_follows; i++)
		if (f->work->follows[i] == f)
			f->work->follows[i] =
			    f->work->follows[--f->work->n_follows];
	follow_drop_rows(f);
	buf_release(&f->header);
	buf_release(&f->missing);
	free(f->bytes);
	free(f);
}

bool
follow_finish(struct follow *f, uint64_t *pos, struct err *e)
{
	bool ok = follow_keep(f, e);

	*pos = f->now.pos;
	follow_close(f);
	return ok;
}

uint64_t
follow_position(const struct follow *f)
{
	return f->kept.pos;
}

void
follow_quarantine(struct follow *f, uint64_t pos)
{
	f->quarantine = pos;
}

bool
follow_keep(struct follow *f, struct err *e)
{
	struct str header = { NULL, 0 };

	if (!f->dirty)
		return true;
	if (f->header_new)
		header = acct_header_row(f->acct);
	if (f->rows != NULL)
		f->now.resync = rows_in_resync(f->rows);
	if (f->source->tail != NULL)
		f->now.tail = f->source->tail(f->source->ctx, f->now.pos);
	return stream_keep(f->work->store, &f->now, header, f->work->now, e);
}

void
follow_kept(struct follow *f)
{
	const struct source *s = f->source;

	f->kept = f->now;
	f->dirty = f->header_new = false;
	if (s->say_header != NULL && f->acct != NULL &&
	    !str_eq(acct_header_row(f->acct), s->header))
		s->say_header(s->ctx, acct_header_row(f->acct), f->header_at);
}

/* The batch is gone: what it read is read again, with the header of then. */
void
follow_back(struct follow *f)
{
	struct err ignored = { 0 };

	if (f->dirty)
		f->stale = !follow_anew(f, &ignored);
}

/* In the batch: the stream's row is there, or is made now. */
static bool
follow_begin(struct follow *f, struct err *e)
{
	struct work *w = f->work;

	if (!work_begin(w, e))
		return false;
	if (f->now.id != 0)
		return true;
	if (!stream_open(w->store, str_from(f->source->name), f->source->road,
	    &f->now, &f->header, e))
		return false;
	f->now.ident = f->source->ident;
	f->now.ident_bytes = f->source->ident_bytes;
	f->dirty = true;
	return true;
}

static bool
follow_room(struct follow *f, size_t n, struct err *e)
{
	char *p;

	if (n <= f->cap)
		return true;
	p = realloc(f->bytes, n);
	if (p == NULL)
		return err_memory(e);
	f->bytes = p;
	f->cap = n;
	return true;
}

/* Bytes are missing where the batch stands: what follows begins anywhere in a
 * row, and a header may be among what is missing. */
static bool
follow_gap(struct follow *f, struct err *e)
{
	const struct source *s = f->source;
	struct err refused = { 0 };

	f->now.resync = f->dirty = true;
	if (f->rows != NULL)
		rows_resync(f->rows);
	if (s->header.n == 0 || f->now.pos < s->header_at)
		return true;
	if (!follow_rows(f, e))
		return false;
	if (str_eq(acct_header_row(f->acct), s->header))
		return true;
	f->header_new = true;
	f->header_at = s->header_at;
	return acct_header(f->acct, s->header, NULL, &refused) ||
	    refused.code == EX_DATAERR ||
	    err_set(e, refused.code, "%s", refused.text);
}

/* Bytes from where the batch stands: a source may give them in pieces. A gap
 * right there is noted; one further on ends what is read now. */
static bool
follow_read(struct follow *f, size_t want, size_t *got, bool *end,
    struct err *e)
{
	const struct source *s = f->source;
	size_t n = 1;

	*got = 0;
	if (!follow_room(f, want, e))
		return false;
	while (*got < want && n > 0 && !*end) {
		struct piece in = { .pos = f->now.pos + *got,
			.p = f->bytes + *got, .n = want - *got };

		if (!s->read(s->ctx, &in, e))
			return false;
		if (in.gap && in.got > 0 && *got > 0)
			return true;
		if (in.gap && in.got > 0 && !follow_gap(f, e))
			return false;
		n = in.got;
		*got += n;
		*end = in.end;
	}
	return true;
}

/* A row cut off by lost bytes never gets its end: what is there is passed
 * over. *cut says so. */
static bool
follow_cut(struct follow *f, size_t have, bool *cut, struct err *e)
{
	struct place at = { &f->now, f->now.pos, have, false };
	char byte;
	struct piece in = { .pos = f->now.pos + have, .p = &byte, .n = 1 };

	*cut = false;
	if (have == 0 || !f->source->read(f->source->ctx, &in, e))
		return have == 0;
	*cut = in.gap && in.got > 0;
	if (!*cut)
		return true;
	if (!follow_begin(f, e))
		return false;
	f->now.pos += have;
	f->dirty = true;
	return road_skip(f->work, &at, SKIP_NOISE, e);
}

/* If nobody has said what it is the first bytes do, once a whole line or the
 * end is there. */
static bool
follow_knows_input(struct follow *f, size_t got, bool end, struct err *e)
{
	char start[512];
	struct piece in = { .pos = 0, .p = start, .n = sizeof start };

	if (f->input == INPUT_UNKNOWN)
		f->input = follow_named(f->source->input);
	if (f->input != INPUT_UNKNOWN)
		return true;
	if (f->now.pos > 0) {
		if (!f->source->read(f->source->ctx, &in, e)) {
			/* The first segment is gone: only rows last so long. */
			err_clear(e);
			in.got = 0;
		}
		f->input = follow_input(str_of(start, in.got));
	} else if (end || got >= sizeof start ||
	    memchr(f->bytes, '\n', got) != NULL) {
		f->input = follow_input(str_of(f->bytes, got));
	}
	return true;
}

bool
follow_step(struct follow *f, size_t max, enum follow_state *state,
    struct err *e)
{
	size_t want = max < READ_MIN ? READ_MIN : max, got;
	uint64_t before = f->now.pos;
	bool end, cut = false;

	f->work->now = clock_now();
	work_keys(f->work, f->work->now);
	if (f->stale && !follow_anew(f, e))
		return false;
	f->stale = f->paused = false;
	for (;;) {
		end = false;
		if (!follow_read(f, want, &got, &end, e) ||
		    !follow_knows_input(f, got, end, e))
			return false;
		if (follow_grew(f, got)) {
			f->now.pos = before = 0;
			f->tail = 0;
			continue;
		}
		/* The unfinished record of last time alone is no news. */
		if (f->input == INPUT_UNKNOWN ||
		    (got == f->tail && !end && got < want))
			break;
		if (!follow_begin(f, e) ||
		    !follow_records(f, str_of(f->bytes, got), end, e))
			return false;
		if (f->paused) {
			f->tail = 0;
			*state = FOLLOW_MORE;
			return true;
		}
		if (end || f->now.pos != before || want >= FOLLOW_READ_MAX ||
		    got < want)
			break;
		want *= 2; /* one record, longer than what was asked for */
	}
	f->tail = got - (size_t)(f->now.pos - before);
	if (f->tail > 0 && f->source->fresh)
		end = false;
	if (!end && !follow_cut(f, f->tail, &cut, e))
		return false;
	if (cut)
		f->tail = 0;
	if (end)
		f->now.finished = true;
	*state = end ? FOLLOW_END : f->now.pos != before ? FOLLOW_MORE
	    : FOLLOW_IDLE;
	return true;
}
