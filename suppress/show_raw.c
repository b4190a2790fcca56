/* show_raw.c - the bytes that a piece of evidence came from, if they are
 * still there. */
#include "show_raw.h"

#include "wrap/inflate.h"

/* What it is called when it cannot be shown; no memory is no reason. */
static const char *
told(struct show_raw *r, const struct err *e, const char *why)
{
	r->no_memory |= e->code == EX_OSERR;
	return why;
}

static bool
open_journal(struct show_raw *r, struct err *e)
{
	char path[CONFIG_PATH_MAX];

	if (!r->tried && config_path(r->config, "journal", path, e))
		r->journal = journal_open(path, false, e);
	r->tried = true;
	return r->journal != NULL;
}

static const char *
from_journal(struct show_raw *r, const char *name, uint64_t at, uint64_t n)
{
	struct err e = { 0 };
	bool found = false;

	if (!open_journal(r, &e))
		return told(r, &e,
		    "the journal is not there, or not for you to read");
	if (!journal_fetch(r->journal, name, at, n, &r->bytes, &found, &e))
		return told(r, &e, "the journal is not for you to read");
	return found ? NULL : "the journal has dropped it";
}

static const char *
from_file(struct show_raw *r, const char *path, uint64_t at, uint64_t n)
{
	struct err e = { 0 };
	struct inflate *f = inflate_open(path, &e);
	char *to = buf_room(&r->bytes, n);
	size_t got = 1;
	bool ok;

	if (f == NULL)
		return told(r, &e,
		    "the file is not there, or not for you to read");
	ok = to != NULL && inflate_seek(f, at, &e);
	while (ok && r->bytes.n < n && got > 0) {
		ok = inflate_read(
		    f, r->bytes.p + r->bytes.n, n - r->bytes.n, &got, &e);
		r->bytes.n += ok ? got : 0;
	}
	inflate_close(f);
	r->no_memory |= to == NULL || e.code == EX_OSERR;
	return ok && r->bytes.n == n ? NULL : "the file is shorter now";
}

const char *
show_raw_fetch(
    struct show_raw *r, struct str stream, int64_t offset, int64_t length)
{
	char name[CONFIG_PATH_MAX];
	uint64_t n = length > SHOW_RAW_MAX ? SHOW_RAW_MAX : (uint64_t)length;

	buf_clear(&r->bytes);
	if (stream.n == 0 || offset < 0 || length <= 0)
		return "it was not kept";
	if (!str_copy(stream, name, sizeof name))
		return "its stream has no proper name";
	/* Files are known by their full path, streams by a plain name. */
	if (name[0] == '/')
		return from_file(r, name, (uint64_t)offset, n);
	return from_journal(r, name, (uint64_t)offset, n);
}

void
show_raw_release(struct show_raw *r)
{
	journal_close(r->journal);
	buf_release(&r->bytes);
	r->journal = NULL;
}
