/* follow_records.c - the records of a source: rows, JSON, mails. */
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "base/quote.h"
#include "mail/mbox.h"
#include "mail/message.h"
#include "work/follow_parts.h"
#include "work/scope.h"
#include "wrap/hash.h"

#define DUE_EVERY 32 /* rows between looks at the clock */

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
	struct err bad = { 0 };

	buf_clear(&f->missing);
	f->header_new = true;
	f->header_at = pos;
	if (!acct_header(f->acct, row, &f->missing, &bad))
		return bad.code == EX_DATAERR
		    ? follow_tell(f, LOG_AT_ERROR, "header-refused", pos,
			bad.text, e)
		    : err_set(e, bad.code, "%s", bad.text);
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
	enum skip why = road_refused(f->work, ev);
	char quoted[80];

	switch (why) {
	case SKIP_NONE:
	case SKIP_OLD:
	case SKIP_OURSELVES:
	case SKIP_NOT_SMTP:
	case SKIP_NOT_A_FAILURE:
	case SKIP_NOT_A_COMPLAINT:
	case SKIP_REDACTED:
		return;
	default:
		log_say(f->work->log, LOG_AT_WARNING, skip_name(why),
		    "%s: byte %llu: row of type %s for \"%s\" is not used",
		    f->source->name, (unsigned long long)pos,
		    kind_name(ev->kind), str_quote(ev->rcpt, quoted,
		        sizeof quoted));
	}
}

/* The last row of a pipe that died: the file beside it has the whole row. */
static bool
is_cut(const struct follow *f, const struct rows_row *row)
{
	return f->source->road == ROAD_PIPE && row->size == row->raw.n &&
	    acct_cut_misleads(f->acct);
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
	if (ev.skip == SKIP_NONE && is_cut(f, row))
		ev.skip = SKIP_FIELD_COUNT;
	if ((ev.skip == SKIP_NONE || ev.skip == SKIP_NOT_A_FAILURE) &&
	    !follow_known(f, &ev, &at->known, e))
		return false;
	follow_say_skip(f, &ev, at->offset);
	return road_event(f->work, &ev, at, e);
}

/* A record that killed the worker twice: its bytes are kept for a person. The
 * next one may be such a record, too, and only some are remembered. */
static bool
follow_set_aside(struct follow *f, struct str raw, struct place *at,
    struct err *e)
{
	char dir[CONFIG_PATH_MAX], path[CONFIG_PATH_MAX];
	struct file_new file = { .fd = -1 };
	struct err own = { 0 };

	f->quarantine = FOLLOW_NOTHING;
	f->work->set_aside = true;
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

/* Empty lines behind the last row are no row whose end is still to come. */
static bool
is_empty_lines(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\n' && s.p[i] != '\r')
			return false;
	return true;
}

static bool
follow_csv(struct follow *f, struct str in, bool last, struct err *e)
{
	struct rows_row row;
	enum rows_got got;
	size_t left;

	if (!follow_rows(f, e) || !rows_feed(f->rows, in, last, e))
		return false;
	while (!f->paused && (got = rows_next(f->rows, &row)) != ROWS_MORE) {
		if (!follow_record(f, got, &row, e))
			return false;
		/* Rows may be slow, and others want the lock. */
		f->paused = (f->work->set_aside ||
		    f->work->in_batch % DUE_EVERY == 0) && work_due(f->work);
	}
	left = f->paused ? 0 : rows_left(f->rows);
	/* A line end may be what a row is found again by. */
	if (last || (!rows_in_resync(f->rows) &&
			is_empty_lines(str_skip(in, in.n - left))))
		f->now.pos += left;
	follow_watch(f, f->now.pos, 0);
	return true;
}

/* JSON rows: their shape is not public, so they are kept and counted. */
static bool
follow_json(struct follow *f, struct str in, bool last, struct err *e)
{
	struct place at = { &f->now, f->now.pos, 0, false };
	const char *why = f->source->road == ROAD_FILE
	    ? "JSON rows are counted but not worked on; configure CSV for "
	      "this acct-file"
	    : "JSON rows are kept in the journal but not worked on; configure "
	      "CSV for this pipe";
	struct str line;
	size_t end;

	while (in.n > 0) {
		end = str_chr(in, '\n');
		if (end == in.n && !last && in.n < FOLLOW_READ_MAX)
			return true;
		line = str_trim(str_sub(in, 0, end));
		if (line.n > 0) {
			f->work->sums.rows++;
			if (!road_skip(f->work, &at, SKIP_JSON, e) ||
			    !follow_tell(f, LOG_AT_ERROR, "json-rows",
			        f->now.pos, why, e))
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
	struct message_envelope env = { s->from, s->to, s->envid,
		&f->work->mails };
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

bool
follow_grew(const struct follow *f, size_t got)
{
	/* Of a pipe's, what is behind a hole is no more of it. */
	return f->input == INPUT_MESSAGE && f->source->road == ROAD_FILE &&
	    got > 0 && f->now.pos > 0 && f->now.pos < MESSAGE_BYTES_MAX;
}

/* Worked on when all of it is there. What stands behind the limit is no mail
 * of its own, whatever its writer made it look like. */
static bool
follow_message(struct follow *f, struct str in, bool last, struct err *e)
{
	if (f->now.pos > 0) {
		f->now.pos += in.n;
		return true;
	}
	if (!last && in.n < MESSAGE_BYTES_MAX)
		return true;
	return follow_mail(f, in, e);
}

/* Mails one behind the other; the last may still grow. Of one that is longer
 * than what is read at once the rest is passed over, up to the next. */
static bool
follow_mbox(struct follow *f, struct str in, bool last, struct err *e)
{
	while (in.n > 0) {
		size_t n = mbox_cut(in);
		bool whole = n < in.n || last;

		if (!whole && in.n < FOLLOW_READ_MAX)
			return true;
		/* What the next one is told by must be seen whole. */
		if (!whole)
			n -= MBOX_BORDER;
		if (f->now.resync)
			f->now.pos += n;
		else if (!follow_mail(f, str_sub(in, 0, n), e))
			return false;
		f->now.resync = !whole;
		in = str_skip(in, n);
		if (!whole)
			return true;
	}
	return true;
}

enum input
follow_named(const char *name)
{
	if (strcmp(name, "csv") == 0)
		return INPUT_CSV;
	if (strcmp(name, "json") == 0)
		return INPUT_JSON;
	return strcmp(name, "message") == 0 ? INPUT_MESSAGE : INPUT_UNKNOWN;
}

enum input
follow_input(struct str start)
{
	struct str s = str_trim(start);

	if (s.n > 0 && (s.p[0] == '{' || s.p[0] == '['))
		return INPUT_JSON;
	if (mbox_starts(s))
		return INPUT_MBOX;
	return rows_known_type(s).n == 0 && message_starts(start)
	    ? INPUT_MESSAGE : INPUT_CSV;
}

bool
follow_records(struct follow *f, struct str in, bool last, struct err *e)
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
		return follow_csv(f, in, last && !f->source->fresh, e);
	}
}
