/* test_feed.c - our own stream, read while the mover writes it. */
#include "unit.h"

#include "../../pipe/feed.c"

/* A stream of 100 bytes that came, of which none is to be found. */
static void
open_lost(struct feed *d, struct spare *spare, struct shared **sh)
{
	struct err e = { 0 };

	*sh = shared_new(&e);
	assert_non_null(*sh);
	assert_true(spare_open(spare, *sh, 4096, &e));
	*d = (struct feed){ .sh = *sh, .spare = spare };
	atomic_store(&(*sh)->head, 100);
}

/* Reads from a place where nothing is, as often; whether that is the end. */
static bool
ends_after(struct feed *d, uint64_t pos, unsigned reads)
{
	struct err e = { 0 };
	char bytes[16];
	struct piece in = { .pos = pos, .p = bytes, .n = sizeof bytes };

	for (unsigned i = 0; i < reads && !in.end; i++) {
		assert_true(own_read(d, &in, &e));
		want_number("bytes", (int64_t)in.got, 0);
	}
	return in.end;
}

static void
bytes_that_are_nowhere_are_lost_at_the_end_of_input(void **state)
{
	static const struct {
		const char *name;
		unsigned reads;
		bool eof, moved; /* the mover has made a new folder */
		bool end;
	} ROWS[] = {
		{ "one less", MISSES_MAX - 1, true, false, false },
		{ "so many", MISSES_MAX, true, false, false },
		{ "one more", MISSES_MAX + 1, true, false, true },
		{ "more may come", 10 * MISSES_MAX, false, false, false },
		{ "a new folder", 10 * MISSES_MAX, true, true, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct spare spare;
		struct shared *sh;
		struct feed d;

		open_lost(&d, &spare, &sh);
		atomic_store(&sh->eof, ROWS[i].eof);
		atomic_store(&sh->home, ROWS[i].moved);
		want_bool(ROWS[i].name, ends_after(&d, 40, ROWS[i].reads),
		    ROWS[i].end);
		/* To be told: up to there. */
		want_bool(ROWS[i].name, d.gap_new, ROWS[i].end);
		want_number(ROWS[i].name, (int64_t)d.gap_end,
		    ROWS[i].end ? 100 : 0);
		spare_close(&spare);
		shared_free(sh);
	}
}

/* As when the mover and its worker see each other's writes late. */
static void
bytes_that_come_late_are_not_lost(void **state)
{
	struct spare spare;
	struct shared *sh;
	struct err e = { 0 };
	char bytes[16];
	struct piece in = { .pos = 40, .p = bytes, .n = sizeof bytes };
	struct feed d;

	(void)state;
	open_lost(&d, &spare, &sh);
	atomic_store(&sh->eof, true);
	assert_false(ends_after(&d, 40, MISSES_MAX));
	spare_begin(&spare, 40, false);
	assert_int_equal(pwrite(spare.fd, "late", 4, 0), 4);
	spare_grown(&spare, 4);
	assert_true(own_read(&d, &in, &e));
	want_str("late", str_of(bytes, in.got), STR("late"));
	assert_false(ends_after(&d, 44, MISSES_MAX));
	want_bool("lost", d.gap_new, false);
	spare_close(&spare);
	shared_free(sh);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(
		    bytes_that_are_nowhere_are_lost_at_the_end_of_input),
		cmocka_unit_test(bytes_that_come_late_are_not_lost),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
