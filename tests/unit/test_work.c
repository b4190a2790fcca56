/* test_work.c - the road from bytes to entries, without a program around it. */
#include "work_kit.h"

#include <time.h>

#include "base/clock.h"
#include "base/number.h"

#define HEAD "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnStatus,dsnDiag," \
	"dsnMta,bounceCat,dlvType,dlvSourceIp,vmta,feedbackType\n"
#define GONE "5.1.1 (bad destination mailbox address)," \
	"smtp;550 5.1.1 User unknown,mx.b.example (192.0.2.9),bad-mailbox," \
	"smtp,198.51.100.1,vm1,\n"
#define B(time, rcpt) \
	"b," time "," time ",n@s.example," rcpt ",," GONE
#define D(time, rcpt) "d," time "," time ",n@s.example," rcpt \
	",,2.0.0 (success),smtp;250 ok,mx.b.example (192.0.2.9),,smtp," \
	"198.51.100.1,vm1,\n"

static bool
is_listed(struct bench *b, const char *address, enum class c)
{
	struct err e = { 0 };
	struct entry en;
	bool found;

	OK(entry_decides(b->store, str_from(address), STR(""),
	    1790000000, &en, &found, &e));
	return found && en.class == c;
}

static bool
add_line(void *ctx, struct str line, struct err *e)
{
	buf_add(ctx, line);
	buf_addc(ctx, '\n');
	return buf_ok(ctx, e);
}

static void
want_dump(struct bench *b, const char *row, struct buf *want)
{
	struct buf got = { 0 };
	struct err e = { 0 };

	OK(store_dump(b->store, add_line, &got, &e));
	if (want->n == 0)
		buf_add(want, buf_str(&got));
	want_str(row, buf_str(&got), buf_str(want));
	buf_release(&got);
}

static const char ROWS[] = HEAD
    B("2026-09-01 10:00:00+0000", "a@b.example")
    D("2026-09-01 10:00:01+0000", "c@b.example")
    D("2026-09-01 10:00:02+0000", "d@b.example")
    B("2026-09-01 10:00:03+0000", "E@B.example")
    D("2026-09-01 10:20:03+0000", "d@b.example");

static void
a_strong_bounce_lists_the_address_at_once(void **state)
{
	work_text(*state, "s", ROWS);
	assert_true(is_listed(*state, "a@b.example", CLASS_GONE_MAILBOX));
	assert_true(is_listed(*state, "e@b.example", CLASS_GONE_MAILBOX));
	assert_false(is_listed(*state, "c@b.example", CLASS_GONE_MAILBOX));
}

/* Whoever signs up as "ada" in quotes may be refused for the quotes. */
static void
a_name_in_needless_quotes_condemns_nobody(void **state)
{
	work_text(*state, "s", HEAD
	    B("2026-09-01 10:00:00+0000", "\"\"\"ada\"\"@b.example\"")
	    B("2026-09-02 10:00:00+0000", "\"\"\"ada\"\"@b.example\"")
	    B("2026-09-01 10:00:00+0000", "rfc822;bob@b.example")
	    B("2026-09-01 10:00:00+0000", "\"\"\"c d\"\"@b.example\"")
	    B("2026-09-01 10:00:00+0000", "<Eve@B.example.>")
	    B("2026-09-01 10:00:00+0000", "j\xc3\x96rg@b.example"));
	assert_false(is_listed(*state, "ada@b.example", CLASS_GONE_MAILBOX));
	assert_false(is_listed(*state, "bob@b.example", CLASS_GONE_MAILBOX));
	assert_true(
	    is_listed(*state, "\"c d\"@b.example", CLASS_GONE_MAILBOX));
	assert_true(is_listed(*state, "eve@b.example", CLASS_GONE_MAILBOX));
	assert_true(is_listed(*state, "j\xc3\xb6rg@b.example",
	    CLASS_GONE_MAILBOX));
}

#define OPT_OUT(rcpt, orig) \
	"f,2026-09-01 10:00:00+0000,," orig "," rcpt ",,,,,,,,,opt-out\n"

