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

#define WINDOW 131072 /* bytes of the file that are read at once */
#define READ_MAX (1u << 30) /* zlib counts in an unsigned */
#define GZIP_BITS (15 + 16) /* windowBits of zlib: gzip alone */
#define GZIP_MARK "\x1f\x8b"

struct inflate {
	int fd;
	char *name; /* for messages */
	off_t start; /* where the file was when it came; -1: it is a pipe */
	unsigned char *window;
	z_stream z; /* next_in, avail_in: of the window, also when not packed */
	uint64_t used, at; /* bytes of the file and of its content */
	bool begun, packed;
	bool at_end; /* of the file */
	bool inside, later; /* a member of gzip; one that is not the first */
	bool looked; /* at how the content begins */
	char back[INFLATE_PEEK]; /* looked at, not yet read */
	size_t n_back;
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

	if (f == NULL) {
		close(fd);
		err_memory(e);
		return NULL;
	}
	f->fd = fd;
	f->start = lseek(fd, 0, SEEK_CUR);
	f->name = strdup(path);
	f->window = malloc(WINDOW);
	f->z.next_in = f->window;
	if (f->name != NULL && f->window != NULL)
		return f;
	err_memory(e);
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
	err_set(e, EX_NOINPUT, "%s: cannot open: %s; %s", name,
	    strerror(errno), err_mend(errno, "name a file you may read"));
	return NULL;
}

void
inflate_close(struct inflate *f)
{
	if (f == NULL)
		return;
	if (f->packed)
		(void)inflateEnd(&f->z);
	close(f->fd);
	free(f->window);
	free(f->name);
	free(f);
}

bool
inflate_is_packed(struct inflate *f)
{
	return f->packed;
}

uint64_t
inflate_used(struct inflate *f)
{
	return f->used - f->z.avail_in;
}

/* At least want bytes into the window, unless the file has no more. */
static bool
fill(struct inflate *f, size_t want, struct err *e)
{
	while (f->z.avail_in < want && !f->at_end) {
		ssize_t n;

		memmove(f->window, f->z.next_in, f->z.avail_in);
		f->z.next_in = f->window;
		n = read(f->fd, f->window + f->z.avail_in,
		    WINDOW - f->z.avail_in);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, EX_IOERR,
			    "%s: cannot read on: %s; run it again", f->name,
			    strerror(errno));
		f->at_end = n == 0;
		f->z.avail_in += (unsigned)n;
		f->used += (uint64_t)n;
	}
	return true;
}

/* Tells whether it is packed; nothing else is to be done before. */
static bool
begin(struct inflate *f, struct err *e)
{
	static const struct str MARK = { GZIP_MARK, sizeof GZIP_MARK - 1 };

	if (f->begun)
		return true;
	if (!fill(f, MARK.n, e))
		return false;
	f->packed = f->z.avail_in >= MARK.n &&
	    memcmp(f->z.next_in, MARK.p, MARK.n) == 0;
	if (f->packed && inflateInit2(&f->z, GZIP_BITS) != Z_OK) {
		f->packed = false;
		return err_memory(e);
	}
	f->begun = true;
	return true;
}

static bool
tell(struct inflate *f, int code, struct err *e)
{
	switch (code) {
	case Z_MEM_ERROR:
		return err_memory(e);
	case Z_BUF_ERROR:
		return err_set(e, EX_DATAERR,
		    "%s: the gzip stream is cut: "
		    "its end is missing; get the whole file again",
		    f->name);
	default:
		return err_set(e, EX_DATAERR,
		    "%s: the gzip stream is broken: "
		    "%s; get the file again",
		    f->name, f->z.msg != NULL ? f->z.msg : "no content");
	}
}

/* Between members: to the next one, if *found. Zeros fill up a tape's block. */
static bool
next_member(struct inflate *f, bool *found, struct err *e)
{
	do {
		if (!fill(f, 1, e))
			return false;
		while (f->later && f->z.avail_in > 0 && *f->z.next_in == 0) {
			f->z.next_in++;
			f->z.avail_in--;
		}
	} while (f->z.avail_in == 0 && !f->at_end);
	if (f->later && f->z.avail_in > 0 &&
	    *f->z.next_in != (unsigned char)GZIP_MARK[0])
		return err_set(e, EX_DATAERR,
		    "%s: what stands behind the gzip stream is not packed, "
		    "and was not read; give it as a file of its own",
		    f->name);
	*found = f->z.avail_in > 0;
	return true;
}

