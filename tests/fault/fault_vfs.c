/* fault_vfs.c - a file layer for SQLite that fails where it is told to. */
#include "fault_vfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct fault_file {
	sqlite3_file base;
	struct fault_vfs *v;
	const char *name; /* SQLite's, as long as it is open; NULL: temporary */
	_Alignas(8) char real[];
};

static struct fault_file *
self(sqlite3_file *f)
{
	return (struct fault_file *)f;
}

static sqlite3_file *
real(sqlite3_file *f)
{
	return (sqlite3_file *)(void *)self(f)->real;
}

/* Whether this call is to fail; *rc: with what. */
static bool
fails(struct fault_vfs *v, enum fault_call c, int *rc)
{
	const struct fault_plan *p = &v->plan;

	if (p->at == 0 || p->call != c)
		return false;
	v->seen++;
	if (v->seen != p->at && !(p->lasts && v->seen > p->at))
		return false;
	v->failed++;
	*rc = p->code;
	return true;
}

/* The machine loses its power here: nothing runs after it. */
static void
maybe_cut(struct fault_vfs *v)
{
	if (v->disk == NULL || ++v->steps != v->cut_at)
		return;
	disk_cut(v->disk, v->odds, v->seed);
	_exit(0);
}

/* ---- files ---- */

static int
file_close(sqlite3_file *f)
{
	return real(f)->pMethods->xClose(real(f));
}

static int
file_read_at(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	int rc;

	if (fails(self(f)->v, FAULT_READ, &rc))
		return rc;
	return real(f)->pMethods->xRead(real(f), p, n, at);
}

static int
file_write_at(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	struct fault_vfs *v = self(f)->v;
	int rc;

	if (fails(v, FAULT_WRITE, &rc)) {
		if (v->plan.torn)
			(void)real(f)->pMethods->xWrite(real(f), p, n / 2, at);
		return rc;
	}
	maybe_cut(v);
	if (v->disk != NULL && self(f)->name != NULL)
		disk_write(v->disk, self(f)->name, (uint64_t)at, p, (size_t)n);
	return real(f)->pMethods->xWrite(real(f), p, n, at);
}

static int
file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	struct fault_vfs *v = self(f)->v;
	int rc;

	if (fails(v, FAULT_TRUNCATE, &rc))
		return rc;
	if (v->disk != NULL && self(f)->name != NULL)
		disk_truncate(v->disk, self(f)->name, (uint64_t)size);
	return real(f)->pMethods->xTruncate(real(f), size);
}

static int
file_sync(sqlite3_file *f, int flags)
{
	struct fault_vfs *v = self(f)->v;
	int rc;

	if (fails(v, FAULT_SYNC, &rc))
		return rc;
	maybe_cut(v);
	if (v->disk != NULL && self(f)->name != NULL) {
		disk_sync(v->disk, self(f)->name);
		return SQLITE_OK; /* the disk is ours to play */
	}
	return real(f)->pMethods->xSync(real(f), flags);
}

static int
file_size_of(sqlite3_file *f, sqlite3_int64 *size)
{
	return real(f)->pMethods->xFileSize(real(f), size);
}

static int
file_lock(sqlite3_file *f, int level)
{
	int rc;

	if (fails(self(f)->v, FAULT_LOCK, &rc))
		return rc;
	return real(f)->pMethods->xLock(real(f), level);
}

static int
file_unlock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xUnlock(real(f), level);
}

static int
file_reserved(sqlite3_file *f, int *out)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), out);
}

static int
file_control(sqlite3_file *f, int op, void *arg)
{
	return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int
file_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int
file_device(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int
shm_map(sqlite3_file *f, int page, int size, int make, void volatile **out)
{
	int rc;

	if (fails(self(f)->v, FAULT_SHM_MAP, &rc))
		return rc;
	return real(f)->pMethods->xShmMap(real(f), page, size, make, out);
}

static int
shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	int rc;

	if ((flags & SQLITE_SHM_LOCK) != 0 &&
	    fails(self(f)->v, FAULT_SHM_LOCK, &rc))
		return rc;
	return real(f)->pMethods->xShmLock(real(f), at, n, flags);
}

static void
shm_barrier(sqlite3_file *f)
{
	real(f)->pMethods->xShmBarrier(real(f));
}

static int
shm_unmap(sqlite3_file *f, int gone)
{
	return real(f)->pMethods->xShmUnmap(real(f), gone);
}

/* Version 2: no memory map, so every read is a call. */
static const sqlite3_io_methods METHODS = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read_at,
	.xWrite = file_write_at,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size_of,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_device,
	.xShmMap = shm_map,
	.xShmLock = shm_lock,
	.xShmBarrier = shm_barrier,
	.xShmUnmap = shm_unmap,
};

/* ---- the layer ---- */

static int
vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
    int *out)
{
	struct fault_vfs *v = vfs->pAppData;
	int rc;

	*f = (sqlite3_file){ NULL };
	if (fails(v, FAULT_OPEN, &rc))
		return rc;
	self(f)->v = v;
	self(f)->name = name;
	rc = v->real->xOpen(v->real, name, real(f), flags, out);
	if (real(f)->pMethods != NULL)
		f->pMethods = &METHODS;
	return rc;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct fault_vfs *v = vfs->pAppData;
	int rc;

	if (fails(v, FAULT_DELETE, &rc))
		return rc;
	if (v->disk != NULL)
		disk_delete(v->disk, name);
	return v->real->xDelete(v->real, name, sync);
}

void
fault_vfs_install(struct fault_vfs *v)
{
	*v = (struct fault_vfs){ .real = sqlite3_vfs_find(NULL) };
	/* The rest of the calls take nothing of the layer's own. */
	v->vfs = *v->real;
	v->vfs.zName = "fault";
	v->vfs.pNext = NULL;
	v->vfs.pAppData = v;
	v->vfs.szOsFile = (int)sizeof(struct fault_file) + v->real->szOsFile;
	v->vfs.xOpen = vfs_open;
	v->vfs.xDelete = vfs_delete;
	if (sqlite3_vfs_register(&v->vfs, 1) != SQLITE_OK) {
		fputs("the file layer cannot be registered\n", stderr);
		abort();
	}
}

void
fault_arm(struct fault_vfs *v, const struct fault_plan *p)
{
	v->plan = *p;
	v->seen = v->failed = 0;
}

uint64_t
fault_disarm(struct fault_vfs *v)
{
	v->plan.at = 0;
	return v->failed;
}