/* They have no end of names: the table is kept for ours. */
static void
streams_that_strangers_name_have_a_limit(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };
	char text[32];
	int64_t id;
	bool has;

	work_text(b, "a", HEAD OPT_OUT("a@b.example", "n@known.example"));
	for (int i = 0; i < STORE_WORDS_MAX / 2; i++) {
		number_print(text, sizeof text, "word %d", i);
		OK(store_word_said(b->store, str_from(text), true, &id, &e));
	}
	work_text(b, "b", HEAD OPT_OUT("k@b.example", "n@known.example")
	    OPT_OUT("n@b.example", "n@never.example")
	    B("2026-09-01 10:00:00+0000", "o@b.example"));
	assert_false(is_listed(b, "a@b.example", CLASS_FBL_OPTOUT));
	assert_false(is_listed(b, "k@b.example", CLASS_FBL_OPTOUT));
	assert_true(is_listed(b, "n@b.example", CLASS_FBL_OPTOUT));
	OK(store_has_word(b->store, STR("stream:never.example"), &has, &e));
	want_bool("a stranger's", has, false);
	OK(store_has_word(b->store, STR("stream:s.example"), &has, &e));
	want_bool("ours", has, true);
}

/* Anybody's server can make replies up: those of the large ones have room of
 * their own. */
static void
unnamed_hosts_leave_room_for_replies_of_others(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };
	int64_t other, id;
	char text[32];

	for (int i = 0; i < STORE_REPLIES_MAX / 2; i++) {
		number_print(text, sizeof text, "reply %d", i);
		OK(store_reply(b->store, str_from(text), STR("x"), true, &id,
		    &e));
	}
	work_text(b, "a", HEAD B("2026-09-01 10:00:00+0000", "a@b.example")
	    "b,2026-09-01 10:00:00+0000,,n@s.example,a@gmail.com,,5.1.1,"
	    "smtp;550 5.1.1 no such user,gmail-smtp-in.l.google.com "
	    "(192.0.2.9),,smtp,198.51.100.1,vm1,\n");
	OK(store_reply(b->store, STR("<other>"), STR(""), true, &other, &e));
	OK(store_reply(b->store, STR("550 5.1.1 User unknown"), STR(""), true,
	    &id, &e));
	want_bool("of mx.b.example", id == other, true);
	OK(store_reply(b->store, STR("550 5.1.1 no such user"), STR(""), true,
	    &id, &e));
	want_bool("of Google", id == other, false);
}

/* Strangers' bytes behind a gap may look like a header. */
static void
a_header_that_is_refused_stops_no_stream(void **state)
{
	static const char *const BAD[] = {
		"type,rcpt,x\"\ny\",z\r\n",
		"type,\"a\"b,timeLogged\n",
		"type,a\rb,timeLogged\n",
	};
	struct bench *b = *state;
	struct buf text = { 0 };

	for (size_t i = 0; i < COUNT(BAD); i++) {
		buf_addf(&text, HEAD B("2026-09-01 10:00:00+0000",
		    "a%zu@b.example") "%s" B("2026-09-01 10:00:01+0000",
		    "lost%zu@b.example") HEAD
		    B("2026-09-01 10:00:02+0000", "c%zu@b.example"), i, BAD[i],
		    i, i);
	}
	buf_adds(&text, "type");
	for (unsigned i = 0; i < 600; i++)
		buf_addf(&text, ",c%u", i);
	buf_adds(&text, "\n" HEAD B("2026-09-01 10:00:03+0000",
	    "last@b.example"));
	work_text(b, "s", buf_cstr(&text));
	for (size_t i = 0; i < COUNT(BAD); i++) {
		char address[32];

		snprintf(address, sizeof address, "c%zu@b.example", i);
		want_bool(BAD[i], is_listed(b, address, CLASS_GONE_MAILBOX),
		    true);
	}
	assert_true(is_listed(b, "last@b.example", CLASS_GONE_MAILBOX));
	buf_release(&text);
}

static void
the_same_rows_again_change_nothing(void **state)
{
	struct bench *b = *state;
	struct buf want = { 0 };
	struct memory m = { str_from(ROWS), 0, false };

	work_text(b, "s", ROWS);
	want_dump(b, "first", &want);
	work_text(b, "s", ROWS);
	want_dump(b, "same stream", &want);
	work_text(b, "t", ROWS);
	want_dump(b, "another pipe", &want);
	work_all(b, "acct-1.csv", ROAD_FILE, &m);
	want_dump(b, "a file", &want);
	work_all(b, "acct-2.csv", ROAD_FILE, &m);
	want_dump(b, "another file", &want);
	buf_release(&want);
}

