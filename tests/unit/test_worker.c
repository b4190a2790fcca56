/* test_worker.c - the worker's patience: with a slice, with the database. */
#include "unit.h"

#include "base/file.h"

/* The clock, the alarm and what a slice comes to are the test's. */
static unsigned test_alarm(unsigned seconds);
#define alarm test_alarm
#define clock_ticks test_ticks
#define follow_step test_step
#include "../../pipe/worker.c"

static int64_t ticks;
static unsigned alarmed; /* seconds until the alarm, 0: none */
static unsigned alarmed_in_step;

int64_t
test_ticks(void)
{
	return ticks;
}

static unsigned
test_alarm(unsigned seconds)
{
	unsigned was = alarmed;

	alarmed = seconds;
	return was;
}

bool
test_step(struct follow *f, uint64_t limit, enum follow_state *state,
    struct err *e)
{
	(void)f;
	(void)e;
	want_number("bytes of a slice", (int64_t)limit, SLICE);
	alarmed_in_step = alarmed;
	*state = FOLLOW_IDLE;
	return true;
}

/* A worker without a database, and what it shares with its mover. */
struct kit {
	struct shared *sh;
	struct setup setup;
	struct worker_args args;
	struct worker w;
};

static int
kit_up(void **state)
{
	struct kit *k = calloc(1, sizeof *k);
	struct err e = { 0 };

	*state = k;
	if (k == NULL)
		return -1;
	k->sh = shared_new(&e);
	unlink("log");
	if (k->sh == NULL ||
	    !log_open(&k->setup.log, "prog", "log", LOG_AT_INFO, &e))
		return -1;
	k->setup.config.drain_timeout = 30;
	k->args = (struct worker_args){ .setup = &k->setup, .sh = k->sh };
	k->w = (struct worker){ .args = &k->args, .sh = k->sh,
		.config = &k->setup.config, .log = &k->setup.log };
	ticks = 5000;
	return 0;
}

static int
kit_down(void **state)
{
	struct kit *k = *state;

	log_close(&k->setup.log);
	shared_free(k->sh);
	free(k);
	return 0;
}

static void
want_logged(const char *row, const char *text, bool want)
{
	struct buf log = { 0 };
	struct err e = { 0 };

	assert_true(file_read("log", 1u << 20, &log, &e));
	want_bool(row,
	    str_find(buf_str(&log), str_from(text)) < log.n, want);
	buf_release(&log);
}

/* Past the alarm a slice is a hang, and the signal ends the worker. */
static void
a_slice_has_its_time(void **state)
{
	struct kit *k = *state;

	k->w.own.follow = (struct follow *)k; /* not looked into */
	want_number("step", step(&k->w, &k->w.own), DID_NOTHING);
	want_number("in it", alarmed_in_step, STEP_LONGEST);
	want_number("behind it", alarmed, 0);
	k->w.own.ended = true;
	alarmed_in_step = 0;
	want_number("no more", step(&k->w, &k->w.own), DID_NOTHING);
	want_number("none taken", alarmed_in_step, 0);
}

/* Whether a worker without a database goes when its mover has been dead for
 * ms. */
static bool
goes_after(struct kit *k, int64_t ms)
{
	k->w.orphaned = ticks;
	ticks += ms;
	return gives_up(&k->w);
}

static void
a_worker_alone_gives_up_in_time(void **state)
{
	struct kit *k = *state;
	int64_t drain = k->setup.config.drain_timeout * 1000;

	want_bool("the mover lives", goes_after(k, INT64_MAX / 2), false);
	k->w.orphan = true;
	ticks = 5000;
	want_bool("below", goes_after(k, drain - 1), false);
	want_bool("at", goes_after(k, drain), false);
	want_bool("past", goes_after(k, drain + 1), true);
	want_logged("on the disk", "are lost", false);
}

/* What the journal does not hold goes with the worker. */
static void
bytes_in_memory_are_waited_for_longer(void **state)
{
	struct kit *k = *state;

	k->w.orphan = true;
	atomic_store(&k->sh->disk, 1000);
	atomic_store(&k->sh->worked, 700);
	atomic_store(&k->sh->head, 1100);
	want_bool("below", goes_after(k, ORPHAN_LONGEST - 1), false);
	want_bool("at", goes_after(k, ORPHAN_LONGEST), false);
	want_logged("at", "are lost", false);
	want_bool("past", goes_after(k, ORPHAN_LONGEST + 1), true);
	want_logged("past", "error: dropped: 100 bytes", true);
	want_logged("past", "pmta-suppress ingest", true);
}

static void
bytes_in_memory_that_are_worked_on_are_not_lost(void **state)
{
	struct kit *k = *state;

	k->w.orphan = true;
	atomic_store(&k->sh->worked, 1050);
	atomic_store(&k->sh->head, 1100);
	want_bool("past", goes_after(k, ORPHAN_LONGEST + 1), true);
	want_logged("past", "error: dropped: 50 bytes", true);
}

static void
a_message_in_memory_comes_again(void **state)
{
	struct kit *k = *state;

	k->w.orphan = true;
	atomic_store(&k->sh->input, SNIFFED_MESSAGE);
	atomic_store(&k->sh->head, 1100);
	want_bool("past", goes_after(k, ORPHAN_LONGEST + 1), true);
	want_logged("past", "are lost", false);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, kit_up, kit_down)
	static const struct CMUnitTest TESTS[] = {
		T(a_slice_has_its_time),
		T(a_worker_alone_gives_up_in_time),
		T(bytes_in_memory_are_waited_for_longer),
		T(bytes_in_memory_that_are_worked_on_are_not_lost),
		T(a_message_in_memory_comes_again),
	};

	return cmocka_run_group_tests(
	    TESTS, unit_enter_folder, unit_leave_folder);
}
