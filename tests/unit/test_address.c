/* test_address.c - keys of addresses, and the recipient in a VERP. */
#include "unit.h"

#include "mail/address.h"

#define L63 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"
#define HEX16 "0123456789abcdef"

static const struct {
	const char *name;
	struct str in;
	enum address_cause cause;
	const char *key;
} KEYS[] = {
	/* as it should be */
	{ "plain", LIT("user@example.com"), ADDRESS_OK, "user@example.com" },
	{ "case", LIT("User.Name@Example.COM"), ADDRESS_OK,
	    "user.name@example.com" },
	{ "tag", LIT("user+tag@example.com"), ADDRESS_OK,
	    "user+tag@example.com" },
	{ "dots in Gmail stay", LIT("u.s.e.r@gmail.com"), ADDRESS_OK,
	    "u.s.e.r@gmail.com" },
	{ "one byte", LIT("a@b.cd"), ADDRESS_OK, "a@b.cd" },
	{ "digits", LIT("123@456.com"), ADDRESS_OK, "123@456.com" },
	{ "all of atext", LIT("!#$%&'*+-/=?^_`{|}~@example.com"), ADDRESS_OK,
	    "!#$%&'*+-/=?^_`{|}~@example.com" },
	{ "hyphens", LIT("-a-@x-y.example"), ADDRESS_OK, "-a-@x-y.example" },
	{ "many labels", LIT("a@b.c.d.e.f.example"), ADDRESS_OK,
	    "a@b.c.d.e.f.example" },
	{ "apostrophe", LIT("O'Brien@example.ie"), ADDRESS_OK,
	    "o'brien@example.ie" },
	{ "slash", LIT("a/b=c@example.com"), ADDRESS_OK, "a/b=c@example.com" },
	{ "A-label", LIT("a@XN--Bcher-KVA.de"), ADDRESS_OK,
	    "a@xn--bcher-kva.de" },
	{ "two hyphens at 3 and 4", LIT("a@r3---sn.example"), ADDRESS_OK,
	    "a@r3---sn.example" },
	{ "TLD that begins with a digit", LIT("a@b.4you"), ADDRESS_OK,
	    "a@b.4you" },
	{ "trailing dot", LIT("a@example.com."), ADDRESS_OK, "a@example.com" },
	{ "64 before the @", LIT("a" L63 "@example.com"), ADDRESS_OK,
	    "a" L63 "@example.com" },
	{ "a label of 63", LIT("a@" L63 ".com"), ADDRESS_OK, "a@" L63 ".com" },
	{ "a domain of 255", LIT("a@" L63 "." L63 "." L63 "." L63), ADDRESS_OK,
	    "a@" L63 "." L63 "." L63 "." L63 },

	/* what stands around */
	{ "white space", LIT(" \t user@example.com\r\n"), ADDRESS_OK,
	    "user@example.com" },
	{ "<>", LIT("<User@example.com>"), ADDRESS_OK, "user@example.com" },
	{ "<> and space", LIT(" < user@example.com > "), ADDRESS_OK,
	    "user@example.com" },
	{ "type", LIT("rfc822;User@example.com"), ADDRESS_OK,
	    "user@example.com" },
	{ "type and space", LIT("RFC822; user@example.com"), ADDRESS_OK,
	    "user@example.com" },
	{ "type and <>", LIT("rfc822; <user@example.com>"), ADDRESS_OK,
	    "user@example.com" },
	{ "utf-8 type", LIT("utf-8; user@example.com"), ADDRESS_OK,
	    "user@example.com" },
	{ "utf-8 type, escaped", LIT("utf-8;J\\x{F6}rg@example.com"),
	    ADDRESS_OK, "j\xc3\xb6rg@example.com" },
	{ "utf-8 type, escaped plane 1", LIT("UTF-8;\\x{1F600}@example.com"),
	    ADDRESS_OK, "\xf0\x9f\x98\x80@example.com" },
	{ "utf-8 type, escaped ASCII", LIT("utf-8;a\\x{2B}b@example.com"),
	    ADDRESS_OK, "a+b@example.com" },
	{ "utf-8 type, escaped surrogate", LIT("utf-8;\\x{D800}@example.com"),
	    ADDRESS_LOCAL_BAD, "" },
	{ "utf-8 type, escaped nothing", LIT("utf-8;\\x{}@example.com"),
	    ADDRESS_LOCAL_BAD, "" },
	{ "utf-8 type, no character", LIT("utf-8;\\x{110000}@example.com"),
	    ADDRESS_LOCAL_BAD, "" },
	{ "other type", LIT("x400;user@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "one pair only", LIT("<<user@example.com>>"), ADDRESS_LOCAL_BAD, "" },
	{ "unpaired <", LIT("<user@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "unpaired >", LIT("user@example.com>"), ADDRESS_DOMAIN_BAD, "" },
	{ "display name", LIT("Joe <joe@example.com>"), ADDRESS_LOCAL_BAD, "" },
	{ "source route", LIT("<@a.example:b@example.com>"), ADDRESS_LOCAL_BAD,
	    "" },

	/* quotes */
	{ "needless quotes", LIT("\"User\"@example.com"), ADDRESS_OK,
	    "user@example.com" },
	{ "needless quotes, dot", LIT("\"a.b\"@example.com"), ADDRESS_OK,
	    "a.b@example.com" },
	{ "needless backslash", LIT("\"a\\b\"@example.com"), ADDRESS_OK,
	    "ab@example.com" },
	{ "space", LIT("\"A B\"@example.com"), ADDRESS_OK,
	    "\"a b\"@example.com" },
	{ "@ in quotes", LIT("\"a@b\"@example.com"), ADDRESS_OK,
	    "\"a@b\"@example.com" },
	{ "two dots in quotes", LIT("\"a..b\"@docomo.example"), ADDRESS_OK,
	    "\"a..b\"@docomo.example" },
	{ "dot last in quotes", LIT("\"a.\"@docomo.example"), ADDRESS_OK,
	    "\"a.\"@docomo.example" },
	{ "quote in quotes", LIT("\"a\\\"b\"@example.com"), ADDRESS_OK,
	    "\"a\\\"b\"@example.com" },
	{ "backslash in quotes", LIT("\"a\\\\b\"@example.com"), ADDRESS_OK,
	    "\"a\\\\b\"@example.com" },
	{ "comma in quotes", LIT("\"a,b\"@example.com"), ADDRESS_OK,
	    "\"a,b\"@example.com" },
	{ "UTF-8 in quotes", LIT("\"\xc3\x84 b\"@example.com"), ADDRESS_OK,
	    "\"\xc3\xa4 b\"@example.com" },
	{ "nothing in quotes", LIT("\"\"@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "bare quote in quotes", LIT("\"a\"b\"@example.com"),
	    ADDRESS_LOCAL_BAD, "" },
	{ "backslash last", LIT("\"a\\\"@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "LF in quotes", LIT("\"a\nb\"@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "one quote", LIT("\"@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "quote open", LIT("\"a@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "quotes in part", LIT("a.\"b\"@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "64 in quotes", LIT("\"a" L63 "\"@example.com"), ADDRESS_OK,
	    "a" L63 "@example.com" },
	{ "65 in quotes", LIT("\"ab" L63 "\"@example.com"), ADDRESS_LOCAL_LONG,
	    "" },

	/* UTF-8 */
	{ "umlaut", LIT("J\xc3\x96RG@example.com"), ADDRESS_OK,
	    "j\xc3\xb6rg@example.com" },
	{ "decomposed", LIT("jo\xcc\x88rg@example.com"), ADDRESS_OK,
	    "j\xc3\xb6rg@example.com" },
	{ "sharp s",
	    LIT("stra\xc3\x9f"
		"e@example.com"),
	    ADDRESS_OK, "strasse@example.com" },
	{ "Greek final sigma", LIT("\xce\xa3\xcf\x82@example.com"), ADDRESS_OK,
	    "\xcf\x83\xcf\x83@example.com" },
	{ "Kelvin sign", LIT("\xe2\x84\xaa@example.com"), ADDRESS_OK,
	    "k@example.com" },
	{ "Chinese",
	    LIT("\xe7\x94\xa8\xe6\x88\xb7@\xe4\xbe\x8b\xe5\xad\x90."
		"\xe5\xb9\xbf\xe5\x91\x8a"),
	    ADDRESS_OK, "\xe7\x94\xa8\xe6\x88\xb7@xn--fsqu00a.xn--4rr70v" },
	{ "ZWJ in a name", LIT("\xe0\xb6\xad\xe2\x80\x8d@example.com"),
	    ADDRESS_OK, "\xe0\xb6\xad\xe2\x80\x8d@example.com" },
	{ "64 bytes, folded 96",
	    LIT("\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89"
		"\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89"
		"\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89"
		"\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89\xc5\x89"
		"@example.com"),
	    ADDRESS_LOCAL_LONG, "" },
	{ "Latin-1", LIT("j\xf6rg@example.com"), ADDRESS_NOT_UTF8, "" },
	{ "cut UTF-8", LIT("j\xc3@example.com"), ADDRESS_NOT_UTF8, "" },
	{ "overlong UTF-8", LIT("\xc0\xafx@example.com"), ADDRESS_NOT_UTF8,
	    "" },
	{ "surrogate", LIT("\xed\xa0\x80@example.com"), ADDRESS_NOT_UTF8, "" },
	{ "C1 control", LIT("a\xc2\x85z@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "no-break space", LIT("a\xc2\xa0z@example.com"), ADDRESS_LOCAL_BAD,
	    "" },
	{ "right-to-left override", LIT("a\xe2\x80\xaez@example.com"),
	    ADDRESS_LOCAL_BAD, "" },
	{ "line separator", LIT("a\xe2\x80\xa8z@example.com"),
	    ADDRESS_LOCAL_BAD, "" },
	{ "zero-width space", LIT("a\xe2\x80\x8bz@example.com"),
	    ADDRESS_LOCAL_BAD, "" },
	{ "BOM", LIT("\xef\xbb\xbfuser@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "folds to a semicolon", LIT("a\xcd\xbe@example.com"),
	    ADDRESS_LOCAL_BAD, "" },

	/* domains */
	{ "U-label",
	    LIT("a@b\xc3\xbc"
		"cher.de"),
	    ADDRESS_OK, "a@xn--bcher-kva.de" },
	{ "U-label, capital",
	    LIT("a@B\xc3\x9c"
		"CHER.de"),
	    ADDRESS_OK, "a@xn--bcher-kva.de" },
	{ "U-label, decomposed",
	    LIT("a@bu\xcc\x88"
		"cher.de"),
	    ADDRESS_OK, "a@xn--bcher-kva.de" },
	{ "sharp s is its own letter", LIT("a@fa\xc3\x9f.de"), ADDRESS_OK,
	    "a@xn--fa-hia.de" },
	{ "ideographic full stop",
	    LIT("a@b\xc3\xbc\xe3\x80\x82"
		"de"),
	    ADDRESS_OK, "a@xn--b-eha.de" },
	{ "full width letters", LIT("a@\xef\xbd\x81\xef\xbd\x82.com"),
	    ADDRESS_OK, "a@ab.com" },
	{ "U-label, trailing dot", LIT("a@b\xc3\xbc.de."), ADDRESS_OK,
	    "a@xn--b-eha.de" },
	{ "Latin-1 domain",
	    LIT("a@b\xfc"
		"cher.de"),
	    ADDRESS_NOT_UTF8, "" },
	{ "U-label with a space", LIT("a@b\xc3\xbc x.de"), ADDRESS_DOMAIN_BAD,
	    "" },
	{ "U-label with an underscore", LIT("a@b\xc3\xbc_x.de"),
	    ADDRESS_DOMAIN_BAD, "" },
	{ "space in a label beside", LIT("a@a b.b\xc3\xbc.de"),
	    ADDRESS_DOMAIN_BAD, "" },
	{ "full width comma", LIT("a@b\xc3\xbc\xef\xbc\x8cx.de"),
	    ADDRESS_DOMAIN_BAD, "" },
	{ "U-label, disallowed", LIT("a@\xe2\x80\xae.de"), ADDRESS_DOMAIN_BAD,
	    "" },
	{ "U-label alone", LIT("a@b\xc3\xbc"), ADDRESS_DOMAIN_BAD, "" },
	{ "one label", LIT("a@localhost"), ADDRESS_DOMAIN_BAD, "" },
	{ "one label and a dot", LIT("a@com."), ADDRESS_DOMAIN_BAD, "" },
	{ "two dots", LIT("a@example..com"), ADDRESS_DOMAIN_BAD, "" },
	{ "dot first", LIT("a@.example.com"), ADDRESS_DOMAIN_BAD, "" },
	{ "two trailing dots", LIT("a@example.com.."), ADDRESS_DOMAIN_BAD, "" },
	{ "only dots", LIT("a@.."), ADDRESS_DOMAIN_BAD, "" },
	{ "only a dot", LIT("a@."), ADDRESS_DOMAIN_BAD, "" },
	{ "hyphen first", LIT("a@-b.com"), ADDRESS_DOMAIN_BAD, "" },
	{ "hyphen last", LIT("a@b-.com"), ADDRESS_DOMAIN_BAD, "" },
	{ "hyphen last of all", LIT("a@b.com-"), ADDRESS_DOMAIN_BAD, "" },
	{ "underscore", LIT("a@b_c.com"), ADDRESS_DOMAIN_BAD, "" },
	{ "comma", LIT("a@example.com,b@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "comma last", LIT("a@example.com,"), ADDRESS_DOMAIN_BAD, "" },
	{ "semicolon last", LIT("a@example.com;"), ADDRESS_DOMAIN_BAD, "" },
	{ "space in the domain", LIT("a@exam ple.com"), ADDRESS_DOMAIN_BAD,
	    "" },
	{ "NUL in the domain", LIT("a@exam\0ple.com"), ADDRESS_DOMAIN_BAD, "" },
	{ "NUL in a U-domain", LIT("a@\xc3\xbc\0ple.com"), ADDRESS_NOT_UTF8,
	    "" },
	{ "bare IP", LIT("a@192.0.2.1"), ADDRESS_DOMAIN_BAD, "" },
	{ "number for a TLD", LIT("a@b.123"), ADDRESS_DOMAIN_BAD, "" },
	{ "literal", LIT("a@[192.0.2.1]"), ADDRESS_LITERAL, "" },
	{ "IPv6 literal", LIT("a@[IPv6:2001:db8::1]"), ADDRESS_LITERAL, "" },
	{ "a label of 64", LIT("a@a" L63 ".com"), ADDRESS_DOMAIN_BAD, "" },
	{ "a domain of 256",
	    LIT("a@" L63 "." L63 "." L63 "."
		"abcdefghijklmnopqrstuvwxyz01234"
		"56789abcdefghijklmnopqrstuvwx.yz"),
	    ADDRESS_OK,
	    "a@" L63 "." L63 "." L63 "."
	    "abcdefghijklmnopqrstuvwxyz01234"
	    "56789abcdefghijklmnopqrstuvwx.yz" },
	{ "a domain of 257", LIT("a@x." L63 "." L63 "." L63 "." L63),
	    ADDRESS_DOMAIN_LONG, "" },

	/* local parts */
	{ "dot first", LIT(".a@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "dot last", LIT("a.@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "two dots", LIT("a..b@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "space", LIT("a b@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "tab", LIT("a\tb@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "NUL", LIT("a\0b@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "DEL", LIT("a\x7f@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "two @", LIT("a@b@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "comment", LIT("a(b)@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "colon", LIT("mailto:a@example.com"), ADDRESS_LOCAL_BAD, "" },
	{ "65 before the @", LIT("ab" L63 "@example.com"), ADDRESS_LOCAL_LONG,
	    "" },

	/* none */
	{ "nothing", LIT(""), ADDRESS_EMPTY, "" },
	{ "only white space", LIT(" \r\n"), ADDRESS_EMPTY, "" },
	{ "null sender", LIT("<>"), ADDRESS_EMPTY, "" },
	{ "only a type", LIT("rfc822;"), ADDRESS_EMPTY, "" },
	{ "no @", LIT("user"), ADDRESS_NO_AT, "" },
	{ "only @", LIT("@"), ADDRESS_NO_AT, "" },
	{ "nothing before", LIT("@example.com"), ADDRESS_NO_AT, "" },
	{ "nothing behind", LIT("user@"), ADDRESS_NO_AT, "" },
	{ "only <", LIT("<"), ADDRESS_NO_AT, "" },

	/* made unreadable */
	{ "redacted", LIT("redacted@example.com"), ADDRESS_REDACTED, "" },
	{ "Redacted, no domain", LIT("<Redacted@redacted>"), ADDRESS_REDACTED,
	    "" },
	{ "redacted alone", LIT("redacted"), ADDRESS_REDACTED, "" },
	{ "[redacted]", LIT("[redacted]@example.com"), ADDRESS_REDACTED, "" },
	{ "undisclosed", LIT("undisclosed-recipients:;"), ADDRESS_REDACTED,
	    "" },
	{ "undisclosed at", LIT("Undisclosed@example.com"), ADDRESS_REDACTED,
	    "" },
	{ "policy redact", LIT("...@example.com"), ADDRESS_REDACTED, "" },
	{ "one letter left", LIT("x...@example.com"), ADDRESS_REDACTED, "" },
	{ "siphash", LIT(HEX16 "@example.com"), ADDRESS_REDACTED, "" },
	{ "hmac-sha256", LIT(HEX16 HEX16 HEX16 HEX16 "@example.com"),
	    ADDRESS_REDACTED, "" },
	{ "md5", LIT(HEX16 HEX16 "@example.com"), ADDRESS_REDACTED, "" },
	{ "sha1", LIT(HEX16 HEX16 "01234567@example.com"), ADDRESS_REDACTED,
	    "" },
	{ "capital hash", LIT("0123456789ABCDEF@example.com"), ADDRESS_REDACTED,
	    "" },
	{ "redacted in quotes", LIT("\"Redacted\"@example.com"),
	    ADDRESS_REDACTED, "" },
	{ "policy redact in quotes", LIT("\"...\"@example.com"),
	    ADDRESS_REDACTED, "" },
	{ "hash in quotes", LIT("\"" HEX16 "\"@example.com"), ADDRESS_REDACTED,
	    "" },
	{ "16 digits are a number", LIT("1234567890123456@example.com"),
	    ADDRESS_OK, "1234567890123456@example.com" },
	{ "17 hex digits", LIT(HEX16 "0@example.com"), ADDRESS_OK,
	    HEX16 "0@example.com" },
	{ "redacted1 is a name", LIT("redacted1@example.com"), ADDRESS_OK,
	    "redacted1@example.com" },
};

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
	for (size_t i = 0; i < COUNT(KEYS); i++)
		check_key(KEYS[i].name, KEYS[i].in, KEYS[i].cause, KEYS[i].key);
}

static void
a_key_is_its_own_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(KEYS); i++)
		if (KEYS[i].cause == ADDRESS_OK)
			check_key(KEYS[i].name, str_from(KEYS[i].key),
			    ADDRESS_OK, KEYS[i].key);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_as_the_table_says),
		cmocka_unit_test(a_key_is_its_own_key),
		cmocka_unit_test(every_cap_is_kept),
		cmocka_unit_test(long_input_is_no_address),
		cmocka_unit_test(domains_have_keys),
		cmocka_unit_test(the_domain_is_behind_the_last_at),
		cmocka_unit_test(redaction_is_seen),
		cmocka_unit_test(every_cause_has_a_name_and_a_text),
		cmocka_unit_test(verps_are_as_the_table_says),
		cmocka_unit_test(a_verp_that_does_not_fit_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
