/* test_policy.c - from evidence to what follows. */
#include "unit.h"

#include "policy/policy.h"

#define DAY INT64_C(86400)
#define START (20000 * DAY) /* a midnight */
#define FACTS 12

/* A fact: on which day and hour, of what. */
struct row {
	int day, hour;
	enum kind kind;
	enum class class;
	enum strength strength;
	int message; /* 0: unknown */
	enum evidence_state state;
	int delivered; /* day of the first delivery after it, 0: none */
};

struct judged {
	const char *name;
	enum ladder ladder;
	bool domain;
	struct row rows[FACTS];
	bool suppress;
	int since_day, until_day; /* until 0: for good */
};

#define WEAK(d) { d, 9, KIND_B, CLASS_GONE_MAILBOX, STRENGTH_WEAK, d + 1, 0, 0 }
#define FULL(d, h, m) { d, h, KIND_T, CLASS_FULL_MAILBOX, STRENGTH_NONE, m, 0, 0 }
#define DOM(d) { d, 0, KIND_B, CLASS_GONE_DOMAIN, STRENGTH_WEAK, 0, 0, 0 }
#define REPORT(d, m, delivered) { d, 9, KIND_RB, CLASS_GONE_MAILBOX, \
	STRENGTH_WEAK, m, 0, delivered }
#define REFUSED(d, m) \
	{ d, 9, KIND_B, CLASS_REFUSED_PERSONAL, STRENGTH_WEAK, m, 0, 0 }

