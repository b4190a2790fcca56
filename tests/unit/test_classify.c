/* test_classify.c - one failure, one verdict. Rules of its own, so that these
 * hold whatever the shipped rules say. */
#include "unit.h"

#include "verdict/classify.h"

static const char RULES[] =
    "[self.list]\nmatch = /recipient is in suppression list/\n"
    "class = self.suppressed\nadvice = x\n"
    "[self.domain]\nlocal = yes\nstatus = 5.1.2\nclass = gone.domain\n"
    "advice = x\n"
    "[rate.recipient]\nmatch = /receiving mail at a rate/\n"
    "class = block.rate\ndecision = count-soft\nadvice = x\n"
    "[rate]\nmatch = /too many connections/\nclass = block.rate\n"
    "advice = x\n"
    "[google.gone]\nprovider = google\nmatch = /account does not exist/\n"
    "class = gone.mailbox\nstrength = strong\nadvice = x\n"
    "[full]\nmatch = /mailbox full/\nclass = full.mailbox\nadvice = x\n"
    "[gone]\nmatch = /user unknown/\nclass = gone.mailbox\n"
    "advice = suppress it\n"
    "[null-mx]\nmatch = /returned null mx/\nclass = gone.nullmx\n"
    "advice = x\n"
    "[ours]\nmatch = /<self-ip>/\nclass = block.ip\nadvice = x\n";

static const char PROVIDERS[] = "[google]\nmx = .google.example\n"
				"domain = gmail.example\n";

static int
open_rules(void **state)
{
	static struct rules *r;
	struct err e = { 0 };

	if (unit_enter_folder(state) != 0)
		return -1;
	unit_write("providers.conf", str_from(PROVIDERS));
	unit_write("10-a.rules", str_from(RULES));
	r = rules_open(NULL, ".", &e);
	if (r == NULL || unit_leave_folder(state) != 0)
		return -1;
	*state = r;
	return 0;
}

static int
close_rules(void **state)
{
	rules_close(*state);
	return 0;
}

struct row {
	const char *name;
	const char *diag, *status, *mta, *cat;
	bool failed, row;
	const char *rule, *class, *decision, *strength;
};

static void
judge_rows(struct rules *r, const struct row *rows, size_t n)
{
	struct buf folded = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct row *w = &rows[i];
		struct failure f = {
			.diag = str_from(w->diag),
			.dsn_status = str_from(w->status),
			.mta = str_from(w->mta),
			.bounce_cat = str_from(w->cat),
			.domain = STR("there.example"),
			.failed = w->failed,
			.row = w->row,
			.context = { .rcpt = STR("bob@there.example"),
			    .self_ip = STR("192.0.2.1") },
		};
		struct verdict v;

		classify(r, &f, &folded, &v);
		want_text(w->name, v.rule_name, w->rule);
		want_text(w->name, class_name(v.class), w->class);
		want_text(w->name, decision_name(v.decision), w->decision);
		want_text(w->name, strength_name(v.strength), w->strength);
		assert_non_null(v.advice);
		assert_true(v.advice[0] != '\0');
		want_bool(w->name, v.rule == NULL,
		    w->rule[0] == '-' || strncmp(w->rule, "code.", 5) == 0 ||
			strncmp(w->rule, "bounce-cat.", 11) == 0);
	}
	buf_release(&folded);
}

#define MX "mx.there.example (192.0.2.7)"
#define JUDGE(rows) judge_rows(*state, (rows), COUNT(rows))

static void
wording_and_code_that_agree_are_strong(void **state)
{
	static const struct row ROWS[] = {
		{ "agree", "smtp;550 5.1.1 user unknown", "5.1.1", MX, "", true,
		    true, "gone", "gone.mailbox", "suppress-address",
		    "strong" },
		{ "no status", "smtp;550 user unknown", "5.0.0", MX, "", true,
		    true, "gone", "gone.mailbox", "suppress-address",
		    "strong" },
		{ "bare", "550 5.4.1 user unknown", "", "", "", true, false,
		    "gone", "gone.mailbox", "suppress-address", "strong" },
		{ "status alone", "5.1.1 user unknown", "", "", "", true, false,
		    "gone", "gone.mailbox", "suppress-address", "strong" },
		{ "another code", "550 5.3.0 user unknown", "", MX, "", true,
		    true, "gone", "gone.mailbox", "suppress-address", "weak" },
		{ "no code at all", "user unknown", "", MX, "", true, true,
		    "gone", "gone.mailbox", "suppress-address", "weak" },
		{ "other classes", "550 5.7.1 [192.0.2.1] listed", "", MX, "",
		    true, true, "ours", "block.ip", "sender-fault", "strong" },
		{ "the rule says so", "550 5.3.0 account does not exist", "",
		    "mx.google.example (192.0.2.7)", "", true, true,
		    "google.gone", "gone.mailbox", "suppress-address",
		    "strong" },
		{ "for that provider only", "550 5.3.9 account does not exist",
		    "", MX, "", true, true, "-", "unknown", "count-soft",
		    "none" },
	};

	JUDGE(ROWS);
}

