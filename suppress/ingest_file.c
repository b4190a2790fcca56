/* ingest_file.c - a file as a source of rows: read once forward, known again
 * by its first bytes under whatever name it comes. */
#include "ingest_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "wrap/hash.h"

#define NAME_ROOM (CONFIG_PATH_MAX + 64)
#define WINDOW_MAX (32u << 20) /* twice what is asked for at once */

/*
 * A lease on reading is refused while anyone has the file open for writing.
 * Where it cannot be had for another reason (not the owner, a file system
 * without leases) the file counts as finished.
 */
static bool
is_growing(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool growing;

	if (fd < 0)
		return false;
	/* A writer that comes right now would signal: its default kills. */
	signal(SIGIO, SIG_IGN);
	growing = fcntl(fd, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN;
	close(fd);
	return growing;
}

static bool
fill(struct ingest_file *f, size_t want)
{
	while (f->window.n < want && !f->at_end && f->broken.code == 0) {
		char *to = buf_room(&f->window, want - f->window.n);
		size_t got = 0;

		if (to == NULL)
			return err_memory(&f->broken);
		if (!inflate_read(
			f->in, to, want - f->window.n, &got, &f->broken))
			return false;
		f->window.n += got;
		f->at_end = got == 0;
	}
	return true;
}

/*
 * Makes *at the place of pos in the window. Bytes before a pos that was read
 * already are of no more use; right behind the window it is only read on, and
 * the bytes before may be asked for once more.
 */
static bool
move_window(struct ingest_file *f, uint64_t pos, size_t *at)
{
	uint64_t end = f->base + f->window.n;

	*at = 0;
	if (pos == end && f->window.n < WINDOW_MAX) {
		*at = f->window.n;
		return true;
	}
	if (pos >= f->base && pos <= end) {
		buf_drop(&f->window, (size_t)(pos - f->base));
		f->base = pos;
		return true;
	}
	if (f->broken.code != 0 || !inflate_seek(f->in, pos, &f->broken))
		return false;
	buf_clear(&f->window);
	f->base = pos;
	f->at_end = false;
	return true;
}

/* What ends the reading early is kept in f->broken: what came before it is
 * worked on like the bytes of a file that may still grow. */
static bool
read_source(void *ctx, uint64_t pos, char *p, size_t n, size_t *got, bool *end,
    bool *gap, struct err *e)
{
	struct ingest_file *f = ctx;
	struct str have = str_of(f->head, f->head_bytes);
	size_t at;

	(void)e;
	*gap = *end = false;
	*got = 0;
	/* The first bytes are asked for again and again: no way back needed. */
	if (pos < have.n && n <= have.n - pos) {
		memcpy(p, have.p + pos, n);
		*got = n;
		return true;
	}
	if (!move_window(f, pos, &at))
		return true;
	(void)fill(f, at + n);
	have = str_sub(buf_str(&f->window), at, n);
	if (have.n > 0)
		memcpy(p, have.p, have.n);
	*got = have.n;
	*end = f->at_end && !f->growing && f->window.n - at <= n;
	return true;
}

static bool
read_head(struct ingest_file *f, struct err *e)
{
	if (!fill(f, INGEST_HEAD) && f->window.n == 0)
		return err_set(e, f->broken.code, "%s", f->broken.text);
	f->head_bytes = f->window.n;
	if (f->head_bytes > INGEST_HEAD)
		f->head_bytes = INGEST_HEAD;
	if (f->head_bytes > 0)
		memcpy(f->head, f->window.p, f->head_bytes);
	return true;
}

bool
ingest_file_open(struct ingest_file *f, const char *path, struct err *e)
{
	*f = (struct ingest_file){ 0 };
	/* Before the first read: what is written meanwhile still counts. */
	f->growing = is_growing(path);
	f->in = inflate_open(path, e);
	if (f->in == NULL)
		return false;
	f->name = realpath(path, NULL);
	if (f->name == NULL)
		err_set(e, EX_NOINPUT,
		    "%s: cannot tell its full path: %s; "
		    "name a file you may read",
		    path, strerror(errno));
	if (e->code != 0 || !read_head(f, e)) {
		ingest_file_close(f);
		return false;
	}
	f->source = (struct source){ .name = f->name,
		.road = ROAD_FILE,
		.input = "",
		.from = STR(""),
		.to = STR(""),
		.envid = STR(""),
		.ctx = f,
		.read = read_source };
	if (f->head_bytes == 0)
		return true;
	f->source.ident = hash64(str_of(f->head, f->head_bytes));
	f->source.ident_bytes = (int64_t)f->head_bytes;
	return true;
}

void
ingest_file_close(struct ingest_file *f)
{
	inflate_close(f->in);
	buf_release(&f->window);
	free(f->name);
	*f = (struct ingest_file){ 0 };
}

bool
ingest_file_has(struct ingest_file *f, uint64_t pos, bool *has, struct err *e)
{
	size_t at;

	*has = false;
	if (!move_window(f, pos, &at) ||
	    (!fill(f, at + 1) && f->window.n == at))
		return err_set(e, f->broken.code, "%s", f->broken.text);
	*has = f->window.n > at;
	return true;
}

/* Whether the stream's first bytes are the file's: the file may have grown
 * since. */
static bool
is_same(const struct ingest_file *f, const struct stream *st)
{
	return st->ident_bytes > 0 &&
	    (uint64_t)st->ident_bytes <= f->head_bytes &&
	    hash64(str_of(f->head, (size_t)st->ident_bytes)) == st->ident;
}

struct search {
	const struct ingest_file *file;
	struct stream best;
};

/* Of files that were shorter than the head when read, the longest fits best. */
static bool
on_stream(void *ctx, struct str name, const struct stream *st, int64_t changed,
    struct err *e)
{
	struct search *s = ctx;

	(void)name;
	(void)changed;
	(void)e;
	if (st->road == ROAD_FILE && is_same(s->file, st) &&
	    st->ident_bytes > s->best.ident_bytes)
		s->best = *st;
	return true;
}

/* The name is taken by a file that is another one now. */
static bool
name_otherwise(const struct ingest_file *f, struct store *s,
    const struct stream *st, struct err *e)
{
	char name[NAME_ROOM];

	if (!number_print(name, sizeof name, "%.*s#%" PRId64, CONFIG_PATH_MAX,
		f->name, st->id))
		return err_set(e, EX_SOFTWARE,
		    "%s: no other name for the "
		    "file that was read under it; report this",
		    f->name);
	return stream_rename(s, st->id, str_from(name), e);
}

bool
ingest_file_adopt(struct ingest_file *f, struct store *s, int64_t now,
    struct stream *st, bool *known, struct err *e)
{
	struct search search = { .file = f };
	struct stream named;
	bool taken;

	*known = false;
	if (!stream_find(s, str_from(f->name), &named, &taken, e))
		return false;
	if (taken && is_same(f, &named)) {
		*known = true;
		*st = named;
	} else {
		if (taken && !name_otherwise(f, s, &named, e))
			return false;
		if (!stream_list(s, on_stream, &search, e))
			return false;
		*known = search.best.id != 0;
		*st = search.best;
		if (*known && !stream_rename(s, st->id, str_from(f->name), e))
			return false;
	}
	if (!*known || st->ident_bytes == f->source.ident_bytes)
		return true;
	st->ident = f->source.ident;
	st->ident_bytes = f->source.ident_bytes;
	return stream_keep(s, st, str_from(NULL), now, e);
}
