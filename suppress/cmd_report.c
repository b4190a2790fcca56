/* cmd_report.c - who replied what, how often, and to which of ours. */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "advice.h"
#include "args.h"
#include "base/clock.h"
#include "base/quote.h"
#include "mail/reply.h"
#include "out.h"
#include "page.h"
#include "provider_args.h"
#include "store/report.h"

#define SINCE (7 * CLOCK_DAY)
#define NAMES_TEXT 6      /* IPs, and vmtas, that a line names */
#define NAMES_JSON 100
#define INDENT 10

/* Distinct names, each with a NUL behind it. */
struct names {
	struct buf text;
	size_t n;
};

/* One reply with what was found of it. */
struct reply_seen {
	struct code_row row; /* of its latest part; texts stand in text */
	struct names ips, vmtas;
	struct buf text;
};

struct report {
	struct app *app;
	struct report_filter filter;
	bool json;
	size_t width;
	size_t rows;
	struct buf text;
	struct reply_seen seen;
};

static struct str
names_next(const struct names *l, size_t *at)
{
	struct str s = str_from(l->text.p + *at);

	*at += s.n + 1;
	return s;
}

static void
names_add(struct names *l, struct str name)
{
	for (size_t at = 0; at < l->text.n;)
		if (str_eq(names_next(l, &at), name))
			return;
	if (name.n == 0)
		return;
	l->n++;
	buf_add(&l->text, name);
	buf_addc(&l->text, '\0');
}

static void
names_clear(struct names *l)
{
	buf_clear(&l->text);
	l->n = 0;
}

static bool
is_same(const struct code_row *a, const struct code_row *b)
{
	return a->provider_id == b->provider_id &&
	    a->reply_id == b->reply_id && a->class == b->class;
}

/* The latest part comes first: what it says of rule and code counts. */
static bool
seen_begin(struct reply_seen *seen, const struct code_row *row, struct err *e)
{
	struct str *texts[] = { &seen->row.provider, &seen->row.folded,
		&seen->row.sample, &seen->row.rule };

	seen->row = *row;
	names_clear(&seen->ips);
	names_clear(&seen->vmtas);
	buf_clear(&seen->text);
	for (size_t i = 0; i < COUNT(texts); i++)
		buf_add(&seen->text, *texts[i]);
	if (!buf_ok(&seen->text, e))
		return false;
	for (size_t i = 0, at = 0; i < COUNT(texts); at += texts[i++]->n)
		texts[i]->p = seen->text.p + at;
	return true;
}

/* ---- JSON ---- */

static void
push_names(struct json *o, const char *key, const struct names *l)
{
	struct json *list = json_new_list();
	size_t at = 0;

	for (size_t i = 0; i < l->n && i < NAMES_JSON; i++)
		json_push_text(list, names_next(l, &at));
	json_put(o, key, list);
}

static bool
print_json(struct report *r, const struct reply_seen *seen, struct err *e)
{
	const struct code_row *row = &seen->row;
	struct json *o = json_new_object();

	json_number(o, "count", row->n);
	json_text_or_none(o, "provider", row->provider);
	out_codes_json(o, row->code, row->status);
	json_text_or_none(o, "reply", row->folded);
	json_text_or_none(o, "sample", row->sample);
	json_text(o, "class", str_from(class_name(row->class)));
	out_rule_json(o, row->rule);
	json_text_or_none(o, "advice",
	    str_from(advice_of(r->app->rules, row->rule, row->class)));
	json_time(o, "first", row->first);
	json_time(o, "last", row->last);
	push_names(o, "our_ips", &seen->ips);
	push_names(o, "vmtas", &seen->vmtas);
	return out_json(stdout, o, e);
}

/* ---- text ---- */

static void
add_names(struct buf *b, const char *what, const struct names *l)
{
	size_t at = 0;

	buf_adds(b, what);
	buf_adds(b, l->n == 0 ? " unknown" : "");
	for (size_t i = 0; i < l->n && i < NAMES_TEXT; i++) {
		buf_adds(b, i == 0 ? " " : ", ");
		buf_add(b, names_next(l, &at));
	}
	if (l->n > NAMES_TEXT)
		buf_addf(b, " and %zu more", l->n - NAMES_TEXT);
}

static void
put_figures(struct buf *b, const struct code_row *row)
{
	char first[CLOCK_TEXT], last[CLOCK_TEXT], provider[32];
	struct buf code = { 0 };

	out_codes(&code, row->code, row->status);
	buf_addc(&code, '\0');
	buf_addf(b, "%8" PRId64 "  %-12s  %-11s  %s  %s\n", row->n,
	    str_quote(row->provider, provider, sizeof provider),
	    code.failed ? "" : code.p, out_time(row->first, first),
	    out_time(row->last, last));
	b->failed = b->failed || code.failed;
	buf_release(&code);
}