static const struct judged JUDGED[] = {
	{ "nothing", LADDER_GONE, false, { { 0 } }, false, 0, 0 },
	{ "strong at the first hit, for good", LADDER_GONE, false,
	    { { 3, 9, KIND_B, CLASS_GONE_MAILBOX, STRENGTH_STRONG, 1, 0, 0 } },
	    true, 3, 0 },
	{ "a moved mailbox too", LADDER_GONE, false,
	    { { 3, 9, KIND_RB, CLASS_GONE_MOVED, STRENGTH_STRONG, 1, 0, 0 } },
	    true, 3, 0 },
	{ "a transient is no verdict on a mailbox", LADDER_GONE, false,
	    { { 3, 9, KIND_T, CLASS_GONE_MAILBOX, STRENGTH_STRONG, 1, 0, 0 } },
	    false, 0, 0 },
	{ "weak once is not enough", LADDER_GONE, false, { WEAK(0) },
	    false, 0, 0 },
	{ "weak twice on a day is not", LADDER_GONE, false,
	    { WEAK(0), { 0, 20, KIND_B, CLASS_GONE_MAILBOX, STRENGTH_WEAK, 9,
	        0, 0 } }, false, 0, 0 },
	{ "weak on the second day", LADDER_GONE, false, { WEAK(0), WEAK(1) },
	    true, 1, 0 },
	{ "but not when the first is 91 days old", LADDER_GONE, false,
	    { WEAK(0), WEAK(91) }, false, 0, 0 },
	{ "the window may cut a day in two", LADDER_GONE, false,
	    { { 0, 8, KIND_B, CLASS_GONE_MAILBOX, STRENGTH_WEAK, 1, 0, 0 },
	      { 0, 20, KIND_B, CLASS_GONE_MAILBOX, STRENGTH_WEAK, 2, 0, 0 },
	      { 90, 12, KIND_B, CLASS_GONE_MAILBOX, STRENGTH_WEAK, 3, 0, 0 } },
	    true, 90, 0 },
	{ "and leaves one day where more of it is behind", LADDER_DOMAIN, true,
	    { { 0, 8, KIND_B, CLASS_GONE_DOMAIN, STRENGTH_WEAK, 1, 0, 0 },
	      { 0, 20, KIND_B, CLASS_GONE_DOMAIN, STRENGTH_WEAK, 2, 0, 0 },
	      { 0, 21, KIND_B, CLASS_GONE_DOMAIN, STRENGTH_WEAK, 3, 0, 0 },
	      { 90, 12, KIND_B, CLASS_GONE_DOMAIN, STRENGTH_WEAK, 4, 0, 0 } },
	    false, 0, 0 },
	{ "or a message in two", LADDER_REFUSED, false,
	    { { 0, 8, KIND_B, CLASS_REFUSED_PERSONAL, STRENGTH_WEAK, 1, 0, 0 },
	      { 0, 20, KIND_B, CLASS_REFUSED_PERSONAL, STRENGTH_WEAK, 1, 0, 0 },
	      { 0, 21, KIND_B, CLASS_REFUSED_PERSONAL, STRENGTH_WEAK, 1, 0, 0 },
	      { 90, 12, KIND_B, CLASS_REFUSED_PERSONAL, STRENGTH_WEAK, 2, 0, 0 } },
	    false, 0, 0 },
	{ "cleared evidence does not count", LADDER_GONE, false,
	    { { 0, 9, KIND_B, CLASS_GONE_MAILBOX, STRENGTH_WEAK, 1,
	        EVIDENCE_CLEARED, 0 }, WEAK(1) }, false, 0, 0 },
	{ "nor does it take its day from what does", LADDER_GONE, false,
	    { { 0, 8, KIND_B, CLASS_GONE_MAILBOX, STRENGTH_WEAK, 1,
	        EVIDENCE_CLEARED, 0 }, WEAK(0), WEAK(1) }, true, 1, 0 },
	{ "void evidence does not count", LADDER_GONE, false,
	    { { 0, 9, KIND_B, CLASS_GONE_MAILBOX, STRENGTH_STRONG, 1,
	        EVIDENCE_VOID, 0 } }, false, 0, 0 },
	{ "another ladder's is passed over", LADDER_GONE, false,
	    { DOM(0), DOM(1) }, false, 0, 0 },
	{ "inactive: two days, but too near", LADDER_INACTIVE, false,
	    { { 0, 9, KIND_B, CLASS_GONE_INACTIVE, STRENGTH_WEAK, 1, 0, 0 },
	      { 2, 9, KIND_B, CLASS_GONE_INACTIVE, STRENGTH_WEAK, 2, 0, 0 } },
	    false, 0, 0 },
	{ "inactive: two days, three apart", LADDER_INACTIVE, false,
	    { { 0, 9, KIND_B, CLASS_GONE_INACTIVE, STRENGTH_WEAK, 1, 0, 0 },
	      { 3, 9, KIND_B, CLASS_GONE_INACTIVE, STRENGTH_STRONG, 2, 0, 0 } },
	    true, 3, 0 },
	{ "an address in a dead domain, at once, for 30 days",
	    LADDER_DOMAIN, false, { DOM(2) }, true, 2, 32 },
	{ "and again when it is hit after that", LADDER_DOMAIN, false,
	    { DOM(2), DOM(5), DOM(40) }, true, 40, 70 },
	{ "the domain: three days in a row", LADDER_DOMAIN, true,
	    { DOM(0), DOM(1), DOM(2) }, false, 0, 0 },
	{ "the domain: two days over a week", LADDER_DOMAIN, true,
	    { DOM(0), DOM(7) }, false, 0, 0 },
	{ "the domain: three days over a week", LADDER_DOMAIN, true,
	    { DOM(0), DOM(3), DOM(7) }, true, 7, 0 },
	{ "full: five messages in five days", LADDER_FULL, false,
	    { FULL(0, 1, 1), FULL(1, 1, 2), FULL(2, 1, 3), FULL(3, 1, 4),
	      FULL(4, 1, 5) }, false, 0, 0 },
	{ "full: five messages over 14 days", LADDER_FULL, false,
	    { FULL(0, 1, 1), FULL(3, 1, 2), FULL(6, 1, 3), FULL(10, 1, 4),
	      FULL(14, 1, 5) }, true, 14, 44 },
	{ "full: retries of four messages", LADDER_FULL, false,
	    { FULL(0, 1, 1), FULL(0, 2, 1), FULL(0, 3, 1), FULL(3, 1, 2),
	      FULL(3, 2, 2), FULL(6, 1, 3), FULL(10, 1, 4), FULL(14, 1, 4) },
	    false, 0, 0 },
	{ "full: b and t of one message are one", LADDER_FULL, false,
	    { FULL(0, 1, 1), FULL(3, 1, 2), FULL(6, 1, 3), FULL(10, 1, 4),
	      { 14, 1, KIND_B, CLASS_FULL_MAILBOX, STRENGTH_WEAK, 4, 0, 0 } },
	    false, 0, 0 },
	{ "full: the second time it lasts twice as long", LADDER_FULL, false,
	    { FULL(0, 1, 1), FULL(3, 1, 2), FULL(6, 1, 3), FULL(10, 1, 4),
	      FULL(14, 1, 5), FULL(50, 1, 6), FULL(53, 1, 7), FULL(56, 1, 8),
	      FULL(60, 1, 9), FULL(64, 1, 10) }, true, 64, 124 },
	{ "refused: three messages over 14 days", LADDER_REFUSED, false,
	    { REFUSED(0, 1), REFUSED(7, 2), REFUSED(14, 3) }, true, 14, 104 },
	{ "refused: three messages in a week", LADDER_REFUSED, false,
	    { REFUSED(0, 1), REFUSED(3, 2), REFUSED(7, 3) }, false, 0, 0 },
	{ "a complaint at the first hit", LADDER_COMPLAINT, false,
	    { { 5, 0, KIND_F, CLASS_FBL_ABUSE, STRENGTH_STRONG, 0, 0, 0 } },
	    true, 5, 0 },
	{ "a report five days after the bounce is no second day",
	    LADDER_GONE, false, { WEAK(0), { 5, 9, KIND_RB,
	        CLASS_GONE_MAILBOX, STRENGTH_WEAK, 0, 0, 0 } }, false, 0, 0 },
	{ "one eight days after it is", LADDER_GONE, false,
	    { WEAK(0), { 8, 9, KIND_RB, CLASS_GONE_MAILBOX, STRENGTH_WEAK, 0,
	        0, 0 } }, true, 8, 0 },
	{ "a delivery and eight quiet days clear a report", LADDER_GONE, false,
	    { REPORT(0, 1, 1), REPORT(9, 2, 0) }, false, 0, 0 },
	{ "and what nobody vouches for does not break them", LADDER_GONE,
	    false, { REPORT(0, 1, 1), { 5, 9, KIND_RB, CLASS_GONE_MAILBOX,
	        STRENGTH_WEAK, 3, EVIDENCE_UNVERIFIED, 0 },
	      REPORT(9, 2, 0) }, false, 0, 0 },
	{ "one that the report before has noted begins them, too", LADDER_GONE,
	    false, { REPORT(0, 1, 2), REPORT(1, 1, 0), REPORT(10, 2, 0) },
	    false, 0, 0 },
	{ "but not one before the last report", LADDER_GONE, false,
	    { REPORT(0, 1, 2), REPORT(3, 1, 0), REPORT(12, 2, 0) },
	    true, 12, 0 },
	{ "seven quiet days are not more than seven", LADDER_GONE, false,
	    { REPORT(0, 1, 1), { 8, 0, KIND_RB, CLASS_GONE_MAILBOX,
	        STRENGTH_WEAK, 2, 0, 0 } }, true, 8, 0 },
	{ "a delivery with a report soon after clears none", LADDER_GONE,
	    false, { REPORT(0, 1, 1), REPORT(3, 2, 0) }, true, 3, 0 },
	{ "reports every day end in a suppression", LADDER_GONE, false,
	    { REPORT(0, 0, 0), REPORT(1, 0, 0), REPORT(2, 0, 0),
	      REPORT(3, 0, 0), REPORT(4, 0, 0), REPORT(5, 0, 0),
	      REPORT(6, 0, 0), REPORT(7, 0, 0) }, true, 7, 0 },
	{ "nor is one of a bounce that a delivery after both cleared",
	    LADDER_GONE, false, { { 0, 9, KIND_B, CLASS_GONE_MAILBOX,
	        STRENGTH_WEAK, 1, EVIDENCE_CLEARED, 9 }, { 2, 9, KIND_RB,
	        CLASS_GONE_MAILBOX, STRENGTH_STRONG, 0, 0, 0 } }, false, 0, 0 },
	{ "one that comes after the delivery is", LADDER_GONE, false,
	    { { 0, 9, KIND_B, CLASS_GONE_MAILBOX, STRENGTH_WEAK, 1,
	        EVIDENCE_CLEARED, 1 }, { 2, 9, KIND_RB, CLASS_GONE_MAILBOX,
	        STRENGTH_STRONG, 0, 0, 0 } }, true, 2, 0 },
	{ "and one of its very second", LADDER_GONE, false,
	    { { 0, 9, KIND_B, CLASS_GONE_MAILBOX, STRENGTH_WEAK, 1,
	        EVIDENCE_CLEARED, 2 }, { 2, 0, KIND_RB, CLASS_GONE_MAILBOX,
	        STRENGTH_STRONG, 0, 0, 0 } }, true, 2, 0 },
	{ "two reports on two messages are two", LADDER_GONE, false,
	    { { 0, 9, KIND_RB, CLASS_GONE_MAILBOX, STRENGTH_WEAK, 1, 0, 0 },
	      { 2, 9, KIND_RB, CLASS_GONE_MAILBOX, STRENGTH_WEAK, 2, 0, 0 } },
	    true, 2, 0 },
};

