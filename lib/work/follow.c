/* follow.c - reads a source from its committed position, record by record. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "base/quote.h"
#include "mail/mbox.h"
#include "mail/message.h"
#include "wrap/hash.h"
#include "work/inside.h"

#define READ_MIN (256u << 10) /* bytes asked for at once, at least */
#define READ_MAX (16u << 20)
#define NOTHING UINT64_MAX

enum input { INPUT_UNKNOWN, INPUT_CSV, INPUT_JSON, INPUT_MESSAGE, INPUT_MBOX };

struct follow {
	struct work *work;
	const struct source *source;
	struct stream kept, now; /* committed; with the open batch */
	bool dirty;              /* now differs from kept */
	bool header_new;         /* the header is not stored yet */
	enum input input;
	struct acct *acct;
	struct rows *rows;
	struct buf header;       /* header row as stored */
	struct buf missing;      /* columns that the header lacks */
	char *bytes;
	size_t cap;
	uint64_t quarantine;     /* record to pass over, or NOTHING */
	size_t tail;             /* bytes of an unfinished record at now.pos */
	bool stale;              /* could not go back yet */
};

/* Starts reading anew at what is committed. */
static bool
follow_load(struct follow *f, struct err *e)
{
	struct work *w = f->work;
	bool found;

	acct_close(f->acct);
	f->acct = acct_open(&w->acct, e);
	if (f->acct == NULL || !stream_find(w->store,
	    str_from(f->source->name), &f->kept, &found, e))
		return false;
	if (!found)
		f->kept = (struct stream){ .road = f->source->road };
	f->now = f->kept;
	f->dirty = f->header_new = false;
	if (!found)
		return true;
	if (!stream_open(w->store, str_from(f->source->name), f->source->road,
	    &f->now, &f->header, e))
		return false;
	if (f->header.n > 0 && !acct_header(f->acct, buf_str(&f->header),
	    NULL, e))
		return false;
	return true;
}

static bool
follow_anew(struct follow *f, struct err *e)
{
	rows_close(f->rows);
	f->tail = 0;
	f->rows = rows_open((size_t)f->work->config->row_limit, e);
	if (f->rows == NULL || !follow_load(f, e))
		return false;
	if (f->kept.resync)
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
	f->quarantine = NOTHING;
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
	acct_close(f->acct);
	rows_close(f->rows);
	buf_release(&f->header);
	buf_release(&f->missing);
	free(f->bytes);
	free(f);
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
	f->now.resync = rows_in_resync(f->rows);
	return stream_keep(f->work->store, &f->now, header, f->work->now, e);
}

