/* handover.c - a message's process leaves its stream to a pipe that lives. */
#include "handover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "wrap/hash.h"

/* What is left by one write of at most PIPE_BUF bytes comes whole, so all that
 * is ever read is whole names. */
#define RECORD JOURNAL_NAME_MAX
#define NAME ".handover-"

/* A changed file of settings is read by the next process, but a pipe that lives
 * has the old ones. */
static void
file_of(const struct setup *s, char out[32])
{
	const struct config *c = &s->config;
	const char *const names[] = { VERSION, c->rules, c->site_rules };
	uint64_t h = c->text_hash;

	for (size_t i = 0; i < COUNT(names); i++)
		h = hash64_number(
		    hash64_more(h, str_from(names[i])), (int64_t)i);
	/* Cannot be cut. */
	(void)number_print(
	    out, 32, NAME "%016llx", (unsigned long long)h);
}

static bool
is_fifo(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* ---- the worker's side ---- */

static bool
still_there(const struct handover *h)
{
	struct stat here, there;

	return h->fd >= 0 && fstat(h->fd, &here) == 0 &&
	    fstatat(h->dir, h->file, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	    here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

/* Pipes that were killed cannot delete theirs, and who comes after them may
 * have other settings. */
static void
delete_stale(int dir)
{
	int in = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = in >= 0 ? fdopendir(in) : NULL;
	const struct dirent *file;

	if (d == NULL && in >= 0)
		close(in);
	while (d != NULL && (file = readdir(d)) != NULL) {
		int fd;

		if (strncmp(file->d_name, NAME, strlen(NAME)) != 0)
			continue;
		/* ENXIO: nobody reads it. */
		fd = openat(dir, file->d_name,
		    O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
		if (fd >= 0)
			close(fd);
		else if (errno == ENXIO)
			(void)unlinkat(dir, file->d_name, 0);
	}
	if (d != NULL)
		closedir(d);
}

bool
handover_listen(
    struct handover *h, const struct setup *s, int dir, struct err *e)
{
	if (still_there(h))
		return true;
	handover_close(h);
	h->dir = dir;
	file_of(s, h->file);
	delete_stale(dir);
	/* For both, so that it has no end when a writer is gone. */
	if (mkfifoat(dir, h->file, 0600) == 0 || errno == EEXIST)
		h->fd = openat(dir, h->file,
		    O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
	if (h->fd >= 0 && is_fifo(h->fd)) {
		if (flock(h->fd, LOCK_SH | LOCK_NB) == 0)
			return true;
		/* Another pipe deletes it right now: later, then. */
		handover_close(h);
		return false;
	}
	if (h->fd < 0 && errno == ENOENT)
		return false;
	err_set(e, EX_IOERR,
	    "%s/%s: cannot listen for messages: %s; each is worked on by a "
	    "process of its own",
	    s->journal, h->file, strerror(h->fd >= 0 ? EEXIST : errno));
	handover_close(h);
	return false;
}

bool
handover_next(struct handover *h, char name[JOURNAL_NAME_MAX])
{
	if (h->fd < 0 || read(h->fd, name, RECORD) != RECORD)
		return false;
	name[RECORD - 1] = '\0';
	return true;
}

void
handover_hide(struct handover *h)
{
	if (!still_there(h))
		return;
	/* All who listen share the lock; the last one has it alone. */
	if (flock(h->fd, LOCK_EX | LOCK_NB) == 0)
		(void)unlinkat(h->dir, h->file, 0);
	else
		handover_close(h);
}

void
handover_close(struct handover *h)
{
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
}

/* ---- the message's side ---- */

int
handover_find(const struct setup *s, int dir)
{
	struct pollfd p = { .events = POLLOUT };
	char file[32];

	file_of(s, file);
	/* Fails where nobody has it open for reading. */
	p.fd = openat(
	    dir, file,
	    O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
	if (p.fd < 0)
		return -1;
	if (is_fifo(p.fd) && poll(&p, 1, 0) == 1 && p.revents == POLLOUT)
		return p.fd;
	close(p.fd);
	return -1;
}

bool
handover_leave(int fd, const char *name)
{
	char record[RECORD] = { 0 };

	return str_copy(str_from(name), record, sizeof record) &&
	    write(fd, record, sizeof record) == RECORD;
}
