/* test_store.c - the database through its own interface. */
#include "unit.h"

#include "base/number.h"
#include "store_kit.h"
#include "wrap/hash.h"

#define NOW INT64_C(1790000000)
#define DAY INT64_C(86400)
#define CLEARED_BEFORE 64 /* of lib/store/marks.c */

static struct evidence
weak_bounce(const char *address, int64_t time)
{
	return (struct evidence){ .address = str_from(address),
		.fact = { .time = time, .kind = KIND_B,
		    .class = CLASS_GONE_MAILBOX, .strength = STRENGTH_WEAK } };
}

static void
the_same_evidence_is_added_once(void **state)
{
	struct evidence ev = weak_bounce("a@b.example", NOW);
	struct err e = { 0 };
	bool added;

	OK(evidence_add(*state, &ev, &added, &e));
	assert_true(added);
	OK(evidence_add(*state, &ev, &added, &e));
	assert_false(added);
	ev.fact.time++;
	OK(evidence_add(*state, &ev, &added, &e));
	assert_true(added);
}

static void
words_and_replies_are_stored_once(void **state)
{
	struct err e = { 0 };
	struct buf text = { 0 };
	int64_t a, b, none;

	OK(store_word(*state, STR("gmail"), &a, &e));
	OK(store_word(*state, STR("gmail"), &b, &e));
	want_number("word", b, a);
	OK(store_word(*state, STR(""), &none, &e));
	want_number("empty word", none, 0);
	OK(store_word_text(*state, a, &text, &e));
	want_str("text", buf_str(&text), STR("gmail"));
	buf_release(&text);
	OK(store_reply(*state, STR("550 <rcpt>"), STR("550 x"), false, &a, &e));
	OK(store_reply(*state, STR("550 <rcpt>"), STR("550 y"), false, &b, &e));
	want_number("reply", b, a);
}

/* What they say is "<other>" when they have filled their half; what is ours
 * keeps its name. */
static void
strangers_fill_half_of_the_words(void **state)
{
	struct store *s = *state;
	struct err e = { 0 };
	int64_t other, id;
	char text[32];

	for (int i = 0; i < STORE_WORDS_MAX / 2; i++) {
		number_print(text, sizeof text, "word %d", i);
		OK(store_word_said(s, str_from(text), true, &id, &e));
	}
	for (int i = 0; i < STORE_REPLIES_MAX / 2; i++) {
		number_print(text, sizeof text, "reply %d", i);
		OK(store_reply(s, str_from(text), STR("x"), true, &id, &e));
	}
	OK(store_word(s, STR("<other>"), &other, &e));
	OK(store_word_said(s, STR("one more"), true, &id, &e));
	want_number("a stranger's word", id, other);
	OK(store_word_said(s, STR("word 1"), true, &id, &e));
	want_bool("a known one", id != other, true);
	OK(store_word_said(s, STR("vmta9"), false, &id, &e));
	want_bool("a row's word", id != other, true);
	OK(store_word(s, STR("stream:shop"), &id, &e));
	want_bool("our word", id != other, true);
	OK(store_reply(s, STR("<other>"), STR(""), true, &other, &e));
	OK(store_reply(s, STR("550 one more"), STR("x"), true, &id, &e));
	want_number("a stranger's reply", id, other);
	OK(store_reply(s, STR("550 one more"), STR("x"), false, &id, &e));
	want_bool("a row's reply", id != other, true);
}

static void
a_rolled_back_word_is_given_a_new_number(void **state)
{
	struct err e = { 0 };
	struct buf text = { 0 };
	int64_t id;

	OK(store_word(*state, STR("gone"), &id, &e));
	store_rollback(*state);
	OK(store_begin(*state, &e));
	OK(store_word(*state, STR("other"), &id, &e));
	OK(store_word(*state, STR("gone"), &id, &e));
	OK(store_word_text(*state, id, &text, &e));
	want_str("text", buf_str(&text), STR("gone"));
	buf_release(&text);
}

static void
the_horizon_never_goes_back(void **state)
{
	store_horizon_raise(*state, NOW);
	store_horizon_raise(*state, NOW - 5);
	want_number("an older row", store_horizon(*state), NOW);
	store_horizon_raise(*state, NOW + 5);
	want_number("a younger one", store_horizon(*state), NOW + 5);
}

static void
reports_of_others_make_no_row_of_ours_late(void **state)
{
	struct err e = { 0 };
	int64_t latest;

	store_horizon_raise(*state, NOW);
	store_horizon_report(*state, NOW + 5);
	store_horizon_report(*state, NOW + 4);
	OK(store_commit(*state, &e));
	OK(store_horizon_read(*state, &latest, &e));
	want_number("as stored", latest, NOW + 5);
	OK(store_begin(*state, &e));
	store_rollback(*state);
	OK(store_begin(*state, &e));
	want_number("read again", store_horizon(*state), NOW + 5);
	want_number("our own", store_horizon_own(*state), NOW);
	store_horizon_raise(*state, NOW + 9);
	want_number("of both", store_horizon(*state), NOW + 9);
	OK(store_commit(*state, &e));
	OK(store_horizon_read(*state, &latest, &e));
	want_number("and stored", latest, NOW + 9);
	OK(store_begin(*state, &e));
}

