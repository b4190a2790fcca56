/* file.h - whole files in, whole files out. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"

/* Reads all of path (O_CLOEXEC), at most max bytes, in place of what out held;
 * EX_NOINPUT when it cannot be opened or is a folder, EX_DATAERR when it is
 * larger, EX_IOERR else. */
bool file_read(const char *path, size_t max, struct buf *out, struct err *e);

/* A file being written beside its final name: nobody ever sees half of it. */
struct file_new {
	int fd;           /* -1: none */
	char *path, *temp;
	bool nameless;    /* nothing has the name temp yet */
};

/* Opens path's temporary neighbour, which has no name until it is done where
 * the file system can do that, with mode (the umask applies).
 * EX_CANTCREAT when under path stands what is no regular file, or a link, and
 * when path is empty. */
bool file_new_open(struct file_new *f, const char *path, unsigned mode,
    struct err *e);
bool file_new_write(struct file_new *f, struct str s, struct err *e);
/* fsync, close, rename, fsync of the folder. */
bool file_new_done(struct file_new *f, struct err *e);
/* Closes and removes what was not done; after done it does nothing. */
void file_new_release(struct file_new *f);

/* Makes a folder with mode (the umask applies); one that is there is fine. */
bool file_make_folder(const char *path, unsigned mode, struct err *e);

/* The path with no link in its folder's; the file's own place may be one. For
 * the caller to free; as it is where it names no folder, or one that is not
 * there. NULL: no memory. */
char *file_real_folder(const char *path);

/* write(2) until all is out; EINTR is retried. */
bool file_write_all(int fd, struct str s);

#endif
