/* delivered.c - who took mail, by the rows that the journal still has. */
#include "work/delivered.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hashset.h"
#include "mail/acct.h"
#include "work/journal.h"
#include "wrap/hash.h"

#define CHUNK (256u << 10)
#define SPAN 600     /* seconds: of a domain one delivery in these */
#define LATELY 4096  /* domains remembered for that, a power of two */

struct reading {
	struct store *store;
	const struct config *config;
	int64_t from, to;
	delivered_fn *fn;
	void *ctx;
	struct delivered *out;
	struct journal *journal;
	struct hashset whom; /* with evidence */
	uint64_t last;       /* the address whose evidence was seen last */
	uint64_t lately[LATELY]; /* domain and span that were told */
	struct acct_settings settings; /* of reports: not asked for */
	/* Of one stream: */
	struct acct *acct;
	struct rows *rows;
	struct journal_reader *reader;
	struct buf bytes;    /* from pos on */
	uint64_t pos;
	bool finished;       /* a row at its end needs no line end */
	bool failed;         /* and it is not the journal's fault */
};

/* ---- whom it is about ---- */

static bool
on_seen(void *ctx, const struct evidence_seen *row, struct err *e)
{
	struct reading *r = ctx;
	uint64_t hash = hash64(row->address);

	if (r->whom.n > 0 && hash == r->last)
		return true;
	r->last = hash;
	return hashset_add(&r->whom, hash) || err_memory(e);
}

static bool
gather(struct reading *r, struct err *e)
{
	return evidence_scan(r->store, STR(""), on_seen, r, e) &&
	    (hashset_build(&r->whom) || err_memory(e));
}

/* Evidence about a domain stands at its day's end, and millions may take mail
 * there: the first delivery of a day says it. */
static bool
domain_told(struct reading *r, uint64_t hash, int64_t time)
{
	uint64_t *at = &r->lately[hash % LATELY];
	uint64_t now = hash64_number(hash, time / SPAN);
	bool told = *at == now;

	*at = now;
	return told;
}

static bool
on_delivery(struct reading *r, const struct event *ev, struct err *e)
{
	struct str address = str_from(ev->address);
	struct str domain = str_skip(address, str_rchr(address, '@'));
	uint64_t hash = hash64(domain);
	bool him = hashset_has(&r->whom, hash64(address));
	bool all = hashset_has(&r->whom, hash) &&
	    !domain_told(r, hash, ev->time);

	r->out->rows += him || all;
	return (!him || r->fn(r->ctx, address, ev->time, e)) &&
	    (!all || r->fn(r->ctx, domain, ev->time, e));
}

/* ---- rows ---- */

/* A header that is none ends the one before. */
static bool
on_header(struct reading *r, struct str row, struct err *e)
{
	struct err bad = { 0 };

	return acct_header(r->acct, row, NULL, &bad) ||
	    bad.code == EX_DATAERR || err_set(e, bad.code, "%s", bad.text);
}

static bool
on_row(struct reading *r, const struct rows_row *row, struct err *e)
{
	struct event ev;

	if (acct_is_header(row->raw))
		return on_header(r, row->raw, e);
	if (!acct_row(r->acct, row, &ev, e))
		return false;
	if (ev.skip != SKIP_NONE || ev.time < r->from || ev.time > r->to)
		return true;
	if (r->out->from == 0 || ev.time < r->out->from)
		r->out->from = ev.time;
	return ev.kind != KIND_D || ev.address[0] == '\0' ||
	    on_delivery(r, &ev, e);
}

static bool
use_bytes(struct reading *r, bool last, struct err *e)
{
	struct rows_row row;
	enum rows_got got;
	size_t used;

	if (!rows_feed(r->rows, buf_str(&r->bytes), last, e))
		return false;
	while ((got = rows_next(r->rows, &row)) != ROWS_MORE)
		if (got == ROWS_ROW && !on_row(r, &row, e))
			return false;
	used = r->bytes.n - rows_left(r->rows);
	buf_drop(&r->bytes, used);
	r->pos += used;
	return true;
}

/* ---- one stream ---- */

/* What stood before the gap never gets its end; got bytes were read behind it,
 * unless the gap goes on. */
static bool
pass_gap(struct reading *r, const char *name, size_t got, bool *end,
    struct err *e)
{
	size_t had = r->bytes.n;
	uint64_t at = r->pos + had;
	bool found;

