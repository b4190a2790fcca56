/* test_spare.c - the segment in memory: filled, read, flushed, emptied. */
#include "unit.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* The pipe program's modules are in no library. */
#include "../../pipe/segment.c"
#include "../../pipe/shared.c"
#include "../../pipe/spare.c"

struct kit {
	struct shared *sh;
	struct spare spare;
	struct journal *j;
};

static int
kit_up(void **state)
{
	struct kit *k = calloc(1, sizeof *k);
	struct err e = { 0 };

	k->sh = shared_new(&e);
	k->j = journal_open("journal", true, &e);
	*state = k;
	return k->sh != NULL && k->j != NULL &&
		spare_open(&k->spare, k->sh, 32, &e)
	    ? 0
	    : -1;
}

static int
kit_down(void **state)
{
	struct kit *k = *state;

	spare_close(&k->spare);
	shared_free(k->sh);
	journal_close(k->j);
	free(k);
	return nftw("journal", unit_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* As stow.c does it. */
static void
put(struct kit *k, struct str s)
{
	assert_int_equal(pwrite(k->spare.fd, s.p, s.n,
			     (off_t)atomic_load(&k->sh->spare_size)),
	    s.n);
	spare_grown(&k->spare, s.n);
}

static void
want_read(const char *row, struct kit *k, bool orphan, uint64_t pos,
    struct str want, bool want_gap)
{
	struct err e = { 0 };
	char p[64];
	struct piece in = { .pos = pos, .p = p, .n = sizeof p };

	if (!spare_read(&k->spare, orphan, &in, &e))
		fail_msg("%s: %s", row, e.text);
	want_str(row, str_of(p, in.got), want);
	want_bool(row, in.gap, want_gap);
}

static void
it_holds_bytes_at_their_position(void **state)
{
	struct kit *k = *state;

	want_read("not begun", k, false, 0, STR(""), false);
	spare_begin(&k->spare, 100, false);
	want_read("empty", k, false, 100, STR(""), false);
	put(k, STR("abcdef"));
	want_read("all", k, false, 100, STR("abcdef"), false);
	want_read("from the midst", k, false, 104, STR("ef"), false);
	want_read("before it", k, false, 99, STR(""), false);
	want_read("at its end", k, false, 106, STR(""), false);
	want_number("room", (int64_t)spare_room(&k->spare), 26);
}

static void
a_gap_before_it_is_told_at_its_first_byte(void **state)
{
	struct kit *k = *state;

	spare_begin(&k->spare, 10, true);
	put(k, STR("abc"));
	want_read("first", k, false, 10, STR("abc"), true);
	want_read("second", k, false, 11, STR("bc"), false);
}

static void
what_is_needed_no_more_makes_room(void **state)
{
	struct kit *k = *state;

	spare_begin(&k->spare, 10, true);
	put(k, STR("abcdefghijklmnopqrstuvwxyz012345"));
	want_number("full", (int64_t)spare_room(&k->spare), 0);
	want_bool("before it", spare_drop(&k->spare, 9), false);
	want_bool("less than half", spare_drop(&k->spare, 25), false);
	want_bool("behind it", spare_drop(&k->spare, 43), false);
	want_read("as it was", k, false, 10,
	    STR("abcdefghijklmnopqrstuvwxyz012345"), true);
	want_bool("half", spare_drop(&k->spare, 26), true);
	want_read("the rest", k, false, 26, STR("qrstuvwxyz012345"), false);
	want_read("of a dead mover", k, true, 26, STR("qrstuvwxyz012345"),
	    false);
	want_read("what went", k, false, 25, STR(""), false);
	want_number("room", (int64_t)spare_room(&k->spare), 16);
	put(k, STR("67"));
	want_read("more", k, false, 40, STR("4567"), false);
	want_bool("all", spare_drop(&k->spare, 44), true);
	want_read("none", k, true, 44, STR(""), false);
	put(k, STR("89"));
	want_read("new", k, false, 44, STR("89"), false);
}

static void
it_is_flushed_to_segments_in_order(void **state)
{
	struct kit *k = *state;
	struct segment g;
	struct err e = { 0 };
	uint64_t pos = 7;
	char back[32];
	size_t n;

	segment_init(&g);
	spare_begin(&k->spare, 7, false);
	put(k, STR("abcdefghij"));
	assert_true(segment_open(&g, k->j, "S", 7, false, &e));
	while (pos < 17) {
		assert_true(spare_flush(&k->spare, pos, &g, 4, &n));
		assert_true(n > 0 && n <= 4);
		pos += n;
	}
	assert_int_equal(pread(g.fd, back, sizeof back, 0), 10);
	want_str("segment", str_of(back, 10), STR("abcdefghij"));
	segment_close(&g);
	spare_empty(&k->spare);
	want_read("emptied", k, false, 7, STR(""), false);
	want_number("room again", (int64_t)spare_room(&k->spare), 32);
	spare_begin(&k->spare, 17, false);
	put(k, STR("xy"));
	want_read("begun again", k, false, 17, STR("xy"), false);
}

/* The mover was killed between writing and telling. */
static void
an_orphan_finds_what_was_not_told(void **state)
{
	struct kit *k = *state;

	spare_begin(&k->spare, 50, false);
	put(k, STR("abc"));
	assert_int_equal(pwrite(k->spare.fd, "def", 3, 3), 3);
	want_read("told only", k, false, 50, STR("abc"), false);
	want_read("all", k, true, 50, STR("abcdef"), false);
}

/* Killed while it was emptied: the bytes are in segments, none is left. */
static void
an_orphan_finds_nothing_that_was_emptied(void **state)
{
	struct kit *k = *state;

	spare_begin(&k->spare, 50, false);
	put(k, STR("abc"));
	assert_int_equal(ftruncate(k->spare.fd, 0), 0);
	want_read("half way", k, true, 50, STR(""), false);
	atomic_fetch_add(&k->sh->spare_turn, 1);
	want_read("in the midst of telling", k, true, 50, STR(""), false);
}

/* One process fills and empties it as fast as it can, the other must never
 * see a byte of another position. */
static void
a_reader_never_sees_bytes_of_another_turn(void **state)
{
	struct kit *k = *state;
	uint64_t base = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		for (int i = 0; i < 20000; i++) {
			char p[16];

			for (size_t n = 0; n < sizeof p; n++)
				p[n] = (char)((base + n) % 251);
			spare_begin(&k->spare, base, false);
			if (pwrite(k->spare.fd, p, sizeof p, 0) != sizeof p)
				_exit(1);
			spare_grown(&k->spare, sizeof p);
			base += sizeof p;
			atomic_store(&k->sh->head, base);
			spare_empty(&k->spare);
		}
		atomic_store(&k->sh->eof, true);
		_exit(0);
	}
	while (!atomic_load(&k->sh->eof)) {
		uint64_t pos = atomic_load(&k->sh->spare_base);
		struct err e = { 0 };
		char p[16];
		struct piece in = { .pos = pos, .p = p, .n = sizeof p };

		assert_true(spare_read(&k->spare, false, &in, &e));
		for (size_t i = 0; i < in.got; i++)
			assert_int_equal((unsigned char)p[i], (pos + i) % 251);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
notes_come_in_order_and_the_last_place_tells_of_more(void **state)
{
	struct kit *k = *state;
	char text[32];
	struct note n;

	assert_false(shared_take_note(k->sh, &n));
	for (int i = 0; i < SHARED_NOTES + 5; i++)
		shared_note(k->sh, NOTE_SPARE, LOG_AT_ERROR, "note %d", i);
	for (int i = 0; i < SHARED_NOTES - 1; i++) {
		snprintf(text, sizeof text, "note %d", i);
		assert_true(shared_take_note(k->sh, &n));
		want_text("note", n.text, text);
	}
	assert_true(shared_take_note(k->sh, &n));
	want_text("last", n.text, "more happened than could be kept to tell");
	assert_false(shared_take_note(k->sh, &n));
	shared_note(k->sh, NOTE_SPARE, LOG_AT_ERROR, "again");
	assert_true(shared_take_note(k->sh, &n));
	want_text("room again", n.text, "again");
}

static void
poison_is_known_by_stream_and_position(void **state)
{
	struct kit *k = *state;
	struct shared_record r = { "A", 5 };

	assert_false(shared_is_poison(k->sh, "A", 5));
	shared_quarantine(k->sh, &r);
	assert_true(shared_is_poison(k->sh, "A", 5));
	assert_false(shared_is_poison(k->sh, "A", 6));
	assert_false(shared_is_poison(k->sh, "B", 5));
	for (uint64_t i = 0; i < SHARED_QUARANTINE; i++) {
		r.pos = 100 + i;
		shared_quarantine(k->sh, &r);
	}
	assert_true(shared_is_poison(k->sh, "A", 100));
	assert_false(shared_is_poison(k->sh, "A", 5));
}

#define T(f) cmocka_unit_test_setup_teardown(f, kit_up, kit_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(it_holds_bytes_at_their_position),
		T(a_gap_before_it_is_told_at_its_first_byte),
		T(what_is_needed_no_more_makes_room),
		T(it_is_flushed_to_segments_in_order),
		T(an_orphan_finds_what_was_not_told),
		T(an_orphan_finds_nothing_that_was_emptied),
		T(a_reader_never_sees_bytes_of_another_turn),
		T(notes_come_in_order_and_the_last_place_tells_of_more),
		T(poison_is_known_by_stream_and_position),
	};

	return cmocka_run_group_tests(
	    tests, unit_enter_folder, unit_leave_folder);
}