static void
a_delivery_clears_soft_evidence_before_it(void **state)
{
	struct evidence ev = weak_bounce("a@b.example", NOW);
	const struct evidence_fact *facts;
	struct err e = { 0 };
	struct evidence_told told;
	bool added;
	size_t n;

	OK(evidence_add(*state, &ev, &added, &e));
	assert_true(evidence_maybe_soft(*state,
	    hash64(STR("a@b.example"))));
	OK(evidence_clear(*state, STR("a@b.example"), NOW - 1, &told, &e));
	want_number("an older delivery clears", told.cleared, 0);
	OK(evidence_clear(*state, STR("a@b.example"), NOW + 1, &told, &e));
	want_number("a younger one clears", told.cleared, 1);
	OK(evidence_history(*state, STR("a@b.example"), LADDER_GONE, 0, &facts,
	    &n, &e));
	want_number("facts", (int64_t)n, 1);
	want_number("state", facts[0].state, EVIDENCE_CLEARED);
}

static void
strong_evidence_and_complaints_are_never_cleared(void **state)
{
	struct evidence ev = weak_bounce("a@b.example", NOW);
	struct err e = { 0 };
	struct evidence_told told;
	bool added;

	ev.fact = (struct evidence_fact){ .time = NOW, .kind = KIND_F,
		.class = CLASS_FBL_ABUSE, .strength = STRENGTH_STRONG };
	OK(evidence_add(*state, &ev, &added, &e));
	assert_false(evidence_maybe_soft(*state,
	    hash64(STR("a@b.example"))));
	ev.fact.kind = KIND_B;
	ev.fact.class = CLASS_GONE_MAILBOX;
	OK(evidence_add(*state, &ev, &added, &e));
	OK(evidence_clear(*state, STR("a@b.example"), NOW + 9, &told, &e));
	want_number("cleared", told.cleared, 0);
}

/* Who accepts and bounces later accepts every time: the policy judges it. */
static void
a_report_remembers_the_first_delivery_after_it(void **state)
{
	struct evidence ev = weak_bounce("a@b.example", NOW);
	struct str who = STR("a@b.example");
	const struct evidence_fact *facts;
	struct err e = { 0 };
	struct evidence_told told;
	bool added;
	size_t n;

	ev.fact.kind = KIND_RB;
	OK(evidence_add(*state, &ev, &added, &e));
	OK(evidence_clear(*state, who, NOW + 2 * DAY, &told, &e));
	want_number("noted", told.noted, 1);
	OK(evidence_clear(*state, who, NOW + DAY, &told, &e));
	want_number("an earlier one is noted", told.noted, 1);
	OK(evidence_clear(*state, who, NOW + 2 * DAY, &told, &e));
	want_number("a later one is not", told.noted, 0);
	want_number("cleared", told.cleared, 0);
	ev.fact.time = NOW + 3 * DAY;
	OK(evidence_add(*state, &ev, &added, &e));
	OK(evidence_history(*state, who, LADDER_GONE, 0, &facts, &n, &e));
	want_number("facts", (int64_t)n, 2);
	want_number("first delivery", facts[0].delivered, NOW + DAY);
	want_number("none since", facts[1].delivered, 0);
	want_number("both count", facts[0].state, EVIDENCE_COUNTS);
}

/* A delivery after n rows of a kind, each a second younger than the last, and
 * what it clears of them. */
static int64_t
clear_rows(struct store *s, struct evidence *ev, enum kind k, int n)
{
	struct evidence_told told;
	struct err e = { 0 };
	bool added;

	ev->fact.kind = k;
	for (int i = 0; i < n; i++, ev->fact.time++)
		OK(evidence_add(s, ev, &added, &e));
	OK(evidence_clear(s, ev->address, ev->fact.time, &told, &e));
	return told.cleared;
}

/* However many reports strangers have written since, and whether an earlier
 * delivery has noted them. */
static void
reports_do_not_keep_soft_evidence_from_being_cleared(void **state)
{
	static const int REPORTS[] = { 63, 64, 65, 1999, 2000, 2001 };
	char who[32];

	for (size_t i = 0; i < COUNT(REPORTS); i++) {
		struct evidence ev;
		struct err e = { 0 };
		bool added;

		snprintf(who, sizeof who, "u%zu@b.example", i);
		ev = weak_bounce(who, NOW);
		OK(evidence_add(*state, &ev, &added, &e));
		ev.fact.time += DAY;
		want_number(who,
		    clear_rows(*state, &ev, KIND_RB, REPORTS[i]), 1);
		/* One that comes late. */
		ev.fact.time = NOW - 1;
		ev.fact.kind = KIND_B;
		OK(evidence_add(*state, &ev, &added, &e));
		ev.fact.time = NOW + 2 * DAY;
		want_number(who, clear_rows(*state, &ev, KIND_RB, 0), 1);
	}
}

/* Behind so many that were cleared before, there is nothing to clear, but for
 * what came after the deliveries that cleared them. */
static void
rows_that_were_cleared_have_a_number(void **state)
{
	char who[32];

	for (int n = CLEARED_BEFORE - 1; n <= CLEARED_BEFORE + 1; n++) {
		struct evidence ev;
		struct err e = { 0 };
		bool added;

		snprintf(who, sizeof who, "u%d@b.example", n);
		ev = weak_bounce(who, NOW);
		want_number("one delivery clears all",
		    clear_rows(*state, &ev, KIND_B, n), n);
		ev.fact.time = NOW - DAY;
		OK(evidence_add(*state, &ev, &added, &e));
		ev.fact.time = NOW + DAY;
		want_number(who, clear_rows(*state, &ev, KIND_B, 0),
		    n < CLEARED_BEFORE);
		/* What is new is found before it. */
		want_number(who, clear_rows(*state, &ev, KIND_B, 1), 1);
	}
}

