/* test_scan.c - addresses, hosts, URLs, codes and ids in text. */
#include "unit.h"

#include "mail/scan.h"

struct row {
	const char *text;
	size_t want; /* bytes; 0: none starts there */
};

typedef size_t scan_fn(struct str s, size_t at);

static void
scan_rows(scan_fn *scan, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		want_number(rows[i].text,
		    (int64_t)scan(str_from(rows[i].text), 0),
		    (int64_t)rows[i].want);
}

static void
an_ipv4_address_has_four_parts(void **state)
{
	static const struct row ROWS[] = {
		{ "192.0.2.1", 9 },
		{ "192.0.2.1. So", 9 },
		{ "192.0.2.256", 0 },
		{ "192.0.2.1000", 0 },
		{ "192.0.2", 0 },
		{ "192.0.2.", 0 },
		{ "192.0.2.1.5", 0 },
		{ "192.0.2.1-2", 0 },
		{ "192.0.2.1a", 0 },
		{ "x", 0 },
	};

	(void)state;
	scan_rows(scan_ip4, ROWS, COUNT(ROWS));
}

static void
an_ipv6_address_is_one_that_the_system_knows(void **state)
{
	static const struct row ROWS[] = {
		{ "2001:db8::1", 11 },
		{ "2001:db8::1: no", 11 },
		{ "2001:db8:1:2:3:4:5:6", 20 },
		{ "2001:db8:1:2:3:4:5:6:7", 20 },
		{ "::1", 0 },
		{ "2001:db8::1.", 11 },
		{ "2001:db8::1.2", 0 },
		{ "2001:db8::1_2", 0 },
		{ "2001:db8", 0 },
		{ "20012:db8::1", 0 },
		{ "2001::db8::1", 9 },
		{ "12:30", 0 },
		{ "::", 0 },
		{ "", 0 },
	};

	(void)state;
	scan_rows(scan_ip6, ROWS, COUNT(ROWS));
}

static void
a_url_ends_before_the_sentence_does(void **state)
{
	static const struct row ROWS[] = {
		{ "http://a.example/b, so", 18 },
		{ "HTTPS://a.example", 17 },
		{ "http://a\"b", 8 },
		{ "http://a>b", 8 },
		{ "http://", 0 },
		{ "http://...", 0 },
		{ "https:// x", 0 },
		{ "httpx://a", 0 },
	};

	(void)state;
	scan_rows(scan_url, ROWS, COUNT(ROWS));
}

struct yes_no {
	const char *name;
	struct str text;
	bool want;
};

static void
judge_rows(bool (*is)(struct str s), const struct yes_no *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		want_bool(rows[i].name, is(rows[i].text), rows[i].want);
}

static void
a_status_has_three_numbers(void **state)
{
	static const struct yes_no ROWS[] = {
		{ "plain", LIT("5.1.1"), true },
		{ "long", LIT("4.77.6061"), true },
		{ "success", LIT("2.0.0"), true },
		{ "no class", LIT("3.1.1"), false },
		{ "short", LIT("5.1."), false },
		{ "no first dot", LIT("5x1.1"), false },
		{ "no second number", LIT("5..1.1"), false },
		{ "no second dot", LIT("5.1x1"), false },
		{ "second too long", LIT("5.1111.1"), false },
		{ "no third number", LIT("5.1.x"), false },
		{ "third too long", LIT("5.1.11111"), false },
		{ "more behind", LIT("5.1.1.1"), false },
	};

	(void)state;
	judge_rows(scan_is_status, ROWS, COUNT(ROWS));
}

static void
a_reply_code_has_more_behind_it(void **state)
{
	static const struct yes_no ROWS[] = {
		{ "reply", LIT("550 no"), true },
		{ "alone", LIT("550"), false },
		{ "too low", LIT("150 x"), false },
		{ "too high", LIT("650 x"), false },
		{ "no second digit", LIT("5x0 x"), false },
		{ "no third digit", LIT("55x x"), false },
	};

	(void)state;
	judge_rows(scan_is_code, ROWS, COUNT(ROWS));
}

#define L32 "abcdefghijklmnopqrstuvwxyzabcdef"

static void
a_host_has_dots_and_a_domain_at_its_end(void **state)
{
	static const struct yes_no ROWS[] = {
		{ "three labels", LIT("mx1.mail.example"), true },
		{ "two and a common domain", LIT("example.com"), true },
		{ "a country", LIT("mail.de"), true },
		{ "capitals", LIT("MX.MAIL.EXAMPLE.COM"), true },
		{ "an A-label", LIT("mail.xn--p1ai"), true },
		{ "two and no domain", LIT("full.please"), false },
		{ "capitals and no domain", LIT("A.B.PLEASE"), false },
		{ "mixed case", LIT("RESOLVER.ADR.RecipNotFound"), false },
		{ "one letter", LIT("e.g"), false },
		{ "one label", LIT("localhost"), false },
		{ "dot at its end", LIT("example.com."), false },
		{ "dot at its start", LIT(".example.com"), false },
		{ "two dots", LIT("a..com"), false },
		{ "a digit in the last", LIT("mail.example.c0m"), false },
		{ "long label", LIT(L32 L32 ".com"), false },
		{ "long name",
		    LIT(L32 "." L32 "." L32 "." L32 "." L32 "." L32 "." L32
			    "." L32 ".com"),
		    false },
	};

	(void)state;
	judge_rows(scan_is_host, ROWS, COUNT(ROWS));
}

