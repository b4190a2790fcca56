/* test_ses.c - what Amazon SES tells in JSON. */
#include "unit.h"

#include "base/buf.h"
#include "mail/ses.h"

#define MAIL "\"mail\":{\"messageId\":\"m-1\"}"

static void
tell(const char *name, const char *text, const char *want)
{
	struct buf b = { 0 };
	struct err e = { 0 };
	struct ses *s;

	if (!ses_open(str_from(text), &s, &e))
		fail_msg("%s: %s", name, e.text);
	for (unsigned i = 0; s != NULL; i++) {
		struct event ev = { .kind = KIND_NONE };

		if (!ses_event(s, i, &ev))
			break;
		buf_addf(&b, "%s %s %s %.*s %.*s %.*s\n", kind_name(ev.kind),
		    skip_name(ev.skip), ev.address, STR_ARG(ev.status),
		    STR_ARG(ev.diag), STR_ARG(ev.envid));
	}
	want_str(name, buf_str(&b), str_from(want));
	ses_close(s);
	buf_release(&b);
}

static void
notifications_are_told_by_their_recipients(void **state)
{
	(void)state;
	tell("bounce",
	    "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":"
	    "\"Permanent\",\"bouncedRecipients\":[{\"emailAddress\":"
	    "\"A@x.example\",\"action\":\"failed\",\"status\":\"5.1.1\","
	    "\"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"},"
	    "{\"emailAddress\":\"<b@x.example>\"}]}," MAIL "}",
	    "mb none a@x.example 5.1.1 smtp; 550 5.1.1 user unknown m-1\n"
	    "mb none b@x.example   m-1\n");
	tell("complaint, broken into lines, with words behind",
	    "{\"eventType\":\"Compl\naint\",\"complaint\":{\n "
	    "\"complainedRecipients\":[{\"emailAddress\":\"a@x.example\"}],"
	    "\"complaintSubType\":null}," MAIL "}\n\n--\nStop it: here\n",
	    "mf none a@x.example   m-1\n");
	tell("complaint of one of several",
	    "{\"notificationType\":\"Complaint\",\"complaint\":{"
	    "\"complainedRecipients\":[{\"emailAddress\":\"a@x.example\"},"
	    "{\"emailAddress\":\"b@x.example\"}]}," MAIL "}",
	    "mf no-recipient    m-1\nmf no-recipient    m-1\n");
	tell("complaint that SES made itself",
	    "{\"notificationType\":\"Complaint\",\"complaint\":{"
	    "\"complaintSubType\":\"OnAccountSuppressionList\","
	    "\"complainedRecipients\":[{\"emailAddress\":\"a@x.example\"}]}," MAIL
	    "}",
	    "mf not-a-complaint    m-1\n");
	tell("delivery",
	    "{\"notificationType\":\"Delivery\",\"delivery\":{\"recipients\":"
	    "[\"a@x.example\"]}," MAIL "}",
	    "mb not-a-failure a@x.example   m-1\n");
	tell("inside SNS's own",
	    "{\"Type\":\"Notification\",\"Message\":\"{\\\"notificationType"
	    "\\\":\\\"Delivery\\\",\\\"delivery\\\":{\\\"recipients\\\":["
	    "\\\"a@x.example\\\"]}}\"}",
	    "mb not-a-failure a@x.example   \n");
}

static void
other_text_is_none(void **state)
{
	(void)state;
	tell("empty", "", "");
	tell("words", "Hello {\"notificationType\":\"Bounce\"}", "");
	tell("cut short", "{\"notificationType\":\"Bounce\"", "");
	tell("another type", "{\"notificationType\":\"Open\"}", "");
	tell("no type", "{\"bounce\":{}}", "");
	tell("no recipients", "{\"notificationType\":\"Bounce\"}", "");
	tell("types that are wrong",
	    "{\"notificationType\":\"Bounce\",\"bounce\":[1],\"mail\":2}", "");
	tell("a list", "[{\"notificationType\":\"Bounce\"}]", "");
	tell("redacted",
	    "{\"notificationType\":\"Complaint\",\"complaint\":{"
	    "\"complainedRecipients\":[{\"emailAddress\":"
	    "\"redacted@x.example\"}]}}",
	    "mf redacted    \n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notifications_are_told_by_their_recipients),
		cmocka_unit_test(other_text_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
