/* test_fold.c - the variable parts of a reply become tokens. */
#include "unit.h"

#include "mail/reply.h"

static const struct reply_context US = {
	.rcpt = LIT("Jane.Doe7@Example.com"),
	.self_ip = LIT("192.0.2.1"),
	.self_addr = LIT("b-7@news.example"),
	.self_domain = LIT("news.example"),
	.self_host = LIT("mta1.sender.example"),
};

struct row {
	const char *name;
	struct str text;
	const char *want;
};

/* Each row, and again what came out: nothing more may change. */
static void
fold_rows(const struct row *rows, size_t n, const struct reply_context *c)
{
	struct buf once = { 0 }, twice = { 0 };

	for (size_t i = 0; i < n; i++) {
		buf_clear(&once);
		buf_clear(&twice);
		reply_fold(rows[i].text, c, &once);
		want_str(rows[i].name, buf_str(&once), str_from(rows[i].want));
		reply_fold(buf_str(&once), c, &twice);
		want_str("again", buf_str(&twice), buf_str(&once));
	}
	buf_release(&once);
	buf_release(&twice);
}

#define FOLD_ROWS(rows) fold_rows((rows), COUNT(rows), &US)

static void
lines_become_one(void **state)
{
	static const struct row ROWS[] = {
		{ "empty", LIT(""), "" },
		{ "white space", LIT(" \r\n\t "), "" },
		{ "runs of it", LIT("  550  5.1.1\t no \r\n such  user \n"),
		    "550 5.1.1 no such user" },
		{ "codes repeated",
		    LIT("550-5.1.1 no such\r\n550-5.1.1 user,"
			"\r\n550 5.1.1 try again"),
		    "550 5.1.1 no such user, try again" },
		{ "codes repeated in one line",
		    LIT("550-5.1.1 no such 550-5.1.1 user, 550 5.1.1 try"),
		    "550 5.1.1 no such user, try" },
		{ "without a status", LIT("550-no such\n550 user"),
		    "550 no such user" },
		{ "another status stays", LIT("550-5.1.1 no 550 5.7.1 yes"),
		    "550 5.1.1 no 550 5.7.1 yes" },
		{ "one line keeps its codes", LIT("550 no 550 yes"),
		    "550 no 550 yes" },
		{ "NUL and ESC", LIT("a\0b\033c"), "a b c" },
		{ "invalid bytes", LIT("inconnu \xe9\xff!"),
		    "inconnu ?"
		    "?!" },
		{ "UTF-8 stays", LIT("usu\xc3\xa1rio n\xc3\xa3o existe"),
		    "usu\xc3\xa1rio n\xc3\xa3o existe" },
		{ "marks that turn a line",
		    LIT("a\xe2\x80\xae"
			"b"),
		    "a?b" },
	};

	(void)state;
	FOLD_ROWS(ROWS);
}

static void
addresses_are_told_apart(void **state)
{
	static const struct row ROWS[] = {
		{ "the recipient", LIT("no jane.doe7@example.com here"),
		    "no <rcpt> here" },
		{ "in brackets", LIT("<jane.doe7@example.com>: no"),
		    "<rcpt>: no" },
		{ "another", LIT("<bob@example.com>: no"), "<addr>: no" },
		{ "sentence end", LIT("no bob@example.com."), "no <addr>." },
		{ "named", LIT("rcpt=jane.doe7@example.com;"), "rcpt=<rcpt>;" },
		{ "quoted", LIT("'bob@example.com'"), "'<addr>'" },
		{ "literal", LIT("bob@[192.0.2.9] no"), "<addr> no" },
		{ "VERP", LIT("x-bob=a.example@b.example"), "<addr>" },
		{ "local part alone", LIT("jane.doe7: no such user"),
		    "<rcpt>: no such user" },
		{ "in brackets, alone", LIT("unknown <jane.doe7>"),
		    "unknown <rcpt>" },
		{ "part of a word", LIT("xjane.doe7 jane.doe77"),
		    "xjane.doe7 jane.doe77" },
		{ "no address", LIT("a @ b @c d@ <> @"), "a @ b @c d@ <> @" },
		{ "null sender", LIT("MAIL FROM:<> refused"),
		    "MAIL FROM:<> refused" },
	};

	(void)state;
	FOLD_ROWS(ROWS);
}

/* blocked@ must not hide the word that tells of a block. */
static void
a_local_part_that_is_a_word_stays_a_word(void **state)
{
	static const struct reply_context WORD = {
		.rcpt = LIT("blocked@example.com"),
	};
	static const struct row ROWS[] = {
		{ "a word", LIT("550 your IP is blocked"),
		    "550 your IP is blocked" },
		{ "quoted", LIT("550 <blocked> unknown"),
		    "550 <rcpt> unknown" },
		{ "sendmail", LIT("550 blocked... User unknown"),
		    "550 <rcpt>... User unknown" },
	};

	(void)state;
	fold_rows(ROWS, COUNT(ROWS), &WORD);
}

