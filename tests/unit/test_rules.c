/* test_rules.c - rule files: reading, order, the rule that wins, lint. */
#include "unit.h"

#include <sys/stat.h>

#include "verdict/rules.h"

#define HEAD "[a]\nclass = block.ip\nadvice = x\n"

static const char PROVIDERS[] = "[google]\nmx = .google.example\n"
				"[yahoo]\nmx = .yahoo.example\n";

/* One shipped folder "s" with providers and this rule file. */
static struct rules *
open_one(const char *text, struct err *e)
{
	*e = (struct err){ 0 };
	mkdir("s", 0700);
	unit_write("s/providers.conf", str_from(PROVIDERS));
	unit_write("s/10-a.rules", str_from(text));
	return rules_open(NULL, "s", e);
}

static struct rules *
open_good(const char *text)
{
	struct err e;
	struct rules *r = open_one(text, &e);

	if (r == NULL)
		fail_msg("%s", e.text);
	return r;
}

static struct rule_input
asked(const char *folded)
{
	return (struct rule_input){ .folded = str_from(folded) };
}

static const char *
winner(struct rules *r, const struct rule_input *in)
{
	const struct rule *fast = rules_find(r, in, NULL);

	assert_ptr_equal(fast, rules_find_plain(r, in, NULL));
	return fast != NULL ? fast->name : "-";
}

static void
the_first_rule_that_matches_wins(void **state)
{
	struct rules *r =
	    open_good("[one]\nmatch = /user unknown/\nclass = gone.mailbox\n"
		      "advice = suppress it\nsource = https://a.example\n"
		      "source = https://b.example\n"
		      "[two]\nmatch = /unknown/\nclass = block.ip\nadvice = x\n"
		      "strength = weak\ndecision = count-soft\n"
		      "[three]\nmatch = /listed/\nmatch = /by spamhaus/\n"
		      "unless = /not listed/\nclass = block.ip\nadvice = x\n");
	static const struct {
		const char *text, *want;
	} ROWS[] = {
		{ "550 USER Unknown", "one" },
		{ "host unknown", "two" },
		{ "listed by Spamhaus", "three" },
		{ "by spamhaus you are listed", "three" },
		{ "listed", "-" },
		{ "not listed by spamhaus", "-" },
		{ "", "-" },
		{ "us\xff"
		  "er unknown",
		    "two" },
	};
	const struct rule *one;

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct rule_input in = asked(ROWS[i].text);

		want_text(ROWS[i].text, winner(r, &in), ROWS[i].want);
	}
	want_number("count", (int64_t)rules_count(r), 3);
	one = rules_at(r, 0);
	want_number("class", one->class, CLASS_GONE_MAILBOX);
	want_number("line", one->line, 1);
	want_text("file", one->file, "s/10-a.rules");
	want_text("advice", one->advice, "suppress it");
	want_text("source", one->source, "https://a.example https://b.example");
	want_number("strength", one->strength, STRENGTH_NONE);
	want_bool("decides", one->decides, false);
	want_number("weak", rules_at(r, 1)->strength, STRENGTH_WEAK);
	want_bool("decides", rules_at(r, 1)->decides, true);
	want_number("decision", rules_at(r, 1)->decision, DECISION_COUNT_SOFT);
	rules_close(r);
}

