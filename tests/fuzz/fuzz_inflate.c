/* fuzz_inflate.c - any bytes as a file, and as the content of two members of
 * gzip: what is read is what zlib's gzread() reads, or more is told of it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "wrap/inflate.h"

#define CONTENT_MAX (1u << 20) /* of what a small file may unpack to */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char own[CONTENT_MAX], zlibs[CONTENT_MAX], again[CONTENT_MAX];

static int
file_of(struct str s)
{
	int fd = memfd_create("file", MFD_CLOEXEC);

	if (fd < 0 || !file_write_all(fd, s) || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

/* One member behind what is in the file. */
static void
pack(struct buf *file, struct str s)
{
	size_t room = s.n + s.n / 8 + 128;
	char *to = buf_room(file, room);
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)s.p,
		.avail_in = (unsigned)s.n, .next_out = (unsigned char *)to,
		.avail_out = (unsigned)room };

	if (to == NULL || deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK || deflate(&z, Z_FINISH) !=
	    Z_STREAM_END)
		abort();
	file->n += z.total_out;
	deflateEnd(&z);
}

/* Reads to the end, or what out has room for, in pieces. */
static bool
read_on(struct inflate *f, char *out, size_t piece, size_t *n, struct err *e)
{
	size_t got = 1;

	*n = 0;
	while (got > 0 && *n < CONTENT_MAX) {
		size_t room = CONTENT_MAX - *n;

		if (!inflate_read(f, out + *n, piece < room ? piece : room,
		    &got, e))
			return false;
		*n += got;
	}
	return true;
}

/* The same by zlib. */
static bool
read_zlib(struct str file, size_t *n)
{
	gzFile gz = gzdopen(file_of(file), "rb");
	int got = 1;

	*n = 0;
	while (gz != NULL && got > 0 && *n < CONTENT_MAX) {
		got = gzread(gz, zlibs + *n, (unsigned)(CONTENT_MAX - *n));
		*n += got > 0 ? (size_t)got : 0;
	}
	return gzclose_r(gz) == Z_OK && got >= 0;
}

/* Any place is what stood there before. */
static void
seek_to(struct inflate *f, size_t at, size_t n)
{
	struct err e = { 0 };
	size_t got;

	if (!inflate_seek(f, at, &e) || !read_on(f, again, 4096, &got, &e) ||
	    got != n - at || memcmp(own + at, again, got) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = str_of((const char *)data, size), file;
	struct buf packed = { 0 };
	struct inflate *f;
	struct err e = { 0 };
	char peeked[INFLATE_PEEK];
	size_t n = 0, others, got, split;
	bool ok, theirs, is_packed;

	if (size < 2)
		return 0;
	is_packed = (data[0] & 1) != 0;
	file = in = str_skip(in, 2);
	if (is_packed) {
		split = in.n * data[1] / 255;
		pack(&packed, str_sub(in, 0, split));
		pack(&packed, str_skip(in, split));
		file = buf_str(&packed);
	}
	f = inflate_take(file_of(file), "file", &e);
	if (f == NULL)
		abort();
	ok = (data[0] & 2) == 0 ||
	    inflate_peek(f, peeked, sizeof peeked, &got, &e);
	ok = ok && read_on(f, own, (size_t)(data[0] >> 2) * 37 + 1, &n, &e);
	if (ok != (e.code == 0))
		abort();
	theirs = read_zlib(file, &others);
	/* What begins as another packer's is refused whole. */
	if (ok || e.code != EX_DATAERR || n > 0) {
		size_t both = n < others ? n : others;

		if (memcmp(own, zlibs, both) != 0 || (theirs && n < others) ||
		    (ok && !theirs))
			abort();
	}
	if (ok && is_packed && (n != in.n || memcmp(own, in.p, n) != 0))
		abort();
	if (ok && n < CONTENT_MAX)
		seek_to(f, n * data[1] / 255, n);
	inflate_close(f);
	buf_release(&packed);
	return 0;
}