static void
our_own_parts_are_told_apart(void **state)
{
	static const struct row ROWS[] = {
		{ "our IP", LIT("[192.0.2.1] is listed"),
		    "[<self-ip>] is listed" },
		{ "another", LIT("[192.0.2.10] is listed"),
		    "[<ip>] is listed" },
		{ "IPv6", LIT("[2001:db8::7 15] listed"), "[<ip> 15] listed" },
		{ "our domain", LIT("SPF of news.example fails"),
		    "SPF of <self-domain> fails" },
		{ "its sub-domain", LIT("SPF of b.News.Example fails"),
		    "SPF of <self-domain> fails" },
		{ "our address", LIT("<B-7@news.example>: unknown, not "
			"b-8@xnews.example"),
		    "<self-addr>: unknown, not <addr>" },
		{ "another of ours", LIT("no such user postmaster@news.example "
			"nor <x@b.news.example>"),
		    "no such user <self-addr> nor <self-addr>" },
		{ "a name like it", LIT("SPF of xnews.example fails"),
		    "SPF of <host> fails" },
		{ "our host", LIT("mta1.sender.example: no"),
		    "<self-host>: no" },
		{ "a port", LIT("192.0.2.9:25"), "<ip>:25" },
		{ "a version", LIT("Exim 4.94.2"), "Exim 4.94.2" },
		{ "five parts", LIT("1.2.3.4.5"), "<num>" },
	};

	(void)state;
	FOLD_ROWS(ROWS);
}

static void
our_ipv6_address_is_known_in_any_spelling(void **state)
{
	static const struct reply_context SIX = {
		.self_ip = LIT("2001:db8:0:0::1"),
	};
	static const struct row ROWS[] = {
		{ "long", LIT("2001:DB8:0:0:0:0:0:1 listed"),
		    "<self-ip> listed" },
		{ "short", LIT("[2001:db8::1]: listed"),
		    "[<self-ip>]: listed" },
		{ "another", LIT("2001:db8::2: listed"), "<ip>: listed" },
	};

	(void)state;
	fold_rows(ROWS, COUNT(ROWS), &SIX);
}

static void
hosts_and_urls_are_folded_but_for_blocklists(void **state)
{
	static const struct row ROWS[] = {
		{ "host", LIT("mx1.mail.example.com says"), "<host> says" },
		{ "two parts", LIT("from example.com."), "from <host>." },
		{ "no host", LIT("mailbox full.Please clean"),
		    "mailbox full.Please clean" },
		{ "no host either", LIT("RESOLVER.ADR.RecipNotFound; no"),
		    "RESOLVER.ADR.RecipNotFound; no" },
		{ "abbreviation", LIT("e.g. or i.e. so"), "e.g. or i.e. so" },
		{ "URL", LIT("see https://help.example/x?a=1&b=2."),
		    "see <url>." },
		{ "URL in brackets", LIT("<http://a.example/b>, (http://c/)"),
		    "<<url>>, (<url>)" },
		{ "path", LIT("see help.example.com/x/y for"),
		    "see <url> for" },
		{ "list", LIT("blocked using zen.spamhaus.org;"),
		    "blocked using zen.spamhaus.org;" },
		{ "list with our key",
		    LIT("using abcdefghijk23.zen.dq.spamhaus.net"),
		    "using dq.spamhaus.net" },
		{ "list in a URL",
		    LIT("see http://www.spamhaus.org/query?ip=192.0.2.1"),
		    "see www.spamhaus.org <url>" },
		{ "list in a URL, without a path",
		    LIT("see https://www.spamhaus.org."),
		    "see www.spamhaus.org <url>." },
		{ "which list", LIT("see https://www.spamhaus.org/sbl/query/"
				    "SBLCSS"),
		    "see www.spamhaus.org/sbl/query/SBLCSS" },
		{ "its listing", LIT("(https://www.spamhaus.org/sbl/query/"
				     "SBL12345)."),
		    "(www.spamhaus.org/sbl/query/SBL<num>)." },
		{ "a short number", LIT("www.spamhaus.org/pbl/query/PBL1, no"),
		    "www.spamhaus.org/pbl/query/PBL<num>, no" },
		{ "more behind it",
		    LIT("see http://check.spamhaus.org/query/PBL7/x?y=1 no"),
		    "see check.spamhaus.org/query/PBL<num> <url> no" },
		{ "a question", LIT("see https://www.spamhaus.org/query/dbl"
				    "?domain=b.example"),
		    "see www.spamhaus.org/query/dbl <url>" },
		{ "a slash at its end", LIT("<http://spamhaus.org/xbl/>"),
		    "<spamhaus.org/xbl <url>>" },
		{ "an address in it",
		    LIT("http://www.spamhaus.org/dbl/a@b.example no"),
		    "www.spamhaus.org/dbl <url> no" },
		{ "no list's name", LIT("http://www.spamhaus.org/query/ip/"
					"192.0.2.1"),
		    "www.spamhaus.org <url>" },
		{ "no listing", LIT("http://www.spamhaus.org/query/SBL1x "
				    "http://www.spamhaus.org/sbl-a/b"),
		    "www.spamhaus.org <url> www.spamhaus.org <url>" },
		{ "words up to a fourth",
		    LIT("http://www.spamhaus.org/sbl/a/b/c/d"),
		    "www.spamhaus.org/sbl/a/b/c <url>" },
		{ "another's path", LIT("http://www.spamcop.net/sbl/SBLCSS"),
		    "www.spamcop.net <url>" },
		{ "list by its label", LIT("by 1.2.0.192.dnsbl.example.net"),
		    "by dnsbl.example.net" },
	};

	(void)state;
	FOLD_ROWS(ROWS);
}

