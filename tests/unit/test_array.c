/* test_array.c - an array has room for each element, and keeps those before. */
#include "unit.h"

#include "base/array.h"

static void
elements_stay_while_it_grows(void **state)
{
	struct err e = { 0 };
	size_t cap = 0;
	int *array = NULL;

	(void)state;
	for (size_t n = 0; n < 1000; n++) {
		int *grown = array_room(array, n, &cap, sizeof *array, &e);

		assert_non_null(grown);
		assert_true(cap > n);
		array = grown;
		array[n] = (int)n;
	}
	for (int n = 0; n < 1000; n++)
		assert_int_equal(array[n], n);
	free(array);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_stay_while_it_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
