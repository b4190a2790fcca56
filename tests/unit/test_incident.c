/* test_incident.c - incidents: found by what they are about and when. */
#include "unit.h"

#include "base/clock.h"
#include "store/incident.h"

#define T0 INT64_C(1600000000)

#define OK(call) do { \
	if (!(call)) \
		fail_msg("%s: %s", #call, e.text); \
} while (0)

static const struct store_settings SETTINGS = { false, 1 << 22, 1 << 26 };
static const struct incident_key ALL = { 7, 200, 0 };

static struct store *
open_one(void)
{
	struct err e = { 0 };
	struct store *s = store_open("suppress.db", STORE_WRITE, &SETTINGS, 0,
	    &e);

	if (s == NULL)
		fail_msg("%s", e.text);
	return s;
}

static int
store_setup(void **state)
{
	struct err e = { 0 };

	unlink("suppress.db");
	unlink("suppress.db-wal");
	unlink("suppress.db-shm");
	*state = open_one();
	return store_begin(*state, &e) ? 0 : -1;
}

static int
store_teardown(void **state)
{
	store_close(*state);
	return 0;
}

/* One that opened at T0 and covers a day before. */
static int64_t
open_incident(struct store *s, const struct incident_key *k)
{
	struct incident in = { .kind = INCIDENT_STORM, .provider = k->provider,
		.class = k->class, .reply = k->reply,
		.covers = T0 - CLOCK_DAY, .opened = T0, .last = T0,
		.peak = T0, .peak_n = 50, .text = STR("50 of 60") };
	struct err e = { 0 };

	OK(incident_open(s, &in, k, &e));
	return in.id;
}

static int64_t
found_at(struct store *s, const struct incident_key *k, int64_t time,
    int64_t again)
{
	struct incident in = { 0 };
	struct err e = { 0 };
	bool found;

	OK(incident_find(s, k, time, again, &in, &found, &e));
	return found ? in.id : 0;
}

static void
it_is_found_from_what_it_covers_to_its_quiet_end(void **state)
{
	struct store *s = *state;
	int64_t id = open_incident(s, &ALL);

	want_number("before", found_at(s, &ALL, T0 - CLOCK_DAY - 1, 3600), 0);
	want_number("covered", found_at(s, &ALL, T0 - CLOCK_DAY, 3600), id);
	want_number("at the end", found_at(s, &ALL, T0 + 3600, 3600), id);
	want_number("after", found_at(s, &ALL, T0 + 3601, 3600), 0);
}

static void
it_is_found_by_each_of_its_keys_and_no_other(void **state)
{
	static const struct incident_key REPLY = { 7, 1, 33 },
	    OTHERS[] = { { 8, 200, 0 }, { 7, 1, 0 }, { 7, 1, 34 },
	        { 0, 200, 0 } };
	struct store *s = *state;
	int64_t id = open_incident(s, &ALL);
	struct err e = { 0 };

	OK(incident_add_key(s, id, &REPLY, &e));
	OK(incident_add_key(s, id, &REPLY, &e)); /* again: nothing */
	want_number("second key", found_at(s, &REPLY, T0, 0), id);
	for (size_t i = 0; i < COUNT(OTHERS); i++)
		want_number("other", found_at(s, &OTHERS[i], T0, 0), 0);
}

static void
two_of_one_key_are_told_apart_by_time(void **state)
{
	struct store *s = *state;
	struct incident in = { .kind = INCIDENT_STORM, .provider = 7,
		.class = 200, .covers = T0 + 9 * CLOCK_DAY,
		.opened = T0 + 10 * CLOCK_DAY, .last = T0 + 10 * CLOCK_DAY,
		.text = STR("again") };
	int64_t first = open_incident(s, &ALL);
	struct err e = { 0 };

	OK(incident_open(s, &in, &ALL, &e));
	assert_true(in.id != first);
	want_number("first", found_at(s, &ALL, T0, 3600), first);
	want_number("second", found_at(s, &ALL, in.opened, 3600), in.id);
	want_number("between", found_at(s, &ALL, T0 + CLOCK_DAY, 3600), 0);
}

static void
want_incident(const char *row, struct store *s, int64_t id, int64_t last,
    int64_t peak, int64_t peak_n)
{
	struct incident in;
	struct err e = { 0 };
	bool found;

	OK(incident_get(s, id, &in, &found, &e));
	want_bool(row, found, true);
	want_number(row, in.last, last);
	want_number(row, in.peak, peak - peak % 600);
	want_number(row, in.peak_n, peak_n);
	want_str(row, in.text, STR("50 of 60"));
}

