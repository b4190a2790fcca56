/* cmd_policy.c - who would be listed if the settings were others. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/quote.h"
#include "out.h"
#include "policy_apply.h"
#include "policy_held.h"
#include "work/rehearse.h"

#define SAMPLES 3
#define SAMPLES_MAX 1000
#define SAMPLES_MEND "write a number from 0 to 1000"
#define RULE_MAX 128

/* What would become of an address; the first ones are told by rule. */
enum would { ADDED, REMOVED, CHANGED, HELD, LET_GO, TOLD, HELD_NOW = TOLD,
	BY_HAND, SAME, WOULD_COUNT };

static const char *const NAMES[] = { "added", "removed", "changed", "held",
	"let_go", "held_now", "by_hand" };

static const enum would WOULD[] = { [REHEARSE_SAME] = SAME,
	[REHEARSE_ADDS] = ADDED, [REHEARSE_REMOVES] = REMOVED,
	[REHEARSE_CHANGES] = CHANGED, [REHEARSE_HELD] = HELD_NOW,
	[REHEARSE_BY_HAND] = BY_HAND };

/* What is told together; rule "" counts a class whatever the rule. */
struct outcome {
	enum would what;
	enum class class;
	char rule[RULE_MAX];
	int64_t n;
	char **sample; /* the first by the alphabet */
	int64_t n_samples;
};

struct policy_run {
	struct app *app;
	struct config new; /* the settings that are tried */
	const char *file;
	int64_t since, samples;
	bool json;
	struct rehearse_sums sums;
	struct policy_held held;
	int64_t judged, count[WOULD_COUNT];
	int64_t waiting, never, held_now;
	struct outcome *outcomes;
	size_t n, cap;
	struct buf rule;
};

/* ---- counting ---- */

static struct outcome *
outcome_at(struct policy_run *p, enum would what, enum class c,
    struct str rule, struct err *e)
{
	struct outcome *o;

	for (size_t i = 0; i < p->n; i++) {
		o = &p->outcomes[i];
		if (o->what == what && o->class == c &&
		    str_eq(str_from(o->rule), rule))
			return o;
	}
	o = array_room(p->outcomes, p->n, &p->cap, sizeof *o, e);
	if (o == NULL)
		return NULL;
	p->outcomes = o;
	o = &p->outcomes[p->n++];
	*o = (struct outcome){ .what = what, .class = c };
	str_copy(rule, o->rule, sizeof o->rule);
	return o;
}

/* Addresses come in no order; the first of all of them are kept in theirs. */
static bool
sample_keep(const struct policy_run *p, struct outcome *o, struct str address,
    struct err *e)
{
	int64_t at = o->n_samples;
	char *copy;

	while (at > 0 && str_cmp(address, str_from(o->sample[at - 1])) < 0)
		at--;
	if (at == p->samples)
		return true;
	if (o->sample == NULL)
		o->sample = calloc((size_t)p->samples, sizeof *o->sample);
	copy = strndup(address.p, address.n);
	if (o->sample == NULL || copy == NULL) {
		free(copy);
		return err_memory(e);
	}
	if (o->n_samples == p->samples)
		free(o->sample[--o->n_samples]);
	memmove(o->sample + at + 1, o->sample + at,
	    (size_t)(o->n_samples++ - at) * sizeof *o->sample);
	o->sample[at] = copy;
	return true;
}

static bool
outcome_add(const struct policy_run *p, struct outcome *o, struct str address,
    struct err *e)
{
	if (o == NULL)
		return false;
	o->n++;
	return sample_keep(p, o, address, e);
}

/* The rule that carries it, or carried the entry that would go. */
static bool
rule_of(struct policy_run *p, const struct rehearsed *r,
    enum rehearse_what what, const struct policy_answer *a, struct err *e)
{
	struct entry en;
	bool found = false;

	buf_clear(&p->rule);
	if (what != REHEARSE_REMOVES)
		return store_word_text(p->app->store, r->facts[a->at].rule,
		    &p->rule, e);
	if (!entry_get(p->app->store, r->address, r->scope, r->was.class, &en,
	    &found, e))
		return false;
	buf_add(&p->rule, found ? en.rule : STR("-"));
	return buf_ok(&p->rule, e);
}

/* By these settings, which replayed so. Stored evidence still says what a
 * delivery has dropped there. */
