/* test_address.c - keys of addresses, and the recipient in a VERP. */
#include "unit.h"

#include "address_rows.h"
#include "mail/fields.h"

static void
check_key(
    const char *name, struct str in, enum address_cause cause, const char *key)
{
	char out[ADDRESS_MAX];
	enum address_cause got;

	memset(out, 'x', sizeof out);
	got = address_key(in, out, sizeof out);
	want_text(name, address_cause_name(got), address_cause_name(cause));
	want_text(name, out, key);
}

static void
keys_are_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ADDRESS_ROWS); i++)
		check_key(ADDRESS_ROWS[i].name, ADDRESS_ROWS[i].in, ADDRESS_ROWS[i].cause, ADDRESS_ROWS[i].key);
}

static void
a_key_is_its_own_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ADDRESS_ROWS); i++)
		if (ADDRESS_ROWS[i].cause == ADDRESS_OK)
			check_key(ADDRESS_ROWS[i].name, str_from(ADDRESS_ROWS[i].key),
			    ADDRESS_OK, ADDRESS_ROWS[i].key);
}

/* As a file to import, or a report, may write them. */
static void
what_stands_around_an_address_goes(void **state)
{
	static const struct {
		const char *in, *key;
	} ROWS[] = {
		{ "Joe Doe <Joe@example.com>", "joe@example.com" },
		{ "\"Doe, Joe\" <joe@example.com>", "joe@example.com" },
		{ "\"joe@x.example\" <joe@example.com>", "joe@example.com" },
		{ "J\xc3\xb6rg <j@example.com>", "j@example.com" },
		{ "<joe@example.com> (Joe)", "joe@example.com" },
		{ "joe@example.com (Joe Doe)", "joe@example.com" },
		{ "joe@example.com (his (old) one)", "joe@example.com" },
		{ "(Joe) joe@example.com", "joe@example.com" },
		{ "(a \\) b) joe@example.com", "joe@example.com" },
		{ "Joe (old) <joe@example.com>", "joe@example.com" },
		{ "mailto:joe@example.com", "joe@example.com" },
		{ "<mailto:joe@example.com>", "joe@example.com" },
		{ "rfc822; <joe@example.com> x", "joe@example.com" },
		{ "\"joe doe\"@example.com", "\"joe doe\"@example.com" },
		{ "<.joe.@docomo.ne.jp>", ".joe.@docomo.ne.jp" },
		{ "Joe Doe", "" },
		{ "Joe <>", "" },
		{ "(joe@example.com)", "" },
	};
	char out[ADDRESS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		(void)address_key(fields_address(str_from(ROWS[i].in)), out,
		    sizeof out);
		want_text(ROWS[i].in, out, ROWS[i].key);
	}
}

static void
every_cap_is_kept(void **state)
{
	static const struct str INS[] = { LIT("user@example.com"),
		LIT("<user@example.com>"), LIT("\"a b\"@example.com"),
		LIT("j\xc3\xb6@b\xc3\xbc.de") };
	static const size_t NEEDS[] = { 17, 17, 18, 17 };

	(void)state;
	for (size_t i = 0; i < COUNT(INS); i++)
		for (size_t cap = 0; cap < 40; cap++) {
			char *out = malloc(cap > 0 ? cap : 1);
			enum address_cause got;

			assert_non_null(out);
			got = address_key(INS[i], out, cap);
			if (cap < NEEDS[i])
				assert_int_not_equal(got, ADDRESS_OK);
			if (cap >= 2 * NEEDS[i])
				assert_int_equal(got, ADDRESS_OK);
			if (cap > 0)
				assert_true(strlen(out) < cap);
			free(out);
		}
}

static void
long_input_is_no_address(void **state)
{
	static char in[100000];
	char out[ADDRESS_MAX];

	(void)state;
	memset(in, 'a', sizeof in);
	assert_int_equal(
	    address_key(str_of(in, sizeof in), out, sizeof out), ADDRESS_NO_AT);
	in[10] = '@';
	assert_int_equal(address_key(str_of(in, sizeof in), out, sizeof out),
	    ADDRESS_DOMAIN_LONG);
	memset(in + 11, 0xc3, sizeof in - 11);
	assert_int_equal(address_key(str_of(in, sizeof in), out, sizeof out),
	    ADDRESS_DOMAIN_LONG);
	assert_string_equal(out, "");
}

