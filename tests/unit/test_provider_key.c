/* test_provider_key.c - addresses that a provider delivers to one mailbox. */
#include "unit.h"

#include "mail/address.h"
#include "mail/provider_key.h"

static void
keys_are_what_the_provider_delivers_to(void **state)
{
	static const struct {
		const char *in, *want;
	} ROWS[] = {
		/* Gmail: dots, tags, its other name */
		{ "u.s.e.r@gmail.com", "user@gmail.com" },
		{ "user+shop@gmail.com", "user@gmail.com" },
		{ "u.ser+a+b@googlemail.com", "user@gmail.com" },
		{ "us-er@gmail.com", "us-er@gmail.com" },
		{ ".user.@gmail.com", "user@gmail.com" },
		{ "+shop@gmail.com", "+shop@gmail.com" },
		/* tags only */
		{ "a.b+c@outlook.com", "a.b@outlook.com" },
		{ "a+c@hotmail.co.uk", "a@hotmail.co.uk" },
		{ "a+c@live.com", "a@live.com" },
		{ "a+c@icloud.com", "a@icloud.com" },
		/* a domain a user */
		{ "a+c@fastmail.com", "a@fastmail.com" },
		{ "shop@joe.fastmail.com", "joe@fastmail.com" },
		{ "x@shop.joe.fastmail.com", "x@shop.joe.fastmail.com" },
		{ "x@joe.gmail.com", "x@joe.gmail.com" },
		/* Proton, Yahoo */
		{ "a.b-c_d+e@proton.me", "abcd@proton.me" },
		{ "a.b@protonmail.com", "ab@protonmail.com" },
		{ "joe-shop@yahoo.com", "joe@yahoo.com" },
		{ "a.b+c@yahoo.com", "a.b+c@yahoo.com" },
		/* all others */
		{ "a.b+c-d@example.com", "a.b+c-d@example.com" },
		{ "a+b@notgmail.com", "a+b@notgmail.com" },
		{ "a+b@gmail.com.example", "a+b@gmail.com.example" },
		{ "\"a+b c\"@gmail.com", "\"a+b c\"@gmail.com" },
		{ "@gmail.com", "@gmail.com" },
		{ "", "" },
	};
	char out[ADDRESS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		assert_true(address_provider_key(
		    str_from(ROWS[i].in), out, sizeof out));
		want_text(ROWS[i].in, out, ROWS[i].want);
		assert_true(address_provider_key(
		    str_from(ROWS[i].want), out, sizeof out));
		want_text(ROWS[i].want, out, ROWS[i].want);
	}
}

static void
what_does_not_fit_is_told(void **state)
{
	char out[ADDRESS_MAX];

	(void)state;
	assert_true(address_provider_key(STR("a.b@gmail.com"), out, 13));
	assert_false(address_provider_key(STR("a.b@gmail.com"), out, 12));
	assert_false(address_provider_key(STR("a@b.example"), out, 11));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_what_the_provider_delivers_to),
		cmocka_unit_test(what_does_not_fit_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
