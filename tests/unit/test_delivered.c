/* test_delivered.c - deliveries from what the journal still has. */
#include "journal_kit.h"
#include "work_kit.h"

#include <utime.h>

#include "base/clock.h"
#include "work/delivered.h"

#define HEAD "type,timeLogged,rcpt,dsnStatus,dsnDiag,dlvType\n"
#define DAY(n) (INT64_C(1794787200) + (n) * CLOCK_DAY) /* 2026-11-16 */
#define STREAM "journal/" NAME ".stream"

static const char BOUNCED[] = HEAD
    "b,2026-11-16 08:00:00+0000,ada@a.example,5.2.2,smtp;552 full,smtp\n"
    "b,2026-11-16 08:00:00+0000,bob@b.example,5.1.2,,smtp\n";

static int
setup(void **state)
{
	struct source src;
	struct memory m = { .bytes = STR(BOUNCED) };
	enum follow_state st = FOLLOW_MORE;
	struct err e = { 0 };
	struct follow *f;
	struct bench *b;

	bench_setup(state);
	empty_folder(state);
	b = *state;
	src = (struct source){ .name = "old", .input = "csv",
		.road = ROAD_FILE, .read = memory_read, .ctx = &m };
	f = follow_open(b->work, &src, &e);
	assert_non_null(f);
	while (st == FOLLOW_MORE)
		OK(follow_step(f, 1 << 20, &st, &e));
	OK(work_commit(b->work, &e));
	follow_close(f);
	assert_int_equal(mkdir("journal", 0700), 0);
	unit_write(STREAM, STR("input = csv\n"));
	return 0;
}

struct told {
	char text[4096];
	size_t n;
};

static bool
tell(void *ctx, struct str address, int64_t time, struct err *e)
{
	struct told *t = ctx;

	(void)e;
	t->n += (size_t)snprintf(t->text + t->n, sizeof t->text - t->n,
	    "%.*s %lld\n", STR_ARG(address), (long long)(time - DAY(1)));
	assert_true(t->n < sizeof t->text);
	return true;
}

/* From the 17th to the 18th, both whole; what is told, by seconds. */
static struct delivered
read_days(struct bench *b, struct told *t)
{
	struct delivered d;
	struct err e = { 0 };

	*t = (struct told){ .n = 0 };
	OK(delivered_each(b->store, &b->config, DAY(1), DAY(3) - 1, tell, t,
	    &d, &e));
	return d;
}

static void
those_with_evidence_are_told(void **state)
{
	struct told t;
	struct delivered d;

	segment(NAME, 0, "seg", STR(HEAD
	    "d,2026-11-16 23:59:59+0000,ada@a.example,2.0.0,,smtp\n"
	    "b,2026-11-17 00:00:01+0000,eve@e.example,5.1.1,,smtp\n"
	    "d,2026-11-17 00:00:02+0000,eve@e.example,2.0.0,,smtp\n"
	    "d,2026-11-17 00:00:03+0000,Ada@A.example,2.0.0,,smtp\n"
	    "d,2026-11-17 00:00:04+0000,ada@a.example,2.0.0,,discard\n"
	    "t,2026-11-17 00:00:05+0000,ada@a.example,4.2.2,,smtp\n"
	    "d,2026-11-19 00:00:00+0000,ada@a.example,2.0.0,,smtp\n"));
	d = read_days(*state, &t);
	assert_string_equal(t.text, "ada@a.example 3\n");
	assert_int_equal(d.rows, 1);
	assert_int_equal(d.from, DAY(1) + 1);
	assert_int_equal(d.lacks.code, 0);
}

static void
a_domain_is_told_once_in_ten_minutes(void **state)
{
	struct told t;
	struct delivered d;

	segment(NAME, 0, "seg", STR(HEAD
	    "d,2026-11-17 00:00:02+0000,x@b.example,2.0.0,,smtp\n"
	    "d,2026-11-17 00:09:59+0000,bob@b.example,2.0.0,,smtp\n"
	    "d,2026-11-17 00:09:59+0000,z@b.example,2.0.0,,smtp\n"
	    "d,2026-11-17 00:10:00+0000,y@b.example,2.0.0,,smtp\n"));
	d = read_days(*state, &t);
	assert_string_equal(t.text, "@b.example 2\nbob@b.example 599\n"
	    "@b.example 600\n");
	assert_int_equal(d.rows, 3);
}