static void
it_goes_on_and_remembers_its_worst(void **state)
{
	struct store *s = *state;
	int64_t id = open_incident(s, &ALL);
	struct err e = { 0 };

	OK(incident_over(s, id, T0 + 1000, 80, &e));
	OK(incident_over(s, id, T0 + 2000, 60, &e));
	OK(incident_over(s, id, T0 + 500, 70, &e)); /* a late row */
	OK(store_commit(s, &e));
	want_incident("kept", s, id, T0 + 2000, T0 + 1000, 80);
	OK(store_begin(s, &e));
	OK(incident_over(s, id, T0 + 9000, 90, &e));
	store_rollback(s);
	want_incident("rolled back", s, id, T0 + 2000, T0 + 1000, 80);
	OK(store_begin(s, &e));
	want_number("and not known", found_at(s, &ALL, T0 + 9000, 600), 0);
}

static void
what_another_process_opens_is_seen(void **state)
{
	struct store *s = *state, *other = open_one();
	struct err e = { 0 };
	int64_t id;

	want_number("none", found_at(s, &ALL, T0, 0), 0);
	OK(store_commit(s, &e));
	OK(store_begin(other, &e));
	id = open_incident(other, &ALL);
	OK(store_commit(other, &e));
	OK(store_begin(s, &e));
	want_number("seen", found_at(s, &ALL, T0, 0), id);
	OK(incident_set_state(s, id, INCIDENT_RELEASED, 0, &e));
	OK(store_commit(s, &e));
	OK(store_begin(other, &e));
	{
		struct incident in;
		bool found;

		OK(incident_find(other, &ALL, T0, 0, &in, &found, &e));
		assert_int_equal(in.state, INCIDENT_RELEASED);
	}
	store_close(other);
}

/* One piece of evidence, as the road adds it. */
static void
add_held(struct store *s, const char *address, int64_t time, int64_t incident)
{
	struct evidence ev = { .address = str_from(address),
		.fact = { .time = time, .kind = KIND_B,
		    .class = CLASS_GONE_MAILBOX,
		    .strength = STRENGTH_STRONG } };
	struct err e = { 0 };
	bool added;

	OK(evidence_add(s, &ev, &added, &e));
	OK(evidence_hold_one(s, &ev, incident, &e));
}

static bool
add_address(void *ctx, struct str address, enum class c, struct str scope,
    struct err *e)
{
	(void)scope;
	buf_addf(ctx, "%.*s %s;", STR_ARG(address), class_name(c));
	return buf_ok(ctx, e);
}

static void
want_held(const char *row, struct store *s, int64_t id, const char *want)
{
	struct buf got = { 0 };
	struct err e = { 0 };

	OK(incident_held(s, id, add_address, &got, &e));
	want_str(row, buf_str(&got), str_from(want));
	buf_release(&got);
}

static void
what_it_holds_is_listed_and_counted(void **state)
{
	struct store *s = *state;
	int64_t id = open_incident(s, &ALL), held, all, n;
	struct err e = { 0 };

	add_held(s, "a@b.example", T0, id);
	add_held(s, "a@b.example", T0 + 60, id);
	add_held(s, "c@b.example", T0 + 60, id);
	add_held(s, "d@b.example", T0 + 60, id + 1);
	want_held("both", s, id, "a@b.example gone.mailbox;"
	    "c@b.example gone.mailbox;");
	OK(incident_sums(s, id, &held, &all, &e));
	want_number("held", held, 2);
	want_number("all", all, 2);
	OK(evidence_unhold(s, STR("a@b.example"), LADDER_GONE, T0 + 100, &n,
	    &e));
	want_number("rows", n, 2);
	OK(incident_sums(s, id, &held, &all, &e));
	want_number("held then", held, 1);
	want_number("all then", all, 2);
}

static void
want_is_held(const char *row, struct store *s, enum ladder l, int64_t before,
    bool want)
{
	struct err e = { 0 };
	bool is;

	OK(evidence_is_held(s, STR("a@b.example"), l, before, &is, &e));
	want_bool(row, is, want);
}