static size_t
facts_from(const struct row *rows, struct evidence_fact *facts)
{
	size_t n = 0;

	for (; n < FACTS && rows[n].kind != KIND_NONE; n++)
		facts[n] = (struct evidence_fact){
			.time = START + rows[n].day * DAY +
			    rows[n].hour * 3600,
			.kind = rows[n].kind, .class = rows[n].class,
			.strength = rows[n].strength,
			.message = (uint64_t)rows[n].message,
			.message_day = START / DAY + rows[n].day,
			.state = rows[n].state,
			.delivered = rows[n].delivered == 0 ? 0
			    : START + rows[n].delivered * DAY };
	return n;
}

static void
evidence_adds_up_as_the_policy_says(void **state)
{
	struct evidence_fact facts[FACTS];
	struct policy_answer a;

	(void)state;
	for (size_t i = 0; i < COUNT(JUDGED); i++) {
		const struct judged *j = &JUDGED[i];
		size_t n = facts_from(j->rows, facts);

		policy_judge(&POLICY_DEFAULTS, j->ladder, j->domain, facts, n,
		    &a);
		want_bool(j->name, a.suppress, j->suppress);
		if (!j->suppress)
			continue;
		want_number(j->name, a.since / DAY - START / DAY,
		    j->since_day);
		want_number(j->name, a.until == 0 ? 0
		    : a.until / DAY - START / DAY, j->until_day);
		want_number(j->name, a.since, facts[a.at].time);
		assert_true(a.arithmetic[0] != '\0');
	}
}

