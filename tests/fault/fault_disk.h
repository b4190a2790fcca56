/* fault_disk.h - what a disk holds after a power cut: each file as of its last
 * sync, and of what was written since nothing, or chance sectors. */
#ifndef FAULT_DISK_H
#define FAULT_DISK_H

#include <stdint.h>

#include "base/buf.h"

#define DISK_FILES 8
#define DISK_SECTOR 512

struct disk_op {
	uint64_t at;
	size_t n;
	char *bytes; /* NULL: cut the file to `at` bytes */
};

struct disk_file {
	char path[512];
	bool used;
	struct buf synced;
	struct disk_op *op; /* since the last sync, in order */
	size_t n, cap;
};

struct disk {
	struct disk_file file[DISK_FILES];
};

void disk_write(struct disk *d, const char *path, uint64_t at,
    const void *bytes, size_t n);
void disk_truncate(struct disk *d, const char *path, uint64_t size);
void disk_sync(struct disk *d, const char *path);
void disk_delete(struct disk *d, const char *path);
/* The power is gone: each file becomes what was synced, and of what was not
 * one sector in `odds` (0: none) chosen by seed. The maps of a dead machine's
 * memory (-shm) are gone. */
void disk_cut(struct disk *d, uint64_t odds, uint64_t seed);

#endif