static void
a_gap_cuts_no_row_in_two(void **state)
{
	struct str first = STR(HEAD
	    "d,2026-11-17 00:00:02+0000,ada@a.example,2.0.0,,smtp\n"
	    "d,2026-11-17 00:00:03+0000,ada@");
	struct told t;

	segment(NAME, 0, "seg", first);
	/* Lost bytes; then a hole. */
	segment(NAME, first.n, "gap", STR(
	    "a.example,2.0.0,,smtp\n"
	    "d,2026-11-17 00:00:04+0000,ada@a.example,2.0.0,,smtp\n"));
	segment(NAME, 1u << 30, "seg", STR(
	    "d,2026-11-17 00:00:05+0000,ada@a.example,2.0.0,,smtp\n"
	    "d,2026-11-17 00:00:06+0000,ada@a.example,2.0.0,,smtp\n"
	    "d,2026-11-17 00:00:07+0000,ada@a.example,2.0.0,,smtp"));
	read_days(*state, &t);
	assert_string_equal(t.text, "ada@a.example 2\nada@a.example 4\n"
	    "ada@a.example 6\n");
}

static void
segments_from_before_are_not_read(void **state)
{
	struct utimbuf old = { DAY(-1), DAY(-1) };
	struct told t;

	segment(NAME, 0, "seg", STR(HEAD
	    "d,2026-11-17 00:00:02+0000,ada@a.example,2.0.0,,smtp\n"));
	assert_int_equal(utime("journal/" NAME ".0000000000000000.seg", &old),
	    0);
	assert_int_equal(read_days(*state, &t).from, 0);
	assert_string_equal(t.text, "");
}

static void
mails_and_what_cannot_be_opened_are_passed_over(void **state)
{
	struct told t;
	struct delivered d;

	segment(OTHER, 0, "seg", STR(HEAD
	    "d,2026-11-17 00:00:02+0000,ada@a.example,2.0.0,,smtp\n"));
	unit_write("journal/" OTHER ".stream", STR("input = message\n"));
	unlink(STREAM);
	d = read_days(*state, &t);
	assert_string_equal(t.text, "");
	assert_int_equal(d.lacks.code, 0);

	segment(NAME, 0, "seg", STR(HEAD
	    "d,2026-11-17 00:00:03+0000,ada@a.example,2.0.0,,smtp\n"));
	unit_write(STREAM, STR("input = csv\n"));
	unlink("journal/" OTHER ".stream");
	assert_int_equal(symlink("nowhere", "journal/x.stream"), 0);
	assert_int_equal(mkdir("journal/y.stream", 0700), 0);
	d = read_days(*state, &t);
	assert_string_equal(t.text, "ada@a.example 3\n");
	assert_int_equal(d.lacks.code, 0);

	empty_folder(state);
	unit_write("journal", STR("no folder"));
	d = read_days(*state, &t);
	assert_int_equal(d.from, 0);
	assert_int_not_equal(d.lacks.code, 0);
	unlink("journal");
	d = read_days(*state, &t);
	assert_int_equal(d.lacks.code, 0);
}

static bool
refuse(void *ctx, struct str address, int64_t time, struct err *e)
{
	(void)ctx;
	(void)address;
	(void)time;
	return err_set(e, EX_IOERR, "the disk is full");
}

static void
who_is_told_can_end_it(void **state)
{
	struct bench *b = *state;
	struct err e = { 0 };
	struct delivered d;

	segment(NAME, 0, "seg", STR(HEAD
	    "d,2026-11-17 00:00:02+0000,ada@a.example,2.0.0,,smtp\n"));
	assert_false(delivered_each(b->store, &b->config, DAY(1), DAY(3),
	    refuse, NULL, &d, &e));
	assert_int_equal(e.code, EX_IOERR);
	assert_string_equal(e.text, "the disk is full");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, bench_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(those_with_evidence_are_told),
		CASE(a_domain_is_told_once_in_ten_minutes),
		CASE(a_gap_cuts_no_row_in_two),
		CASE(segments_from_before_are_not_read),
		CASE(mails_and_what_cannot_be_opened_are_passed_over),
		CASE(who_is_told_can_end_it),
	};

	return cmocka_run_group_tests(tests, unit_enter_folder,
	    unit_leave_folder);
}
