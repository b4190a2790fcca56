/* journal.c - the folder of streams: names, listing, locks. */
#include "work/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h> /* renameat() */
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"
#include "work/journal_parts.h"

#define CLAIM_TRIES 3 /* a stream's file may be replaced while we open it */

bool
journal_error(
    const struct journal *j, const char *file, const char *what, struct err *e)
{
	int why = errno;

	if (why == ENOMEM)
		return err_memory(e);
	return err_set(e, EX_IOERR,
	    "%s/%s: cannot %s: %s; make room, or let the program's user write "
	    "there",
	    j->dir, file, what, strerror(why));
}

struct journal *
journal_open(const char *dir, bool make, struct err *e)
{
	struct journal *j = calloc(1, sizeof *j);

	if (j == NULL || (j->dir = strdup(dir)) == NULL) {
		free(j);
		err_memory(e);
		return NULL;
	}
	if (make && mkdir(dir, 0700) != 0 && errno != EEXIST) {
		err_set(e, EX_IOERR,
		    "%s: cannot make the folder: %s; make it, owned by the "
		    "program's user",
		    dir, strerror(errno));
		j->fd = -1;
		journal_close(j);
		return NULL;
	}
	j->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (j->fd < 0) {
		err_set(e, errno == ENOENT ? EX_NOINPUT : EX_IOERR,
		    "%s: cannot open the folder: %s; let the program's user "
		    "read and write it",
		    dir, strerror(errno));
		journal_close(j);
		return NULL;
	}
	return j;
}

void
journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	if (j->fd >= 0)
		close(j->fd);
	free(j->dir);
	free(j);
}

int
journal_fd(const struct journal *j)
{
	return j->fd;
}

bool
journal_new_name(char name[JOURNAL_NAME_MAX], struct err *e)
{
	unsigned char dice[4];
	char when[CLOCK_TEXT];
	char stamp[CLOCK_TEXT];
	size_t n = 0;

	if (getrandom(dice, sizeof dice, GRND_NONBLOCK) != sizeof dice)
		memset(dice, 0, sizeof dice); /* time and pid tell enough */
	clock_text(clock_now(), when);
	for (const char *p = when; *p != '\0'; p++)
		if (*p != '-' && *p != ':')
			stamp[n++] = *p;
	stamp[n] = '\0';
	if (!number_print(name, JOURNAL_NAME_MAX, "%s-%ld-%02x%02x%02x%02x",
		stamp, (long)getpid(), dice[0], dice[1], dice[2], dice[3]))
		return err_set(e, EX_SOFTWARE,
		    "no name for a new stream: it does not fit; report this");
	return true;
}

/* ---- names of files ---- */

bool
journal_is_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_is_alnum(name.p[i]) && name.p[i] != '-')
			return false;
	return name.n > 0 && name.n < JOURNAL_NAME_MAX;
}

static bool
hex_of(struct str s, uint64_t *out)
{
	uint64_t n = 0;

	if (s.n != 16)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		const char *digits = "0123456789abcdef";
		const char *at = s.p[i] != '\0' ? strchr(digits, s.p[i]) : NULL;

		if (at == NULL)
			return false;
		n = n << 4 | (uint64_t)(at - digits);
	}
	*out = n;
	return true;
}

bool
part_of(const char *file, struct part *out)
{
	struct str rest = str_from(file);
	struct str name, middle;

	*out = (struct part){ 0 };
	if (!str_cut(&rest, '.', &name) || !journal_is_name(name) ||
	    !str_copy(name, out->name, sizeof out->name))
		return false;
	if (str_eq(rest, STR("stream"))) {
		out->kind = PART_STREAM;
		return true;
	}
	if (!str_cut(&rest, '.', &middle) || !hex_of(middle, &out->offset))
		return false;
	out->gap = str_eq(rest, STR("gap"));
	out->kind = PART_SEGMENT;
	return out->gap || str_eq(rest, STR("seg"));
}