/* However much is written about an address, all its days are seen. */
static void
an_address_with_very_many_rows_keeps_its_days(void **state)
{
	struct evidence ev = weak_bounce("a@b.example", NOW / DAY * DAY);
	const struct evidence_fact *facts;
	struct err e = { 0 };
	bool added;
	size_t n, days = 1;

	for (int i = 0; i < 2000; i++) {
		OK(evidence_add(*state, &ev, &added, &e));
		ev.fact.time += 600;
	}
	OK(evidence_history(*state, ev.address, LADDER_GONE, 0, &facts, &n,
	    &e));
	assert_true(n <= POLICY_FACTS_MAX);
	want_number("first", facts[0].time, NOW / DAY * DAY);
	for (size_t i = 1; i < n; i++) {
		assert_true(facts[i - 1].time <= facts[i].time);
		days += facts[i - 1].time / DAY != facts[i].time / DAY;
	}
	want_number("days", (int64_t)days, 14);
}

/* The newest are looked at, ten of each day. */
static void
facts_have_a_number(void **state)
{
	static const char *const WHO[] = { "a@b.example", "b@b.example",
		"c@b.example" };
	const struct evidence_fact *facts;
	struct err e = { 0 };
	bool added;
	size_t n;

	for (size_t i = 0; i < COUNT(WHO); i++) {
		size_t days = POLICY_FACTS_MAX / 10 - 1 + i;
		size_t over = days * 10 > POLICY_FACTS_MAX;
		struct evidence ev = weak_bounce(WHO[i], 0);

		for (size_t k = 0; k < days * 10; k++) {
			ev.fact.time = NOW / DAY * DAY +
			    (int64_t)(k / 10 * DAY + k % 10);
			OK(evidence_add(*state, &ev, &added, &e));
		}
		OK(evidence_history(*state, ev.address, LADDER_GONE, 0, &facts,
		    &n, &e));
		want_number(WHO[i], (int64_t)n,
		    (int64_t)(over ? POLICY_FACTS_MAX : days * 10));
		want_number(WHO[i], facts[0].time,
		    NOW / DAY * DAY + (int64_t)over * DAY);
	}
}

static size_t
facts_of_kind(struct store *s, struct str who, enum kind k)
{
	const struct evidence_fact *facts;
	struct err e = { 0 };
	size_t n, of = 0;

	OK(evidence_history(s, who, LADDER_GONE, 0, &facts, &n, &e));
	for (size_t i = 0; i < n; i++)
		of += facts[i].kind == k;
	return of;
}

/* Of one more fact like `ev`, among the day's 64 that are looked at. */
static void
want_crowd(struct store *s, const struct evidence *ev, const char *what,
    int64_t today, int64_t alike)
{
	struct evidence_crowd crowd;
	struct err e = { 0 };

	OK(evidence_today(s, ev, 64, &crowd, &e));
	want_number(what, crowd.today, today);
	want_number(what, crowd.alike, alike);
}

/* However much strangers have written on that day. The numbers: rows of an
 * address that are read at once, rows of a day that are looked at. */
static void
reports_do_not_crowd_out_what_we_saw(void **state)
{
	static const int REPORTS[] = { 9, 10, 11, 63, 64, 65, 254, 255, 256,
		510, 511, 512, 513, 600 };
	char who[32];

	for (size_t i = 0; i < COUNT(REPORTS); i++) {
		int64_t seen = REPORTS[i] < 64 ? REPORTS[i] : 64;
		struct evidence ev;
		struct err e = { 0 };
		bool added;

		snprintf(who, sizeof who, "u%zu@b.example", i);
		ev = weak_bounce(who, NOW / DAY * DAY);
		ev.fact.kind = KIND_RB;
		ev.fact.trust = TRUST_DOUBTED;
		for (int k = 0; k < REPORTS[i]; k++, ev.fact.time++)
			OK(evidence_add(*state, &ev, &added, &e));
		ev.fact.kind = KIND_B;
		ev.fact.trust = TRUST_PLAIN;
		ev.fact.strength = STRENGTH_STRONG;
		OK(evidence_add(*state, &ev, &added, &e));
		want_crowd(*state, &ev, "our own", 0, 0);
		/* However many rows there are. */
		ev.fact.kind = KIND_MB;
		ev.fact.trust = TRUST_DOUBTED;
		want_crowd(*state, &ev, "a report", seen, 0);
		ev.fact.kind = KIND_RB;
		want_crowd(*state, &ev, "stronger", seen, 0);
		ev.fact.strength = STRENGTH_WEAK;
		want_crowd(*state, &ev, "the same", seen, seen);
		ev.fact.trust = TRUST_PLAIN;
		want_crowd(*state, &ev, "believed", seen, 0);
		ev.fact.trust = TRUST_SIGNED;
		want_crowd(*state, &ev, "proved", 0, 0);
		want_number(who,
		    (int64_t)facts_of_kind(*state, ev.address, KIND_B), 1);
		want_bool(who, facts_of_kind(*state, ev.address, KIND_RB) > 8,
		    true);
	}
}

/* A report that nobody vouches for is none of the day's. */
static void
what_nobody_vouches_for_is_no_crowd(void **state)
{
	struct evidence ev = weak_bounce("a@b.example", NOW / DAY * DAY);
	struct evidence_crowd crowd;
	struct err e = { 0 };
	bool added;

	ev.fact.kind = KIND_RB;
	ev.fact.state = EVIDENCE_UNVERIFIED;
	OK(evidence_add(*state, &ev, &added, &e));
	ev.fact.time++;
	ev.fact.state = EVIDENCE_COUNTS;
	OK(evidence_today(*state, &ev, 64, &crowd, &e));
	want_number("today", crowd.today, 0);
	OK(evidence_add(*state, &ev, &added, &e));
	ev.fact.time++;
	OK(evidence_today(*state, &ev, 64, &crowd, &e));
	want_number("the other", crowd.today, 1);
}

