/* test_limits.c - limits on what strangers and settings may bring, each right
 * below, at and past it; those of one module alone stand in its own test. */
#include "unit.h"

#include "base/ini.h"
#include "mail/freeform.h"
#include "mail/message.h"
#include "mail/reply.h"
#include "mail/stage.h"
#include "mail/tame.h"
#include "verdict/rulebook.h"
#include "verdict/rulefiles.h"
#include "work/config.h"
#include "wrap/json.h"

#define NOW INT64_C(1795219200)

/* What a step past the limit is told with. */
static void
want_refused(const char *what, bool ok, const struct err *e, const char *place,
    const char *words)
{
	want_bool(what, ok, false);
	want_number(what, e->code, EX_CONFIG);
	if (strncmp(e->text, place, strlen(place)) != 0 ||
	    strstr(e->text, words) == NULL)
		fail_msg("%s: told \"%s\"", what, e->text);
}

/* ---- rules ---- */

static bool
read_book(struct buf *text, struct err *e)
{
	struct providers *p = providers_open(STR(""), "p", e);
	struct rule_book b = { 0 };
	bool ok;

	assert_non_null(p);
	ok = book_read(&b, p, buf_str(text), "f.rules", e);
	book_release(&b);
	providers_close(p);
	buf_release(text);
	return ok;
}

static bool
read_rules(unsigned n, struct err *e)
{
	struct buf b = { 0 };

	for (unsigned i = 0; i < n; i++)
		buf_addf(&b, "[r%u]\nclass = block.ip\nadvice = x\n"
		    "match = /a%u/\n", i, i);
	return read_book(&b, e);
}

static bool
read_name(size_t n, struct err *e)
{
	struct buf b = { 0 };

	buf_addc(&b, '[');
	for (size_t i = 0; i < n; i++)
		buf_addc(&b, 'n');
	buf_adds(&b, "]\nclass = block.ip\nadvice = x\nmatch = /a/\n");
	return read_book(&b, e);
}

static bool
read_pattern(size_t n, struct err *e)
{
	struct buf b = { 0 };

	buf_adds(&b, "[r]\nclass = block.ip\nadvice = x\nmatch = /");
	for (size_t i = 2; i < n; i++)
		buf_addc(&b, 'a');
	buf_adds(&b, "/\n");
	return read_book(&b, e);
}

static void
rules_have_a_number_and_sizes(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_true(read_rules(RULES_MAX - 1, &e));
	assert_true(read_rules(RULES_MAX, &e));
	want_refused("rules", read_rules(RULES_MAX + 1, &e), &e, "f.rules:",
	    "more than 4096 rules; take some out");
	err_clear(&e);
	assert_true(read_name(RULE_NAME_MAX - 1, &e));
	assert_true(read_name(RULE_NAME_MAX, &e));
	want_refused("name", read_name(RULE_NAME_MAX + 1, &e), &e,
	    "f.rules:1:", "at most 64");
	err_clear(&e);
	assert_true(read_pattern(RULE_PATTERN_MAX - 1, &e));
	assert_true(read_pattern(RULE_PATTERN_MAX, &e));
	want_refused("pattern", read_pattern(RULE_PATTERN_MAX + 1, &e), &e,
	    "f.rules:4:", "longer than 4096 bytes; split the rule");
}

static void
rule_files_have_a_number(void **state)
{
	struct err e = { 0 };
	struct rules *r;
	char path[64];

	(void)state;
	mkdir("many", 0700);
	(void)unlink("many/10-more.rules");
	unit_write("many/providers.conf", STR("[own]\nmx = .own.example\n"));
	for (unsigned i = 0; i < RULE_FILES_MAX; i++) {
		snprintf(path, sizeof path, "many/10-f%u.rules", i);
		unit_write(path, STR(""));
	}
	unit_write("many/10-f0.rules",
	    STR("[a]\nclass = block.ip\nadvice = x\nmatch = /x/\n"));
	r = rules_open(NULL, "many", &e);
	if (r == NULL)
		fail_msg("at the limit: %s", e.text);
	rules_close(r);
	unit_write("many/10-more.rules", STR(""));
	r = rules_open(NULL, "many", &e);
	want_refused("files", r != NULL, &e, "many",
	    "more than 512 rule files; put some together");
}