static void
an_id_mixes_letters_and_digits_and_is_no_code(void **state)
{
	static const struct yes_no ROWS[] = {
		{ "queue id", LIT("4AF8B2C0D1E5"), true },
		{ "one change in a long part", LIT("abcd1234"), true },
		{ "short", LIT("4AF8B2"), false },
		{ "letters", LIT("temporarily"), false },
		{ "one change in a short part", LIT("base64.then"), false },
		{ "code", LIT("OFR005_104"), false },
		{ "code with a dash", LIT("DOC-1369"), false },
		{ "a code's end missing", LIT("OFR00512_"), true },
		{ "seven capitals", LIT("OFRBLCX1369"), true },
		{ "capitals and no digit", LIT("OFRBLC-x"), false },
		{ "more behind a code", LIT("OFR005_104x"), true },
		{ "the longest code", LIT("S20170623021"), false },
		{ "a longer one", LIT("S201706230212"), true },
		{ "long code", LIT("S20170623021234567890123"), true },
		{ "extensions", LIT("SMTPUTF8"), false },
		{ "in capitals or not", LIT("utf8smtp"), false },
		{ "8BITMIME", LIT("8BITMIME"), false },
	};

	(void)state;
	judge_rows(scan_is_id, ROWS, COUNT(ROWS));
}

static void
a_blocklist_keeps_one_short_label(void **state)
{
	static const struct {
		const char *host, *want;
	} ROWS[] = {
		{ "zen.spamhaus.org", "zen.spamhaus.org" },
		{ "spamhaus.org", "spamhaus.org" },
		{ "a.b.zen.SpamHaus.org", "zen.SpamHaus.org" },
		{ "longlabel.spamhaus.org", "spamhaus.org" },
		{ "1.spamhaus.org", "spamhaus.org" },
		{ ".spamhaus.org", "spamhaus.org" },
		{ "1.2.0.192.dnsbl.example.net", "dnsbl.example.net" },
		{ "rbl.example", "" },
		{ "mx.example.com", "" },
		{ "localhost", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_str(ROWS[i].host, scan_blocklist(str_from(ROWS[i].host)),
		    str_from(ROWS[i].want));
}

static void
a_listing_keeps_the_words_of_its_path(void **state)
{
	static const struct {
		const char *host, *path;
		size_t want;
	} ROWS[] = {
		{ "www.spamhaus.org", "/sbl/query/SBL123", 14 },
		{ "www.spamhaus.org", "/query/ip/192.0.2.1", 0 },
		{ "www.spamhaus.org", "/sbl", 4 },
		{ "www.spamhaus.org", "/sbl/averylongwordofapath", 4 },
		{ "www.spamhaus.org", "/sbl/abcdefghijklmnop", 21 },
		{ "www.spamhaus.org", "/sbl/abcdefghijklmnopq", 4 },
		{ "www.spamhaus.org", "/sbl/query/x/y", 14 },
		{ "www.spamhaus.org", "/sbl/query/x/y/z", 14 },
		{ "www.spamhaus.org", "/sbl//x", 4 },
		{ "www.spamhaus.org", "/sbl/query1", 4 },
		{ "www.spamhaus.org", "/sbl-x", 0 },
		{ "www.spamhaus.org", "?sbl", 0 },
		{ "www.spamhaus.org", "", 0 },
		{ "www.spamcop.net", "/sbl", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str path = str_from(ROWS[i].path);

		want_number(ROWS[i].path,
		    (int64_t)scan_list_path(
			str_from(ROWS[i].host), path, 0, path.n),
		    (int64_t)ROWS[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ipv4_address_has_four_parts),
		cmocka_unit_test(an_ipv6_address_is_one_that_the_system_knows),
		cmocka_unit_test(a_url_ends_before_the_sentence_does),
		cmocka_unit_test(a_status_has_three_numbers),
		cmocka_unit_test(a_reply_code_has_more_behind_it),
		cmocka_unit_test(a_host_has_dots_and_a_domain_at_its_end),
		cmocka_unit_test(an_id_mixes_letters_and_digits_and_is_no_code),
		cmocka_unit_test(a_blocklist_keeps_one_short_label),
		cmocka_unit_test(a_listing_keeps_the_words_of_its_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
