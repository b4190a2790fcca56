/*
 * fault_run.c - SQLite's n-th read, write, sync, ... fails, for n = 1, 2, ...:
 * the list is sound afterwards, stands where some step had left it, and what
 * was to be done can be done to its end. `fault_run [EVERY]`: each EVERY-th n.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault_scene.h"
#include "fault_vfs.h"

#define MAX_SHOWN 5

/* Once: the same connection tries again. On and on: it all fails from then on;
 * for odd n the program ends and the next one finds all well, for even n it
 * tries again, in vain at first, and is there when all is well. */
#define BOTH(name, call, code, torn) \
	{ name, call, code, torn, false, 0 }, \
	{ name " on and on", call, code, torn, true, 0 }

static const struct fault_plan PLANS[] = {
	BOTH("open", FAULT_OPEN, SQLITE_CANTOPEN, false),
	BOTH("delete", FAULT_DELETE, SQLITE_IOERR_DELETE, false),
	BOTH("read", FAULT_READ, SQLITE_IOERR_READ, false),
	BOTH("write", FAULT_WRITE, SQLITE_IOERR_WRITE, false),
	BOTH("short write", FAULT_WRITE, SQLITE_FULL, true),
	BOTH("full disk", FAULT_WRITE, SQLITE_FULL, false),
	BOTH("sync", FAULT_SYNC, SQLITE_IOERR_FSYNC, false),
	BOTH("truncate", FAULT_TRUNCATE, SQLITE_IOERR_TRUNCATE, false),
	BOTH("lock", FAULT_LOCK, SQLITE_IOERR_LOCK, false),
	BOTH("locked", FAULT_LOCK, SQLITE_BUSY, false),
	BOTH("shared memory", FAULT_SHM_MAP, SQLITE_IOERR_SHMMAP, false),
	/* On and on SQLite itself tries for ten seconds each time. */
	{ "shared lock", FAULT_SHM_LOCK, SQLITE_BUSY, false, false, 0 },
};

struct run {
	struct scene scene;
	struct scene_truth truth;
	struct fault_vfs vfs;
	const struct fault_plan *plan;
	uint64_t n, points, tolerated, wrong;
	size_t step; /* next to do */
};

static bool
wrong(struct run *r, const char *what, const struct err *e)
{
	if (++r->wrong <= MAX_SHOWN)
		printf("     %s, call %llu, step %s: %s: %s\n", r->plan->name,
		    (unsigned long long)r->n, scene_step_name(r->step), what,
		    e->text);
	return false;
}

/* Goes on until something fails. */
static bool
run_on(struct run *r, struct err *e)
{
	if (r->scene.work == NULL) {
		scene_close(&r->scene);
		if (!scene_open(&r->scene, e))
			return false;
	}
	for (; r->step < SCENE_STEPS; r->step++)
		if (!scene_step(&r->scene, r->step, e))
			return false;
	return true;
}

/* Where it stands now must be where a step began or ended. */
static bool
find_place(struct run *r)
{
	struct err e = { 0 };
	int at;

	if (r->scene.work == NULL && !scene_open(&r->scene, &e))
		return wrong(r, "does not open again", &e);
	at = scene_where(&r->scene, &r->truth, r->step, r->step + 1, &e);
	if (at < 0)
		return wrong(r, "half a step stands", &e);
	r->step = (size_t)at;
	return true;
}

static bool
recover(struct run *r, const struct err *told)
{
	struct err e = { 0 };

	if (!scene_told(told))
		return wrong(r, "an error without words", told);
	scene_abandon(&r->scene);
	if ((r->plan->lasts && r->n % 2 == 1) || r->scene.work == NULL)
		scene_close(&r->scene);
	if (!find_place(r))
		return false;
	if (!run_on(r, &e))
		return wrong(r, "cannot go on", &e);
	return true;
}

/* As the worker does while the disk is full. */
static void
try_in_vain(struct run *r)
{
	for (int i = 0; i < 3; i++) {
		struct err e = { 0 };

		scene_abandon(&r->scene);
		if (r->step < SCENE_STEPS &&
		    scene_step(&r->scene, r->step, &e))
			return;
	}
}

/* One run with the n-th call failing; false: there was no such call. */
static bool
run_once(struct run *r)
{
	struct fault_plan p = *r->plan;
	struct err e = { 0 };
	uint64_t failed;
	bool ok;

	p.at = r->n;
	r->step = 0;
	scene_wipe();
	fault_arm(&r->vfs, &p);
	ok = run_on(r, &e);
	if (!ok && p.lasts && r->n % 2 == 0 && r->scene.work != NULL)
		try_in_vain(r);
	failed = fault_disarm(&r->vfs);
	if (failed == 0) {
		scene_close(&r->scene);
		return false;
	}
	r->points++;
	r->tolerated += ok;
	ok = ok || recover(r, &e);
	err_clear(&e);
	if (ok && scene_where(&r->scene, &r->truth, SCENE_STEPS, SCENE_STEPS,
	    &e) < 0)
		wrong(r, "the end is not that of a clean run", &e);
	scene_close(&r->scene);
	err_clear(&e);
	if (ok && !scene_sound(&e))
		wrong(r, "damaged", &e);
	return true;
}

static uint64_t
run_plan(struct run *r, const struct fault_plan *p, uint64_t every)
{
	r->plan = p;
	r->points = r->tolerated = r->wrong = 0;
	for (r->n = 1; run_once(r); r->n += r->n < 4 ? 1 : every)
		continue;
	printf("%s fault/sqlite %s (%llu failures, %llu of them borne, %llu "
	    "wrong)\n", r->wrong > 0 ? "FAIL" : r->points > 0 ? "ok  "
	    : "skip", p->name, (unsigned long long)r->points,
	    (unsigned long long)r->tolerated, (unsigned long long)r->wrong);
	fflush(stdout);
	return r->wrong;
}

int
main(int argc, char **argv)
{
	uint64_t every = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	static struct run r;
	struct err e = { 0 };
	uint64_t bad = 0;

	fault_vfs_install(&r.vfs);
	if (!scene_init(&r.scene, &e) ||
	    !scene_learn(&r.scene, &r.truth, &e)) {
		fprintf(stderr, "fault_run: %s\n", e.text);
		return 1;
	}
	for (size_t i = 0; i < COUNT(PLANS); i++)
		if (argc < 3 || strcmp(argv[2], PLANS[i].name) == 0)
			bad += run_plan(&r, &PLANS[i], every > 0 ? every : 1);
	for (size_t i = 0; i <= SCENE_STEPS; i++)
		buf_release(&r.truth.dump[i]);
	scene_release(&r.scene);
	return bad > 0;
}
