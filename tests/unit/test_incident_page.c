/* test_incident_page.c - what is told of an incident, and what a person's word
 * on it does. */
#include "unit.h"

#include "policy/storm.h"
#include "store/incident_page.h"
#include "store/share.h"
#include "work/settle.h"

#define NOW INT64_C(1790000400) /* ten minutes begin here */
#define HOUR INT64_C(3600)

#define OK(call) do { \
	if (!(call)) \
		fail_msg("%s: %s", #call, e.text); \
} while (0)

/* A database with one storm and what its keys need. */
struct bench {
	struct config config;
	struct store *store;
	struct rules *rules;
	struct work *work;
	struct incident in;
	int64_t reply;
};

static int
bench_setup(void **state)
{
	struct bench *b = calloc(1, sizeof *b);
	struct err e = { 0 };
	struct incident_key k;

	*state = b;
	unlink("suppress.db");
	unlink("suppress.db-wal");
	unlink("suppress.db-shm");
	config_default(&b->config);
	snprintf(b->config.state, sizeof b->config.state, ".");
	b->store = store_open("suppress.db", STORE_WRITE, &b->config.store, 0,
	    &e);
	b->rules = rules_open(NULL, NULL, &e);
	b->work = work_open(&b->config, b->store, b->rules, NULL, &e);
	OK(b->work != NULL);
	OK(store_begin(b->store, &e));
	b->in = (struct incident){ .kind = INCIDENT_STORM,
		.class = CLASS_GONE_MAILBOX, .covers = NOW - 24 * HOUR,
		.opened = NOW, .last = NOW, .peak = NOW, .peak_n = 5,
		.text = STR("5 of 6") };
	OK(store_word(b->store, STR("google"), &b->in.provider, &e));
	OK(store_reply(b->store, STR("550 no <rcpt>"), STR("550 no a@b.test"),
	    false, &b->reply, &e));
	b->in.reply = b->reply;
	k = (struct incident_key){ b->in.provider, CLASS_GONE_MAILBOX,
		b->reply };
	OK(incident_open(b->store, &b->in, &k, &e));
	return 0;
}

static int
bench_teardown(void **state)
{
	struct bench *b = *state;

	work_close(b->work);
	store_close(b->store);
	rules_close(b->rules);
	free(b);
	return 0;
}

static void
put(struct bench *b, const char *address, int64_t time,
    enum evidence_state state)
{
	struct evidence ev = { .address = str_from(address),
		.fact = { .time = time, .kind = KIND_B,
		    .class = CLASS_GONE_MAILBOX, .strength = STRENGTH_STRONG,
		    .state = state },
		.provider = b->in.provider, .reply = b->reply, .code = 550,
		.incident = state == EVIDENCE_HELD ? b->in.id : 0 };
	struct err e = { 0 };
	bool added;

	OK(evidence_add(b->store, &ev, &added, &e));
	assert_true(added);
}

static void
hold(struct bench *b, const char *address, int64_t time)
{
	put(b, address, time, EVIDENCE_HELD);
}

static void
figures_of_broad_and_narrow_keys_are_not_added(void **state)
{
	struct bench *b = *state;
	struct incident_key gone = { b->in.provider, STORM_GONE, 0 };
	struct share_key broad = { b->in.provider, STORM_GONE, 0 };
	struct share_key narrow = { b->in.provider, CLASS_GONE_MAILBOX,
		b->reply };
	struct share_key other = { b->in.provider, CLASS_GONE_MAILBOX, 99 };
	struct incident_figures f;
	struct err e = { 0 };

	OK(incident_add_key(b->store, b->in.id, &gone, &e));
	OK(share_add(b->store, &narrow, NOW - HOUR, 3, 2, &e));
	OK(share_add(b->store, &broad, NOW, 7, 6, &e));
	OK(share_add(b->store, &other, NOW, 50, 50, &e));
	OK(share_add(b->store, &broad, NOW - 25 * HOUR, 100, 100, &e));
	OK(share_attempt(b->store, b->in.provider, STORM_FAILED, NOW, &e));
	OK(share_attempt(b->store, b->in.provider, STORM_DELIVERED, NOW, &e));
	OK(share_attempt(b->store, b->in.provider, STORM_DELIVERED + 1, NOW,
	    &e));
	OK(store_commit(b->store, &e));
	OK(incident_figures(b->store, &b->in, &f, &e));
	want_number("recipients", f.recipients, 7);
	want_number("accepted", f.accepted, 6);
	want_number("first", f.first, NOW - HOUR);
	want_number("attempts", f.attempts, 2);
	want_number("from", f.from, NOW - 24 * HOUR);
	want_number("to", f.to, NOW + 600);
	want_number("bulk", f.bulk, 0);
}

static void
figures_of_a_long_incident_are_of_its_last_days(void **state)
{
	struct bench *b = *state;
	struct incident_figures f;
	struct err e = { 0 };

	b->in.last = NOW + 60 * 24 * HOUR;
	OK(incident_figures(b->store, &b->in, &f, &e));
	want_number("span", f.to - f.from, INCIDENT_SPAN_MAX);
	want_number("to", f.to, b->in.last + 600);
}

struct replies {
	size_t n;
	int64_t count, code;
	char folded[64];
};

static bool
take_reply(void *ctx, const struct incident_reply *r, struct err *e)
{
	struct replies *out = ctx;

	(void)e;
	out->n++;
	out->count = r->n;
	out->code = r->code;
	return str_copy(r->folded, out->folded, sizeof out->folded);
}

