/* spare.c - a segment in memory, for when the journal cannot be written. */
#include "spare.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK 65536 /* copied at once when it is flushed */
#define TRIES 100 /* of a read, while the mover changes it */

bool
spare_open(struct spare *s, struct shared *sh, uint64_t max, struct err *e)
{
	*s = (struct spare){ .max = max, .sh = sh };
	s->fd = memfd_create("pmta-suppress-spare", MFD_CLOEXEC);
	if (s->fd >= 0)
		return true;
	return err_set(e, EX_OSERR,
	    "no spare journal in memory: %s; free some memory and start the "
	    "program again",
	    strerror(errno));
}

void
spare_close(struct spare *s)
{
	if (s->sh != NULL && s->fd >= 0)
		close(s->fd);
	*s = (struct spare){ .fd = -1 };
}

/* ---- the mover ---- */

static void
tell(struct spare *s, uint64_t base, uint64_t size, bool gap)
{
	atomic_store(&s->sh->spare_base, base);
	atomic_store(&s->sh->spare_size, size);
	atomic_store(&s->sh->spare_gap, gap);
}

/* The turn is odd while the other fields do not belong together. */
static void
change(struct spare *s, uint64_t base, uint64_t size, bool gap)
{
	atomic_fetch_add(&s->sh->spare_turn, 1);
	tell(s, base, size, gap);
	atomic_fetch_add(&s->sh->spare_turn, 1);
}

void
spare_begin(struct spare *s, uint64_t base, bool gap)
{
	change(s, base, 0, gap);
}

uint64_t
spare_room(const struct spare *s)
{
	uint64_t size = atomic_load(&s->sh->spare_size);

	return s->fd >= 0 && size < s->max ? s->max - size : 0;
}

void
spare_grown(struct spare *s, size_t n)
{
	/* Only longer: who reads the old size reads right. */
	atomic_fetch_add(&s->sh->spare_size, n);
}

bool
spare_flush(const struct spare *s, uint64_t pos, struct segment *to,
    uint64_t room, size_t *n)
{
	uint64_t base = atomic_load(&s->sh->spare_base);
	uint64_t left = base + atomic_load(&s->sh->spare_size) - pos;
	char chunk[CHUNK];
	size_t want = left < sizeof chunk ? (size_t)left : sizeof chunk;
	ssize_t k;

	*n = 0;
	if (want > room)
		want = (size_t)room;
	if (want == 0)
		return true;
	do
		k = pread(s->fd, chunk, want, (off_t)(pos - base));
	while (k < 0 && errno == EINTR);
	if (k <= 0)
		return false;
	*n = segment_write(to, chunk, (size_t)k);
	return *n > 0;
}

/* The n bytes behind `from` go to the begin, and that is all there is then. */
static bool
move_down(const struct spare *s, uint64_t from, uint64_t n)
{
	char chunk[CHUNK];
	ssize_t k;

	for (uint64_t done = 0; done < n; done += (uint64_t)k) {
		size_t want = n - done < CHUNK ? (size_t)(n - done) : CHUNK;

		k = pread(s->fd, chunk, want, (off_t)(from + done));
		if (k <= 0 ||
		    pwrite(s->fd, chunk, (size_t)k, (off_t)done) != k)
			return false;
	}
	while (ftruncate(s->fd, (off_t)n) != 0)
		if (errno != EINTR)
			return false;
	return true;
}

bool
spare_drop(struct spare *s, uint64_t upto)
{
	uint64_t base = atomic_load(&s->sh->spare_base);
	uint64_t size = atomic_load(&s->sh->spare_size);
	uint64_t gone = upto - base;
	bool ok;

	/* What stays must not lie where it goes, should that fail. */
	if (upto < base || gone > size || gone < size - gone)
		return false;
	atomic_fetch_add(&s->sh->spare_turn, 1);
	ok = move_down(s, gone, size - gone);
	if (ok)
		tell(s, upto, size - gone, false);
	atomic_fetch_add(&s->sh->spare_turn, 1);
	return ok;
}

void
spare_empty(struct spare *s)
{
	uint64_t end =
	    atomic_load(&s->sh->spare_base) + atomic_load(&s->sh->spare_size);

	/* First done, then told: should we die in between, an orphan finds it
	 * empty, and one who reads now gets nothing and asks again. */
	while (ftruncate(s->fd, 0) != 0 && errno == EINTR)
		continue;
	change(s, end, 0, false);
}

/* ---- the worker ---- */

/* What the shared memory says of it, all at one time; false: it changes. */
static bool
look(const struct spare *s, unsigned *turn, uint64_t *base, uint64_t *size,
    bool *gap)
{
	*turn = atomic_load(&s->sh->spare_turn);
	*base = atomic_load(&s->sh->spare_base);
	*size = atomic_load(&s->sh->spare_size);
	*gap = atomic_load(&s->sh->spare_gap);
	return *turn % 2 == 0 && *turn == atomic_load(&s->sh->spare_turn);
}

/* The mover may have died between writing and telling. */
static void
look_orphan(const struct spare *s, uint64_t *base, uint64_t *size, bool *gap)
{
	struct stat st;

	*base = atomic_load(&s->sh->spare_base);
	*gap = atomic_load(&s->sh->spare_gap);
	*size = fstat(s->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static ssize_t
spare_pread(const struct spare *s, uint64_t at, char *p, size_t n)
{
	ssize_t k;

	do
		k = pread(s->fd, p, n, (off_t)at);
	while (k < 0 && errno == EINTR);
	return k;
}

bool
spare_read(const struct spare *s, bool orphan, struct piece *in, struct err *e)
{
	uint64_t base, size, at;
	unsigned turn = 0;
	ssize_t k;

	for (unsigned i = 0; s->fd >= 0 && i < TRIES; i++) {
		if (orphan)
			look_orphan(s, &base, &size, &in->gap);
		else if (!look(s, &turn, &base, &size, &in->gap))
			continue;
		in->gap = in->gap && in->pos == base;
		at = in->pos - base;
		if (in->pos < base || at >= size)
			return true;
		k = spare_pread(s, at, in->p,
		    in->n < size - at ? in->n : (size_t)(size - at));
		if (k < 0)
			return err_set(e, EX_IOERR,
			    "cannot read the spare journal in memory: %s; "
			    "report this",
			    strerror(errno));
		/* Emptied meanwhile: what was read may be other bytes. */
		if (!orphan && turn != atomic_load(&s->sh->spare_turn))
			continue;
		in->got = (size_t)k;
		return true;
	}
	return true;
}