void
part_name(const struct part *p, char *out)
{
	/* Cannot be cut: the name fits and the rest is 22 bytes. */
	if (p->kind == PART_STREAM)
		(void)number_print(out, PART_NAME_MAX, "%s.stream", p->name);
	else
		(void)number_print(out, PART_NAME_MAX, "%s.%016llx.%s", p->name,
		    (unsigned long long)p->offset, p->gap ? "gap" : "seg");
}

void
stream_file(const char *name, char *out)
{
	struct part p = { .kind = PART_STREAM };

	(void)str_copy(str_from(name), p.name, sizeof p.name);
	part_name(&p, out);
}

/* ---- listing ---- */

static int
part_order(const void *a, const void *b)
{
	const struct part *x = a;
	const struct part *y = b;
	int names = strcmp(x->name, y->name);

	if (names != 0)
		return names;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return (int)x->gap - (int)y->gap;
}

static bool
parts_add(struct parts *p, const struct part *one, struct err *e)
{
	if (p->n == p->cap) {
		size_t cap = p->cap == 0 ? 64 : p->cap * 2;
		struct part *row = reallocarray(p->row, cap, sizeof *p->row);

		if (row == NULL)
			return err_memory(e);
		p->row = row;
		p->cap = cap;
	}
	p->row[p->n++] = *one;
	return true;
}

/* Adds the file if it is one of the journal's and, where they are given, of
 * that name and kind. */
static bool
parts_look(struct journal *j, const char *file, const char *name,
    enum part_kind kind, struct parts *out, struct err *e)
{
	struct part one;
	struct stat st;

	if (!part_of(file, &one) ||
	    (name != NULL && strcmp(one.name, name) != 0) ||
	    (kind != PART_NONE && one.kind != kind) ||
	    fstatat(j->fd, file, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode))
		return true;
	one.size = (uint64_t)st.st_size;
	one.changed = st.st_mtime;
	return parts_add(out, &one, e);
}