static bool
print_text(struct report *r, const struct reply_seen *seen, struct err *e)
{
	const struct code_row *row = &seen->row;
	struct buf line = { 0 };
	struct buf *b = &r->text;
	bool ok;

	buf_clear(b);
	if (r->rows++ == 0)
		buf_addf(b, "%8s  %-12s  %-11s  %-20s  %s\n", "COUNT",
		    "PROVIDER", "CODE", "FIRST", "LAST");
	put_figures(b, row);
	page_cut(b, INDENT, row->folded.n > 0 ? row->folded
	    : STR("(no reply)"), r->width);
	buf_addf(&line, "%s, %.*s: %s", class_name(row->class),
	    STR_ARG(row->rule.n > 0 ? row->rule : STR("-")),
	    advice_of(r->app->rules, row->rule, row->class));
	page_wrap(b, INDENT, buf_str(&line), r->width);
	b->failed = b->failed || line.failed;
	buf_clear(&line);
	add_names(&line, "our IPs", &seen->ips);
	add_names(&line, "; vmtas", &seen->vmtas);
	page_wrap(b, INDENT, buf_str(&line), r->width);
	ok = buf_ok(&line, e) && out_text(b, e);
	buf_release(&line);
	return ok;
}

/* What was gathered of one reply, when all of it is there. */
static bool
print_seen(struct report *r, struct err *e)
{
	const struct reply_seen *seen = &r->seen;

	if (seen->row.n == 0)
		return true;
	return buf_ok(&seen->ips.text, e) && buf_ok(&seen->vmtas.text, e) &&
	    (r->json ? print_json : print_text)(r, seen, e);
}

static bool
on_code(void *ctx, const struct code_row *row, struct err *e)
{
	struct report *r = ctx;

	if (!is_same(row, &r->seen.row) || r->seen.row.n == 0)
		if (!print_seen(r, e) || !seen_begin(&r->seen, row, e))
			return false;
	names_add(&r->seen.ips, row->ip);
	names_add(&r->seen.vmtas, row->vmta);
	return true;
}

static bool
parse_options(struct report *r, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "since", required_argument, NULL, ARGS_SINCE },
		{ "until", required_argument, NULL, ARGS_UNTIL },
		{ "provider", required_argument, NULL, ARGS_PROVIDER },
		{ "limit", required_argument, NULL, ARGS_LIMIT },
		{ "vmta", required_argument, NULL, 'v' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int64_t now = r->app->now;
	struct entry_filter f = { .now = now, .since = now - SINCE,
		.limit = 20 };
	int o;

	while ((o = app_option(argc, argv, ":j", LONGS, e)) != -1) {
		if (o == 'j')
			r->json = true;
		else if (o == 'v' && optarg[0] == '\0')
			return err_set(e, EX_USAGE, "report: --vmta: no name "
			    "given; write one as the report shows it");
		else if (o == 'v')
			r->filter.vmta = str_from(optarg);
		else if (!ARGS_IS_FILTER(o) ||
		    !args_filter(r->app, &f, o, optarg, e))
			return false;
	}
	r->filter.since = f.since;
	r->filter.until = f.until;
	r->filter.provider = f.provider;
	r->filter.limit = f.limit;
	return args_no_more(argc, argv, e);
}

static int
report_of_codes(struct app *a, int argc, char **argv, struct err *e)
{
	struct report r = { .app = a, .width = page_width() };

	if (parse_options(&r, argc, argv, e) && app_ready(a, e) &&
	    provider_or(a, &r.filter.provider, e))
		(void)(report_codes(a->store, &r.filter, on_code, &r, e) &&
		    print_seen(&r, e));
	buf_release(&r.text);
	buf_release(&r.seen.ips.text);
	buf_release(&r.seen.vmtas.text);
	buf_release(&r.seen.text);
	return e->code;
}

/* The reports by name; each gets its options alone. */
static const struct report_cmd {
	const char *name;
	int (*run)(struct app *a, int argc, char **argv, struct err *e);
} REPORTS[] = {
	{ "codes", report_of_codes },
};

int
cmd_report(struct app *a, int argc, char **argv, struct err *e)
{
	for (size_t i = 0; argc > 1 && i < COUNT(REPORTS); i++) {
		if (strcmp(argv[1], REPORTS[i].name) != 0)
			continue;
		argv[1] = argv[0]; /* its messages speak of "report" */
		return REPORTS[i].run(a, argc - 1, argv + 1, e);
	}
	args_no_verb("report", argc > 1 ? argv[1] : NULL,
	    "say codes; 'pmta-suppress help report' tells more", e);
	return e->code;
}