static bool
add_counted(void *ctx, struct str line, struct err *e)
{
	struct str last = str_skip(line, str_rchr(line, '\t') + 1);
	int64_t *sum = ctx;
	int64_t n;

	(void)e;
	if (str_starts(line, STR("counter\t")) &&
	    number_i64(last, 0, INT64_MAX, &n))
		*sum += n;
	return true;
}

/* A stream of its own: rows of which the first ones are as in any other. */
static void
work_rows(struct bench *b, const char *name, int n, int same)
{
	struct buf text = { 0 };

	buf_adds(&text, HEAD);
	for (int i = 0; i < n; i++)
		buf_addf(&text, D("2026-09-01 10:%02d:00+0000", "%c@b.example"),
		    i, i, i < same ? 'a' : 'b');
	buf_addc(&text, '\0');
	assert_false(text.failed);
	work_text(b, name, text.p);
	buf_release(&text);
}

/* Streams of which so many first rows are the same are one; what comes behind
 * them is not looked at. */
static void
a_stream_is_known_by_its_first_rows(void **state)
{
	static const struct {
		int same;
		int64_t counted; /* of 20 rows */
	} SHAPES[] = {
		{ 0, 20 }, { 1, 19 }, { STREAM_HEAD_ROWS - 1, 5 },
		{ STREAM_HEAD_ROWS, 0 }, { STREAM_HEAD_ROWS + 1, 0 },
		{ 20, 0 },
	};

	for (size_t i = 0; i < COUNT(SHAPES); i++) {
		struct bench *b = *state;
		struct err e = { 0 };
		int64_t sum = 0;

		work_rows(b, "s", 20, 20);
		work_rows(b, "t", 20, SHAPES[i].same);
		OK(store_dump(b->store, add_counted, &sum, &e));
		want_number("rows", sum, 20 + SHAPES[i].counted);
		bench_teardown(state);
		bench_setup(state);
	}
}

/* However the bytes come, and wherever a batch ends. */
static void
cut_at_any_byte_the_answer_is_the_same(void **state)
{
	struct bench *b = *state;
	struct memory m = { str_from(ROWS), 0, false };
	struct source s = { .name = "s", .road = ROAD_PIPE, .input = "csv",
		.ctx = &m, .read = memory_read };
	enum follow_state at = FOLLOW_MORE;
	struct buf want = { 0 };
	struct err e = { 0 };
	struct follow *f;

	work_text(b, "whole", ROWS);
	want_dump(b, "whole", &want);
	bench_teardown(state);
	assert_int_equal(bench_setup(state), 0);
	b = *state;
	f = follow_open(b->work, &s, &e);
	assert_non_null(f);
	m.open = true;
	for (size_t n = 0; n <= sizeof ROWS - 1; n++) {
		m.bytes.n = n;
		m.open = n < sizeof ROWS - 1;
		do
			OK(follow_step(f, 1 << 20, &at, &e));
		while (at == FOLLOW_MORE);
		if (n % 3 == 0) {
			OK(work_commit(b->work, &e));
			continue;
		}
		if (n % 7 == 0)
			work_abandon(b->work);
	}
	OK(work_commit(b->work, &e));
	follow_close(f);
	want_dump(b, "byte by byte", &want);
	buf_release(&want);
}

/* Works on the rows and tells whether they should be committed then. */
static bool
is_due(struct bench *b, const char *name, const char *text)
{
	struct memory m = { str_from(text), 0, true };
	struct source s = { .name = name, .road = ROAD_FILE, .input = "csv",
		.ctx = &m, .read = memory_read };
	enum follow_state state;
	struct err e = { 0 };
	struct follow *f = follow_open(b->work, &s, &e);
	bool due;

	assert_non_null(f);
	OK(follow_step(f, 1 << 20, &state, &e));
	due = work_due(b->work);
	OK(work_commit(b->work, &e));
	assert_false(work_due(b->work));
	follow_close(f);
	return due;
}