static bool
parts_of_kind(struct journal *j, const char *name, enum part_kind kind,
    struct parts *out, struct err *e)
{
	int fd = openat(j->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *file;
	bool ok = false;

	*out = (struct parts){ 0 };
	if (d == NULL) {
		journal_error(j, ".", "list the folder", e);
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (errno = 0, (file = readdir(d)) != NULL)
		if (!parts_look(j, file->d_name, name, kind, out, e))
			goto out;
	if (errno != 0) {
		journal_error(j, ".", "list the folder", e);
		goto out;
	}
	if (out->n > 0)
		qsort(out->row, out->n, sizeof *out->row, part_order);
	ok = true;
out:
	closedir(d);
	return ok;
}

bool
parts_list(
    struct journal *j, const char *name, struct parts *out, struct err *e)
{
	return parts_of_kind(j, name, PART_NONE, out, e);
}

void
parts_release(struct parts *p)
{
	free(p->row);
	*p = (struct parts){ 0 };
}

/* ---- locks ---- */

/* Writes the stream's file under a name that nobody claims. */
static int
new_locked(struct journal *j, const char *temp, const struct journal_info *info,
    struct err *e)
{
	int fd = openat(j->fd, temp,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		journal_error(j, temp, "make", e);
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && info_write(fd, info, e))
		return fd;
	journal_error(j, temp, "write", e);
	unlinkat(j->fd, temp, 0);
	close(fd);
	return -1;
}

bool
journal_claim_new(struct journal *j, const char *name,
    const struct journal_info *info, int *lock, struct err *e)
{
	char file[PART_NAME_MAX];
	char temp[PART_NAME_MAX];

	*lock = -1;
	stream_file(name, file);
	/* Locked before it has its name, so that nobody adopts a newborn. */
	if (!number_print(temp, sizeof temp, ".%s.new", name))
		return err_set(e, EX_SOFTWARE,
		    "%s: the stream's name is too long; report this", name);
	*lock = new_locked(j, temp, info, e);
	if (*lock < 0)
		return false;
	if (renameat(j->fd, temp, j->fd, file) == 0)
		return true;
	journal_error(j, file, "make", e);
	unlinkat(j->fd, temp, 0);
	close(*lock);
	*lock = -1;
	return false;
}

bool
journal_retire(struct journal *j, const char *name, struct err *e)
{
	char file[PART_NAME_MAX];

	stream_file(name, file);
	return unlinkat(j->fd, file, 0) == 0 || errno == ENOENT ||
	    journal_error(j, file, "delete", e);
}

bool
journal_turn(struct journal *j, const char *what, int64_t now, int64_t every)
{
	struct timespec t[2] = { { .tv_sec = now }, { .tv_sec = now } };
	char file[PART_NAME_MAX];
	bool ours = false;
	struct stat st;
	int fd;

	if (!number_print(file, sizeof file, ".%s", what))
		return false;
	fd = openat(j->fd, file,
	    O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
	if (fd < 0)
		return false;
	/* New, or its last turn is over; a time ahead of ours is wrong. */
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0)
		ours = (st.st_size == 0 || st.st_mtime + every <= now ||
			   st.st_mtime > now + every) &&
		    pwrite(fd, "\n", 1, 0) == 1 && futimens(fd, t) == 0;
	close(fd);
	return ours;
}

/* Whether fd still is what stands under file's name. */
static bool
same_file(struct journal *j, const char *file, int fd)
{
	struct stat here, there;

	return fstat(fd, &here) == 0 &&
	    fstatat(j->fd, file, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

bool
journal_claim(struct journal *j, const char *name, int *lock, struct err *e)
{
	char file[PART_NAME_MAX];

	*lock = -1;
	stream_file(name, file);
	for (unsigned i = 0; i < CLAIM_TRIES; i++) {
		int fd = openat(
		    j->fd, file, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);

		if (fd < 0)
			return errno == ENOENT ||
			    journal_error(j, file, "open", e);
		if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
			int why = errno;

			close(fd);
			errno = why;
			return why == EWOULDBLOCK ||
			    journal_error(j, file, "lock", e);
		}
		if (same_file(j, file, fd)) {
			*lock = fd;
			return true;
		}
		close(fd);
	}
	return true;
}

/* Whether somebody holds the lock; a shared one asks without being in the way
 * of others who ask. */
static bool
stream_alive(struct journal *j, const char *name)
{
	char file[PART_NAME_MAX];
	bool alive = false;
	int fd;

	stream_file(name, file);
	fd = openat(j->fd, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
	if (fd < 0)
		return false;
	alive = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	close(fd);
	return alive;
}

bool
journal_alive(struct journal *j, const char *not_name)
{
	struct parts all;
	struct err e = { 0 };
	bool alive = false;

	if (parts_of_kind(j, NULL, PART_STREAM, &all, &e))
		for (size_t i = 0; i < all.n && !alive; i++)
			alive = (not_name == NULL ||
				    strcmp(all.row[i].name, not_name) != 0) &&
			    stream_alive(j, all.row[i].name);
	parts_release(&all);
	return alive;
}

/* ---- all streams ---- */

bool
journal_each(struct journal *j, journal_fn *fn, void *ctx, struct err *e)
{
	struct parts all;
	bool ok = parts_of_kind(j, NULL, PART_STREAM, &all, e);

	for (size_t i = 0; ok && i < all.n; i++)
		ok = fn(ctx, all.row[i].name, e);
	parts_release(&all);
	return ok;
}

bool
journal_measure(struct journal *j, struct journal_sizes *out, struct err *e)
{
	struct parts all;
	bool ok = parts_list(j, NULL, &all, e);

	*out = (struct journal_sizes){ 0 };
	for (size_t i = 0; ok && i < all.n; i++) {
		const struct part *p = &all.row[i];

		if (p->kind == PART_STREAM) {
			out->streams++;
			out->alive += stream_alive(j, p->name);
			continue;
		}
		out->files++;
		out->bytes += p->size;
		if (out->oldest == 0 || p->changed < out->oldest)
			out->oldest = p->changed;
	}
	parts_release(&all);
	return ok;
}
