/* test_receiver.c - who goes together as one receiver. */
#include "unit.h"

#include "work/receiver.h"

static int64_t
group(const char *mta, const char *address)
{
	struct event ev = { .mta = str_from(mta) };

	assert_true(str_copy(str_from(address), ev.address,
	    sizeof ev.address));
	return receiver_of(0, 7, &ev);
}

static void
a_provider_with_a_name_is_itself(void **state)
{
	struct event ev = { .mta = STR("mx.example.com (192.0.2.1)") };

	(void)state;
	want_number("word", receiver_of(3, 7, &ev), 7);
}

static void
others_go_by_the_domain_of_their_host(void **state)
{
	static const struct {
		const char *name, *mta, *address, *other, *to;
		bool same;
	} ROWS[] = {
		{ "two hosts of one", "mx1.host.example (192.0.2.1)",
		    "a@x.example", "mx2.HOST.example. (192.0.2.2)",
		    "b@y.example", true },
		{ "another's host", "mx.host.example", "a@x.example",
		    "mx.victim.example", "a@x.example", false },
		{ "no host: the domain", "", "a@x.example", "", "b@x.example",
		    true },
		{ "no host: another domain", "", "a@x.example", "",
		    "a@other.example", false },
		{ "an address is no host", "[192.0.2.1] (192.0.2.1)",
		    "a@x.example", "", "b@x.example", true },
		{ "three labels", "mx.one.co.uk", "a@x.example",
		    "mx.two.co.uk", "a@x.example", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_bool(ROWS[i].name,
		    group(ROWS[i].mta, ROWS[i].address) ==
		    group(ROWS[i].other, ROWS[i].to), ROWS[i].same);
}

static void
a_group_is_a_small_negative_number(void **state)
{
	char host[64];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		int64_t g;

		snprintf(host, sizeof host, "mx.d%d.example", i);
		g = group(host, "a@x.example");
		assert_true(g < 0 && g >= -RECEIVER_GROUPS);
	}
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_provider_with_a_name_is_itself),
		cmocka_unit_test(others_go_by_the_domain_of_their_host),
		cmocka_unit_test(a_group_is_a_small_negative_number),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
