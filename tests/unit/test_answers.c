/* test_answers.c - mails of people that sound like bounces and are none. */
#include "unit.h"

#include "base/buf.h"
#include "mail/message.h"
#include "mail/quoted.h"

#define NOW 1700000000

/* What was told: "kind skip address", by ", ". */
static bool
take(void *ctx, const struct event *ev, struct err *e)
{
	struct buf *b = ctx;

	(void)e;
	buf_addf(b, "%s%s %s %s", b->n > 0 ? ", " : "",
	    ev->kind == KIND_NONE ? "none" : kind_name(ev->kind),
	    skip_name(ev->skip), ev->address);
	return true;
}

#define NOT_A_REPORT "none not-a-report "
#define NOBODY "mb no-recipient "

struct row {
	const char *head, *body;
	const char *want;
};

static void
want_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct message_envelope env = { 0 };
		struct buf mail = { 0 }, told = { 0 };
		struct err e = { 0 };

		buf_addf(&mail, "%s\n%s", rows[i].head, rows[i].body);
		assert_true(message_read(
		    buf_str(&mail), &env, NOW, take, &told, &e));
		want_str(rows[i].head, buf_str(&told),
		    str_from(rows[i].want));
		buf_release(&mail);
		buf_release(&told);
	}
}

#define NULL_PATH "Return-Path: <>\n"
#define PERSON "From: Ida <ida@a.example>\nTo: b@s.example\n"
#define GONE                                                           \
	"This mailbox does not exist any more, your message could not " \
	"be delivered.\n\nFor orders: jan@a.example\n"

static void
a_vacation_with_a_null_path_is_no_bounce(void **state)
{
	static const struct row ROWS[] = {
		{ NULL_PATH PERSON "Subject: I have left\n"
		  "Auto-Submitted: auto-replied (vacation)\n", GONE,
		    NOT_A_REPORT },
		{ NULL_PATH PERSON "Subject: Undeliverable: News\n"
		  "Auto-Submitted: auto-replied\n", GONE, NOT_A_REPORT },
		{ NULL_PATH "From: postmaster@a.example\n"
		  "Subject: Mailbox closed\n"
		  "Auto-Submitted: auto-replied (vacation)\n", GONE,
		    NOT_A_REPORT },
		/* Exim's mark on bounces. */
		{ NULL_PATH "From: Mail Delivery System "
		  "<Mailer-Daemon@a.example>\n"
		  "Subject: Mail delivery failed\n"
		  "Auto-Submitted: auto-replied\n",
		    "The following address failed:\n\n  jan@a.example\n"
		    "    550 User unknown\n", "mb none jan@a.example" },
		{ NULL_PATH "From: Exchange Relay <relay@a.example>\n"
		  "X-Failed-Recipients: jan@a.example\n"
		  "Auto-Submitted: auto-replied\n",
		    "  jan@a.example\n    550 User unknown\n",
		    "mb none jan@a.example" },
	};

	(void)state;
	want_rows(ROWS, COUNT(ROWS));
}

static void
who_reads_a_persons_mail_now_did_not_fail(void **state)
{
	static const struct row ROWS[] = {
		{ NULL_PATH PERSON "Subject: News\n",
		    "Your message was not delivered: the user has left the "
		    "company.\nPlease contact:\n\njan@a.example\n", NOBODY },
		{ NULL_PATH PERSON "Subject: News\n",
		    "Your message was not delivered: no such user.\n"
		    "Neue Adresse:\nida@new.example\n", NOBODY },
		{ NULL_PATH PERSON "Subject: News\n",
		    "This mailbox is closed, your message could not be "
		    "delivered.\nI read jan@a.example now.\n", NOBODY },
		{ NULL_PATH "From: no-reply@a.example\nSubject: News\n",
		    "Your message could not be delivered, as this mailbox does "
		    "not exist. Please use jan@a.example\n", NOBODY },
		/* The writer's own did. */
		{ NULL_PATH PERSON "Subject: News\n",
		    "ida@a.example is no such user, your message was not "
		    "delivered. Please write to jan@a.example: thanks\n",
		    "mb none ida@a.example" },
		/* No person, or no word of others. */
		{ NULL_PATH "From: MAILER-DAEMON@a.example\nSubject: x\n",
		    "<jan@a.example>: 550 5.1.1 User unknown\nPlease contact "
		    "your administrator.\n", "mb none jan@a.example" },
		{ NULL_PATH "From: no-reply@a.example\nSubject: x\n",
		    "<jan@a.example>: 550 5.1.1 User unknown\nPlease contact "
		    "your administrator.\n", "mb none jan@a.example" },
		{ NULL_PATH "From: relay@a.example\nSubject: x\n",
		    "<jan@a.example>: 550 5.1.1 User unknown\n",
		    "mb none jan@a.example" },
	};

	(void)state;
	want_rows(ROWS, COUNT(ROWS));
}

