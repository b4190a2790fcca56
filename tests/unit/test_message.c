/* test_message.c - what raw mails report; samples: tests/data/mail. */
#include "unit.h"

#include "base/buf.h"
#include "base/file.h"
#include "mail/message.h"

#define SAMPLES "tests/data/mail/"
#define NOW 1700000000
#define RECEIVED 1795247847 /* Sat, 21 Nov 2026 08:57:27 +0100 */

/* What was told, one line an event. */
struct told {
	struct buf text;
	unsigned n, stop_at;
	struct event last; /* views are gone; numbers and keys stand */
};

static void
add_if(struct buf *b, const char *name, struct str s)
{
	if (s.n > 0)
		buf_addf(b, " %s=%.*s", name, STR_ARG(s));
}

static bool
take(void *ctx, const struct event *ev, struct err *e)
{
	struct told *t = ctx;
	struct buf *b = &t->text;

	buf_addf(b, "%s %s %s",
	    ev->kind == KIND_NONE ? "none" : kind_name(ev->kind),
	    skip_name(ev->skip), ev->address);
	add_if(b, "named", str_from(ev->named));
	add_if(b, "format", ev->format);
	add_if(b, "action", ev->action);
	add_if(b, "status", ev->status);
	add_if(b, "diag", ev->diag);
	add_if(b, "mta", ev->mta);
	add_if(b, "cat", ev->bounce_cat);
	add_if(b, "feedback", ev->feedback);
	add_if(b, "ip", ev->source_ip);
	add_if(b, "envid", ev->envid);
	add_if(b, "id", ev->message_id);
	buf_addc(b, '\n');
	t->last = *ev;
	if (++t->n == t->stop_at)
		return err_set(e, EX_SOFTWARE, "stopped by the test");
	return true;
}

/* Reads a mail from memory of its own size: reading past it is caught. */
static bool
read_mail(struct str mail, const struct message_envelope *env, struct told *t,
    struct err *e)
{
	char *own = malloc(mail.n > 0 ? mail.n : 1);
	bool ok;

	assert_non_null(own);
	if (mail.n > 0)
		memcpy(own, mail.p, mail.n);
	ok = message_read(str_of(own, mail.n), env, NOW, take, t, e);
	free(own);
	return ok;
}

static void
want_told(const char *name, struct str mail, const char *want)
{
	struct message_envelope env = { 0 };
	struct told t = { 0 };
	struct err e = { 0 };

	if (!read_mail(mail, &env, &t, &e))
		fail_msg("%s: %s", name, e.text);
	want_str(name, buf_str(&t.text), str_from(want));
	buf_release(&t.text);
}

