/* test_mover.c - how long the mover waits: at its first bytes, at the end. */
#include "unit.h"

/* The clock, and what waits on input, are the test's. */
#define clock_ticks test_ticks
#define intake_waiting test_waiting
#define stow_take test_take
#include "../../pipe/mover.c"

static int64_t ticks;
static int64_t a_look; /* ms that go by between two looks at the clock */
static unsigned taken; /* pieces */

int64_t
test_ticks(void)
{
	int64_t now = ticks;

	ticks += a_look;
	return now;
}

/* A writer who does not stop. */
bool
test_waiting(const struct intake *in)
{
	(void)in;
	return true;
}

enum moved
test_take(struct stow *s, int64_t now)
{
	(void)s;
	(void)now;
	taken++;
	return MOVED_SOME;
}

/* A mover whose input is a pipe that holds bytes, with nobody to work. */
struct kit {
	struct setup setup;
	struct mover m;
	int in[2];
};

static int
kit_up(void **state)
{
	struct kit *k = calloc(1, sizeof *k);
	struct err e = { 0 };

	*state = k;
	if (k == NULL || pipe2(k->in, O_CLOEXEC) != 0 ||
	    !mover_open(&k->m, &k->setup, &e))
		return -1;
	k->m.stow.in.fd = k->in[0];
	k->m.worker.held = true;
	ticks = 1;
	a_look = 0;
	taken = 0;
	return 0;
}

static int
kit_down(void **state)
{
	struct kit *k = *state;

	mover_close(&k->m);
	close(k->in[0]);
	close(k->in[1]);
	free(k);
	return 0;
}

static void
few_first_bytes_must_do_in_time(void **state)
{
	struct kit *k = *state;

	assert_int_equal(write(k->in[1], "Retu", 4), 4);
	want_bool("at first", mover_sniff(&k->m, false), false);
	ticks += SNIFF_LONGEST - 1;
	want_bool("below", mover_sniff(&k->m, false), false);
	want_number("below", atomic_load(&k->m.sh->input), SNIFFED_NOT_YET);
	ticks++;
	want_bool("at", mover_sniff(&k->m, false), true);
	want_number("at", atomic_load(&k->m.sh->input), SNIFFED_ROWS);
}

static void
first_bytes_that_tell_are_not_waited_for(void **state)
{
	struct kit *k = *state;

	assert_int_equal(write(k->in[1], "Return-", 7), 7);
	want_bool("a part", mover_sniff(&k->m, false), false);
	ticks += SNIFF_LONGEST - 1;
	assert_int_equal(write(k->in[1], "Path: <>\nTo: a\n", 15), 15);
	want_bool("more", mover_sniff(&k->m, false), true);
	want_number("more", atomic_load(&k->m.sh->input), SNIFFED_MESSAGE);
}

/* The last note that was left, or "". */
static const char *
last_note(struct kit *k)
{
	static struct note n;

	n.text[0] = '\0';
	while (shared_take_note(k->m.sh, &n))
		continue;
	return n.text;
}

/* Who does not stop writing is not read for ever after SIGTERM. */
static void
what_waits_at_the_end_is_taken_for_a_while(void **state)
{
	struct kit *k = *state;

	assert_int_equal(write(k->in[1], "b,1\n", 4), 4);
	a_look = 1;
	mover_drain(&k->m);
	want_bool("pieces", taken > 100 && taken <= DRAIN_LONGEST, true);
	want_bool("ticks", ticks > 1 + DRAIN_LONGEST &&
	    ticks < 1 + DRAIN_LONGEST + 10, true);
	if (strstr(last_note(k), "4 bytes still waited on input") == NULL)
		fail_msg("what is left is not told");
}

static void
a_message_that_is_cut_at_the_end_comes_again(void **state)
{
	struct kit *k = *state;

	assert_int_equal(write(k->in[1], "From: a\nTo: b\n", 14), 14);
	a_look = DRAIN_LONGEST / 4;
	mover_drain(&k->m);
	want_number("what", atomic_load(&k->m.sh->input), SNIFFED_MESSAGE);
	want_text("told", last_note(k), "");
}

static void
nothing_is_told_of_an_input_that_ended(void **state)
{
	struct kit *k = *state;

	k->m.ended = true;
	mover_drain(&k->m);
	want_text("told", last_note(k), "");
}

static void
a_database_is_waited_for_without_a_journal(void **state)
{
	static const struct {
		const char *name;
		int64_t a_look;
		enum shared_database found;
		bool goes_on;
	} ROWS[] = {
		{ "there", 1, DATABASE_THERE, true },
		{ "cannot be opened", 1, DATABASE_FAILED, false },
		{ "not known for long", OPEN_LONGEST, DATABASE_UNKNOWN, true },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		ticks = 1;
		a_look = ROWS[i].a_look;
		atomic_store(&k->m.sh->database, ROWS[i].found);
		want_bool(ROWS[i].name, wait_for_database(&k->m),
		    ROWS[i].goes_on);
	}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, kit_up, kit_down)
	static const struct CMUnitTest TESTS[] = {
		T(few_first_bytes_must_do_in_time),
		T(first_bytes_that_tell_are_not_waited_for),
		T(what_waits_at_the_end_is_taken_for_a_while),
		T(a_message_that_is_cut_at_the_end_comes_again),
		T(nothing_is_told_of_an_input_that_ended),
		T(a_database_is_waited_for_without_a_journal),
	};

	return cmocka_run_group_tests(
	    TESTS, unit_enter_folder, unit_leave_folder);
}