static void
a_soft_reply_suppresses_nobody(void **state)
{
	static const struct row ROWS[] = {
		{ "450", "smtp;450 4.1.1 user unknown", "4.1.1", MX, "", true,
		    true, "gone", "gone.mailbox", "count-soft", "none" },
		{ "code is softer", "450 5.1.1 user unknown", "", MX, "", true,
		    true, "gone", "gone.mailbox", "count-soft", "none" },
		{ "status is softer", "550 4.1.1 user unknown", "", MX, "",
		    true, true, "gone", "gone.mailbox", "count-soft", "none" },
		{ "the row is softer", "550 5.1.1 user unknown", "4.4.7", MX,
		    "", true, true, "gone", "gone.mailbox", "count-soft",
		    "none" },
		{ "put off", "550 5.1.1 user unknown", "5.1.1", MX, "", false,
		    true, "gone", "gone.mailbox", "count-soft", "none" },
		{ "full", "452 4.2.2 mailbox full", "", MX, "", true, true,
		    "full", "full.mailbox", "count-soft", "weak" },
		{ "code alone", "450 4.1.1 try", "", MX, "", true, true,
		    "code.5.1.1", "gone.mailbox", "count-soft", "none" },
		{ "provider's rule", "450 4.1.1 account does not exist", "",
		    "mx.google.example", "", true, true, "google.gone",
		    "gone.mailbox", "count-soft", "none" },
		{ "undefined, and DNS says no", "domain returned Null MX",
		    "4.0.0", "", "", true, false, "null-mx", "gone.nullmx",
		    "suppress-domain", "weak" },
		{ "undefined in a row", "domain returned Null MX", "4.0.0", MX,
		    "", true, true, "null-mx", "gone.nullmx", "count-soft",
		    "none" },
		{ "put off, and DNS says no", "domain returned Null MX",
		    "4.4.4", "", "", true, false, "null-mx", "gone.nullmx",
		    "count-soft", "none" },
		{ "undefined, and no mailbox", "user unknown", "4.0.0", "", "",
		    true, false, "gone", "gone.mailbox", "count-soft", "none" },
		{ "undefined is no softer", "550 5.1.1 user unknown",
		    "4.0.0 (undefined status)", MX, "", true, true, "gone",
		    "gone.mailbox", "suppress-address", "strong" },
	};

	JUDGE(ROWS);
}

static void
what_powermta_made_itself_is_no_evidence(void **state)
{
	static const struct row ROWS[] = {
		{ "its list",
		    "smtp;550 5.7.1 recipient is in suppression "
		    "list \"a\": <bob@there.example>",
		    "5.7.1", "", "", true, true, "self.list", "self.suppressed",
		    "ignore", "weak" },
		{ "queue bounced",
		    "x-pmta;bounce-queue;reply:550 5.1.1 "
		    "user unknown",
		    "5.1.1", MX, "", true, true, "gone", "self.nodelivery",
		    "ignore", "none" },
		{ "code of its own", "x-pmta;no", "5.1.1", "", "", true, true,
		    "code.5.1.1", "self.nodelivery", "ignore", "none" },
		{ "look-up of the domain", "",
		    "5.1.2 (bad destination system: no such domain)", "",
		    "bad-domain", true, true, "self.domain", "gone.domain",
		    "suppress-domain", "weak" },
		{ "look-up, another code", "", "5.4.4 (no such domain)", "", "",
		    true, true, "code.5.4.4", "gone.domain", "suppress-domain",
		    "weak" },
		{ "null MX", "", "5.1.10", "", "", true, true, "code.5.1.10",
		    "gone.nullmx", "suppress-domain", "weak" },
		{ "no route", "", "5.4.4 (unable to route)", "", "", true, true,
		    "code.5.4.4", "temp.route", "count-soft", "weak" },
		{ "expired", "", "4.4.7", "", "message-expired", true, true,
		    "code.5.4.7", "temp.expired", "count-soft", "weak" },
		{ "a report of it", "", "5.1.2 (no such domain)", "", "", true,
		    false, "self.domain", "gone.domain", "suppress-domain",
		    "weak" },
		{ "a remote 5.1.2", "550 5.1.2 eh", "", MX, "", true, true,
		    "code.5.1.2", "gone.domain", "suppress-domain", "weak" },
	};

	JUDGE(ROWS);
}