static void
who_sent_what_is_returned_did_not_fail(void **state)
{
	static const struct row ROWS[] = {
		{ NULL_PATH "From: MAILER-DAEMON@a.example\nSubject: x\n",
		    "Your message (from news@s.example) was not delivered: "
		    "user unknown.\n\nReturn-Path: <b@s.example>\n"
		    "From: News <news@s.example>\nTo: jo@a.example\n", NOBODY },
		/* But for itself it counts. */
		{ NULL_PATH "From: MAILER-DAEMON@a.example\nSubject: x\n",
		    "<news@s.example>: user unknown\n\n"
		    "Return-Path: <b@s.example>\nFrom: news@s.example\n"
		    "To: news@s.example\n", "mb none news@s.example" },
	};

	(void)state;
	want_rows(ROWS, COUNT(ROWS));
}

#define POSTMASTER                                              \
	"Return-Path: <postmaster@a.example>\n"                 \
	"From: Postmaster of A <postmaster@a.example>\n"
#define SAID                                                     \
	"<jan@a.example>: host mx.a.example said: 550 5.1.1 "    \
	"User unknown\n"
#define WROTE "On Saturday somebody wrote:\n> " SAID

static void
who_answers_a_bounce_sends_none(void **state)
{
	static const struct row ROWS[] = {
		{ POSTMASTER "Subject: RE: Undelivered Mail\n"
		  "In-Reply-To: <1@s.example>\n",
		    "Our directory is mended, please send it again.\n\n" WROTE,
		    NOT_A_REPORT },
		{ POSTMASTER "Subject: AW: Undelivered Mail\n",
		    "Der Fehler ist behoben.\n\n"
		    "-----Ursprüngliche Nachricht-----\n" SAID,
		    NOT_A_REPORT },
		{ "From: System Administrator <adm@a.example>\n"
		  "Subject: Fwd: failure notice\n"
		  "References: <1@s.example>\n", "For your information.\n" SAID,
		    NOT_A_REPORT },
		/* Nothing but what it quotes speaks of a failure. */
		{ POSTMASTER "Subject: Your mail\n",
		    "We mended it.\n\n" WROTE, NOT_A_REPORT },
		/* Apache James answers the mail itself. */
		{ "From: post_master@a.example\nSubject: Re:News\n"
		  "In-Reply-To: <1@s.example>\n",
		    "Error: Invalid user address\n550 no such user here\n"
		    "  RCPT TO: jan@a.example\n", "mb none jan@a.example" },
		/* A null path is no person's, whatever the subject. */
		{ NULL_PATH "From: postmaster@a.example\n"
		  "Subject: Re: Undelivered Mail\n"
		  "In-Reply-To: <1@s.example>\n", "> " SAID,
		    "mb none jan@a.example" },
		/* What is returned may be quoted. */
		{ POSTMASTER "Subject: Undelivered Mail\n",
		    SAID "\n> Dear ida@a.example,\n> our news: unknown user\n",
		    "mb none jan@a.example" },
	};

	(void)state;
	want_rows(ROWS, COUNT(ROWS));
}

#define IDA "Return-Path: <ida@a.example>\n" PERSON

