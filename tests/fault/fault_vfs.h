/* fault_vfs.h - a file layer for SQLite that fails where it is told to. */
#ifndef FAULT_VFS_H
#define FAULT_VFS_H

#include <sqlite3.h>

#include "fault_disk.h"

enum fault_call {
	FAULT_OPEN,
	FAULT_DELETE,
	FAULT_READ,
	FAULT_WRITE,
	FAULT_SYNC,
	FAULT_TRUNCATE,
	FAULT_LOCK,
	FAULT_SHM_MAP,
	FAULT_SHM_LOCK,
	FAULT_CALLS
};

/* The at-th such call answers code; lasts: all that follow do too; torn: half
 * of what was to be written is written before. */
struct fault_plan {
	const char *name;
	enum fault_call call;
	int code;
	bool torn;
	bool lasts;
	uint64_t at; /* 0: none */
};

/* Stands in the caller's storage as long as SQLite is used. */
struct fault_vfs {
	sqlite3_vfs vfs, *real;
	struct fault_plan plan;
	uint64_t seen; /* such calls since it was armed */
	uint64_t failed;
	/* A power cut: before the cut_at-th write or sync (0: never). */
	struct disk *disk; /* NULL: nothing is noted */
	uint64_t steps, cut_at, odds, seed;
};

/* Makes it the one that sqlite3_open() takes. */
void fault_vfs_install(struct fault_vfs *v);
void fault_arm(struct fault_vfs *v, const struct fault_plan *p);
/* How many calls have failed. */
uint64_t fault_disarm(struct fault_vfs *v);

#endif