static bool
read_providers(unsigned n, struct err *e)
{
	struct buf b = { 0 };
	struct providers *p;

	for (unsigned i = 0; i < n; i++)
		buf_addf(&b, "[p%u]\nmx = .p%u.example\n", i, i);
	p = providers_open(buf_str(&b), "p.conf", e);
	buf_release(&b);
	providers_close(p);
	return p != NULL;
}

/* One number is for whoever is no provider. */
static void
providers_have_a_number(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_true(read_providers(PROVIDER_MAX - 2, &e));
	assert_true(read_providers(PROVIDER_MAX - 1, &e));
	want_refused("providers", read_providers(PROVIDER_MAX, &e), &e,
	    "p.conf:", "more than 255 providers; take some out");
}

/* ---- settings ---- */

static bool
read_settings(struct buf *text, struct err *e)
{
	static struct config c;
	struct config_where where = { .file = "limits.conf" };

	unit_write("limits.conf", buf_str(text));
	buf_release(text);
	return config_load(&c, &where, e);
}

static bool
read_categories(unsigned n, struct err *e)
{
	struct buf b = { 0 };

	buf_adds(&b, "[bounce-categories]\n");
	for (unsigned i = 0; i < n; i++)
		buf_addf(&b, "own%u = gone.mailbox\n", i);
	return read_settings(&b, e);
}

static bool
read_size(size_t n, struct err *e)
{
	struct buf b = { 0 };

	while (b.n < n)
		buf_addc(&b, b.n % 64 == 63 || b.n + 1 == n ? '\n' : '#');
	for (size_t i = 0; i < b.n; i++)
		if (i == 0 || b.p[i - 1] == '\n')
			b.p[i] = b.p[i] == '\n' ? '\n' : '#';
	return read_settings(&b, e);
}

static void
settings_have_a_number_and_a_size(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_true(read_categories(CONFIG_CATEGORIES_MAX - 1, &e));
	assert_true(read_categories(CONFIG_CATEGORIES_MAX, &e));
	want_refused("categories",
	    read_categories(CONFIG_CATEGORIES_MAX + 1, &e), &e,
	    "limits.conf:66: ", "more than 64 categories");
	err_clear(&e);
	assert_true(read_size(INI_FILE_MAX - 1, &e));
	assert_true(read_size(INI_FILE_MAX, &e));
	assert_false(read_size(INI_FILE_MAX + 1, &e));
	assert_non_null(strstr(e.text, "limits.conf"));
}

/* ---- JSON ---- */

/* n levels, the innermost a number. */
static bool
read_depth(size_t n, bool object)
{
	struct buf b = { 0 };
	struct json *j;
	bool valid;

	for (size_t i = 1; i < n; i++)
		buf_adds(&b, object ? "{\"a\":" : "[");
	buf_adds(&b, "1");
	for (size_t i = 1; i < n; i++)
		buf_addc(&b, object ? '}' : ']');
	valid = json_valid(buf_str(&b));
	j = json_read(buf_str(&b));
	/* What is read is an object. */
	want_bool("both say so", j != NULL, valid && object);
	json_free(j);
	buf_release(&b);
	return valid;
}

static void
json_has_a_depth(void **state)
{
	(void)state;
	for (int object = 0; object < 2; object++) {
		assert_true(read_depth(JSON_DEPTH_MAX - 1, object));
		assert_true(read_depth(JSON_DEPTH_MAX, object));
		assert_false(read_depth(JSON_DEPTH_MAX + 1, object));
	}
}

/* ---- mails ---- */

#define REPORT "Reporting-MTA: dns; mx.example\n\n" \
	"Action: failed\nStatus: 5.1.1\n" \
	"Diagnostic-Code: smtp; 550 5.1.1 User unknown\n" \
	"Final-Recipient: rfc822; gone@b.example\n"
#define STATUS "Content-Type: message/delivery-status\n\n" REPORT

static bool
count(void *ctx, const struct event *ev, struct err *e)
{
	unsigned *n = ctx;

	(void)e;
	if (ev->address[0] == '\0')
		return true;
	want_text("whom", ev->address, "gone@b.example");
	(*n)++;
	return true;
}

