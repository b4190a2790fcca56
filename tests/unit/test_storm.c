/* test_storm.c - where the lines of storms and breakers are. */
#include "unit.h"

#include "base/clock.h"
#include "policy/storm.h"

/* A look at an hour in which so many failed; longer windows hold no less. */
static struct storm_look
look_of(int64_t accepted, int64_t recipients, int64_t attempts)
{
	struct storm_count c = { recipients, accepted, attempts };

	return (struct storm_look){ .window = { { 0, 0, attempts }, c, c } };
}

static const struct line {
	const char *name;
	int64_t accepted, recipients, attempts;
	bool young, ours, everywhere;
	double false_rate;
	struct storm_base base;
	bool want;
} LINES[] = {
	{ "fifty of 5,000", 50, 50, 5000, false, false, false, 0,
	    { false, true, { 0, 0, 0 }, 0 }, true },
	{ "forty-nine", 49, 49, 490, false, false, false, 0,
	    { false, true, { 0, 0, 0 }, 0 }, false },
	{ "fifty of 5,001", 50, 50, 5001, false, false, false, 0,
	    { false, true, { 0, 0, 0 }, 0 }, false },
	{ "who never took mail", 49, 5000, 5000, false, false, false, 0,
	    { false, true, { 0, 0, 0 }, 0 }, false },
	{ "wrong answers are taken off", 150, 10000, 10000, false, false,
	    false, 0.015, { false, true, { 0, 0, 0 }, 0 }, false },
	{ "and no more than they are", 250, 10000, 10000, false, false,
	    false, 0.015, { false, true, { 0, 0, 0 }, 0 }, true },
	{ "no attempts", 60, 60, 0, false, false, false, 0,
	    { false, true, { 0, 0, 0 }, 0 }, false },
	{ "nobody sends d rows", 500, 500, 500, false, false, false, 0,
	    { false, false, { 0, 0, 0 }, 0 }, false },
	{ "our fault needs none", 0, 500, 500, false, true, false, 0,
	    { false, false, { 0, 0, 0 }, 0 }, true },
	{ "our resolver needs none", 500, 500, 500, false, false, true, 0,
	    { false, false, { 0, 0, 0 }, 0 }, true },
	{ "five times the usual", 100, 100, 1000, false, false, false, 0,
	    { true, true, { 2000, 2000, 100000 }, 0 }, true },
	{ "less than that", 99, 99, 1000, false, false, false, 0,
	    { true, true, { 2000, 2000, 100000 }, 0 }, false },
	{ "three weeks are not four", 99, 99, 1000, false, false, false, 0,
	    { false, true, { 2000, 2000, 100000 }, 0 }, true },
	{ "young: two in five", 0, 250, 625, true, false, false, 0,
	    { false, true, { 0, 0, 0 }, 0 }, true },
	{ "young: less", 0, 250, 626, true, false, false, 0,
	    { false, true, { 0, 0, 0 }, 0 }, false },
	{ "young: too few", 0, 249, 249, true, false, false, 0,
	    { false, true, { 0, 0, 0 }, 0 }, false },
	{ "young, our fault: the common line", 0, 50, 5000, true, true,
	    false, 0, { false, true, { 0, 0, 0 }, 0 }, true },
};

static void
a_storm_begins_on_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(LINES); i++) {
		const struct line *t = &LINES[i];
		struct storm_look l = look_of(t->accepted, t->recipients,
		    t->attempts);
		char text[256] = "";

		l.young = t->young;
		l.fault_is_ours = t->ours;
		l.everywhere = t->everywhere;
		l.false_rate = t->false_rate;
		want_bool(t->name, storm_is(&STORM_DEFAULTS, &l, &t->base,
		    text, sizeof text), t->want);
		want_bool(t->name, text[0] != '\0', t->want);
		/* Whatever is one was worth a look. */
		if (t->want)
			want_bool(t->name, storm_near(&STORM_DEFAULTS, &l,
			    STORM_WINDOWS - 1), true);
	}
}