static void
a_crowded_day_is_known(void **state)
{
	struct evidence ev = weak_bounce("a@b.example", NOW / DAY * DAY);
	struct evidence other = ev;
	struct err e = { 0 };
	struct evidence_crowd crowd;
	bool added;

	for (int i = 0; i < 10; i++) {
		OK(evidence_add(*state, &ev, &added, &e));
		ev.fact.time++;
	}
	OK(evidence_today(*state, &ev, 100, &crowd, &e));
	want_number("all", crowd.today, 10);
	OK(evidence_today(*state, &ev, 4, &crowd, &e));
	want_number("at most", crowd.today, 4);
	other.fact.class = CLASS_FULL_MAILBOX;
	other.fact.time = ev.fact.time;
	OK(evidence_today(*state, &other, 1, &crowd, &e));
	want_number("another class", crowd.today, 0);
	/* Over midnight: no more than an hour. */
	ev.fact.time = (NOW / DAY + 1) * DAY - 1800;
	OK(evidence_add(*state, &ev, &added, &e));
	ev.fact.time += 3600;
	OK(evidence_today(*state, &ev, 100, &crowd, &e));
	want_number("the last hour", crowd.today, 1);
	ev.fact.time++;
	OK(evidence_today(*state, &ev, 100, &crowd, &e));
	want_number("another day", crowd.today, 0);
}

static void
retries_of_one_message_are_one_fact(void **state)
{
	const struct evidence_fact *facts;
	struct err e = { 0 };
	size_t n;

	for (int i = 0; i < 50; i++) {
		struct evidence ev = weak_bounce("a@b.example",
		    NOW / DAY * DAY + i * 600);
		bool added;

		ev.fact.kind = KIND_T;
		ev.fact.class = CLASS_FULL_MAILBOX;
		ev.fact.message = i % 2 == 0 ? 7 : 8;
		OK(evidence_add(*state, &ev, &added, &e));
	}
	OK(evidence_history(*state, STR("a@b.example"), LADDER_FULL, 0, &facts,
	    &n, &e));
	want_number("facts", (int64_t)n, 2);
	want_number("sorted", facts[0].time <= facts[1].time, 1);
	want_number("the earliest", facts[0].time, NOW / DAY * DAY);
}

static struct entry
an_entry(const char *address, enum class c)
{
	return (struct entry){ .address = str_from(address),
		.scope = STR("global"), .class = c, .since = NOW,
		.rule = STR("-"), .source = STR("policy"),
		.reason = STR("first hit") };
}

static bool
last_action(void *ctx, const struct change_row *row, struct err *e)
{
	(void)e;
	return str_copy(row->action, ctx, 16);
}

static void
want_action(struct store *s, const char *row, const char *address,
    const char *want)
{
	struct err e = { 0 };
	char got[16] = "none";

	OK(change_list(s, str_from(address), last_action, got, &e));
	want_text(row, got, want);
}

static void
every_change_of_an_entry_is_told_once(void **state)
{
	struct entry en = an_entry("a@b.example", CLASS_FULL_MAILBOX);
	struct err e = { 0 };
	struct entry_lift lift = { en.address, en.scope, en.class, NOW,
		STR("asked"), 0 };
	int64_t first, last;
	bool lifted;

	en.until = NOW + DAY;
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	want_action(*state, "new", "a@b.example", "add");
	OK(change_last(*state, &first, &e));
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	OK(change_last(*state, &last, &e));
	want_number("the same again tells nothing", last, first);
	en.until += DAY;
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	want_action(*state, "longer", "a@b.example", "change");
	OK(entry_lift(*state, &lift, STR("u"), NOW, &lifted, &e));
	assert_true(lifted);
	want_action(*state, "lifted", "a@b.example", "remove");
	OK(entry_lift(*state, &lift, STR("u"), NOW, &lifted, &e));
	assert_false(lifted);
	en.state = ENTRY_HELD;
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	want_action(*state, "held", "a@b.example", "hold");
}

static void
what_has_run_out_is_not_suppressed_and_told_by_expire(void **state)
{
	struct entry en = an_entry("a@b.example", CLASS_FULL_MAILBOX), got;
	struct err e = { 0 };
	int64_t ended;
	bool found;

	en.until = NOW + DAY;
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	OK(entry_decides(*state, en.address, STR(""), NOW, &got, &found, &e));
	assert_true(found);
	OK(entry_decides(*state, en.address, STR(""), NOW + DAY, &got, &found,
	    &e));
	assert_false(found);
	OK(entry_expire(*state, NOW, &ended, &e));
	want_number("too early", ended, 0);
	OK(entry_expire(*state, NOW + DAY, &ended, &e));
	want_number("ended", ended, 1);
	want_action(*state, "told", "a@b.example", "remove");
	OK(entry_expire(*state, NOW + DAY, &ended, &e));
	want_number("once", ended, 0);
}

static void
so_much_as_has_run_out_is_ended_in_batches(void **state)
{
	struct entry en = an_entry("", CLASS_FULL_MAILBOX);
	struct err e = { 0 };
	int64_t ended, left;
	char name[32];

	en.until = NOW;
	OK(store_begin(*state, &e));
	for (int i = 0; i < ENTRY_EXPIRE_MAX + 5; i++) {
		snprintf(name, sizeof name, "u%d@b.example", i);
		en.address = str_from(name);
		OK(entry_put(*state, &en, STR("policy"), NOW - DAY, &e));
	}
	OK(store_commit(*state, &e));
	OK(entry_run_out(*state, NOW, &left, &e));
	want_number("in all", left, ENTRY_EXPIRE_MAX + 5);
	OK(entry_expire(*state, NOW, &ended, &e));
	want_number("first batch", ended, ENTRY_EXPIRE_MAX);
	OK(entry_run_out(*state, NOW, &left, &e));
	want_number("left", left, 5);
	OK(entry_expire(*state, NOW, &ended, &e));
	want_number("second batch", ended, 5);
}

