/* fault_disk.c - what a disk holds after a power cut. */
#include "fault_disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static void
die(const char *what)
{
	perror(what);
	abort();
}

static struct disk_file *
disk_find(struct disk *d, const char *path)
{
	struct disk_file *unused = NULL;

	for (size_t i = 0; i < DISK_FILES; i++) {
		if (d->file[i].used && strcmp(d->file[i].path, path) == 0)
			return &d->file[i];
		if (!d->file[i].used && unused == NULL)
			unused = &d->file[i];
	}
	if (unused == NULL || strlen(path) >= sizeof unused->path)
		die("too many files");
	snprintf(unused->path, sizeof unused->path, "%s", path);
	unused->used = true;
	return unused;
}

static void
add_op(struct disk_file *f, struct disk_op op)
{
	if (f->n == f->cap) {
		f->cap = f->cap * 2 + 64;
		f->op = reallocarray(f->op, f->cap, sizeof *f->op);
		if (f->op == NULL)
			die("memory");
	}
	f->op[f->n++] = op;
}

void
disk_write(struct disk *d, const char *path, uint64_t at, const void *bytes,
    size_t n)
{
	struct disk_op op = { .at = at, .n = n, .bytes = malloc(n + 1) };

	if (op.bytes == NULL)
		die("memory");
	memcpy(op.bytes, bytes, n);
	add_op(disk_find(d, path), op);
}

void
disk_truncate(struct disk *d, const char *path, uint64_t size)
{
	add_op(disk_find(d, path), (struct disk_op){ .at = size });
}

static void
image_resize(struct buf *image, size_t size)
{
	if (size > image->n) {
		char *to = buf_room(image, size - image->n);

		if (to == NULL)
			die("memory");
		memset(to, 0, size - image->n);
	}
	image->n = size;
}

static void
image_put(struct buf *image, uint64_t at, const char *bytes, size_t n)
{
	if (at + n > image->n)
		image_resize(image, (size_t)at + n);
	memcpy(image->p + at, bytes, n);
}

static bool
kept(uint64_t *dice, uint64_t odds)
{
	*dice ^= *dice << 13;
	*dice ^= *dice >> 7;
	*dice ^= *dice << 17;
	return odds != 0 && *dice % odds == 0;
}

/* A write reaches the disk sector by sector. */
static void
apply(struct buf *image, const struct disk_op *op, uint64_t odds,
    uint64_t *dice)
{
	if (op->bytes == NULL) {
		if (kept(dice, odds))
			image_resize(image, (size_t)op->at);
		return;
	}
	for (size_t i = 0; i < op->n; i += DISK_SECTOR) {
		size_t n = op->n - i < DISK_SECTOR ? op->n - i : DISK_SECTOR;

		if (kept(dice, odds))
			image_put(image, op->at + i, op->bytes + i, n);
	}
}

static void
drop_ops(struct disk_file *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->op[i].bytes);
	f->n = 0;
}

void
disk_sync(struct disk *d, const char *path)
{
	struct disk_file *f = disk_find(d, path);
	uint64_t dice = 1;

	for (size_t i = 0; i < f->n; i++)
		apply(&f->synced, &f->op[i], 1, &dice);
	drop_ops(f);
}

static void
file_forget(struct disk_file *f)
{
	drop_ops(f);
	free(f->op);
	buf_release(&f->synced);
	*f = (struct disk_file){ 0 };
}

void
disk_delete(struct disk *d, const char *path)
{
	file_forget(disk_find(d, path));
}

static void
file_cut(const struct disk_file *f, const struct buf *image)
{
	int fd = open(f->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	char shm[sizeof f->path + 8];

	if (fd < 0 || !file_write_all(fd, buf_str(image)))
		die(f->path);
	close(fd);
	snprintf(shm, sizeof shm, "%s-shm", f->path);
	unlink(shm);
}

void
disk_cut(struct disk *d, uint64_t odds, uint64_t seed)
{
	uint64_t dice = seed * 2654435761u + 88172645463325252u;

	for (size_t i = 0; i < DISK_FILES; i++) {
		struct disk_file *f = &d->file[i];

		if (!f->used)
			continue;
		for (size_t k = 0; k < f->n; k++)
			apply(&f->synced, &f->op[k], odds, &dice);
		file_cut(f, &f->synced);
		file_forget(f);
	}
}
