/* cmd_rules.c - the rules themselves: test them, list them, explain one. */
#include <getopt.h>
#include <string.h>

#include "args.h"
#include "base/quote.h"
#include "out.h"
#include "reply_args.h"

/* Takes --json and nothing else; after an error e->code. */
static int
no_words(int argc, char **argv, bool *json, struct err *e)
{
	static const struct option LONGS[] = {
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	while ((o = app_option(argc, argv, ":", LONGS, e)) != -1) {
		if (o != 'j')
			return e->code;
		*json = true;
	}
	if (optind < argc)
		err_set(e, EX_USAGE,
		    "rules: nothing may stand behind lint "
		    "or list; leave it out");
	return e->code;
}

/* 0: clean. Errors are answered with EX_CONFIG, as a broken file is. */
static int
run_lint(struct app *a, int argc, char **argv, struct err *e)
{
	struct buf out = { 0 };
	unsigned errors = 0, notes = 0;
	bool json = false;
	struct json *o;

	if (no_words(argc, argv, &json, e) != 0)
		return e->code;
	if (!rules_lint(a->rules, &out, &errors, &notes, e))
		goto out;
	if (json) {
		o = json_new_object();
		json_number(o, "rules", (int64_t)rules_count(a->rules));
		json_number(o, "errors", errors);
		json_number(o, "notes", notes);
		json_text(o, "findings", out.n > 0 ? buf_str(&out) : STR(""));
		out_json(stdout, o, e);
	} else {
		if (out.n > 0)
			fwrite(out.p, 1, out.n, stdout);
		printf("%zu rules, %u errors, %u notes\n",
		    rules_count(a->rules), errors, notes);
	}
out:
	buf_release(&out);
	return e->code != 0 ? e->code : errors > 0 ? EX_CONFIG : 0;
}

static enum decision
decision_of_rule(const struct rule *r)
{
	return r->decides ? r->decision : class_info(r->class)->decision;
}

static bool
list_json(struct app *a, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < rules_count(a->rules); i++) {
		const struct rule *r = rules_at(a->rules, i);
		struct json *o = json_new_object();

		json_text(o, "rule", str_from(r->name));
		json_text(o, "class", str_from(class_name(r->class)));
		json_text(o, "decision",
		    str_from(decision_name(decision_of_rule(r))));
		json_text(o, "file", str_from(r->file));
		json_number(o, "line", r->line);
		json_text_or_none(o, "advice", str_from(r->advice));
		json_text_or_none(o, "source", str_from(r->source));
		ok = out_json(stdout, o, e);
	}
	return ok;
}

static bool
list_table(struct app *a, struct err *e)
{
	static const char *const HEADS[] = { "RULE", "CLASS", "DECISION",
		"WHERE" };
	struct buf where = { 0 };
	struct sheet t;
	bool ok;

	sheet_init(&t, stdout, HEADS, COUNT(HEADS));
	for (size_t i = 0; i < rules_count(a->rules); i++) {
		const struct rule *r = rules_at(a->rules, i);

		buf_clear(&where);
		buf_addf(&where, "%s:%u", r->file, r->line);
		sheet_cell(&t, str_from(r->name));
		sheet_cell(&t, str_from(class_name(r->class)));
		sheet_cell(&t, str_from(decision_name(decision_of_rule(r))));
		sheet_buf(&t, &where);
	}
	ok = sheet_done(&t, e);
	sheet_release(&t);
	buf_release(&where);
	return ok;
}

static int
run_list(struct app *a, int argc, char **argv, struct err *e)
{
	bool json = false;

	if (no_words(argc, argv, &json, e) != 0)
		return e->code;
	if (json)
		list_json(a, e);
	else
		list_table(a, e);
	return e->code;
}

/* One rule's part in the answer; silent for those with other words. */
struct part {
	const struct rule *rule;
	const char *state; /* "wins", "later", "no" */
	const char *why;
};

static bool
part_of(struct app *a, size_t i, const struct rule_input *in,
    const struct rule *winner, struct part *out)
{
	static const char *const MISSES[] = {
		[RULE_LACKS_PROVIDER] = "for another provider",
		[RULE_LACKS_CODE] = "for another reply code",
		[RULE_LACKS_STATUS] = "for another status",
		[RULE_LACKS_LOCAL] = "`local` says otherwise",
		[RULE_HAS_UNLESS] = "an `unless` pattern matches",
		[RULE_LIMIT] = "a pattern takes too long",
	};
	enum rule_miss why = rules_why(a->rules, i, in);

	*out = (struct part){ .rule = rules_at(a->rules, i), .state = "no" };
	if (why == RULE_MATCHES) {
		out->state = out->rule == winner ? "wins" : "later";
		out->why = out->rule == winner
		    ? "the first that matches"
		    : "matches, but another comes before it";
		return true;
	}
	/* A rule without a pattern that fails would be told for every reply. */
	if (why == RULE_LACKS_TEXT || !rules_has_pattern(a->rules, i))
		return false;
	out->why = MISSES[why];
	return true;
}