static void
the_strongest_entry_decides(void **state)
{
	struct entry en = an_entry("a@b.example", CLASS_FULL_MAILBOX), got;
	struct err e = { 0 };
	bool found, lifted;

	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	en.class = CLASS_FBL_ABUSE;
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	en = an_entry("@b.example", CLASS_GONE_DOMAIN);
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	OK(entry_decides(*state, STR("a@b.example"), STR(""), NOW, &got,
	    &found, &e));
	want_number("class", found ? got.class : 0, CLASS_FBL_ABUSE);
	OK(entry_decides(*state, STR("c@b.example"), STR(""), NOW, &got,
	    &found, &e));
	want_number("the domain's", found ? got.class : 0, CLASS_GONE_DOMAIN);
	OK(entry_lift(*state, &(struct entry_lift){ STR("a@b.example"),
	    STR("global"), CLASS_FULL_MAILBOX, NOW, STR(""), 0 }, STR("u"),
	    NOW, &lifted, &e));
	OK(entry_decides(*state, STR("a@b.example"), STR(""), NOW, &got,
	    &found, &e));
	want_number("lifting a weaker one", found ? got.class : 0,
	    CLASS_FBL_ABUSE);
}

static void
a_stream_entry_binds_only_its_stream(void **state)
{
	struct entry en = an_entry("a@b.example", CLASS_REFUSED_PERSONAL), got;
	struct err e = { 0 };
	bool found;

	en.scope = STR("stream:news");
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	OK(entry_decides(*state, en.address, STR(""), NOW, &got, &found, &e));
	assert_false(found);
	OK(entry_decides(*state, en.address, STR("stream:news"), NOW, &got,
	    &found, &e));
	assert_true(found);
	want_str("scope", got.scope, STR("stream:news"));
	OK(entry_decides(*state, en.address, STR("stream:shop"), NOW, &got,
	    &found, &e));
	assert_false(found);
}

static bool
add_action(void *ctx, const struct entry_row *row, struct err *e)
{
	buf_add(ctx, row->entry.address);
	buf_addc(ctx, '=');
	buf_add(ctx, row->action);
	buf_addc(ctx, ' ');
	return buf_ok(ctx, e);
}

static void
a_delta_tells_adds_changes_and_removals(void **state)
{
	struct entry_filter f = { .now = NOW };
	struct entry en = an_entry("a@b.example", CLASS_FULL_MAILBOX);
	struct buf got = { 0 };
	struct err e = { 0 };
	int64_t at;
	bool lifted;

	en.until = NOW + DAY;
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	en.address = STR("b@b.example");
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	OK(change_last(*state, &at, &e));
	en.until += DAY;
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	OK(entry_lift(*state, &(struct entry_lift){ STR("a@b.example"),
	    STR("global"), en.class, NOW, STR(""), 0 }, STR("u"), NOW,
	    &lifted, &e));
	en.address = STR("c@b.example");
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	OK(entry_changed(*state, at, &f, add_action, &got, &e));
	want_str("delta", buf_str(&got), STR("b@b.example=change "
	    "a@b.example=remove c@b.example=add "));
	buf_clear(&got);
	OK(entry_changed(*state, 0, &f, add_action, &got, &e));
	want_str("from the start", buf_str(&got), STR("b@b.example=add "
	    "a@b.example=remove c@b.example=add "));
	buf_release(&got);
}

static bool
add_change(void *ctx, const struct change_row *row, struct err *e)
{
	buf_addf(ctx, "%lld ", (long long)row->n);
	buf_add(ctx, row->action);
	buf_addc(ctx, '=');
	buf_add(ctx, row->address);
	buf_addc(ctx, ':');
	buf_add(ctx, row->why);
	buf_addc(ctx, ' ');
	return buf_ok(ctx, e);
}

static void
want_feed(struct store *s, const char *row, int64_t after, const char *want)
{
	struct buf got = { 0 };
	struct err e = { 0 };

	OK(change_feed(s, after, add_change, &got, &e));
	want_str(row, buf_str(&got), str_from(want));
	buf_release(&got);
}

/* Puts them as one run, in this order; how many it took. */
static int
put_run(struct store *s, const char *const *addresses, int64_t bulk)
{
	struct entry_run run;
	struct err e = { 0 };
	int n = 0;

	OK(entry_run_begin(s, &run, STR("user:u"), bulk, NOW, &e));
	for (; *addresses != NULL; addresses++) {
		struct entry en = an_entry(*addresses, CLASS_MANUAL);
		bool added;

		OK(entry_run_add(s, &run, &en, &added, &e));
		n += added;
	}
	OK(entry_run_end(s, &run, &e));
	return n;
}

static enum evidence_state
state_of(struct store *s, struct str address, struct err *e)
{
	const struct evidence_fact *facts;
	size_t n;

	if (!evidence_history(s, address, LADDER_GONE, 0, &facts, &n, e) ||
	    n != 1)
		fail_msg("%zu facts: %s", n, e->text);
	return facts[0].state;
}

