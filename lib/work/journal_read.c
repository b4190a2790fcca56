/* journal_read.c - the bytes of one stream, over all its segments. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "work/journal_parts.h"

/*
 * What stands for bytes that are gone. It must be no row and no part of one:
 * the reader of rows is told of the gap and looks for the next line that
 * begins with a known type.
 */
#define FILLER '#'

struct journal_reader {
	struct journal *j;
	struct part at; /* the segment that is open */
	int fd; /* -1: none is */
	uint64_t hole_end; /* bytes before it are gone, 0: no hole */
	uint64_t synced; /* bytes of the stream known to be on the disk */
	uint64_t sync_at; /* where the last segment synced begins */
	bool one; /* there is nothing behind a hole */
};

struct journal_reader *
journal_reader_open(struct journal *j, const char *name, struct err *e)
{
	struct journal_reader *r = calloc(1, sizeof *r);

	if (r == NULL) {
		err_memory(e);
		return NULL;
	}
	r->j = j;
	r->fd = -1;
	if (!str_copy(str_from(name), r->at.name, sizeof r->at.name)) {
		err_set(e, EX_SOFTWARE,
		    "%s: the stream's name is too long; report this", name);
		free(r);
		return NULL;
	}
	return r;
}

void
journal_reader_close(struct journal_reader *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

void
journal_reader_one(struct journal_reader *r)
{
	r->one = true;
}

/* ---- finding the segment that holds a position ---- */

/* Opens p's file, -1 with errno when it cannot be. */
static int
part_open(const struct journal *j, const struct part *p)
{
	char file[PART_NAME_MAX];

	part_name(p, file);
	return openat(
	    j->fd, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
}

/* Makes p the segment that is read; *found false: it is gone. */
static bool
reader_take(
    struct journal_reader *r, const struct part *p, bool *found, struct err *e)
{
	char file[PART_NAME_MAX];
	int fd = part_open(r->j, p);

	*found = fd >= 0;
	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd < 0) {
		part_name(p, file);
		return journal_error(r->j, file, "open", e);
	}
	if (r->fd >= 0)
		close(r->fd);
	r->fd = fd;
	r->at = *p;
	return true;
}

/* The segment that begins right at pos: what follows the one being read. */
static bool
reader_next(struct journal_reader *r, uint64_t pos, bool *found, struct err *e)
{
	bool here = r->fd >= 0 && r->at.offset == pos;
	struct part p = r->at;

	*found = false;
	p.kind = PART_SEGMENT;
	p.offset = pos;
	p.gap = true;
	/* A segment without a byte may stand before a gap at its place. */
	if (!(here && r->at.gap) && !reader_take(r, &p, found, e))
		return false;
	p.gap = false;
	return here || *found || reader_take(r, &p, found, e);
}

/* The last segment that begins at or before pos and reaches past it, else the
 * first one behind pos; NULL: none. */
static const struct part *
parts_at(const struct parts *all, uint64_t pos)
{
	const struct part *best = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct part *p = &all->row[i];

		if (p->kind != PART_SEGMENT || p->size == 0)
			continue;
		if (p->offset > pos)
			return best != NULL ? best : p;
		if (p->size > pos - p->offset)
			best = p;
	}
	return best;
}

/* Looks through the folder; *found also when there is a hole at pos. */
static bool
reader_search(
    struct journal_reader *r, uint64_t pos, bool *found, struct err *e)
{
	const struct part *p;
	struct parts all;
	bool ok = parts_list(r->j, r->at.name, &all, e);

	*found = false;
	if (!ok)
		goto out;
	p = parts_at(&all, pos);
	if (p == NULL)
		goto out;
	if (p->offset > pos) {
		r->hole_end = p->offset;
		*found = true;
		goto out;
	}
	/* Gone on: bytes behind a hole may begin anywhere in a row. */
	ok = reader_take(r, p, found, e);
out:
	parts_release(&all);
	return ok;
}

/* ---- reading ---- */

/* Stands for the bytes of a hole. */
static void
reader_fill(const struct journal_reader *r, struct piece *in)
{
	uint64_t left = r->hole_end - in->pos;

	in->gap = true;
	in->got = left < in->n ? (size_t)left : in->n;
	memset(in->p, FILLER, in->got);
	/* The bytes behind the hole begin a line of their own. */
	if (in->got > 0 && in->got == left)
		in->p[in->got - 1] = '\n';
}

/* From the segment that is open; nothing got is no error. */
static bool
reader_pread(struct journal_reader *r, struct piece *in, struct err *e)
{
	uint64_t at = in->pos - r->at.offset;
	char file[PART_NAME_MAX];
	ssize_t k;

	if (r->fd < 0 || in->pos < r->at.offset || at > INT64_MAX)
		return true;
	do
		k = pread(r->fd, in->p, in->n, (off_t)at);
	while (k < 0 && errno == EINTR);
	if (k < 0) {
		part_name(&r->at, file);
		return journal_error(r->j, file, "read", e);
	}
	in->got = (size_t)k;
	return true;
}