static void
ids_and_numbers_are_folded_but_for_codes(void **state)
{
	static const struct row ROWS[] = {
		{ "trace id", LIT("17si20661415yxe.22 - gsmtp"),
		    "<id> - gsmtp" },
		{ "queue id", LIT("as 4AF8B2C0D1E5"), "as <id>" },
		{ "Exim's", LIT("id 1aBcDe-0001Xy-2Z"), "id <id>" },
		{ "number", LIT("AS(201806281) 123 1234"),
		    "AS(<num>) 123 <num>" },
		{ "digits and dashes", LIT("id=00000-22-225"), "id=<num>" },
		{ "extensions", LIT("no SMTPUTF8, no 8BITMIME"),
		    "no SMTPUTF8, no 8BITMIME" },
		{ "codes", LIT("(S3150) [TSS04] (BL23) OFR_506 CXBL"),
		    "(S3150) [TSS04] (BL23) OFR_506 CXBL" },
		{ "longer codes", LIT("S2017062302 OFR005_104 DOC-1369"),
		    "S2017062302 OFR005_104 DOC-1369" },
		{ "numbered code", LIT("AUP#1310 RLY:B1"), "AUP#1310 RLY:B1" },
		{ "status", LIT("550 5.7.606 (#5.1.1)"),
		    "550 5.7.606 (#5.1.1)" },
		{ "code before a status", LIT("said 554-5.7.1 no"),
		    "said 554-5.7.1 no" },
		{ "words with a digit", LIT("IPv4 base64 RFC5321.MailFrom"),
		    "IPv4 base64 RFC5321.MailFrom" },
		{ "after dots", LIT("denied...7d39d5299584f4be"),
		    "denied...<id>" },
		{ "Chinese",
		    LIT("\xe9\x82\xae\xe7\xae\xb1"
			"12345678"),
		    "\xe9\x82\xae\xe7\xae\xb1"
		    "12345678" },
	};

	(void)state;
	FOLD_ROWS(ROWS);
}

static void
times_are_folded_whole(void **state)
{
	static const struct row ROWS[] = {
		{ "ISO", LIT("[2023-01-01T00:00:00.000Z 08DBE218E349CA4F]"),
		    "[<time> <id>]" },
		{ "with a zone", LIT("at 2026-11-21 07:57:27 +0200 and"),
		    "at <time> and" },
		{ "mail", LIT("Fri, 22 Sep 2023 01:01:01 +0000 x"),
		    "<time> x" },
		{ "ctime", LIT("Fri Sep 22 01:01:01 2023 x"), "<time> x" },
		{ "slashes", LIT("on 2023/11/23 18:59:46 GMT, no"),
		    "on <time>, no" },
		{ "clock", LIT("until 12:30."), "until <time>." },
		{ "day first", LIT("21.11.2026, 7:05"), "<time>" },
		{ "date and clock apart", LIT("21-Nov-2026 12:00:00 UTC"),
		    "<time>" },
		{ "words", LIT("You may 2 times. Sat down"),
		    "You may 2 times. Sat down" },
		{ "no time", LIT("25:70 1:2:3 12:345"), "25:70 1:2:3 12:345" },
	};

	(void)state;
	FOLD_ROWS(ROWS);
}

static void
tokens_stay_as_they_are(void **state)
{
	static const struct row ROWS[] = {
		{ "all",
		    LIT("<rcpt> <addr> <self-ip> <self-addr> <self-domain> "
			"<self-host> <ip> <host> <id> <num> <url>"),
		    "<rcpt> <addr> <self-ip> <self-addr> <self-domain> "
		    "<self-host> <ip> <host> <id> <num> <url>" },
		{ "times are one", LIT("<time> <time>, 12:00"), "<time>" },
		{ "no token", LIT("<rcptx> <time"), "<rcptx> <time" },
		{ "cut clock", LIT("1:01:01 +0000:00"), "<time> +<num>:00" },
	};

	(void)state;
	FOLD_ROWS(ROWS);
}