static void
any_window_may_tell(void **state)
{
	struct storm_base b = { .deliveries = true };
	char text[256];

	(void)state;
	for (size_t i = 0; i < STORM_WINDOWS; i++) {
		struct storm_look l = { .window = { { 0, 0, 900000 },
		    { 0, 0, 900000 }, { 0, 0, 900000 } } };

		for (size_t j = i; j < STORM_WINDOWS; j++)
			l.window[j].recipients = l.window[j].accepted = 60;
		l.window[i].attempts = 600;
		assert_true(storm_is(&STORM_DEFAULTS, &l, &b, text,
		    sizeof text));
	}
}

/* The score after so many failures, each one of so many attempts. */
static int64_t
score_after(int64_t failures, int64_t attempts_each)
{
	int64_t score = 0;

	for (int64_t i = 0; i < failures; i++)
		score = storm_run(&STORM_DEFAULTS, score, attempts_each);
	return score;
}

static const struct {
	const char *name;
	int64_t failures, each;
	bool want;
} RUNS[] = {
	{ "all fail: forty-eight", 48, 1, true },
	{ "all fail: forty-seven", 47, 1, false },
	{ "half fail: fifty", 50, 2, true },
	{ "half fail: forty-nine", 49, 2, false },
	{ "a tenth fails: ninety", 90, 10, true },
	{ "a tenth fails: eighty", 80, 10, false },
	{ "a twentieth is no run", 100000, 20, false },
	{ "a hundredth is none", 100000, 100, false },
};

static void
a_run_is_known_after_some_fifty(void **state)
{
	struct storm_base b = { .deliveries = true };
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(RUNS); i++)
		want_bool(RUNS[i].name, storm_run_is(&STORM_DEFAULTS,
		    score_after(RUNS[i].failures, RUNS[i].each), &b, text,
		    sizeof text), RUNS[i].want);
}

static void
a_run_is_over_when_mail_is_taken_again(void **state)
{
	struct storm_base b = { .deliveries = true };
	int64_t score = score_after(100000, 1);
	char text[256];

	(void)state;
	assert_true(storm_run_is(&STORM_DEFAULTS, score, &b, text,
	    sizeof text));
	/* Two thousand deliveries, however long it lasted. */
	score = storm_run(&STORM_DEFAULTS, score, 2000);
	assert_false(storm_run_is(&STORM_DEFAULTS, score, &b, text,
	    sizeof text));
}

static void
a_run_is_no_news_where_many_fail_on_any_day(void **state)
{
	struct storm_base b = { true, true, { 2000, 2000, 100000 }, 1000 };
	int64_t score = score_after(200, 1);
	char text[256];

	(void)state;
	assert_true(storm_run_is(&STORM_DEFAULTS, score, &b, text,
	    sizeof text));
	b.calm = 2000;
	assert_false(storm_run_is(&STORM_DEFAULTS, score, &b, text,
	    sizeof text));
	b.whole = false;
	assert_true(storm_run_is(&STORM_DEFAULTS, score, &b, text,
	    sizeof text));
	b.deliveries = false;
	assert_false(storm_run_is(&STORM_DEFAULTS, score, &b, text,
	    sizeof text));
}

/* With settings at the ends of their ranges nothing overflows or never ends. */
static void
a_run_bears_any_settings(void **state)
{
	struct storm_settings s = STORM_DEFAULTS;
	struct storm_base b = { .deliveries = true };
	int64_t score = 0;
	char text[256];

	(void)state;
	s.recipients = 1000000000;
	s.share = STORM_WHOLE;
	s.factor = 1000;
	for (int i = 0; i < 1000000; i++)
		score = storm_run(&s, score, 1);
	assert_true(score <= INT32_MAX); /* as it is stored */
	assert_false(storm_run_is(&s, score, &b, text, sizeof text));
	s.recipients = 1;
	s.share = 0;
	score = storm_run(&s, 0, 1000000);
	assert_true(storm_run_is(&s, score, &b, text, sizeof text));
}

