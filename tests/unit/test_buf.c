/* test_buf.c - bytes that grow. */
#include "unit.h"

#include "base/buf.h"

static void
all_zero_is_an_empty_buffer(void **state)
{
	struct buf b = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_int_equal(buf_str(&b).n, 0);
	assert_true(buf_ok(&b, &e));
	buf_drop(&b, 3);
	buf_clear(&b);
	buf_add(&b, (struct str){ NULL, 0 });
	assert_int_equal(b.n, 0);
	buf_release(&b);
	buf_release(&b);
	assert_null(b.p);
}

static void
every_way_to_add_appends(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_add(&b, STR("a\0b"));
	buf_addc(&b, 'c');
	buf_adds(&b, "de");
	buf_adds(&b, "");
	buf_addf(&b, "%d-%s", 7, "f");
	want_str("all", buf_str(&b), STR("a\0bcde7-f"));
	buf_release(&b);
}

static void
growing_keeps_what_was_there(void **state)
{
	struct buf b = { 0 };
	struct err e = { 0 };

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		buf_addc(&b, (char)(i % 251));
	assert_int_equal(b.n, 100000);
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal((unsigned char)b.p[i], i % 251);
	assert_true(buf_ok(&b, &e));
	buf_release(&b);
}

static void
a_print_longer_than_the_buffer_is_whole(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_addc(&b, '<');
	buf_addf(&b, "%5000d>", 1);
	assert_int_equal(b.n, 5002);
	assert_int_equal(b.p[5000], '1');
	assert_int_equal(b.p[5001], '>');
	buf_release(&b);
}

static void
room_is_written_by_the_caller(void **state)
{
	struct buf b = { 0 };
	char *to;

	(void)state;
	buf_adds(&b, "ab");
	to = buf_room(&b, 1000);
	assert_non_null(to);
	assert_int_equal(b.n, 2);
	assert_true(b.cap >= 1002);
	memset(to, 'x', 1000);
	b.n += 1000;
	assert_int_equal(b.p[0], 'a');
	assert_int_equal(b.p[1001], 'x');
	buf_release(&b);
	assert_non_null(buf_room(&b, 0));
	assert_int_equal(b.n, 0);
	buf_release(&b);
}

static void
dropping_takes_from_the_front(void **state)
{
	static const struct {
		const char *name;
		size_t n;
		const char *want;
	} ROWS[] = {
		{ "none", 0, "abcdef" },
		{ "some", 2, "cdef" },
		{ "all", 6, "" },
		{ "more than all", 7, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct buf b = { 0 };

		buf_adds(&b, "abcdef");
		buf_drop(&b, ROWS[i].n);
		want_str(ROWS[i].name, buf_str(&b), str_from(ROWS[i].want));
		buf_release(&b);
	}
}

static void
clearing_keeps_the_memory(void **state)
{
	struct buf b = { 0 };
	char *was;

	(void)state;
	buf_adds(&b, "abc");
	was = b.p;
	buf_clear(&b);
	assert_int_equal(b.n, 0);
	buf_adds(&b, "d");
	assert_ptr_equal(b.p, was);
	want_str("after", buf_str(&b), STR("d"));
	buf_release(&b);
}

static void
a_c_string_has_its_nul_not_counted(void **state)
{
	struct buf b = { 0 };

	(void)state;
	assert_string_equal(buf_cstr(&b), "");
	for (size_t i = 0; i < 200; i++) {
		assert_int_equal(strlen(buf_cstr(&b)), i);
		assert_int_equal(b.n, i);
		buf_addc(&b, 'x');
	}
	buf_release(&b);
}

static void
a_failed_growth_is_remembered(void **state)
{
	static const struct {
		const char *name;
		size_t n;
	} ROWS[] = {
		{ "a sum that wraps", SIZE_MAX },
		{ "more than any object", (size_t)PTRDIFF_MAX },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct buf b = { 0 };
		struct err e = { 0 };

		buf_adds(&b, "ab");
		want_bool(ROWS[i].name, buf_room(&b, ROWS[i].n) == NULL, true);
		want_bool(ROWS[i].name, b.failed, true);
		buf_adds(&b, "cd");
		buf_addf(&b, "%d", 1);
		want_str(ROWS[i].name, buf_str(&b), STR("ab"));
		want_bool(ROWS[i].name, buf_cstr(&b) == NULL, true);
		want_bool(ROWS[i].name, buf_ok(&b, &e), false);
		want_number(ROWS[i].name, e.code, EX_OSERR);
		buf_clear(&b);
		buf_adds(&b, "ef");
		want_str(ROWS[i].name, buf_str(&b), STR("ef"));
		buf_release(&b);
	}
}

static void
what_is_joined_brings_its_failure(void **state)
{
	struct buf b = { 0 };
	struct buf from = { 0 };

	(void)state;
	buf_adds(&b, "ab");
	buf_adds(&from, "cd");
	buf_join(&b, &from);
	want_str("joined", buf_str(&b), STR("abcd"));
	want_bool("no failure", b.failed, false);
	from.failed = true;
	buf_join(&b, &from);
	want_bool("its failure", b.failed, true);
	buf_release(&b);
	buf_release(&from);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(all_zero_is_an_empty_buffer),
		cmocka_unit_test(every_way_to_add_appends),
		cmocka_unit_test(growing_keeps_what_was_there),
		cmocka_unit_test(a_print_longer_than_the_buffer_is_whole),
		cmocka_unit_test(room_is_written_by_the_caller),
		cmocka_unit_test(dropping_takes_from_the_front),
		cmocka_unit_test(clearing_keeps_the_memory),
		cmocka_unit_test(a_c_string_has_its_nul_not_counted),
		cmocka_unit_test(a_failed_growth_is_remembered),
		cmocka_unit_test(what_is_joined_brings_its_failure),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
