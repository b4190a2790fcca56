/* test_acct.c - accounting rows become events. */
#include "unit.h"

#include "mail/acct.h"

#define HEADER                                                         \
	"type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,"        \
	"dsnStatus,dsnDiag,dsnMta,bounceCat,srcType,srcMta,dlvType,"   \
	"dlvSourceIp,dlvDestinationIp,dlvEsmtpAvailable,dlvSize,vmta," \
	"jobId,envId,queue,vmtaPool"
#define T "2019-02-08 21:53:41+0000" /* 1549662821 */

/* What a test reads rows with. */
struct reader {
	struct acct_settings settings;
	struct acct *acct;
	struct rows *rows;
	struct event ev;
};

static int
open_reader(void **state)
{
	struct err e = { 0 };
	struct reader *r = calloc(1, sizeof *r);

	*state = r;
	if (r == NULL)
		return -1;
	r->settings.verp_prefix = STR("");
	r->acct = acct_open(&r->settings, &e);
	r->rows = rows_open(ROWS_LIMIT_DEFAULT, &e);
	return r->acct != NULL && r->rows != NULL ? 0 : -1;
}

static int
close_reader(void **state)
{
	struct reader *r = *state;

	acct_close(r->acct);
	rows_close(r->rows);
	free(r);
	return 0;
}

/* The event of the first row of text, which must outlive it. The event is
 * dirty before, as the caller's may be. */
static const struct event *
take(struct reader *r, struct str text)
{
	struct err e = { 0 };
	struct rows_row row;

	memset(&r->ev, 0xa5, sizeof r->ev);
	assert_true(rows_feed(r->rows, text, true, &e));
	assert_int_not_equal(rows_next(r->rows, &row), ROWS_MORE);
	assert_true(acct_row(r->acct, &row, &r->ev, &e));
	assert_int_equal(e.code, 0);
	return &r->ev;
}

static void
header(struct reader *r, const char *row)
{
	struct err e = { 0 };

	if (!acct_header(r->acct, str_from(row), NULL, &e))
		fail_msg("header \"%s\": %s", row, e.text);
}

/* "b none a@b.cd", with " (named)" behind it. */
static void
check(struct reader *r, const char *name, struct str row, const char *want)
{
	const struct event *ev = take(r, row);
	char got[2 * ADDRESS_MAX];
	int n;

	n = snprintf(got, sizeof got, "%s %s%s%s%s%s%s", kind_name(ev->kind),
	    skip_name(ev->skip), ev->address[0] != '\0' ? " " : "", ev->address,
	    ev->named[0] != '\0' ? " (" : "", ev->named,
	    ev->named[0] != '\0' ? ")" : "");
	assert_true(n > 0 && (size_t)n < sizeof got);
	want_text(name, got, want);
}

static void
every_view_is_the_column_of_its_name(void **state)
{
	struct reader *r = *state;
	const struct event *ev;

	header(r, HEADER ",feedbackType,format,header_Message-ID");
	ev = take(r,
	    STR("b," T ",2019-02-08 21:53:40+0000,o@x.example,"
		"A@Yahoo.com,orc,failed,5.7.1 (no),\"smtp;550 \"\"no\"\", or\r\n"
		"maybe\",mx (192.0.2.1),cat,st,sm,smtp,192.0.2.9,192.0.2.8,\"A,B"
		"\",1,vm,job,env,q/vm,pool,ft,fmt,<id@x>\n"));
	assert_int_equal(ev->kind, KIND_B);
	assert_int_equal(ev->skip, SKIP_NONE);
	assert_int_equal(ev->time, 1549662821);
	assert_int_equal(ev->queued, 1549662820);
	want_text("address", ev->address, "a@yahoo.com");
	want_text("named", ev->named, "");
	want_str("orig", ev->orig, STR("o@x.example"));
	want_str("rcpt", ev->rcpt, STR("A@Yahoo.com"));
	want_str("action", ev->action, STR("failed"));
	want_str("status", ev->status, STR("5.7.1 (no)"));
	want_str("diag", ev->diag, STR("smtp;550 \"no\", or\r\nmaybe"));
	want_str("mta", ev->mta, STR("mx (192.0.2.1)"));
	want_str("cat", ev->bounce_cat, STR("cat"));
	want_str("dlv_type", ev->dlv_type, STR("smtp"));
	want_str("source_ip", ev->source_ip, STR("192.0.2.9"));
	want_str("vmta", ev->vmta, STR("vm"));
	want_str("job", ev->job, STR("job"));
	want_str("envid", ev->envid, STR("env"));
	want_str("queue", ev->queue, STR("q/vm"));
	want_str("pool", ev->pool, STR("pool"));
	want_str("feedback", ev->feedback, STR("ft"));
	want_str("format", ev->format, STR("fmt"));
	want_str("message_id", ev->message_id, STR("<id@x>"));
}

