/* test_reply.c - the codes of a reply. */
#include "unit.h"

#include "mail/reply.h"

static void
codes_stand_at_the_start_of_a_reply(void **state)
{
	static const struct {
		const char *name;
		struct str text;
		unsigned code;
		const char *status;
	} ROWS[] = {
		{ "both", LIT("550 5.1.1 no such user"), 550, "5.1.1" },
		{ "more lines", LIT("550-5.1.1 no\r\n550 5.1.1 user"), 550,
		    "5.1.1" },
		{ "with a hash", LIT("550 #5.1.0 Address rejected."), 550,
		    "5.1.0" },
		{ "in brackets", LIT("550 (#5.1.1) no"), 550, "5.1.1" },
		{ "colon", LIT("550: 5.1.1: no"), 550, "5.1.1" },
		{ "status alone", LIT("5.1.1 no"), 0, "5.1.1" },
		{ "code alone", LIT("550 no"), 550, "" },
		{ "only a code", LIT("421"), 421, "" },
		{ "code and dash", LIT("550-no"), 550, "" },
		{ "typed", LIT("smtp;550 5.7.606 no"), 550, "5.7.606" },
		{ "typed with a space", LIT("SMTP; 550 5.1.10 no"), 550,
		    "5.1.10" },
		{ "own words", LIT("x-pmta;bounce-queue"), 0, "" },
		{ "code twice", LIT("550 550 5.7.1 no"), 550, "5.7.1" },
		{ "another code", LIT("554-550 5.2.2 full"), 554, "5.2.2" },
		{ "deeper inside", LIT("550 see code 5.1.1"), 550, "" },
		{ "in a URL", LIT("550 http://x/5.1.1"), 550, "" },
		{ "no code", LIT("user unknown 550 5.1.1"), 0, "" },
		{ "a number", LIT("55012 no"), 0, "" },
		{ "an address", LIT("550 5.1.1.4 listed"), 550, "" },
		{ "IP first", LIT("5.1.1.4 listed"), 0, "" },
		{ "sentence end", LIT("550 5.1.1. No"), 550, "5.1.1" },
		{ "third class", LIT("550 3.1.1 no"), 550, "" },
		{ "long detail", LIT("550 5.1.1000 no"), 550, "" },
		{ "glued", LIT("550Z no"), 0, "" },
		{ "low code", LIT("220 hello"), 0, "" },
		{ "high code", LIT("600 no"), 0, "" },
		{ "white space first", LIT(" \r\n 550 5.1.1"), 550, "5.1.1" },
		{ "empty", LIT(""), 0, "" },
		{ "NUL", LIT("\0550"), 0, "" },
		{ "high bytes", LIT("\xff\xfe"), 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct reply_codes got;
		char status[16];

		reply_codes(ROWS[i].text, &got);
		want_number(ROWS[i].name, got.code, ROWS[i].code);
		want_text(ROWS[i].name, reply_status_text(got.status, status),
		    ROWS[i].status);
	}
}

static void
a_type_is_cut_off(void **state)
{
	static const struct {
		const char *name, *diag, *type, *text;
	} ROWS[] = {
		{ "smtp", "smtp;550 no", "smtp", "550 no" },
		{ "space", " SMTP ; 550 no ", "SMTP", "550 no" },
		{ "own", "x-pmta;deleted by administrator", "x-pmta",
		    "deleted by administrator" },
		{ "unix", "x-unix; user unknown", "x-unix", "user unknown" },
		{ "dns", "dns;mx.example.com", "dns", "mx.example.com" },
		{ "none", "550 no; really", "", "550 no; really" },
		{ "a word", "unknown; gone", "", "unknown; gone" },
		{ "only a type", "smtp;", "smtp", "" },
		{ "as long as can be", "x-bcdefghijklmno;550 no",
		    "x-bcdefghijklmno", "550 no" },
		{ "longer", "x-bcdefghijklmnop;550 no", "",
		    "x-bcdefghijklmnop;550 no" },
		{ "far off", "a line that is long; it goes on", "",
		    "a line that is long; it goes on" },
		{ "empty", "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str text;
		struct str type = reply_type(str_from(ROWS[i].diag), &text);

		want_str(ROWS[i].name, type, str_from(ROWS[i].type));
		want_str(ROWS[i].name, text, str_from(ROWS[i].text));
	}
}

static void
a_status_column_is_read(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} ROWS[] = {
		{ "code", "5.1.1", "5.1.1" },
		{ "code and words", "5.1.1 (bad destination mailbox address)",
		    "5.1.1" },
		{ "white space", " 4.4.1 ", "4.4.1" },
		{ "two", "2.0.0 (success)", "2.0.0" },
		{ "words", "undefined", "" },
		{ "two parts", "5.1", "" },
		{ "four parts", "5.1.1.1", "" },
		{ "no class", "1.1.1", "" },
		{ "empty", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct reply_status got = { 0 };
		char text[16];

		want_bool(ROWS[i].name,
		    reply_status_of(str_from(ROWS[i].text), &got),
		    ROWS[i].want[0] != '\0');
		want_text(
		    ROWS[i].name, reply_status_text(got, text), ROWS[i].want);
	}
}

static void
a_status_is_kept_as_a_number(void **state)
{
	struct reply_status s = { 5, 1, 10 };
	struct reply_status none = reply_status_from(0);

	(void)state;
	want_number("5.1.10", reply_status_number(s), 5001010);
	s = reply_status_from(5007606);
	want_number("class", s.class, 5);
	want_number("subject", s.subject, 7);
	want_number("detail", s.detail, 606);
	want_number("none", none.class, 0);
	want_number("none again", reply_status_number(none), 0);
	want_number("no status", reply_status_from(-5).class, 0);
	want_number("too large", reply_status_from(9001001).class, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_stand_at_the_start_of_a_reply),
		cmocka_unit_test(a_type_is_cut_off),
		cmocka_unit_test(a_status_column_is_read),
		cmocka_unit_test(a_status_is_kept_as_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