static void
domains_have_keys(void **state)
{
	static const struct {
		const char *in;
		enum address_cause cause;
		const char *key;
	} DOMAINS[] = {
		{ "Example.COM", ADDRESS_OK, "@example.com" },
		{ "@example.com", ADDRESS_OK, "@example.com" },
		{ " example.com. ", ADDRESS_OK, "@example.com" },
		{ "b\xc3\xbc"
		  "cher.de",
		    ADDRESS_OK, "@xn--bcher-kva.de" },
		{ "", ADDRESS_EMPTY, "" },
		{ "@", ADDRESS_EMPTY, "" },
		{ "com", ADDRESS_DOMAIN_BAD, "" },
		{ "a@example.com", ADDRESS_DOMAIN_BAD, "" },
		{ "@@example.com", ADDRESS_DOMAIN_BAD, "" },
		{ "[192.0.2.1]", ADDRESS_LITERAL, "" },
		{ "\xfc.de", ADDRESS_NOT_UTF8, "" },
	};
	char out[ADDRESS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(DOMAINS); i++) {
		enum address_cause got = address_domain_key(
		    str_from(DOMAINS[i].in), out, sizeof out);

		want_number(DOMAINS[i].in, got, DOMAINS[i].cause);
		want_text(DOMAINS[i].in, out, DOMAINS[i].key);
	}
	assert_int_equal(
	    address_domain_key(STR("b.cd"), out, 1), ADDRESS_DOMAIN_LONG);
	assert_int_equal(
	    address_domain_key(STR("b.cd"), out, 5), ADDRESS_DOMAIN_LONG);
	assert_int_equal(address_domain_key(STR("b.cd"), out, 6), ADDRESS_OK);
}

static void
the_domain_is_behind_the_last_at(void **state)
{
	(void)state;
	want_str("plain", address_domain(STR("a@b.cd")), STR("b.cd"));
	want_str("domain key", address_domain(STR("@b.cd")), STR("b.cd"));
	want_str("two", address_domain(STR("\"a@x\"@b.cd")), STR("b.cd"));
	want_str("none", address_domain(STR("a")), STR(""));
	want_str("nothing", address_domain(STR("")), STR(""));
}

static void
redaction_is_seen(void **state)
{
	(void)state;
	assert_true(address_is_redacted(STR("redacted@example.com")));
	assert_true(address_is_redacted(STR("@example.com")));
	assert_true(address_is_redacted(STR("a...@example.com")));
	assert_true(address_is_redacted(STR(HEX16 HEX16 "@example.com")));
	assert_true(address_is_redacted(STR("redacted-ab1@example.com")));
	assert_true(address_is_redacted(STR("user-Redacted@example.com")));
	assert_true(address_is_redacted(STR("redacted_by_policy@a.example")));
	assert_true(address_is_redacted(STR("[redacted]@a.example")));
	assert_true(address_is_redacted(STR("u****@example.com")));
	assert_false(address_is_redacted(STR("xxxxa@example.com")));
	assert_false(address_is_redacted(STR("a*b@example.com")));
	assert_false(address_is_redacted(STR("unredacted@example.com")));
	assert_false(address_is_redacted(STR("redactedly@example.com")));
	assert_false(address_is_redacted(STR("user@redacted.example")));
	assert_false(address_is_redacted(STR("redacted1@example.com")));
	assert_false(address_is_redacted(STR("feedbeef@example.com")));
	assert_false(address_is_redacted(STR("")));
}

static void
every_cause_has_a_name_and_a_text(void **state)
{
	(void)state;
	for (int c = ADDRESS_OK; c <= ADDRESS_REDACTED; c++) {
		assert_true(
		    strlen(address_cause_name((enum address_cause)c)) > 1);
		assert_true(
		    strlen(address_cause_text((enum address_cause)c)) > 4);
	}
}