static void
a_delivery_gives_what_counters_need(void **state)
{
	struct reader *r = *state;
	const struct event *ev;

	header(r, HEADER);
	ev = take(r,
	    STR("d," T "," T ",o@x.example,A@Yahoo.com,orc,relayed,"
		"2.0.0 (success),smtp;250 ok,\"mx, or \"\"so\"\"\",,st,sm,smtp,"
		"192.0.2.9,192.0.2.8,\"A,B\",1,\"v\"\"m\",job,env,\"q/vm\",pool\n"));
	assert_int_equal(ev->kind, KIND_D);
	assert_int_equal(ev->skip, SKIP_NONE);
	assert_int_equal(ev->time, 1549662821);
	want_text("address", ev->address, "a@yahoo.com");
	want_str("orig", ev->orig, STR("o@x.example"));
	want_str("rcpt", ev->rcpt, STR("A@Yahoo.com"));
	want_str("mta", ev->mta, STR("mx, or \"so\""));
	want_str("dlv_type", ev->dlv_type, STR("smtp"));
	want_str("vmta", ev->vmta, STR("v\"m"));
	want_str("queue", ev->queue, STR("q/vm"));
	want_str("diag", ev->diag, STR(""));
	want_text("named", ev->named, "");
}

/* Rows of one layout: type, timeLogged, dsnStatus, dsnDiag, dsnMta, dlvType,
 * rcpt, orig, orcpt, dsnAction. */
#define ROW(type, status, diag, mta, dlv, rcpt, orig, orcpt, action)         \
	LIT(type "," T "," status "," diag "," mta "," dlv "," rcpt "," orig \
		 "," orcpt "," action "\n")

