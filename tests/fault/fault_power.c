/*
 * fault_power.c - the power goes before the n-th write or sync: the disk has
 * what was synced, and of the rest nothing or chance sectors. The list is
 * sound, stands where some step had left it (synchronous = full: not before
 * the last one that was committed), and goes on to the end of a clean run.
 * `fault_power [EVERY [SEEDS]]`: each EVERY-th n, chance SEEDS times each.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault_scene.h"
#include "fault_vfs.h"

#define MAX_SHOWN 5

struct way {
	const char *name;
	bool full;
	uint64_t odds; /* one unsynced sector in so many is kept; 0: none */
};

static const struct way WAYS[] = {
	{ "normal, nothing unsynced", false, 0 },
	{ "normal, half of it", false, 2 },
	{ "normal, all of it", false, 1 },
	{ "full, nothing unsynced", true, 0 },
	{ "full, half of it", true, 2 },
};

struct run {
	struct scene scene;
	struct scene_truth truth;
	struct fault_vfs vfs;
	const struct way *way;
	_Atomic size_t *done; /* steps committed before the cut */
	uint64_t n, seed, points, lost, wrong;
};

static bool
wrong(struct run *r, const char *what, const struct err *e)
{
	if (++r->wrong <= MAX_SHOWN)
		printf("     %s, step %llu, seed %llu, after step %s: %s: %s\n",
		    r->way->name, (unsigned long long)r->n,
		    (unsigned long long)r->seed,
		    scene_step_name(atomic_load(r->done)), what, e->text);
	return false;
}

/* Lives until the cut; 0: it came, 1: the scene ended before it, 2: trouble. */
static int
live(struct run *r)
{
	static struct disk disk;
	struct err e = { 0 };

	r->vfs.disk = &disk;
	r->vfs.steps = 0;
	r->vfs.cut_at = r->n;
	r->vfs.odds = r->way->odds;
	r->vfs.seed = r->seed + r->n * 1000;
	if (!scene_open(&r->scene, &e))
		return 2;
	for (size_t i = 0; i < SCENE_STEPS; i++) {
		if (!scene_step(&r->scene, i, &e))
			return 2;
		atomic_store(r->done, i + 1);
	}
	return 1;
}

/* Where the list stands after the cut; -1: nowhere it ever stood. */
static int
look(struct run *r)
{
	struct err e = { 0 };
	size_t done = atomic_load(r->done);
	int at;

	if (!scene_open(&r->scene, &e)) {
		wrong(r, "does not open again", &e);
		return -1;
	}
	at = scene_where(&r->scene, &r->truth, 0, done + 1, &e);
	if (at < 0)
		wrong(r, "half a step stands", &e);
	return at;
}

/* Steps that change nothing leave the dump of an earlier one. */
static bool
is_kept(const struct run *r, int at)
{
	size_t done = atomic_load(r->done);

	return (size_t)at >= done || str_eq(buf_str(&r->truth.dump[at]),
	    buf_str(&r->truth.dump[done]));
}

static void
judge(struct run *r)
{
	struct err e = { 0 };
	int at = look(r);

	r->points++;
	if (at < 0)
		return;
	r->lost += !is_kept(r, at);
	if (r->way->full && !is_kept(r, at))
		wrong(r, "a commit is gone", &e);
	for (size_t i = (size_t)at; i < SCENE_STEPS; i++)
		if (!scene_step(&r->scene, i, &e)) {
			wrong(r, "cannot go on", &e);
			return;
		}
	if (scene_where(&r->scene, &r->truth, SCENE_STEPS, SCENE_STEPS, &e) < 0)
		wrong(r, "the end is not that of a clean run", &e);
	scene_close(&r->scene);
	if (!scene_sound(&e))
		wrong(r, "damaged", &e);
}

static bool
run_once(struct run *r)
{
	struct err e = { 0 };
	int status = 0;
	pid_t pid;

	scene_wipe();
	atomic_store(r->done, 0);
	pid = fork();
	if (pid == 0)
		_exit(live(r));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) == 2)
		return wrong(r, "it died before the cut", &e);
	if (WEXITSTATUS(status) == 1)
		return false;
	judge(r);
	scene_close(&r->scene);
	return true;
}

static uint64_t
run_way(struct run *r, const struct way *w, uint64_t every, uint64_t seeds)
{
	r->way = w;
	r->points = r->lost = r->wrong = 0;
	r->scene.config.store.full = w->full;
	for (r->seed = 0; r->seed < (w->odds > 1 ? seeds : 1); r->seed++)
		for (r->n = 1 + r->seed % every; run_once(r); r->n += every)
			continue;
	printf("%s fault/power %s (%llu cuts, %llu of them took commits, %llu "
	    "wrong)\n", r->wrong > 0 ? "FAIL" : "ok  ", w->name,
	    (unsigned long long)r->points, (unsigned long long)r->lost,
	    (unsigned long long)r->wrong);
	fflush(stdout);
	return r->wrong;
}

int
main(int argc, char **argv)
{
	uint64_t every = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	uint64_t seeds = argc > 2 ? strtoull(argv[2], NULL, 10) : 3;
	static struct run r;
	struct err e = { 0 };
	uint64_t bad = 0;

	r.done = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fault_vfs_install(&r.vfs);
	if (r.done == MAP_FAILED || !scene_init(&r.scene, &e) ||
	    !scene_learn(&r.scene, &r.truth, &e)) {
		fprintf(stderr, "fault_power: %s\n", e.text);
		return 1;
	}
	for (size_t i = 0; i < COUNT(WAYS); i++)
		bad += run_way(&r, &WAYS[i], every > 0 ? every : 1, seeds);
	for (size_t i = 0; i <= SCENE_STEPS; i++)
		buf_release(&r.truth.dump[i]);
	scene_release(&r.scene);
	return bad > 0;
}
