/* test_order.c - who is listed is told by what came, not by its order. */
#include "work_kit.h"

#define DAY 86400
#define START INT64_C(1785542400) /* 2026-08-01 00:00 */
#define FACTS 5
#define HEAD "type,timeLogged,timeQueued,orig,rcpt,dsnStatus,dsnDiag,dsnMta," \
	"envId\n"

/* Of which type a letter's row is; a capital's reply is strong. */
static const struct letter {
	char letter;
	const char *type, *reply;
} LETTERS[] = {
	{ 'B', "b", "550 5.1.1 no such user" },
	{ 'b', "b", "550 5.1.1 rejected" },
	{ 'R', "rb", "550 5.1.1 no such user" },
	{ 'r', "rb", "550 5.1.1 rejected" },
	{ 'f', "b", "552 5.2.2 Mailbox full" },
	{ 'F', "rb", "552 5.2.2 Mailbox full" },
	{ 'n', "b", "550 5.1.2 no such domain" },
	{ 'd', "d", "250 2.0.0 ok" },
};

/* A row: what, on which day, of which message (0: unknown). */
struct fact {
	char what;
	int day, message;
};

static const struct letter *
letter_of(char what)
{
	for (size_t i = 0; i < COUNT(LETTERS); i++)
		if (LETTERS[i].letter == what)
			return &LETTERS[i];
	fail_msg("no letter %c", what);
	return NULL;
}

static void
add_row(struct buf *out, const struct fact *f, const char *address)
{
	const struct letter *l = letter_of(f->what);
	int64_t time = START + f->day * DAY + 36000;

	buf_addf(out, "%s,%lld,", l->type, (long long)time);
	if (l->type[0] != 'r')
		buf_addf(out, "%lld", (long long)time);
	buf_addf(out, ",n@s.example,%s,%.5s (x),smtp;%s,mx.b.example "
	    "(192.0.2.9),", address, l->reply + 4, l->reply);
	if (f->message != 0)
		buf_addf(out, "e%d", f->message);
	buf_adds(out, "\n");
}

/* "b14 R17#2": a weak b row of the 14th, a strong rb row of the 17th, which
 * tells of message 2. */
static size_t
facts_read(const char *text, struct fact facts[FACTS])
{
	size_t n = 0;
	int used;

	for (; *text != '\0' && n < FACTS; n++) {
		struct fact *f = &facts[n];

		*f = (struct fact){ 0 };
		if (sscanf(text, " %c%d%n", &f->what, &f->day, &used) != 2)
			fail_msg("bad facts: %s", text);
		text += used;
		if (sscanf(text, "#%d%n", &f->message, &used) == 1)
			text += used;
	}
	return n;
}

static bool
add_entry(void *ctx, const struct entry_row *row, struct err *e)
{
	const struct entry *en = &row->entry;

	(void)e;
	if (en->state == ENTRY_ACTIVE)
		buf_addf(ctx, "%s %lld %lld %.*s\n", class_name(en->class),
		    (long long)((en->since - START) / DAY),
		    (long long)en->until, STR_ARG(en->reason));
	return true;
}

/* What is in force after these rows, in this order. No two runs have the same
 * address: the filters of who took mail stay. */
static void
run(const struct fact *facts, const size_t *order, size_t n, struct buf *out)
{
	static int runs;
	char address[40];
	struct entry_filter f = { .all_states = true };
	struct buf text = { 0 };
	struct err e = { 0 };
	void *state;

	assert_int_equal(bench_setup(&state), 0);
	((struct bench *)state)->config.policy.full_messages = 2;
	((struct bench *)state)->config.policy.full_span = DAY;
	snprintf(address, sizeof address, "a%d@b.example", ++runs);
	f.address = str_from(address);
	buf_adds(&text, HEAD);
	for (size_t i = 0; i < n; i++)
		add_row(&text, &facts[order[i]], address);
	work_text(state, "s", buf_cstr(&text));
	buf_clear(out);
	OK(entry_list(((struct bench *)state)->store, &f, add_entry, out, &e));
	buf_release(&text);
	bench_teardown(&state);
}

/* The k-th of all orders; 0: as they are. */
static void
order_take(size_t k, size_t *order, size_t n)
{
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = 0; i < n; i++) {
		size_t j = i + k % (n - i), was = order[i];

		k /= n - i;
		order[i] = order[j];
		order[j] = was;
	}
}