/* An entry of the policy with its evidence, lifted with a bulk. */
static int64_t
lifted_one(struct store *s, const char *address, bool with_evidence)
{
	struct entry en = an_entry(address, CLASS_GONE_MAILBOX);
	struct evidence ev = weak_bounce(address, NOW);
	struct entry_lift lift;
	struct err e = { 0 };
	bool did = true;
	int64_t bulk;

	if (with_evidence)
		OK(evidence_add(s, &ev, &did, &e));
	OK(entry_put(s, &en, STR("policy"), NOW, &e));
	OK(store_new_bulk(s, STR("remove"), STR("u"), NOW, &bulk, &e));
	lift = (struct entry_lift){ en.address, en.scope, en.class, NOW + 9,
		STR("r"), bulk };
	OK(entry_lift(s, &lift, STR("u"), NOW, &did, &e));
	OK(evidence_void(s, &lift, &e));
	return bulk;
}

static void
an_undo_leaves_what_a_delivery_has_cleared_since(void **state)
{
	struct str a = STR("a@b.example");
	int64_t bulk = lifted_one(*state, "a@b.example", true);
	struct evidence_told told;
	struct undo_sums sums;
	struct err e = { 0 };

	OK(evidence_clear(*state, a, NOW + 1, &told, &e));
	want_number("void is not cleared anew", told.cleared, 0);
	want_number("void", state_of(*state, a, &e), EVIDENCE_VOID);
	OK(store_undo(*state, bulk, 50, STR("u"), NOW, &sums, &e));
	want_number("undone", sums.undone, 0);
	want_number("left", sums.left, 1);
	want_number("cleared", state_of(*state, a, &e), EVIDENCE_CLEARED);
}

static void
an_undo_brings_back_what_a_delivery_may_clear(void **state)
{
	struct str a = STR("a@b.example");
	int64_t bulk = lifted_one(*state, "a@b.example", true);
	struct evidence_told told;
	struct undo_sums sums;
	struct err e = { 0 };

	OK(store_undo(*state, bulk, 50, STR("u"), NOW, &sums, &e));
	want_number("undone", sums.undone, 1);
	want_number("counts", state_of(*state, a, &e), EVIDENCE_COUNTS);
	OK(evidence_clear(*state, a, NOW + 1, &told, &e));
	want_number("cleared", told.cleared, 1);
}

/* Released, taken back, delivered: the undo of the undo lists nobody. */
static void
an_undo_of_an_undo_leaves_what_was_cleared_between(void **state)
{
	struct entry en = an_entry("a@b.example", CLASS_GONE_MAILBOX);
	struct evidence ev = weak_bounce("a@b.example", NOW);
	struct undo_sums sums;
	struct err e = { 0 };
	struct evidence_told told;
	bool added;

	OK(evidence_add(*state, &ev, &added, &e));
	OK(evidence_hold_one(*state, &ev, 1, &e));
	OK(store_new_bulk(*state, STR("release"), STR("u"), NOW, &en.bulk,
	    &e));
	OK(evidence_settle(*state, en.address, LADDER_GONE, 1, false, en.bulk,
	    &e));
	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	OK(store_new_bulk(*state, STR("undo"), STR("u"), NOW, &ev.bulk, &e));
	OK(store_undo(*state, en.bulk, ev.bulk, STR("u"), NOW, &sums, &e));
	want_number("undone", sums.undone, 1);
	want_number("held", state_of(*state, en.address, &e), EVIDENCE_HELD);
	OK(evidence_clear(*state, en.address, NOW + 1, &told, &e));
	want_number("cleared", told.cleared, 1);
	OK(store_undo(*state, ev.bulk, 50, STR("u"), NOW, &sums, &e));
	want_number("undone again", sums.undone, 0);
	want_number("left", sums.left, 1);
}

static void
an_undo_brings_back_an_entry_that_has_no_evidence_left(void **state)
{
	int64_t bulk = lifted_one(*state, "a@b.example", false);
	struct undo_sums sums;
	struct err e = { 0 };

	OK(store_undo(*state, bulk, 50, STR("u"), NOW, &sums, &e));
	want_number("undone", sums.undone, 1);
	want_number("left", sums.left, 0);
}

static void
the_changes_of_a_run_are_told_like_any_others(void **state)
{
	static const char *const FIRST[] = { "a@x.example", "b@x.example",
		"c@x.example", NULL };
	static const char *const SECOND[] = { "b@x.example", "d@x.example",
		"aa@x.example", "e@x.example", NULL };
	struct entry en = an_entry("0@x.example", CLASS_MANUAL);
	struct entry_filter f = { .now = NOW };
	struct undo_sums sums;
	struct buf got = { 0 };
	struct err e = { 0 };
	int64_t last, bulk;
	bool lifted;

	OK(entry_put(*state, &en, STR("policy"), NOW, &e));
	OK(store_new_bulk(*state, STR("import"), STR("u"), NOW, &bulk, &e));
	want_number("new ones", put_run(*state, FIRST, bulk), 3);
	/* One is there, one comes before the last: they are left. */
	want_number("in order", put_run(*state, SECOND, 0), 2);
	OK(change_last(*state, &last, &e));
	want_number("each has a number", last, 6);
	want_action(*state, "by address", "a@x.example", "add");
	OK(entry_lift(*state, &(struct entry_lift){ STR("b@x.example"),
	    STR("global"), CLASS_MANUAL, NOW, STR("back"), 0 }, STR("u"), NOW,
	    &lifted, &e));
	/* Other words are no change, yet the add was told with the first. */
	en = an_entry("c@x.example", CLASS_MANUAL);
	en.reason = STR("other");
	OK(entry_put(*state, &en, STR("u"), NOW, &e));
	want_feed(*state, "all", 0, "1 add=0@x.example:first hit "
	    "2 add=a@x.example:first hit 3 add=b@x.example:first hit "
	    "4 add=c@x.example:first hit 5 add=d@x.example:first hit "
	    "6 add=e@x.example:first hit 7 remove=b@x.example:back ");
	want_feed(*state, "from inside a run", 2, "3 add=b@x.example:first hit "
	    "4 add=c@x.example:first hit 5 add=d@x.example:first hit "
	    "6 add=e@x.example:first hit 7 remove=b@x.example:back ");
	OK(entry_changed(*state, 1, &f, add_action, &got, &e));
	want_str("delta", buf_str(&got), STR("a@x.example=add "
	    "d@x.example=add c@x.example=add e@x.example=add "
	    "b@x.example=remove "));
	/* What has changed since stays; the rest is taken back. */
	OK(store_undo(*state, bulk, 9, STR("u"), NOW, &sums, &e));
	want_number("undone", sums.undone, 2);
	want_number("left", sums.left, 1);
	want_feed(*state, "the undo", 7, "8 remove=c@x.example:undo "
	    "9 remove=a@x.example:undo ");
	buf_release(&got);
}

