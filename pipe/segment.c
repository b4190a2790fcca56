/* segment.c - one file of the journal being written. */
#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"

#define NAME_ROOM (JOURNAL_NAME_MAX + 32)

void
segment_init(struct segment *g)
{
	*g = (struct segment){ .fd = -1 };
}

bool
segment_open(struct segment *g, struct journal *j, const char *name,
    uint64_t base, bool gap, struct err *e)
{
	int how = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;
	char file[NAME_ROOM];
	int fd;

	segment_close(g);
	if (!number_print(file, sizeof file, "%s.%016llx.%s", name,
		(unsigned long long)base, gap ? "gap" : "seg"))
		return err_set(e, EX_SOFTWARE,
		    "%s: the stream's name is too long; report this", name);
	fd = openat(journal_fd(j), file, how | O_EXCL, 0600);
	/* Left by a try that failed before its first byte. */
	if (fd < 0 && errno == EEXIST)
		fd = openat(journal_fd(j), file, how | O_TRUNC, 0600);
	if (fd < 0)
		return err_set(e, EX_IOERR,
		    "journal/%s: cannot make: %s; make room or let the "
		    "program's user write there, nothing is lost meanwhile",
		    file, strerror(errno));
	*g = (struct segment){ .fd = fd, .base = base };
	return true;
}

void
segment_close(struct segment *g)
{
	if (g->fd >= 0)
		close(g->fd);
	segment_init(g);
}

bool
segment_is_gone(const struct segment *g)
{
	struct stat st;

	return g->fd >= 0 && fstat(g->fd, &st) == 0 && st.st_nlink == 0;
}

size_t
segment_write(struct segment *g, const char *p, size_t n)
{
	ssize_t k;

	do
		k = pwrite(g->fd, p, n, (off_t)g->size);
	while (k < 0 && errno == EINTR);
	if (k <= 0)
		return 0;
	g->size += (uint64_t)k;
	return (size_t)k;
}
