/* test_claims.c - tokens in rows and mails tell whom a report is about. */
#include "unit.h"

#include "fixed_keys.h"
#include "base/clock.h"
#include "mail/acct.h"
#include "mail/message.h"

#define AT "2026-11-21 08:00:00+0000"
#define MAIL_DATE "Sat, 21 Nov 2026 08:00:00 +0000"
/* bounce address of ada by k2, as the manual has it */
#define ADA "bounce-1k2512aokkbeee4wbj3qwfr-ada=example.com@s.example"
/* header of ada, stream news, <1@shop.example> */
#define REF                                                  \
	"1k2512awzcs22mbjq22woonmfsgcqdfpbqw24dmmuxgg33nbj" \
	"xgk53tbi6dcqdtnbxxaltfpbqw24dmmu7a"
#define FORGED_REF                                           \
	"1k2512awzcs22mbjq22wooomfsgcqdfpbqw24dmmuxgg33nbj" \
	"xgk53tbi6dcqdtnbxxaltfpbqw24dmmu7a"
#define FORGED "bounce-1k2512aokkbeee4wbj3qwfq-ada=example.com@s.example"

/* A token of ada that stands alone, and an address around it. */
static const char *
alone(const char *prefix)
{
	static char out[128];

	snprintf(out, sizeof out, "%s-%.*s@s.example", prefix, SIGN_TOKEN,
	    &ADA[7]);
	return out;
}

static void
tell(struct buf *b, const struct event *ev)
{
	buf_addf(b, "%s %s %s %s %s %.*s %.*s\n", kind_name(ev->kind),
	    skip_name(ev->skip),
	    ev->address[0] != '\0' ? ev->address : "-", found_name(ev->found),
	    ev->proof == PROOF_SIGNED ? "signed" : "-", STR_ARG(ev->stream),
	    STR_ARG(ev->message_id));
}

/* ---- rows ---- */

static void
want_row(const char *name, const struct acct_settings *s, const char *header,
    const char *text, const char *want)
{
	struct err e = { 0 };
	struct acct *a = acct_open(s, &e);
	struct rows *rows = rows_open(ROWS_LIMIT_DEFAULT, &e);
	struct buf b = { 0 };
	struct event ev;
	struct rows_row row;

	memset(&ev, 0xa5, sizeof ev);
	assert_true(acct_header(a, str_from(header), NULL, &e));
	assert_true(rows_feed(rows, str_from(text), true, &e));
	assert_int_not_equal(rows_next(rows, &row), ROWS_MORE);
	assert_true(acct_row(a, &row, &ev, &e));
	tell(&b, &ev);
	want_str(name, buf_str(&b), str_from(want));
	buf_release(&b);
	rows_close(rows);
	acct_close(a);
}

#define F_HEAD "type,timeLogged,orig,rcpt,feedbackType,envId"
#define F(orig, rcpt, more) "f," AT "," orig "," rcpt ",abuse," more "\n"

static void
a_complaint_is_about_whom_its_token_proves(void **state)
{
	static const char SURE[] = "f none ada@example.com signed signed "
				   "news <1@shop.example>\n";
	static const char REDACTED[] = "f redacted - none -  \n";
	static const char *const HEAD = F_HEAD ",header_X-Suppress-Ref";
	struct sign_keys k;
	struct acct_settings s = { .claims = {
		.keys = &k, .header = STR("X-Suppress-Ref") } };

	(void)state;
	make_keys(&k);
	want_row("redacted", &s, HEAD, F("", "redacted@x.example", "," REF),
	    SURE);
	want_row("empty", &s, HEAD, F("", "", "," REF), SURE);
	want_row("hashed", &s, HEAD,
	    F("", "8b1a9953c4611296@x.example", "," REF), SURE);
	want_row("another named", &s, HEAD, F("", "bob@x.example", "," REF),
	    SURE);
	want_row("folded", &s, HEAD,
	    F("", "", ",\"1k2512awzcs22mbjq22woonmfsgcqdfpbqw24dmmuxgg33nbj\n"
		"\tXGK53TBI6DCQDTNBXXALTFPBQW24DMMU7A\""), SURE);
	want_row("mapped to rcpt", &s, F_HEAD, F("", REF, ""), SURE);
	want_row("mapped to envId", &s, F_HEAD, F("", "", REF), SURE);
	want_row("forged", &s, HEAD,
	    F("", "redacted@x.example", "," FORGED_REF), REDACTED);
	want_row("forged, named", &s, HEAD,
	    F("", "bob@x.example", "," FORGED_REF),
	    "f none bob@x.example named -  \n");
	want_row("in orig", &s, F_HEAD, F(ADA, "redacted@x.example", ""),
	    "f none ada@example.com signed signed  \n");
	want_row("forged orig", &s, F_HEAD, F(FORGED, "", ""),
	    "f no-recipient - none -  \n");
	want_row("another name", &s, F_HEAD ",header_x-ref",
	    F("", "", "," REF), "f no-recipient - none -  \n");
	s.claims.header = STR("X-Ref");
	want_row("that name", &s, F_HEAD ",header_x-ref", F("", "", "," REF),
	    SURE);
	want_row("not spam", &s, F_HEAD,
	    "f," AT ",,,not-spam," REF "\n",
	    "f not-a-complaint ada@example.com signed signed news "
	    "<1@shop.example>\n");
	k.n = 0;
	want_row("no keys", &s, HEAD, F("", "redacted@x.example", "," REF),
	    REDACTED);
}

