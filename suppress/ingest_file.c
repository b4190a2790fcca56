/* ingest_file.c - a file as a source of rows: read once forward, known again
 * by its first bytes under whatever name it comes. */
#include "ingest_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"
#include "mail/mbox.h"
#include "mail/message.h"
#include "mail/rows.h"
#include "wrap/hash.h"

#define NAME_ROOM (CONFIG_PATH_MAX + 64)
#define WINDOW_MAX (32u << 20) /* twice what is asked for at once */

/*
 * A lease on reading is refused while anyone has the file open for writing.
 * Where it cannot be had for another reason (not the owner, a file system
 * without leases) the file counts as finished.
 */
static bool
is_growing(int fd)
{
	/* A writer that comes right now would signal: its default kills. */
	signal(SIGIO, SIG_IGN);
	if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0)
		return errno == EAGAIN;
	(void)fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

static bool
is_recent(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 ||
	    st.st_mtime > clock_now() - INGEST_QUIET;
}

/*
 * Whether a last row without a newline may still get it: PowerMTA closes its
 * files, and nobody packs one that is being written; a mail has no rows. Asked
 * after the reading, so that a write in between counts; what is gone from its
 * name is looked at again under the new one.
 */
static bool
is_fresh(const struct ingest_file *f)
{
	return !f->packed && !f->is_mail && is_recent(f->name);
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
	return f->window.n >= want || f->broken.code == 0;
}

/*
 * Makes *at the place of pos in the window. Of the bytes before a pos that was
 * read already only the tail is of use; right behind the window it is only
 * read on, and the bytes before may be asked for once more.
 */
static bool
move_window(struct ingest_file *f, uint64_t pos, size_t *at)
{
	uint64_t end = f->base + f->window.n;
	uint64_t from = pos > INGEST_TAIL ? pos - INGEST_TAIL : 0;

	*at = (size_t)(pos - from);
	if (from >= f->base && pos == end && f->window.n < WINDOW_MAX) {
		*at = f->window.n;
		return true;
	}
	if (from >= f->base && pos <= end) {
		buf_drop(&f->window, (size_t)(from - f->base));
		f->base = from;
		return true;
	}
	if (f->broken.code != 0 || !inflate_seek(f->in, from, &f->broken))
		return false;
	buf_clear(&f->window);
	f->base = from;
	f->at_end = false;
	return true;
}

/* Up to n bytes from pos of a flat file; f->broken tells why there are less. */
static size_t
read_flat(struct ingest_file *f, uint64_t pos, char *p, size_t n)
{
	size_t have = 0;
	size_t got = 1;

	while (have < n && got > 0 &&
	    inflate_read_at(
		f->in, pos + have, p + have, n - have, &got, &f->broken))
		have += got;
	return have;
}

/* What ends the reading early is kept in f->broken: what came before it is
 * worked on like the bytes of a file that may still grow. */
static bool
read_source(void *ctx, struct piece *in, struct err *e)
{
	struct ingest_file *f = ctx;
	struct str have = str_of(f->head, f->head_bytes);
	size_t at;

	(void)e;
	/* The first bytes are asked for again and again: no way back needed. */
	if (in->pos < have.n && in->n <= have.n - in->pos) {
		memcpy(in->p, have.p + in->pos, in->n);
		in->got = in->n;
		return true;
	}
	if (f->flat) {
		in->got = f->broken.code == 0
		    ? read_flat(f, in->pos, in->p, in->n) : 0;
		in->end = in->got < in->n && f->broken.code == 0 &&
		    !f->growing;
		f->source.fresh = in->end && is_fresh(f);
		return true;
	}
	if (!move_window(f, in->pos, &at))
		return true;
	(void)fill(f, at + in->n);
	have = str_sub(buf_str(&f->window), at, in->n);
	if (have.n > 0)
		memcpy(in->p, have.p, have.n);
	in->got = have.n;
	in->end = f->at_end && !f->growing && f->window.n <= at + in->n;
	f->source.fresh = in->end && is_fresh(f);
	return true;
}

