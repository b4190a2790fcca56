/* cmd_unknowns.c - replies no rule matches, by volume, each with a draft. */
#include <getopt.h>

#include "args.h"
#include "base/clock.h"
#include "base/quote.h"
#include "out.h"
#include "store/report.h"

#define MATCH_MAX 60 /* bytes of a reply that a draft's pattern takes */

struct unknowns_run {
	bool json;
	unsigned n;
	struct buf text;
};

/* A place to cut: words and tokens stay whole. */
static struct str
distinctive(struct str folded)
{
	struct str s = folded, word;

	/* Codes are other keys of a rule. */
	while (s.n > 0 && (ascii_is_digit(s.p[0]) || s.p[0] == '.' ||
	    s.p[0] == '-' || s.p[0] == ' '))
		s = str_skip(s, 1);
	if (s.n == 0)
		return folded;
	if (s.n <= MATCH_MAX)
		return s;
	word = str_sub(s, 0, MATCH_MAX);
	return str_trim(str_sub(word, 0, str_rchr(word, ' ')));
}

static void
add_pattern(struct buf *b, struct str s)
{
	static const struct str SPECIAL = { "\\^$.[]|()?*+{}/", 15 };

	for (size_t i = 0; i < s.n; i++) {
		if (str_chr(SPECIAL, s.p[i]) < SPECIAL.n)
			buf_addc(b, '\\');
		buf_addc(b, s.p[i]);
	}
}

/* A rule that loads as it stands and changes nothing until its class is
 * changed. */
static void
add_draft(struct buf *b, const struct unknown_row *row, unsigned n)
{
	buf_addf(b, "[site.unknown-%u]\n", n);
	if (row->provider.n > 0 && !str_eq(row->provider, STR("other")))
		buf_addf(b, "provider = %.*s\n", STR_ARG(row->provider));
	buf_adds(b, "match    = /");
	add_pattern(b, distinctive(row->folded));
	buf_adds(b, "/\nclass    = unknown\nadvice   = say here what it means "
	    "and what to do\nsample   = ");
	/* As rules read it: folding has left nothing unsafe in it. */
	buf_add(b, row->folded);
	buf_addc(b, '\n');
}

static bool
print_unknown(void *ctx, const struct unknown_row *row, struct err *e)
{
	struct unknowns_run *u = ctx;
	char first[CLOCK_TEXT], last[CLOCK_TEXT];
	struct buf *b = &u->text;
	struct json *o;

	u->n++;
	buf_clear(b);
	if (u->json) {
		o = json_new_object();
		add_draft(b, row, u->n);
		json_number(o, "count", row->n);
		json_text_or_none(o, "provider", row->provider);
		json_text_or_none(o, "reply", row->folded);
		json_text_or_none(o, "sample", row->sample);
		json_time(o, "first", row->first);
		json_time(o, "last", row->last);
		json_text(o, "draft", buf_str(b));
		return out_json(stdout, o, e);
	}
	buf_addf(b, "# %lld times, %.*s, %s to %s\n# ", (long long)row->n,
	    STR_ARG(row->provider), out_time(row->first, first),
	    out_time(row->last, last));
	quote_add(b, row->sample);
	buf_addc(b, '\n');
	add_draft(b, row, u->n);
	buf_addc(b, '\n');
	if (!buf_ok(b, e))
		return false;
	fwrite(b->p, 1, b->n, stdout);
	return true;
}

int
cmd_unknowns(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct option LONGS[] = {
		{ "since", required_argument, NULL, ARGS_SINCE },
		{ "limit", required_argument, NULL, ARGS_LIMIT },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct entry_filter f = { .now = a->now, .limit = 20 };
	struct unknowns_run u = { 0 };
	int o;

	while ((o = app_option(argc, argv, ":j", LONGS, e)) != -1) {
		if (o == 'j')
			u.json = true;
		else if (!ARGS_IS_FILTER(o) ||
		    !args_filter(a, &f, o, optarg, e))
			return e->code;
	}
	if (args_no_more(argc, argv, e) && app_ready(a, e))
		report_unknowns(a->store, f.since,
		    f.limit, print_unknown, &u, e);
	buf_release(&u.text);
	return e->code;
}