#define RB_HEAD "type,timeLogged,orig,rcpt,orcpt,dsnStatus,dsnDiag,format"
#define RB(orig, rcpt, orcpt)                            \
	"rb," AT "," orig "," rcpt "," orcpt ",5.1.1," \
	"smtp;550 5.1.1 no such user,dsn\n"

static void
a_bounce_row_is_about_whom_its_address_proves(void **state)
{
	static const char SURE[] = "rb none ada@example.com signed signed  \n";
	char text[512];
	struct sign_keys k;
	struct acct_settings s = { .verp_prefix = STR("bounce"),
		.claims = { .keys = &k } };

	(void)state;
	make_keys(&k);
	want_row("named", &s, RB_HEAD, RB(ADA, "ada@example.com", ""), SURE);
	want_row("forwarded", &s, RB_HEAD, RB(ADA, "bob@x.example", ""), SURE);
	want_row("orcpt of another", &s, RB_HEAD,
	    RB(ADA, "bob@x.example", "rfc822;bob@x.example"), SURE);
	want_row("redacted", &s, RB_HEAD, RB(ADA, "redacted@x.example", ""),
	    SURE);
	want_row("forged", &s, RB_HEAD, RB(FORGED, "bob@x.example", ""),
	    "rb none bob@x.example named -  \n");
	want_row("forged alone", &s, RB_HEAD, RB(FORGED, "", ""),
	    "rb no-recipient - none -  \n");
	want_row("VERP", &s, RB_HEAD,
	    RB("bounce-ada=example.com@s.example", "bob@x.example", ""),
	    "rb none ada@example.com verp -  \n");
	snprintf(text, sizeof text, "rb," AT ",%s,ada@example.com,,5.1.1,"
	    "smtp;550 no,dsn\n", alone("bounce"));
	want_row("alone, named", &s, RB_HEAD, text, SURE);
	snprintf(text, sizeof text, "rb," AT ",%s,bob@x.example,"
	    "rfc822;ada@example.com,5.1.1,smtp;550 no,dsn\n", alone("x"));
	want_row("alone, in orcpt", &s, RB_HEAD, text, SURE);
	snprintf(text, sizeof text, "rb," AT ",%s,bob@x.example,,5.1.1,"
	    "smtp;550 no,dsn\n", alone("bounce"));
	want_row("alone, another", &s, RB_HEAD, text,
	    "rb none bob@x.example named -  \n");
	want_row("too old", &s, RB_HEAD,
	    "rb,2027-02-20 00:00:00+0000," ADA ",,,5.1.1,smtp;550 no,dsn\n",
	    "rb no-recipient - none -  \n");
	want_row("no time", &s, RB_HEAD,
	    "rb,," ADA ",ada@example.com,,5.1.1,smtp;550 no,dsn\n",
	    "rb bad-time ada@example.com named -  \n");
}

/* ---- mails ---- */