static bool
explain_json(struct app *a, const struct rule_input *in,
    const struct verdict *v, struct err *e)
{
	struct json *o = json_new_object();
	struct json *list = json_new_list();
	struct part p;

	for (size_t i = 0; i < rules_count(a->rules); i++) {
		struct json *one;

		if (!part_of(a, i, in, v->rule, &p))
			continue;
		one = json_new_object();
		json_text(one, "rule", str_from(p.rule->name));
		json_text(one, "class", str_from(class_name(p.rule->class)));
		json_text(one, "state", str_from(p.state));
		json_text(one, "why", str_from(p.why));
		json_text(one, "file", str_from(p.rule->file));
		json_number(one, "line", p.rule->line);
		json_push(list, one);
	}
	json_text_or_none(o, "folded", in->folded);
	json_text(o, "class", str_from(class_name(v->class)));
	json_text(o, "decision", str_from(decision_name(v->decision)));
	out_rule_json(o, str_from(v->rule_name));
	json_put(o, "rules", list);
	return out_json(stdout, o, e);
}

static bool
explain_table(struct app *a, const struct rule_input *in,
    const struct verdict *v, struct err *e)
{
	static const char *const HEADS[] = { "STATE", "RULE", "CLASS", "WHERE",
		"WHY" };
	struct buf text = { 0 };
	struct sheet t;
	struct part p;
	bool ok;

	quote_add(&text, in->folded);
	if (!buf_ok(&text, e)) {
		buf_release(&text);
		return false;
	}
	printf("reply     %.*s\n", STR_ARG(buf_str(&text)));
	printf("verdict   %s, %s, by %s\n\n", class_name(v->class),
	    decision_name(v->decision),
	    v->rule != NULL              ? v->rule_name
		: v->rule_name[0] == '-' ? "no rule and no code"
					 : v->rule_name);
	sheet_init(&t, stdout, HEADS, COUNT(HEADS));
	for (size_t i = 0; i < rules_count(a->rules); i++) {
		if (!part_of(a, i, in, v->rule, &p))
			continue;
		buf_clear(&text);
		buf_addf(&text, "%s:%u", p.rule->file, p.rule->line);
		sheet_cell(&t, str_from(p.state));
		sheet_cell(&t, str_from(p.rule->name));
		sheet_cell(&t, str_from(class_name(p.rule->class)));
		sheet_buf(&t, &text);
		sheet_cell(&t, str_from(p.why));
	}
	ok = sheet_done(&t, e);
	sheet_release(&t);
	buf_release(&text);
	return ok;
}

static int
run_explain(struct app *a, int argc, char **argv, struct err *e)
{
	struct buf folded = { 0 }, again = { 0 };
	struct reply_args args;
	struct rule_input in;
	struct failure f;
	struct verdict v;

	if (!reply_args_parse(&args, "rules explain", false, argc, argv, e))
		goto out;
	f = reply_args_failure(&args, buf_str(&args.text));
	in = classify_input(a->rules, &f, &folded);
	classify(a->rules, &f, &again, &v);
	if (!buf_ok(&folded, e) || !buf_ok(&again, e))
		goto out;
	if (args.json)
		explain_json(a, &in, &v, e);
	else
		explain_table(a, &in, &v, e);
out:
	buf_release(&folded);
	buf_release(&again);
	reply_args_release(&args);
	return e->code;
}

int
cmd_rules(struct app *a, int argc, char **argv, struct err *e)
{
	static const struct {
		const char *name;
		int (*run)(struct app *a, int argc, char **argv, struct err *e);
	} VERBS[] = {
		{ "lint", run_lint },
		{ "list", run_list },
		{ "explain", run_explain },
	};
	char *verb = argc > 1 ? argv[1] : NULL;

	for (size_t i = 0; verb != NULL && i < COUNT(VERBS); i++) {
		if (strcmp(verb, VERBS[i].name) != 0)
			continue;
		argv[1] = argv[0]; /* its messages speak of "rules" */
		return VERBS[i].run(a, argc - 1, argv + 1, e);
	}
	args_no_verb("rules", verb, "say lint, list or explain 'REPLY'", e);
	return e->code;
}
