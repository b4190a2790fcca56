/*
 * fuzz_journal.c - any files in the journal's folder: what is read of a stream
 * is what its segments hold at that place, a hole is told as one, and cleaning
 * takes nothing that is not worked on.
 *
 * Input: files, each of a byte what it is, two bytes where it begins, one how
 * long it is, then so many bytes.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "work/journal.h"

#define NAME "20261121T075727Z-1234-9f3a0b1c"
#define OTHER "20261121T080000Z-77-00000001"
#define MOST (1u << 17) /* bytes of a stream that are read */
#define FILES 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct file {
	char name[128];
	uint64_t at;
	struct str bytes;
	bool own; /* a segment of NAME */
};

struct files {
	struct file list[FILES];
	size_t n;
};

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* ---- the folder ---- */

static const char *
folder(void)
{
	static char dir[64];

	if (dir[0] == '\0') {
		snprintf(dir, sizeof dir, "%s/pmta-fuzz.XXXXXX",
		    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		must(mkdtemp(dir) != NULL);
	}
	return dir;
}

static void
wipe(int fd)
{
	DIR *d = fdopendir(dup(fd));
	const struct dirent *f;

	must(d != NULL);
	rewinddir(d);
	while ((f = readdir(d)) != NULL)
		if (strcmp(f->d_name, ".") != 0 && strcmp(f->d_name, "..") != 0)
			must(unlinkat(fd, f->d_name, 0) == 0);
	closedir(d);
}

static bool
is_there(int fd, const char *name)
{
	return faccessat(fd, name, F_OK, 0) == 0;
}

/* One file from the input, which may have none left. */
static bool
take_file(int fd, struct str *in, struct files *all)
{
	static const char *const KINDS[] = { "seg", "gap", "stream", "" };
	const unsigned char *p = (const unsigned char *)in->p;
	struct file *f = &all->list[all->n];
	const char *kind;
	bool other;
	int to;

	if (in->n < 4 || all->n == FILES)
		return false;
	kind = KINDS[p[0] % 4];
	other = p[0] & 4;
	f->at = (uint64_t)p[1] << (p[0] & 8 ? 56 : 8) | p[2];
	f->bytes = str_sub(*in, 4, p[3]);
	*in = str_skip(*in, 4 + f->bytes.n);
	f->own = !other && kind != KINDS[2] && kind != KINDS[3];
	if (kind == KINDS[2])
		snprintf(f->name, sizeof f->name, "%s.stream",
		    other ? OTHER : NAME);
	else if (kind == KINDS[3])
		snprintf(f->name, sizeof f->name, "x%02x.%02x.seg", p[1], p[2]);
	else
		snprintf(f->name, sizeof f->name, "%s.%016llx.%s",
		    other ? OTHER : NAME, (unsigned long long)f->at, kind);
	if (is_there(fd, f->name))
		return true;
	to = openat(fd, f->name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	must(to >= 0);
	must(write(to, f->bytes.p, f->bytes.n) == (ssize_t)f->bytes.n);
	close(to);
	all->n++;
	return true;
}

/* ---- reading ---- */

/* Whether some segment has the bytes at pos. */
static bool
is_held(const struct files *all, uint64_t pos, struct str got)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct file *f = &all->list[i];

		if (f->own && pos >= f->at && pos - f->at < f->bytes.n &&
		    str_starts(str_skip(f->bytes, (size_t)(pos - f->at)), got))
			return true;
	}
	return false;
}

static void
read_stream(struct journal *j, const struct files *all, size_t piece)
{
	struct err e = { 0 };
	struct journal_reader *r = journal_reader_open(j, NAME, &e);
	struct buf one = { 0 };
	char bytes[512];
	uint64_t pos = 0;
	size_t got = 1;

	must(r != NULL);
	while (got > 0 && pos < MOST) {
		struct piece in = { .pos = pos, .p = bytes, .n = piece };
		bool found;

		must(journal_read(r, &in, &e));
		got = in.got;
		must(got <= piece);
		must(got == 0 || in.gap ||
		    is_held(all, pos, str_of(bytes, got)));
		if (got > 0 && !in.gap) {
			must(journal_fetch(j, NAME, pos, got, &one, &found, &e));
			must(!found || is_held(all, pos, str_sub(buf_str(&one),
			    0, 1)));
		}
		pos += got;
	}
	must(journal_sync(r, &e));
	buf_release(&one);
	journal_reader_close(r);
}

/* ---- adopting and cleaning ---- */

/* What is said is what is read, if what stood before it lets anything be. Lines
 * behind a header go with it, as none of ours are; said again it changes
 * nothing. */
static void
say_header(struct journal *j, const char *name)
{
	static const char HEADER[] = "type,rcpt,dsnDiag";
	struct journal_info first, again;
	struct err e = { 0 };

	if (!journal_say_header(j, name, str_from(HEADER), 7, &e))
		return;
	must(journal_read_info(j, name, &first, &e));
	must(first.header[0] == '\0' ||
	    (strcmp(first.header, HEADER) == 0 && first.header_at == 7));
	must(journal_say_header(j, name, str_from(HEADER), 7, &e));
	must(journal_read_info(j, name, &again, &e));
	must(strcmp(first.input, again.input) == 0);
	must(strcmp(first.header, again.header) == 0);
}

static bool
look(void *ctx, const char *name, struct err *e)
{
	struct journal *j = ctx;
	struct journal_info info;
	struct err own = { 0 };
	int lock = -1;

	(void)e;
	must(journal_claim(j, name, &lock, &own));
	if (!journal_read_info(j, name, &info, &own))
		must(own.code != 0 && own.text[0] != '\0');
	else
		say_header(j, name);
	if (lock >= 0)
		close(lock);
	return true;
}

static uint64_t
worked(void *ctx, const char *name)
{
	const uint64_t *pos = ctx;

	return strcmp(name, NAME) == 0 ? *pos : UINT64_MAX;
}

static void
clean(struct journal *j, const struct files *all, uint64_t pos, uint64_t max)
{
	struct journal_clean how = { .now = INT64_C(4000000000), .keep = 60,
		.max_bytes = max, .worked = worked, .ctx = &pos };
	struct journal_sizes sizes;
	struct err e = { 0 };
	uint64_t deleted = 0;

	must(journal_measure(j, &sizes, &e));
	must(journal_clean(j, &how, &deleted, &e) || e.code != 0);
	for (size_t i = 0; i < all->n; i++) {
		const struct file *f = &all->list[i];
		bool done = f->own && f->at + f->bytes.n <= pos;

		must(done || strstr(f->name, ".stream") != NULL ||
		    is_there(journal_fd(j), f->name));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = str_of((const char *)data, size);
	struct err e = { 0 };
	struct journal *j = journal_open(folder(), true, &e);
	struct files all = { .n = 0 };
	uint64_t pos;
	uint8_t piece;

	must(j != NULL);
	if (size >= 3) {
		piece = data[0];
		pos = (uint64_t)data[1] << 8 | data[2];
		in = str_skip(in, 3);
		wipe(journal_fd(j));
		while (take_file(journal_fd(j), &in, &all))
			continue;
		must(journal_each(j, look, j, &e) || e.code != 0);
		read_stream(j, &all, piece + 1u);
		clean(j, &all, pos, piece);
	}
	journal_close(j);
	return 0;
}
