/* test_groups.c - rows counted by what they have in common. */
#include "unit.h"

#include "store/groups.h"

#define MANY 5000

static void
count(struct groups *g, int64_t a, int64_t b, int64_t time)
{
	int64_t key[GROUP_KEYS] = { a, [GROUP_KEYS - 1] = b };
	struct err e = { 0 };
	struct group *to = groups_at(g, key, &e);

	assert_non_null(to);
	group_add(to, 1, time, time);
}

static void
rows_of_one_key_are_one_group(void **state)
{
	struct groups g = { 0 };
	struct db_rows rows;
	struct db_row row;

	(void)state;
	for (int64_t i = 0; i < 3 * MANY; i++)
		count(&g, i % MANY, -(i % MANY), 1000 - i);
	want_number("groups", (int64_t)g.n, MANY);
	rows = groups_rows(&g);
	want_number("rows", (int64_t)rows.n, MANY);
	for (size_t i = 0; i < MANY; i++) {
		rows.get(rows.ctx, i, &row);
		want_number("first of the key", row.number[1], (int64_t)i);
		want_number("last of the key", row.number[8], -(int64_t)i);
		want_number("n", row.number[9], 3);
		want_number("first", row.number[10],
		    1000 - (int64_t)i - 2 * MANY);
		want_number("last", row.number[11], 1000 - (int64_t)i);
	}
	groups_release(&g);
}

/* Whole 1 has 4 rows in 2 parts; 2 and 3 have 3 rows; 4 has one. */
static void
make_wholes(struct groups *g)
{
	static const int64_t ROWS[][2] = { { 4, 1 }, { 3, 1 }, { 3, 1 },
		{ 1, 1 }, { 1, 1 }, { 2, 1 }, { 3, 1 }, { 1, 2 }, { 2, 2 },
		{ 1, 2 }, { 2, 3 } };

	for (size_t i = 0; i < COUNT(ROWS); i++)
		count(g, ROWS[i][0], ROWS[i][1], 1);
}

static void
parts_of_the_most_frequent_wholes_are_kept(void **state)
{
	static const struct {
		const char *name;
		int64_t limit;
		size_t kept;
	} ROWS[] = {
		{ "the first", 1, 2 },
		{ "two, and one as frequent", 2, 6 },
		{ "three", 3, 6 },
		{ "all", 4, 7 },
		{ "more than there are", 100, 7 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct groups g = { 0 };
		struct err e = { 0 };

		make_wholes(&g);
		assert_true(groups_keep_most(&g, 1, ROWS[i].limit, &e));
		want_number(ROWS[i].name, (int64_t)g.n,
		    (int64_t)ROWS[i].kept);
		groups_release(&g);
	}
}

static void
of_no_rows_none_are_kept(void **state)
{
	struct groups g = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_true(groups_keep_most(&g, 3, 5, &e));
	want_number("groups", (int64_t)g.n, 0);
	groups_release(&g);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(rows_of_one_key_are_one_group),
		cmocka_unit_test(parts_of_the_most_frequent_wholes_are_kept),
		cmocka_unit_test(of_no_rows_none_are_kept),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