static void
a_lift_makes_evidence_void_up_to_its_time(void **state)
{
	struct evidence ev = weak_bounce("a@b.example", NOW);
	const struct evidence_fact *facts;
	struct err e = { 0 };
	bool added;
	size_t n;

	OK(evidence_add(*state, &ev, &added, &e));
	ev.fact.time = NOW + 100;
	OK(evidence_add(*state, &ev, &added, &e));
	OK(evidence_void(*state, &(struct entry_lift){ .address = ev.address,
	    .scope = STR("global"), .class = CLASS_GONE_MAILBOX,
	    .upto = NOW + 50, .bulk = 1 }, &e));
	OK(evidence_history(*state, ev.address, LADDER_GONE, 0, &facts, &n,
	    &e));
	want_number("before", facts[0].state, EVIDENCE_VOID);
	want_number("after", facts[1].state, EVIDENCE_COUNTS);
}

static void
a_position_that_went_back_is_not_kept(void **state)
{
	struct err e = { 0 };
	struct buf header = { 0 };
	struct stream st, copy;

	OK(stream_open(*state, STR("one"), ROAD_PIPE, &st, &header, &e));
	copy = st;
	st.pos = 1234;
	OK(stream_keep(*state, &st, STR(""), NOW, &e));
	st.pos = 2345;
	OK(stream_keep(*state, &st, STR(""), NOW, &e));
	/* Who read 0 there finds another number now. */
	copy.pos = 99;
	assert_false(stream_keep(*state, &copy, STR(""), NOW, &e));
	want_number("code", e.code, EX_IOERR);
	err_clear(&e);
	copy.id += 1;
	assert_false(stream_keep(*state, &copy, STR(""), NOW, &e));
	want_number("code", e.code, EX_IOERR);
	err_clear(&e);
	OK(stream_open(*state, STR("one"), ROAD_PIPE, &copy, &header, &e));
	want_number("position", (int64_t)copy.pos, 2345);
	buf_release(&header);
}

static void
a_position_is_kept_with_the_batch(void **state)
{
	struct err e = { 0 };
	struct buf header = { 0 };
	struct stream st, again;
	bool found;

	OK(stream_open(*state, STR("one"), ROAD_PIPE, &st, &header, &e));
	st.pos = 1234;
	st.rows = 5;
	st.tail = UINT64_MAX;
	st.resync = true;
	OK(stream_keep(*state, &st, STR("type,rcpt"), NOW, &e));
	OK(store_commit(*state, &e));
	OK(store_begin(*state, &e));
	st.pos = 9999;
	OK(stream_keep(*state, &st, (struct str){ NULL, 0 }, NOW, &e));
	store_rollback(*state);
	OK(store_begin(*state, &e));
	OK(stream_open(*state, STR("one"), ROAD_PIPE, &again, &header, &e));
	want_number("position", (int64_t)again.pos, 1234);
	want_number("rows", again.rows, 5);
	want_bool("tail", again.tail == UINT64_MAX, true);
	want_bool("resync", again.resync, true);
	want_str("header", buf_str(&header), STR("type,rcpt"));
	OK(stream_find(*state, STR("two"), &again, &found, &e));
	assert_false(found);
	buf_release(&header);
}

static void
two_writers_do_not_both_begin(void **state)
{
	struct store *other = opened("s.db", STORE_WRITE);
	struct err e = { 0 };

	assert_false(store_begin(other, &e));
	want_number("code", e.code, EX_TEMPFAIL);
	err_clear(&e);
	OK(store_commit(*state, &e));
	OK(store_begin(other, &e));
	store_close(other);
}

/* What another process wrote is known as soon as the batch begins. */
static void
soft_addresses_of_another_writer_are_seen(void **state)
{
	struct evidence ev = weak_bounce("a@b.example", NOW);
	struct store *other = opened("s.db", STORE_WRITE);
	struct err e = { 0 };
	bool added;

	OK(evidence_add(*state, &ev, &added, &e));
	OK(store_commit(*state, &e));
	OK(store_begin(other, &e));
	assert_true(evidence_maybe_soft(other,
	    hash64(STR("a@b.example"))));
	store_close(other);
}

static bool
dump_line(void *ctx, struct str line, struct err *e)
{
	buf_add(ctx, line);
	buf_addc(ctx, '\n');
	return buf_ok(ctx, e);
}

