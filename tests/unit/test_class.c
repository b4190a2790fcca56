/* test_class.c - the table of classes. */
#include "unit.h"

#include "verdict/class.h"

static void
every_class_is_found_by_name_and_number(void **state)
{
	size_t n;
	const struct class_info *rows = class_table(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		enum class c = CLASS_MAX;

		assert_true(class_of(str_from(rows[i].name), &c));
		want_number(rows[i].name, c, rows[i].class);
		assert_ptr_equal(class_info(rows[i].class), &rows[i]);
		want_text(rows[i].name, class_name(c), rows[i].name);
	}
}

static void
every_row_says_who_what_and_then(void **state)
{
	static const char *const FAULTS[] = { "recipient", "sender", "provider",
		"nobody" };
	size_t n;
	const struct class_info *rows = class_table(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		bool known = false;

		for (size_t j = 0; j < COUNT(FAULTS); j++)
			known |= strcmp(rows[i].fault, FAULTS[j]) == 0;
		want_bool(rows[i].name, known, true);
		assert_true(rows[i].meaning[0] != '\0');
		assert_true(rows[i].follows[0] != '\0');
		want_bool(rows[i].name,
		    rows[i].meaning[strlen(rows[i].meaning) - 1] == '.', false);
	}
}

static void
a_number_that_is_none_is_unknown(void **state)
{
	enum class c = CLASS_BLOCK_IP;

	(void)state;
	want_text("past the end", class_name(CLASS_MAX), "unknown");
	want_text("a gap", class_name((enum class)7), "unknown");
	assert_false(class_of(STR("gone.fishing"), &c));
	assert_false(class_of(STR(""), &c));
	want_number("untouched", c, CLASS_BLOCK_IP);
}

/* A row a group. */
static void
classes_lead_where_the_taxonomy_says(void **state)
{
	static const struct {
		const char *head;
		enum decision want;
	} ROWS[] = {
		{ "gone.mailbox", DECISION_SUPPRESS_ADDRESS },
		{ "gone.syntax", DECISION_SUPPRESS_ADDRESS },
		{ "gone.inactive", DECISION_SUPPRESS_ADDRESS },
		{ "gone.moved", DECISION_SUPPRESS_ADDRESS },
		{ "gone.domain", DECISION_SUPPRESS_DOMAIN },
		{ "gone.nullmx", DECISION_SUPPRESS_DOMAIN },
		{ "full.", DECISION_COUNT_SOFT },
		{ "refused.", DECISION_COUNT_SOFT },
		{ "temp.", DECISION_COUNT_SOFT },
		{ "block.relay", DECISION_COUNT_SOFT },
		{ "block.ip", DECISION_SENDER_FAULT },
		{ "block.rate", DECISION_SENDER_FAULT },
		{ "sender.", DECISION_SENDER_FAULT },
		{ "self.", DECISION_IGNORE },
		{ "dsn.", DECISION_IGNORE },
		{ "auto.", DECISION_IGNORE },
		{ "fbl.abuse", DECISION_COMPLAINT },
		{ "fbl.auth-failure", DECISION_IGNORE },
		{ "fbl.not-spam", DECISION_IGNORE },
		{ "unknown", DECISION_COUNT_SOFT },
	};
	size_t n;
	const struct class_info *rows = class_table(&n);

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		for (size_t j = 0; j < n; j++)
			if (str_starts(
				str_from(rows[j].name), str_from(ROWS[i].head)))
				want_number(rows[j].name, rows[j].decision,
				    ROWS[i].want);
}

static void
decisions_have_names(void **state)
{
	enum decision d = DECISION_IGNORE;

	(void)state;
	want_text(
	    "name", decision_name(DECISION_SUPPRESS_DOMAIN), "suppress-domain");
	assert_true(decision_of(STR("sender-fault"), &d));
	want_number("number", d, DECISION_SENDER_FAULT);
	assert_false(decision_of(STR("shrug"), &d));
}

static void
only_gone_is_gone(void **state)
{
	(void)state;
	assert_true(class_is_gone(CLASS_GONE_MAILBOX));
	assert_true(class_is_gone(CLASS_GONE_NULLMX));
	assert_false(class_is_gone(CLASS_UNKNOWN));
	assert_false(class_is_gone(CLASS_FULL_MAILBOX));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_class_is_found_by_name_and_number),
		cmocka_unit_test(every_row_says_who_what_and_then),
		cmocka_unit_test(a_number_that_is_none_is_unknown),
		cmocka_unit_test(classes_lead_where_the_taxonomy_says),
		cmocka_unit_test(decisions_have_names),
		cmocka_unit_test(only_gone_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