void
follow_kept(struct follow *f)
{
	f->kept = f->now;
	f->dirty = f->header_new = false;
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

	if (!store_in_batch(w->store)) {
		if (!store_begin(w->store, e))
			return false;
		w->began = clock_ticks();
		w->in_batch = 0;
	}
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
follow_tell(struct follow *f, enum log_level level, const char *kind,
    uint64_t pos, const char *text, struct err *e)
{
	log_say(f->work->log, level, kind, "%s: byte %llu: %s",
	    f->source->name, (unsigned long long)pos, text);
	return notice_add(f->work->store, str_from(kind), str_from(text),
	    f->now.id, f->work->now, e);
}

/*
 * The same rows given again, as another stream of the same road, must not be
 * counted again. Evidence knows itself; for what is only counted the chained
 * hash of the first rows tells. While those rows are the same, known is how
 * many of them the earlier stream had.
 */
static bool
follow_known(struct follow *f, const struct event *ev, bool *known,
    struct err *e)
{
	struct stream *st = &f->now;
	int64_t rows;

	if (st->rows < STREAM_HEAD_ROWS) {
		st->chain = hash64_more(hash64_number(hash64_number(st->chain,
		    (int64_t)ev->kind), ev->time), ev->rcpt.n > 0
		    ? str_from(ev->address) : ev->queue);
		if (!stream_head_rows(f->work->store, st->chain, st, &rows, e)
		    || !stream_head_add(f->work->store, st->chain, st->id, e))
			return false;
		st->known = rows > st->rows ? rows : 0;
	}
	*known = st->rows < st->known;
	st->rows++;
	return true;
}

static bool
follow_header(struct follow *f, struct str row, uint64_t pos, struct err *e)
{
	buf_clear(&f->missing);
	if (!acct_header(f->acct, row, &f->missing, e))
		return false;
	f->header_new = true;
	if (f->missing.n == 0)
		return true;
	buf_clear(&f->work->text);
	buf_adds(&f->work->text, "the header lacks ");
	quote_add(&f->work->text, buf_str(&f->missing));
	buf_adds(&f->work->text, "; add it to record-fields");
	if (buf_cstr(&f->work->text) == NULL)
		return err_memory(e);
	return follow_tell(f, LOG_AT_ERROR, "header-lacks", pos,
	    f->work->text.p, e);
}

/* Why a row was of no use, for the log; the usual reasons are no news. */
static void
follow_say_skip(const struct follow *f, const struct event *ev, uint64_t pos)
{
	char quoted[80];

	switch (ev->skip) {
	case SKIP_NONE:
	case SKIP_OURSELVES:
	case SKIP_NOT_SMTP:
	case SKIP_NOT_A_FAILURE:
	case SKIP_NOT_A_COMPLAINT:
	case SKIP_REDACTED:
		return;
	default:
		log_say(f->work->log, LOG_AT_WARNING, skip_name(ev->skip),
		    "%s: byte %llu: row of type %s for \"%s\" is not used",
		    f->source->name, (unsigned long long)pos,
		    kind_name(ev->kind), str_quote(ev->rcpt, quoted,
		        sizeof quoted));
	}
}

static bool
follow_row(struct follow *f, const struct rows_row *row, struct place *at,
    struct err *e)
{
	struct event ev;

	if (acct_is_header(row->raw))
		return follow_header(f, row->raw, at->offset, e);
	if (!acct_row(f->acct, row, &ev, e))
		return false;
	if ((ev.skip == SKIP_NONE || ev.skip == SKIP_NOT_A_FAILURE) &&
	    !follow_known(f, &ev, &at->known, e))
		return false;
	follow_say_skip(f, &ev, at->offset);
	return road_event(f->work, &ev, at, e);
}

/* A record that killed the worker twice: its bytes are kept for a person. */
static bool
follow_set_aside(struct follow *f, struct str raw, struct place *at,
    struct err *e)
{
	char dir[CONFIG_PATH_MAX], path[CONFIG_PATH_MAX];
	struct file_new file = { .fd = -1 };
	struct err own = { 0 };

	f->quarantine = NOTHING;
	if (config_path(f->work->config, "quarantine", dir, &own) &&
	    number_print(path, sizeof path, "%s/%s.%llu", dir,
	        f->source->road == ROAD_PIPE ? f->source->name : "file",
	        (unsigned long long)at->offset) &&
	    file_make_folder(dir, 0700, &own) &&
	    file_new_open(&file, path, 0600, &own) &&
	    file_new_write(&file, raw, &own))
		file_new_done(&file, &own);
	file_new_release(&file);
	if (own.code != 0)
		log_say(f->work->log, LOG_AT_ERROR, "quarantine", "%s",
		    own.text);
	return road_skip(f->work, at, SKIP_QUARANTINED, e) &&
	    follow_tell(f, LOG_AT_ERROR, "quarantined", at->offset,
	        "a record that ended the worker twice was set aside in "
	        "quarantine/; send it to the developers", e);
}

static void
follow_watch(const struct follow *f, uint64_t pos, uint64_t size)
{
	if (f->work->watch != NULL)
		f->work->watch(f->work->watch_ctx, f->source->name, pos, size);
}

static bool
follow_record(struct follow *f, enum rows_got got, const struct rows_row *row,
    struct err *e)
{
	struct place at = { &f->now, f->now.pos, row->size, false };
	bool ok;

	follow_watch(f, at.offset, row->size);
	if (f->quarantine == at.offset)
		ok = follow_set_aside(f, row->raw, &at, e);
	else if (got == ROWS_TOO_LONG)
		ok = road_skip(f->work, &at, SKIP_TOO_LONG, e) &&
		    follow_tell(f, LOG_AT_WARNING, "row-too-long", at.offset,
		        "rows over the limit were passed over; see [pipe] "
		        "row-limit", e);
	else if (got == ROWS_NOISE)
		ok = road_skip(f->work, &at, SKIP_NOISE, e);
	else
		ok = follow_row(f, row, &at, e);
	if (ok)
		f->now.pos += row->size;
	return ok;
}

static bool
follow_csv(struct follow *f, struct str in, bool last, struct err *e)
{
	struct rows_row row;
	enum rows_got got;

	if (!rows_feed(f->rows, in, last, e))
		return false;
	while ((got = rows_next(f->rows, &row)) != ROWS_MORE)
		if (!follow_record(f, got, &row, e))
			return false;
	if (last)
		f->now.pos += rows_left(f->rows);
	follow_watch(f, f->now.pos, 0);
	return true;
}

/* JSON rows: their shape is not public, so they are kept and counted. */
static bool
follow_json(struct follow *f, struct str in, bool last, struct err *e)
{
	struct place at = { &f->now, f->now.pos, 0, false };
	struct str line;
	size_t end;

	while (in.n > 0) {
		end = str_chr(in, '\n');
		if (end == in.n && !last && in.n < READ_MAX)
			return true;
		line = str_trim(str_sub(in, 0, end));
		if (line.n > 0) {
			f->work->sums.rows++;
			if (!road_skip(f->work, &at, SKIP_JSON, e) ||
			    !follow_tell(f, LOG_AT_ERROR, "json-rows",
			        f->now.pos, "JSON rows are kept in the journal "
			        "but not worked on; configure CSV for this "
			        "pipe", e))
				return false;
		}
		end += end < in.n;
		f->now.pos += end;
		in = str_skip(in, end);
	}
	return true;
}

struct message_ctx {
	struct follow *follow;
	struct place at;
};

static bool
message_event(void *ctx, const struct event *ev, struct err *e)
{
	struct message_ctx *m = ctx;

	return road_event(m->follow->work, ev, &m->at, e);
}

/* One mail, which is one record of n bytes; what is beyond the limit of a
 * message is passed over. */
static bool
follow_mail(struct follow *f, struct str in, struct err *e)
{
	const struct source *s = f->source;
	const struct config *c = f->work->config;
	struct message_settings settings = {
		.verp_prefix = str_from(c->verp_prefix),
		.unsubscribe = str_from(c->unsubscribe),
		.trust_host = str_from(c->trust_host) };
	struct message_envelope env = { s->from, s->to, s->envid, &settings };
	struct message_ctx m = { f, { &f->now, f->now.pos, in.n, false } };
	bool ok;

	follow_watch(f, f->now.pos, in.n);
	in = str_sub(in, 0, MESSAGE_BYTES_MAX);
	ok = f->quarantine == f->now.pos ? follow_set_aside(f, in, &m.at, e)
	    : message_read(in, &env, f->work->now, message_event, &m, e);
	if (ok)
		f->now.pos += m.at.length;
	follow_watch(f, f->now.pos, 0);
	return ok;
}

/* Worked on when all of it is there. */
static bool
follow_message(struct follow *f, struct str in, bool last, struct err *e)
{
	if (!last && in.n < MESSAGE_BYTES_MAX)
		return true;
	return follow_mail(f, in, e);
}

/* Mails one behind the other; the last may still grow. */
static bool
follow_mbox(struct follow *f, struct str in, bool last, struct err *e)
{
	while (in.n > 0) {
		size_t n = mbox_cut(in);

		if (n == in.n && !last && in.n < READ_MAX)
			return true;
		if (!follow_mail(f, str_sub(in, 0, n), e))
			return false;
		in = str_skip(in, n);
	}
	return true;
}

static enum input
input_of(const char *name, struct str start)
{
	struct str s = str_trim(start);

	if (strcmp(name, "csv") == 0)
		return INPUT_CSV;
	if (strcmp(name, "json") == 0)
		return INPUT_JSON;
	if (strcmp(name, "message") == 0)
		return INPUT_MESSAGE;
	if (s.n > 0 && (s.p[0] == '{' || s.p[0] == '['))
		return INPUT_JSON;
	if (mbox_starts(s))
		return INPUT_MBOX;
	return rows_known_type(s).n == 0 && message_starts(start)
	    ? INPUT_MESSAGE : INPUT_CSV;
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
		bool gap = false;

		if (!s->read(s->ctx, f->now.pos + *got, f->bytes + *got,
		    want - *got, &n, end, &gap, e))
			return false;
		if (gap && n > 0 && *got > 0) {
			*end = false;
			return true;
		}
		if (gap && n > 0) {
			rows_resync(f->rows);
			f->dirty = true;
		}
		*got += n;
	}
	return true;
}