static const struct {
	const char *name, *want;
} MAILS[] = {
	{ "answer-of-a-shopper", "none not-a-report \n" },
	{ "answer-to-shop", "none not-a-report \n" },
	{ "arf",
	    "mf none user@example.org format=arf feedback=abuse "
	    "ip=192.0.2.77 envid=env-7 id=<orig-1@example.com>\n" },
	{ "arf-as-file",
	    "mf none user@isp.example format=arf feedback=abuse "
	    "id=<m1@example.com>\n" },
	{ "arf-as-text",
	    "mf none user@isp.example format=arf feedback=abuse "
	    "id=<m1@example.com>\n" },
	{ "arf-auth-failure",
	    "mf not-a-complaint  format=arf feedback=auth-failure "
	    "id=<orig-1@example.com>\n" },
	{ "arf-from-original",
	    "mf none user@example.org format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "arf-hashed-other-received",
	    "mf redacted  format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "arf-hashed-to",
	    "mf none other@example.net format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "arf-not-spam",
	    "mf not-a-complaint  format=arf feedback=not-spam "
	    "id=<orig-1@example.com>\n" },
	{ "arf-opt-out",
	    "mf none user@example.org format=arf feedback=opt-out "
	    "id=<orig-1@example.com>\n" },
	{ "arf-received-for",
	    "mf none user@example.org format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "arf-redacted",
	    "mf redacted  format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "arf-redacted-jmrp",
	    "mf none user@example.org format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "arf-redacted-other-to",
	    "mf redacted  format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "arf-several",
	    "mf none one@example.org format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n"
	    "mf none two@example.org format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n"
	    "mf none three@example.org format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "arf-to-list",
	    "mf no-recipient  format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "arf-to-sender",
	    "mf no-recipient  format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "arf-to-with-copies",
	    "mf no-recipient  format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "arf-undisclosed",
	    "mf no-recipient  format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "challenge", "none not-a-report \n" },
	{ "delay",
	    "mb not-a-failure user@example.org format=text diag=A "
	    "message that you sent has not yet been delivered to one or "
	    "more of its\n"
	    "recipients after more than 24 hours on the queue.\n\n"
	    "The address to which the message has not yet been delivered "
	    "is:\n" },
	{ "dmarc-aggregate", "none not-a-report \n" },
	{ "charset-in-fields",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.0.0 diag=X-Notes; ユーザー user "
	    "(user@example.org) は Domino "
	    "ディレクトリには見つかりません。\n" },
	{ "domino",
	    "mb none user@example.org format=text diag=User user "
	    "(user@example.org) not listed in Domino Directory\n" },
	{ "dovecot",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.1.1 diag=Not enough disk space\n" },
	{ "dsn-as-text",
	    "mb not-a-failure user@example.org format=dsn "
	    "action=delayed status=4.4.0 mta=mx.example.net\n" },
	{ "dsn-base64",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.1.1 mta=x\n" },
	{ "dsn-delay-in-words",
	    "mb not-a-failure user@example.org format=dsn diag=550 5.1.1 "
	    "User unknown. It will be retried.\n" },
	{ "dsn-details-txt",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.1.1 diag=smtp; 550 5.1.1 User unknown\n" },
	{ "returned-report",
	    "mb none user@example.org format=text diag=550 5.1.1 User "
	    "unknown\n" },
	{ "dsn-forwarded",
	    "mb none list@example.org named=hidden@example.net "
	    "format=dsn action=failed status=5.1.1 "
	    "mta=mx.example.net "
	    "id=<orig-1@example.com>\n" },
	{ "dsn-no-diagnostic",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.0.0 diag=550 5.1.1 No\n"
	    "    such user here (in reply to RCPT TO command) "
	    "id=<orig-1@example.com>\n" },
	{ "dsn-reply-of-another",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.1.1 diag=550 5.1.1 <user@example.org>... User "
	    "unknown\n"
	    "mb none other@example.org format=dsn action=failed "
	    "status=5.0.0 mta=mx.example.org\n" },
	{ "dsn-nobody-in-fields",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.2.2 diag=mailbox is full "
	    "mta=mx.example.net "
	    "id=<orig-1@example.com>\n" },
	{ "dsn-postfix",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.1.1 diag=smtp; 550 5.1.1 <user@example.org>: "
	    "Recipient address rejected: User unknown in local "
	    "recipient table mta=mx1.example.org "
	    "id=<orig-1@example.com>\n" },
	{ "dsn-powermta",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.2.1 (mailbox disabled, not accepting messages) "
	    "diag=smtp;550 5.2.1 <user@example.org>... User Unknown "
	    "mta=mx.example.org (192.0.2.135) cat=bad-mailbox "
	    "envid=env-42 id=<orig-1@example.com>\n" },
	{ "dsn-quoted-in-original",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.1.1 id=<outer@example.com>\n" },
	{ "dsn-redacted",
	    "mb redacted  format=dsn action=failed status=5.1.1 "
	    "mta=mx.example.net "
	    "id=<orig-1@example.com>\n" },
	{ "dsn-several",
	    "mb none one@example.org format=dsn action=failed "
	    "status=5.1.1 mta=mx.example.net "
	    "id=<orig-1@example.com>\n"
	    "mb not-a-failure two@example.org format=dsn "
	    "action=delayed status=4.4.1 mta=mx.example.net "
	    "id=<orig-1@example.com>\n"
	    "mb not-a-failure three@example.org format=dsn "
	    "action=relayed status=2.1.5 mta=mx.example.net "
	    "id=<orig-1@example.com>\n"
	    "mb none four@example.org format=dsn action=failed "
	    "status=4.4.7 mta=mx.example.net "
	    "id=<orig-1@example.com>\n"
	    "mb none five@example.org format=dsn status=5.7.1 "
	    "mta=mx.example.net "
	    "id=<orig-1@example.com>\n" },
	{ "dsn-stage",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.0.0 diag=550 Unknown user user@example.org (in "
	    "reply to end of DATA\n"
	    "    command) mta=mx.example.org\n" },
	{ "dsn-utf8",
	    "mb none jürgen@example.org format=dsn action=failed "
	    "status=5.1.1 mta=mx.example.net "
	    "id=<orig-1@example.com>\n" },
	{ "dsn-xtext",
	    "mb none user+tag=x@example.org format=dsn action=failed "
	    "status=5.1.1 mta=mx.example.net "
	    "id=<orig-1@example.com>\n" },
	{ "empty", "none not-a-report \n" },
	{ "exchange",
	    "mb none user@example.org format=text diag=on Sat, 21 "
	    "Nov 2026 08:00:01 +0100\n"
	    "    The recipient name is not recognized\n" },
	{ "exchange-html",
	    "mb none user@example.org format=text diag=on Sat, 21 "
	    "Nov 2026 08:00:01 +0100\n"
	    "    The recipient name is not recognized\n" },
	{ "exchange-x400",
	    "mb none user@example.org format=text diag=on Sat, 21 "
	    "Nov 2026 08:00:00\n"
	    "    The recipient name is not recognized\n" },
	{ "exim",
	    "mb none user@example.org format=text diag=550 5.1.1 "
	    "unknown user mta=mx1.example.org\n"
	    "mb none other@example.org format=text diag=Unrouteable "
	    "address\n" },
	{ "html-only",
	    "mb none user@example.org format=text diag=550 5.1.10 "
	    "not found\n" },
	{ "human", "none not-a-report \n" },
	{ "jmrp-arf",
	    "mf none user@example.org format=arf feedback=abuse "
	    "id=<orig-1@example.com>\n" },
	{ "jmrp-folded",
	    "mf none user@example.org format=jmrp "
	    "id=<orig-1@example.com>\n" },
	{ "jmrp-headers",
	    "mf none user@example.org format=jmrp "
	    "id=<orig-1@example.com>\n" },
	{ "jmrp-in-body", "none not-a-report \n" },
	{ "jmrp-mixed",
	    "mf none user@example.org format=jmrp "
	    "id=<orig-1@example.com>\n" },
	{ "jmrp-top",
	    "mf none user@example.org format=jmrp "
	    "id=<orig-1@example.com>\n" },
	{ "kddi",
	    "mb none user@example.org format=text diag=Could not be "
	    "delivered to: <user@example.org>\n"
	    "     As their mailbox is full.\n" },
	{ "local-part-in-list",
	    "mb none exampleuser@example.org format=text diag=not be "
	    "delivered because they are not accepting mail "
	    "from you:\n" },
	{ "local-part-only",
	    "mb none user.name@example.org format=text diag=mailbox "
	    "is full id=<orig-1@example.com>\n" },
	{ "mdn", "none not-a-report \n" },
	{ "nobody-named",
	    "mb no-recipient  format=text id=<orig-1@example.com>\n" },
	{ "not-mail", "none not-a-report \n" },
	{ "opensmtpd",
	    "mb none one@example.org format=text diag=550 5.2.2 "
	    "<one@example.org>... Mailbox Full\n"
	    "mb none two@example.org format=text diag=550 5.1.1 "
	    "<two@example.org>... User Unknown\n" },
	{ "qmail",
	    "mb none user@example.org format=text status=5.1.1 diag=Sorry, no "
	    "mailbox here by that name. (#5.1.1)\n"
	    "mb none second@example.org format=text diag=552 5.2.2 "
	    "over quota\n"
	    "Giving up on 192.0.2.5.\n" },
	{ "sendmail-old",
	    "mb none user@example.org format=text diag=550 5.1.1 "
	    "<user@example.org>... User unknown\n"
	    "550 <user@example.org>... User unknown "
	    "mta=mx.example.org\n" },
	{ "ses-bounce",
	    "mb none user@example.org format=ses action=failed "
	    "status=5.1.1 diag=smtp; 550 5.1.1 user unknown "
	    "envid=ses-1 id=<orig-1@example.com>\n" },
	{ "tlsrpt", "none not-a-report \n" },
	{ "unsubscribe", "none not-a-report \n" },
	{ "vacation", "none not-a-report \n" },
	{ "vacation-encoded", "none not-a-report \n" },
	{ "wrapped-by-gateway",
	    "mb none user@example.org format=dsn action=failed "
	    "status=5.1.1 mta=mx.example.net "
	    "id=<orig-1@example.com>\n" },
};

static void
each_sample_is_told_as_it_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(MAILS); i++) {
		struct buf mail = { 0 };
		struct err e = { 0 };
		char path[256];

		snprintf(path, sizeof path, SAMPLES "%s.eml", MAILS[i].name);
		if (!file_read(path, MESSAGE_BYTES_MAX, &mail, &e))
			fail_msg("%s; run this from the top folder", e.text);
		want_told(MAILS[i].name, buf_str(&mail), MAILS[i].want);
		buf_release(&mail);
	}
}

#define TOP                                                  \
	"Return-Path: <>\nFrom: MAILER-DAEMON@example.net\n" \
	"Subject: failure notice\n"
#define QMAIL "\n<user@example.org>:\nno mailbox here (#5.1.1)\n"
#define QMAIL_TOLD                              \
	"mb none user@example.org format=text " \
	"status=5.1.1 diag=no mailbox here (#5.1.1)\n"

#define EXIM_AFTER(stage)                                                \
	"From: Mailer-Daemon@mx.example.net\nX-Failed-Recipients: "      \
	"joe@a.example\nSubject: Mail delivery failed\n\n"               \
	"The following address failed:\n\n  joe@a.example\n"             \
	"    SMTP error from remote mail server after " stage ":\n"      \
	"    550 User unknown\n"
#define SENDMAIL_AFTER(session)                                          \
	"From: MAILER-DAEMON@mx.example.net\nSubject: Returned mail\n\n" \
	"  ----- The following addresses had permanent fatal errors "    \
	"-----\n<joe@a.example>\n    (reason: 550 User unknown)\n\n"     \
	"  ----- Transcript of session follows -----\n"                  \
	"... while talking to mx.a.example.:\n" session

static void
the_stage_of_a_refusal_is_told_with_it(void **state)
{
	static const struct {
		const char *mail, *want;
	} ROWS[] = {
		{ EXIM_AFTER("MAIL FROM:<b@b.example>"),
		    " (in reply to MAIL FROM command)" },
		{ EXIM_AFTER("pipelined MAIL FROM:<b@b.example>"),
		    " (in reply to MAIL FROM command)" },
		{ EXIM_AFTER("initial connection"), " (in reply to banner)" },
		{ EXIM_AFTER("EHLO mx.example.net"),
		    " (in reply to EHLO command)" },
		{ EXIM_AFTER("end of data"),
		    " (in reply to end of DATA command)" },
		{ EXIM_AFTER("RCPT TO:<joe@a.example>"), "" },
		{ SENDMAIL_AFTER(">>> MAIL From:<b@b.example>\n"
				 "<<< 550 User unknown\n"),
		    " (in reply to MAIL FROM command)" },
		{ SENDMAIL_AFTER("<<< 550 User unknown\n"),
		    " (in reply to banner)" },
		{ SENDMAIL_AFTER(">>> DATA\n<<< 550 User unknown\n"
				 "554 5.0.0 Service unavailable\n"),
		    " (in reply to end of DATA command)" },
		/* Sent along with a RCPT, which it answers. */
		{ SENDMAIL_AFTER(">>> DATA\n<<< 550 User unknown\n"
				 "<<< 503 need RCPT\n"), "" },
		{ SENDMAIL_AFTER(">>> RCPT To:<joe@a.example>\n"
				 "<<< 550 User unknown\n"), "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct message_envelope env = { 0 };
		struct told t = { 0 };
		struct err e = { 0 };
		struct str s;

		assert_true(
		    read_mail(str_from(ROWS[i].mail), &env, &t, &e));
		s = buf_str(&t.text);
		s = str_skip(s, str_find(s, STR("User unknown")) + 12);
		/* Neither more of the text, nor Sendmail's last bracket. */
		s = str_sub(s, 0, str_find(s, STR(" mta=")));
		want_str(ROWS[i].mail, str_sub(s, 0, str_chr(s, '\n')),
		    str_from(ROWS[i].want));
		buf_release(&t.text);
	}
}

static void
who_shows_a_bounce_to_others_sends_none(void **state)
{
	static const char TEXT[] =
	    "This is the mail system at host mx.b.example.\n\n"
	    "<joe@a.example>: host mx.a.example[192.0.2.9] said: "
	    "550 5.1.1 User unknown\n";
	static const struct {
		const char *head, *start;
		bool bounce;
	} ROWS[] = {
		{ "From: Ann <ann@b.example>\nSubject: Delivery failed?\n",
		    "Hi, can you explain:\n\n", false },
		{ "From: Ann <ann@b.example>\n"
		  "Subject: Undelivered Mail Returned to Sender\n",
		    "Hello Bob,\n", false },
		{ "From: relay@b.example\nSubject: Delivery failed\n", "",
		    true },
		{ "From: relay@b.example\nSubject: Delivery failed\n",
		    "Hi. This is the qmail-send program.\n", true },
		{ "From: relay@b.example\nSubject: Delivery failed\n"
		  "Auto-Submitted: auto-generated\n", "Hello,\n", true },
		{ "From: MAILER-DAEMON@b.example\nSubject: Delivery failed\n",
		    "Hello,\n", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct message_envelope env = { 0 };
		struct told t = { 0 };
		struct buf mail = { 0 };
		struct err e = { 0 };

		buf_addf(&mail, "%s\n%s%s", ROWS[i].head, ROWS[i].start, TEXT);
		assert_true(read_mail(buf_str(&mail), &env, &t, &e));
		if (str_starts(buf_str(&t.text), STR("mb none joe@a.example")) !=
		    ROWS[i].bounce)
			fail_msg("%s%s", ROWS[i].head, ROWS[i].start);
		buf_release(&mail);
		buf_release(&t.text);
	}
}

static void
the_shape_of_the_bytes_does_not_matter(void **state)
{
	static const struct {
		const char *name;
		struct str mail;
		const char *want;
	} ROWS[] = {
		{ "mbox line", LIT("From x Sat Nov 21 2026\n" TOP QMAIL),
		    QMAIL_TOLD },
		{ "empty lines first", LIT("\n \r\n\n" TOP QMAIL), QMAIL_TOLD },
		{ "CR",
		    LIT("Return-Path: <>\rFrom: MAILER-DAEMON@example.net\r"
			"Subject: failure notice\r\r<user@example.org>:\r"
			"no mailbox here (#5.1.1)"),
		    QMAIL_TOLD },
		{ "CRLF and LF",
		    LIT("Return-Path: <>\r\n"
			"From: MAILER-DAEMON@example.net\n"
			"Subject: failure notice\r\n\r\n<user@example.org>:\n"
			"no mailbox here (#5.1.1)\r\n"),
		    QMAIL_TOLD },
		{ "NULs",
		    LIT("Return-\0Path: <>\nFrom: MAILER-DAEMON@exam"
			"\0ple.net\nSubject: failure notice\n"
			"\0" QMAIL "\0"),
		    QMAIL_TOLD },
		{ "encoding cut short",
		    LIT(TOP
			"Content-Transfer-Encoding: "
			"base64\n\nPHVzZXJAZXhhbXBsZS5vcmc+OgpubyBtYWlsYm94IGhlcmU"
			"gKCM1LjEuMSkK!"),
		    QMAIL_TOLD },
		{ "a charset nobody knows",
		    LIT(TOP "Content-Type: text/plain; "
			    "charset=x-none-such\n" QMAIL),
		    QMAIL_TOLD },
		{ "a boundary that never comes",
		    LIT(TOP "Content-Type: "
			    "multipart/mixed; boundary=b\n" QMAIL),
		    QMAIL_TOLD },
		{ "spaces that do not break",
		    LIT(TOP "\n<user@example.org>:\nno\xc2\xa0mailbox"
			    "\xc2\xa0here (#5.1.1)\n"),
		    QMAIL_TOLD },
		{ "no header at all", LIT("hello"), "none not-a-report \n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_told(ROWS[i].name, ROWS[i].mail, ROWS[i].want);
}

static void
time_and_originator_come_from_the_topmost_received_line(void **state)
{
	static const char MAIL[] =
	    "Date: Fri, 1 Jan 1999 00:00:00 +0000\n"
	    "Received: by a.example for <verp+1@example.com>; Sat, 21 Nov\n"
	    " 2026 08:57:27 +0100\n"
	    "Received: by b.example for <other@example.com>; Fri, 20 Nov "
	    "2026 08:57:27 +0100\n" TOP QMAIL;
	struct message_envelope env = { 0 };
	struct told t = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_true(read_mail(str_from(MAIL), &env, &t, &e));
	want_number("received", t.last.time, RECEIVED);
	assert_true(read_mail(STR(TOP QMAIL), &env, &t, &e));
	want_number("no received line", t.last.time, NOW);
	assert_true(
	    read_mail(STR("Received: x; nonsense\n" TOP QMAIL), &env, &t, &e));
	want_number("no date in it", t.last.time, NOW);
	assert_true(read_mail(
	    STR("Received: from a;b (1) by x (PowerMTA) for "
		"<a;b@example.com>;\n Sat, 21 Nov 2026 08:57:27 +0100\n"
		" (envelope-from <c;d@example.com>)\n" TOP QMAIL),
	    &env, &t, &e));
	want_number("semicolons in addresses", t.last.time, RECEIVED);
	buf_release(&t.text);
}

struct who {
	char orig[64], envid[64];
};

static bool
take_who(void *ctx, const struct event *ev, struct err *e)
{
	struct who *w = ctx;

	(void)e;
	return str_copy(ev->orig, w->orig, sizeof w->orig) &&
	    str_copy(ev->envid, w->envid, sizeof w->envid);
}

static void
the_envelope_counts_before_the_header(void **state)
{
	static const struct str MAIL =
	    LIT("Received: by a for "
		"<verp+1@example.com>; x\n" TOP QMAIL);
	struct message_envelope env = { .to = STR("verp+2@example.com"),
		.envid = STR("env-1") };
	struct message_envelope none = { 0 };
	struct who w = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_true(message_read(MAIL, &env, NOW, take_who, &w, &e));
	want_text("envelope", w.orig, "verp+2@example.com");
	want_text("envid", w.envid, "env-1");
	assert_true(message_read(MAIL, &none, NOW, take_who, &w, &e));
	want_text("received", w.orig, "verp+1@example.com");
	want_text("no envid", w.envid, "");
	assert_true(message_read(
	    STR("Received: from x for <evil@example.org> "
		"by y for <verp+3@example.com>; Sat, 21 Nov 2026 08:57:27 +0100\n" TOP
		    QMAIL),
	    &none, NOW, take_who, &w, &e));
	want_text("a HELO name with words in it", w.orig, "verp+3@example.com");
}

static void
a_reader_that_fails_stops_the_reading(void **state)
{
	struct message_envelope env = { 0 };
	struct told t = { .stop_at = 2 };
	struct err e = { 0 };

	(void)state;
	assert_false(
	    read_mail(STR(TOP "\n<a@example.org>:\nno\n\n"
			      "<b@example.org>:\nno\n\n<c@example.org>:\nno\n"),
		&env, &t, &e));
	assert_int_equal(t.n, 2);
	want_text("error", e.text, "stopped by the test");
	buf_release(&t.text);
}

/* piece, with i for each '#'. */
static void
add_numbered(struct buf *b, const char *piece, unsigned i)
{
	for (; *piece != '\0'; piece++)
		if (*piece == '#')
			buf_addf(b, "%u", i);
		else
			buf_addc(b, *piece);
}

/* A mail of one piece again and again, up to the size limit. */
static void
read_many(const char *head, const char *piece, struct told *t)
{
	struct message_envelope env = { 0 };
	struct buf mail = { 0 };
	struct err e = { 0 };

	buf_adds(&mail, head);
	for (unsigned i = 0; mail.n < MESSAGE_BYTES_MAX; i++)
		add_numbered(&mail, piece, i);
	assert_true(buf_ok(&mail, &e));
	if (!read_mail(buf_str(&mail), &env, t, &e))
		fail_msg("%s: %s", piece, e.text);
	buf_release(&mail);
}

static void
one_mail_gives_no_more_events_than_the_limit(void **state)
{
	static const struct {
		const char *name, *head, *piece;
	} ROWS[] = {
		{ "groups", TOP "Content-Type: message/delivery-status\n\n",
		    "Final-Recipient: rfc822; u#@example.org\n"
		    "Action: failed\n\n" },
		{ "text", TOP "\n", "<u#@example.org>:\nno such user\n\n" },
		{ "field", TOP "\n", "X-Failed-Recipients: u#@example.org\n" },
		{ "complaints",
		    "Content-Type: message/feedback-report\n\n"
		    "Feedback-Type: abuse\n",
		    "Original-Rcpt-To: u#@example.org\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct told t = { 0 };

		read_many(ROWS[i].head, ROWS[i].piece, &t);
		/* One more tells that there were more. */
		if (t.n == 0 || t.n > MESSAGE_REPORTS_MAX + 1)
			fail_msg("%s: %u events", ROWS[i].name, t.n);
		buf_release(&t.text);
	}
}

/* Each would cost a careless reader its stack, its memory or its time. */
static void
hostile_shapes_are_read_to_their_end(void **state)
{
	static const struct {
		const char *head, *piece;
	} ROWS[] = {
		{ "", "a:\n" },
		{ "", "To: a@example.org\n" },
		{ "To: x", ", a#@example.org" },
		{ "To: ", "(" },
		{ "To: ", "=?utf-8?q?=41?= " },
		{ "Content-Type: text/plain", "; a#=b" },
		{ "Content-Type: multipart/mixed; boundary=b\n\n",
		    "--b\n\nx\n" },
		{ "Content-Type: multipart/mixed; boundary=b\n\n",
		    "--b\nContent-Type: message/rfc822\n\nTo: a@b.example\n" },
		{ "",
		    "Content-Type: multipart/mixed; boundary=b#\n\n"
		    "--b#\n" },
		{ "", "Content-Type: message/rfc822\n\n" },
		{ TOP "Content-Type: text/html\n\n", "<!--" },
		{ TOP "Content-Type: text/html\n\n", "&" },
		{ TOP "\n", "@" },
		{ TOP "\n", "\"@" },
		{ TOP "\n", "u#@example.org " },
		{ TOP "\n", "550 " },
		{ TOP "Content-Transfer-Encoding: quoted-printable\n\n",
		    "=\n" },
		{ TOP "Content-Type: message/delivery-status\n\n",
		    "Final-Recipient: x\n\n" },
		{ TOP "Content-Type: message/delivery-status\n\n"
		      "Diagnostic-Code: ",
		    "\n x" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct told t = { 0 };

		read_many(ROWS[i].head, ROWS[i].piece, &t);
		if (t.n == 0)
			fail_msg("\"%s\" told nothing", ROWS[i].piece);
		buf_release(&t.text);
	}
}

static void
the_start_of_a_mail_is_known(void **state)
{
	static const struct {
		const char *s;
		bool want;
	} ROWS[] = {
		{ "Return-Path: <>\r\n", true },
		{ "Received: by x", true },
		{ "X-a:", true },
		{ "From root Sat Nov 21", true },
		{ "type,timeLogged,rcpt\n", false },
		{ "b,2026-11-21 07:57:27+0000,a@example.org\n", false },
		{ "{\"type\":\"b\"}\n", false },
		{ " folded: x\n", false },
		{ "two words: x\n", false },
		{ "\r\n  \t\nSubject: x\n", true },
		{ ": x\n", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_bool(ROWS[i].s, message_starts(str_from(ROWS[i].s)),
		    ROWS[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sample_is_told_as_it_should),
		cmocka_unit_test(the_stage_of_a_refusal_is_told_with_it),
		cmocka_unit_test(who_shows_a_bounce_to_others_sends_none),
		cmocka_unit_test(the_shape_of_the_bytes_does_not_matter),
		cmocka_unit_test(
		    time_and_originator_come_from_the_topmost_received_line),
		cmocka_unit_test(the_envelope_counts_before_the_header),
		cmocka_unit_test(a_reader_that_fails_stops_the_reading),
		cmocka_unit_test(one_mail_gives_no_more_events_than_the_limit),
		cmocka_unit_test(hostile_shapes_are_read_to_their_end),
		cmocka_unit_test(the_start_of_a_mail_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
