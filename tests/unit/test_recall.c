/* test_recall.c - which rule won before. */
#include "unit.h"

#include "verdict/recall.h"

static const struct rule RULE = { .name = "a.rule" };

static struct rule_input
some_input(void)
{
	return (struct rule_input){ .folded = STR("550 5.1.1 <rcpt> unknown"),
		.code = 550,
		.status = { 5, 1, 1 },
		.provider = 3,
		.local = false };
}

static void
want_known(const char *name, const struct recall *r,
    const struct rule_input *in, bool known)
{
	const struct rule *got = NULL;

	want_bool(name, recall_find(r, in, &got), known);
	want_bool(name, got == &RULE, known);
}

static void
only_the_very_same_is_recalled(void **state)
{
	struct recall *r = recall_new();
	struct rule_input in = some_input();

	(void)state;
	assert_non_null(r);
	want_known("before", r, &in, false);
	recall_keep(r, &in, &RULE);
	want_known("the same", r, &in, true);
	in.folded = STR("550 5.1.1 <rcpt> unknowN");
	want_known("text", r, &in, false);
	in = some_input();
	in.code = 551;
	want_known("code", r, &in, false);
	in = some_input();
	in.status.class = 4;
	want_known("class", r, &in, false);
	in = some_input();
	in.status.subject = 2;
	want_known("subject", r, &in, false);
	in = some_input();
	in.status.detail = 2;
	want_known("detail", r, &in, false);
	in = some_input();
	in.provider = RULES_ANY_PROVIDER;
	want_known("provider", r, &in, false);
	in = some_input();
	in.local = true;
	want_known("local", r, &in, false);
	recall_free(r);
	recall_free(NULL);
}

static void
that_no_rule_wins_is_recalled(void **state)
{
	struct recall *r = recall_new();
	struct rule_input in = { .folded = STR("") };
	const struct rule *got = &RULE;

	(void)state;
	assert_non_null(r);
	want_bool("nothing kept", recall_find(r, &in, &got), false);
	recall_keep(r, &in, NULL);
	want_bool("kept", recall_find(r, &in, &got), true);
	assert_null(got);
	recall_free(r);
}

static void
a_long_text_is_not_kept(void **state)
{
	static char text[REPLY_TEXT_MAX];
	struct recall *r = recall_new();
	struct rule_input in = some_input();

	(void)state;
	assert_non_null(r);
	memset(text, 'x', sizeof text);
	in.folded = str_of(text, sizeof text);
	recall_keep(r, &in, &RULE);
	want_known("long", r, &in, false);
	recall_free(r);
}

/* Far more texts than are kept: each gets its own answer or none. */
static void
others_take_a_place_whole(void **state)
{
	static struct rule rules[3000];
	struct recall *r = recall_new();
	struct rule_input in = some_input();
	char text[40];

	(void)state;
	assert_non_null(r);
	for (size_t i = 0; i < 2 * COUNT(rules); i++) {
		size_t n = i % COUNT(rules);
		const struct rule *got;

		snprintf(text, sizeof text, "reply %zu", n);
		in.folded = str_from(text);
		if (recall_find(r, &in, &got))
			assert_ptr_equal(got, &rules[n]);
		recall_keep(r, &in, &rules[n]);
		assert_true(recall_find(r, &in, &got));
		assert_ptr_equal(got, &rules[n]);
	}
	recall_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_very_same_is_recalled),
		cmocka_unit_test(that_no_rule_wins_is_recalled),
		cmocka_unit_test(a_long_text_is_not_kept),
		cmocka_unit_test(others_take_a_place_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
