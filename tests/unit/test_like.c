/* test_like.c - patterns of addresses as keys are matched. */
#include "unit.h"

#include "mail/like.h"

#define BUECHER "b\xc3\xbc" "cher"
#define A_LABEL "xn--bcher-kva"

static void
a_pattern_is_written_as_people_write_addresses(void **state)
{
	static const struct {
		const char *pattern, *want; /* NULL: refused */
	} ROWS[] = {
		{ "*@Shop.Example", "*@shop.example" },
		{ "Ada*", "ada*" },
		{ "*", "*" },
		{ "", "" },
		{ "*@", "*@" },
		{ "ZO\xc3\x8b@*", "zo\xc3\xab@*" },
		{ "zoe\xcc\x88@*", "zo\xc3\xab@*" },
		{ "*@" BUECHER ".example", "*@" A_LABEL ".example" },
		{ "*@B\xc3\x9c" "CHER.Example", "*@" A_LABEL ".example" },
		{ "@*." BUECHER ".example", "@*." A_LABEL ".example" },
		{ "*@shop-?.*." BUECHER ".example",
		    "*@shop-?.*." A_LABEL ".example" },
		{ "*@" BUECHER ".*", NULL },
		{ "*@b\xc3\xbc*.example", NULL },
		{ "*@*." BUECHER, NULL },
		{ "*@*\xc3\xbc", NULL },
		{ "*@xn--b*.Example", "*@xn--b*.example" },
		{ "a\xe9*", "a\xe9*" },
		{ "a@b@" BUECHER ".example", "a@b@" A_LABEL ".example" },
	};
	char got[ADDRESS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		want_bool(ROWS[i].pattern,
		    like_key(str_from(ROWS[i].pattern), got),
		    ROWS[i].want != NULL);
		if (ROWS[i].want != NULL)
			want_str(ROWS[i].pattern, str_from(got),
			    str_from(ROWS[i].want));
	}
}

static void
one_longer_than_an_address_is_refused(void **state)
{
	char got[ADDRESS_MAX], long_one[ADDRESS_MAX];

	(void)state;
	memset(long_one, 'a', sizeof long_one);
	for (size_t at = 0; at < sizeof long_one - 1; at++) {
		long_one[at] = '@';
		want_bool("fits", like_key(
		    str_of(long_one, sizeof long_one - 1), got), true);
		want_number("whole", (int64_t)strlen(got),
		    sizeof long_one - 1);
		long_one[at] = 'a';
	}
	want_bool("too long",
	    like_key(str_of(long_one, sizeof long_one), got), false);
	/* Folded it may grow: U+0390 has three letters then. */
	for (size_t i = 0; i + 2 <= sizeof long_one; i += 2)
		memcpy(long_one + i, "\xce\x90", 2);
	want_bool("grown",
	    like_key(str_of(long_one, sizeof long_one - 2), got), true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_pattern_is_written_as_people_write_addresses),
		cmocka_unit_test(one_longer_than_an_address_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