static void
full_days_is_the_other_common_rule(void **state)
{
	static const struct row ROWS[FACTS] = { FULL(0, 1, 1), FULL(1, 1, 1),
		FULL(2, 1, 2), FULL(3, 1, 2), FULL(4, 1, 3) };
	struct policy_settings s = POLICY_DEFAULTS;
	struct evidence_fact facts[FACTS];
	struct policy_answer a;

	(void)state;
	s.full_days = 5;
	policy_judge(&s, LADDER_FULL, false, facts, facts_from(ROWS, facts),
	    &a);
	assert_true(a.suppress);
	want_text("arithmetic", a.arithmetic, "5 of 5 distinct days");
	s.full_days = 0;
	s.full_messages = 3;
	s.full_span = 36 * 3600;
	policy_judge(&s, LADDER_FULL, false, facts, facts_from(ROWS, facts),
	    &a);
	assert_true(a.suppress);
	want_text("arithmetic", a.arithmetic,
	    "3 of 3 distinct messages, over 96 of 36 hours");
}

static void
provisional_days_end_a_strong_one(void **state)
{
	struct policy_settings s = POLICY_DEFAULTS;
	struct evidence_fact f = { .time = START, .kind = KIND_B,
		.class = CLASS_GONE_MAILBOX, .strength = STRENGTH_STRONG };
	struct policy_answer a;

	(void)state;
	s.provisional = 10 * DAY;
	policy_judge(&s, LADDER_GONE, false, &f, 1, &a);
	assert_true(a.suppress);
	want_number("until", a.until, START + 10 * DAY);
	want_text("arithmetic", a.arithmetic, "first hit, strong");
}