static const struct {
	const char *name;
	struct str row;
	const char *want;
} ROWS[] = {
	{ "bounce",
	    ROW("b", "5.1.1 (x)", "smtp;550 5.1.1 no", "mx", "smtp", "a@b.cd",
		"", "", "failed"),
	    "b none a@b.cd" },
	{ "type by its long name",
	    ROW("Bounce", "5.1.1", "smtp;550", "mx", "smtp", "a@b.cd", "", "",
		""),
	    "b none a@b.cd" },
	{ "type in quotes",
	    ROW("\"b\"", "5.1.1", "smtp;550", "mx", "smtp", "a@b.cd", "", "",
		""),
	    "b none a@b.cd" },
	{ "transient",
	    ROW("t", "4.2.2", "smtp;452", "mx", "smtp", "a@b.cd", "", "",
		"delayed"),
	    "t none a@b.cd" },
	{ "delivery",
	    ROW("d", "2.0.0", "smtp;250", "mx", "smtp", "a@b.cd", "", "", ""),
	    "d none a@b.cd" },
	{ "receipt", ROW("r", "", "", "", "", "a@b.cd", "", "", ""),
	    "r none a@b.cd" },
	{ "whole queue", ROW("tq", "4.4.1", "", "", "smtp", "", "", "", ""),
	    "tq none" },
	{ "unknown type", ROW("zz", "", "", "", "", "a@b.cd", "", "", ""),
	    "none unknown-type" },
	{ "no row is a raw message",
	    ROW("mb", "", "", "", "", "a@b.cd", "", "", ""),
	    "none unknown-type" },
	{ "no type", ROW("", "", "", "", "", "a@b.cd", "", "", ""),
	    "none unknown-type" },
	{ "U-label",
	    ROW("b", "5.1.1", "", "mx", "",
		"A@B\xc3\xbc"
		"cher.de",
		"", "", ""),
	    "b none a@xn--bcher-kva.de" },
	{ "<> around it",
	    ROW("b", "5.1.1", "", "mx", "", "<a@b.cd>", "", "", ""),
	    "b none a@b.cd" },

	/* made by PowerMTA itself */
	{ "queue deleted",
	    ROW("b", "5.0.0 (undefined status)",
		"x-pmta;deleted by administrator", "", "", "a@b.cd", "", "",
		""),
	    "b ourselves a@b.cd" },
	{ "queue bounced",
	    ROW("b", "5.7.1", "X-PMTA;bounce-queue;reply:550 5.7.1 blocked",
		"mx", "smtp", "a@b.cd", "", "", ""),
	    "b ourselves a@b.cd" },
	{ "suppression list",
	    ROW("b", "5.7.1",
		"\"smtp;550 5.7.1 recipient is"
		" in suppression list \"\"X\"\": <a@b.cd>\"",
		"", "", "a@b.cd", "", "", ""),
	    "b ourselves a@b.cd" },
	{ "suppression list, space",
	    ROW("b", "5.7.1",
		"\"smtp; 550 5.7.1 "
		"Recipient is in suppression list \"\"X\"\": <a@b.cd>\"",
		"", "", "a@b.cd", "", "", ""),
	    "b ourselves a@b.cd" },
	{ "no such virtual MTA",
	    ROW("b",
		"5.3.5 (specified VirtualMTA does "
		"not exist)",
		"", "", "", "a@b.cd", "", "", ""),
	    "b ourselves a@b.cd" },
	{ "5.3.5 from a host",
	    ROW("b", "5.3.5", "smtp;554 5.3.5 x", "mx", "smtp", "a@b.cd", "",
		"", ""),
	    "b none a@b.cd" },
	{ "5.3.50 is another code",
	    ROW("b", "5.3.50", "", "", "", "a@b.cd", "", "", ""),
	    "b none a@b.cd" },
	{ "no such domain",
	    ROW("b",
		"5.1.2 (bad destination system: no such "
		"domain)",
		"", "", "", "a@b.cd", "", "", ""),
	    "b none a@b.cd" },
	{ "no route", ROW("b", "5.4.4", "", "", "", "a@b.cd", "", "", ""),
	    "b none a@b.cd" },
	{ "null MX", ROW("b", "5.1.10", "", "", "", "a@b.cd", "", "", ""),
	    "b none a@b.cd" },
	{ "nothing said", ROW("b", "5.0.0", "", "", "", "a@b.cd", "", "", ""),
	    "b none a@b.cd" },
	{ "expired",
	    ROW("b", "4.4.7 (delivery time expired)", "", "", "", "a@b.cd", "",
		"", "failed"),
	    "b none a@b.cd" },
	{ "a host that says x-pmta later",
	    ROW("b", "5.0.0", "smtp;550 x-pmta;no", "mx", "", "a@b.cd", "", "",
		""),
	    "b none a@b.cd" },

	/* not over SMTP */
	{ "discarded",
	    ROW("d", "2.0.0", "", "", "discard", "a@b.cd", "", "", ""),
	    "d not-smtp a@b.cd" },
	{ "into a pipe",
	    ROW("d", "2.0.0", "", "", "pipe", "a@b.cd", "", "", ""),
	    "d not-smtp a@b.cd" },
	{ "dlvType in capitals",
	    ROW("d", "2.0.0", "", "", "SMTP", "a@b.cd", "", "", ""),
	    "d none a@b.cd" },
	{ "dlvType empty", ROW("d", "2.0.0", "", "", "", "a@b.cd", "", "", ""),
	    "d none a@b.cd" },
	{ "our own pipe refused it",
	    ROW("b", "5.1.1", "", "", "pipe", "a@b.cd", "", "", ""),
	    "b not-smtp a@b.cd" },
	{ "bounce, dlvType unknown",
	    ROW("b", "5.1.1", "", "", "lmtp", "a@b.cd", "", "", ""),
	    "b none a@b.cd" },

	/* no recipient */
	{ "none", ROW("b", "5.1.1", "", "mx", "", "", "", "", ""),
	    "b no-recipient" },
	{ "null", ROW("b", "5.1.1", "", "mx", "", "<>", "", "", ""),
	    "b no-recipient" },
	{ "bad", ROW("b", "5.1.1", "", "mx", "", "a", "", "", ""),
	    "b bad-address" },
	{ "bad, a name before it",
	    ROW("b", "5.1.1", "", "mx", "", "Ada <a@b.cd>", "", "", ""),
	    "b bad-address" },
	{ "bad, delivery",
	    ROW("d", "2.0.0", "", "mx", "", "a b@c.de", "", "", ""),
	    "d bad-address" },
	{ "redacted",
	    ROW("b", "5.1.1", "", "mx", "", "redacted@b.cd", "", "", ""),
	    "b redacted" },
	{ "privacy policy",
	    ROW("t", "4.1.1", "", "mx", "", "...@b.cd", "", "", ""),
	    "t redacted" },
	{ "hashed",
	    ROW("b", "5.1.1", "", "mx", "", "0123456789abcdef@b.cd", "", "",
		""),
	    "b redacted" },

	/* asynchronous */
	{ "remote bounce",
	    ROW("rb", "5.1.1", "smtp;550", "mx", "", "a@b.cd",
		"bounce@x.example", "", ""),
	    "rb none a@b.cd" },
	{ "remote bounce, a name before it",
	    ROW("rb", "5.1.1", "smtp;550", "mx", "", "Ada <a@b.cd>",
		"bounce@x.example", "", ""),
	    "rb none a@b.cd" },
	{ "remote bounce, 4.x.x",
	    ROW("rb", "4.2.2", "smtp;452", "mx", "", "a@b.cd", "", "", ""),
	    "rb none a@b.cd" },
	{ "forwarded, orcpt",
	    ROW("rb", "5.1.1", "", "mx", "", "z@y.example", "bounce@x.example",
		"rfc822;A@b.cd", ""),
	    "rb none a@b.cd (z@y.example)" },
	{ "orcpt in xtext",
	    ROW("rb", "5.1.1", "", "mx", "", "z@y.example", "",
		"rfc822;a+2Bx+3Dy@b.cd", ""),
	    "rb none a+x=y@b.cd (z@y.example)" },
	{ "orcpt not in xtext",
	    ROW("rb", "5.1.1", "", "mx", "", "z@y.example", "", "a+2B@b.cd",
		""),
	    "rb none a+2b@b.cd (z@y.example)" },
	{ "orcpt same",
	    ROW("rb", "5.1.1", "", "mx", "", "A@b.cd", "", "rfc822;a@b.cd", ""),
	    "rb none a@b.cd" },
	{ "orcpt before VERP",
	    ROW("rb", "5.1.1", "", "mx", "", "z@y.example", "n-v@c.de",
		"rfc822;a@b.cd", ""),
	    "rb none a@b.cd (z@y.example)" },
	{ "orcpt bad, VERP",
	    ROW("rb", "5.1.1", "", "mx", "", "z@y.example",
		"n-v=c.de@x.example", "rfc822;a", ""),
	    "rb none v@c.de (z@y.example)" },
	{ "forwarded, VERP",
	    ROW("rb", "5.1.1", "", "mx", "", "z@y.example",
		"n-a=b.cd@x.example", "", ""),
	    "rb none a@b.cd (z@y.example)" },
	{ "VERP, no rcpt",
	    ROW("rb", "5.1.1", "", "mx", "", "", "n-a=b.cd@x.example", "", ""),
	    "rb none a@b.cd" },
	{ "VERP, rcpt is its hint",
	    ROW("rb", "5.1.1", "", "mx", "", "<d@b.cd>", "n-a-d=b.cd@x.example",
		"", ""),
	    "rb none d@b.cd" },
	{ "VERP, many ways",
	    ROW("rb", "5.1.1", "", "mx", "", "z@y.example",
		"n-a-d=b.cd@x.example", "", ""),
	    "rb verp (z@y.example)" },
	{ "VERP hashed",
	    ROW("rb", "5.1.1", "", "mx", "", "z@y.example",
		"n-0123456789abcdef=b.cd@x.example", "", ""),
	    "rb redacted (z@y.example)" },
	{ "remote bounce, none",
	    ROW("rb", "5.1.1", "", "mx", "", "", "bounce@x.example", "", ""),
	    "rb no-recipient" },
	{ "remote bounce, delayed",
	    ROW("rb", "4.4.1", "", "mx", "", "a@b.cd", "", "", "Delayed"),
	    "rb not-a-failure a@b.cd" },
	{ "remote bounce, 2.x.x",
	    ROW("rb", "2.0.0", "", "mx", "", "a@b.cd", "", "", ""),
	    "rb not-a-failure a@b.cd" },
	{ "remote status",
	    ROW("rs", "4.4.1", "", "mx", "", "a@b.cd", "", "", "delayed"),
	    "rs not-a-failure a@b.cd" },
};