static size_t
orders_of(size_t n)
{
	return n < 2 ? 1 : n * orders_of(n - 1);
}

/* The facts stand in order of time. want NULL: whatever that order says. */
static void
want_any_order(const char *row, const struct fact *facts, size_t n,
    const char *want)
{
	struct buf first = { 0 }, got = { 0 };
	size_t order[FACTS];
	char name[160];

	for (size_t k = 0; k < orders_of(n); k++) {
		size_t at = 0;

		order_take(k, order, n);
		run(facts, order, n, k == 0 ? &first : &got);
		at += (size_t)snprintf(name, sizeof name, "%s, as", row);
		for (size_t i = 0; i < n && at < sizeof name; i++)
			at += (size_t)snprintf(name + at, sizeof name - at,
			    " %c%d#%d", facts[order[i]].what,
			    facts[order[i]].day, facts[order[i]].message);
		if (k == 0 && want != NULL)
			want_text(name, buf_cstr(&first), want);
		if (k > 0)
			want_text(name, buf_cstr(&got), buf_cstr(&first));
	}
	buf_release(&first);
	buf_release(&got);
}

struct scene {
	const char *name, *facts, *want;
};

static void
want_scenes(const struct scene *rows, size_t count)
{
	struct fact facts[FACTS];

	for (size_t i = 0; i < count; i++) {
		size_t n = facts_read(rows[i].facts, facts);

		want_any_order(rows[i].name, facts, n, rows[i].want);
	}
}

#define SINCE(day, why) "gone.mailbox " #day " 0 " why "\n"
#define STRONG "first hit, strong"
#define TWO_DAYS "2 of 2 distinct days"

static void
a_late_bounce_takes_back_what_a_report_of_it_listed(void **state)
{
	static const struct scene ROWS[] = {
		{ "a report of a failure known", "b14 R17", "" },
		{ "of the same second", "b14 R14", "" },
		{ "of one that is not", "b10 R17", SINCE(17, STRONG) },
		{ "of another message", "r14#1 R17#2", SINCE(17, STRONG) },
		{ "and failures of its own later", "b14 R17 b19",
		    SINCE(19, TWO_DAYS) },
		{ "a report that is no news makes none of the next",
		    "b10 r14 R18", SINCE(18, STRONG) },
		{ "two late ones", "b12 r15#1 R18#1", "" },
		{ "what our own row listed stays", "b14 B17",
		    SINCE(17, STRONG) },
	};

	(void)state;
	want_scenes(ROWS, COUNT(ROWS));
}

/* What other settings have listed is not lifted by what changes nothing. */
static void
a_late_bounce_lifts_only_what_it_takes_away(void **state)
{
	static const struct fact FIRST[] = { { 'f', 6, 0 }, { 'f', 8, 0 } };
	static const struct fact LATE = { 'f', 4, 0 };
	struct buf text = { 0 };
	struct err e = { 0 };
	struct entry en;
	struct bench *b;
	bool found;

	assert_int_equal(bench_setup(state), 0);
	b = *state;
	b->config.policy.full_messages = 2;
	b->config.policy.full_span = DAY;
	buf_adds(&text, HEAD);
	for (size_t i = 0; i < COUNT(FIRST); i++)
		add_row(&text, &FIRST[i], "other@b.example");
	work_text(b, "s", buf_cstr(&text));
	b->config.policy.full_messages = 5;
	buf_clear(&text);
	buf_adds(&text, HEAD);
	add_row(&text, &LATE, "other@b.example");
	work_text(b, "t", buf_cstr(&text));
	OK(entry_get(b->store, STR("other@b.example"), STR("global"),
	    CLASS_FULL_MAILBOX, &en, &found, &e));
	assert_true(found);
	want_number("state", en.state, ENTRY_ACTIVE);
	want_number("since", en.since, START + 8 * DAY + 36000);
	buf_release(&text);
	bench_teardown(state);
}

static void
deliveries_tell_the_same_of_reports_before_and_after(void **state)
{
	static const struct scene ROWS[] = {
		{ "what is doubted later is listed in other words",
		    "r3#1 d9 R15#2", SINCE(15, "2 of 2 distinct messages") },
		{ "quiet days after a delivery of a later week",
		    "r3#1 d9 r18#2", "" },
		{ "a report soon after it", "r3#1 d9 r15#2",
		    SINCE(15, "2 of 2 distinct messages") },
	};

	(void)state;
	want_scenes(ROWS, COUNT(ROWS));
}