	r->pos = at;
	if (!journal_seek(r->journal, name, &at, INT64_MIN, &found, e))
		return false;
	rows_resync(r->rows);
	r->bytes.n += at == r->pos ? got : 0;
	buf_drop(&r->bytes, had);
	r->pos = at;
	*end = !found;
	return true;
}

static bool
read_more(struct reading *r, const char *name, bool *end, struct err *e)
{
	struct piece in = { .pos = r->pos + r->bytes.n,
		.p = buf_room(&r->bytes, CHUNK), .n = CHUNK };

	if (in.p == NULL)
		return err_memory(e);
	if (!journal_read(r->reader, &in, e))
		return false;
	if (in.gap)
		return pass_gap(r, name, in.got, end, e);
	r->bytes.n += in.got;
	*end = in.got == 0;
	return true;
}

/* Behind its begin stands no header: the database has the one in force. */
static bool
begin(struct reading *r, const char *name, struct err *e)
{
	struct buf header = { 0 };
	struct stream st;
	bool found, ok;

	r->acct = acct_open(&r->settings, e);
	r->rows = rows_open((size_t)r->config->row_limit, e);
	r->reader = journal_reader_open(r->journal, name, e);
	if (r->acct == NULL || r->rows == NULL || r->reader == NULL ||
	    !stream_find(r->store, str_from(name), &st, &found, e))
		return false;
	r->finished = found && st.finished;
	if (!found || r->pos == 0)
		return true;
	ok = stream_open(r->store, str_from(name), ROAD_PIPE, &st, &header,
	    e) && (header.n == 0 || on_header(r, buf_str(&header), e));
	buf_release(&header);
	rows_resync(r->rows);
	return ok;
}

static void
finish(struct reading *r)
{
	journal_reader_close(r->reader);
	rows_close(r->rows);
	acct_close(r->acct);
	buf_clear(&r->bytes);
	r->reader = NULL;
	r->rows = NULL;
	r->acct = NULL;
}

/* The first thing that could not be read is told; all else that fails is an
 * error. */
static bool
lacks(struct reading *r, const struct err *why, struct err *e)
{
	if (why->code == EX_OSERR || r->failed)
		return err_set(e, why->code, "%s", why->text);
	if (r->out->lacks.code == 0)
		r->out->lacks = *why;
	return true;
}

static bool
read_stream(struct reading *r, const char *name, struct err *e)
{
	struct err why = { 0 };
	bool end = false, ok = begin(r, name, e);

	while (ok && !end) {
		if (!read_more(r, name, &end, &why)) {
			ok = lacks(r, &why, e);
			break;
		}
		ok = use_bytes(r, end && r->finished, e);
	}
	finish(r);
	return ok;
}

/* Rows alone tell of deliveries; what a stream is stands in its file once its
 * first bytes are known. */
static bool
on_stream(void *ctx, const char *name, struct err *e)
{
	struct reading *r = ctx;
	struct journal_info info;
	struct err why = { 0 };
	bool found = false, ok;

	r->pos = 0;
	if (!journal_read_info(r->journal, name, &info, &why) ||
	    !journal_seek(r->journal, name, &r->pos, r->from - CLOCK_DAY,
	        &found, &why))
		ok = lacks(r, &why, e);
	else
		ok = !found || strcmp(info.input, "csv") != 0 ||
		    read_stream(r, name, e);
	r->failed = !ok;
	return ok;
}

static bool
read_all(struct reading *r, struct err *e)
{
	char dir[CONFIG_PATH_MAX];
	struct err why = { 0 };

	if (!config_path(r->config, "journal", dir, e))
		return false;
	r->journal = journal_open(dir, false, &why);
	if (r->journal == NULL && why.code == EX_NOINPUT)
		return true;
	if (r->journal == NULL)
		return lacks(r, &why, e);
	if (!gather(r, e))
		return false;
	return journal_each(r->journal, on_stream, r, &why) ||
	    lacks(r, &why, e);
}

bool
delivered_each(struct store *s, const struct config *c, int64_t from,
    int64_t to, delivered_fn *fn, void *ctx, struct delivered *out,
    struct err *e)
{
	struct reading *r = calloc(1, sizeof *r);
	bool ok;

	*out = (struct delivered){ 0 };
	if (r == NULL)
		return err_memory(e);
	r->store = s;
	r->config = c;
	r->from = from;
	r->to = to;
	r->fn = fn;
	r->ctx = ctx;
	r->out = out;
	ok = read_all(r, e);
	journal_close(r->journal);
	hashset_release(&r->whom);
	buf_release(&r->bytes);
	free(r);
	return ok;
}