static void
rows_give_the_event_of_the_table(void **state)
{
	struct reader *r = *state;

	header(r,
	    "type,timeLogged,dsnStatus,dsnDiag,dsnMta,dlvType,rcpt,orig,"
	    "orcpt,dsnAction");
	for (size_t i = 0; i < COUNT(ROWS); i++)
		check(r, ROWS[i].name, ROWS[i].row, ROWS[i].want);
}

/* type, timeLogged, feedbackType, rcpt, JMRP, the three of ARF, orig. */
#define FBL(type, feedback, rcpt, jmrp, to, original, removal, orig)      \
	LIT(type "," T "," feedback "," rcpt "," jmrp "," to "," original \
		 "," removal "," orig "\n")

static const struct {
	const char *name;
	struct str row;
	const char *want;
} COMPLAINTS[] = {
	{ "rcpt", FBL("f", "abuse", "A@b.cd", "", "", "", "", ""),
	    "f none a@b.cd" },
	{ "fbl", FBL("fbl", "abuse", "A@b.cd", "", "", "", "", ""),
	    "f none a@b.cd" },
	{ "feedback-loop",
	    FBL("Feedback-Loop", "abuse", "a@b.cd", "", "", "", "", ""),
	    "f none a@b.cd" },
	{ "<> around it", FBL("f", "abuse", "<A@b.cd>", "", "", "", "", ""),
	    "f none a@b.cd" },
	{ "a header mapped to it, name and comment",
	    FBL("f", "abuse", "\"\"\"L, Ada\"\" <A@b.cd> (home)\"", "", "",
		"", "", ""),
	    "f none a@b.cd" },
	{ "a header of several, another tells",
	    FBL("f", "abuse", "\"Ada <a@b.cd>, c@d.ef\"", "e@b.cd", "", "", "",
		""),
	    "f none e@b.cd" },
	{ "words beside it, no name",
	    FBL("f", "abuse", "\"b, a@b.cd e\"", "", "", "", "", ""),
	    "f bad-address" },
	{ "a redacted one with a name",
	    FBL("f", "abuse", "Ada <redacted@b.cd>", "", "", "", "", ""),
	    "f redacted" },
	{ "JMRP", FBL("f", "", "", "<A@b.cd>", "", "", "", ""),
	    "f none a@b.cd" },
	{ "rcpt before JMRP", FBL("f", "", "a@b.cd", "c@d.ef", "", "", "", ""),
	    "f none a@b.cd" },
	{ "Original-Rcpt-To", FBL("f", "abuse", "", "", "a@b.cd", "", "", ""),
	    "f none a@b.cd" },
	{ "a list",
	    FBL("f", "abuse", "", "", "\"<a@b.cd>,<c@d.ef>\"", "", "", ""),
	    "f none a@b.cd" },
	{ "a list with quotes in it",
	    FBL("f", "abuse", "", "",
		"\"\"\"\"\"a, b\"\"\"\"@b.cd\"\",c@d.ef\"", "", "", ""),
	    "f none \"a, b\"@b.cd" },
	{ "a list that begins with nothing",
	    FBL("f", "abuse", "", "", "\",c@d.ef\"", "", "", ""),
	    "f none c@d.ef" },
	{ "Original-Recipient",
	    FBL("f", "abuse", "", "", "", "rfc822;a@b.cd", "", ""),
	    "f none a@b.cd" },
	{ "Removal-Recipient", FBL("f", "abuse", "", "", "", "", "a@b.cd", ""),
	    "f none a@b.cd" },
	{ "redacted rcpt, another tells",
	    FBL("f", "abuse", "redacted@b.cd", "", "a@b.cd", "", "", ""),
	    "f none a@b.cd" },
	{ "VERP is the last to ask",
	    FBL("f", "abuse", "", "", "", "", "", "n-a=b.cd@x.example"),
	    "f none a@b.cd" },
	{ "VERP, many ways",
	    FBL("f", "abuse", "redacted@b.cd", "", "", "", "",
		"n-a-c=b.cd@x.example"),
	    "f redacted" },
	{ "none", FBL("f", "abuse", "", "", "", "", "", "x@y.example"),
	    "f no-recipient" },
	{ "all redacted",
	    FBL("f", "abuse", "redacted@b.cd", "", "", "", "",
		"redacted@redacted"),
	    "f redacted" },
	{ "bad", FBL("f", "abuse", "a", "", "", "", "", ""), "f bad-address" },
	{ "not spam", FBL("f", "not-spam", "a@b.cd", "", "", "", "", ""),
	    "f not-a-complaint a@b.cd" },
	{ "Not-Spam", FBL("f", " Not-Spam ", "a@b.cd", "", "", "", "", ""),
	    "f not-a-complaint a@b.cd" },
	{ "auth-failure",
	    FBL("f", "Auth-Failure", "a@b.cd", "", "", "", "", ""),
	    "f not-a-complaint a@b.cd" },
	{ "opt-out", FBL("f", "opt-out", "a@b.cd", "", "", "", "", ""),
	    "f none a@b.cd" },
	{ "unknown", FBL("f", "made-up", "a@b.cd", "", "", "", "", ""),
	    "f none a@b.cd" },
	{ "empty", FBL("f", "", "a@b.cd", "", "", "", "", ""),
	    "f none a@b.cd" },
};

