/* test_supervise.c - workers that die: started again, records given up. */
#include "unit.h"

#include <poll.h>
#include <signal.h>

/* The pipe program's modules are in no library. */
#include "../../pipe/shared.c"
#include "../../pipe/supervise.c"

/* What each life does: a letter a life, the last one goes on for ever. */
struct lives {
	struct shared *sh;
	struct supervise s;
	const char *plan;
	unsigned n; /* the one that is started next */
	int64_t took; /* ticks, all of it pauses */
};

static int
live(void *ctx)
{
	const struct lives *l = ctx;
	size_t last = strlen(l->plan) - 1;

	switch (l->plan[l->n < last ? l->n : last]) {
	case 'a': /* dies at a record */
		shared_at(l->sh, "A", 10, 5);
		(void)raise(SIGKILL);
		return 0;
	case 'b': /* gives up at another one */
		shared_at(l->sh, "A", 20, 5);
		return 71;
	case 'x': /* dies between records */
		shared_at(l->sh, "A", 10, 5);
		shared_at(l->sh, "A", 15, 0);
		(void)raise(SIGKILL);
		return 0;
	case 'r': /* wants a successor */
		return 0;
	default:
		atomic_store(&l->sh->done, true);
		return 0;
	}
}

/* Lives by the plan until one says that all is done, in made-up time. */
static void
run(struct lives *l, const char *plan)
{
	struct err e = { 0 };
	int64_t ticks = 1000;

	*l = (struct lives){ .plan = plan, .sh = shared_new(&e) };
	assert_non_null(l->sh);
	supervise_init(&l->s, l->sh, live, l);
	while (!l->s.finished && l->n < 100) {
		int64_t wait = supervise_wait(&l->s, ticks);

		ticks += wait > 0 ? wait : 0;
		supervise_start(&l->s, ticks);
		l->n++;
		while (l->s.pid != 0) {
			(void)poll(NULL, 0, 1);
			supervise_reap(&l->s, ticks);
		}
	}
	l->took = ticks - 1000;
	assert_true(l->s.finished);
}

static void
workers_live_as_planned(void **state)
{
	static const struct {
		const char *name, *plan;
		unsigned lives;
		int64_t took;
		unsigned quarantined;
		bool at10, at20;
	} ROWS[] = {
		{ "done at once", ".", 1, 0, 0, false, false },
		{ "one death costs no pause", "a.", 2, 0, 0, false, false },
		{ "two at one record", "aa.", 3, 100, 1, true, false },
		{ "one each at two records", "ab.", 3, 100, 0, false, false },
		{ "two each at two records", "aabb.", 5, 700, 2, true, true },
		{ "not in a row", "aba.", 4, 300, 0, false, false },
		{ "between records", "xx.", 3, 100, 0, false, false },
		{ "pauses grow", "xxxxx.", 6, 1500, 0, false, false },
		{ "and have an end", "xxxxxxxxxxxx.", 13, 111100, 0, false,
		    false },
		{ "a successor is no death", "rrrr.", 5, 0, 0, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct lives l;

		run(&l, ROWS[i].plan);
		want_number(ROWS[i].name, l.n, ROWS[i].lives);
		want_number(ROWS[i].name, l.took, ROWS[i].took);
		want_number(ROWS[i].name, atomic_load(&l.sh->quarantined),
		    ROWS[i].quarantined);
		want_bool(ROWS[i].name, shared_is_poison(l.sh, "A", 10),
		    ROWS[i].at10);
		want_bool(ROWS[i].name, shared_is_poison(l.sh, "A", 20),
		    ROWS[i].at20);
		shared_free(l.sh);
	}
}

static int
sleep_on(void *ctx)
{
	(void)ctx;
	for (;;)
		(void)pause();
	return 0;
}

static void
a_worker_that_hangs_is_stopped(void **state)
{
	struct supervise s;
	struct err e = { 0 };
	struct shared *sh = shared_new(&e);

	(void)state;
	supervise_init(&s, sh, sleep_on, NULL);
	supervise_start(&s, 0);
	assert_true(s.pid > 0);
	assert_int_equal(supervise_wait(&s, 0), -1);
	supervise_stop(&s);
	assert_int_equal(s.pid, 0);
	assert_false(s.finished);
	supervise_stop(&s);
	shared_free(sh);
}

/* ---- with nobody to supervise ---- */

static int
never_run(void *ctx)
{
	(void)ctx;
	return 0;
}

static void
without_a_worker_nothing_is_reaped_or_stopped(void **state)
{
	struct err e = { 0 };
	struct shared *sh = shared_new(&e);
	struct supervise s = { .sh = sh, .run = never_run };

	(void)state;
	assert_non_null(sh);
	supervise_reap(&s, 1000);
	supervise_stop(&s);
	want_number("starts at once", supervise_wait(&s, 1000), 0);
	/* Somebody else took its end: it counts as dead and is started anew. */
	supervise_start(&s, 1000);
	assert_true(s.pid > 0);
	while (waitpid(s.pid, NULL, 0) < 0)
		continue;
	supervise_reap(&s, 1001);
	want_number("no worker", s.pid, 0);
	want_number("a death", s.deaths, 1);
	/* Who lived well before it died has not died often. */
	supervise_start(&s, 2000);
	s.deaths = 5;
	while (waitpid(s.pid, NULL, 0) < 0)
		continue;
	supervise_reap(&s, 2001 + LIVED_WELL);
	want_number("the first death again", s.deaths, 1);
	s.finished = true;
	want_number("finished", supervise_wait(&s, 3000), -1);
	shared_free(sh);
	shared_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(workers_live_as_planned),
		cmocka_unit_test(a_worker_that_hangs_is_stopped),
		cmocka_unit_test(without_a_worker_nothing_is_reaped_or_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
