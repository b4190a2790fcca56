/* test_hashset.c - large sets of hashes, exact ones and filters. */
#include "unit.h"

#include "base/bloom.h"
#include "base/hashset.h"

#define MANY 200000

/* Well spread, as hashes are. */
static uint64_t
hash_of(uint64_t i)
{
	i *= UINT64_C(0x9e3779b97f4a7c15);
	i ^= i >> 32;
	i *= UINT64_C(0xd6e8feb86659fd93);
	return i ^ i >> 32;
}

static void
fill(struct hashset *s, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		assert_true(hashset_add(s, hash_of(i)));
}

static void
a_set_has_what_was_added_and_nothing_else(void **state)
{
	static const uint64_t SIZES[] = { 0, 1, 7, 8, 9, 1000, 65536, 65537,
		MANY };

	(void)state;
	for (size_t k = 0; k < COUNT(SIZES); k++) {
		struct hashset s = { 0 };
		uint64_t n = SIZES[k];

		fill(&s, n);
		assert_true(hashset_build(&s));
		for (uint64_t i = 0; i < n; i++)
			if (!hashset_has(&s, hash_of(i)))
				fail_msg("of %lu: %lu is missing",
				    (unsigned long)n, (unsigned long)i);
		for (uint64_t i = n; i < 2 * n + 10; i++)
			if (hashset_has(&s, hash_of(i)))
				fail_msg("of %lu: %lu is too much",
				    (unsigned long)n, (unsigned long)i);
		hashset_release(&s);
	}
}

/* Neighbours at the end of the table go on at its beginning. */
static void
hashes_that_want_one_place_all_find_one(void **state)
{
	struct hashset s = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		assert_true(hashset_add(&s, UINT64_MAX - i));
	assert_true(hashset_add(&s, 0));
	assert_true(hashset_build(&s));
	for (uint64_t i = 0; i < 100; i++)
		assert_true(hashset_has(&s, UINT64_MAX - i));
	assert_true(hashset_has(&s, 0));
	assert_false(hashset_has(&s, UINT64_MAX - 100));
	hashset_release(&s);
}

static void
the_same_hash_again_changes_nothing(void **state)
{
	struct hashset s = { 0 };

	(void)state;
	fill(&s, 10);
	fill(&s, 10);
	assert_true(hashset_build(&s));
	for (uint64_t i = 0; i < 20; i++)
		want_bool("twice", hashset_has(&s, hash_of(i)), i < 10);
	hashset_release(&s);
}

static void
a_hash_takes_less_than_24_bytes(void **state)
{
	(void)state;
	assert_true(hashset_bytes(10000000) < 10000000 * UINT64_C(22));
	assert_true(hashset_bytes(100000000) < 100000000 * UINT64_C(22));
	assert_true(hashset_bytes(0) < 4 << 20);
}

static void
count(void *ctx, uint64_t hash)
{
	uint64_t *sum = ctx;

	*sum += hash;
}

static void
what_was_gathered_can_be_gone_through(void **state)
{
	struct hashset s = { 0 };
	uint64_t want = 0, got = 0;

	(void)state;
	fill(&s, MANY);
	for (uint64_t i = 0; i < MANY; i++)
		want += hash_of(i);
	hashset_each(&s, count, &got);
	assert_true(got == want);
	hashset_release(&s);
}

/* How many of others a filter of `max` bytes takes for its own. */
static unsigned
false_ones(uint64_t max, uint64_t *bytes)
{
	struct bloom b = { 0 };
	unsigned n = 0;

	assert_true(bloom_make(&b, MANY, max));
	for (uint64_t i = 0; i < MANY; i++)
		bloom_add(&b, hash_of(i));
	for (uint64_t i = 0; i < MANY; i++)
		assert_true(bloom_maybe(&b, hash_of(i)));
	for (uint64_t i = MANY; i < 2 * MANY; i++)
		n += bloom_maybe(&b, hash_of(i));
	*bytes = b.n * sizeof *b.blocks;
	bloom_release(&b);
	return n;
}

static void
a_filter_never_says_no_to_its_own(void **state)
{
	uint64_t bytes;

	(void)state;
	/* One in 400 at the most, of 2 bytes each. */
	assert_true(false_ones(UINT64_MAX, &bytes) < MANY / 400);
	assert_true(bytes <= MANY * 2 + 64);
	/* Less room: more mistakes, and no other answer to its own. */
	assert_true(false_ones(MANY, &bytes) > MANY / 400);
	assert_true(bytes <= MANY);
	false_ones(0, &bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_set_has_what_was_added_and_nothing_else),
		cmocka_unit_test(hashes_that_want_one_place_all_find_one),
		cmocka_unit_test(the_same_hash_again_changes_nothing),
		cmocka_unit_test(a_hash_takes_less_than_24_bytes),
		cmocka_unit_test(what_was_gathered_can_be_gone_through),
		cmocka_unit_test(a_filter_never_says_no_to_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
