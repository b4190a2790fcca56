/* test_table.c - the map from 64-bit keys to numbers. */
#include "unit.h"

#include <time.h>

#include "store/table.h"

#define KEYS 300000

/* A place that all share would take minutes, not a tenth of a second. */
static void
keys_that_end_alike_do_not_share_a_place(void **state)
{
	struct table t = { 0 };
	clock_t began = clock();

	(void)state;
	for (unsigned shift = 0; shift <= 32; shift += 8) {
		table_clear(&t);
		for (int64_t i = 1; i <= KEYS; i++) {
			int64_t *at = table_add(&t, (uint64_t)i << shift);

			assert_non_null(at);
			*at = i;
			assert_true(clock() - began < 20 * CLOCKS_PER_SEC);
		}
		for (int64_t i = 1; i <= KEYS; i += 997) {
			int64_t *at = table_find(&t, (uint64_t)i << shift);

			assert_non_null(at);
			assert_true(*at == i);
		}
	}
	table_release(&t);
}

static void
what_was_not_added_is_not_found(void **state)
{
	struct table t = { 0 };

	(void)state;
	assert_null(table_find(&t, 7));
	assert_non_null(table_add(&t, 7));
	assert_non_null(table_find(&t, 7));
	assert_null(table_find(&t, 8));
	table_clear(&t);
	assert_null(table_find(&t, 7));
	table_release(&t);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(keys_that_end_alike_do_not_share_a_place),
		cmocka_unit_test(what_was_not_added_is_not_found),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
