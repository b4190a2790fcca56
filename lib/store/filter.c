/* filter.c - one file that answers "was this hash put in?". */
#include "store/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h> /* renameat() */
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define MAGIC UINT64_C(0x4d4f4f4c42534d50) /* "PMSBLOOM", little end first */
#define LAYOUT 1
#define TEMP "new" /* the lock's holder has it for himself */
#define WORDS 4 /* of 64 bits a block, two of its eight words in each */
#define BLOCKS_MAX (UINT64_C(1) << 32) /* a block is chosen by 32 bits */
#define ROOM_A_BLOCK (FILTER_BLOCK / FILTER_EACH)
#define BITS_A_BLOCK (FILTER_BLOCK * 8)
#define LOAD_MAX 64.0 /* hashes a block: it says yes to nearly all */
#define TERMS 256 /* blocks that have more at that load: none */

_Static_assert(sizeof(struct filter_head) == 64, "blocks are aligned");
_Static_assert(sizeof(_Atomic uint64_t) == 8, "files are shared");

/* ---- making ---- */

static bool
make_failed(
    const struct filter_place *at, const char *what, int why, struct err *e)
{
	return err_set(e, EX_IOERR,
	    "%s/%s: cannot %s: %s; make room, or let the program's user write "
	    "there",
	    at->dir, at->name, what, strerror(why));
}

