/* test_pseudo.c - pseudonyms: the same for the same, of the same kind. */
#include "unit.h"

#include "mail/address.h"
#include "verdict/rules.h"
#include "work/pseudo.h"

static struct rules *RULES;
static struct pseudo P = { .key = "k", .verp_prefix = LIT("news") };

static int
open_all(void **state)
{
	struct err e = { 0 };

	(void)state;
	RULES = rules_open(NULL, NULL, &e);
	if (RULES == NULL)
		return -1;
	P.providers = rules_providers(RULES);
	return 0;
}

static int
close_all(void **state)
{
	(void)state;
	rules_close(RULES);
	return 0;
}

typedef void pseudo_fn(const struct pseudo *p, struct str s, struct buf *out);

static const char *
made(pseudo_fn *fn, const char *s, struct buf *b)
{
	buf_clear(b);
	fn(&P, str_from(s), b);
	return buf_cstr(b);
}

static void
the_same_address_has_the_same_name(void **state)
{
	static const struct {
		const char *row, *a, *b;
		pseudo_fn *fn;
	} ROWS[] = {
		{ "case", "Ada@X.example", "ada@x.EXAMPLE", pseudo_address },
		{ "labels", "a@b\xc3\xbc" "cher.example",
		    "a@xn--bcher-kva.example", pseudo_address },
		{ "IPv6", "2001:db8::1", "2001:0DB8:0:0::1", pseudo_ip },
		{ "UTF-8", "J\xc3\x9cRG@x.example", "j\xc3\xbcrg@x.example",
		    pseudo_address },
	};
	struct buf a = { 0 }, b = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_str(ROWS[i].row, str_from(made(ROWS[i].fn, ROWS[i].a,
		    &a)), str_from(made(ROWS[i].fn, ROWS[i].b, &b)));
	buf_release(&a);
	buf_release(&b);
}

/* PowerMTA's VERP still names the recipient. */
static void
verp_and_recipient_agree(void **state)
{
	static const char *const WHO[] = { "ada@x.example",
		"jean-paul.sartre+tag@sub.kunde.shop", "x@gmail.com",
		"1234@firma.de", "a_b@c.co.uk" };
	struct buf rcpt = { 0 }, verp = { 0 };
	char orig[128], got[ADDRESS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(WHO); i++) {
		snprintf(orig, sizeof orig, "news-%s@b.example", WHO[i]);
		*strchr(orig, '@') = '=';
		made(pseudo_address, WHO[i], &rcpt);
		made(pseudo_address, orig, &verp);
		assert_true(address_verp(buf_str(&verp), STR("news"), STR(""),
		    got, sizeof got) == VERP_OK);
		want_str(WHO[i], str_from(got), buf_str(&rcpt));
		assert_true(address_key(buf_str(&rcpt), got, sizeof got) ==
		    ADDRESS_OK);
	}
	buf_release(&rcpt);
	buf_release(&verp);
}

static void
providers_stay_and_customers_before_them_do_not(void **state)
{
	static const struct {
		const char *host, *ends;
		bool same;
	} ROWS[] = {
		{ "gmail.com", "gmail.com", true },
		{ "GMAIL.com", "gmail.com", true },
		{ "alt1.gmail-smtp-in.l.google.com", ".google.com", false },
		{ "kunde-de.mail.protection.outlook.com",
		    ".protection.outlook.com", false },
		{ "kunde.de", ".example", false },
		{ "mx.kunde.co.uk", ".example", false },
	};
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		const char *got = made(pseudo_domain, ROWS[i].host, &b);

		if (!str_ends(str_from(got), str_from(ROWS[i].ends)) ||
		    (strcmp(got, ROWS[i].ends) == 0) != ROWS[i].same ||
		    strstr(got, "kunde") != NULL)
			fail_msg("%s: got \"%s\"", ROWS[i].host, got);
	}
	buf_release(&b);
}

/* A host below a domain is below it afterwards. */
static void
what_is_below_stays_below(void **state)
{
	struct buf host = { 0 }, domain = { 0 };

	(void)state;
	made(pseudo_domain, "mx1.mail.kunde.de", &host);
	made(pseudo_domain, "mail.kunde.de", &domain);
	assert_true(str_ends(buf_str(&host), buf_str(&domain)));
	made(pseudo_domain, "kunde.de", &domain);
	assert_true(str_ends(buf_str(&host), buf_str(&domain)));
	buf_release(&host);
	buf_release(&domain);
}

static void
what_was_no_address_is_none_after(void **state)
{
	static const char *const NOT[] = { "a@localhost", "a@b_c.example",
		"a@[192.0.2.1]", "redacted@x.example" };
	char key[ADDRESS_MAX];
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(NOT); i++) {
		enum address_cause want = address_key(str_from(NOT[i]), key,
		    sizeof key);
		enum address_cause got;

		made(pseudo_address, NOT[i], &b);
		got = address_key(buf_str(&b), key, sizeof key);
		if ((want == ADDRESS_OK) != (got == ADDRESS_OK) ||
		    address_is_redacted(str_from(NOT[i])) !=
		    address_is_redacted(buf_str(&b)))
			fail_msg("%s: got \"%s\"", NOT[i], buf_cstr(&b));
	}
	buf_release(&b);
}

static void
a_local_part_never_grows_too_long(void **state)
{
	char s[80], key[ADDRESS_MAX];
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < 64; i++)
		s[i] = i % 2 == 0 ? 'a' : '.';
	snprintf(s + 63, sizeof s - 63, "@x.example");
	made(pseudo_address, s, &b);
	assert_true(address_key(buf_str(&b), key, sizeof key) == ADDRESS_OK);
	buf_release(&b);
}

static void
another_key_gives_other_names(void **state)
{
	struct pseudo other = { .providers = P.providers };
	struct err e = { 0 };
	struct buf a = { 0 }, b = { 0 };

	(void)state;
	assert_true(pseudo_init(&other, &e));
	made(pseudo_address, "ada@x.example", &a);
	pseudo_address(&other, STR("ada@x.example"), &b);
	assert_false(str_eq(buf_str(&a), buf_str(&b)));
	buf_release(&a);
	buf_release(&b);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(the_same_address_has_the_same_name),
		cmocka_unit_test(verp_and_recipient_agree),
		cmocka_unit_test(
		    providers_stay_and_customers_before_them_do_not),
		cmocka_unit_test(what_is_below_stays_below),
		cmocka_unit_test(what_was_no_address_is_none_after),
		cmocka_unit_test(a_local_part_never_grows_too_long),
		cmocka_unit_test(another_key_gives_other_names),
	};

	return cmocka_run_group_tests(TESTS, open_all, close_all);
}