static void
who_works_alone_commits_by_evidence(void **state)
{
	static const char THREE[] = HEAD
	    D("2026-09-01 10:00:01+0000", "c@b.example")
	    D("2026-09-01 10:00:02+0000", "d@b.example")
	    B("2026-09-01 10:00:03+0000", "e@b.example");
	static const char FOUR[] = HEAD
	    D("2026-09-01 10:00:01+0000", "c@b.example")
	    D("2026-09-01 10:00:02+0000", "d@b.example")
	    B("2026-09-01 10:00:04+0000", "e@b.example")
	    B("2026-09-01 10:00:05+0000", "e@b.example");
	static const char EIGHT[] = HEAD
	    B("2026-09-01 10:00:07+0000", "e@b.example")
	    B("2026-09-01 10:00:08+0000", "e@b.example")
	    B("2026-09-01 10:00:09+0000", "e@b.example")
	    B("2026-09-01 10:00:10+0000", "e@b.example");
	static const char FIVE[] = HEAD
	    B("2026-09-01 10:00:06+0000", "e@b.example");
	static const char ROW[] =
	    D("2026-09-01 10:01:01+0000", "c@b.example");
	struct buf rows = { 0 };
	struct bench *b = *state;

	b->config.commit_events = 1;
	b->config.commit_ms = 60000;
	assert_true(is_due(b, "shared", THREE));
	work_alone(b->work, true);
	assert_false(is_due(b, "one", THREE));
	assert_false(is_due(b, "two", FOUR));
	assert_true(is_due(b, "four", EIGHT));
	work_alone(b->work, false);
	assert_true(is_due(b, "shared again", FIVE));
	buf_adds(&rows, HEAD);
	for (int i = 0; i < 9; i++)
		buf_adds(&rows, ROW);
	assert_false(is_due(b, "nine rows", buf_cstr(&rows)));
	buf_adds(&rows, ROW);
	assert_true(is_due(b, "ten rows", buf_cstr(&rows)));
	buf_release(&rows);
	b->config.commit_events = 5;
	assert_false(is_due(b, "fewer", FOUR));
}

static void
a_follow_opened_anew_goes_on_where_it_was(void **state)
{
	struct bench *b = *state;
	struct memory m = { str_from(ROWS), 0, true };
	struct source s = { .name = "s", .road = ROAD_PIPE, .input = "",
		.ctx = &m, .read = memory_read };
	struct err e = { 0 };
	enum follow_state at;

	for (size_t n = 0; n < sizeof ROWS + 12; n += 13) {
		struct follow *f;

		m.bytes.n = n < sizeof ROWS ? n : sizeof ROWS - 1;
		f = follow_open(b->work, &s, &e);
		assert_non_null(f);
		OK(follow_step(f, 1 << 20, &at, &e));
		OK(work_commit(b->work, &e));
		follow_close(f);
	}
	assert_true(is_listed(b, "a@b.example", CLASS_GONE_MAILBOX));
	assert_true(is_listed(b, "e@b.example", CLASS_GONE_MAILBOX));
	want_number("rows", work_sums(b->work)->rows, 5);
}

static void
a_delivery_between_clears_weak_evidence(void **state)
{
#define NX(time, rcpt) "b," time "," time ",n@s.example," rcpt \
	",,5.1.2 (bad destination system: no such domain),,,bad-domain," \
	"smtp,,vm1,\n"
	static const char DOMAIN[] = HEAD
	    NX("2026-08-01 10:00:00+0000", "x@gone.example")
	    NX("2026-08-04 10:00:00+0000", "y@gone.example")
	    D("2026-08-05 10:00:00+0000", "z@gone.example")
	    NX("2026-08-09 10:00:00+0000", "x@gone.example");
	static const char DEAD[] = HEAD
	    NX("2026-08-01 10:00:00+0000", "x@dead.example")
	    NX("2026-08-04 10:00:00+0000", "y@dead.example")
	    NX("2026-08-09 10:00:00+0000", "x@dead.example");

	work_text(*state, "s", DOMAIN);
	work_text(*state, "t", DEAD);
	assert_false(is_listed(*state, "@gone.example", CLASS_GONE_DOMAIN));
	assert_true(is_listed(*state, "@dead.example", CLASS_GONE_DOMAIN));
}

/* Rows of 5.2.1, which need two days, three apart. */
#define OFF(time, orig, rcpt) "b," time "," time "," orig "," rcpt \
	",,5.2.1 (mailbox disabled),smtp;550 5.2.1 Mailbox disabled," \
	"mx.b.example (192.0.2.9),inactive-mailbox,smtp,198.51.100.1,vm1,\n"

static void
a_late_delivery_takes_back_what_stood_on_older_evidence(void **state)
{
	static const char OLD[] = HEAD
	    OFF("2026-08-01 10:00:00+0000", "n@s.example", "l@b.example")
	    OFF("2026-08-05 10:00:00+0000", "n@s.example", "l@b.example");
	struct bench *b = *state;

	work_text(b, "s", OLD);
	assert_true(is_listed(b, "l@b.example", CLASS_GONE_INACTIVE));
	work_text(b, "t", HEAD D("2026-08-03 10:00:00+0000", "l@b.example"));
	assert_false(is_listed(b, "l@b.example", CLASS_GONE_INACTIVE));
}

