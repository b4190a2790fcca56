/* file.c - whole files in, whole files out. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"

#define CHUNK 65536
#define TEMP_ROOM 32 /* ".PID.N.tmp" */
#define TEMP_TRIES 100 /* neighbours that a crash may have left behind */

/* Reads what is left of fd; a file that grows meanwhile is read on. */
static bool
read_on(int fd, const char *path, size_t max, struct buf *out, struct err *e)
{
	ssize_t n;

	do {
		char *to = buf_room(out, CHUNK);

		if (to == NULL)
			return err_memory(e);
		n = read(fd, to, CHUNK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, EX_IOERR,
			    "%s: cannot read on: %s; run it again", path,
			    strerror(errno));
		out->n += (size_t)n;
		if (out->n > max)
			return err_set(e, EX_DATAERR,
			    "%s: more than %zu bytes: too large to be meant; "
			    "name another file or shorten it",
			    path, max);
	} while (n != 0);
	return true;
}

bool
file_read(const char *path, size_t max, struct buf *out, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	bool ok = false;

	if (fd < 0)
		return err_set(e, EX_NOINPUT, "%s: cannot open: %s; %s", path,
		    strerror(errno), err_mend(errno,
		    "name a file you may read"));
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		err_set(
		    e, EX_NOINPUT, "%s: is a folder; name a file in it", path);
		goto out;
	}
	buf_clear(out);
	ok = read_on(fd, path, max, out, e);
out:
	close(fd);
	return ok;
}

/* The folder of the path; the caller frees it. */
static char *
folder_of(const char *path)
{
	size_t slash = str_rchr(str_from(path), '/');

	if (path[slash] == '\0')
		return strdup(".");
	return strndup(path, slash > 0 ? slash : 1);
}

/* A file without a name: nothing is left of it, whatever ends the program. It
 * gets one by way of /proc. -1 where that cannot be. */
static int
open_nameless(const char *path, unsigned mode)
{
	char *folder = folder_of(path);
	int fd = -1;

	if (folder != NULL && access("/proc/self/fd", X_OK) == 0)
		fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC,
		    (mode_t)mode);
	free(folder);
	return fd;
}

static bool
link_to(int fd, const char *name)
{
	char at[40];

	return number_print(at, sizeof at, "/proc/self/fd/%d", fd) &&
	    linkat(AT_FDCWD, at, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
}

/* Makes a neighbour that is not there yet: of nothing, as f->fd, or of what
 * f->fd is. False: errno says why not. */
static bool
make_temp(struct file_new *f, unsigned mode)
{
	size_t cap = strlen(f->path) + TEMP_ROOM;
	bool ok = false;

	for (unsigned i = 0; i < TEMP_TRIES && !ok; i++) {
		(void)number_print(f->temp, cap, "%s.%ld.%u.tmp", f->path,
		    (long)getpid(), i);
		if (f->nameless) {
			ok = link_to(f->fd, f->temp);
		} else {
			f->fd = open(f->temp, O_WRONLY | O_CREAT | O_EXCL |
			    O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
			ok = f->fd >= 0;
		}
		if (!ok && errno != EEXIST)
			break;
	}
	return ok;
}

static bool
open_temp(struct file_new *f, unsigned mode, struct err *e)
{
	f->temp = malloc(strlen(f->path) + TEMP_ROOM);
	if (f->temp == NULL)
		return err_memory(e);
	f->fd = open_nameless(f->path, mode);
	f->nameless = f->fd >= 0;
	if (f->nameless || make_temp(f, mode))
		return true;
	return err_set(e, EX_IOERR, "%s: cannot make: %s; %s", f->path,
	    strerror(errno), err_mend(errno, "name a folder you may write to"));
}

/* A device, a FIFO or a link must not be replaced by a file. */
static bool
may_replace(const char *path, struct err *e)
{
	struct stat st;

	if (path[0] == '\0')
		return err_set(e, EX_CANTCREAT,
		    "the name of the file to write is empty; name one");
	if (lstat(path, &st) != 0 || S_ISREG(st.st_mode))
		return true;
	return err_set(e, EX_CANTCREAT, "%s: is no regular file; name another",
	    path);
}

bool
file_new_open(
    struct file_new *f, const char *path, unsigned mode, struct err *e)
{
	*f = (struct file_new){ .fd = -1 };
	if (!may_replace(path, e))
		return false;
	f->path = strdup(path);
	if (f->path == NULL)
		return err_memory(e);
	if (open_temp(f, mode, e))
		return true;
	/* What stands under that name is not ours to remove. */
	free(f->temp);
	f->temp = NULL;
	file_new_release(f);
	return false;
}

static bool
write_failed(const struct file_new *f, const char *what, struct err *e)
{
	return err_set(e, EX_IOERR,
	    "%s: cannot %s: %s; make room or mend the disk, then run it again",
	    f->path, what, strerror(errno));
}

bool
file_new_write(struct file_new *f, struct str s, struct err *e)
{
	return file_write_all(f->fd, s) || write_failed(f, "write", e);
}

/* Makes the new name itself survive a power cut. */
static bool
sync_folder(const struct file_new *f, struct err *e)
{
	char *folder = folder_of(f->path);
	bool ok = false;
	int fd = -1;

	if (folder == NULL)
		return err_memory(e);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some file systems have no fsync for folders and say EINVAL. */
	if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL)) {
		write_failed(f, "sync the folder", e);
		goto out;
	}
	ok = true;
out:
	if (fd >= 0)
		close(fd);
	free(folder);
	return ok;
}

bool
file_new_done(struct file_new *f, struct err *e)
{
	int fd = f->fd;

	if (fsync(fd) != 0)
		return write_failed(f, "sync", e);
	if (f->nameless && !make_temp(f, 0))
		return write_failed(f, "name", e);
	f->nameless = false;
	f->fd = -1;
	if (close(fd) != 0)
		return write_failed(f, "close", e);
	if (rename(f->temp, f->path) != 0)
		return write_failed(f, "rename", e);
	free(f->temp);
	f->temp = NULL;
	return sync_folder(f, e);
}

void
file_new_release(struct file_new *f)
{
	/* An all-zero struct holds no descriptor 0. */
	if (f->path == NULL)
		return;
	if (f->fd >= 0)
		close(f->fd);
	if (f->temp != NULL && !f->nameless)
		unlink(f->temp);
	free(f->temp);
	free(f->path);
	*f = (struct file_new){ .fd = -1 };
}

bool
file_write_all(int fd, struct str s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n == 0 ? EIO : errno;
			return false;
		}
		s = str_skip(s, (size_t)n);
	}
	return true;
}

bool
file_make_folder(const char *path, unsigned mode, struct err *e)
{
	if (mkdir(path, mode) == 0 || errno == EEXIST)
		return true;
	return err_set(e, EX_CANTCREAT, "%s: cannot make the folder: %s; %s",
	    path, strerror(errno),
	    err_mend(errno, "look at the mode of the one above"));
}

char *
file_real_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? NULL : folder_of(path);
	char *real = folder == NULL ? NULL : realpath(folder, NULL);
	char *out = real == NULL ? strdup(path) : NULL;

	if (real != NULL && asprintf(&out, "%s/%s", real, slash + 1) < 0)
		out = NULL;
	free(real);
	free(folder);
	return out;
}
