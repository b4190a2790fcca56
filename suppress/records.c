/* records.c - a file of CSV or plain lines, record by record, with numbers. */
#include "records.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define CHUNK (64u << 10)
#define ENOUGH (RECORD_MAX + 5) /* with a BOM before it, CR LF behind it */

struct records {
	struct inflate *in;
	struct buf held; /* bytes read and not yet given, from `at` on */
	size_t at;
	size_t open_to; /* of held: a quote was open at each line end before, */
	bool stray; /* and closed there, where no field ends */
	bool end; /* nothing more to read */
	bool bom;
	unsigned long line; /* of held.p[at] */
};

struct records *
records_take(struct inflate *in, struct err *e)
{
	struct records *r = calloc(1, sizeof *r);

	if (r == NULL) {
		inflate_close(in);
		err_memory(e);
		return NULL;
	}
	r->line = 1;
	r->in = in;
	return r;
}

struct records *
records_open(const char *path, struct err *e)
{
	struct inflate *in = inflate_open(path, e);

	return in == NULL ? NULL : records_take(in, e);
}

void
records_close(struct records *r)
{
	if (r == NULL)
		return;
	inflate_close(r->in);
	buf_release(&r->held);
	free(r);
}

static struct str
rest(const struct records *r)
{
	return str_skip(buf_str(&r->held), r->at);
}

/* Holds at least a record's worth of bytes, as far as there are any. */
static bool
fill(struct records *r, struct err *e)
{
	bool first = r->line == 1 && r->held.n == 0;
	size_t got;
	char *to;

	if (r->held.n - r->at >= ENOUGH)
		return true;
	buf_drop(&r->held, r->at);
	r->open_to -= r->open_to < r->at ? r->open_to : r->at;
	r->at = 0;
	while (!r->end && r->held.n < ENOUGH) {
		to = buf_room(&r->held, CHUNK);
		if (to == NULL)
			return err_memory(e);
		if (!inflate_read(r->in, to, CHUNK, &got, e))
			return false;
		r->held.n += got;
		r->end = got == 0;
	}
	if (first && str_starts(rest(r), STR("\xef\xbb\xbf"))) {
		r->bom = true;
		r->at = 3;
	}
	return true;
}

/* Whether a closing quote may stand before s[at], blanks between. */
static bool
ends_field(struct str s, size_t at)
{
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
		at++;
	return at >= s.n || s.p[at] == ',' || s.p[at] == '\n' ||
	    s.p[at] == '\r';
}

/* A quote is open at the line end s[i]. Where one was so when a line before was
 * looked at, all goes on as it did then: *i is where that came to, and it is
 * false when nothing came of it. So no byte is looked at for every line. */
static bool
skip_known(const struct records *r, size_t *i)
{
	if (r->at + *i >= r->open_to)
		return true;
	*i = r->open_to - r->at;
	return !r->stray;
}

/* From s[*i], behind a quote that opens, to behind the one that closes it.
 * False: it is not closed, or stray. *lines: a line end stands in quotes. */
static bool
pass_quotes(struct records *r, struct str s, size_t *i, bool *lines)
{
	size_t end = s.n < RECORD_MAX ? s.n : RECORD_MAX;

	while (*i < end) {
		size_t to = *i + str_chr(str_sub(s, *i, end - *i), '"');

		if (!*lines &&
		    str_chr(str_sub(s, *i, to - *i), '\n') < to - *i) {
			*lines = true;
			*i += str_chr(str_skip(s, *i), '\n');
			if (!skip_known(r, i))
				return false;
			continue;
		}
		if (to == end)
			break;
		*i = to + 1;
		if (*i < s.n && s.p[*i] == '"') {
			*i += 1; /* doubled: the next one opens it again */
			continue;
		}
		/* What it closed is not what it opened for. */
		if (!*lines || ends_field(s, *i))
			return true;
		r->stray = true;
		return false;
	}
	if (*i < end) /* else behind a doubled one */
		*i = end;
	r->stray = false;
	return false;
}

/* Bytes up to the line end that no quotes hold; s.n if there is none, with
 * *open: a quote is open there. */
static size_t
find_end(struct records *r, struct str s, bool *open)
{
	bool start = true; /* of a field: a quote opens it only there */
	bool lines = false;
	size_t i = 0;

	*open = false;
	while (i < s.n && s.p[i] != '\n') {
		bool quote = start && s.p[i] == '"';

		start = s.p[i++] == ',';
		if (quote && !pass_quotes(r, s, &i, &lines)) {
			r->open_to = r->at + i;
			*open = true;
			return s.n;
		}
	}
	return i;
}

uint64_t
records_used(const struct records *r)
{
	return inflate_used(r->in);
}

static void
take(struct records *r, struct str s, size_t n, struct record *out)
{
	*out = (struct record){ .text = str_sub(s, 0, n), .line = r->line };
	for (size_t i = 0; i < n; i++)
		r->line += s.p[i] == '\n';
	if (n < s.n) {
		r->line++;
		n++;
	}
	r->at += n;
	out->raw = str_sub(s, 0, n);
	if (out->text.n > 0 && out->text.p[out->text.n - 1] == '\r')
		out->text.n--;
	if (out->text.n <= RECORD_MAX)
		return;
	out->raw.n = 0;
	out->fault = "longer than 64 KiB";
}

/* A line with no end in what is held is too long to be one: pass over it. */
static bool
skip_line(struct records *r, struct record *out, struct err *e)
{
	*out =
	    (struct record){ .line = r->line, .fault = "longer than 64 KiB" };
	for (;;) {
		struct str s = rest(r);
		size_t n = str_chr(s, '\n');

		r->at += n < s.n ? n + 1 : s.n;
		if (n < s.n || r->end)
			break;
		if (!fill(r, e))
			return false;
	}
	r->line++;
	return true;
}

bool
records_had_bom(const struct records *r)
{
	return r->bom;
}

/* Nearly every record: a line without a quote. */
static bool
take_plain(struct records *r, struct str s, struct record *out)
{
	const char *lf = s.n == 0 ? NULL : memchr(s.p, '\n', s.n);
	size_t n = lf == NULL ? 0 : (size_t)(lf - s.p);

	if (lf == NULL || n > RECORD_MAX || memchr(s.p, '"', n) != NULL)
		return false;
	*out = (struct record){ .text = { s.p, n }, .raw = { s.p, n + 1 },
		.line = r->line };
	out->text.n -= n > 0 && lf[-1] == '\r';
	r->line++;
	r->at += n + 1;
	return true;
}

bool
records_next(struct records *r, struct record *out, bool *more, struct err *e)
{
	struct str s;
	size_t n;
	bool open = false;

	if (!fill(r, e))
		return false;
	s = rest(r);
	*more = s.n > 0;
	if (!*more || take_plain(r, s, out))
		return true;
	n = find_end(r, s, &open);
	if (open)
		n = str_chr(s, '\n');
	if (n == s.n && !r->end)
		return skip_line(r, out, e);
	take(r, s, n, out);
	if (open)
		out->fault = "a quote is opened and never closed";
	return true;
}