/* n reports of one day about u<n>@b.example. */
static void
work_reports(struct bench *b, int n)
{
	struct buf text = { 0 };
	char name[32];

	snprintf(name, sizeof name, "reports %d", n);
	buf_adds(&text, HEAD);
	for (int i = 0; i < n; i++)
		buf_addf(&text, "rb,2026-09-02 %02d:%02d:%02d+0000,,"
		    "n@s.example,u%d@b.example,," GONE,
		    8 + i / 3600, i / 60 % 60, i % 60, n);
	buf_addc(&text, '\0');
	assert_false(text.failed);
	work_text(b, name, text.p);
	buf_release(&text);
}

/* One that comes late makes all of that day weak, 64 at a time; more than 16
 * times as many are not judged. */
static void
a_late_delivery_casts_doubt_on_however_many_reports(void **state)
{
	static const int REPORTS[] = { 1, 63, 64, 65, 129, 1023, 1024, 1025,
		1200 };
	char late[sizeof HEAD + 200], address[32];

	for (size_t i = 0; i < COUNT(REPORTS); i++) {
		int n = REPORTS[i];

		work_reports(*state, n);
		snprintf(address, sizeof address, "u%d@b.example", n);
		assert_true(is_listed(*state, address, CLASS_GONE_MAILBOX));
		snprintf(late, sizeof late,
		    HEAD D("2026-09-01 10:00:%02zu+0000", "u%d@b.example"), i,
		    i, n);
		work_text(*state, address, late);
		want_bool(address,
		    is_listed(*state, address, CLASS_GONE_MAILBOX), false);
	}
}

static void
a_domain_replayed_after_a_delivery_of_its_day_is_the_same(void **state)
{
	static const char ROW[] = HEAD
	    D("2026-08-01 09:00:00+0000", "z@sd.example")
	    NX("2026-08-01 12:00:00+0000", "x@sd.example")
	    D("2026-08-05 09:00:00+0000", "z@sd.example")
	    NX("2026-08-05 12:00:00+0000", "x@sd.example")
	    D("2026-08-09 09:00:00+0000", "z@sd.example")
	    NX("2026-08-09 12:00:00+0000", "x@sd.example");
	struct buf want = { 0 };

	work_text(*state, "s", ROW);
	want_dump(*state, "once", &want);
	work_text(*state, "t", ROW);
	want_dump(*state, "twice", &want);
	buf_release(&want);
}

/* 20,000 rows about one address take no more of a processor than they may. */
static void
one_address_written_about_endlessly_is_no_brake(void **state)
{
	struct bench *b = *state;
	struct buf text = { 0 };
	clock_t before = clock(), took;

	buf_adds(&text, HEAD);
	for (int i = 0; i < 20000; i++)
		buf_addf(&text, "t,%d,%d,n@s.example,hot@b.example,,4.2.2 (full"
		    "),smtp;452 4.2.2 Mailbox full,mx.b.example (192.0.2.9),"
		    "quota-issues,smtp,198.51.100.1,vm1,\n", 1785542400 + i * 20,
		    1785542400 + i * 20);
	work_text(b, "s", buf_cstr(&text));
	want_number("rows", work_sums(b->work)->rows, 20000);
	took = clock() - before;
	if (took > 20 * CLOCKS_PER_SEC)
		fail_msg("it took %ld s", (long)(took / CLOCKS_PER_SEC));
	buf_release(&text);
}

static void
an_expired_message_means_its_last_transient(void **state)
{
#define T(time, rcpt) "t," time ",2026-08-01 00:00:00+0000,n@s.example," \
	rcpt ",,4.2.2 (mailbox full),smtp;452 4.2.2 Mailbox full," \
	"mx.b.example (192.0.2.9),quota-issues,smtp,198.51.100.1,vm1,\n"
	static const char ROW[] = HEAD
	    T("2026-08-02 00:00:00+0000", "a@b.example")
	    "b,2026-08-05 00:00:00+0000,2026-08-01 00:00:00+0000,n@s.example,"
	    "a@b.example,,4.4.7 (delivery time expired),,,message-expired,"
	    "smtp,198.51.100.1,vm1,\n";
	struct bench *b = *state;
	struct buf got = { 0 };
	struct err e = { 0 };
	size_t at;

	work_text(b, "s", ROW);
	OK(store_dump(b->store, add_line, &got, &e));
	at = str_find(buf_str(&got), STR("evidence\ta@b.example\t1785888000"
	    "\t2\t0\t10\t"));
	if (at == got.n)
		fail_msg("not full.mailbox: %.*s", STR_ARG(buf_str(&got)));
	buf_release(&got);
}