static enum rehearse_what
judge(const struct policy_run *p, const struct config *c,
    const struct held_run *run, const struct rehearsed *r,
    struct policy_answer *a)
{
	struct rehearsed left = *r;

	if (policy_held_dropped(run, r->address, r->ladder))
		left.n = 0;
	return rehearse_judge(&c->policy, &left, p->app->now, a);
}

/* The list may differ from what the policy of now would make of its evidence:
 * that is no doing of the new settings. While it only observes, all is. */
static bool
is_waiting(const struct policy_run *p, const struct rehearsed *r,
    enum rehearse_what what, const struct policy_answer *a)
{
	struct policy_answer old;

	return !p->app->config.observe && judge(p, &p->app->config,
	    &p->held.now, r, &old) == what &&
	    (what == REHEARSE_REMOVES || old.until == a->until);
}

/* Told by class, and by rule. */
static bool
count_outcome(struct policy_run *p, enum would what, enum class c,
    struct str address, struct str rule, struct err *e)
{
	p->count[what]++;
	return outcome_add(p, outcome_at(p, what, c, STR(""), e), address,
	    e) && outcome_add(p, outcome_at(p, what, c, str_sub(rule, 0,
	    RULE_MAX - 1), e), address, e);
}

static bool
on_rehearsed(void *ctx, const struct rehearsed *r, struct err *e)
{
	struct policy_run *p = ctx;
	struct policy_answer a;
	struct never_hit hit;
	enum rehearse_what what;

	if (r->newest < p->since)
		return true;
	p->judged++;
	what = judge(p, &p->new, &p->held.then, r, &a);
	if (WOULD[what] >= TOLD) {
		p->count[WOULD[what]]++;
		return true;
	}
	/* Told by its incident. */
	if (policy_held_more(&p->held, r->address, r->ladder))
		return true;
	if (is_waiting(p, r, what, &a)) {
		p->waiting++;
		return true;
	}
	if (what != REHEARSE_REMOVES &&
	    never_find(&p->new.never, r->address, &hit)) {
		p->never++;
		return true;
	}
	return rule_of(p, r, what, &a, e) && count_outcome(p, WOULD[what],
	    what == REHEARSE_REMOVES ? r->was.class : a.class, r->address,
	    buf_str(&p->rule), e);
}

static bool
on_held(void *ctx, bool more, struct str address, enum class c,
    struct str rule, struct err *e)
{
	return count_outcome(ctx, more ? HELD : LET_GO, c, address, rule, e);
}

/* ---- telling ---- */

static int
by_what(const void *x, const void *y)
{
	const struct outcome *a = x, *b = y;

	if (a->what != b->what)
		return a->what < b->what ? -1 : 1;
	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	return strcmp(a->rule, b->rule);
}

static void
add_samples(struct buf *b, const struct outcome *o)
{
	for (int64_t i = 0; i < o->n_samples; i++) {
		buf_adds(b, i > 0 ? ", " : "");
		buf_adds(b, o->sample[i]);
	}
}

static bool
print_sheet(const struct policy_run *p, bool rules, struct err *e)
{
	static const char *const HEADS[] = { "WOULD BE", "COUNT", "CLASS",
		"RULE", "SAMPLES" };
	struct buf samples = { 0 };
	struct sheet t;
	char n[24];
	bool ok;

	sheet_init(&t, stdout, HEADS, COUNT(HEADS));
	for (size_t i = 0; i < p->n; i++) {
		const struct outcome *o = &p->outcomes[i];

		if ((o->rule[0] != '\0') != rules)
			continue;
		buf_clear(&samples);
		add_samples(&samples, o);
		snprintf(n, sizeof n, "%" PRId64, o->n);
		sheet_cell(&t, str_from(NAMES[o->what]));
		sheet_cell(&t, str_from(n));
		sheet_cell(&t, str_from(class_name(o->class)));
		sheet_cell(&t, rules ? str_from(o->rule) : STR("(any)"));
		sheet_buf(&t, &samples);
	}
	ok = sheet_done(&t, e);
	buf_release(&samples);
	sheet_release(&t);
	return ok;
}

static void
add_opened(struct buf *b, const struct replay_sums *s)
{
	const char *before = " ";

	for (unsigned k = 1; k < REPLAY_KINDS; k++) {
		if (s->opened[k] == 0)
			continue;
		buf_addf(b, "%s%s %" PRId64, before,
		    incident_kind_name((enum incident_kind)k), s->opened[k]);
		before = ", ";
	}
	buf_adds(b, before[0] == ' ' ? " none" : "");
}