static const struct {
	const char *name, *orig, *prefix, *hint;
	enum verp verp;
	const char *want;
} VERPS[] = {
	/* PowerMTA's own example, and rows that were seen */
	{ "guide", "jsmith-jdoe=yahoo.com@example.com", "", "", VERP_OK,
	    "jdoe@yahoo.com" },
	{ "case stays", "news-Bjorn=Fjord.example@b.example", "", "", VERP_OK,
	    "Bjorn@Fjord.example" },
	{ "dots in LOCAL", "DB.AD.G.AA.AB-DA=yahoo.fr@bounce.bar.com", "", "",
	    VERP_OK, "DA@yahoo.fr" },
	{ "<>", "<a-b=c.example@d.example>", "", "", VERP_OK, "b@c.example" },
	{ "= in the recipient", "a-b=x=c.example@d.example", "", "", VERP_OK,
	    "b=x@c.example" },
	{ "tag", "a-b+x=c.example@d.example", "", "", VERP_OK,
	    "b+x@c.example" },
	{ "U-label", "a-b=b\xc3\xbc.de@d.example", "", "", VERP_OK,
	    "b@b\xc3\xbc.de" },
	{ "hyphen in the domain", "a-b=c-d.example@e.example", "", "", VERP_OK,
	    "b@c-d.example" },

	/* more than one way to split */
	{ "two hyphens", "a-b-c=d.example@e.example", "", "", VERP_AMBIGUOUS,
	    "" },
	{ "hint", "a-b-c=d.example@e.example", "", "c@d.example", VERP_OK,
	    "c@d.example" },
	{ "longer hint", "a-b-c=d.example@e.example", "", "B-C@D.example",
	    VERP_OK, "b-c@d.example" },
	{ "hint of another domain", "a-b-c=d.example@e.example", "",
	    "c@f.example", VERP_AMBIGUOUS, "" },
	{ "hint that ends a name", "a-b-xc=d.example@e.example", "",
	    "c@d.example", VERP_AMBIGUOUS, "" },
	{ "hint that is all", "a-b=d.example@e.example", "", "a-b@d.example",
	    VERP_OK, "b@d.example" },
	{ "hint of another recipient", "a-b=d.example@e.example", "",
	    "x@y.example", VERP_OK, "b@d.example" },
	{ "hint without @", "a-b-c=d.example@e.example", "", "c",
	    VERP_AMBIGUOUS, "" },

	/* LOCAL is known */
	{ "prefix", "a-b-c=d.example@e.example", "a", "", VERP_OK,
	    "b-c@d.example" },
	{ "prefix with a hyphen", "a-b-c=d.example@e.example", "a-b", "",
	    VERP_OK, "c@d.example" },
	{ "prefix, any case", "News-b-c=d.example@e.example", "news", "",
	    VERP_OK, "b-c@d.example" },
	{ "prefix beats hint", "a-b-c=d.example@e.example", "a", "c@d.example",
	    VERP_OK, "b-c@d.example" },
	{ "another prefix", "a-b=d.example@e.example", "x", "", VERP_NONE, "" },
	{ "prefix, no hyphen", "ab=d.example@e.example", "a", "", VERP_NONE,
	    "" },
	{ "prefix is all", "a-=d.example@e.example", "a", "", VERP_NONE, "" },

	/* none */
	{ "no =", "bounce@example.com", "", "", VERP_NONE, "" },
	{ "no hyphen", "a=b.example@c.example", "", "", VERP_NONE, "" },
	{ "nothing before the hyphen", "-a=b.example@c.example", "", "",
	    VERP_NONE, "" },
	{ "nothing behind the hyphen", "a-=b.example@c.example", "", "",
	    VERP_NONE, "" },
	{ "no domain behind =", "a-b=c@d.example", "", "", VERP_NONE, "" },
	{ "number behind =", "bounce-1=2.3@d.example", "", "", VERP_NONE, "" },
	{ "= in the domain only", "a-b@c=d.example", "", "", VERP_NONE, "" },
	{ "empty", "", "", "", VERP_NONE, "" },
	{ "null sender", "<>", "", "", VERP_NONE, "" },
	{ "no @", "a-b=c.example", "", "", VERP_OK, "b@c.example" },
	{ "SRS0", "SRS0=HHH=TT=my-shop.example=john.doe@fwd.example", "", "",
	    VERP_NONE, "" },
	{ "BATV", "prvs=0123456789=a-b.example@c.example", "", "", VERP_NONE,
	    "" },
};

static void
verps_are_as_the_table_says(void **state)
{
	char out[ADDRESS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(VERPS); i++) {
		enum verp got = address_verp(str_from(VERPS[i].orig),
		    str_from(VERPS[i].prefix), str_from(VERPS[i].hint), out,
		    sizeof out);

		want_number(VERPS[i].name, got, VERPS[i].verp);
		want_text(VERPS[i].name, out, VERPS[i].want);
	}
}

static void
a_verp_that_does_not_fit_is_none(void **state)
{
	char out[11];

	(void)state;
	assert_int_equal(address_verp(STR("a-b=c.exampl@d.example"), STR(""),
			     STR(""), out, sizeof out),
	    VERP_OK);
	assert_int_equal(address_verp(STR("a-b=c.example@d.example"), STR(""),
			     STR(""), out, sizeof out),
	    VERP_NONE);
}