static uint64_t
hash_tail_flat(struct ingest_file *f, uint64_t pos, size_t n)
{
	char tail[INGEST_TAIL];

	return read_flat(f, pos - n, tail, n) < n ? 0 : hash64(str_of(tail, n));
}

/* Of a file that is shorter than pos there is none. */
static uint64_t
hash_tail(void *ctx, uint64_t pos)
{
	struct ingest_file *f = ctx;
	size_t n = pos < INGEST_TAIL ? (size_t)pos : INGEST_TAIL;
	size_t at;

	if (pos == 0)
		return 0;
	if (pos <= f->head_bytes)
		return hash64(str_of(f->head + (size_t)pos - n, n));
	if (f->flat)
		return hash_tail_flat(f, pos, n);
	if (!move_window(f, pos, &at))
		return 0;
	(void)fill(f, at);
	return f->window.n < at
	    ? 0
	    : hash64(str_sub(buf_str(&f->window), at - n, n));
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

/* -1: it cannot be opened, or not without waiting for another process. A pipe
 * is not even tried: what its writer sends to who closes it again is lost. */
static int
open_plain(const char *path, int flags)
{
	struct stat st;
	int fd;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		errno = ESPIPE;
		return -1;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	return -1;
}

/* The full path of a file that is no link: that of its folder, which the file
 * before mostly shared, and its own name. */
static char *
name_in_folder(struct ingest_folder *last, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct str dir = slash != NULL
	    ? str_of(path, (size_t)(slash - path) + 1)
	    : STR("./");
	const char *base = slash != NULL ? slash + 1 : path;
	char *full = NULL;

	if (last->real == NULL || !str_eq(str_from(last->given), dir)) {
		ingest_folder_release(last);
		last->given = strndup(dir.p, dir.n);
		if (last->given != NULL)
			last->real = realpath(last->given, NULL);
	}
	if (last->real == NULL ||
	    asprintf(&full, "%s/%s", strcmp(last->real, "/") == 0 ? ""
		: last->real, base) < 0)
		return NULL;
	return full;
}

void
ingest_folder_release(struct ingest_folder *d)
{
	free(d->given);
	free(d->real);
	*d = (struct ingest_folder){ 0 };
}

/* What the first bytes tell. */
static void
know_head(struct ingest_file *f)
{
	struct str head = str_of(f->head, f->head_bytes);
	struct str text = str_trim(head);

	f->packed = inflate_is_packed(f->in);
	f->flat = inflate_is_flat(f->in);
	f->is_rows = rows_known_type(text).n > 0;
	f->is_mail =
	    !f->is_rows && (mbox_starts(text) || message_starts(head));
	if (head.n == 0)
		return;
	f->source.ident = hash64(head);
	f->source.ident_bytes = (int64_t)head.n;
}

bool
ingest_file_may_grow(const char *path)
{
	int fd = open_plain(path, 0);
	bool growing = fd >= 0 && is_growing(fd);

	if (fd >= 0)
		close(fd);
	return growing || is_recent(path);
}

/* f->in is open. */
static bool
begin(struct ingest_file *f, const char *path, struct err *e)
{
	if (f->name == NULL)
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
		.read = read_source,
		.tail = hash_tail };
	know_head(f);
	return true;
}

bool
ingest_file_open(struct ingest_file *f, const char *path,
    struct ingest_folder *last, struct err *e)
{
	int fd = open_plain(path, O_NOFOLLOW);

	*f = (struct ingest_file){ 0 };
	if (fd >= 0)
		f->name = name_in_folder(last, path);
	else if (errno == ELOOP)
		fd = open_plain(path, 0);
	if (fd < 0)
		return false;
	/* Before the first read: what is written meanwhile still counts. */
	f->growing = is_growing(fd);
	f->in = inflate_take(fd, path, e);
	if (f->in != NULL)
		return begin(f, path, e);
	ingest_file_close(f);
	return false;
}