static void
what_is_held_of_an_address_is_known_by_its_time(void **state)
{
	struct store *s = *state;
	struct err e = { 0 };
	struct evidence_told told;

	want_is_held("nothing", s, LADDER_GONE, INT64_MAX, false);
	add_held(s, "a@b.example", T0, 1);
	want_is_held("later", s, LADDER_GONE, T0, false);
	want_is_held("before", s, LADDER_GONE, T0 + 1, true);
	want_is_held("another ladder", s, LADDER_FULL, T0 + 1, false);
	OK(evidence_clear(s, STR("a@b.example"), T0 + 60, &told, &e));
	want_is_held("mail was taken", s, LADDER_GONE, T0 + 1, false);
}

static bool
any_class(int64_t group, enum class c)
{
	(void)group;
	(void)c;
	return true;
}

static void
what_was_held_once_is_held_again_unless_released(void **state)
{
	struct evidence_group g = { .has = any_class, .from = T0 + CLOCK_DAY };
	struct store *s = *state;
	struct evidence_held held;
	struct err e = { 0 };
	int64_t n;

	add_held(s, "a@b.example", T0, 1);
	add_held(s, "c@b.example", T0, 1);
	OK(evidence_unhold(s, STR("a@b.example"), LADDER_GONE, INT64_MAX, &n,
	    &e));
	OK(evidence_settle(s, STR("c@b.example"), LADDER_GONE, 1, false, 5,
	    &e));
	OK(evidence_hold(s, STR("a@b.example"), &g, 2, &held, &e));
	want_number("older than asked for", held.n, 1);
	OK(evidence_hold(s, STR("c@b.example"), &g, 2, &held, &e));
	want_number("a person released it", held.n, 0);
	want_number("nobody took mail", held.delivered, 0);
}

static void
what_is_held_tells_of_the_delivery_after_it(void **state)
{
	struct evidence_group g = { .has = any_class };
	struct str who = STR("a@b.example");
	struct evidence ev = { .address = who, .fact = { .time = T0,
	    .kind = KIND_B, .class = CLASS_GONE_MAILBOX,
	    .strength = STRENGTH_STRONG } };
	struct store *s = *state;
	struct evidence_held held;
	struct err e = { 0 };
	struct evidence_told told;
	bool added;

	OK(evidence_add(s, &ev, &added, &e));
	OK(evidence_clear(s, who, T0, &told, &e));
	OK(evidence_clear(s, who, T0 + 75, &told, &e));
	OK(evidence_clear(s, who, T0 + 60, &told, &e));
	OK(evidence_clear(s, who, T0 + 90, &told, &e));
	want_number("cleared", told.cleared, 0);
	OK(evidence_hold(s, who, &g, 2, &held, &e));
	want_number("held", held.n, 1);
	want_number("the first delivery after it", held.delivered, T0 + 60);
}

static bool
add_note(void *ctx, int64_t at, struct str who, struct str text,
    struct err *e)
{
	buf_addf(ctx, "%lld %.*s: %.*s\n", (long long)at, STR_ARG(who),
	    STR_ARG(text));
	return buf_ok(ctx, e);
}

static void
notes_stand_in_the_order_they_were_made(void **state)
{
	struct store *s = *state;
	struct buf got = { 0 };
	struct err e = { 0 };

	OK(incident_note(s, 1, STR("user:a"), STR("first"), 10, &e));
	OK(incident_note(s, 2, STR("user:a"), STR("another's"), 10, &e));
	OK(incident_note(s, 1, STR("user:b"), STR("second"), 10, &e));
	OK(incident_notes(s, 1, add_note, &got, &e));
	want_str("notes", buf_str(&got), STR("10 user:a: first\n"
	    "10 user:b: second\n"));
	buf_release(&got);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		CASE(it_is_found_from_what_it_covers_to_its_quiet_end),
		CASE(it_is_found_by_each_of_its_keys_and_no_other),
		CASE(two_of_one_key_are_told_apart_by_time),
		CASE(it_goes_on_and_remembers_its_worst),
		CASE(what_another_process_opens_is_seen),
		CASE(what_it_holds_is_listed_and_counted),
		CASE(what_is_held_of_an_address_is_known_by_its_time),
		CASE(what_was_held_once_is_held_again_unless_released),
		CASE(what_is_held_tells_of_the_delivery_after_it),
		CASE(notes_stand_in_the_order_they_were_made),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