/* How far the replay is to be trusted: by the settings in force it should
 * hold what is held. */
static void
add_replay(struct buf *b, const struct policy_run *p)
{
	const struct held_run *now = &p->held.now;
	char time[CLOCK_TEXT];

	buf_addf(b, "replayed %" PRId64 " rows from %.10s on: incidents",
	    now->sums.rows, p->held.base.from == 0 ? "the first"
	        : clock_text(p->held.base.from, time));
	add_opened(b, &p->held.then.sums);
	buf_adds(b, "; by the settings in force");
	add_opened(b, &now->sums);
	buf_addf(b, ", which hold %" PRId64 " where %" PRId64 " are held\n",
	    now->n, p->held_now);
}

/* Since when deliveries are known that cleared nothing. */
static void
add_journal(struct buf *b, const struct delivered *j)
{
	char time[CLOCK_TEXT];

	if (j->from != 0)
		buf_addf(b, "journal: rows from %s on, %" PRId64
		    " deliveries used\n", clock_text(j->from, time), j->rows);
	else if (j->lacks.code == 0)
		buf_adds(b, "journal: none kept\n");
	if (j->lacks.code == 0)
		return;
	buf_addf(b, "journal: %s: ", j->from == 0 ? "not read"
	    : "not all could be read");
	quote_add(b, str_from(j->lacks.text));
	buf_addc(b, '\n');
}

static void
print_text(const struct policy_run *p, struct err *e)
{
	struct buf b = { 0 };
	char time[CLOCK_TEXT];
	bool ok;

	quote_add(&b, str_from(p->file));
	buf_addf(&b, ": %" PRId64 " addresses with evidence, %" PRId64
	    " judged (since %s)\nwould be added %" PRId64 ", removed %" PRId64
	    ", changed %" PRId64 ", held %" PRId64 ", let go %" PRId64 "\n",
	    p->sums.addresses, p->judged,
	    p->since == 0 ? "the first" : clock_text(p->since, time),
	    p->count[ADDED], p->count[REMOVED], p->count[CHANGED],
	    p->count[HELD], p->count[LET_GO]);
	buf_addf(&b, "left as they are: by hand %" PRId64 ", held %" PRId64
	    ", never suppressed %" PRId64 ", waiting %" PRId64 "\n",
	    p->count[BY_HAND], p->count[HELD_NOW], p->never, p->waiting);
	add_replay(&b, p);
	add_journal(&b, &p->held.base.journal);
	if (p->sums.left_out > 0)
		buf_addf(&b, "not judged: %" PRId64 " streams of addresses "
		    "with more than %d\n", p->sums.left_out,
		    REHEARSE_GROUPS);
	ok = out_text(&b, e);
	buf_release(&b);
	if (ok && print_sheet(p, false, e))
		print_sheet(p, true, e);
}

static struct json *
outcomes_json(const struct policy_run *p, bool rules)
{
	struct json *list = json_new_list();

	for (size_t i = 0; i < p->n; i++) {
		const struct outcome *o = &p->outcomes[i];
		struct json *row, *samples;

		if ((o->rule[0] != '\0') != rules)
			continue;
		row = json_new_object();
		samples = json_new_list();
		json_text(row, "would_be", str_from(NAMES[o->what]));
		json_number(row, "count", o->n);
		json_text(row, "class", str_from(class_name(o->class)));
		if (rules)
			json_text(row, "rule", str_from(o->rule));
		for (int64_t k = 0; k < o->n_samples; k++)
			json_push_text(samples, str_from(o->sample[k]));
		json_put(row, "samples", samples);
		json_push(list, row);
	}
	return list;
}

/* Incidents that open, by kind. */
static void
put_opened(struct json *o, const char *key, const struct replay_sums *s)
{
	struct json *kinds = json_new_object();

	for (unsigned k = 1; k < REPLAY_KINDS; k++)
		json_number(kinds, incident_kind_name((enum incident_kind)k),
		    s->opened[k]);
	json_put(o, key, kinds);
}

static struct json *
journal_json(const struct delivered *j)
{
	struct json *o = json_new_object();

	json_time(o, "from", j->from);
	json_number(o, "deliveries", j->rows);
	json_text(o, "error",
	    str_from(j->lacks.code != 0 ? j->lacks.text : NULL));
	return o;
}

