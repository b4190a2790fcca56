/* test_columns.c - columns by name, once per header row. */
#include "unit.h"

#include "mail/columns.h"

static void
columns_are_found_by_name(void **state)
{
	static const struct {
		const char *name;
		enum column column;
	} NAMES[] = {
		{ "type", COLUMN_TYPE },
		{ "TYPE", COLUMN_TYPE },
		{ "etype", COLUMN_TYPE },
		{ "timeLogged", COLUMN_TIME },
		{ "timelogged", COLUMN_TIME },
		{ "timeQueued", COLUMN_QUEUED },
		{ "timeImprinted", COLUMN_NONE },
		{ "dsnMTA", COLUMN_MTA },
		{ "envid", COLUMN_ENVID },
		{ "envId", COLUMN_ENVID },
		{ "vmtaName", COLUMN_VMTA },
		{ "vmtaPool", COLUMN_POOL },
		{ "destDomain", COLUMN_QUEUE },
		{ "header_Message-Id", COLUMN_MESSAGE_ID },
		{ "header_x-hmxmroriginalrecipient", COLUMN_JMRP },
		{ "arf_original-rcpt-to", COLUMN_ARF_RCPT_TO },
		{ "header_X-job", COLUMN_JOB },
		{ " rcpt ", COLUMN_RCPT },
		{ "dlvSourceIP", COLUMN_SOURCE_IP },
		{ "userString", COLUMN_NONE },
		{ "", COLUMN_NONE },
		{ "rcpt2", COLUMN_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(NAMES); i++)
		want_number(NAMES[i].name,
		    columns_find(str_from(NAMES[i].name)), NAMES[i].column);
}

static void
every_column_has_a_name(void **state)
{
	static const char *const FIRST[] = { "type", "timeLogged", "timeQueued",
		"orig", "rcpt", "orcpt", "dsnAction", "dsnStatus", "dsnDiag",
		"dsnMta", "bounceCat", "dlvType", "dlvSourceIp", "vmta",
		"vmtaPool", "jobId", "envId", "queue", "feedbackType", "format",
		"header_Message-ID", "header_X-HmXmrOriginalRecipient",
		"arf_Original-Rcpt-To", "arf_Original-Recipient",
		"arf_Removal-Recipient", "header_X-Suppress-Ref" };

	(void)state;
	assert_int_equal(COUNT(FIRST) + 1, COLUMN_COUNT);
	for (size_t i = 0; i < COUNT(FIRST); i++)
		want_number(
		    FIRST[i], columns_find(str_from(FIRST[i])), (int)i + 1);
}

static void
a_header_maps_each_field(void **state)
{
	static const struct str NAMES[] = { LIT("type"), LIT("rcpt"),
		LIT("header_Foo"), LIT("RCPT") };
	struct columns c;

	(void)state;
	assert_true(columns_take(&c, NAMES, COUNT(NAMES), STR("")));
	assert_int_equal(c.n, 4);
	assert_int_equal(c.of[0], COLUMN_TYPE);
	assert_int_equal(c.of[1], COLUMN_RCPT);
	assert_int_equal(c.of[2], COLUMN_NONE);
	assert_int_equal(c.of[3], COLUMN_RCPT);
	assert_true(columns_has(&c, COLUMN_RCPT));
	assert_false(columns_has(&c, COLUMN_TIME));
}

static void
a_header_without_type_or_end_is_refused(void **state)
{
	static const struct str NONE[] = { LIT("rcpt") };
	static struct str many[COLUMNS_MAX + 1];
	struct columns c;

	(void)state;
	assert_false(columns_take(&c, NONE, 1, STR("")));
	assert_false(columns_take(&c, NONE, 0, STR("")));
	many[0] = STR("type");
	for (size_t i = 1; i < COUNT(many); i++)
		many[i] = STR("x");
	assert_false(columns_take(&c, many, COUNT(many), STR("")));
	assert_int_equal(c.n, 0);
	assert_true(columns_take(&c, many, COUNT(many) - 1, STR("")));
	assert_int_equal(c.n, COLUMNS_MAX);
}

static void
one_empty_field_at_the_end_is_no_difference(void **state)
{
	static const struct str NAMES[] = { LIT("type"), LIT("rcpt") };
	static const struct str COMMA[] = { LIT("type"), LIT("rcpt"), LIT("") };
	struct columns c;

	(void)state;
	assert_true(columns_take(&c, NAMES, COUNT(NAMES), STR("")));
	assert_true(columns_fit(&c, 2, false));
	assert_true(columns_fit(&c, 3, true));
	assert_false(columns_fit(&c, 3, false));
	assert_false(columns_fit(&c, 4, true));
	assert_false(columns_fit(&c, 1, false));
	assert_true(columns_take(&c, COMMA, COUNT(COMMA), STR("")));
	assert_true(columns_fit(&c, 3, false));
	assert_true(columns_fit(&c, 2, false));
	assert_false(columns_fit(&c, 1, false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_found_by_name),
		cmocka_unit_test(every_column_has_a_name),
		cmocka_unit_test(a_header_maps_each_field),
		cmocka_unit_test(a_header_without_type_or_end_is_refused),
		cmocka_unit_test(one_empty_field_at_the_end_is_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