static void
without_a_rule_the_code_speaks_weakly(void **state)
{
	static const struct row ROWS[] = {
		{ "5.1.1", "550 5.1.1 xyzzy", "", MX, "", true, true,
		    "code.5.1.1", "gone.mailbox", "suppress-address", "weak" },
		{ "5.1.0 says nothing", "550 5.1.0 xyzzy", "", MX, "", true,
		    true, "-", "unknown", "count-soft", "none" },
		{ "bare 550", "550 xyzzy", "5.0.0 (undefined status)", MX,
		    "bad-mailbox", true, true, "-", "unknown", "count-soft",
		    "none" },
		{ "5.7.1", "554 5.7.1 xyzzy", "", MX, "", true, true,
		    "code.5.7.1", "block.policy", "sender-fault", "weak" },
		{ "their own number", "550 5.7.606 xyzzy", "", MX, "", true,
		    true, "code.5.7.x", "block.policy", "sender-fault",
		    "weak" },
		{ "a range", "550 5.7.23 xyzzy", "", MX, "", true, true,
		    "code.5.7.20-24", "block.auth", "sender-fault", "weak" },
		{ "sender's null MX", "550 5.7.27 xyzzy", "", MX, "", true,
		    true, "code.5.7.27", "sender.address", "sender-fault",
		    "weak" },
		{ "from the row", "xyzzy", "5.2.2 (mailbox full)", MX, "", true,
		    true, "code.5.2.2", "full.mailbox", "count-soft", "weak" },
		{ "bare 553, made up", "553 xyzzy",
		    "5.1.1 (bad destination mailbox address)", MX, "", true,
		    true, "-", "unknown", "count-soft", "none" },
		{ "after the message",
		    "550 5.1.1 xyzzy (in reply to end of "
		    "DATA command)",
		    "", MX, "", true, true, "-", "unknown", "count-soft",
		    "none" },
		{ "delivered", "250 2.0.0 xyzzy", "2.0.0", MX, "", true, true,
		    "code.2.x.x", "dsn.relayed", "ignore", "weak" },
	};

	JUDGE(ROWS);
}

static void
the_bounce_category_is_one_vote(void **state)
{
	static const struct row ROWS[] = {
		{ "no text, no code", "", "", "", "quota-issues", true, true,
		    "bounce-cat.quota-issues", "full.mailbox", "count-soft",
		    "none" },
		{ "never suppresses", "", "5.0.0", "", "bad-domain", true, true,
		    "bounce-cat.bad-domain", "gone.domain", "count-soft",
		    "none" },
		{ "nor this", "", "", "", "bad-mailbox", true, true,
		    "bounce-cat.bad-mailbox", "self.nodelivery", "ignore",
		    "none" },
		{ "text outranks it", "550 xyzzy", "", MX, "bad-mailbox", true,
		    true, "-", "unknown", "count-soft", "none" },
		{ "a name of the site", "", "", "", "invalid-mailbox", true,
		    true, "-", "unknown", "count-soft", "none" },
		{ "only in a row", "", "", "", "bad-domain", true, false, "-",
		    "unknown", "count-soft", "none" },
	};

	JUDGE(ROWS);
}

static void
a_rule_may_be_milder_than_its_class(void **state)
{
	static const struct row ROWS[] = {
		{ "recipient's rate",
		    "550 5.2.1 the user is receiving mail "
		    "at a rate that",
		    "", MX, "", true, true, "rate.recipient", "block.rate",
		    "count-soft", "strong" },
		{ "sender's rate", "421 too many connections", "", MX, "", true,
		    true, "rate", "block.rate", "sender-fault", "weak" },
	};

	JUDGE(ROWS);
}

static void
an_empty_reply_is_unknown(void **state)
{
	static const struct row ROWS[] = {
		{ "empty", "", "", "", "", true, false, "-", "unknown",
		    "count-soft", "none" },
		{ "white space", " \r\n", "", "", "", true, false, "-",
		    "unknown", "count-soft", "none" },
		{ "only a type", "smtp;", "", "", "", true, false, "-",
		    "unknown", "count-soft", "none" },
	};

	JUDGE(ROWS);
}

static void
the_verdict_tells_what_was_seen(void **state)
{
	struct failure f = {
		.diag = STR("smtp;550-5.1.1 <bob@there.example>:\r\n"
			    "550 5.1.1 user unknown"),
		.mta = STR("dns;a.google.example (192.0.2.7)"),
		.failed = true,
		.row = true,
		.context = { .rcpt = STR("bob@there.example") },
	};
	struct buf folded = { 0 };
	struct verdict v;

	classify(*state, &f, &folded, &v);
	want_str("folded", v.folded, STR("550 5.1.1 <rcpt>: user unknown"));
	want_number("code", v.code, 550);
	want_number("status", reply_status_number(v.status), 5001001);
	want_number("provider", v.provider, 1);
	want_bool("local", v.local, false);
	want_text("advice", v.advice, "suppress it");
	want_text("file", v.rule->file, "./10-a.rules");
	buf_release(&folded);
}

