/* test_mbox.c - where mails part in an mbox. */
#include "unit.h"

#include "mail/mbox.h"

#define FROM "From a@b.example Sat Nov 21 07:57:27 2026\n"

static void
a_line_that_parts_mails_is_known(void **state)
{
	static const struct {
		const char *line;
		bool is;
	} LINES[] = {
		{ FROM, true },
		{ "From MAILER-DAEMON Sat Nov 21 07:57 2026 +0100\r\n", true },
		{ "From - Sat Nov 21 07:57:27 2026", true },
		{ "From here on 2026 is a good year\n", false },
		{ "From a@b.example at 10:30 today\n", false },
		{ "From: a@b.example Sat Nov 21 07:57:27 2026\n", false },
		{ " From a@b.example Sat Nov 21 07:57:27 2026\n", false },
		{ "From a@b.example\nSat Nov 21 07:57:27 2026\n", false },
		{ "From", false }, { "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(LINES); i++)
		want_bool(LINES[i].line, mbox_starts(str_from(LINES[i].line)),
		    LINES[i].is);
}

static void
a_mail_ends_before_the_next(void **state)
{
	static const struct {
		const char *name, *first, *rest;
	} BOXES[] = {
		{ "one", FROM "A: b\n\ntext\n", "" },
		{ "two", FROM "A: b\n\ntext\n\n", FROM "C: d\n\n" },
		{ "CRLF", FROM "A: b\r\n\r\ntext\r\n\r\n", FROM "C: d\r\n" },
		{ "no empty line before it: text", FROM "A: b\n\ntext\n" FROM
		    "more\n", "" },
		{ "words that begin so", FROM "A: b\n\nFrom now on\n\n"
		    "From then on\n", "" },
		{ "no body", FROM "A: b\n\n", FROM "C: d\n" },
		{ "nothing", "", "" },
	};
	char box[512];

	(void)state;
	for (size_t i = 0; i < COUNT(BOXES); i++) {
		snprintf(box, sizeof box, "%s%s", BOXES[i].first,
		    BOXES[i].rest);
		want_number(BOXES[i].name, (int64_t)mbox_cut(str_from(box)),
		    (int64_t)strlen(BOXES[i].first));
	}
}

/* What is behind so much of a line parts no mails. */
static void
a_line_that_parts_mails_has_a_size(void **state)
{
	static const char FIRST[] = "From a", LAST[] = " Sat Nov 21 07:57 2026";
	char line[MBOX_LINE_MAX + 3];

	(void)state;
	for (size_t n = MBOX_LINE_MAX - 1; n <= MBOX_LINE_MAX + 1; n++) {
		memset(line, 'a', n);
		memcpy(line, FIRST, strlen(FIRST));
		memcpy(line + n - strlen(LAST), LAST, strlen(LAST));
		line[n] = '\n';
		want_bool("parts", mbox_starts(str_of(line, n + 1)),
		    n <= MBOX_LINE_MAX);
	}
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_line_that_parts_mails_is_known),
		cmocka_unit_test(a_line_that_parts_mails_has_a_size),
		cmocka_unit_test(a_mail_ends_before_the_next),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