/* Who took mail in a week has late bounces of that week cleared: the latest row
 * of ours tells what is late. */
static void
a_report_makes_no_row_of_ours_late(void **state)
{
	struct buf with = { 0 }, without = { 0 };
	struct fact facts[FACTS];
	size_t order[FACTS], n = facts_read("r20 d3 f4 f6", facts);

	(void)state;
	order_take(0, order, n);
	run(facts + 1, order, n - 1, &without);
	run(facts, order, n, &with);
	assert_true(str_starts(buf_str(&without), STR("full.mailbox 6 ")));
	want_text("a report before", buf_cstr(&with), buf_cstr(&without));
	buf_release(&with);
	buf_release(&without);
}

/* Whether a domain is listed by its failures, with a delivery to another of its
 * addresses in a file of its own, read before them or behind. */
static bool
domain_is_listed(const char *name, int day, bool before)
{
	static const struct fact FAILED[] = { { 'n', 1, 0 }, { 'n', 4, 0 },
		{ 'n', 9, 0 } };
	struct fact took = { 'd', day, 0 };
	char gone[40], alive[40];
	struct buf d = { 0 }, n = { 0 };
	struct err e = { 0 };
	struct entry en;
	struct bench *b;
	void *state;
	bool found;

	snprintf(gone, sizeof gone, "a@%s.example", name);
	snprintf(alive, sizeof alive, "z@%s.example", name);
	buf_adds(&d, HEAD);
	add_row(&d, &took, alive);
	buf_adds(&n, HEAD);
	for (size_t i = 0; i < COUNT(FAILED); i++)
		add_row(&n, &FAILED[i], gone);
	assert_int_equal(bench_setup(&state), 0);
	b = state;
	work_text(b, "s", buf_cstr(before ? &d : &n));
	work_text(b, "t", buf_cstr(before ? &n : &d));
	OK(entry_get(b->store, str_from(strchr(gone, '@')), STR("global"),
	    CLASS_GONE_DOMAIN, &en, &found, &e));
	found = found && en.state == ENTRY_ACTIVE;
	buf_release(&d);
	buf_release(&n);
	bench_teardown(&state);
	return found;
}

static void
a_domain_that_took_mail_since_is_not_gone(void **state)
{
	(void)state;
	want_bool("alive since", domain_is_listed("o1", 12, false), false);
	want_bool("read before", domain_is_listed("o2", 12, true), false);
	want_bool("weeks ago", domain_is_listed("o3", -21, false), true);
	want_bool("read before", domain_is_listed("o4", -21, true), true);
}

/* Always the same numbers. */
static unsigned
any_of(unsigned *seed, size_t n)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16) % (unsigned)n;
}

static int
by_day(const void *a, const void *b)
{
	return ((const struct fact *)a)->day - ((const struct fact *)b)->day;
}

static void
rows_in_any_order_list_the_same(void **state)
{
	static const char *const KINDS[] = { "bRr", "BbRr", "fF" };
	struct fact facts[3];
	unsigned seed = 1;
	char name[20];

	(void)state;
	for (unsigned i = 0; i < 24; i++) {
		const char *kinds = KINDS[i % COUNT(KINDS)];

		for (size_t j = 0; j < COUNT(facts); j++)
			facts[j] = (struct fact){
				kinds[any_of(&seed, strlen(kinds))],
				(int)(any_of(&seed, 7) * 3 + j),
				(int)any_of(&seed, 3) };
		qsort(facts, COUNT(facts), sizeof *facts, by_day);
		snprintf(name, sizeof name, "set %u", i);
		want_any_order(name, facts, COUNT(facts), NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_late_bounce_takes_back_what_a_report_of_it_listed),
		cmocka_unit_test(a_late_bounce_lifts_only_what_it_takes_away),
		cmocka_unit_test(
		    deliveries_tell_the_same_of_reports_before_and_after),
		cmocka_unit_test(a_report_makes_no_row_of_ours_late),
		cmocka_unit_test(a_domain_that_took_mail_since_is_not_gone),
		cmocka_unit_test(rows_in_any_order_list_the_same),
	};

	return cmocka_run_group_tests(tests, unit_enter_folder,
	    unit_leave_folder);
}