static size_t
put_utf8(uint32_t c, char *to)
{
	static const unsigned char FIRST[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 0; c >>= 6)
		to[i] = (char)(i > 0 ? 0x80 | (c & 0x3f) : FIRST[n] | c);
	return n;
}

/* A name may hold letters of any script, and nothing that nobody sees. */
static void
characters_that_nobody_sees_are_refused(void **state)
{
	static const struct {
		const char *name;
		struct str address;
		bool want; /* an address */
	} ROWS[] = {
		{ "C1 control", LIT("a\xc2\x85@b.example"), false },
		{ "no-break space", LIT("a\xc2\xa0@b.example"), false },
		{ "a letter behind it", LIT("a\xc2\xb5@b.example"), true },
		{ "zero width space", LIT("a\xe2\x80\x8b@b.example"), false },
		{ "non-joiner", LIT("a\xe2\x80\x8c@b.example"), true },
		{ "joiner", LIT("a\xe2\x80\x8d@b.example"), true },
		{ "right-to-left mark", LIT("a\xe2\x80\x8f@b.example"), false },
		{ "a dash", LIT("a\xe2\x80\x93@b.example"), true },
		{ "Greek question mark", LIT("a\xcd\xbe@b.example"), false },
		{ "Greek varia", LIT("a\xe1\xbf\xaf@b.example"), false },
		{ "Kelvin sign", LIT("\xe2\x84\xaa@b.example"), false },
		{ "Angstrom sign", LIT("\xe2\x84\xab@b.example"), true },
		{ "line separator", LIT("a\xe2\x80\xa8@b.example"), false },
		{ "narrow space", LIT("a\xe2\x80\xaf@b.example"), false },
		{ "per mille", LIT("a\xe2\x80\xb0@b.example"), true },
		{ "wide space", LIT("a\xe2\x81\x9f@b.example"), false },
		{ "word joiner", LIT("a\xe2\x81\xa0@b.example"), false },
		{ "superscript", LIT("a\xe2\x81\xb4@b.example"), true },
		{ "a curve", LIT("a\xe2\x81\x93@b.example"), true },
		{ "ideographic space", LIT("a\xe3\x80\x80@b.example"), false },
		{ "ideographic mark", LIT("a\xe3\x80\x85@b.example"), true },
		{ "hiragana", LIT("a\xe3\x81\x82@b.example"), true },
		{ "byte order mark", LIT("a\xef\xbb\xbf@b.example"), false },
		{ "Arabic form", LIT("a\xef\xbb\xb0@b.example"), true },
		{ "wide letter", LIT("a\xef\xbc\xa1@b.example"), true },
	};
	char key[ADDRESS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_bool(ROWS[i].name, address_key(ROWS[i].address, key,
		    sizeof key) == ADDRESS_OK, ROWS[i].want);
}

/* Of every character beyond ASCII: whoever has it in his name is another than
 * who has letters of ASCII only. */
static void
no_other_letter_stands_for_one_of_ascii(void **state)
{
	(void)state;
	for (uint32_t c = 0x80; c <= 0x10ffff; c++) {
		char text[64], key[ADDRESS_MAX];
		size_t n = put_utf8(c, text);
		bool other = false;

		memcpy(text + n, "x@b.example", sizeof "x@b.example");
		(void)address_key(str_from(text), key, sizeof key);
		for (size_t i = 0; key[i] != '\0'; i++)
			other = other || (unsigned char)key[i] > 0x7f;
		if (key[0] != '\0' && !other)
			fail_msg("U+%04X: %s", (unsigned)c, key);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_as_the_table_says),
		cmocka_unit_test(a_key_is_its_own_key),
		cmocka_unit_test(what_stands_around_an_address_goes),
		cmocka_unit_test(every_cap_is_kept),
		cmocka_unit_test(long_input_is_no_address),
		cmocka_unit_test(domains_have_keys),
		cmocka_unit_test(the_domain_is_behind_the_last_at),
		cmocka_unit_test(redaction_is_seen),
		cmocka_unit_test(every_cause_has_a_name_and_a_text),
		cmocka_unit_test(verps_are_as_the_table_says),
		cmocka_unit_test(a_verp_that_does_not_fit_is_none),
		cmocka_unit_test(characters_that_nobody_sees_are_refused),
		cmocka_unit_test(no_other_letter_stands_for_one_of_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
