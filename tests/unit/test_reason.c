/* test_reason.c - the words that tell why a recipient failed. */
#include "unit.h"

#include "base/buf.h"
#include "mail/reason.h"

#define TRANSCRIPT                                                         \
	"While talking to mx.example.org:\n"                               \
	">>> DATA\n"                                                       \
	"<<< 550 Not from you\n"                                           \
	"554 <a@example.org>... Remote protocol error\n"                   \
	"550 example.net (smtp)... 550 Host unknown\n"                     \
	"554 <b@example.net>... 550 Host unknown (Authoritative answer)\n" \
	"While talking to mx.example.com:\n"                               \
	">>> RCPT To:<c@example.com>\n"                                    \
	"<<< 550 Mailbox not found\n"                                      \
	"550 <c@example.com>... User unknown\n"

static void
each_recipient_has_its_own_reason(void **state)
{
	static const struct {
		const char *name, *words, *rcpt, *want;
	} ROWS[] = {
		{ "transcript, reply above", TRANSCRIPT, "a@example.org",
		    "550 Not from you\n"
		    "554 <a@example.org>... Remote protocol error" },
		{ "transcript, a line alone", TRANSCRIPT, "b@example.net",
		    "554 <b@example.net>... 550 Host unknown "
		    "(Authoritative answer)" },
		{ "transcript, command first", TRANSCRIPT, "c@example.com",
		    "550 Mailbox not found\n"
		    "550 <c@example.com>... User unknown" },
		{ "labelled",
		    "Undeliverable Address: a@example.org\n\n"
		    "Reason: The recipient is over disk quota.\n\nBye\n",
		    "a@example.org", "The recipient is over disk quota." },
		{ "labelled in German",
		    "Ihre Nachricht an a@example.org konnte nicht zugestellt "
		    "werden.\n\nGrund: Das Postfach ist voll.\n",
		    "a@example.org", "Das Postfach ist voll." },
		{ "labelled in Russian",
		    "a@example.org\n\nПричина: ящик не существует\n",
		    "a@example.org", "ящик не существует" },
		{ "label of another",
		    "<a@example.org>: is unknown here\n"
		    "<b@example.org>:\nReason: over quota\n",
		    "a@example.org", "is unknown here" },
		{ "response quoted below",
		    "Not delivered to a@example.org because it was not "
		    "found.\n\n\nThe response from the remote server was:\n"
		    "501 5.1.8 Sender rejected\n",
		    "a@example.org", "501 5.1.8 Sender rejected" },
		{ "led up to without a colon",
		    "Mail to a@example.org\ncould not be delivered due to the "
		    "following error.\n\n*** Mailbox is FULL ***\n\nBye\n",
		    "a@example.org", "Mailbox is FULL ***" },
		{ "in brackets of its own",
		    "<a@example.org>\n    (reason: 550 5.1.1 (x) no)\n",
		    "a@example.org", "550 5.1.1 (x) no" },
		{ "behind the address", "<a@example.org>:\n550 5.1.1 no\n",
		    "a@example.org", "550 5.1.1 no" },
		{ "behind who fails",
		    "Sorry.\nThe user <a@example.org> does not exist.\n",
		    "a@example.org",
		    "The user <a@example.org> does not exist." },
		{ "behind who fails in Japanese",
		    "宛先 <a@example.org> は存在しません。\n",
		    "a@example.org", "宛先 <a@example.org> は存在しません。" },
		{ "behind who fails, without spaces",
		    "收件人：a@example.org，不存在该用户。\n",
		    "a@example.org", "，不存在该用户。" },
		{ "behind what fails", "Mail to a@example.org failed: full\n",
		    "a@example.org", "failed: full" },
		{ "no words", "", "a@example.org", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_str(ROWS[i].name,
		    reason_of(str_from(ROWS[i].words), str_from(ROWS[i].rcpt)),
		    str_from(ROWS[i].want));
}

/* Lines of a reason of so many; bytes of one whose only line has so many. */
static size_t
lines_of(size_t n)
{
	struct buf b = { 0 };
	struct str reason, line;
	size_t lines = 0;

	buf_adds(&b, "<a@example.org>:\n");
	for (size_t i = 0; i < n; i++)
		buf_adds(&b, "unknown user\n");
	reason = reason_of(buf_str(&b), STR("a@example.org"));
	while (str_cut(&reason, '\n', &line))
		lines++;
	buf_release(&b);
	return lines;
}

static size_t
bytes_of(size_t n)
{
	struct buf b = { 0 };

	buf_adds(&b, "<a@example.org>:\nunknown ");
	while (b.n < strlen("<a@example.org>:\n") + n)
		buf_addc(&b, 'x');
	buf_adds(&b, "\nBye\n");
	n = str_chr(reason_of(buf_str(&b), STR("a@example.org")), '\n');
	buf_release(&b);
	return n;
}

/* Whether a reply is found n bytes into the words, far from the address. */
static bool
is_found_at(size_t n)
{
	struct buf b = { 0 };
	bool found;

	buf_adds(&b, "a@example.org\n\n");
	while (b.n < n)
		buf_addc(&b, b.n % 64 == 63 || b.n + 1 == n ? '\n' : 'x');
	buf_adds(&b, "550 5.1.1 no\n");
	found = str_eq(reason_of(buf_str(&b), STR("a@example.org")),
	    STR("550 5.1.1 no"));
	buf_release(&b);
	return found;
}

static void
a_reason_has_a_size_and_a_reach(void **state)
{
	(void)state;
	for (size_t n = 11; n <= 13; n++)
		want_number("lines", (int64_t)lines_of(n),
		    (int64_t)(n < 12 ? n : 12));
	for (size_t n = 2047; n <= 2049; n++)
		want_number("bytes", (int64_t)bytes_of(n),
		    (int64_t)(n < 2048 ? n : 2048));
	/* "550 " must stand before the end. */
	want_bool("below", is_found_at((16u << 10) - 5), true);
	want_bool("at", is_found_at((16u << 10) - 4), true);
	want_bool("past", is_found_at((16u << 10) - 3), false);
}

static void
a_reason_may_name_nobody(void **state)
{
	static const struct {
		const char *name, *words, *want;
	} ROWS[] = {
		{ "reply", "Sorry.\nhost said: 550 5.1.1 no\n\nBye\n",
		    "550 5.1.1 no" },
		{ "sentence", "Sorry.\nThe mailbox is full\n\nBye\n",
		    "The mailbox is full" },
		{ "in Russian", "Привет.\nЯщик не существует\n\nПока\n",
		    "Ящик не существует" },
		{ "none", "Sorry.\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_str(ROWS[i].name, reason_of_all(str_from(ROWS[i].words)),
		    str_from(ROWS[i].want));
}

static void
a_code_may_stand_behind_a_reason(void **state)
{
	static const struct {
		const char *name, *reason, *want;
	} ROWS[] = {
		{ "qmail", "Sorry, not here. (#5.1.1)", "5.1.1" },
		{ "chkuser", "sorry (#5.7.1 - chkuser)", "5.7.1" },
		{ "Exchange", "on Sat\nnicht da\n<mx.b.example #5.1.1>",
		    "5.1.1" },
		{ "Exchange with the reply",
		    "x <mx.b.example #4.4.7 smtp;450 no>", "4.4.7" },
		{ "the first one", "no (#4.2.2) (#5.1.1)", "4.2.2" },
		{ "a reply has its own", "550 5.7.1 no (#5.1.1)", "" },
		{ "also without a status", "550 no (#5.1.1)", "" },
		{ "no status", "ticket (#5.1) #511 (#5.1.1x)", "" },
		{ "no hash of its own", "x#5.1.1 http://b.example/#5.1.1", "" },
		{ "nothing", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_str(ROWS[i].name, reason_status(str_from(ROWS[i].reason)),
		    str_from(ROWS[i].want));
}

static void
the_host_of_a_reply_is_named_before_it(void **state)
{
	static const struct {
		const char *name, *words, *want;
	} ROWS[] = {
		{ "Postfix",
		    "at host a.example.\n<x@b.example>: host "
		    "mx.b.example[192.0.2.1] said:\n 550 no",
		    "mx.b.example" },
		{ "Exim", "host mx.b.example [192.0.2.1]: 550 no",
		    "mx.b.example" },
		{ "Sendmail", "... while talking to mx.b.example.:\n<<< 550 no",
		    "mx.b.example" },
		{ "no name", "host 550 no", "" },
		{ "no host", "said: 550 no", "" },
		{ "of another",
		    "host mx.b.example [192.0.2.1]: gone\n554 <c@d.example>... "
		    "550 no",
		    "" },
		{ "not before it", "550 no host mx.b.example", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str words = str_from(ROWS[i].words);
		struct str reason =
		    str_skip(words, str_find(words, STR("550")));

		want_str(ROWS[i].name, reason_host(words, reason),
		    str_from(ROWS[i].want));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_recipient_has_its_own_reason),
		cmocka_unit_test(a_reason_has_a_size_and_a_reach),
		cmocka_unit_test(a_reason_may_name_nobody),
		cmocka_unit_test(a_code_may_stand_behind_a_reason),
		cmocka_unit_test(the_host_of_a_reply_is_named_before_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