static void
replies_are_of_what_is_held_or_else_counted(void **state)
{
	struct bench *b = *state;
	struct replies got = { 0 };
	struct incident_figures f;
	struct err e = { 0 };

	for (int64_t i = 0; i < 9; i++)
		put(b, "c@b.test", NOW + i, EVIDENCE_COUNTS);
	put(b, "c@b.test", NOW + 48 * HOUR, EVIDENCE_COUNTS);
	OK(store_commit(b->store, &e));
	OK(incident_figures(b->store, &b->in, &f, &e));
	OK(incident_replies(b->store, &b->in, &f, 3, take_reply, &got, &e));
	want_number("replies", (int64_t)got.n, 1);
	want_number("counted", got.count, 9);

	OK(store_begin(b->store, &e));
	hold(b, "a@b.test", NOW);
	hold(b, "a@b.test", NOW + 1);
	OK(store_commit(b->store, &e));
	OK(incident_figures(b->store, &b->in, &f, &e));
	want_number("held", f.held, 1);
	got = (struct replies){ 0 };
	OK(incident_replies(b->store, &b->in, &f, 3, take_reply, &got, &e));
	want_number("held rows", got.count, 2);
	want_number("code", got.code, 550);
	want_text("folded", got.folded, "550 no <rcpt>");
}

static bool
settle(struct bench *b, bool drop, int64_t bulk, struct settled *done,
    struct err *e)
{
	return incident_settle(b->work, &(struct ruling){ b->in.id, drop,
	    bulk, STR("me") }, done, e);
}

/* More than is read at once, of one address and of many. */
static void
settling_takes_all_of_an_address_and_all_addresses(void **state)
{
	struct bench *b = *state;
	struct settled done;
	struct err e = { 0 };
	int64_t held, all, bulk, of;
	char address[32];

	for (int i = 0; i < 200; i++)
		hold(b, "many@b.test", NOW + i);
	for (int i = 0; i < 200; i++) {
		snprintf(address, sizeof address, "u%d@b.test", i);
		hold(b, address, NOW);
	}
	OK(incident_of(b->store, STR("many@b.test"), &of, &e));
	want_number("held by", of, b->in.id);
	OK(store_new_bulk(b->store, STR("x"), STR("me"), NOW, &bulk, &e));
	OK(settle(b, true, bulk, &done, &e));
	want_number("addresses", done.addresses, 201);
	OK(incident_sums(b->store, b->in.id, &held, &all, &e));
	want_number("held", held, 0);
	want_number("in all", all, 201);
	OK(incident_of(b->store, STR("many@b.test"), &of, &e));
	want_number("held by", of, 0);
}

static void
want_state(struct bench *b, const char *when, enum incident_state want)
{
	struct incident in;
	struct err e = { 0 };
	bool found;

	OK(incident_get(b->store, b->in.id, &in, &found, &e));
	want_number(when, (int64_t)in.state, (int64_t)want);
}

static int64_t
undo(struct bench *b, int64_t bulk)
{
	struct undo_sums sums;
	struct err e = { 0 };
	int64_t as;

	OK(store_new_bulk(b->store, STR("undo"), STR("me"), NOW, &as, &e));
	OK(store_undo(b->store, bulk, as, STR("me"), NOW, &sums, &e));
	return as;
}

static void
an_undo_of_an_undo_settles_again(void **state)
{
	struct bench *b = *state;
	struct settled done;
	struct err e = { 0 };
	int64_t release, discard, back;

	hold(b, "a@b.test", NOW);
	OK(store_new_bulk(b->store, STR("x"), STR("me"), NOW, &release, &e));
	OK(settle(b, false, release, &done, &e));
	want_number("listed", done.listed, 1);
	want_state(b, "released", INCIDENT_RELEASED);
	back = undo(b, release);
	want_state(b, "undone", INCIDENT_OPEN);
	back = undo(b, back);
	want_state(b, "undo undone", INCIDENT_RELEASED);

	/* A word on nobody is none. */
	OK(store_new_bulk(b->store, STR("x"), STR("me"), NOW, &discard, &e));
	OK(settle(b, true, discard, &done, &e));
	want_number("addresses", done.addresses, 0);
	want_state(b, "not discarded", INCIDENT_RELEASED);

	/* Another word since stands. */
	hold(b, "b@b.test", NOW);
	OK(store_new_bulk(b->store, STR("x"), STR("me"), NOW, &discard, &e));
	OK(settle(b, true, discard, &done, &e));
	want_state(b, "discarded", INCIDENT_DISCARDED);
	(void)undo(b, back);
	want_state(b, "an older undo", INCIDENT_DISCARDED);
	(void)undo(b, discard);
	want_state(b, "back to what it was", INCIDENT_RELEASED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    figures_of_broad_and_narrow_keys_are_not_added,
		    bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(
		    figures_of_a_long_incident_are_of_its_last_days,
		    bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(
		    replies_are_of_what_is_held_or_else_counted,
		    bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(
		    settling_takes_all_of_an_address_and_all_addresses,
		    bench_setup, bench_teardown),
		cmocka_unit_test_setup_teardown(
		    an_undo_of_an_undo_settles_again, bench_setup,
		    bench_teardown),
	};

	return cmocka_run_group_tests(tests, unit_enter_folder,
	    unit_leave_folder);
}