static void
lost_bytes_cost_only_the_rows_they_cut(void **state)
{
	static const char CUT[] = HEAD
	    B("2026-09-01 10:00:00+0000", "a@b.example")
	    "b,2026-09-01 10:00:01+0000,2026-09-01 10:00"
	    /* here bytes were lost */
	    ",smtp;550 5.1.1 User unknown\",x\n"
	    B("2026-09-01 10:00:03+0000", "c@b.example");
	struct memory m = { str_from(CUT), 0, false };

	m.gap = str_find(m.bytes, STR(",smtp;550 5.1.1 User unknown\""));
	work_all(*state, "s", ROAD_PIPE, &m);
	assert_true(is_listed(*state, "a@b.example", CLASS_GONE_MAILBOX));
	assert_true(is_listed(*state, "c@b.example", CLASS_GONE_MAILBOX));
}

/* It can be taken up without its name, and is no mail that has grown. */
static void
a_mail_that_lost_bytes_is_passed_over(void **state)
{
	static const char MAIL[] =
	    "From: MAILER-DAEMON@mx.example.net\nSubject: Returned mail\n\n"
	    "<a@b.example>: user unkn"
	    /* here bytes were lost */
	    "own\n<c@b.example>: 550 5.1.1 user unknown\n";
	struct memory m = { str_from(MAIL), 0, false };

	m.gap = str_find(m.bytes, STR("own\n"));
	work_all(*state, "s", ROAD_PIPE, &m);
	assert_false(is_listed(*state, "a@b.example", CLASS_GONE_MAILBOX));
	assert_false(is_listed(*state, "c@b.example", CLASS_GONE_MAILBOX));
}

static void
json_rows_are_counted_and_kept(void **state)
{
	struct bench *b = *state;

	work_text(b, "j", "{\"type\":\"b\"}\n{\"type\":\"d\"}\n");
	want_number("json", work_sums(b->work)->skipped[SKIP_JSON], 2);
}

static void
rows_from_the_future_are_not_used(void **state)
{
	struct bench *b = *state;

	work_text(b, "s", HEAD B("2100-09-01 10:00:00+0000", "a@b.example"));
	want_number("future", work_sums(b->work)->skipped[SKIP_FUTURE], 1);
	assert_false(is_listed(b, "a@b.example", CLASS_GONE_MAILBOX));
}

static void
a_lift_keeps_what_is_replayed_away(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };
	bool lifted;

	work_text(b, "s", ROWS);
	OK(store_begin(b->store, &e));
	OK(entry_lift(b->store, &(struct entry_lift){ STR("a@b.example"),
	    STR("global"), CLASS_GONE_MAILBOX, 1790000000, STR("ours"), 0 },
	    STR("user:x"), 1790000000, &lifted, &e));
	OK(store_commit(b->store, &e));
	work_text(b, "t", ROWS);
	work_text(b, "u", HEAD B("2026-08-20 10:00:00+0000", "a@b.example"));
	assert_false(is_listed(b, "a@b.example", CLASS_GONE_MAILBOX));
	work_text(b, "v", HEAD B("2026-10-20 10:00:00+0000", "a@b.example"));
	assert_true(is_listed(b, "a@b.example", CLASS_GONE_MAILBOX));
}

/* Also where rows before it are behind a lift. */
static void
an_entry_names_the_rule_of_the_row_that_made_it(void **state)
{
#define WEAK(time, says) "b," time "," time ",n@s.example,a@b.example,," \
	says ",mx.b.example (192.0.2.9),,smtp,198.51.100.1,vm1,\n"
	static const char LATER[] = HEAD
	    WEAK("2026-10-20 10:00:00+0000", "5.0.0 (undefined status),"
	        "smtp;550 Requested action not taken: mailbox unavailable")
	    WEAK("2026-10-21 10:00:00+0000",
	        "5.1.1 (bad destination mailbox address),smtp;550 5.1.1");
	struct bench *b = *state;
	struct err e = { 0 };
	struct entry en;
	bool done;

	work_text(b, "s", ROWS);
	OK(store_begin(b->store, &e));
	OK(entry_lift(b->store, &(struct entry_lift){ STR("a@b.example"),
	    STR("global"), CLASS_GONE_MAILBOX, 1790000000, STR("ours"), 0 },
	    STR("user:x"), 1790000000, &done, &e));
	OK(store_commit(b->store, &e));
	work_text(b, "t", LATER);
	OK(entry_get(b->store, STR("a@b.example"), STR("global"),
	    CLASS_GONE_MAILBOX, &en, &done, &e));
	assert_true(done);
	want_number("state", en.state, ENTRY_ACTIVE);
	want_str("rule", en.rule, STR("code.5.1.1"));
}