static void
the_dump_takes_the_larger_of_two_roads(void **state)
{
	struct counter_key k = { .bucket = 600, .kind = KIND_D };
	struct buf got = { 0 };
	struct err e = { 0 };

	OK(counter_add(*state, &k, 3, &e));
	k.road = ROAD_FILE;
	OK(counter_add(*state, &k, 2, &e));
	OK(counter_add(*state, &k, 5, &e));
	OK(store_commit(*state, &e));
	OK(store_dump(*state, dump_line, &got, &e));
	want_str("dump", buf_str(&got), STR("counter\t600\t\t\t1\t7\n"));
	buf_release(&got);
}

static void
a_cursor_starts_new_and_moves_when_acked(void **state)
{
	struct err e = { 0 };
	int64_t at, pending;
	bool found;

	OK(cursor_get(*state, STR("app"), &at, &pending, &found, &e));
	assert_false(found);
	OK(cursor_pend(*state, STR("app"), 7, &e));
	OK(cursor_get(*state, STR("app"), &at, &pending, &found, &e));
	assert_false(found);
	want_number("pending", pending, 7);
	OK(cursor_move(*state, STR("app"), 7, NOW, &e));
	OK(cursor_get(*state, STR("app"), &at, &pending, &found, &e));
	assert_true(found);
	want_number("at", at, 7);
}

static bool
add_cursor(void *ctx, const struct cursor_row *row, struct err *e)
{
	buf_addf(ctx, "%.*s %d %d %d|", STR_ARG(row->name), (int)row->at,
	    (int)row->pending, row->moved == 0 ? 0 : (int)(row->moved - NOW));
	return buf_ok(ctx, e);
}

static void
cursors_are_told_by_name(void **state)
{
	struct err e = { 0 };
	struct buf b = { 0 };

	OK(cursor_list(*state, add_cursor, &b, &e));
	want_str("none", buf_str(&b), STR(""));
	OK(cursor_pend(*state, STR("new"), 7, &e));
	OK(cursor_move(*state, STR("app"), 5, NOW + 1, &e));
	OK(cursor_pend(*state, STR("app"), 6, &e));
	OK(cursor_list(*state, add_cursor, &b, &e));
	want_str("two", buf_str(&b), STR("app 5 6 1|new -1 7 0|"));
	buf_release(&b);
}

/* Both numbers stand in the file's first 100 bytes, high byte first
 * (https://www.sqlite.org/fileformat.html 1.3). */
static void
a_newer_or_foreign_database_is_refused(void **state)
{
	static const struct {
		const char *name;
		off_t at;
	} NUMBERS[] = { { "user_version", 60 }, { "application_id", 68 } };
	struct err e = { 0 };

	OK(store_commit(*state, &e));
	store_close(*state);
	*state = NULL;
	for (size_t i = 0; i < COUNT(NUMBERS); i++) {
		int fd;

		/* The log would be read before the file. */
		unlink("s.db-wal");
		unlink("s.db-shm");
		fd = open("s.db", O_WRONLY);
		assert_int_equal(pwrite(fd, "\0\0\0\143", 4, NUMBERS[i].at), 4);
		close(fd);
		assert_null(store_open("s.db", STORE_WRITE, &SETTINGS, 0, &e));
		want_number(NUMBERS[i].name, e.code, EX_CONFIG);
		err_clear(&e);
	}
}

static void
reading_needs_a_database_that_is_there(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_null(store_open("absent.db", STORE_READ, &SETTINGS, 0, &e));
	want_number("code", e.code, EX_NOINPUT);
}

int
main(void)
{
#define T(name) \
	cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)
	static const struct CMUnitTest TESTS[] = {
		T(the_same_evidence_is_added_once),
		T(words_and_replies_are_stored_once),
		T(strangers_fill_half_of_the_words),
		T(a_rolled_back_word_is_given_a_new_number),
		T(the_horizon_never_goes_back),
		T(reports_of_others_make_no_row_of_ours_late),
		T(a_delivery_clears_soft_evidence_before_it),
		T(strong_evidence_and_complaints_are_never_cleared),
		T(a_report_remembers_the_first_delivery_after_it),
		T(reports_do_not_keep_soft_evidence_from_being_cleared),
		T(rows_that_were_cleared_have_a_number),
		T(an_address_with_very_many_rows_keeps_its_days),
		T(facts_have_a_number),
		T(reports_do_not_crowd_out_what_we_saw),
		T(what_nobody_vouches_for_is_no_crowd),
		T(a_crowded_day_is_known),
		T(retries_of_one_message_are_one_fact),
		T(every_change_of_an_entry_is_told_once),
		T(what_has_run_out_is_not_suppressed_and_told_by_expire),
		T(so_much_as_has_run_out_is_ended_in_batches),
		T(the_strongest_entry_decides),
		T(a_stream_entry_binds_only_its_stream),
		T(a_delta_tells_adds_changes_and_removals),
		T(the_changes_of_a_run_are_told_like_any_others),
		T(an_undo_leaves_what_a_delivery_has_cleared_since),
		T(an_undo_brings_back_what_a_delivery_may_clear),
		T(an_undo_of_an_undo_leaves_what_was_cleared_between),
		T(an_undo_brings_back_an_entry_that_has_no_evidence_left),
		T(a_lift_makes_evidence_void_up_to_its_time),
		T(a_position_that_went_back_is_not_kept),
		T(a_position_is_kept_with_the_batch),
		T(two_writers_do_not_both_begin),
		T(soft_addresses_of_another_writer_are_seen),
		T(the_dump_takes_the_larger_of_two_roads),
		T(a_cursor_starts_new_and_moves_when_acked),
		T(cursors_are_told_by_name),
		T(a_newer_or_foreign_database_is_refused),
		cmocka_unit_test(reading_needs_a_database_that_is_there),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