/* Whether the report in it is found. */
static bool
is_found(struct buf *mail)
{
	const struct message_settings settings = { 0 };
	struct message_envelope env = { .settings = &settings };
	struct err e = { 0 };
	unsigned n = 0;

	if (!buf_ok(mail, &e) ||
	    !message_read(buf_str(mail), &env, NOW, count, &n, &e))
		fail_msg("%s", e.text);
	buf_release(mail);
	return n == 1;
}

/* A report below so many multiparts, the first of which is the mail. */
static bool
found_at_depth(unsigned depth)
{
	struct buf b = { 0 };

	buf_adds(&b, "From: a@b.example\nMIME-Version: 1.0\n");
	for (unsigned i = 0; i < depth; i++)
		buf_addf(&b, "Content-Type: multipart/mixed; boundary=b%u\n\n"
		    "--b%u\n", i, i);
	buf_adds(&b, STATUS);
	for (unsigned i = depth; i-- > 0;)
		buf_addf(&b, "\n--b%u--\n", i);
	return is_found(&b);
}

/* The mail itself is a level. */
static void
mails_have_a_depth(void **state)
{
	(void)state;
	assert_true(found_at_depth(1));
	assert_true(found_at_depth(MESSAGE_DEPTH_MAX - 1));
	assert_true(found_at_depth(MESSAGE_DEPTH_MAX));
	assert_false(found_at_depth(MESSAGE_DEPTH_MAX + 1));
	assert_false(found_at_depth(MESSAGE_DEPTH_MAX * 100));
}

/* A report as the last of so many parts. */
static bool
found_behind_parts(unsigned parts)
{
	struct buf b = { 0 };

	buf_adds(&b, "From: a@b.example\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=b\n\n");
	for (unsigned i = 1; i < parts; i++)
		buf_adds(&b, "--b\nContent-Type: text/plain\n\nx\n");
	buf_adds(&b, "--b\n" STATUS "\n--b--\n");
	return is_found(&b);
}

/* The mail itself is one. */
static void
mails_have_a_number_of_parts(void **state)
{
	(void)state;
	assert_true(found_behind_parts(MESSAGE_PARTS_MAX - 2));
	assert_true(found_behind_parts(MESSAGE_PARTS_MAX - 1));
	assert_false(found_behind_parts(MESSAGE_PARTS_MAX));
	assert_false(found_behind_parts(MESSAGE_PARTS_MAX * 10));
}

/* A report whose recipient's line ends at byte n. */
static bool
found_at_byte(size_t n)
{
	static const char FIRST[] = "From: a@b.example\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	    "Content-Type: text/plain\n\n";
	static const char LAST[] = "\n--b\n" STATUS;
	struct buf b = { 0 };

	buf_adds(&b, FIRST);
	while (b.n < n - strlen(LAST))
		buf_addc(&b, b.n % 64 == 0 ? '\n' : 'x');
	buf_adds(&b, LAST);
	want_number("bytes", (int64_t)b.n, (int64_t)n);
	buf_adds(&b, "\n--b--\n");
	return is_found(&b);
}

/* What is past the limit is not read, nor is a word that is cut there: it
 * would be another address. */
static void
mails_have_a_size(void **state)
{
	(void)state;
	assert_true(found_at_byte(MESSAGE_BYTES_MAX - 1));
	assert_true(found_at_byte(MESSAGE_BYTES_MAX));
	for (size_t past = 2; past < 20; past++)
		assert_false(found_at_byte(MESSAGE_BYTES_MAX + past));
	assert_false(found_at_byte(MESSAGE_BYTES_MAX + sizeof STATUS));
}

/* A recipient whose '>' is byte n of a bounce in words. */
static bool
found_in_words(size_t n)
{
	static const char LAST[] = "\nfailed:\n<gone@b.example>";
	struct buf b = { 0 };
	size_t body;

	buf_adds(&b, "From: mailer-daemon@mx.example\n\n");
	body = b.n;
	buf_adds(&b, "no such user\n\n");
	while (b.n < body + n - strlen(LAST))
		buf_addc(&b, b.n % 64 == 0 ? '\n' : 'x');
	buf_adds(&b, LAST);
	want_number("bytes", (int64_t)(b.n - body), (int64_t)n);
	buf_adds(&b, "\nxx\n");
	return is_found(&b);
}

