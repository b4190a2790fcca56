/* show_raw.c - the bytes that a piece of evidence came from, if they are
 * still there. */
#include "show_raw.h"

#include <string.h>

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

	if (!r->tried && config_path(&r->app->config, "journal", path, e))
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

/* Opens the file, unless it is open from before; NULL, or why not. */
static const char *
look_at_file(struct show_raw *r, const char *path)
{
	struct err e = { 0 };
	struct stream st;
	bool found = false, same = false;

	if (r->path[0] != '\0' && strcmp(r->path, path) == 0)
		return r->file_why;
	ingest_file_close(&r->file);
	(void)str_copy(str_from(path), r->path, sizeof r->path);
	if (!stream_find(r->app->store, str_from(path), &st, &found, &e) ||
	    !found)
		return told(r, &e, "nothing tells any more which file it was");
	if (!ingest_file_open_again(&r->file, path, &st, &same, &e))
		return told(r, &e,
		    "the file is not there, or not for you to read");
	return same ? NULL : "the file is another one now";
}

static const char *
from_file(struct show_raw *r, const char *path, uint64_t at, size_t n)
{
	struct ingest_file *f = &r->file;
	struct err e = { 0 };
	struct piece in = { .pos = at, .p = buf_room(&r->bytes, n), .n = n };

	r->file_why = look_at_file(r, path);
	if (in.p == NULL)
		return told(r, &(struct err){ .code = EX_OSERR }, "");
	if (r->file_why != NULL)
		return r->file_why;
	(void)f->source.read(f, &in, &e);
	r->bytes.n += in.got;
	return in.got == n ? NULL
	    : told(r, &f->broken, "the file is shorter now");
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
	ingest_file_close(&r->file);
	r->journal = NULL;
}