static void
complaints_give_the_event_of_the_table(void **state)
{
	struct reader *r = *state;

	header(r,
	    "type,timeLogged,feedbackType,rcpt,"
	    "header_X-HmXmrOriginalRecipient,arf_original-rcpt-to,"
	    "arf_original-recipient,arf_removal-recipient,orig");
	for (size_t i = 0; i < COUNT(COMPLAINTS); i++)
		check(r, COMPLAINTS[i].name, COMPLAINTS[i].row,
		    COMPLAINTS[i].want);
}

static void
a_known_prefix_splits_verp(void **state)
{
	struct reader *r = *state;

	r->settings.verp_prefix = STR("news-a");
	header(r, "type,timeLogged,dsnStatus,rcpt,orig");
	check(r, "prefix",
	    STR("rb," T ",5.1.1,z@y.example,news-a-b-c=d.ef"
		"@x.example\n"),
	    "rb none b-c@d.ef (z@y.example)");
	check(r, "other",
	    STR("rb," T ",5.1.1,z@y.example,news-b=d.ef"
		"@x.example\n"),
	    "rb none z@y.example");
	r->settings.verp_prefix = STR("");
}

static const struct {
	const char *name, *header;
	struct str row;
	const char *want;
} FORMS[] = {
	{ "other order", "type,rcpt,dsnDiag,timeLogged",
	    LIT("b,a@b.cd,smtp;550," T "\n"), "b none a@b.cd" },
	{ "other case", "TYPE,RCPT,DSNSTATUS,TIMELOGGED",
	    LIT("b,a@b.cd,5.1.1," T "\n"), "b none a@b.cd" },
	{ "BOM", "\xef\xbb\xbftype,timeLogged,rcpt,dsnDiag",
	    LIT("b," T ",a@b.cd,x\n"), "b none a@b.cd" },
	{ "quoted names", "\"type\",\"timeLogged\",\"rcpt\",\"dsnDiag\"",
	    LIT("\"b\",\"" T "\",\"a@b.cd\",\"x\"\n"), "b none a@b.cd" },
	{ "quoted delivery", "\"type\",\"timeLogged\",\"rcpt\"",
	    LIT("\"d\",\"" T "\",\"a@b.cd\"\n"), "d none a@b.cd" },
	{ "type not first", "timeLogged,type,rcpt,dsnDiag",
	    LIT(T ",b,a@b.cd,x\n"), "b none a@b.cd" },
	{ "first of two", "type,timeLogged,rcpt,rcpt,dsnDiag",
	    LIT("b," T ",a@b.cd,c@d.ef,x\n"), "b none a@b.cd" },
	{ "second where the first is empty",
	    "type,timeLogged,rcpt,rcpt,dsnDiag", LIT("b," T ",,c@d.ef,x\n"),
	    "b none c@d.ef" },
	{ "the same, delivery", "type,timeLogged,rcpt,rcpt",
	    LIT("d," T ",,c@d.ef\n"), "d none c@d.ef" },
	{ "CRLF", "type,timeLogged,dsnDiag,rcpt", LIT("b," T ",x,a@b.cd\r\n"),
	    "b none a@b.cd" },
	{ "CRLF, delivery", "type,timeLogged,rcpt", LIT("d," T ",a@b.cd\r\n"),
	    "d none a@b.cd" },
	{ "no line end", "type,timeLogged,dsnDiag,rcpt",
	    LIT("b," T ",x,a@b.cd"), "b none a@b.cd" },
	{ "a comma at the end", "type,timeLogged,rcpt,dsnDiag",
	    LIT("b," T ",a@b.cd,x,\n"), "b none a@b.cd" },
	{ "the same, delivery", "type,timeLogged,rcpt",
	    LIT("d," T ",a@b.cd,\n"), "d none a@b.cd" },
	{ "header with a comma at the end", "type,timeLogged,rcpt,dsnDiag,",
	    LIT("b," T ",a@b.cd,x\n"), "b none a@b.cd" },
	{ "too many fields", "type,timeLogged,rcpt,dsnDiag",
	    LIT("b," T ",a@b.cd,x,y\n"), "b field-count" },
	{ "too many fields, delivery", "type,timeLogged,rcpt",
	    LIT("d," T ",a@b.cd,x\n"), "d field-count" },
	{ "cut row", "type,timeLogged,rcpt,dsnDiag", LIT("b," T ",a@b."),
	    "b field-count" },
	{ "cut row, delivery", "type,timeLogged,rcpt,dsnDiag", LIT("d," T),
	    "d field-count" },
	{ "cut to the type", "type,timeLogged,rcpt,dsnDiag", LIT("b"),
	    "b field-count" },
	{ "CR in a field", "type,timeLogged,rcpt,dsnDiag",
	    LIT("b," T ",a@b.cd,smtp;550 no\rway\n"), "b none a@b.cd" },
	{ "CR in a field, and quotes", "type,timeLogged,rcpt,dsnDiag",
	    LIT("b," T ",\"a@b.cd\",\"smtp;\"\"550\"\"\",,\r\n"),
	    "b field-count" },
	{ "malformed", "type,timeLogged,rcpt,dsnDiag",
	    LIT("b," T ",a@b.cd,x \"y\"\n"), "b malformed" },
	{ "malformed delivery", "type,timeLogged,rcpt,dsnDiag",
	    LIT("d," T ",a@b.cd,x \"y\"\n"), "d malformed" },
	{ "JSON", "type,timeLogged,rcpt,dsnDiag",
	    LIT("{\"type\":\"b\",\"rcpt\":\"a@b.cd\"}\n"), "none json" },
	{ "JSON list", "type,timeLogged,rcpt,dsnDiag",
	    LIT("  [{\"type\":\"b\"}]\n"), "none json" },
	{ "NUL in a field", "type,timeLogged,rcpt,dsnDiag",
	    LIT("b," T ",a@b.cd,x\0y\n"), "b none a@b.cd" },
	{ "NUL in the recipient", "type,timeLogged,rcpt,dsnDiag",
	    LIT("b," T ",a\0@b.cd,x\n"), "b bad-address" },
	{ "epoch", "type,timeLogged,rcpt,dsnDiag",
	    LIT("b,1568740380,a@b.cd,x\n"), "b none a@b.cd" },
	{ "no time", "type,timeLogged,rcpt,dsnDiag", LIT("b,,a@b.cd,x\n"),
	    "b bad-time a@b.cd" },
	{ "no time, delivery", "type,timeLogged,rcpt", LIT("d,,a@b.cd\n"),
	    "d bad-time a@b.cd" },
	{ "bad time", "type,timeLogged,rcpt,dsnDiag",
	    LIT("b,yesterday,a@b.cd,x\n"), "b bad-time a@b.cd" },
	{ "no time column", "type,timeQueued,rcpt,dsnDiag",
	    LIT("b," T ",a@b.cd,x\n"), "b no-column" },
	{ "no rcpt column", "type,timeLogged,dsnDiag", LIT("b," T ",x\n"),
	    "b no-column" },
	{ "no rcpt column, delivery", "type,timeLogged,dsnDiag",
	    LIT("d," T ",x\n"), "d no-column" },
	{ "no rcpt column, whole queue", "type,timeLogged,dsnDiag",
	    LIT("tq," T ",x\n"), "tq none" },
	{ "no reply column", "type,timeLogged,rcpt", LIT("b," T ",a@b.cd\n"),
	    "b no-column" },
	{ "no reply column, delivery", "type,timeLogged,rcpt",
	    LIT("d," T ",a@b.cd\n"), "d none a@b.cd" },
	{ "no reply column, complaint", "type,timeLogged,rcpt",
	    LIT("f," T ",a@b.cd\n"), "f none a@b.cd" },
	{ "old layout",
	    "type,timeLogged,timeQueued,timeImprinted,orig,rcpt,"
	    "dsnStatus",
	    LIT("b," T "," T ",,o@x.example,a@b.cd,5.1.1\n"), "b none a@b.cd" },
	{ "aliases", "etype,timeLogged,recipient,dsnDiag,vmtaName",
	    LIT("b," T ",a@b.cd,x,v\n"), "b none a@b.cd" },
};