static void
a_text_has_a_size(void **state)
{
	(void)state;
	assert_true(found_in_words(FREEFORM_TEXT_MAX - 1));
	assert_true(found_in_words(FREEFORM_TEXT_MAX));
	for (size_t past = 1; past < 20; past++)
		assert_false(found_in_words(FREEFORM_TEXT_MAX + past));
	assert_false(found_in_words(2 * FREEFORM_TEXT_MAX));
}

/* A reply of n bytes to another command than RCPT, as Exim tells it; how far
 * into what is told of it that stands. */
static size_t
stage_behind(size_t n)
{
	static const char HEAD[] = "  gone@b.example\n"
	    "    SMTP error from remote mail server after MAIL FROM:<a@x>:\n"
	    "    host mx.b.example [192.0.2.1]: ";
	static const char REPLY[] = "550 5.1.1 user unknown ";
	struct buf words = { 0 };
	char room[STAGE_ROOM];
	struct str told;

	buf_adds(&words, HEAD);
	buf_adds(&words, REPLY);
	while (words.n < strlen(HEAD) + n)
		buf_addc(&words, words.n % 8 == 0 ? ' ' : 'x');
	assert_false(words.failed);
	told = stage_add(buf_str(&words), STR("gone@b.example"),
	    str_skip(buf_str(&words), strlen(HEAD)), room);
	assert_true(str_starts(told, STR("550 5.1.1 user unknown")));
	n = str_find(told, STR("(in reply to MAIL FROM command)"));
	if (n < told.n)
		n = told.n;
	else
		n = SIZE_MAX;
	buf_release(&words);
	return n;
}

/* Else a refusal of ours would be one of the recipient. */
static void
a_stage_stands_in_what_is_looked_at(void **state)
{
	static const size_t SIZES[] = { 100, REPLY_TEXT_MAX - 200,
		REPLY_TEXT_MAX - 65, REPLY_TEXT_MAX - 64, REPLY_TEXT_MAX - 63,
		REPLY_TEXT_MAX, REPLY_TEXT_MAX + 1, STAGE_ROOM - 1,
		STAGE_ROOM, 4 * STAGE_ROOM };

	(void)state;
	for (size_t i = 0; i < COUNT(SIZES); i++)
		if (stage_behind(SIZES[i]) > REPLY_TEXT_MAX)
			fail_msg("a reply of %zu bytes: no stage", SIZES[i]);
}

/* ---- who is told of ---- */

struct many {
	unsigned told; /* whom one mail tells of */
	unsigned more; /* that there were more */
};

static bool
count_told(void *ctx, const struct event *ev, struct err *e)
{
	struct many *m = ctx;

	(void)e;
	m->told += ev->address[0] != '\0';
	m->more += ev->skip == SKIP_TOO_MANY;
	return true;
}

/* first, then n times a recipient between before and behind. */
static void
want_told(const char *const shape[3], unsigned n)
{
	const struct message_settings settings = { 0 };
	struct message_envelope env = { .settings = &settings };
	struct buf b = { 0 };
	struct err e = { 0 };
	struct many got = { 0 };

	buf_adds(&b, shape[0]);
	for (unsigned i = 0; i < n; i++)
		buf_addf(&b, "%su%u@b.example%s", shape[1], i, shape[2]);
	buf_adds(&b, "\n\nno such user\n");
	if (!buf_ok(&b, &e) ||
	    !message_read(buf_str(&b), &env, NOW, count_told, &got, &e))
		fail_msg("%s", e.text);
	want_number(shape[0], got.told,
	    n < MESSAGE_REPORTS_MAX ? n : MESSAGE_REPORTS_MAX);
	want_number(shape[0], got.more, n > MESSAGE_REPORTS_MAX);
	buf_release(&b);
}

