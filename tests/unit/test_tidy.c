/* test_tidy.c - a reply as one clean line. */
#include "unit.h"

#include "mail/tidy.h"
#include "mail/tidy_plain.h"

static void
want_tidy(const char *in, const char *out)
{
	char to[512];
	size_t n = tidy(str_from(in), to);

	assert_true(n <= strlen(in) && n < sizeof to);
	to[n] = '\0';
	want_text(in, to, out);
}

static void
white_space_is_one_space(void **state)
{
	(void)state;
	want_tidy("", "");
	want_tidy(" \t\r\n ", "");
	want_tidy("550 no such user here, and this is long", "550 no such user "
	    "here, and this is long");
	want_tidy("  550  no   such\tuser  here,\r\n and this  is long ",
	    "550 no such user here, and this is long");
	want_tidy("0123456789abcde  0123456789abcdef ", "0123456789abcde "
	    "0123456789abcdef");
	want_tidy("0123456789abcd\xc3\xa9 0123456789ab\x7f\x80 x",
	    "0123456789abcd\xc3\xa9 0123456789ab ? x");
}

static void
what_each_line_repeats_stands_once(void **state)
{
	(void)state;
	want_tidy("550-5.1.1 The account that you\r\n550-5.1.1 tried to reach "
	    "is\r\n550 5.1.1 gone since 550 days",
	    "550 5.1.1 The account that you tried to reach is gone since 550 "
	    "days");
	/* One line tells its code as often as it likes. */
	want_tidy("550 5.1.1 gone: 550 5.1.1 gone, and gone",
	    "550 5.1.1 gone: 550 5.1.1 gone, and gone");
}

static void
both_versions_take_as_many_bytes(void **state)
{
	static const char BYTES[] = "ab 1\n\x7f\x80~! /:9";
	uint32_t v = 1;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		char p[TIDY_PLAIN];

		for (size_t i = 0; i < sizeof p; i++) {
			v = v * 1664525u + 1013904223u;
			p[i] = round % 3 == 0 ? (char)(v >> 24)
			    : BYTES[(v >> 16) % (round % 3 == 1 ? 4
			        : sizeof BYTES - 1)];
		}
		assert_int_equal(tidy_plain(p, false),
		    tidy_plain_portable(p, false));
		assert_int_equal(tidy_plain(p, true),
		    tidy_plain_portable(p, true));
	}
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(white_space_is_one_space),
		cmocka_unit_test(what_each_line_repeats_stands_once),
		cmocka_unit_test(both_versions_take_as_many_bytes),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