static void
forms_of_rows_and_headers(void **state)
{
	struct reader *r = *state;

	for (size_t i = 0; i < COUNT(FORMS); i++) {
		header(r, FORMS[i].header);
		check(r, FORMS[i].name, FORMS[i].row, FORMS[i].want);
	}
}

static void
a_cr_outside_quotes_is_a_byte(void **state)
{
	struct reader *r = *state;
	const struct event *ev;

	header(r, "type,timeLogged,rcpt,dsnDiag,orig");
	ev = take(r, STR("b," T ",a@b.cd,\"no \"\"x\"\", y\",a\rb\n"));
	assert_int_equal(ev->skip, SKIP_NONE);
	want_str("diag", ev->diag, STR("no \"x\", y"));
	want_str("orig", ev->orig, STR("a\rb"));
}

static void
a_row_before_any_header_is_counted(void **state)
{
	struct reader *r = *state;
	struct err e = { 0 };

	check(r, "b", STR("b,a@b.cd\n"), "b no-header");
	check(r, "zz", STR("zz,a@b.cd\n"), "none no-header");
	check(r, "JSON", STR("{\"a\":1}\n"), "none json");
	want_str("row", acct_header_row(r->acct), STR(""));
	header(r, HEADER);
	want_str("row", acct_header_row(r->acct), STR(HEADER));
	/* One that cannot be taken is not put in force, nor is the old. */
	assert_false(acct_header(r->acct, STR("rcpt,timeLogged"), NULL, &e));
	assert_int_equal(e.code, EX_DATAERR);
	check(r, "after a bad one", STR("b,a@b.cd\n"), "b no-header");
}

