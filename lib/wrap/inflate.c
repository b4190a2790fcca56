/* inflate.c - reads a file as it is or unpacks gzip on the way, by zlib. */
#include "wrap/inflate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/str.h"

#define WINDOW 131072 /* zlib's buffer for what it reads */
#define READ_MAX (1u << 30) /* gzread() tells bytes as an int */

struct inflate {
	gzFile gz;
	int fd; /* gz's: closed with it */
	char *name; /* for messages */
	bool looked; /* at how it begins */
};

/* What files that nothing here reads have at a place; no text has it. */
static const struct {
	size_t at;
	struct str bytes;
	const char *what, *mend;
} OTHERS[] = {
	{ 0, { "\xfd" "7zXZ", 5 }, "packed by xz", "unpack it first (xz -d)" },
	{ 4, { "1AY&SY", 6 }, "packed by bzip2", "unpack it first (bzip2 -d)" },
	{ 0, { "\x28\xb5\x2f\xfd", 4 }, "packed by zstd",
	    "unpack it first (zstd -d)" },
	{ 0, { "PK\x03\x04", 4 }, "a zip file", "unpack it first (unzip)" },
	{ 0, { "\xff\xfe", 2 }, "UTF-16",
	    "save it as UTF-8 (iconv -f UTF-16)" },
	{ 0, { "\xfe\xff", 2 }, "UTF-16",
	    "save it as UTF-8 (iconv -f UTF-16)" },
};

static bool
look_at_start(struct inflate *f, struct str start, struct err *e)
{
	f->looked = true;
	for (size_t i = 0; i < COUNT(OTHERS); i++)
		if (str_starts(str_skip(start, OTHERS[i].at), OTHERS[i].bytes))
			return err_set(e, EX_DATAERR, "%s: this is %s; %s",
			    f->name, OTHERS[i].what, OTHERS[i].mend);
	return true;
}

/* A descriptor that is ours to close, or -1 and errno. */
static int
open_path(const char *path)
{
	struct stat st;
	int fd;

	if (strcmp(path, "-") == 0)
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		errno = EISDIR;
		return -1;
	}
	return fd;
}

struct inflate *
inflate_take(int fd, const char *path, struct err *e)
{
	struct inflate *f = calloc(1, sizeof *f);

	if (f == NULL)
		goto out;
	f->name = strdup(path);
	if (f->name == NULL)
		goto out;
	f->gz = gzdopen(fd, "rb");
	if (f->gz == NULL)
		goto out;
	f->fd = fd;
	/* Only speed hangs on it: zlib's own size serves as well. */
	(void)gzbuffer(f->gz, WINDOW);
	return f;
out:
	err_memory(e);
	close(fd);
	inflate_close(f);
	return NULL;
}

struct inflate *
inflate_open(const char *path, struct err *e)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *name = is_stdin ? "standard input" : path;
	int fd = open_path(path);

	if (fd >= 0)
		return inflate_take(fd, name, e);
	err_set(e, EX_NOINPUT, "%s: cannot open: %s; name a file you may read",
	    name, strerror(errno));
	return NULL;
}

void
inflate_close(struct inflate *f)
{
	if (f == NULL)
		return;
	if (f->gz != NULL)
		(void)gzclose_r(f->gz);
	free(f->name);
	free(f);
}

bool
inflate_is_packed(struct inflate *f)
{
	return gzdirect(f->gz) == 0;
}

uint64_t
inflate_used(struct inflate *f)
{
	z_off_t at = gzoffset(f->gz);

	return at > 0 ? (uint64_t)at : 0;
}

/* Tells zlib's error, if there is one. */
static bool
check(struct inflate *f, struct err *e)
{
	int cause = errno;
	int code = Z_OK;
	const char *why = gzerror(f->gz, &code);
	/* zlib puts the descriptor's number before the cause. */
	const char *colon = strstr(why, ": ");

	switch (code) {
	case Z_OK:
	case Z_STREAM_END:
		return true;
	case Z_MEM_ERROR:
		return err_memory(e);
	case Z_ERRNO:
		return err_set(e, EX_IOERR,
		    "%s: cannot read on: %s; run it again", f->name,
		    strerror(cause));
	case Z_BUF_ERROR:
		return err_set(e, EX_DATAERR,
		    "%s: the gzip stream is cut: "
		    "its end is missing; get the whole file again",
		    f->name);
	default:
		return err_set(e, EX_DATAERR,
		    "%s: the gzip stream is broken: "
		    "%s; get the file again",
		    f->name, colon != NULL ? colon + 2 : why);
	}
}

bool
inflate_read(struct inflate *f, char *p, size_t n, size_t *got, struct err *e)
{
	int more;

	if (n > READ_MAX)
		n = READ_MAX;
	more = gzread(f->gz, p, (unsigned)n);
	*got = more > 0 ? (size_t)more : 0;
	if (!f->looked && !look_at_start(f, str_of(p, *got), e))
		return false;
	/* What came before an error is given first; the error comes next. */
	return more > 0 || check(f, e);
}

bool
inflate_peek(struct inflate *f, char *p, size_t n, size_t *got, struct err *e)
{
	if (!inflate_read(f, p, n < INFLATE_PEEK ? n : INFLATE_PEEK, got, e))
		return false;
	/* zlib has room for what it has just given. */
	for (size_t i = *got; i-- > 0;)
		if (gzungetc((unsigned char)p[i], f->gz) < 0)
			return err_set(e, EX_SOFTWARE,
			    "%s: cannot look ahead; report this", f->name);
	return true;
}

bool
inflate_is_flat(struct inflate *f)
{
	struct stat st;

	return !inflate_is_packed(f) && fstat(f->fd, &st) == 0 &&
	    S_ISREG(st.st_mode);
}

bool
inflate_read_at(struct inflate *f, uint64_t at, char *p, size_t n,
    size_t *got, struct err *e)
{
	ssize_t more;

	do
		more = pread(f->fd, p, n > READ_MAX ? READ_MAX : n, (off_t)at);
	while (more < 0 && errno == EINTR);
	*got = more > 0 ? (size_t)more : 0;
	return more >= 0 ||
	    err_set(e, EX_IOERR, "%s: cannot read on: %s; run it again",
		f->name, strerror(errno));
}

/* For what lseek() refuses, a pipe: reads and forgets. */
static bool
skip_to(struct inflate *f, uint64_t at, struct err *e)
{
	char waste[4096];
	uint64_t now = (uint64_t)gztell(f->gz);
	size_t got;

	while (now < at) {
		size_t n =
		    at - now < sizeof waste ? (size_t)(at - now) : sizeof waste;

		if (!inflate_read(f, waste, n, &got, e))
			return false;
		if (got == 0)
			return true;
		now += got;
	}
	return true;
}

bool
inflate_seek(struct inflate *f, uint64_t at, struct err *e)
{
	z_off_t want = (z_off_t)at;

	if (want < 0 || (uint64_t)want != at)
		return err_set(e, EX_DATAERR,
		    "%s: place %llu is past what a file can hold; start from "
		    "its beginning",
		    f->name, (unsigned long long)at);
	if (gzseek(f->gz, want, SEEK_SET) == want)
		return true;
	if (!check(f, e))
		return false;
	if ((uint64_t)gztell(f->gz) > at)
		return err_set(e, EX_IOERR,
		    "%s: cannot go back in a pipe; name a file instead",
		    f->name);
	return skip_to(f, at, e);
}
