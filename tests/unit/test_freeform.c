/* test_freeform.c - bounces in words: recipients, reasons, HTML. */
#include "unit.h"

#include "mail/freeform.h"
#include "mail/html.h"
#include "mail/judge.h"
#include "mail/reason.h"

static void
want_found(const char *name, const char *words, const char *want)
{
	struct freeform *f = calloc(1, sizeof *f);
	char got[512] = "";
	size_t n = 0;

	assert_non_null(f);
	f->avoid[f->n_avoid++] = STR("me@example.com");
	freeform_find(f, freeform_words(str_from(words)));
	for (size_t i = 0; i < f->n; i++)
		n += (size_t)snprintf(
		    got + n, sizeof got - n, "%.*s ", STR_ARG(f->hits[i].rcpt));
	free(f);
	want_text(name, got, want);
}

static void
recipients_are_found_in_the_reporters_own_words(void **state)
{
	static const struct {
		const char *name, *words, *want;
	} ROWS[] = {
		{ "qmail", "<a@example.org>:\nno\n\n<b@example.org>:\nno\n",
		    "a@example.org b@example.org " },
		{ "bullet", "Failed:\n   * a@example.org\n", "a@example.org " },
		{ "sentence", "The user a@example.org is unknown here\n",
		    "a@example.org " },
		{ "reply", "550 <a@example.org>... User unknown\n",
		    "a@example.org " },
		{ "list loop", "Duplicated Message-ID in <a@example.org>.\n",
		    "a@example.org " },
		{ "label", "Recipient address: a@example.org\n",
		    "a@example.org " },
		{ "X.400", "c=US;a= ;dda:SMTP=a@example.org; on Fri\n",
		    "a@example.org " },
		{ "quoted", "Delivery to\n\"a b\"@example.org\nfailed\n",
		    "\"a b\"@example.org " },
		{ "stray dots", "<.a..b.@docomo.example>:\nno\n",
		    ".a..b.@docomo.example " },
		{ "twice is once", "<A@example.org>:\na@example.org: no\n",
		    "A@example.org " },
		{ "only mention", "It was for you, a@example.org, I think\n",
		    "a@example.org " },
		{ "several mentions", "you, b@example.org and c@example.org\n",
		    "" },
		{ "whom it was sent to", "Sorry me@example.com. No.\n", "" },
		{ "but for itself it counts", "me@example.com: no such user\n",
		    "me@example.com " },
		{ "postmaster", "Ask postmaster@example.org what failed\n",
		    "" },
		{ "sender", "MAIL FROM: a@example.org was rejected\n", "" },
		{ "who wrote it",
		    "The message from b@example.org to a@example.org "
		    "failed\n", "a@example.org " },
		{ "contact", "Please contact a@example.org\n", "" },
		{ "contact in the line above",
		    "He is unknown. Any questions? Write to\n"
		    "a@example.org\n", "" },
		{ "instead",
		    "550 This mailbox is closed. Please use a@example.org\n",
		    "" },
		{ "a forward path",
		    "<a@example.org>: 551 User not local; please try "
		    "<b@example.org>\n", "a@example.org " },
		{ "moved", "551 <a@example.org>... User has moved; please "
		    "forward to <b@example.org>\n", "a@example.org " },
		{ "another spelling",
		    "550 a@exmaple.org unknown. Did you mean a@example.org?\n",
		    "a@exmaple.org " },
		{ "who it was forwarded to",
		    "The mail forwarded to a@example.org failed\n",
		    "a@example.org " },
		{ "a heading to contact",
		    "He is unknown. If in doubt, contact:\n\n"
		    "a@example.org\n", "" },
		{ "another paragraph above",
		    "If in doubt, contact your administrator\n\n"
		    "a@example.org\n", "a@example.org " },
		{ "contact above, a reason below",
		    "If in doubt, contact your administrator\n"
		    "a@example.org\n550 5.1.1 User unknown\n",
		    "a@example.org " },
		{ "another sentence above",
		    "Write to us for help. This one failed:\n"
		    "a@example.org\n", "a@example.org " },
		{ "contact whom it failed to",
		    "Please contact this recipient by other means\n"
		    "  a@example.org\n", "a@example.org " },
		{ "To: is for want of better",
		    "To: list@example.org\n"
		    "did not reach:\na@example.org on Friday\n",
		    "a@example.org " },
		{ "what is returned",
		    "Failed:\n\n--- Below this line is a "
		    "copy\n\nTo: a@example.org\n",
		    "" },
		{ "returned without a word",
		    "Failed.\nReceived: from x\n"
		    " for <a@example.org>\n",
		    "" },
		{ "full-width colon", "宛先：a@example.org\n",
		    "a@example.org " },
		{ "full-width brackets",
		    "收件人（a@example.org）不存在\n", "a@example.org " },
		{ "full-width stop",
		    "Unknown user:\u3000a@example.org。\n",
		    "a@example.org " },
		{ "angles and comma",
		    "Unknown user 《a@example.org》、b@example.org\n",
		    "a@example.org b@example.org " },
		{ "bent quotes", "user “a@example.org” unknown\n",
		    "a@example.org " },
		{ "a name in another script",
		    "User unknown: 用户.jürgen@例子.example\n",
		    "用户.jürgen@例子.example " },
		{ "another charset", "User unknown: j\374rgen@example.org\n",
		    "" },
		{ "no domain", "a@b: unknown\n", "" },
		{ "nothing", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_found(ROWS[i].name, ROWS[i].words, ROWS[i].want);
}

static void
a_local_part_alone_needs_a_sentence_before_it(void **state)
{
	static const struct {
		const char *words, *want;
	} ROWS[] = {
		{ "The following recipients could\nnot be reached:\n\tuser\n",
		    "user" },
		{ "Unknown address:\n\n  user.name+x\n", "user.name+x" },
		{ "Unknown address:\ntwo words\n", "" },
		{ "Unknown address\nuser\n", "" },
		{ "Hello:\nuser\n", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_str(ROWS[i].words, freeform_local(str_from(ROWS[i].words)),
		    str_from(ROWS[i].want));
}

static void
the_reason_is_told_with_its_recipient(void **state)
{
	static const struct {
		const char *name, *words, *want;
	} ROWS[] = {
		{ "reply behind it",
		    "<a@example.org>: host x said: 550 5.1.1\n"
		    "    no such user\n\nMore\n",
		    "550 5.1.1\n    no such user" },
		{ "sentence behind it",
		    "<a@example.org>:\nSorry, no mailbox "
		    "here.\n",
		    "Sorry, no mailbox here." },
		{ "not the next one's",
		    "a@example.org: quota\n"
		    "b@example.org: 550 no\n",
		    "quota" },
		{ "before it", "Unknown user: a@example.org\n\nBye\n",
		    "Unknown user: a@example.org" },
		{ "behind a heading",
		    "a@example.org\n\nbecause:\n\n"
		    "  mailbox full\n",
		    "mailbox full" },
		{ "in the transcript",
		    "  a@example.org\n\n-- Transcript --\n"
		    "<<< 552 too much\n",
		    "552 too much" },
		{ "a number is no reply", "a@example.org\n\nsince 2550 days\n",
		    "since 2550 days" },
		{ "none", "a@example.org\n", "" },
		{ "no words", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_str(ROWS[i].name,
		    reason_of(str_from(ROWS[i].words), STR("a@example.org")),
		    str_from(ROWS[i].want));
}

static void
only_machines_that_failed_are_bounces(void **state)
{
	static const struct {
		const char *name;
		struct judge_mail mail;
		enum judged want;
	} ROWS[] = {
		{ "daemon",
		    { LIT("From: MAILER-DAEMON@example.net\n"), LIT(""),
			LIT("user unknown"),
			LIT("") },
		    JUDGED_BOUNCE },
		{ "daemon that speaks Russian",
		    { LIT("From: MAILER-DAEMON@example.net\n"), LIT(""),
			LIT("Ваше письмо не было доставлено"), LIT("") },
		    JUDGED_BOUNCE },
		{ "daemon that speaks Chinese",
		    { LIT("From: MAILER-DAEMON@example.net\n"), LIT(""),
			LIT("您的邮件无法投递"), LIT("") },
		    JUDGED_BOUNCE },
		{ "null sender",
		    { LIT("Return-Path: <>\nFrom: x@example.net\n"),
			LIT("Mail"), LIT("could not be delivered to"),
			LIT("") },
		    JUDGED_BOUNCE },
		{ "warning",
		    { LIT("From: MAILER-DAEMON@example.net\n"), LIT("Delayed"),
			LIT("it will be retried"),
			LIT("") },
		    JUDGED_DELAY },
		{ "warning in French",
		    { LIT("From: MAILER-DAEMON@example.net\n"), LIT(""),
			LIT("Votre message n'a pas encore pu être remis: "
			    "utilisateur inconnu"),
			LIT("") },
		    JUDGED_DELAY },
		{ "nothing more is tried",
		    { LIT("From: MAILER-DAEMON@example.net\n"), LIT(""),
			LIT("Undeliverable. No further deliveries will be "
			    "attempted."),
			LIT("") },
		    JUDGED_BOUNCE },
		{ "warning in German that gave up",
		    { LIT("From: MAILER-DAEMON@example.net\n"), LIT(""),
			LIT("Trotz weiterer Versuche: es wurde weiter versucht "
			    "und ist endgültig unzustellbar"),
			LIT("") },
		    JUDGED_BOUNCE },
		{ "warning that gave up",
		    { LIT("From: MAILER-DAEMON@example.net\n"), LIT("Delayed"),
			LIT("it has been delayed; I have given up"),
			LIT("") },
		    JUDGED_BOUNCE },
		{ "Exim says auto-replied",
		    { LIT("From: x@example.net\n"
			  "Auto-Submitted: auto-replied\n"
			  "X-Failed-Recipients: a@example.org\n"),
			LIT(""), LIT(""),
			LIT("") },
		    JUDGED_BOUNCE },
		{ "a daemon says it, too",
		    { LIT("From: MAILER-DAEMON@example.net\n"
			  "Auto-Submitted: auto-replied\n"),
			LIT("failure notice"), LIT("user unknown"), LIT("") },
		    JUDGED_BOUNCE },
		{ "but none that is on vacation",
		    { LIT("From: postmaster@example.net\n"
			  "Auto-Submitted: auto-replied (vacation)\n"),
			LIT("failure notice"), LIT("user unknown"), LIT("") },
		    JUDGED_OTHER },
		{ "nor who is no daemon",
		    { LIT("Return-Path: <>\nFrom: x@example.net\n"
			  "Auto-Submitted: auto-replied\n"),
			LIT("failure notice"), LIT("user unknown"), LIT("") },
		    JUDGED_OTHER },
		{ "a greeting",
		    { LIT("From: x@example.net\n"), LIT("failure notice"),
			LIT("Hi\nuser unknown"), LIT("") },
		    JUDGED_OTHER },
		{ "a word that begins like one",
		    { LIT("From: x@example.net\n"), LIT("failure notice"),
			LIT("Hierarchy\nuser unknown"), LIT("") },
		    JUDGED_BOUNCE },
		{ "vacation",
		    { LIT("Return-Path: <>\nFrom: x@example.net\n"),
			LIT("Out of office"), LIT("user unknown"),
			LIT("") },
		    JUDGED_OTHER },
		{ "vacation in Danish",
		    { LIT("Return-Path: <>\nFrom: x@example.net\n"),
			LIT("Automatisk svar: Nyheder"),
			LIT("User unknown: x@example.net"), LIT("") },
		    JUDGED_OTHER },
		{ "vacation in Korean",
		    { LIT("Return-Path: <>\nFrom: x@example.net\n"),
			LIT("자동 회신: 뉴스"), LIT("mailbox is full"),
			LIT("") },
		    JUDGED_OTHER },
		{ "vacation that repeats our subject",
		    { LIT("From: x@example.net\n"),
			LIT("Automatic reply: Delivery failed"),
			LIT("could not be delivered to"),
			LIT("") },
		    JUDGED_OTHER },
		{ "a marked answer",
		    { LIT("X-Autoreply: yes\n"
			  "From: postmaster@example.net\n"),
			LIT("failure notice"), LIT("user unknown"),
			LIT("") },
		    JUDGED_OTHER },
		{ "a person",
		    { LIT("From: x@example.net\n"), LIT("Re: failure notice"),
			LIT("user unknown"),
			LIT("") },
		    JUDGED_OTHER },
		{ "a person who forwards",
		    { LIT("From: x@example.net\n"), LIT("Fwd: failure notice"),
			LIT("permanent error"),
			LIT("") },
		    JUDGED_OTHER },
		{ "our own subject",
		    { LIT("From: x@example.net\n"),
			LIT("Your delivery is delayed"), LIT("thanks"),
			LIT("") },
		    JUDGED_OTHER },
		{ "nothing", { LIT(""), LIT(""), LIT(""), LIT("") }, JUDGED_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_number(
		    ROWS[i].name, judge_mail(&ROWS[i].mail), ROWS[i].want);
}

static void
marks_of_machines_are_known_one_by_one(void **state)
{
	static const struct {
		const char *head;
		bool want;
	} ROWS[] = {
		{ "From: x@example.net\nReturn-Path: <>\n", true },
		{ "From: x@example.net\nAuto-Submitted: auto-generated\n",
		    true },
		{ "From: x@example.net\nX-Failed-Recipients: a@b.example\n",
		    true },
		{ "From: x@example.net\nX-MLServer: fml 4\n", true },
		{ "From: x@example.net\nReturn-Path: <x@example.net>\n"
		  "Auto-Submitted: no\n", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_bool(ROWS[i].head, judge_is_by_machine(
		    str_from(ROWS[i].head)), ROWS[i].want);
}

static void
only_people_name_who_follows_them(void **state)
{
	static const struct {
		const char *head;
		bool want;
	} ROWS[] = {
		{ "From: x@example.net\n", true },
		{ "From: MAILER-DAEMON@example.net\n", false },
		{ "From: no-reply@example.net\n", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_bool(ROWS[i].head, judge_names_successor(
		    str_from(ROWS[i].head), STR("please use b@example.net")),
		    ROWS[i].want);
	assert_false(judge_names_successor(STR("From: x@example.net\n"),
	    STR("user unknown")));
}

static void
html_becomes_text(void **state)
{
	static const struct {
		const char *in, *want;
	} ROWS[] = {
		{ "", "" },
		{ "a<br>b<i>c</i>", "a\nb c " },
		{ "<style>a@example.org</style>b", " b" },
		{ "a<!-- <p> -->b", "a b" },
		{ "&lt;a&#64;example.org&gt;&amp;&x;", "<a@example.org>&&x;" },
		{ "Empf&auml;nger &Uuml;&szlig;&eacute;", "Empfänger Üßé" },
		{ "&#228;&#xE4;&#8217;&#x1F600;", "ää’😀" },
		{ "a&nbsp;b&#160;c&#8203;d&#10;e", "a b c d e" },
		{ "&AUML;&#;&#x;&#xd800;&#1114112;&#12a;&;",
		    "&AUML;&#;&#x;&#xd800;&#1114112;&#12a;&;" },
		{ "&lt", "&lt" },
		{ "<a@example.org>", "<a@example.org>" },
		{ "<a href=\"mailto:a@example.org\">a</a>", " a " },
		{ "a<b", "a " },
		{ "a<", "a " },
		{ "a<!--b", "a " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		char *own = strdup(ROWS[i].in);

		assert_non_null(own);
		want_str(ROWS[i].in, str_of(own, html_text(own, strlen(own))),
		    str_from(ROWS[i].want));
		free(own);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    recipients_are_found_in_the_reporters_own_words),
		cmocka_unit_test(a_local_part_alone_needs_a_sentence_before_it),
		cmocka_unit_test(the_reason_is_told_with_its_recipient),
		cmocka_unit_test(only_machines_that_failed_are_bounces),
		cmocka_unit_test(marks_of_machines_are_known_one_by_one),
		cmocka_unit_test(only_people_name_who_follows_them),
		cmocka_unit_test(html_becomes_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