/* Some of what is packed; *got 0: there is no more. */
static bool
unpack(struct inflate *f, char *p, size_t n, size_t *got, struct err *e)
{
	f->z.next_out = (unsigned char *)p;
	f->z.avail_out = (unsigned)n;
	while (f->z.avail_out == n) {
		int code;

		if (!f->inside && !next_member(f, &f->inside, e))
			return false;
		if (!f->inside)
			break;
		if (!fill(f, 1, e))
			return false;
		code = inflate(&f->z, Z_NO_FLUSH);
		if (code == Z_STREAM_END) {
			f->inside = false;
			f->later = true;
			code = inflateReset(&f->z);
		}
		if (code != Z_OK && f->z.avail_out == n)
			return tell(f, code, e);
	}
	*got = n - f->z.avail_out;
	return true;
}

/* The same of plain bytes. */
static bool
copy(struct inflate *f, char *p, size_t n, size_t *got, struct err *e)
{
	if (!fill(f, 1, e))
		return false;
	*got = n < f->z.avail_in ? n : f->z.avail_in;
	memcpy(p, f->z.next_in, *got);
	f->z.next_in += *got;
	f->z.avail_in -= (unsigned)*got;
	return true;
}

/* What was looked at before. */
static size_t
take_back(struct inflate *f, char *p, size_t n)
{
	if (n > f->n_back)
		n = f->n_back;
	memcpy(p, f->back, n);
	f->n_back -= n;
	memmove(f->back, f->back + n, f->n_back);
	return n;
}

bool
inflate_read(struct inflate *f, char *p, size_t n, size_t *got, struct err *e)
{
	size_t more = 1;

	*got = 0;
	if (!begin(f, e))
		return false;
	if (n > READ_MAX)
		n = READ_MAX;
	*got = take_back(f, p, n);
	while (*got < n && more > 0) {
		bool ok = f->packed
		    ? unpack(f, p + *got, n - *got, &more, e)
		    : copy(f, p + *got, n - *got, &more, e);

		/* What came before an error is given first; it comes next. */
		if (!ok && *got == 0)
			return false;
		if (!ok) {
			err_clear(e);
			break;
		}
		*got += more;
	}
	f->at += *got;
	return f->looked || look_at_start(f, str_of(p, *got), e);
}

bool
inflate_peek(struct inflate *f, char *p, size_t n, size_t *got, struct err *e)
{
	if (!inflate_read(f, p, n < INFLATE_PEEK ? n : INFLATE_PEEK, got, e))
		return false;
	memcpy(f->back, p, *got);
	f->n_back = *got;
	f->at -= *got;
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

/* To a place of the file, as if nothing had been read. */
static bool
restart(struct inflate *f, uint64_t at)
{
	off_t to = f->start + (off_t)at;

	if (f->start < 0 || lseek(f->fd, to, SEEK_SET) != to)
		return false;
	f->used = f->at = at;
	f->z.avail_in = 0;
	f->n_back = 0;
	f->at_end = f->inside = f->later = false;
	return !f->packed || inflateReset(&f->z) == Z_OK;
}

/* Reads and forgets. */
static bool
skip_to(struct inflate *f, uint64_t at, struct err *e)
{
	char waste[4096];
	size_t got;

	while (f->at < at) {
		uint64_t left = at - f->at;

		if (!inflate_read(f, waste,
			left < sizeof waste ? (size_t)left : sizeof waste, &got,
			e))
			return false;
		if (got == 0)
			break;
	}
	return true;
}

bool
inflate_seek(struct inflate *f, uint64_t at, struct err *e)
{
	if (at > INT64_MAX / 2)
		return err_set(e, EX_DATAERR,
		    "%s: place %llu is past what a file can hold; start from "
		    "its beginning",
		    f->name, (unsigned long long)at);
	if (!begin(f, e))
		return false;
	if (!f->packed && restart(f, at))
		return true;
	if (at < f->at && !restart(f, 0))
		return err_set(e, EX_IOERR,
		    "%s: cannot go back in a pipe; name a file instead",
		    f->name);
	return skip_to(f, at, e);
}