bool
ingest_file_open_other(struct ingest_file *f, const char *path, struct err *e)
{
	*f = (struct ingest_file){ .in = inflate_open(path, e) };
	return f->in != NULL && begin(f, path, e);
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
	    (!fill(f, at + 1) && f->window.n <= at))
		return err_set(e, f->broken.code, "%s", f->broken.text);
	*has = f->window.n > at;
	return true;
}

/* Back to the first byte, as if nothing had been read. */
static bool
reopen(struct ingest_file *f, struct err *e)
{
	inflate_close(f->in);
	buf_clear(&f->window);
	f->base = 0;
	f->at_end = false;
	err_clear(&f->broken);
	f->in = inflate_open(f->name, e);
	return f->in != NULL;
}

/* Whether what the stream has read of its file stands in this one as well:
 * the first bytes, and the last ones. The file may have grown since. */
static bool
is_same(
    struct ingest_file *f, const struct stream *st, bool *same, struct err *e)
{
	*same = st->ident_bytes > 0 &&
	    (uint64_t)st->ident_bytes <= f->head_bytes &&
	    hash64(str_of(f->head, (size_t)st->ident_bytes)) == st->ident;
	if (!*same || st->tail == 0)
		return true;
	*same = hash_tail(f, st->pos) == st->tail;
	/* A break that lies before the other file's place: read up to it. */
	return *same || f->broken.code == 0 || reopen(f, e);
}

bool
ingest_file_open_again(struct ingest_file *f, const char *path,
    const struct stream *st, bool *same, struct err *e)
{
	int fd = open_plain(path, 0);

	*f = (struct ingest_file){ 0 };
	*same = false;
	if (fd < 0)
		return false;
	f->in = inflate_take(fd, path, e);
	if (f->in != NULL && begin(f, path, e) && is_same(f, st, same, e))
		return true;
	ingest_file_close(f);
	return false;
}

struct search {
	struct ingest_file *file;
	struct stream best;
};

/* Whether a fits better than b: of files that were shorter than the head when
 * read the longest, of the others the one that was read furthest. */
static bool
is_better(const struct stream *a, const struct stream *b)
{
	return a->ident_bytes > b->ident_bytes ||
	    (a->ident_bytes == b->ident_bytes && a->pos > b->pos);
}

static bool
on_stream(void *ctx, struct str name, const struct stream *st, int64_t changed,
    struct err *e)
{
	struct search *s = ctx;
	bool same = false;

	(void)name;
	(void)changed;
	if (st->road != ROAD_FILE || !is_better(st, &s->best))
		return true;
	if (!is_same(s->file, st, &same, e))
		return false;
	if (same)
		s->best = *st;
	return true;
}

/*
 * The stream of this file under another name. Files of rows grow, so any that
 * begins as this one does may be it; a mail is itself or it is not, and of
 * mails there may be very many.
 */
static bool
find_stream(struct ingest_file *f, struct store *s, struct stream *found,
    struct err *e)
{
	struct search search = { .file = f };
	bool is = false, same = false;

	if (f->is_rows) {
		if (!stream_list(s, on_stream, &search, e))
			return false;
		*found = search.best;
		return true;
	}
	*found = (struct stream){ .id = 0 };
	if (!stream_by_ident(s, f->source.ident, f->source.ident_bytes,
		&search.best, &is, e) ||
	    (is && !is_same(f, &search.best, &same, e)))
		return false;
	if (same)
		*found = search.best;
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
	struct stream named;
	bool taken;
	bool same = false;

	*known = false;
	if (!stream_find(s, str_from(f->name), &named, &taken, e) ||
	    (taken && !is_same(f, &named, &same, e)))
		return false;
	if (same) {
		*known = true;
		*st = named;
	} else {
		if (taken && !name_otherwise(f, s, &named, e))
			return false;
		if (!find_stream(f, s, st, e))
			return false;
		*known = st->id != 0;
		if (*known && !stream_rename(s, st->id, str_from(f->name), e))
			return false;
	}
	if (!*known || st->ident_bytes == f->source.ident_bytes)
		return true;
	st->ident = f->source.ident;
	st->ident_bytes = f->source.ident_bytes;
	return stream_keep(s, st, str_from(NULL), now, e);
}
