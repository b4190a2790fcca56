/* test_hash.c - fast 64-bit hashes of bytes. */
#include "unit.h"

#include "wrap/hash.h"

static void
want_hash(const char *row, uint64_t got, uint64_t want)
{
	if (got != want)
		fail_msg("%s: got 0x%016llx, want 0x%016llx", row,
		    (unsigned long long)got, (unsigned long long)want);
}

/* Fingerprints are kept in databases: these may never change. */
static void
hashes_stay_what_they_are(void **state)
{
	static const struct {
		const char *name;
		struct str s;
		uint64_t before, plain, more;
	} ROWS[] = {
		{ "empty", LIT(""), 1, 0x2d06800538d394c2, 0x4dc5b0cc826f6703 },
		{ "abc", LIT("abc"), 1, 0x78af5f94892f3950,
		    0x6b4467b443c76228 },
		{ "with a NUL", LIT("a\0b"), 1, 0xd5a06cd078125351,
		    0x8ebed4bebe43fbe0 },
		{ "an address", LIT("someone@example.test"), 0x2d06800538d394c2,
		    0x6492fc68486ac1de, 0xd9a655e126b4ca81 },
		{ "longer than a block",
		    LIT("0123456789012345678901234567890123456789012345678901"
			"2345678901234567890123456789012345678901234567890123"
			"4567890123456789012345678901234567890123456789012345"
			"6789012345678901234567890123456789012345678901234567"
			"8901234567890123456789012345678901234567890123456789"),
		    7, 0x1aabd69d6290f28d, 0xede5bd932953cc40 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		want_hash(ROWS[i].name, hash64(ROWS[i].s), ROWS[i].plain);
		want_hash(ROWS[i].name, hash64_more(ROWS[i].before, ROWS[i].s),
		    ROWS[i].more);
	}
}

static void
numbers_are_hashed_as_eight_bytes_little_end_first(void **state)
{
	static const struct {
		const char *name;
		int64_t n;
		struct str bytes;
	} ROWS[] = {
		{ "zero", 0, LIT("\0\0\0\0\0\0\0\0") },
		{ "one", 1, LIT("\1\0\0\0\0\0\0\0") },
		{ "mixed", 0x0807060504030201, LIT("\1\2\3\4\5\6\7\10") },
		{ "minus one", -1, LIT("\xff\xff\xff\xff\xff\xff\xff\xff") },
		{ "smallest", INT64_MIN, LIT("\0\0\0\0\0\0\0\x80") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_hash(ROWS[i].name, hash64_number(9, ROWS[i].n),
		    hash64_more(9, ROWS[i].bytes));
}

static void
a_chain_tells_its_parts_apart(void **state)
{
	uint64_t a_bc = hash64_more(hash64(STR("a")), STR("bc"));
	uint64_t ab_c = hash64_more(hash64(STR("ab")), STR("c"));
	uint64_t abc_ = hash64_more(hash64(STR("abc")), STR(""));

	(void)state;
	assert_true(a_bc != ab_c);
	assert_true(ab_c != abc_);
	assert_true(abc_ != hash64(STR("abc")));
	assert_true(hash64_number(0, 1) != hash64_number(1, 1));
}

static void
no_bytes_at_all_are_the_empty_run(void **state)
{
	(void)state;
	want_hash("NULL", hash64((struct str){ NULL, 0 }), hash64(STR("")));
	want_hash("NULL, more", hash64_more(5, (struct str){ NULL, 0 }),
	    hash64_more(5, STR("")));
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(hashes_stay_what_they_are),
		cmocka_unit_test(
		    numbers_are_hashed_as_eight_bytes_little_end_first),
		cmocka_unit_test(a_chain_tells_its_parts_apart),
		cmocka_unit_test(no_bytes_at_all_are_the_empty_run),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
