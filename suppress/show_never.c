/* show_never.c - why the policy does not list an address whose evidence is
 * enough, and what it would do. */
#include "show_never.h"

#include "base/quote.h"
#include "out.h"
#include "work/rehearse.h"

struct show_never {
	struct app *app;
	struct buf *text;
	struct json *list;
};

static bool
on_rehearsed(void *ctx, const struct rehearsed *r, struct err *e)
{
	struct show_never *s = ctx;
	struct app *a = s->app;
	struct policy_answer answer;
	struct entry en = { .address = r->address, .scope = r->scope };
	struct buf rule = { 0 };
	struct json *o;

	if (rehearse_judge(&a->config.policy, r, a->now, &answer) !=
	    REHEARSE_ADDS)
		return true;
	if (!store_word_text(a->store, r->facts[answer.at].rule, &rule, e)) {
		buf_release(&rule);
		return false;
	}
	en.class = answer.class;
	en.since = answer.since;
	en.until = answer.until;
	en.rule = buf_str(&rule);
	en.source = STR("policy");
	en.reason = str_from(answer.arithmetic);
	buf_adds(s->text, "warning: without that it would be listed: ");
	out_entry(s->text, &en, r->address);
	buf_addf(s->text, " (%s; rule ", answer.arithmetic);
	quote_add(s->text, en.rule);
	buf_adds(s->text, ")\n");
	o = json_new_object();
	out_entry_json(o, &en, a->now);
	json_push(s->list, o);
	buf_release(&rule);
	return true;
}

static void
put_never(const struct never_hit *hit, bool listed, struct buf *text)
{
	buf_adds(text, "warning: [never-suppress] ");
	quote_add(text, hit->label);
	buf_adds(text, " = ");
	quote_add(text, hit->pattern);
	buf_adds(text, listed ? ": the policy does not list it, YET an entry "
	    "suppresses it: 'remove' lifts that\n"
	    : ": the policy does not list it\n");
}

/* By whose word it is not listed. */
static bool
put_cause(const struct never_hit *hit, bool listed, struct buf *text,
    struct json *o, struct err *e)
{
	struct buf line = { 0 };
	bool ok;

	if (hit == NULL) {
		json_none(o, "never_suppress");
		buf_adds(text, "warning: [policy] mode = observe: the policy "
		    "lists nobody\n");
		return true;
	}
	put_never(hit, listed, text);
	buf_add(&line, hit->label);
	buf_adds(&line, " = ");
	buf_add(&line, hit->pattern);
	json_text(o, "never_suppress", buf_str(&line));
	ok = buf_ok(&line, e);
	buf_release(&line);
	return ok;
}

bool
show_never(struct app *a, struct str key, bool listed, struct buf *text,
    struct json *o, struct err *e)
{
	struct show_never s = { a, text, NULL };
	struct rehearse_sums sums;
	struct never_hit hit;
	bool is = never_find(&a->config.never, key, &hit), ok;

	s.list = json_new_list();
	if (!is && !a->config.observe) {
		json_none(o, "never_suppress");
		json_put(o, "would_list", s.list);
		return true;
	}
	ok = put_cause(is ? &hit : NULL, listed, text, o, e) &&
	    rehearse(a->store, key, on_rehearsed, &s, &sums, e);
	json_put(o, "would_list", s.list);
	return ok && buf_ok(text, e);
}