static struct json *
replay_json(const struct policy_run *p)
{
	struct json *o = json_new_object();

	json_time(o, "from", p->held.base.from);
	json_number(o, "rows", p->held.now.sums.rows);
	put_opened(o, "incidents", &p->held.then.sums);
	put_opened(o, "incidents_in_force", &p->held.now.sums);
	json_number(o, "holds", p->held.then.n);
	json_number(o, "holds_in_force", p->held.now.n);
	json_number(o, "held", p->held_now);
	json_put(o, "journal", journal_json(&p->held.base.journal));
	return o;
}

static void
print_json(const struct policy_run *p, struct err *e)
{
	struct json *o = json_new_object();

	json_text(o, "file", str_from(p->file));
	json_time(o, "since", p->since);
	json_number(o, "addresses", p->sums.addresses);
	json_number(o, "judged", p->judged);
	for (size_t i = 0; i < COUNT(NAMES); i++)
		json_number(o, NAMES[i], p->count[i]);
	json_number(o, "never", p->never);
	json_number(o, "waiting", p->waiting);
	json_number(o, "left_out", p->sums.left_out);
	json_put(o, "replay", replay_json(p));
	json_put(o, "by_class", outcomes_json(p, false));
	json_put(o, "by_rule", outcomes_json(p, true));
	out_json(stdout, o, e);
}

/* ---- the command ---- */

static bool
parse_options(struct policy_run *p, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "since", required_argument, NULL, 's' },
		{ "samples", required_argument, NULL, 'n' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":j", LONGS, e)) != -1) {
		if (o == 'j')
			p->json = true;
		else if (o == 's' && args_time_or("policy", "since", optarg,
		    p->app->now, false, &p->since, e))
			continue;
		else if (o == 'n' && number_i64(str_from(optarg), 0,
		    SAMPLES_MAX, &p->samples))
			continue;
		else
			return args_wrong("policy", "samples", optarg,
			    SAMPLES_MEND, e);
	}
	if (argc - optind != 1)
		return err_set(e, EX_USAGE, "policy: test: %s; name the one "
		    "with the settings to try", optind == argc
		    ? "no file given" : "more than one file given");
	p->file = argv[optind];
	return true;
}

static void
policy_release(struct policy_run *p)
{
	for (size_t i = 0; i < p->n; i++) {
		for (int64_t k = 0; k < p->outcomes[i].n_samples; k++)
			free(p->outcomes[i].sample[k]);
		free(p->outcomes[i].sample);
	}
	free(p->outcomes);
	buf_release(&p->rule);
	policy_held_release(&p->held);
}

static int
policy_test(struct app *a, int argc, char **argv, struct err *e)
{
	struct policy_run p = { .app = a, .samples = SAMPLES };
	struct config_where where = { .file = NULL };

	if (!parse_options(&p, argc, argv, e))
		return e->code;
	where.file = p.file;
	if (!config_load(&p.new, &where, e) ||
	    !app_open_store(a, STORE_READ, APP_WAIT, e))
		return e->code;
	p.new.observe = false;
	if (policy_held_run(&p.held, a, &p.new, p.since, e) &&
	    replay_now_held(a->store, &p.held_now, e) &&
	    rehearse(a->store, STR(""), on_rehearsed, &p, &p.sums, e) &&
	    policy_held_each(&p.held, on_held, &p, e)) {
		if (p.n > 0)
			qsort(p.outcomes, p.n, sizeof *p.outcomes, by_what);
		(p.json ? print_json : print_text)(&p, e);
	}
	policy_release(&p);
	return e->code;
}

int
cmd_policy(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct {
		const char *name;
		int (*run)(struct app *a, int argc, char **argv,
		    struct err *e);
	} VERBS[] = {
		{ "test", policy_test },
		{ "apply", policy_apply },
	};

	for (size_t i = 0; argc > 1 && i < COUNT(VERBS); i++) {
		if (strcmp(argv[1], VERBS[i].name) != 0)
			continue;
		argv[1] = argv[0]; /* its messages speak of "policy" */
		return VERBS[i].run(a, argc - 1, argv + 1, e);
	}
	args_no_verb("policy", argc > 1 ? argv[1] : NULL, "'policy test FILE' "
	    "tells who would be listed with the settings of FILE, 'policy "
	    "apply' lists who is not yet by those in force", e);
	return e->code;
}