static void
who_tells_of_a_bounce_sends_none(void **state)
{
	static const struct row ROWS[] = {
		{ IDA "Subject: Mail delivery problem\n",
		    "jan@a.example said User unknown yesterday. Where is he?\n",
		    NOT_A_REPORT },
		{ PERSON "Subject: Mail delivery problem\n",
		    "I tried to write to jan@a.example, but got User unknown.\n",
		    NOT_A_REPORT },
		{ PERSON "Subject: undeliverable\n",
		    "My mail to jan@a.example came back: user unknown.\n"
		    "Can somebody help?\n", NOT_A_REPORT },
		/* A gateway under a name of its own. */
		{ "Return-Path: <bounce-7@a.example>\n"
		  "From: relay@a.example\nSubject: Delivery failed\n",
		    SAID, "mb none jan@a.example" },
		{ "From: relay@a.example\nSubject: Delivery failed\n",
		    "Hi. This is the qmail-send program.\n"
		    "I'm afraid I wasn't able to deliver your message.\n" SAID,
		    "mb none jan@a.example" },
	};

	(void)state;
	want_rows(ROWS, COUNT(ROWS));
}

#define REPORT                                              \
	"MIME-Version: 1.0\nContent-Type: multipart/mixed; " \
	"boundary=b\n"
#define PARTS                                                          \
	"--b\n\nLook at this.\n--b\n"                                  \
	"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x" \
	"\n\nFinal-Recipient: rfc822; jan@a.example\nAction: failed\n"  \
	"Status: 5.1.1\n\n--b--\n"

static void
who_forwards_a_report_sends_none(void **state)
{
	static const struct row ROWS[] = {
		{ IDA "Subject: Fwd: Undelivered Mail\n" REPORT, PARTS,
		    NOT_A_REPORT },
		/* Programs do not say so, or not so. */
		{ IDA "Subject: Undelivered Mail\n" REPORT, PARTS,
		    "mb none jan@a.example" },
		{ NULL_PATH PERSON "Subject: Re: News\n" REPORT, PARTS,
		    "mb none jan@a.example" },
		{ PERSON "Subject: Re: News\n" REPORT, PARTS,
		    "mb none jan@a.example" },
		{ POSTMASTER "Subject: Re: News\n" REPORT, PARTS,
		    "mb none jan@a.example" },
	};

	(void)state;
	want_rows(ROWS, COUNT(ROWS));
}

static void
quoted_lines_are_dropped(void **state)
{
	static const struct {
		const char *text, *want;
	} ROWS[] = {
		{ "a\n> b\n>c\nd\n", "a\nd\n" },
		{ ">a", "" },
		{ "> a\n> b@c.example\nd", "d" },
		{ ">", "" },
		{ "", "" },
		{ "a > b\n", "a > b\n" },
		/* MDaemon's recipients. */
		{ "did not get it:\n\n> a@b.example\n> c@d.example\n\nx",
		    "did not get it:\n\n> a@b.example\n> c@d.example\n\nx" },
		/* Sendmail's session, and an answer's answer. */
		{ ">>> RCPT To:<a@b.example>\n<<< 550 no\n",
		    ">>> RCPT To:<a@b.example>\n<<< 550 no\n" },
		{ ">>> said a@b.example\n", "" },
		{ ">From here on\n", ">From here on\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		size_t n = strlen(ROWS[i].text);
		char *p = malloc(n + 1);

		assert_non_null(p);
		memcpy(p, ROWS[i].text, n);
		n = quoted_drop(p, n);
		want_str(ROWS[i].text, str_of(p, n), str_from(ROWS[i].want));
		free(p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vacation_with_a_null_path_is_no_bounce),
		cmocka_unit_test(who_reads_a_persons_mail_now_did_not_fail),
		cmocka_unit_test(who_sent_what_is_returned_did_not_fail),
		cmocka_unit_test(who_answers_a_bounce_sends_none),
		cmocka_unit_test(who_tells_of_a_bounce_sends_none),
		cmocka_unit_test(who_forwards_a_report_sends_none),
		cmocka_unit_test(quoted_lines_are_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
