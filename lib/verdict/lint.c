/* lint.c - runs the samples of the rules and looks for rules that are of no
 * use. */
#include <stdlib.h>

#include "base/quote.h"
#include "verdict/rulebook.h"

#define SHOWN 120

struct lint {
	struct rules *r;
	const struct rule_book *book;
	struct buf *out;
	struct buf folded;
	bool *reached; /* by rule: a sample is won by it */
	unsigned errors, notes;
};

/* One finding: "file:line: error: name: ". The caller adds what and mend. */
static void
begin(struct lint *l, const struct rule_text *t, unsigned line, bool error)
{
	*(error ? &l->errors : &l->notes) += 1;
	buf_addf(l->out, "%s:%u: %s: %s: ", t->rule.file, line,
	    error ? "error" : "note", t->rule.name);
}

static void
add_quoted(struct lint *l, struct str text)
{
	char shown[SHOWN];

	buf_addf(l->out, "'%s'", str_quote(text, shown, sizeof shown));
}

static struct rule_input
input_of(struct lint *l, const struct rule_sample *s, unsigned provider)
{
	struct reply_codes codes;
	struct str text;
	struct str type = reply_type(s->text, &text);

	reply_codes(text, &codes);
	buf_clear(&l->folded);
	reply_fold(text, NULL, &l->folded);
	return (struct rule_input){
		.folded = buf_str(&l->folded),
		.code = s->has_code ? s->code : codes.code,
		.status = s->has_status ? s->status : codes.status,
		.provider = provider,
		.local = s->local || str_ieq(type, STR("x-pmta")),
	};
}

static void
tell_loss(struct lint *l, size_t i, const struct rule_sample *s,
    const struct rule_input *in, const struct rule *winner)
{
	static const char *const MISSES[] = {
		[RULE_MATCHES] = "it matches, but nothing wins",
		[RULE_LACKS_TEXT] = "a match pattern does not match",
		[RULE_LACKS_PROVIDER] = "the provider is another",
		[RULE_LACKS_CODE] = "the code is another",
		[RULE_LACKS_STATUS] = "the status is another",
		[RULE_LACKS_LOCAL] = "`local` says otherwise",
		[RULE_HAS_UNLESS] = "an unless pattern matches",
		[RULE_LIMIT] = "a pattern takes too long",
	};
	const struct rule_text *t = &l->book->rules[i];
	enum rule_miss why = rules_why(l->r, i, in);

	begin(l, t, s->line, true);
	buf_adds(l->out, "its sample ");
	add_quoted(l, s->text);
	if (winner != NULL)
		buf_addf(l->out, " is won by %s (%s:%u)", winner->name,
		    winner->file, winner->line);
	else
		buf_adds(l->out, " is won by no rule");
	if (why == RULE_MATCHES)
		buf_adds(l->out, "; move this rule before it, or narrow it\n");
	else
		buf_addf(
		    l->out, ": %s; mend the rule or the sample\n", MISSES[why]);
}

static void
run_sample(
    struct lint *l, size_t i, const struct rule_sample *s, unsigned provider)
{
	const struct rule_text *t = &l->book->rules[i];
	struct rule_input in = input_of(l, s, provider);
	unsigned limits = 0;
	const struct rule *winner = rules_find_plain(l->r, &in, &limits);

	for (size_t j = 0; winner != NULL && j < l->book->count; j++)
		l->reached[j] |= s->won && winner == rules_at(l->r, j);
	if (s->won && winner != &t->rule)
		tell_loss(l, i, s, &in, winner);
	if (!s->won && winner == &t->rule) {
		begin(l, t, s->line, true);
		buf_adds(l->out, "it wins ");
		add_quoted(l, s->text);
		buf_adds(l->out, ", which it must not; narrow the rule\n");
	}
	if (rules_find(l->r, &in, NULL) != winner) {
		begin(l, t, s->line, true);
		buf_adds(l->out, "the fast search answers otherwise for ");
		add_quoted(l, s->text);
		buf_adds(l->out, "; report this as a bug of ours\n");
	}
	if (limits > 0) {
		begin(l, t, s->line, true);
		buf_adds(l->out, "a pattern takes too long on ");
		add_quoted(l, s->text);
		buf_adds(l->out, "; avoid nested repetition\n");
	}
}

/* With every provider that the rule names. */
static void
run_samples(struct lint *l, size_t i)
{
	const struct rule_text *t = &l->book->rules[i];

	for (size_t j = t->samples; j < t->samples + t->sample_count; j++) {
		const struct rule_sample *s = &l->book->samples[j];

		if (t->any_provider)
			run_sample(l, i, s, PROVIDER_OTHER);
		for (unsigned p = 0; p < PROVIDER_MAX; p++)
			if ((t->providers[p / 64] >> (p % 64) & 1) != 0)
				run_sample(l, i, s, p);
	}
}