static void
conditions_narrow_a_rule(void **state)
{
	struct rules *r = open_good(
	    "[provider]\nprovider = google yahoo\nmatch = /ppp/\n"
	    "class = unknown\nadvice = x\n"
	    "[code]\ncode = 421 55x none\nmatch = /ccc/\nclass = unknown\n"
	    "advice = x\n"
	    "[status]\nstatus = 5.7.1 x.2.x 4.x.x none\nmatch = /sss/\n"
	    "class = unknown\nadvice = x\n"
	    "[local]\nlocal = yes\nmatch = /lll/\nclass = unknown\n"
	    "advice = x\n"
	    "[remote]\nlocal = no\nmatch = /rrr/\nclass = unknown\n"
	    "advice = x\n"
	    "[bare]\ncode = 556\nstatus = 5.1.10\nclass = gone.nullmx\n"
	    "advice = x\n");
	const struct {
		const char *name;
		struct rule_input in;
		const char *want;
	} ROWS[] = {
		{ "provider", { .folded = LIT("ppp"), .provider = 1 },
		    "provider" },
		{ "second", { .folded = LIT("ppp"), .provider = 2 },
		    "provider" },
		{ "another", { .folded = LIT("ppp"), .provider = 0 }, "-" },
		{ "any",
		    { .folded = LIT("ppp"), .provider = RULES_ANY_PROVIDER },
		    "provider" },
		{ "code", { .folded = LIT("ccc"), .code = 421 }, "code" },
		{ "range", { .folded = LIT("ccc"), .code = 559 }, "code" },
		{ "past it", { .folded = LIT("ccc"), .code = 560 }, "-" },
		{ "no code", { .folded = LIT("ccc") }, "code" },
		{ "status", { .folded = LIT("sss"), .status = { 5, 7, 1 } },
		    "status" },
		{ "detail", { .folded = LIT("sss"), .status = { 5, 7, 2 } },
		    "-" },
		{ "any class", { .folded = LIT("sss"), .status = { 5, 2, 9 } },
		    "status" },
		{ "any of a class",
		    { .folded = LIT("sss"), .status = { 4, 7, 0 } }, "status" },
		{ "no status", { .folded = LIT("sss") }, "status" },
		{ "local", { .folded = LIT("lll"), .local = true }, "local" },
		{ "not local", { .folded = LIT("lll") }, "-" },
		{ "remote", { .folded = LIT("rrr") }, "remote" },
		{ "not remote", { .folded = LIT("rrr"), .local = true }, "-" },
		{ "no words",
		    { .folded = LIT("anything"),
			.code = 556,
			.status = { 5, 1, 10 } },
		    "bare" },
		{ "half of it", { .folded = LIT("anything"), .code = 556 },
		    "-" },
		{ "no such code", { .folded = LIT("ccc"), .code = 99999 },
		    "code" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++)
		want_text(ROWS[i].name, winner(r, &ROWS[i].in), ROWS[i].want);
	rules_close(r);
}

static void
what_a_rule_lacks_is_told(void **state)
{
	struct rules *r =
	    open_good("[a]\nprovider = google\ncode = 5xx\n"
		      "status = 5.x.x\nlocal = no\nmatch = /blocked/\n"
		      "unless = /unblocked/\nclass = block.ip\nadvice = x\n");
	const struct {
		enum rule_miss want;
		struct rule_input in;
	} ROWS[] = {
		{ RULE_MATCHES,
		    { LIT("blocked"), 550, { 5, 7, 1 }, 1, false } },
		{ RULE_LACKS_TEXT,
		    { LIT("listed"), 550, { 5, 7, 1 }, 1, false } },
		{ RULE_LACKS_PROVIDER,
		    { LIT("blocked"), 550, { 5, 7, 1 }, 2, false } },
		{ RULE_LACKS_CODE,
		    { LIT("blocked"), 450, { 5, 7, 1 }, 1, false } },
		{ RULE_LACKS_STATUS,
		    { LIT("blocked"), 550, { 4, 7, 1 }, 1, false } },
		{ RULE_LACKS_LOCAL,
		    { LIT("blocked"), 550, { 5, 7, 1 }, 1, true } },
		{ RULE_HAS_UNLESS,
		    { LIT("unblocked"), 550, { 5, 7, 1 }, 1, false } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		want_number("why", rules_why(r, 0, &ROWS[i].in), ROWS[i].want);
		want_bool("match", rules_match(r, 0, &ROWS[i].in, NULL),
		    ROWS[i].want == RULE_MATCHES);
	}
	assert_true(rules_has_pattern(r, 0));
	rules_close(r);
}

static void
a_pattern_that_takes_too_long_is_counted(void **state)
{
	struct rules *r = open_good(
	    "[slow]\nmatch = /^(?:a+)+b$/\nclass = block.ip\nadvice = x\n"
	    "[next]\nmatch = /aaa/\nclass = temp.system\nadvice = x\n");
	char text[REPLY_TEXT_MAX];
	struct rule_input in = { .folded = { text, sizeof text } };
	unsigned limits = 0;

	(void)state;
	memset(text, 'a', sizeof text);
	memcpy(text + sizeof text - 2, "b!", 2);
	want_text("next", rules_find(r, &in, &limits)->name, "next");
	want_number("counted", limits, 1);
	want_text("next", rules_find_plain(r, &in, &limits)->name, "next");
	want_number("counted", limits, 2);
	want_number("why", rules_why(r, 0, &in), RULE_LIMIT);
	rules_close(r);
}

static void
site_files_stand_before_shipped_ones_of_their_number(void **state)
{
	static const char *const WANT[] = { "ship5", "site10", "ship10",
		"site20b", "site20c", "ship100" };
	struct err e = { 0 };
	struct rules *r;
	char rule[80];

	(void)state;
	mkdir("s", 0700);
	mkdir("site", 0700);
	unlink("s/10-a.rules");
	unit_write("s/providers.conf", str_from(PROVIDERS));
	for (size_t i = 0; i < COUNT(WANT); i++) {
		static const char *const FILES[] = { "s/5-z.rules",
			"site/10-z.rules", "s/10-a.rules", "site/20-b.rules",
			"site/20-c.rules", "s/100-a.rules" };

		snprintf(rule, sizeof rule,
		    "[%s]\nmatch = /abc/\n"
		    "class = block.ip\nadvice = x\n",
		    WANT[i]);
		unit_write(FILES[i], str_from(rule));
	}
	unit_write("site/README", STR("not a rule"));
	unit_write("site/.10-x.rules", STR("not a rule"));
	r = rules_open("site", "s", &e);
	if (r == NULL)
		fail_msg("%s", e.text);
	want_number("count", (int64_t)rules_count(r), COUNT(WANT));
	for (size_t i = 0; i < COUNT(WANT); i++)
		want_text("order", rules_at(r, i)->name, WANT[i]);
	rules_close(r);

	unit_write("site/providers.conf", STR("[mine]\nmx = a.example\n"));
	r = rules_open("site", "s", &e);
	assert_non_null(r);
	assert_int_equal(provider_count(rules_providers(r)), 2);
	rules_close(r);

	unit_write("site/local.rules", STR(""));
	assert_null(rules_open("site", "s", &e));
	want_number(e.text, e.code, EX_CONFIG);
	unlink("site/local.rules");
	unlink("site/providers.conf");
	for (size_t i = 0; i < 3; i++) {
		static const char *const GONE[] = { "s/5-z.rules",
			"s/100-a.rules", "s/10-a.rules" };

		unlink(GONE[i]);
	}
}

static void
mistakes_name_file_line_and_mend(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} ROWS[] = {
		{ "no rule", "class = block.ip\n",
		    "s/10-a.rules:1: a line before the first rule" },
		{ "no class", "[a]\nmatch = /abc/\nadvice = x\n",
		    "s/10-a.rules:1: [a]: it has no class" },
		{ "no advice", "[a]\nmatch = /abc/\nclass = block.ip\n[b]\n",
		    "s/10-a.rules:1: [a]: it has no advice" },
		{ "no condition", HEAD,
		    "s/10-a.rules:1: [a]: it has no condition" },
		{ "only a provider", HEAD "provider = google\n",
		    "s/10-a.rules:1: [a]: it has no condition" },
		{ "only unless", HEAD "unless = /abc/\n",
		    "s/10-a.rules:1: [a]: it has no condition" },
		{ "bad class", "[a]\nclass = gone.fishing\n",
		    "s/10-a.rules:2: [a] class 'gone.fishing': no class" },
		{ "no reply's class", "[a]\nclass = manual\n",
		    "s/10-a.rules:2: [a] class 'manual': no class" },
		{ "unknown key", HEAD "matches = /abc/\n",
		    "s/10-a.rules:4: [a] matches '/abc/': unknown key; "
		    "`man pmta-suppress-rules` names them" },
		{ "twice", HEAD "class = block.ip\n",
		    "s/10-a.rules:4: [a] class 'block.ip': the key is" },
		{ "no slashes", HEAD "match = abc\n",
		    "s/10-a.rules:4: [a] match 'abc': no pattern" },
		{ "empty pattern", HEAD "match = //\n",
		    "s/10-a.rules:4: [a] match '//': no pattern" },
		{ "broken pattern", HEAD "match = /(abc/\n",
		    "s/10-a.rules:4: [a] pattern '(abc': missing" },
		{ "UTF", HEAD "match = /(*UTF)abc/\n",
		    "s/10-a.rules:4: [a] pattern '(*UTF)abc': " },
		{ "bad provider", HEAD "provider = nobody\n",
		    "s/10-a.rules:4: [a] provider 'nobody': no such" },
		{ "bad code", HEAD "code = 55\n",
		    "s/10-a.rules:4: [a] code '55': no SMTP code" },
		{ "x first", HEAD "code = x50\n",
		    "s/10-a.rules:4: [a] code 'x50': no SMTP code" },
		{ "bad status", HEAD "status = 5.1\n",
		    "s/10-a.rules:4: [a] status '5.1': no status" },
		{ "bad local", HEAD "local = maybe\n",
		    "s/10-a.rules:4: [a] local 'maybe': neither yes" },
		{ "bad strength", HEAD "strength = iron\n",
		    "s/10-a.rules:4: [a] strength 'iron': neither strong" },
		{ "decision that suppresses",
		    HEAD "decision = suppress-address\n",
		    "s/10-a.rules:4: [a] decision 'suppress-address': " },
		{ "bad name", "[a b]\n", "s/10-a.rules:1: 'a b' is no" },
		{ "same name", HEAD "match = /abc/\n[a]\n",
		    "s/10-a.rules:5: rule 'a' is there already" },
		{ "no ini", "[a\n", "s/10-a.rules:1: " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct err e;

		assert_null(open_one(ROWS[i].text, &e));
		want_number(ROWS[i].name, e.code, EX_CONFIG);
		if (!str_starts(str_from(e.text), str_from(ROWS[i].want)))
			fail_msg("%s: got \"%s\", want \"%s...\"", ROWS[i].name,
			    e.text, ROWS[i].want);
		assert_non_null(strchr(e.text, ';'));
	}
}

static void
a_folder_named_but_absent_is_an_error(void **state)
{
	struct err e = { 0 };
	struct rules *r;

	(void)state;
	assert_null(rules_open(NULL, "nowhere", &e));
	want_number(e.text, e.code, EX_CONFIG);
	err_clear(&e);
	assert_int_equal(mkdir("none", 0755), 0);
	assert_null(rules_open(NULL, "none", &e)); /* a block would read as gone */
	want_number(e.text, e.code, EX_CONFIG);
	err_clear(&e);
	r = rules_open("nowhere", NULL, &e);
	assert_non_null(r); /* the site's own may be absent */
	assert_true(rules_count(r) > 0);
	rules_close(r);
	rules_close(NULL);
}

static void
lint_tells_what_samples_show(void **state)
{
	static const struct {
		const char *name, *text;
		unsigned errors, notes;
		const char *want;
	} ROWS[] = {
		{ "clean",
		    HEAD "match = /abc/\nsample = 550 abc\n"
			 "not = 550 abd\n",
		    0, 0, "" },
		{ "lost",
		    HEAD "match = /abc/\nsample = 550 abc\n"
			 "sample = 550 abd\n",
		    1, 0,
		    "s/10-a.rules:6: error: a: "
		    "its sample '550 abd' is won by no rule: a match" },
		{ "another wins",
		    HEAD "match = /abc/\nsample = abc\n"
			 "[b]\nclass = block.ip\nadvice = x\nmatch = /abcd/\n"
			 "sample = abcd\n",
		    1, 0,
		    "s/10-a.rules:10: error: b: its "
		    "sample 'abcd' is won by a (s/10-a.rules:1); move" },
		{ "wins what it must not",
		    HEAD "match = /abc/\n"
			 "sample = abc\nnot = xabc\n",
		    1, 0, "s/10-a.rules:6: error: a: it wins 'xabc'" },
		{ "no sample", HEAD "match = /abc/\n", 1, 0,
		    "s/10-a.rules:1: error: a: no sample reaches it" },
		{ "no literal", HEAD "match = /a.b/\nsample = axb\n", 0, 1,
		    "s/10-a.rules:1: note: a: no word of three letters" },
		{ "a set of bytes",
		    HEAD "match = /abc[e\\xe9]/\nunless = /d[eé]f/\n"
			 "sample = abce\n",
		    0, 1,
		    "s/10-a.rules:5: note: a: a letter beyond ASCII" },
		{ "slow", HEAD "match = /^(?:[a ]+)+b$/\nsample = aab\n", 1, 1,
		    "s/10-a.rules:4: error: a: the pattern takes" },
		{ "context",
		    HEAD "code = 421\nstatus = 4.7.1\nlocal = yes\n"
			 "sample = code=421 status=4.7.1 local=yes | \n"
			 "sample = code=421 status=4.7.1 local=yes | abc\n",
		    0, 0, "" },
		{ "own context",
		    HEAD "status = 5.1.1\nlocal = yes\n"
			 "sample = x-pmta;550-5.1.1 abc\n",
		    0, 0, "" },
		{ "a bar in the text",
		    HEAD "match = /a \\| b/\n"
			 "sample = 550 a | b\n",
		    0, 0, "" },
		{ "folded first",
		    HEAD "match = /from <addr> on/\n"
			 "sample = mail from <bob@a.example> on\n",
		    0, 0, "" },
		{ "each provider",
		    HEAD "provider = google yahoo\n"
			 "match = /abc/\nsample = abc\n",
		    0, 0, "" },
		{ "one provider's rule first",
		    "[g]\nprovider = google\nmatch = /abc/\n"
		    "class = block.ip\nadvice = x\nsample = abc\n" HEAD
		    "match = /abc/\nsample = abc\n",
		    0, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct rules *r = open_good(ROWS[i].text);
		unsigned errors = 99, notes = 99;
		struct buf out = { 0 };
		struct err e = { 0 };

		assert_true(rules_lint(r, &out, &errors, &notes, &e));
		if (errors != ROWS[i].errors || notes != ROWS[i].notes ||
		    str_find(buf_str(&out), str_from(ROWS[i].want)) >=
			out.n + (out.n == 0))
			fail_msg("%s: %u errors, %u notes, got \"%.*s\", "
				 "want \"%s\"",
			    ROWS[i].name, errors, notes, STR_ARG(buf_str(&out)),
			    ROWS[i].want);
		buf_release(&out);
		rules_close(r);
	}
}

/* The shipped rules themselves. */
static void
rules_are_read_first_and_prepared_when_asked(void **state)
{
	struct rule_input in = asked("550 user unknown");
	struct err e = { 0 };
	struct rules *r;

	(void)state;
	mkdir("site", 0700);
	unit_write("site/01-own.rules",
	    STR("[bad]\nmatch = /(/\nclass = block.ip\nadvice = x\n"));
	/* What a site wrote is compiled at once. */
	assert_null(rules_read("site", NULL, &e));
	assert_non_null(strstr(e.text, "01-own.rules:2"));
	unit_write("site/01-own.rules",
	    STR("[good]\nmatch = /(?:x)/\nclass = block.ip\nadvice = x\n"));
	e = (struct err){ 0 };
	r = rules_read("site", NULL, &e);
	assert_non_null(r);
	for (int i = 0; i < 2; i++) {
		assert_true(rules_prepare(r, &e));
		assert_string_equal(winner(r, &in), "gone.unknown");
	}
	assert_string_equal(rules_at(r, 0)->name, "good");
	rules_close(r);
	r = rules_read(NULL, NULL, &e);
	assert_non_null(r);
	assert_true(provider_count(rules_providers(r)) > 50);
	assert_true(rules_prepare(r, &e));
	assert_string_equal(winner(r, &in), "gone.unknown");
	rules_close(r);
}

static void
the_rules_that_are_built_in_are_clean(void **state)
{
	struct err e = { 0 };
	struct rules *r = rules_open(NULL, NULL, &e);
	unsigned errors, notes;
	struct buf out = { 0 };

	(void)state;
	if (r == NULL)
		fail_msg("%s", e.text);
	assert_true(rules_lint(r, &out, &errors, &notes, &e));
	if (errors > 0)
		fail_msg("%.*s", STR_ARG(buf_str(&out)));
	buf_release(&out);
	rules_close(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_rule_that_matches_wins),
		cmocka_unit_test(conditions_narrow_a_rule),
		cmocka_unit_test(what_a_rule_lacks_is_told),
		cmocka_unit_test(a_pattern_that_takes_too_long_is_counted),
		cmocka_unit_test(mistakes_name_file_line_and_mend),
		cmocka_unit_test(a_folder_named_but_absent_is_an_error),
		cmocka_unit_test(lint_tells_what_samples_show),
		cmocka_unit_test(
		    site_files_stand_before_shipped_ones_of_their_number),
		cmocka_unit_test(rules_are_read_first_and_prepared_when_asked),
		cmocka_unit_test(the_rules_that_are_built_in_are_clean),
	};

	return cmocka_run_group_tests(
	    tests, unit_enter_folder, unit_leave_folder);
}
