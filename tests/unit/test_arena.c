/* test_arena.c - many small texts that are freed at once. */
#include "unit.h"

#include "base/arena.h"

static void
texts_are_copied_with_a_nul(void **state)
{
	struct arena a = { 0 };
	char source[] = "abc";
	char *copy = arena_text(&a, str_of(source, 2));
	char *empty = arena_text(&a, str_of(NULL, 0));

	(void)state;
	source[0] = 'x';
	assert_string_equal(copy, "ab");
	assert_string_equal(empty, "");
	arena_release(&a);
}

static void
pieces_of_any_size_do_not_overlap(void **state)
{
	struct arena a = { 0 };
	unsigned char *piece[200];

	(void)state;
	for (size_t i = 0; i < COUNT(piece); i++) {
		piece[i] = arena_take(&a, i * i);
		assert_non_null(piece[i]);
		assert_int_equal((uintptr_t)piece[i] % _Alignof(max_align_t), 0);
		memset(piece[i], (int)i, i * i);
	}
	for (size_t i = 1; i < COUNT(piece); i++) {
		assert_int_equal(piece[i][0], i);
		assert_int_equal(piece[i][i * i - 1], i);
	}
	arena_release(&a);
}

static void
a_size_that_cannot_be_is_refused(void **state)
{
	struct arena a = { 0 };

	(void)state;
	assert_null(arena_take(&a, SIZE_MAX));
	assert_null(arena_take(&a, SIZE_MAX - 64));
	assert_null(arena_text(&a, str_of("", SIZE_MAX)));
	arena_release(&a);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_copied_with_a_nul),
		cmocka_unit_test(pieces_of_any_size_do_not_overlap),
		cmocka_unit_test(a_size_that_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
