/* test_rehearse.c - judging the stored evidence once more. */
#include "work_kit.h"

#include "base/clock.h"
#include "work/rehearse.h"

#define HEAD "type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnStatus,dsnDiag," \
	"dsnMta,bounceCat,dlvType,dlvSourceIp,vmta,feedbackType\n"
#define DAYS 150
#define PEOPLE 80

/* What a row may say; the parts from orcpt on. */
static const char *const ROWS[] = {
	"b|,,5.1.1 (x),smtp;550 5.1.1 User unknown,mx (192.0.2.9),,smtp,,v,\n",
	"b|,,5.0.0 (x),smtp;550 mailbox unavailable,mx (192.0.2.9),,smtp,,v,\n",
	"b|,,5.2.2 (x),smtp;552 5.2.2 Mailbox full,mx (192.0.2.9),,smtp,,v,\n",
	"t|,,4.2.2 (x),smtp;452 4.2.2 Mailbox full,mx (192.0.2.9),,smtp,,v,\n",
	"b|,,5.2.1 (x),smtp;550 5.2.1 Mailbox is inactive,mx,,smtp,,v,\n",
	"b|,,5.1.2 (no such domain),,,,smtp,,v,\n",
	"rb|,,5.1.1 (x),smtp;550 User unknown,mx (192.0.2.9),,smtp,,v,\n",
	"b|,,5.7.1 (x),smtp;550 5.7.1 blocked by the recipient,mx,,smtp,,v,\n",
	"f|,,,,,,,,v,abuse\n",
	"f|,,,,,,,,v,opt-out\n",
	"b|,,5.7.1 (x),smtp;550 5.7.1 blocked using Spamhaus,mx,,smtp,,v,\n",
};

struct history {
	struct bench *b;
	uint64_t seed;
	int64_t start;
	struct buf rows;
	int64_t bulks[64];
	size_t n_bulks;
};

static unsigned
chance(struct history *h, unsigned n)
{
	h->seed = h->seed * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(h->seed >> 33) % n;
}

static unsigned
person(struct history *h, char *out, size_t cap)
{
	unsigned who = chance(h, PEOPLE);

	snprintf(out, cap, "p%u@d%u.example", who, who % 7);
	return who;
}

static void
add_row(struct history *h, int64_t time)
{
	char whom[64];
	unsigned who = person(h, whom, sizeof whom);
	struct str rest, type;

	/* Most have one fault, and some accept again and again. */
	rest = str_from(ROWS[chance(h, 9) > 0 ? who % COUNT(ROWS)
	    : chance(h, COUNT(ROWS))]);
	if (chance(h, 10) < who % 4)
		rest = STR("d|,,2.0.0 (x),smtp;250 ok,mx,,smtp,,v,\n");
	str_cut(&rest, '|', &type);
	buf_addf(&h->rows, "%.*s,%lld,%lld,n@s%u.example,%s%.*s",
	    STR_ARG(type), (long long)time, (long long)(time - time % 7200),
	    chance(h, 2), whom, STR_ARG(rest));
}

/* What a person may do between: lift, hold, list, undo. */
static void
do_by_hand(struct history *h, int64_t now)
{
	static const enum class CLASSES[] = { CLASS_GONE_MAILBOX,
		CLASS_FULL_MAILBOX, CLASS_GONE_INACTIVE, CLASS_FBL_ABUSE,
		CLASS_GONE_DOMAIN };
	struct store *s = h->b->store;
	enum class c = CLASSES[chance(h, COUNT(CLASSES))];
	struct entry en = { .scope = STR("global"), .class = CLASS_MANUAL,
		.since = now, .rule = STR("-"), .source = STR("manual"),
		.reason = STR("r") };
	struct undo_sums undone;
	struct entry_lift lift;
	struct err e = { 0 };
	char whom[64];
	int64_t id;
	bool did;

	person(h, whom, sizeof whom);
	en.address = str_from(whom);
	OK(store_begin(s, &e));
	OK(store_new_bulk(s, STR("x"), STR("user:x"), now, &id, &e));
	en.bulk = id;
	switch (chance(h, 4)) {
	case 0:
		OK(entry_put(s, &en, STR("user:x"), now, &e));
		break;
	case 1:
		if (h->n_bulks > 0)
			OK(store_undo(s, h->bulks[chance(h,
			    (unsigned)h->n_bulks)], id, STR("user:x"), now,
			    &undone, &e));
		break;
	default:
		lift = (struct entry_lift){ en.address, en.scope, c, now,
			STR("r"), id };
		OK(entry_lift(s, &lift, STR("user:x"), now, &did, &e));
		if (did)
			OK(evidence_void(s, &lift, &e));
	}
	OK(store_commit(s, &e));
	if (h->n_bulks < COUNT(h->bulks))
		h->bulks[h->n_bulks++] = id;
}