/* PowerMTA did not find a domain that a stranger wrote with wide letters. */
static void
a_name_that_nobody_asked_for_condemns_no_other(void **state)
{
	static const struct {
		const char *name;
		struct str rcpt, diag, mta;
		bool row;
		enum class want;
	} ROWS[] = {
		{ "ASCII", LIT("bob@there.example"), LIT(""), LIT(""), true,
		    CLASS_GONE_DOMAIN },
		{ "wide letters", LIT("bob@\xef\xbd\x94here.example"),
		    LIT(""), LIT(""), true, CLASS_SELF_NODELIVERY },
		{ "wide letters, with words",
		    LIT("bob@\xef\xbd\x94here.example"),
		    LIT("smtp;550 5.1.10 returned null MX"), LIT(""), true,
		    CLASS_SELF_NODELIVERY },
		{ "a host that answers", LIT("bob@\xef\xbd\x94here.example"),
		    LIT("smtp;550 5.1.2 returned null MX"), LIT(MX), true,
		    CLASS_GONE_NULLMX },
		{ "a mailbox", LIT("bob@\xef\xbd\x94here.example"),
		    LIT("smtp;550 5.1.1 user unknown"), LIT(""), true,
		    CLASS_GONE_MAILBOX },
		{ "UTF-8 before the @", LIT("b\xc3\xb6" "b@there.example"),
		    LIT(""), LIT(""), true, CLASS_GONE_DOMAIN },
		{ "a report", LIT("bob@\xef\xbd\x94here.example"), LIT(""),
		    LIT(""), false, CLASS_GONE_DOMAIN },
	};
	struct buf folded = { 0 };

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct failure f = { .diag = ROWS[i].diag,
			.dsn_status = STR("5.1.2"), .mta = ROWS[i].mta,
			.domain = STR("there.example"), .failed = true,
			.row = ROWS[i].row,
			.context = { .rcpt = ROWS[i].rcpt } };
		struct verdict v;

		classify(*state, &f, &folded, &v);
		want_text(ROWS[i].name, class_name(v.class),
		    class_name(ROWS[i].want));
	}
	buf_release(&folded);
}

/* Whoever knows neither host nor domain asks the rules of all providers. */
static void
a_bare_reply_may_be_of_any_provider(void **state)
{
	struct failure f = {
		.diag = STR("550 5.1.1 account does not exist"),
		.failed = true,
	};
	struct buf folded = { 0 };
	struct verdict v;

	classify(*state, &f, &folded, &v);
	want_text("rule", v.rule_name, "google.gone");
	want_number("provider", v.provider, PROVIDER_OTHER);
	f.domain = STR("there.example");
	classify(*state, &f, &folded, &v);
	want_text("known", v.rule_name, "code.5.1.1");
	f.domain = STR("gmail.example");
	classify(*state, &f, &folded, &v);
	want_text("by domain", v.rule_name, "google.gone");
	buf_release(&folded);
}

static void
feedback_types_have_classes(void **state)
{
	static const struct {
		const char *type;
		enum class want;
	} ROWS[] = {
		{ "abuse", CLASS_FBL_ABUSE },
		{ "", CLASS_FBL_ABUSE },
		{ "miscategorized", CLASS_FBL_ABUSE },
		{ " Opt-Out ", CLASS_FBL_OPTOUT },
		{ "opt-out-list", CLASS_FBL_OPTOUT },
		{ "fraud", CLASS_FBL_FRAUD },
		{ "virus", CLASS_FBL_VIRUS },
		{ "auth-failure", CLASS_FBL_AUTH_FAILURE },
		{ "dmarc", CLASS_FBL_AUTH_FAILURE },
		{ "not-spam", CLASS_FBL_NOT_SPAM },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_number(ROWS[i].type,
		    classify_feedback(str_from(ROWS[i].type)), ROWS[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wording_and_code_that_agree_are_strong),
		cmocka_unit_test(a_soft_reply_suppresses_nobody),
		cmocka_unit_test(what_powermta_made_itself_is_no_evidence),
		cmocka_unit_test(without_a_rule_the_code_speaks_weakly),
		cmocka_unit_test(the_bounce_category_is_one_vote),
		cmocka_unit_test(a_rule_may_be_milder_than_its_class),
		cmocka_unit_test(an_empty_reply_is_unknown),
		cmocka_unit_test(the_verdict_tells_what_was_seen),
		cmocka_unit_test(
		    a_name_that_nobody_asked_for_condemns_no_other),
		cmocka_unit_test(a_bare_reply_may_be_of_any_provider),
		cmocka_unit_test(feedback_types_have_classes),
	};

	return cmocka_run_group_tests(tests, open_rules, close_rules);
}
