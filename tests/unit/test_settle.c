/* test_settle.c - a person's word on one incident, where an address is held by
 * several. */
#include "work_kit.h"

#include "base/clock.h"
#include "work/settle.h"

#define DAY ((int64_t)CLOCK_DAY)
#define FIRST (INT64_C(20000) * DAY + 36000)
#define WHO STR("a@b.example")

/* An incident that holds one bounce of WHO on that day. */
static int64_t
hold_on(struct bench *b, int64_t day, enum strength strength)
{
	struct incident_key k = { 1, CLASS_GONE_MAILBOX, day };
	struct incident in = { .kind = INCIDENT_STORM,
		.class = CLASS_GONE_MAILBOX, .covers = FIRST + day * DAY,
		.opened = FIRST + day * DAY, .last = FIRST + day * DAY,
		.text = STR("x") };
	struct evidence ev = { .address = WHO, .fact = {
		.time = FIRST + day * DAY, .kind = KIND_B,
		.class = CLASS_GONE_MAILBOX, .strength = strength,
		.message = (uint64_t)day + 1, .state = EVIDENCE_HELD } };
	struct err e = { 0 };
	bool added;

	OK(incident_open(b->store, &in, &k, &e));
	ev.incident = in.id;
	OK(evidence_add(b->store, &ev, &added, &e));
	assert_true(added);
	return in.id;
}

static bool
count_states(void *ctx, const struct evidence_row *row, struct err *e)
{
	int64_t *n = ctx;

	(void)e;
	n[row->ev.fact.state]++;
	return true;
}

static int64_t
in_state(struct bench *b, enum evidence_state state)
{
	int64_t n[8] = { 0 };
	struct err e = { 0 };

	OK(evidence_list(b->store, WHO, count_states, n, &e));
	return n[state];
}

static bool
is_listed(struct bench *b)
{
	struct standing was;
	struct err e = { 0 };

	OK(entry_standing(b->store, WHO, STR("global"), LADDER_GONE, &was,
	    &e));
	return was.found && was.state == ENTRY_ACTIVE;
}

static struct settled
settle(struct bench *b, int64_t incident, bool drop, int64_t *bulk)
{
	struct settled done;
	struct err e = { 0 };

	OK(store_new_bulk(b->store, STR("x"), STR("user:x"), FIRST, bulk,
	    &e));
	OK(incident_settle(b->work, &(struct ruling){ incident, drop, *bulk,
	    STR("user:x") }, &done, &e));
	return done;
}

static void
a_release_leaves_to_others_what_they_hold(void **state)
{
	struct bench *b = *state;
	int64_t first, bulk;
	struct err e = { 0 };

	OK(store_begin(b->store, &e));
	first = hold_on(b, 0, STRENGTH_WEAK);
	hold_on(b, 2, STRENGTH_WEAK);
	hold_on(b, 4, STRENGTH_WEAK);
	assert_int_equal(settle(b, first, false, &bulk).listed, 0);
	assert_int_equal(in_state(b, EVIDENCE_HELD), 2);
	assert_false(is_listed(b));
	OK(store_commit(b->store, &e));
}

static void
a_release_lists_by_what_it_held(void **state)
{
	struct bench *b = *state;
	struct undo_sums sums;
	int64_t first, bulk, as;
	struct err e = { 0 };

	OK(store_begin(b->store, &e));
	first = hold_on(b, 0, STRENGTH_STRONG);
	hold_on(b, 2, STRENGTH_STRONG);
	hold_on(b, 4, STRENGTH_STRONG);
	assert_int_equal(settle(b, first, false, &bulk).listed, 1);
	assert_int_equal(in_state(b, EVIDENCE_HELD), 2);
	assert_true(is_listed(b));
	OK(store_new_bulk(b->store, STR("undo"), STR("user:x"), FIRST, &as,
	    &e));
	OK(store_undo(b->store, bulk, as, STR("user:x"), FIRST, &sums, &e));
	assert_int_equal(in_state(b, EVIDENCE_HELD), 3);
	assert_false(is_listed(b));
	OK(store_commit(b->store, &e));
}

static void
a_discard_leaves_to_others_what_they_hold(void **state)
{
	struct bench *b = *state;
	int64_t first, second, bulk;
	struct err e = { 0 };

	OK(store_begin(b->store, &e));
	first = hold_on(b, 0, STRENGTH_STRONG);
	second = hold_on(b, 2, STRENGTH_STRONG);
	settle(b, second, true, &bulk);
	assert_int_equal(in_state(b, EVIDENCE_HELD), 1);
	assert_int_equal(in_state(b, EVIDENCE_VOID), 1);
	assert_int_equal(settle(b, first, false, &bulk).listed, 1);
	assert_true(is_listed(b));
	OK(store_commit(b->store, &e));
}

static void
a_discard_lifts_only_what_it_holds(void **state)
{
	static const struct {
		const char *name;
		enum entry_state state;
		int64_t other; /* added to the number of the incident */
		enum entry_state want;
	} ROWS[] = {
		{ "in force again", ENTRY_ACTIVE, 0, ENTRY_ACTIVE },
		{ "held by another", ENTRY_HELD, 9, ENTRY_HELD },
		{ "its own", ENTRY_HELD, 0, ENTRY_LIFTED },
	};
	struct bench *b = *state;
	struct entry en = { .address = WHO, .scope = STR("global"),
		.class = CLASS_GONE_MAILBOX, .since = FIRST, .rule = STR("-"),
		.source = STR("policy"), .reason = STR("x") };
	struct entry got;
	struct err e = { 0 };
	int64_t incident, bulk;
	bool found;

	OK(store_begin(b->store, &e));
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		incident = hold_on(b, (int64_t)i * 2, STRENGTH_STRONG);
		en.state = ROWS[i].state;
		en.incident = incident + ROWS[i].other;
		en.since = FIRST + (int64_t)i; /* else nothing is written */
		OK(entry_put(b->store, &en, STR("policy"), FIRST, &e));
		settle(b, incident, true, &bulk);
		OK(entry_get(b->store, WHO, STR("global"), CLASS_GONE_MAILBOX,
		    &got, &found, &e));
		want_bool(ROWS[i].name, found, true);
		want_number(ROWS[i].name, got.state, ROWS[i].want);
	}
	OK(store_commit(b->store, &e));
}

#define T(f) cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_release_leaves_to_others_what_they_hold),
		T(a_release_lists_by_what_it_held),
		T(a_discard_leaves_to_others_what_they_hold),
		T(a_discard_lifts_only_what_it_holds),
	};

	return cmocka_run_group_tests(tests, unit_enter_folder,
	    unit_leave_folder);
}