/* A row cut off by lost bytes never gets its end: what is there is passed
 * over. *cut says so. */
static bool
follow_cut(struct follow *f, size_t have, bool *cut, struct err *e)
{
	struct place at = { &f->now, f->now.pos, have, false };
	size_t got = 0;
	bool end = false;
	char byte;

	*cut = false;
	if (have == 0 || !f->source->read(f->source->ctx, f->now.pos + have,
	    &byte, 1, &got, &end, cut, e))
		return have == 0;
	if (got == 0)
		*cut = false;
	if (!*cut)
		return true;
	if (!follow_begin(f, e))
		return false;
	f->now.pos += have;
	f->dirty = true;
	return road_skip(f->work, &at, SKIP_NOISE, e);
}

static bool
follow_work(struct follow *f, struct str in, bool last, struct err *e)
{
	f->dirty = true;
	switch (f->input) {
	case INPUT_JSON:
		return follow_json(f, in, last, e);
	case INPUT_MESSAGE:
		return follow_message(f, in, last, e);
	case INPUT_MBOX:
		return follow_mbox(f, in, last, e);
	default:
		return follow_csv(f, in, last, e);
	}
}

/* The first bytes say what it is, once a whole line or the end is there. */
static bool
follow_knows_input(struct follow *f, size_t got, bool end, struct err *e)
{
	char start[512];
	size_t n = 0;
	bool gap, at_end;

	if (f->input != INPUT_UNKNOWN)
		return true;
	if (f->now.pos > 0) {
		if (!f->source->read(f->source->ctx, 0, start, sizeof start,
		    &n, &at_end, &gap, e)) {
			/* The first segment is gone: only rows last so long. */
			err_clear(e);
			n = 0;
		}
		f->input = input_of(f->source->input, str_of(start, n));
	} else if (end || got >= sizeof start ||
	    memchr(f->bytes, '\n', got) != NULL) {
		f->input = input_of(f->source->input, str_of(f->bytes, got));
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
	if (f->stale && !follow_anew(f, e))
		return false;
	f->stale = false;
	for (;;) {
		end = false;
		if (!follow_read(f, want, &got, &end, e) ||
		    !follow_knows_input(f, got, end, e))
			return false;
		/* The unfinished record of last time alone is no news. */
		if (f->input == INPUT_UNKNOWN ||
		    (got == f->tail && !end && got < want))
			break;
		if (!follow_begin(f, e) ||
		    !follow_work(f, str_of(f->bytes, got), end, e))
			return false;
		if (end || f->now.pos != before || want >= READ_MAX ||
		    got < want)
			break;
		want *= 2; /* one record, longer than what was asked for */
	}
	f->tail = got - (size_t)(f->now.pos - before);
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