static void
text_as_long_as_is_read_is_whole(void **state)
{
	(void)state;
	for (size_t n = REPLY_TEXT_MAX - 1; n <= REPLY_TEXT_MAX + 1; n++) {
		struct buf text = { 0 }, out = { 0 };

		for (size_t i = 0; i < n; i++)
			buf_addc(&text, i % 4 == 3 && i + 9 < n ? ' ' : 'x');
		reply_fold(buf_str(&text), &US, &out);
		want_bool("whole", str_eq(buf_str(&out), buf_str(&text)),
		    n <= REPLY_TEXT_MAX);
		assert_true(out.n <= REPLY_TEXT_MAX);
		buf_release(&text);
		buf_release(&out);
	}
}

static void
long_text_is_cut_between_words(void **state)
{
	struct buf text = { 0 }, once = { 0 }, twice = { 0 };

	(void)state;
	while (text.n < 10000)
		buf_adds(&text, "a.news.example b@c ");
	reply_fold(buf_str(&text), &US, &once);
	assert_true(once.n <= REPLY_TEXT_MAX);
	assert_true(once.n > REPLY_TEXT_MAX - 40);
	reply_fold(buf_str(&once), &US, &twice);
	want_str("again", buf_str(&twice), buf_str(&once));
	buf_release(&text);
	buf_release(&once);
	buf_release(&twice);
}

static void
mail_to_our_own_domain_tells_nothing_of_us(void **state)
{
	static const struct {
		const char *name, *ours, *rcpt, *want;
	} ROWS[] = {
		{ "the same", "b.example", "ann@b.example",
		    "<addr>: no <host>" },
		{ "ours above", "b.example", "ann@a.b.example",
		    "<addr>: no <host>" },
		{ "ours below", "x.b.example", "ann@b.example",
		    "<addr>: no <host>" },
		{ "another", "b.example", "ann@c.example",
		    "<addr>: no <self-domain>" },
		{ "no recipient", "b.example", "", "<addr>: no <self-domain>" },
	};
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct reply_context c = { .rcpt = str_from(ROWS[i].rcpt),
			.self_domain = str_from(ROWS[i].ours) };

		buf_clear(&b);
		reply_fold(STR("bob@d.example: no b.example"), &c, &b);
		want_str(ROWS[i].name, buf_str(&b), str_from(ROWS[i].want));
	}
	buf_release(&b);
}

static void
a_domain_may_be_written_in_two_ways(void **state)
{
	static const struct row ROWS[] = {
		{ "U-label",
		    LIT("550 <j@b\xc3\xbc"
			"cher.example> no"),
		    "550 <rcpt> no" },
		{ "A-label", LIT("550 <J@xn--bcher-kva.example> no"),
		    "550 <rcpt> no" },
		{ "another", LIT("550 <j@bucher.example> no"),
		    "550 <addr> no" },
	};
	static const struct reply_context A = {
		.rcpt = LIT("j@xn--bcher-kva.example")
	};
	static const struct reply_context U = { .rcpt = LIT("j@B\xc3\xbc"
							    "cher.example") };

	(void)state;
	fold_rows(ROWS, COUNT(ROWS), &A);
	fold_rows(ROWS, COUNT(ROWS), &U);
}

static void
folding_needs_no_context(void **state)
{
	struct buf b = { 0 };

	(void)state;
	reply_fold(STR("550 <bob@example.com> no"), NULL, &b);
	want_str("none", buf_str(&b), STR("550 <addr> no"));
	reply_fold(STR("!"), NULL, &b);
	want_str("appended", buf_str(&b), STR("550 <addr> no!"));
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_become_one),
		cmocka_unit_test(addresses_are_told_apart),
		cmocka_unit_test(a_local_part_that_is_a_word_stays_a_word),
		cmocka_unit_test(our_own_parts_are_told_apart),
		cmocka_unit_test(our_ipv6_address_is_known_in_any_spelling),
		cmocka_unit_test(hosts_and_urls_are_folded_but_for_blocklists),
		cmocka_unit_test(ids_and_numbers_are_folded_but_for_codes),
		cmocka_unit_test(times_are_folded_whole),
		cmocka_unit_test(tokens_stay_as_they_are),
		cmocka_unit_test(text_as_long_as_is_read_is_whole),
		cmocka_unit_test(long_text_is_cut_between_words),
		cmocka_unit_test(mail_to_our_own_domain_tells_nothing_of_us),
		cmocka_unit_test(a_domain_may_be_written_in_two_ways),
		cmocka_unit_test(folding_needs_no_context),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