/* One word over and over, then every printable byte: a pattern that asks for
 * some byte at its end does not fall out before it has tried. */
static void
stress_line(struct buf *line, const char *unit)
{
	const size_t tail = '~' - '!' + 1;

	while (line->n < REPLY_TEXT_MAX - tail && !line->failed)
		buf_adds(line, unit);
	if (line->failed)
		return;
	line->n = REPLY_TEXT_MAX - tail;
	for (char c = '!'; c <= '~'; c++)
		buf_addc(line, c);
}

/* Lines that make a careless pattern try for long. */
static void
run_stress(struct lint *l, size_t i)
{
	static const char *const UNITS[] = { "a", " ", "a ", "user ", "<",
		"<rcpt> ", "550 5.1.1 ", "550-", "(", ". ", "1", "1.", "a@",
		"not ", "mailbox ", "message ", "rejected ", "your ip ", "is ",
		"has been ", "spam ", "-", "\xff" };
	const struct rule_text *t = &l->book->rules[i];

	for (size_t j = 0; j < COUNT(UNITS); j++) {
		struct buf line = { 0 };
		unsigned at;

		stress_line(&line, UNITS[j]);
		at = rules_stress(l->r, i, buf_str(&line));
		l->out->failed |= line.failed;
		buf_release(&line);
		if (at == 0)
			continue;
		begin(l, t, at, true);
		buf_adds(l->out, "the pattern takes too long on a line of ");
		add_quoted(l, str_from(UNITS[j]));
		buf_adds(l->out, "; avoid nested or open repetition\n");
		return;
	}
}

static bool
asks_words(const struct lint *l, const struct rule_text *t)
{
	for (size_t j = t->patterns; j < t->patterns + t->pattern_count; j++)
		if (!l->book->patterns[j].unless)
			return true;
	return false;
}

/* Whether a set, [...], holds a letter of several bytes: to a pattern each byte
 * is one of its own. */
static bool
has_wide_set(struct str pattern)
{
	bool in = false;

	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.p[i] == '\\')
			i++;
		else if (pattern.p[i] == '[')
			in = true;
		else if (pattern.p[i] == ']')
			in = false;
		else if (in && (pattern.p[i] & 0x80) != 0)
			return true;
	}
	return false;
}

static void
judge_sets(struct lint *l, const struct rule_text *t)
{
	for (size_t j = t->patterns; j < t->patterns + t->pattern_count; j++) {
		if (!has_wide_set(l->book->patterns[j].text))
			continue;
		begin(l, t, l->book->patterns[j].line, false);
		buf_adds(l->out,
		    "a letter beyond ASCII stands in [...], where it is "
		    "several; write (?:a|b)\n");
	}
}

static void
judge_rule(struct lint *l, size_t i)
{
	const struct rule_text *t = &l->book->rules[i];
	size_t samples = 0;

	for (size_t j = t->samples; j < t->samples + t->sample_count; j++)
		samples += l->book->samples[j].won;
	if (!l->reached[i] && samples == 0) {
		begin(l, t, t->rule.line, true);
		buf_adds(l->out,
		    "no sample reaches it; add a sample, or "
		    "take the rule out\n");
	} else if (samples == 0) {
		begin(l, t, t->rule.line, false);
		buf_adds(l->out, "it has no sample of its own; add one\n");
	}
	if (asks_words(l, t) && !t->has_literal) {
		begin(l, t, t->rule.line, false);
		buf_adds(l->out,
		    "no word of three letters stands in every "
		    "match, so it is tried on every reply; add one\n");
	}
	judge_sets(l, t);
}

bool
rules_lint(struct rules *r, struct buf *out, unsigned *errors, unsigned *notes,
    struct err *e)
{
	struct lint l = { .r = r, .book = rules_book(r), .out = out };
	bool ok;

	l.reached = calloc(l.book->count + 1, sizeof *l.reached);
	if (l.reached == NULL)
		return err_memory(e);
	for (size_t i = 0; i < l.book->count; i++)
		run_samples(&l, i);
	for (size_t i = 0; i < l.book->count; i++) {
		run_stress(&l, i);
		judge_rule(&l, i);
	}
	*errors = l.errors;
	*notes = l.notes;
	ok = buf_ok(out, e) && buf_ok(&l.folded, e);
	free(l.reached);
	buf_release(&l.folded);
	return ok;
}
