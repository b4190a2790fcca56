/* test_never.c - addresses that the policy never lists. */
#include "unit.h"

#include "policy/never.h"

static const struct {
	const char *label, *pattern;
} LIST[] = {
	{ "monitor", "Probe@Check.Example" },
	{ "own", "@Shop.Example" },
	{ "seeds", "seed-*@seeds.example" },
	{ "own", "@*.shop.example" },
	{ "role", "postmaster@*" },
	{ "one byte", "x?@y.example" },
	{ "U-label", "*@*.b\xc3\xbc" "cher.example" },
};

static void
fill(struct never *n)
{
	*n = (struct never){ 0 };
	for (size_t i = 0; i < COUNT(LIST); i++)
		assert_null(never_add(n, str_from(LIST[i].label),
		    str_from(LIST[i].pattern)));
}

static const struct {
	const char *key, *pattern; /* NULL: not on it */
} ASKED[] = {
	{ "probe@check.example", "probe@check.example" },
	{ "other@check.example", NULL },
	{ "probe@check.example.net", NULL },
	{ "ada@shop.example", "@shop.example" },
	{ "ada@new.shop.example", "*@*.shop.example" },
	{ "ada@newshop.example", NULL },
	{ "seed-7@seeds.example", "seed-*@seeds.example" },
	{ "seed@seeds.example", NULL },
	{ "postmaster@a.example", "postmaster@*" },
	{ "x1@y.example", "x?@y.example" },
	{ "x12@y.example", NULL },
	{ "ada@new.xn--bcher-kva.example", "*@*.xn--bcher-kva.example" },
	/* A domain, when it or one in it is on the list. */
	{ "@shop.example", "@shop.example" },
	{ "@check.example", "probe@check.example" },
	{ "@seeds.example", "seed-*@seeds.example" },
	{ "@new.shop.example", "*@*.shop.example" },
	{ "@y.example", "x?@y.example" },
	{ "@a.example", NULL },
	{ "", NULL },
};

static void
an_address_is_found_by_itself_its_domain_or_a_pattern(void **state)
{
	static struct never n;
	struct never_hit hit;

	(void)state;
	fill(&n);
	for (size_t i = 0; i < COUNT(ASKED); i++) {
		bool is = never_find(&n, str_from(ASKED[i].key), &hit);

		want_bool(ASKED[i].key, is, ASKED[i].pattern != NULL);
		if (is)
			want_str(ASKED[i].key, hit.pattern,
			    str_from(ASKED[i].pattern));
	}
	assert_true(never_find(&n, STR("ada@shop.example"), &hit));
	want_str("label", hit.label, STR("own"));
}

static void
nothing_is_on_an_empty_list(void **state)
{
	static const struct never NONE;
	struct never_hit hit;

	(void)state;
	assert_false(never_find(&NONE, STR("a@b.example"), &hit));
	assert_false(never_find(&NONE, STR("@b.example"), &hit));
}

static void
what_is_no_address_is_refused_with_the_mend(void **state)
{
	static const char *const BAD[] = { "", "shop.example", "@", "a@",
		"@nodots", "a b@c.example", "*@b\xc3\xbc*.example" };
	static struct never n;
	char far[600];

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++)
		if (never_add(&n, STR("x"), str_from(BAD[i])) == NULL)
			fail_msg("'%s' was taken", BAD[i]);
	memset(far, '*', sizeof far);
	assert_non_null(never_add(&n, STR("x"), str_of(far, sizeof far)));
	want_number("taken", n.n, 0);
}

static void
a_full_list_takes_no_more_and_still_answers(void **state)
{
	static struct never n;
	struct never_hit hit;
	char text[64];

	(void)state;
	n = (struct never){ 0 };
	for (int i = 0; i < NEVER_MAX; i++) {
		snprintf(text, sizeof text, "s%d@d%d.example", i, i);
		assert_null(never_add(&n, STR("s"), str_from(text)));
	}
	assert_non_null(never_add(&n, STR("s"), STR("one@more.example")));
	for (int i = 0; i < NEVER_MAX; i++) {
		snprintf(text, sizeof text, "s%d@d%d.example", i, i);
		assert_true(never_find(&n, str_from(text), &hit));
		want_str("itself", hit.pattern, str_from(text));
		assert_true(never_find(&n, str_skip(str_from(text),
		    str_chr(str_from(text), '@')), &hit));
	}
	assert_false(never_find(&n, STR("one@more.example"), &hit));
}

/* 100 bytes each, with the label and what parts them. */
static void
the_text_of_a_list_has_a_size(void **state)
{
	static struct never n;
	char text[128], domain[93];

	(void)state;
	n = (struct never){ 0 };
	memset(domain, 'd', sizeof domain - 1);
	memcpy(domain + 30, ".d.example.d.", 13);
	domain[sizeof domain - 1] = '\0';
	for (int i = 0; i < NEVER_TEXT / 100 - 1; i++) {
		snprintf(text, sizeof text, "%04d@%s", 1000 + i, domain);
		want_number("bytes", (int64_t)strlen(text), 97);
		assert_null(never_add(&n, STR("s"), str_from(text)));
	}
	/* There is room for one more of 100 bytes, not of 101. */
	snprintf(text, sizeof text, "last@%s", domain);
	assert_non_null(never_add(&n, STR("st"), str_from(text)));
	assert_null(never_add(&n, STR("s"), str_from(text)));
	assert_non_null(never_add(&n, STR("s"), STR("a@b.example")));
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(
		    an_address_is_found_by_itself_its_domain_or_a_pattern),
		cmocka_unit_test(nothing_is_on_an_empty_list),
		cmocka_unit_test(what_is_no_address_is_refused_with_the_mend),
		cmocka_unit_test(a_full_list_takes_no_more_and_still_answers),
		cmocka_unit_test(the_text_of_a_list_has_a_size),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
