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

/* Asked once or again, of a short name or of one too long to be remembered. */
static void
what_is_remembered_is_the_same(void **state)
{
	static const char TEXT[] = "[named]\nmx = .named.example\n"
				   "domain = by-domain.example\n";
	struct err e = { 0 };
	struct providers *p = providers_open(str_from(TEXT), "p.conf", &e);
	struct receivers *r = receivers_new();
	char mta[200];

	(void)state;
	assert_non_null(p);
	assert_non_null(r);
	for (int i = 0; i < 40000; i++) {
		struct event ev = { 0 };
		struct receiver got, want;

		snprintf(mta, sizeof mta, "%s%d.%s (192.0.2.%d)",
		    i % 7 == 0 ? "a-name-of-very-many-letters-that-goes-on-"
		                 "and-on-and-on-and-is-not-remembered" : "mx",
		    i % 9000, i % 3 == 0 ? "named.example" : "other.example",
		    i % 250);
		ev.mta = str_from(i % 11 == 0 ? "" : mta);
		assert_true(str_copy(i % 2 == 0 ? STR("a@x.example")
		    : STR("a@by-domain.example"), ev.address,
		    sizeof ev.address));
		got = receiver_find(r, p, &ev);
		want = receiver_find(NULL, p, &ev);
		want_number(mta, got.provider, want.provider);
		want_number(mta, got.group, want.group);
		want_number(mta, got.group == 0 ? 7 : got.group,
		    receiver_of(got.provider, 7, &ev));
	}
	receivers_free(r);
	providers_close(p);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_provider_with_a_name_is_itself),
		cmocka_unit_test(others_go_by_the_domain_of_their_host),
		cmocka_unit_test(a_group_is_a_small_negative_number),
		cmocka_unit_test(what_is_remembered_is_the_same),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
