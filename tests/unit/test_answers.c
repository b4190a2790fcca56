/* test_answers.c - mails of people that sound like bounces and are none. */
#include "unit.h"

#include "base/buf.h"
#include "mail/message.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vacation_with_a_null_path_is_no_bounce),
		cmocka_unit_test(who_reads_a_persons_mail_now_did_not_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
