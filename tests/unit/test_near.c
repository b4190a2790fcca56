/* test_near.c - which of some names a mistyped word was to be. */
#include "unit.h"

#include "base/near.h"

static void
the_nearest_name_is_told(void **state)
{
	static const char *const NAMES[] = { "check", "changes", "export",
		"expire", "gone.mailbox", "dry-run" };
	static const struct {
		const char *word, *want;
	} ROWS[] = {
		{ "chek", ", but 'check' is" },
		{ "CHECKS", ", but 'check' is" },
		{ "hceck", ", but 'check' is" },
		{ "exprt", ", but 'export' is" },
		{ "gone.mialbx", ", but 'gone.mailbox' is" },
		{ "dryrun", ", but 'dry-run' is" },
		{ "exp", "" }, /* too short to tell */
		{ "", "" },
		{ "bogus", "" },
		{ "checkers", "" },
		{ "a-word-that-is-far-longer-than-any-name", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct near n = near_to(ROWS[i].word);
		char out[NEAR_TEXT];

		for (size_t k = 0; k < COUNT(NAMES); k++)
			near_try(&n, NAMES[k]);
		want_text(ROWS[i].word, near_text(&n, out), ROWS[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_name_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