static bool
take(void *ctx, const struct event *ev, struct err *e)
{
	(void)e;
	tell(ctx, ev);
	return true;
}

static void
want_mail(const char *name, const struct message_envelope *env,
    const char *mail, const char *want)
{
	struct buf b = { 0 };
	struct err e = { 0 };

	if (!message_read(str_from(mail), env, NOW, take, &b, &e))
		fail_msg("%s: %s", name, e.text);
	want_str(name, buf_str(&b), str_from(want));
	buf_release(&b);
}

#define TOP(to)                                                           \
	"Return-Path: <>\nReceived: from mx (192.0.2.1) by s.example id 1 " \
	"for <" to ">;\n\t" MAIL_DATE "\nFrom: MAILER-DAEMON@x.example\n" \
	"Subject: Undelivered\nMIME-Version: 1.0\n"
#define DSN(to, rcpt, returned)                                            \
	TOP(to) "Content-Type: multipart/report; "                        \
		"report-type=delivery-status; boundary=b\n\n--b\n\nsorry\n" \
		"--b\nContent-Type: message/delivery-status\n\n"          \
		"Reporting-MTA: dns; mx.x.example\n\n"                    \
		"Final-Recipient: rfc822; " rcpt "\nAction: failed\n"     \
		"Status: 5.1.1\n\n--b\n" returned "\n--b--\n"
#define HEADERS(lines) \
	"Content-Type: text/rfc822-headers\n\nFrom: a@s.example\n" lines
#define WHOLE(lines) \
	"Content-Type: message/rfc822\n\nFrom: a@s.example\n" lines "\n\nHi\n"
#define ARF(field, returned)                                               \
	TOP("fbl@s.example") "Content-Type: multipart/report; "           \
			     "report-type=feedback-report; boundary=b\n\n" \
			     "--b\n\nspam\n--b\n"                         \
			     "Content-Type: message/feedback-report\n\n"  \
			     "Feedback-Type: abuse\nVersion: 1\n" field   \
			     "\n--b\n" returned "\n--b--\n"
#define FOLDED_REF                                                       \
	"X-SUPPRESS-ref:\r\n 1k2512awzcs22mbjq22woonmfsgcqdfpbqw\r\n\t" \
	"24dmmuxgg33nbjXGK53TBI6DCQDTNBXXALTFPBQW24DMMU7A\n"

static void
a_raw_report_is_about_whom_its_token_proves(void **state)
{
	static const char SURE[] =
	    "mb none ada@example.com signed signed  \n";
	static const char BY_HEADER[] = "mb none ada@example.com signed "
					"signed news <1@shop.example>\n";
	static const char COMPLAINT[] = "mf none ada@example.com signed "
					"signed news <1@shop.example>\n";
	struct sign_keys k;
	struct message_settings s = { .verp_prefix = STR("bounce"),
		.claims = { .keys = &k, .header = STR("X-Suppress-Ref") } };
	struct message_envelope env = { .settings = &s };

	(void)state;
	make_keys(&k);
	want_mail("Received", &env, DSN(ADA, "redacted@x.example", ""), SURE);
	want_mail("another named", &env, DSN(ADA, "bob@x.example", ""), SURE);
	want_mail("in words", &env,
	    TOP(ADA) "\nMail could not be delivered:\n550 5.1.1 unknown\n",
	    SURE);
	want_mail("headers", &env,
	    DSN("b@s.example", "redacted@x.example", HEADERS(FOLDED_REF)),
	    BY_HEADER);
	want_mail("message", &env,
	    DSN("b@s.example", "bob@x.example", WHOLE(FOLDED_REF)), BY_HEADER);
	want_mail("both", &env,
	    DSN(ADA, "bob@x.example", WHOLE(FOLDED_REF)), BY_HEADER);
	want_mail("forged header", &env,
	    DSN("b@s.example", "redacted@x.example",
		WHOLE("X-Suppress-Ref: " FORGED_REF)),
	    "mb redacted - none -  \n");
	want_mail("forged address", &env, DSN(FORGED, "bob@x.example", ""),
	    "mb none bob@x.example named -  \n");
	want_mail("VERP", &env,
	    DSN("bounce-eve=x.example@s.example", "redacted@x.example", ""),
	    "mb none eve@x.example verp -  \n");
	want_mail("forged, nobody named", &env,
	    DSN(FORGED, "redacted@x.example", ""), "mb redacted - none -  \n");
	want_mail("ARF", &env,
	    ARF("Original-Rcpt-To: redacted@x.example\n", WHOLE(FOLDED_REF)),
	    COMPLAINT);
	want_mail("ARF, headers", &env, ARF("", HEADERS(FOLDED_REF)),
	    COMPLAINT);
	want_mail("ARF of several", &env,
	    ARF("Original-Rcpt-To: a@x.example\n"
		"Original-Rcpt-To: b@x.example\n", WHOLE(FOLDED_REF)),
	    COMPLAINT);
	want_mail("JMRP", &env,
	    TOP("fbl@s.example") "Content-Type: multipart/mixed; boundary=b\n"
				 "\n--b\n\nx\n--b\n"
		WHOLE("X-HmXmrOriginalRecipient: redacted@x.example\n"
		    FOLDED_REF) "\n--b--\n", COMPLAINT);
	want_mail("a vacation", &env,
	    "Received: by s.example for <" ADA ">; " MAIL_DATE "\n"
	    "From: ada@example.com\nSubject: Out of office\n\nAway.\n",
	    "none not-a-report - none -  \n");
	env.to = STR("BOUNCE-1K2512AOKKBEEE4WBJ3QWFR-ADA=EXAMPLE.COM@S.EXAMPLE");
	want_mail("--to", &env, DSN("x@s.example", "redacted@x.example", ""),
	    SURE);
	env.to = str_from(alone("bounce"));
	want_mail("alone", &env, DSN("x@s.example", "ada@example.com", ""),
	    SURE);
	want_mail("alone, another", &env,
	    DSN("x@s.example", "bob@x.example", ""),
	    "mb none bob@x.example named -  \n");
}