int
filter_lock(const struct filter_place *at, struct err *e)
{
	/* Opened anew: a forked child would share the lock of ours. */
	int fd = openat(at->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int got = fd < 0 ? -1 : flock(fd, LOCK_EX);

	while (fd >= 0 && got != 0 && errno == EINTR)
		got = flock(fd, LOCK_EX);
	if (got == 0)
		return fd;
	make_failed(at, "lock the folder", errno, e);
	if (fd >= 0)
		close(fd);
	return -1;
}

static uint64_t
blocks_for(uint64_t room)
{
	uint64_t n = room / ROOM_A_BLOCK + (room % ROOM_A_BLOCK != 0);

	return n == 0 ? 1 : n < BLOCKS_MAX ? n : BLOCKS_MAX;
}

static void
head_init(struct filter_head *h, int64_t start, uint64_t room)
{
	*h = (struct filter_head){ .magic = MAGIC,
		.version = LAYOUT,
		.start = start,
		.blocks = blocks_for(room),
		.first = FILTER_NONE };
	if (getrandom(&h->salt, sizeof h->salt, 0) != sizeof h->salt)
		h->salt = (uint64_t)getpid();
}

/* All of the file, on disk, before it gets its name. */
static bool
fill(int fd, const struct filter_place *at, uint64_t room, struct err *e)
{
	struct filter_head head;
	int why;

	head_init(&head, at->start, room);
	why = posix_fallocate(
	    fd, 0, (off_t)(sizeof head + head.blocks * FILTER_BLOCK));
	if (why != 0)
		return make_failed(at, "take its disk space", why, e);
	if (!file_write_all(
		fd, (struct str){ (const char *)&head, sizeof head }) ||
	    fsync(fd) != 0)
		return make_failed(at, "write", errno, e);
	return true;
}

bool
filter_make(const struct filter_place *at, uint64_t room, struct err *e)
{
	bool ok = false;
	int fd;

	/* Left by a kill: perhaps half of a file. */
	if (unlinkat(at->fd, TEMP, 0) != 0 && errno != ENOENT)
		return make_failed(
		    at, "remove the old \"" TEMP "\" for it", errno, e);
	fd = openat(at->fd, TEMP,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd < 0)
		return make_failed(at, "make", errno, e);
	if (!fill(fd, at, room, e))
		goto out;
	if (renameat(at->fd, TEMP, at->fd, at->name) != 0) {
		make_failed(at, "rename", errno, e);
		goto out;
	}
	/* Some file systems have no fsync for folders and say EINVAL. */
	if (fsync(at->fd) != 0 && errno != EINVAL) {
		make_failed(at, "sync the folder", errno, e);
		goto out;
	}
	ok = true;
out:
	close(fd);
	if (!ok)
		unlinkat(at->fd, TEMP, 0);
	return ok;
}

/* ---- opening ---- */

static bool
refused(const struct filter_place *at, const char *why, struct err *e)
{
	return err_set(e, EX_DATAERR,
	    "%s/%s: left out: %s; move the file away: what it knew is built "
	    "again from what is delivered",
	    at->dir, at->name, why);
}

/* NULL: it is whole and about that time; else what is wrong. */
static const char *
head_wrong(
    const struct filter_head *h, uint64_t bytes, const struct filter_place *at)
{
	int64_t first = atomic_load(&h->first);

	if (h->magic != MAGIC)
		return "it is no filter of this machine";
	if (h->version != LAYOUT)
		return "another version of this program made it";
	if (h->start != at->start)
		return "its name is not the week that it is about";
	if (h->blocks == 0 || h->blocks > BLOCKS_MAX ||
	    bytes != sizeof *h + h->blocks * FILTER_BLOCK)
		return "it is cut, or was written over";
	if (atomic_load(&h->count) > h->blocks * BITS_A_BLOCK ||
	    (first != FILTER_NONE &&
		(first < at->start || first - at->start >= at->span)))
		return "it was written over";
	return NULL;
}

static bool
map(struct filter *f, int fd, const struct filter_place *at, bool write,
    struct err *e)
{
	struct stat st;
	const char *why;
	void *p;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return refused(at, "it is no regular file", e);
	/* Behind a file's end stands SIGBUS, so the size comes first. */
	if ((uint64_t)st.st_size < sizeof *f->head + FILTER_BLOCK)
		return refused(at, "it is cut, or was written over", e);
	f->bytes = (size_t)st.st_size;
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	p = mmap(NULL, f->bytes, write ? PROT_READ | PROT_WRITE : PROT_READ,
	    MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return refused(at, strerror(errno), e);
	f->head = p;
	f->words = (_Atomic uint64_t *)(f->head + 1);
	why = head_wrong(f->head, f->bytes, at);
	if (why != NULL) {
		filter_release(f);
		return refused(at, why, e);
	}
	f->blocks = f->head->blocks;
	f->salt = f->head->salt;
	return true;
}

bool
filter_open(struct filter *f, const struct filter_place *at, bool write,
    bool *absent, struct err *e)
{
	/* Nonblocking: a FIFO of that name would wait for a reader. */
	int fd = openat(at->fd, at->name,
	    (write ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
		O_NOCTTY);
	bool ok;

	*f = (struct filter){ 0 };
	*absent = fd < 0 && errno == ENOENT;
	if (*absent)
		return true;
	if (fd < 0)
		return err_set(e, EX_IOERR,
		    "%s/%s: left out: cannot open: %s; let the program's user "
		    "read and write it",
		    at->dir, at->name, strerror(errno));
	ok = map(f, fd, at, write, e);
	close(fd);
	return ok;
}

void
filter_release(struct filter *f)
{
	if (f->head != NULL)
		munmap(f->head, f->bytes);
	*f = (struct filter){ 0 };
}

/* ---- bits ---- */

/* One hash's block and its bits there. */
struct probe {
	_Atomic uint64_t *word;
	uint64_t bits[WORDS];
};

/* Every bit of the result hangs on every bit of x (MurmurHash3's finish). */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
	x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}

/* The block of a mixed hash. */
static _Atomic uint64_t *
block_of(const struct filter *f, uint64_t x)
{
	return f->words + (x >> 32) * f->blocks / BLOCKS_MAX * WORDS;
}

static void
probe_set(struct probe *p, const struct filter *f, uint64_t hash)
{
	uint64_t x = mix(hash ^ f->salt);
	/* Five bits each for eight words, from the product's top 40. */
	uint64_t choice = x * UINT64_C(0x9e3779b97f4a7c15) >> 24;

	p->word = block_of(f, x);
	for (unsigned i = 0; i < WORDS; i++, choice >>= 10)
		p->bits[i] = UINT64_C(1) << (choice & 31) |
		    UINT64_C(1) << (32 + (choice >> 5 & 31));
}

void
filter_ahead(const struct filter *f, uint64_t hash)
{
	__builtin_prefetch(block_of(f, mix(hash ^ f->salt)));
}

/* The bits of word i that are not set yet. */
static uint64_t
missing(const struct probe *p, unsigned i)
{
	return p->bits[i] &
	    ~atomic_load_explicit(p->word + i, memory_order_acquire);
}

bool
filter_has(const struct filter *f, uint64_t hash)
{
	struct probe p;
	uint64_t any = 0;

	probe_set(&p, f, hash);
	for (unsigned i = 0; i < WORDS; i++)
		any |= missing(&p, i);
	return any == 0;
}

/*
 * Two processes that put in one hash at a time must count it once. Words are
 * read upwards and set downwards, so the lowest that lacked a bit is the same
 * one for both, and whoever sets it, last of all, counts.
 */
void
filter_add(struct filter *f, uint64_t hash)
{
	struct probe p;
	bool lacks[WORDS];
	bool mine = false;

	probe_set(&p, f, hash);
	for (unsigned i = 0; i < WORDS; i++)
		lacks[i] = missing(&p, i) != 0;
	for (unsigned i = WORDS; i-- > 0;)
		if (lacks[i]) {
			uint64_t was = atomic_fetch_or_explicit(
			    p.word + i, p.bits[i], memory_order_release);

			mine = (p.bits[i] & ~was) != 0;
		}
	if (mine)
		atomic_fetch_add_explicit(
		    &f->head->count, 1, memory_order_relaxed);
}

void
filter_note_first(struct filter *f, int64_t time)
{
	int64_t was = filter_first(f);

	while (time < was &&
	    !atomic_compare_exchange_weak_explicit(&f->head->first, &was, time,
		memory_order_relaxed, memory_order_relaxed))
		continue;
}

int64_t
filter_first(const struct filter *f)
{
	return atomic_load_explicit(&f->head->first, memory_order_relaxed);
}

bool
filter_flush(struct filter *f)
{
	return msync(f->head, f->bytes, MS_ASYNC) == 0;
}

uint64_t
filter_count(const struct filter *f)
{
	return atomic_load_explicit(&f->head->count, memory_order_relaxed);
}

uint64_t
filter_room(const struct filter *f)
{
	return f->blocks * ROOM_A_BLOCK;
}

/*
 * Hashes fall on blocks as a Poisson distribution. A block with j of them has
 * a given bit of a word set with 1 - (31/32)^j, and all eight that another hash
 * asks for with the eighth power of that.
 */
double
filter_false_rate(const struct filter *f)
{
	double load = (double)filter_count(f) / (double)f->blocks;
	double weight = 1;
	double clear = 1;
	double all = 0;
	double yes = 0;

	if (load > LOAD_MAX)
		load = LOAD_MAX;
	for (int j = 0; j < TERMS; j++) {
		double set = 1 - clear;
		double four = set * set * set * set;

		all += weight;
		yes += weight * four * four;
		weight *= load / (j + 1);
		clear *= 31.0 / 32;
	}
	return yes / all;
}
