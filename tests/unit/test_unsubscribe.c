/* test_unsubscribe.c - what the settings of mails do: who is unsubscribed by
 * one, and whom a bounce to a VERP address is about. */
#include "unit.h"

#include "base/buf.h"
#include "mail/message.h"

static bool
take(void *ctx, const struct event *ev, struct err *e)
{
	(void)e;
	buf_addf(ctx, "%s %s %s %.*s\n", kind_name(ev->kind),
	    skip_name(ev->skip), ev->address, STR_ARG(ev->orig));
	return true;
}

static void
want_told(const char *name, const struct message_envelope *env,
    const char *mail, const char *want)
{
	struct buf b = { 0 };
	struct err e = { 0 };

	if (!message_read(str_from(mail), env, 1700000000, take, &b, &e))
		fail_msg("%s: %s", name, e.text);
	want_str(name, buf_str(&b), str_from(want));
	buf_release(&b);
}

#define PASS                                                 \
	"Authentication-Results: mx.shop.example; spf=pass " \
	"smtp.mailfrom=zoe@isp.example\n"
#define FROM \
	"From: Zoe <zoe@isp.example>\nSubject: unsubscribe\n\nunsubscribe\n"
#define TO "Received: by mx for <unsub+7@news.shop.example>; x\n"

static void
a_mail_unsubscribes_only_a_sender_that_is_vouched_for(void **state)
{
	static const struct message_settings ON = {
		.unsubscribe = { "unsub+*", 7 },
		.trust_host = { "mx.shop.example", 15 },
	};
	static const struct message_settings NO_HOST = {
		.unsubscribe = { "unsub+*", 7 },
	};
	static const char YES[] =
	    "mu none zoe@isp.example unsub+7@news.shop.example\n";
	static const char NO[] = "none not-a-report  \n";
	static const char NO_TO[] =
	    "none not-a-report  unsub+7@news.shop.example\n";
	struct message_envelope env = { .from = STR("zoe@isp.example"),
		.to = STR("unsub+7@news.shop.example"),
		.settings = &ON };

	(void)state;
	want_told("envelope", &env, PASS FROM, YES);
	want_told("nobody vouches", &env, FROM, NO_TO);
	env.from = STR("eve@isp.example.net");
	want_told("for another", &env, PASS FROM, NO_TO);
	env.from = STR("zoe@isp.example");
	env.to = STR("help@news.shop.example");
	want_told("another address", &env, PASS FROM,
	    "none not-a-report  help@news.shop.example\n");
	env.from = env.to = STR("");
	want_told("header", &env,
	    "Return-Path: <zoe@isp.example>\n" TO PASS FROM, YES);
	want_told("no sender", &env, TO PASS FROM, NO_TO);
	want_told("To: alone", &env,
	    "Return-Path: <zoe@isp.example>\n"
	    "To: Unsub <unsub+7@news.shop.example>\n" PASS FROM,
	    YES);
	want_told(
	    "a bounce to it", &env, "Return-Path: <>\n" TO PASS FROM, NO_TO);
	env.settings = &NO_HOST;
	want_told("no trusted host", &env,
	    "Return-Path: <zoe@isp.example>\n" TO PASS FROM, NO_TO);
	env.settings = NULL;
	want_told("no settings", &env,
	    "Return-Path: <zoe@isp.example>\n" PASS FROM, NO);
}

#define DAEMON                                               \
	"Return-Path: <>\nFrom: MAILER-DAEMON@isp.example\n" \
	"Subject: failure notice\n"
#define STATUS                                             \
	DAEMON "Content-Type: message/delivery-status\n\n" \
	       "Reporting-MTA: dns; mx.isp.example\n\n"
#define FAILED "Action: failed\nStatus: 5.1.1\n"
#define REDACTED STATUS "Final-Recipient: rfc822; redacted@isp.example\n" FAILED

static void
a_bounce_is_about_whom_its_address_names(void **state)
{
	static const struct message_settings ON = {
		.verp_prefix = { "bounce", 6 },
	};
	static const char VERP[] = "bounce-zoe=isp.example@shop.example";
	struct message_envelope env = { .to = str_from(VERP), .settings = &ON };

	(void)state;
	want_told("nobody named", &env,
	    DAEMON "\nMail could not be delivered:\n550 5.1.1 unknown\n",
	    "mb none zoe@isp.example bounce-zoe=isp.example@shop.example\n");
	want_told("redacted", &env, REDACTED,
	    "mb none zoe@isp.example bounce-zoe=isp.example@shop.example\n");
	want_told("somebody named", &env,
	    DAEMON "\n<ann@isp.example>:\n550 5.1.1 unknown\n",
	    "mb none zoe@isp.example bounce-zoe=isp.example@shop.example\n");
	want_told("a forwarder's target", &env,
	    STATUS "Final-Recipient: rfc822;ann@isp.example\n" FAILED,
	    "mb none zoe@isp.example bounce-zoe=isp.example@shop.example\n");
	want_told("what was asked for", &env,
	    STATUS "Original-Recipient: rfc822;ann@isp.example\n" FAILED,
	    "mb none ann@isp.example bounce-zoe=isp.example@shop.example\n");
	want_told("several named", &env,
	    DAEMON "\nTo: eva@isp.example, zoe@isp.example\n\n"
	    "<ann@isp.example>:\n550 5.1.1 unknown\n",
	    "mb none zoe@isp.example bounce-zoe=isp.example@shop.example\n");
	want_told("a vacation", &env,
	    "From: zoe@isp.example\nSubject: Out of office\n\nAway.\n",
	    "none not-a-report  bounce-zoe=isp.example@shop.example\n");
	env.to = STR("other-zoe=isp.example@shop.example");
	want_told("another prefix", &env, REDACTED,
	    "mb redacted  other-zoe=isp.example@shop.example\n");
	env.to = STR("bounce-redacted=isp.example@shop.example");
	want_told("redacted there, too", &env, REDACTED,
	    "mb redacted  bounce-redacted=isp.example@shop.example\n");
	env.to = str_from(VERP);
	env.settings = NULL;
	want_told("no prefix known", &env, REDACTED,
	    "mb redacted  bounce-zoe=isp.example@shop.example\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_mail_unsubscribes_only_a_sender_that_is_vouched_for),
		cmocka_unit_test(
		    a_bounce_is_about_whom_its_address_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