static void
header_rows_are_known(void **state)
{
	(void)state;
	assert_true(acct_is_header(STR("type,timeLogged")));
	assert_true(acct_is_header(STR("Type,timeLogged")));
	assert_true(acct_is_header(STR("\"type\",\"timeLogged\"")));
	assert_true(acct_is_header(STR("\xef\xbb\xbftype,timeLogged")));
	assert_true(acct_is_header(STR("etype,timeLogged")));
	assert_true(acct_is_header(STR("type")));
	assert_false(acct_is_header(STR("t,2019")));
	assert_false(acct_is_header(STR("tq,2019")));
	assert_false(acct_is_header(STR("types,2019")));
	assert_false(acct_is_header(STR("d,type")));
	assert_false(acct_is_header(STR("")));
	assert_false(acct_is_header(STR("\"")));
}

static void
missing_columns_are_named(void **state)
{
	static const struct {
		const char *header, *want;
	} HEADERS[] = {
		{ HEADER, "" },
		{ "type,timeLogged,rcpt,dsnStatus", "" },
		{ "type", "timeLogged, rcpt, dsnDiag or dsnStatus" },
		{ "type,timeQueued,rcpt,dsnDiag", "timeLogged" },
		{ "type,timeLogged,rcpt", "dsnDiag or dsnStatus" },
		{ "type,timeLogged,dsnDiag", "rcpt" },
		{ "type,timeLogged,feedbackType,rcpt", "" },
		{ "type,timeLogged,format,userAgent,envId,orig,rcpt", "" },
		{ "type,timeLogged,feedbackType,arf_original-rcpt-to,dsnDiag",
		    "rcpt" },
		{ "type,timeLogged,feedbackType,"
		  "header_X-HmXmrOriginalRecipient",
		    "" },
	};
	struct reader *r = *state;

	for (size_t i = 0; i < COUNT(HEADERS); i++) {
		struct err e = { 0 };
		struct buf missing = { 0 };

		assert_true(acct_header(
		    r->acct, str_from(HEADERS[i].header), &missing, &e));
		want_str(HEADERS[i].header, buf_str(&missing),
		    str_from(HEADERS[i].want));
		buf_release(&missing);
	}
}