static void
live_through(struct history *h)
{
	int64_t ended;
	struct err e = { 0 };
	char name[32];

	h->start = clock_now() - DAYS * CLOCK_DAY;
	h->start -= h->start % CLOCK_DAY;
	for (int day = 0; day < DAYS - 1; day++) {
		int64_t time = h->start + day * CLOCK_DAY;
		unsigned rows = chance(h, 25);

		buf_clear(&h->rows);
		buf_adds(&h->rows, HEAD);
		for (unsigned i = 0; i < rows; i++)
			add_row(h, time + (i + 1) * 3000);
		snprintf(name, sizeof name, "s%d", day);
		work_text(h->b, name, buf_cstr(&h->rows));
		for (unsigned i = chance(h, 4); i > 0; i--)
			do_by_hand(h, time + 86000);
		if (chance(h, 10) == 0) {
			OK(store_begin(h->b->store, &e));
			OK(entry_expire(h->b->store, time + 86000, &ended,
			    &e));
			OK(store_commit(h->b->store, &e));
		}
	}
	buf_release(&h->rows);
}

struct told {
	const struct policy_settings *policy;
	int64_t n[REHEARSE_BY_HAND + 1], judged;
	struct buf text;
};

static bool
tell(void *ctx, const struct rehearsed *r, struct err *e)
{
	struct told *t = ctx;
	struct policy_answer a;
	enum rehearse_what what = rehearse_judge(t->policy, r, clock_now(),
	    &a);

	(void)e;
	t->judged++;
	t->n[what]++;
	if (what == REHEARSE_ADDS || what == REHEARSE_REMOVES ||
	    what == REHEARSE_CHANGES)
		buf_addf(&t->text, "%d %.*s %.*s %s %s: %lld, %lld\n", what,
		    STR_ARG(r->address), STR_ARG(r->scope),
		    policy_ladder_info(r->ladder)->name, a.arithmetic,
		    (long long)r->was.until, (long long)a.until);
	return true;
}

static void
ask(struct bench *b, const struct policy_settings *p, struct told *t)
{
	struct rehearse_sums sums;
	struct err e = { 0 };

	buf_release(&t->text);
	*t = (struct told){ .policy = p };
	OK(rehearse(b->store, STR(""), tell, t, &sums, &e));
	want_number("left out", sums.left_out, 0);
}

/* Whatever was received, lifted, undone, listed by hand or ran out: the same
 * settings make the same list of it. */
static void
the_settings_of_now_change_nothing(void **state)
{
	struct told t = { 0 };
	int64_t judged = 0, entries = 0;

	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct history h = { .seed = seed };
		struct store_counts c;
		struct err e = { 0 };

		bench_teardown(state);
		assert_int_equal(bench_setup(state), 0);
		h.b = *state;
		live_through(&h);
		ask(h.b, &h.b->config.policy, &t);
		if (t.text.n > 0)
			fail_msg("seed %d: %.*s", (int)seed, STR_ARG(buf_str(
			    &t.text)));
		OK(store_count(h.b->store, clock_now(), &c, &e));
		judged += t.judged;
		entries += c.entries_active;
	}
	buf_release(&t.text);
	/* The histories must be worth something. */
	assert_true(judged > 1000);
	assert_true(entries > 200);
}

static void
other_settings_add_remove_and_change(void **state)
{
	struct history h = { .b = *state, .seed = 7 };
	struct policy_settings p;
	struct told t = { 0 };

	live_through(&h);
	p = h.b->config.policy;
	p.gone_weak_days = 30;
	ask(h.b, &p, &t);
	assert_true(t.n[REHEARSE_REMOVES] > 0);
	want_number("adds none", t.n[REHEARSE_ADDS], 0);
	p = h.b->config.policy;
	p.gone_weak_days = 1;
	ask(h.b, &p, &t);
	assert_true(t.n[REHEARSE_ADDS] > 0);
	want_number("removes none", t.n[REHEARSE_REMOVES], 0);
	p = h.b->config.policy;
	p.provisional = 3650 * CLOCK_DAY;
	ask(h.b, &p, &t);
	assert_true(t.n[REHEARSE_CHANGES] > 0);
	want_number("adds none", t.n[REHEARSE_ADDS], 0);
	want_number("removes none", t.n[REHEARSE_REMOVES], 0);
	buf_release(&t.text);
}

int
main(void)
{
#define CASE(name) \
	cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)
	static const struct CMUnitTest TESTS[] = {
		CASE(the_settings_of_now_change_nothing),
		CASE(other_settings_add_remove_and_change),
	};

	return cmocka_run_group_tests(TESTS, unit_enter_folder,
	    unit_leave_folder);
}