bool
journal_read(struct journal_reader *r, struct piece *in, struct err *e)
{
	uint64_t pos = in->pos;
	bool found = false;

	for (unsigned i = 0; i < 3; i++) {
		if (pos < r->hole_end) {
			reader_fill(r, in);
			return true;
		}
		if (!reader_pread(r, in, e))
			return false;
		if (in->got > 0)
			break;
		if (!reader_next(r, pos, &found, e))
			return false;
		if (!found && !(r->one && r->fd >= 0) &&
		    !reader_search(r, pos, &found, e))
			return false;
		if (!found)
			return true;
	}
	in->gap = in->got > 0 &&
	    ((r->at.gap && pos == r->at.offset) ||
		(r->hole_end > 0 && pos == r->hole_end));
	return true;
}

bool
journal_seek(struct journal *j, const char *name, uint64_t *pos,
    int64_t since, bool *found, struct err *e)
{
	struct parts all;
	bool ok = parts_list(j, name, &all, e);

	*found = false;
	for (size_t i = 0; ok && i < all.n && !*found; i++) {
		const struct part *p = &all.row[i];

		/* Positions past that are no stream's. */
		if (p->kind != PART_SEGMENT || p->changed < since ||
		    p->size == 0 || p->offset > INT64_MAX - p->size ||
		    (p->offset <= *pos && p->size <= *pos - p->offset))
			continue;
		*found = true;
		if (p->offset > *pos)
			*pos = p->offset;
	}
	parts_release(&all);
	return ok;
}

/* ---- keeping the bytes through a power cut ---- */

/* Syncs the segment that begins at `at`; *size: its bytes before that, 0 also
 * when there is none. */
static bool
part_sync(struct journal_reader *r, uint64_t at, bool gap, uint64_t *size,
    struct err *e)
{
	struct part p = r->at;
	char file[PART_NAME_MAX];
	struct stat st;
	bool ok;
	int fd;

	p.kind = PART_SEGMENT;
	p.offset = at;
	p.gap = gap;
	fd = part_open(r->j, &p);
	if (fd < 0)
		return true;
	ok = fstat(fd, &st) == 0 && fdatasync(fd) == 0;
	if (ok) {
		*size = (uint64_t)st.st_size;
	} else {
		part_name(&p, file);
		journal_error(r->j, file, "sync", e);
	}
	close(fd);
	return ok;
}

/* The names of new segments must survive as well. */
static bool
folder_sync(struct journal *j, struct err *e)
{
	if (fsync(j->fd) == 0 || errno == EINVAL)
		return true;
	return journal_error(j, ".", "sync the folder", e);
}

/* Where the first segment begins that reaches past what is synced. */
static bool
sync_search(struct journal_reader *r, uint64_t *at, struct err *e)
{
	const struct part *p;
	struct parts all;
	bool ok = parts_list(r->j, r->at.name, &all, e);

	p = ok ? parts_at(&all, r->synced) : NULL;
	*at = p != NULL ? p->offset : r->synced;
	parts_release(&all);
	return ok;
}

bool
journal_sync(struct journal_reader *r, struct err *e)
{
	uint64_t at = r->sync_at;
	bool searched = false;
	bool fresh = false;

	for (;;) {
		uint64_t size = 0;

		if (!part_sync(r, at, false, &size, e) ||
		    (size == 0 && !part_sync(r, at, true, &size, e)))
			return false;
		if (size == 0 &&
		    (searched || (at >= r->synced && r->synced > 0)))
			break;
		if (size == 0) {
			/* Its begin is gone, also the stream's first segment
			 * when we begin: from where there is more. */
			searched = true;
			if (!sync_search(r, &at, e))
				return false;
			continue;
		}
		fresh |= at >= r->synced;
		r->sync_at = at;
		if (at + size > r->synced)
			r->synced = at + size;
		at += size;
	}
	return !fresh || folder_sync(r->j, e);
}

/* ---- one record ---- */

bool
journal_fetch(struct journal *j, const char *name, uint64_t pos, uint64_t size,
    struct buf *out, bool *found, struct err *e)
{
	struct journal_reader *r = journal_reader_open(j, name, e);
	bool ok = false;
	size_t got = 1;

	*found = false;
	if (r == NULL)
		return false;
	buf_clear(out);
	while (out->n < size && got > 0) {
		size_t left = (size_t)(size - out->n);
		struct piece in = { .pos = pos + out->n,
			.p = buf_room(out, left), .n = left };

		if (in.p == NULL) {
			err_memory(e);
			goto out;
		}
		if (!journal_read(r, &in, e))
			goto out;
		/* A gap before the record is no matter, one in it is. */
		if (r->hole_end > in.pos || (in.gap && out->n > 0))
			break;
		got = in.got;
		out->n += got;
	}
	*found = out->n == size;
	ok = true;
out:
	journal_reader_close(r);
	return ok;
}