static void
a_lifted_domain_is_lifted_for_the_day(void **state)
{
	(void)state;
	want_number("an address", policy_lift_mark(STR("a@b.example"),
	    START + 60), START + 60);
	want_number("a domain", policy_lift_mark(STR("@b.example"),
	    START + 60), START + DAY - 1);
	want_number("at the day's end", policy_lift_mark(STR("@b.example"),
	    START + DAY - 1), START + DAY - 1);
}

/* The first time it is reached stays the answer, whatever comes later. */
static void
later_evidence_does_not_move_the_begin(void **state)
{
	static const struct row ROWS[FACTS] = { WEAK(0), WEAK(1), WEAK(5),
		WEAK(30) };
	struct evidence_fact facts[FACTS];
	struct policy_answer a, b;
	size_t n = facts_from(ROWS, facts);

	(void)state;
	policy_judge(&POLICY_DEFAULTS, LADDER_GONE, false, facts, 2, &a);
	policy_judge(&POLICY_DEFAULTS, LADDER_GONE, false, facts, n, &b);
	want_number("since", b.since, a.since);
}

static void
our_own_fault_never_counts(void **state)
{
	size_t n;
	const struct class_info *rows = class_table(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		enum class c = rows[i].class;
		bool may = policy_counts(KIND_B, c, STRENGTH_STRONG) ||
		    policy_counts(KIND_F, c, STRENGTH_STRONG);

		if (rows[i].decision == DECISION_SENDER_FAULT ||
		    rows[i].decision == DECISION_IGNORE)
			want_bool(rows[i].name, may,
			    c == CLASS_AUTO_UNSUBSCRIBE);
		if (c == CLASS_UNKNOWN)
			want_bool(rows[i].name, may, false);
	}
}

static void
precedence_is_manual_complaint_unsubscribe_hard_soft(void **state)
{
	static const enum class ORDER[] = { CLASS_MANUAL, CLASS_FBL_ABUSE,
		CLASS_FBL_OPTOUT, CLASS_GONE_MAILBOX, CLASS_FULL_MAILBOX,
		CLASS_BLOCK_IP };

	(void)state;
	for (size_t i = 1; i < COUNT(ORDER); i++)
		if (policy_rank(ORDER[i - 1]) <= policy_rank(ORDER[i]))
			fail_msg("%s does not outrank %s",
			    class_name(ORDER[i - 1]), class_name(ORDER[i]));
}

static void
a_thousand_facts_are_judged_in_time(void **state)
{
	static struct evidence_fact facts[3000];
	struct policy_answer a;

	(void)state;
	for (size_t i = 0; i < COUNT(facts); i++)
		facts[i] = (struct evidence_fact){
			.time = START + (int64_t)i * 60, .kind = KIND_T,
			.class = CLASS_FULL_MAILBOX, .message = i + 1,
			.message_day = START / DAY };
	policy_judge(&POLICY_DEFAULTS, LADDER_FULL, false, facts,
	    COUNT(facts), &a);
	assert_false(a.suppress); /* two days only */
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(evidence_adds_up_as_the_policy_says),
		cmocka_unit_test(full_days_is_the_other_common_rule),
		cmocka_unit_test(provisional_days_end_a_strong_one),
		cmocka_unit_test(a_lifted_domain_is_lifted_for_the_day),
		cmocka_unit_test(later_evidence_does_not_move_the_begin),
		cmocka_unit_test(our_own_fault_never_counts),
		cmocka_unit_test(
		    precedence_is_manual_complaint_unsubscribe_hard_soft),
		cmocka_unit_test(a_thousand_facts_are_judged_in_time),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