static void
a_quarantined_record_is_passed_over(void **state)
{
	struct bench *b = *state;
	struct memory m = { str_from(ROWS), 0, false };
	struct source s = { .name = "s", .road = ROAD_PIPE, .input = "",
		.ctx = &m, .read = memory_read };
	enum follow_state at = FOLLOW_MORE;
	struct err e = { 0 };
	struct follow *f = follow_open(b->work, &s, &e);
	struct stat st;

	follow_quarantine(f, sizeof HEAD - 1);
	while (at == FOLLOW_MORE)
		OK(follow_step(f, 1 << 20, &at, &e));
	OK(work_commit(b->work, &e));
	follow_close(f);
	assert_false(is_listed(b, "a@b.example", CLASS_GONE_MAILBOX));
	assert_true(is_listed(b, "e@b.example", CLASS_GONE_MAILBOX));
	want_number("set aside", work_sums(b->work)->
	    skipped[SKIP_QUARANTINED], 1);
	assert_int_equal(stat("quarantine", &st), 0);
}

/* A worker that dies at the next one need not be told of this one again. */
static void
a_quarantined_record_is_the_last_of_its_batch(void **state)
{
	struct bench *b = *state;
	struct memory m = { str_from(ROWS), 0, false };
	struct source s = { .name = "s", .road = ROAD_PIPE, .input = "",
		.ctx = &m, .read = memory_read };
	const char *row = ROWS + sizeof HEAD - 1;
	enum follow_state at;
	struct err e = { 0 };
	struct follow *f = follow_open(b->work, &s, &e);

	follow_quarantine(f, sizeof HEAD - 1);
	OK(follow_step(f, 1 << 20, &at, &e));
	want_number("more", at, FOLLOW_MORE);
	assert_true(work_due(b->work));
	OK(work_commit(b->work, &e));
	want_number("position", (int64_t)follow_position(f),
	    strchr(row, '\n') + 1 - ROWS);
	OK(follow_step(f, 1 << 20, &at, &e));
	assert_false(work_due(b->work));
	OK(work_commit(b->work, &e));
	follow_close(f);
	assert_true(is_listed(b, "e@b.example", CLASS_GONE_MAILBOX));
}

static int64_t
entries_of(struct bench *b)
{
	struct store_counts c;
	struct err e = { 0 };

	OK(store_count(b->store, clock_now(), &c, &e));
	return c.entries_active;
}

static void
who_is_never_suppressed_gives_evidence_and_no_entry(void **state)
{
	static const char MORE[] = HEAD
	    B("2026-10-05 08:00:00+0000", "seed-1@b.example")
	    B("2026-10-05 09:00:00+0000", "seed-2@b.example")
	    B("2026-10-05 10:00:00+0000", "ada@b.example");
	struct bench *b = *state;
	struct store_counts c;
	struct err e = { 0 };

	assert_null(never_add(&b->config.never, STR("seeds"),
	    STR("seed-*@b.example")));
	work_text(b, "s", MORE);
	OK(store_count(b->store, clock_now(), &c, &e));
	want_number("evidence", c.evidence, 3);
	want_number("entries", c.entries_active, 1);
	want_number("suppressed", work_sums(b->work)->suppressed, 1);
}