static void
a_storm_is_usual_up_to_the_least_share(void **state)
{
	const struct storm_settings *s = &STORM_DEFAULTS;

	(void)state;
	want_number("none", storm_usual(s, 100, 0, 10000), 100);
	want_number("less", storm_usual(s, 100, 60, 10000), 100);
	want_number("more", storm_usual(s, 5000, 4900, 10000), 200);
	want_number("nothing else", storm_usual(s, 4900, 4900, 10000), 100);
	want_number("no attempts", storm_usual(s, 70, 60, 0), 10);
}

static void
reports_are_measured_by_the_hour(void **state)
{
	struct storm_base b = { 0 };
	char text[256];

	(void)state;
	assert_false(storm_of_reports(&STORM_DEFAULTS, 100, 0, &b, text,
	    sizeof text));
	assert_true(storm_of_reports(&STORM_DEFAULTS, 101, 0, &b, text,
	    sizeof text));
	b.four_weeks.recipients = 50 * 28 * 24; /* fifty an hour */
	assert_false(storm_of_reports(&STORM_DEFAULTS, 250, 0, &b, text,
	    sizeof text));
	assert_true(storm_of_reports(&STORM_DEFAULTS, 251, 0, &b, text,
	    sizeof text));
}

static const struct {
	const char *name;
	int64_t group, day, entries, hours, want;
} BREAKERS[] = {
	{ "the floor", STORM_LISTED, 0, 0, 0, 250 },
	{ "by volume", STORM_LISTED, 10000, 0, 0, 500 },
	{ "entries of the past do not count", STORM_LISTED, 0, 100000, 100,
	    250 },
	{ "reports", STORM_REPORTED, 9000, 0, 0, 100 },
	{ "reports, a hundredth of a day", STORM_REPORTED, 1000000, 0, 0,
	    10000 },
	{ "reports, five times the usual", STORM_REPORTED, 0, 5000, 100,
	    250 },
	{ "complaints", STORM_COMPLAINED, 0, 0, 0, 100 },
	{ "complaints by volume", STORM_COMPLAINED, 500000, 0, 0, 5000 },
	{ "complaints, five times the usual", STORM_COMPLAINED, 0, 40000,
	    500, 400 },
	{ "one hour's flood is not usual", STORM_COMPLAINED, 0, 100, 1, 100 },
};

static void
a_breaker_passes_its_floor_or_what_is_usual(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(BREAKERS); i++)
		want_number(BREAKERS[i].name, storm_breaker(&STORM_DEFAULTS,
		    BREAKERS[i].group, BREAKERS[i].day, BREAKERS[i].entries,
		    BREAKERS[i].hours), BREAKERS[i].want);
}

static const struct {
	enum class class;
	enum storm_kind want;
} KINDS[] = {
	{ CLASS_GONE_MAILBOX, STORM_HELD },
	{ CLASS_GONE_DOMAIN, STORM_HELD },
	{ CLASS_FULL_MAILBOX, STORM_HELD },
	{ CLASS_FBL_ABUSE, STORM_HELD },
	{ CLASS_BLOCK_IP, STORM_TOLD },
	{ CLASS_UNKNOWN, STORM_TOLD },
	{ CLASS_TEMP_SYSTEM, STORM_TOLD },
	{ CLASS_TEMP_GREYLIST, STORM_NEVER },
	{ CLASS_SELF_DELETED, STORM_NEVER },
	{ CLASS_DELIVERED, STORM_NEVER },
};

static void
what_can_list_is_held_and_faults_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(KINDS); i++)
		want_number(class_name(KINDS[i].class),
		    storm_kind(KINDS[i].class), KINDS[i].want);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_storm_begins_on_its_line),
		cmocka_unit_test(any_window_may_tell),
		cmocka_unit_test(a_run_is_known_after_some_fifty),
		cmocka_unit_test(a_run_is_over_when_mail_is_taken_again),
		cmocka_unit_test(a_run_is_no_news_where_many_fail_on_any_day),
		cmocka_unit_test(a_run_bears_any_settings),
		cmocka_unit_test(a_storm_is_usual_up_to_the_least_share),
		cmocka_unit_test(reports_are_measured_by_the_hour),
		cmocka_unit_test(a_breaker_passes_its_floor_or_what_is_usual),
		cmocka_unit_test(what_can_list_is_held_and_faults_are_told),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