/* What is past the limit is told as that, whatever names it. */
static void
mails_have_a_number_of_recipients(void **state)
{
#define TOP "From: mailer-daemon@mx.example\nMIME-Version: 1.0\n"
	static const char *const SHAPES[][3] = {
		{ TOP "Content-Type: message/delivery-status\n\n",
		    "Final-Recipient: rfc822; ",
		    "\nAction: failed\nStatus: 5.1.1\n\n" },
		{ "Content-Type: message/feedback-report\n\n"
		  "Feedback-Type: abuse\n",
		    "Original-Rcpt-To: ", "\n" },
		{ TOP "\n", "<", ">:\nno such user\n\n" },
		{ TOP "X-Failed-Recipients: ", "", ",\n " },
	};
#undef TOP

	(void)state;
	for (size_t i = 0; i < COUNT(SHAPES); i++)
		for (int past = -1; past <= 1; past++)
			want_told(SHAPES[i],
			    (unsigned)(MESSAGE_REPORTS_MAX + past));
}

/* ---- what only looks like parts ---- */

static bool
found_behind_dashes(unsigned n)
{
	struct buf b = { 0 };

	buf_adds(&b, "From: a@b.example\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	    "Content-Type: text/plain\n\n");
	for (unsigned i = 0; i < n; i++)
		buf_addf(&b, "--x%u\n", i);
	buf_adds(&b, "\n--b\n" STATUS "\n--b--\n");
	return is_found(&b);
}

static void
lines_of_dashes_have_a_number(void **state)
{
	(void)state;
	/* The parts of the mail begin with such a line, too. */
	assert_true(found_behind_dashes(TAME_DASHES_MAX - 100));
	assert_false(found_behind_dashes(TAME_DASHES_MAX + 100));
}

/* What is left of a mail of n times piece behind head. */
static size_t
tamed(const char *head, const char *piece, size_t n)
{
	struct buf mail = { 0 }, out = { 0 };
	struct err e = { 0 };
	size_t left;

	buf_adds(&mail, head);
	for (size_t i = 0; i < n; i++)
		buf_adds(&mail, piece);
	assert_true(buf_ok(&mail, &e));
	tame_mail(buf_str(&mail), &out);
	assert_true(buf_ok(&out, &e));
	left = out.n;
	buf_release(&mail);
	buf_release(&out);
	return left;
}

/* Pieces behind head, below, at and past the limit; what is past it goes. */
static void
want_tamed(const char *head, const char *piece, size_t limit, size_t line_end)
{
	for (size_t n = limit - 1; n <= limit + 1; n++)
		want_number(head[0] != '\0' ? head : piece,
		    (int64_t)tamed(head, piece, n),
		    (int64_t)(strlen(head) +
			(n < limit ? n : limit) * strlen(piece) + line_end));
}

static void
what_the_parser_gets_is_bounded(void **state)
{
	(void)state;
	want_tamed("", "x: y\n", TAME_FIELDS_MAX, 0);
	want_tamed("", "--x\n", TAME_DASHES_MAX, 0);
	want_tamed("", "To: a@b.example\n", TAME_PARSED_COUNT, 0);
	/* A block of its own behind an empty line, or a line of dashes. */
	want_tamed("To: a\n\n", "to: b\n", TAME_PARSED_COUNT, 0);
	want_tamed("To: a\n--b\n", "Cc: b\n", TAME_PARSED_COUNT, 0);
	want_tamed("To: ", "a", TAME_PARSED_BYTES - 4, 1);
	want_tamed("X-To: ", "a", TAME_FIELD_BYTES - 6, 1);
	/* Folded lines are of the field. */
	want_tamed("To: ab\n", " b\n", (TAME_PARSED_BYTES - 6) / 2, 0);
}

int
main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(rules_have_a_number_and_sizes),
		cmocka_unit_test(rule_files_have_a_number),
		cmocka_unit_test(providers_have_a_number),
		cmocka_unit_test(settings_have_a_number_and_a_size),
		cmocka_unit_test(json_has_a_depth),
		cmocka_unit_test(mails_have_a_depth),
		cmocka_unit_test(mails_have_a_number_of_parts),
		cmocka_unit_test(mails_have_a_size),
		cmocka_unit_test(a_text_has_a_size),
		cmocka_unit_test(a_stage_stands_in_what_is_looked_at),
		cmocka_unit_test(mails_have_a_number_of_recipients),
		cmocka_unit_test(lines_of_dashes_have_a_number),
		cmocka_unit_test(what_the_parser_gets_is_bounded),
	};

	return cmocka_run_group_tests(
	    TESTS, unit_enter_folder, unit_leave_folder);
}