static void
a_dead_domain_with_a_seed_in_it_is_not_listed(void **state)
{
#define DEAD(day) "b,2026-10-" day " 08:00:00+0000,,n@s.example,u" day \
	"@dead.example,,5.1.2 (no such domain),,,,smtp,198.51.100.1,vm1,\n"
	static const char ROWS_DEAD[] = HEAD DEAD("01") DEAD("05") DEAD("12");
	struct bench *b = *state;
	struct entry en;
	struct err e = { 0 };
	bool found;

	work_text(b, "s", ROWS_DEAD);
	OK(entry_get(b->store, STR("@dead.example"), STR("global"),
	    CLASS_GONE_DOMAIN, &en, &found, &e));
	want_bool("without", found, true);
	bench_teardown(state);
	assert_int_equal(bench_setup(state), 0);
	b = *state;
	assert_null(never_add(&b->config.never, STR("seed"),
	    STR("seed@dead.example")));
	work_text(b, "s", ROWS_DEAD);
	OK(entry_get(b->store, STR("@dead.example"), STR("global"),
	    CLASS_GONE_DOMAIN, &en, &found, &e));
	want_bool("with", found, false);
	OK(entry_get(b->store, STR("u12@dead.example"), STR("global"),
	    CLASS_GONE_DOMAIN, &en, &found, &e));
	want_bool("its addresses are", found, true);
}

static void
observing_keeps_evidence_and_lists_nobody(void **state)
{
	static const char LATER[] = HEAD
	    B("2026-10-07 08:00:00+0000", "ada@b.example");
	struct bench *b = *state;
	struct store_counts c;
	struct err e = { 0 };

	b->config.observe = true;
	work_text(b, "s", ROWS);
	OK(store_count(b->store, clock_now(), &c, &e));
	assert_true(c.evidence > 0);
	want_number("entries", c.entries_active, 0);
	want_number("suppressed", work_sums(b->work)->suppressed, 0);
	/* What was gathered counts as soon as it may. */
	b->config.observe = false;
	work_text(b, "t", LATER);
	want_number("entries", entries_of(b), 1);
}

/* What a worker that died had counted is not lost. */
static void
sums_of_two_workers_add_up(void **state)
{
	struct work_sums of = { .rows = 1, .used = 2, .suppressed = 3,
		.held = 4, .cleared = 5, .by_kind = { [KIND_B] = 6 },
		.skipped = { [SKIP_OLD] = 7 }, .last_time = 8 };
	struct work_sums both = of;

	(void)state;
	work_sums_add(&both, &of);
	want_number("rows", both.rows, 2);
	want_number("used", both.used, 4);
	want_number("suppressed", both.suppressed, 6);
	want_number("held", both.held, 8);
	want_number("cleared", both.cleared, 10);
	want_number("of a kind", both.by_kind[KIND_B], 12);
	want_number("passed over", both.skipped[SKIP_OLD], 14);
	want_number("the last time", both.last_time, 8);
	work_sums_add(&both, &(struct work_sums){ 0 });
	want_number("nothing new", both.last_time, 8);
}

int
main(void)
{
#define CASE(name) \
	cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
	static const struct CMUnitTest TESTS[] = {
		CASE(a_strong_bounce_lists_the_address_at_once),
		CASE(a_name_in_needless_quotes_condemns_nobody),
		CASE(streams_that_strangers_name_have_a_limit),
		CASE(unnamed_hosts_leave_room_for_replies_of_others),
		CASE(a_header_that_is_refused_stops_no_stream),
		CASE(the_same_rows_again_change_nothing),
		CASE(a_stream_is_known_by_its_first_rows),
		CASE(cut_at_any_byte_the_answer_is_the_same),
		CASE(who_works_alone_commits_by_evidence),
		CASE(a_follow_opened_anew_goes_on_where_it_was),
		CASE(a_delivery_between_clears_weak_evidence),
		CASE(an_expired_message_means_its_last_transient),
		CASE(a_late_delivery_takes_back_what_stood_on_older_evidence),
		CASE(a_late_delivery_casts_doubt_on_however_many_reports),
		CASE(
		    a_domain_replayed_after_a_delivery_of_its_day_is_the_same),
		CASE(one_address_written_about_endlessly_is_no_brake),
		CASE(lost_bytes_cost_only_the_rows_they_cut),
		CASE(a_mail_that_lost_bytes_is_passed_over),
		CASE(json_rows_are_counted_and_kept),
		CASE(rows_from_the_future_are_not_used),
		CASE(a_lift_keeps_what_is_replayed_away),
		CASE(an_entry_names_the_rule_of_the_row_that_made_it),
		CASE(a_quarantined_record_is_passed_over),
		CASE(a_quarantined_record_is_the_last_of_its_batch),
		CASE(who_is_never_suppressed_gives_evidence_and_no_entry),
		CASE(a_dead_domain_with_a_seed_in_it_is_not_listed),
		CASE(observing_keeps_evidence_and_lists_nobody),
		CASE(sums_of_two_workers_add_up),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
