/* test_wait.c - entries and changes that wait are there for whoever asks. */
#include "unit.h"

#include "store_kit.h"

#define NOW INT64_C(1790000000)
#define MANY 1000 /* more than wait at once */

/* A new entry of an address that has none. */
static void
list(struct store *s, const char *address, enum class c)
{
	struct entry en = { .address = str_from(address),
		.scope = STR("global"), .class = c, .state = ENTRY_ACTIVE,
		.since = NOW, .rule = STR("r"), .source = STR("policy"),
		.reason = STR("why"), .is_new = true };
	struct err e = { 0 };

	OK(entry_put(s, &en, STR("policy"), NOW, &e));
}

static bool
is_listed(struct store *s, const char *address, enum class c)
{
	struct err e = { 0 };
	struct entry en;
	bool found;

	OK(entry_get(s, str_from(address), STR("global"), c, &en, &found,
	    &e));
	return found && en.since == NOW && str_eq(en.reason, STR("why"));
}

/* The changes that are told: their numbers in order, without a gap. */
static bool
count(void *ctx, const struct change_row *row, struct err *e)
{
	int64_t *n = ctx;

	(void)e;
	want_number("number", row->n, *n + 1);
	*n = row->n;
	return true;
}

static int64_t
changes(struct store *s)
{
	struct err e = { 0 };
	int64_t n = 0;

	OK(change_feed(s, 0, count, &n, &e));
	return n;
}

static void
what_waits_is_found_by_its_address(void **state)
{
	struct standing was;
	struct err e = { 0 };

	list(*state, "a@b.example", CLASS_GONE_MAILBOX);
	OK(entry_standing(*state, STR("c@b.example"), STR("global"),
	    LADDER_GONE, &was, &e));
	assert_true(was.none);
	list(*state, "c@b.example", CLASS_GONE_MAILBOX);
	assert_true(is_listed(*state, "a@b.example", CLASS_GONE_MAILBOX));
	assert_false(is_listed(*state, "a@b.example", CLASS_FBL_ABUSE));
	OK(entry_standing(*state, STR("c@b.example"), STR("global"),
	    LADDER_GONE, &was, &e));
	assert_true(was.found && !was.none && was.by_policy);
	want_number("changes", changes(*state), 2);
}

static void
what_waits_can_change(void **state)
{
	struct err e = { 0 };
	bool lifted;

	list(*state, "a@b.example", CLASS_GONE_MAILBOX);
	list(*state, "c@b.example", CLASS_GONE_MAILBOX);
	OK(entry_lift(*state, &(struct entry_lift){ STR("a@b.example"),
	    STR("global"), CLASS_GONE_MAILBOX, NOW, STR("asked"), 0 },
	    STR("me"), NOW, &lifted, &e));
	assert_true(lifted);
	list(*state, "d@b.example", CLASS_GONE_MAILBOX);
	OK(store_commit(*state, &e));
	OK(store_begin(*state, &e));
	assert_false(is_listed(*state, "a@b.example", CLASS_GONE_MAILBOX));
	assert_true(is_listed(*state, "d@b.example", CLASS_GONE_MAILBOX));
	want_number("changes", changes(*state), 4);
}

static void
a_rollback_forgets_it(void **state)
{
	struct err e = { 0 };

	list(*state, "a@b.example", CLASS_GONE_MAILBOX);
	store_rollback(*state);
	OK(store_begin(*state, &e));
	assert_false(is_listed(*state, "a@b.example", CLASS_GONE_MAILBOX));
	list(*state, "a@b.example", CLASS_GONE_MAILBOX);
	want_number("changes", changes(*state), 1);
}

static void
many_are_numbered_one_after_another(void **state)
{
	struct store *other = opened("s.db", STORE_WRITE);
	struct err e = { 0 };
	char address[32];

	for (int round = 0; round < 2; round++) {
		struct store *s = round == 0 ? *state : other;

		if (round > 0)
			OK(store_begin(s, &e));
		for (int i = 0; i < MANY; i++) {
			snprintf(address, sizeof address, "u%d@x%d.example", i,
			    round);
			list(s, address, CLASS_GONE_MAILBOX);
		}
		OK(store_commit(s, &e));
	}
	OK(store_begin(*state, &e));
	want_number("changes", changes(*state), 2 * MANY);
	assert_true(is_listed(*state, "u999@x1.example", CLASS_GONE_MAILBOX));
	store_close(other);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
	static const struct CMUnitTest TESTS[] = {
		TEST(what_waits_is_found_by_its_address),
		TEST(what_waits_can_change),
		TEST(a_rollback_forgets_it),
		TEST(many_are_numbered_one_after_another),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
