/* test_late.c - evidence that waits is there for whoever asks. */
#include "unit.h"

#include "base/clock.h"
#include "store_kit.h"
#include "wrap/hash.h"

#define NOW INT64_C(1790000000)
#define MANY 2000 /* more than wait at once */

static struct evidence
bounce(const char *address, int64_t time)
{
	return (struct evidence){ .address = str_from(address),
		.fact = { .time = time, .kind = KIND_B,
		    .class = CLASS_FULL_MAILBOX,
		    .strength = STRENGTH_STRONG, .message = 7, .rule = 1 },
		.scope = 3, .queued = 11, .code = 452, .status = 4002002,
		.stream = 1, .offset = 5, .length = 6 };
}

/* Adds it; whether it was new. */
static bool
add(struct store *s, const char *address, int64_t time)
{
	struct evidence ev = bounce(address, time);
	struct err e = { 0 };
	bool added;

	OK(evidence_add(s, &ev, &added, &e));
	return added;
}

static size_t
facts(struct store *s, const char *address)
{
	const struct evidence_fact *f;
	struct err e = { 0 };
	size_t n;

	OK(evidence_history(s, str_from(address), LADDER_FULL, 0, &f, &n, &e));
	return n;
}

static int64_t
all(struct store *s)
{
	struct store_counts c;
	struct err e = { 0 };

	OK(store_count(s, NOW, &c, &e));
	return c.evidence;
}

static void
what_waits_is_found_by_its_address(void **state)
{
	struct evidence later = { .address = STR("c@b.example"),
		.fact = { .class = CLASS_FULL_MAILBOX, .time = NOW + 1 } };
	struct evidence_crowd crowd;
	struct err e = { 0 };

	assert_true(add(*state, "a@b.example", NOW));
	assert_true(add(*state, "c@b.example", NOW));
	OK(evidence_today(*state, &later, 9, &crowd, &e));
	want_bool("alone", crowd.alone, true);
	want_number("today", crowd.today, 1);
	want_number("a", (int64_t)facts(*state, "a@b.example"), 1);
	want_number("c", (int64_t)facts(*state, "c@b.example"), 1);
	want_number("none", (int64_t)facts(*state, "d@b.example"), 0);
	assert_false(add(*state, "a@b.example", NOW));
	assert_true(add(*state, "a@b.example", NOW + CLOCK_DAY));
	want_number("a twice", (int64_t)facts(*state, "a@b.example"), 2);
	want_number("all", all(*state), 3);
}

struct row {
	struct evidence ev;
	size_t n;
};

static bool
keep_row(void *ctx, const struct evidence_row *row, struct err *e)
{
	struct row *r = ctx;

	(void)e;
	r->ev = row->ev;
	r->n++;
	return true;
}

static void
all_of_it_is_put_in(void **state)
{
	struct evidence was = bounce("a@b.example", NOW);
	struct row r = { .n = 0 };
	struct err e = { 0 };

	assert_true(add(*state, "a@b.example", NOW));
	OK(evidence_list(*state, STR("a@b.example"), keep_row, &r, &e));
	want_number("rows", (int64_t)r.n, 1);
	want_number("time", r.ev.fact.time, was.fact.time);
	want_number("kind", r.ev.fact.kind, was.fact.kind);
	want_number("class", r.ev.fact.class, was.fact.class);
	want_number("strength", r.ev.fact.strength, was.fact.strength);
	want_number("message", (int64_t)r.ev.fact.message, 7);
	want_number("queued", r.ev.queued, was.queued);
	want_number("code", r.ev.code, was.code);
	want_number("status", r.ev.status, was.status);
	want_number("stream", (int64_t)r.ev.offset, was.offset);
	want_number("length", r.ev.length, was.length);
}

static void
what_waits_can_be_held_and_cleared(void **state)
{
	struct evidence ev = bounce("a@b.example", NOW);
	struct err e = { 0 };
	struct evidence_told told;
	bool is;

	assert_true(add(*state, "a@b.example", NOW));
	assert_true(add(*state, "c@b.example", NOW));
	OK(evidence_hold_one(*state, &ev, 4, &e));
	OK(evidence_is_held(*state, ev.address, LADDER_FULL, NOW + 1, &is,
	    &e));
	want_bool("held", is, true);
	OK(evidence_is_held(*state, STR("c@b.example"), LADDER_FULL, NOW + 1,
	    &is, &e));
	want_bool("not held", is, false);
	assert_true(evidence_maybe_soft(*state,
	    hash64(STR("c@b.example"))));
	OK(evidence_clear(*state, STR("c@b.example"), NOW + 1, &told, &e));
	want_number("cleared", told.cleared, 1);
	want_number("all", all(*state), 2);
}

static void
a_rollback_forgets_it(void **state)
{
	struct err e = { 0 };

	assert_true(add(*state, "a@b.example", NOW));
	store_rollback(*state);
	OK(store_begin(*state, &e));
	want_number("none", (int64_t)facts(*state, "a@b.example"), 0);
	assert_true(add(*state, "a@b.example", NOW));
	OK(store_commit(*state, &e));
	OK(store_begin(*state, &e));
	assert_false(add(*state, "a@b.example", NOW));
	want_number("one", all(*state), 1);
}

static void
many_are_put_in_before_the_commit_and_with_it(void **state)
{
	struct store *other = opened("s.db", STORE_WRITE);
	struct err e = { 0 };
	char address[32];

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < MANY; i++) {
			snprintf(address, sizeof address, "u%d@x.example", i);
			want_bool(address, add(*state, address, NOW),
			    round == 0);
		}
	OK(store_commit(*state, &e));
	OK(store_begin(other, &e));
	want_number("all", all(other), MANY);
	want_bool("soft", evidence_maybe_soft(other,
	    hash64(STR("u1999@x.example"))), true);
	store_close(other);
}

/* Who has none is known only while nobody else writes. */
static void
what_another_process_added_is_known(void **state)
{
	struct store *other = opened("s.db", STORE_WRITE);
	struct err e = { 0 };

	assert_true(add(*state, "a@b.example", NOW));
	OK(store_commit(*state, &e));
	OK(store_begin(other, &e));
	assert_false(add(other, "a@b.example", NOW));
	assert_true(add(other, "c@b.example", NOW));
	OK(store_commit(other, &e));
	OK(store_begin(*state, &e));
	assert_false(add(*state, "c@b.example", NOW));
	assert_true(add(*state, "d@b.example", NOW));
	want_number("c", (int64_t)facts(*state, "c@b.example"), 1);
	OK(store_commit(*state, &e));
	OK(store_begin(other, &e));
	assert_false(add(other, "d@b.example", NOW));
	want_number("all", all(other), 3);
	store_close(other);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
	static const struct CMUnitTest TESTS[] = {
		TEST(what_waits_is_found_by_its_address),
		TEST(all_of_it_is_put_in),
		TEST(what_waits_can_be_held_and_cleared),
		TEST(a_rollback_forgets_it),
		TEST(many_are_put_in_before_the_commit_and_with_it),
		TEST(what_another_process_added_is_known),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