/* Found by fuzz_acct. */
static void
a_new_header_forgets_the_old_columns(void **state)
{
	struct reader *r = *state;
	const struct event *ev;

	header(r, "type,timeLogged,rcpt,orig,queue,vmta");
	ev = take(r, STR("d," T ",a@b.cd,o@x.example,q/v,v\n"));
	want_str("orig", ev->orig, STR("o@x.example"));
	header(r, "type,timeLogged,dsnDiag");
	ev = take(r, STR("tq," T ",x\n"));
	want_str("orig", ev->orig, STR(""));
	want_str("queue", ev->queue, STR(""));
	want_str("vmta", ev->vmta, STR(""));
	want_str("rcpt", ev->rcpt, STR(""));
}

static void
times_are_read_anew_when_they_change(void **state)
{
	struct reader *r = *state;

	header(r, "type,timeLogged,timeQueued,rcpt,dsnDiag");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
		    take(r, STR("d," T ",,a@b.cd,\n"))->time, 1549662821);
		assert_int_equal(take(r,
				     STR("d,2019-02-08 21:53:42+0000,,a@b."
					 "cd,\n"))
				     ->time,
		    1549662822);
		assert_int_equal(take(r,
				     STR("b,2019-02-08 22:53:42+0100,"
					 "1549662000,a@b.cd,x\n"))
				     ->time,
		    1549662822);
		assert_int_equal(r->ev.queued, 1549662000);
		assert_int_equal(
		    take(r, STR("b,bad,bad,a@b.cd,x\n"))->queued, 0);
		assert_int_equal(r->ev.time, 0);
		assert_int_equal(take(r,
				     STR("b,02/08/2019 21:53:41+0000,,"
					 "a@b.cd,x\n"))
				     ->time,
		    1549662821);
		assert_int_equal(r->ev.queued, 0);
	}
	/* The beginning of the last one is not the last one. */
	take(r, STR("d," T ",,a@b.cd,\n"));
	assert_int_equal(
	    take(r, STR("d,2019-02-08 21:53,,a@b.cd,\n"))->skip, SKIP_BAD_TIME);
}

static void
names_go_both_ways(void **state)
{
	(void)state;
	for (int k = KIND_D; k < KIND_MB; k++)
		assert_int_equal(kind_of(str_from(kind_name((enum kind)k))), k);
	for (int s = SKIP_NONE; s < SKIP_COUNT; s++)
		for (int t = s + 1; t < SKIP_COUNT; t++)
			assert_string_not_equal(
			    skip_name((enum skip)s), skip_name((enum skip)t));
	want_text("mb", kind_name(KIND_MB), "mb");
	want_number("TQ", kind_of(STR("TQ")), KIND_TQ);
	want_number("remote", kind_of(STR("Remote-Bounce")), KIND_RB);
	want_number("none", kind_of(STR("none")), KIND_NONE);
	want_number("empty", kind_of(STR("")), KIND_NONE);
	want_str("word", kind_word(STR("Bounce")), STR("bounce"));
	want_str("no word", kind_word(STR("bounces")), STR(""));
}

int
main(void)
{
#define T_(f) cmocka_unit_test_setup_teardown(f, open_reader, close_reader)
	const struct CMUnitTest tests[] = {
		T_(every_view_is_the_column_of_its_name),
		T_(a_delivery_gives_what_counters_need),
		T_(rows_give_the_event_of_the_table),
		T_(complaints_give_the_event_of_the_table),
		T_(a_known_prefix_splits_verp),
		T_(forms_of_rows_and_headers),
		T_(a_cr_outside_quotes_is_a_byte),
		T_(a_row_before_any_header_is_counted),
		cmocka_unit_test(header_rows_are_known),
		T_(missing_columns_are_named),
		T_(a_new_header_forgets_the_old_columns),
		T_(times_are_read_anew_when_they_change),
		cmocka_unit_test(names_go_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
