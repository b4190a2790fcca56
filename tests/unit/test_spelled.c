/* test_spelled.c - the ways in which an address may stand in a text. */
#include "unit.h"

#include "mail/spelled.h"

static bool
in(const char *key, const char *text)
{
	struct spelled s;

	spelled_init(&s, str_from(key));
	return spelled_in(&s, str_from(text));
}

static void
labels_of_both_kinds_are_found(void **state)
{
	(void)state;
	assert_true(in("bob@xn--bcher-kva.example", "to bob@bücher.example."));
	assert_true(in("bob@xn--bcher-kva.example",
	    "v-bob=xn--bcher-kva.example@n.example"));
	assert_true(in("bob@xn--bcher-kva.example", "bob=bücher.example"));
	assert_false(in("bob@xn--bcher-kva.example", "bob@x.example"));
}

static void
a_longer_address_is_another_one(void **state)
{
	(void)state;
	assert_true(in("ada@x.example", "d,ada@x.example,x"));
	assert_false(in("ada@x.example", "d,nada@x.example,x"));
	assert_false(in("ada@x.example", "d,n-ada@x.example,x"));
	assert_false(in("ada@x.example", "d,ada@x.example.net,x"));
	assert_false(in("ada@x.example", "d,nada=x.example@n.example,x"));
	assert_true(in("ada@x.example", "nada@x.example,ada@x.example"));
}

static void
eszett_is_folded_like_the_text(void **state)
{
	(void)state;
	assert_true(in("b@xn--strae-oqa.example", "b@straße.example"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_of_both_kinds_are_found),
		cmocka_unit_test(a_longer_address_is_another_one),
		cmocka_unit_test(eszett_is_folded_like_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