#define UNSUB(to, more)                                                      \
	"Received: by s.example for <" to ">; " MAIL_DATE "\n"              \
	"From: Zoe <zoe@x.example>\nTo: <" to ">\n" more                    \
	"Subject: unsubscribe\n\nunsubscribe\n"
#define UNSUB_ADA "unsub-1k2512avdd6nfify55wggsz=news=ada=example.com@s.example"
#define UNSUB_FORGED \
	"unsub-1k2512avdd6nfify55wggsz=news=bob=example.com@s.example"

static void
an_unsubscribe_address_proves_who_asks(void **state)
{
	static const char NO[] = "none not-a-report - none -  \n";
	struct sign_keys k;
	struct message_settings s = { .unsubscribe = STR("unsub-*"),
		.claims = { .keys = &k, .header = STR("X-Suppress-Ref") } };
	struct message_envelope env = { .settings = &s };
	char mail[1024];

	(void)state;
	make_keys(&k);
	want_mail("signed", &env, UNSUB(UNSUB_ADA, ""),
	    "mu none ada@example.com signed signed news \n");
	want_mail("forged", &env, UNSUB(UNSUB_FORGED, ""), NO);
	want_mail("a header's token", &env,
	    UNSUB("unsub-x@s.example", FOLDED_REF), NO);
	want_mail("an answering machine", &env,
	    UNSUB(UNSUB_ADA, "Auto-Submitted: auto-replied\n"), NO);
	want_mail("another address", &env, UNSUB(ADA, ""), NO);
	snprintf(mail, sizeof mail,
	    "From: Ada <Ada@example.com>\nTo: %s\n\nunsubscribe\n",
	    alone("unsub"));
	want_mail("alone, of its sender", &env, mail,
	    "mu none ada@example.com signed signed  \n");
	snprintf(mail, sizeof mail,
	    "From: Eve <eve@example.com>\nTo: %s\n\nunsubscribe\n",
	    alone("unsub"));
	want_mail("alone, of another", &env, mail, NO);
	s.unsubscribe = STR("");
	want_mail("off", &env, UNSUB(UNSUB_ADA, ""), NO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_complaint_is_about_whom_its_token_proves),
		cmocka_unit_test(a_bounce_row_is_about_whom_its_address_proves),
		cmocka_unit_test(a_raw_report_is_about_whom_its_token_proves),
		cmocka_unit_test(an_unsubscribe_address_proves_who_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
