/* rulebook.c - rules as their files say them. */
#include "verdict/rulebook.h"

#include <stdlib.h>
#include <string.h>

#include "base/ini.h"
#include "base/number.h"
#include "base/quote.h"

#define SHOWN 80

/* Keys that were given to the rule at hand. */
enum seen {
	SEEN_PROVIDER = 1,
	SEEN_CODE = 2,
	SEEN_STATUS = 4,
	SEEN_LOCAL = 8,
	SEEN_CLASS = 16,
	SEEN_STRENGTH = 32,
	SEEN_DECISION = 64,
	SEEN_ADVICE = 128,
	SEEN_MATCH = 256,
	SEEN_CONDITION = SEEN_CODE | SEEN_STATUS | SEEN_LOCAL | SEEN_MATCH
};

struct reader {
	struct rule_book *b;
	const struct providers *providers;
	struct rule_text *rule; /* the one at hand, NULL before the first */
	const char *file;
	unsigned seen;
};

/* "file:line: [name] key 'value': what; mend". Always false. */
static bool
bad(const struct reader *r, const struct ini_line *l, struct str culprit,
    const char *what, struct err *e)
{
	char shown[SHOWN];

	return err_set(e, EX_CONFIG, "%s:%u: [%s] %.*s '%s': %s", l->file,
	    l->line, r->rule->rule.name, STR_ARG(l->key),
	    str_quote(culprit, shown, sizeof shown), what);
}

/* Room for one more of an array; the new one is all zero. */
static void *
add(void **array, size_t *n, size_t *cap, size_t size, struct err *e)
{
	size_t want = *cap > 0 ? *cap * 2 : 64;
	void *more;
	char *new;

	if (*n == *cap) {
		more = reallocarray(*array, want, size);
		if (more == NULL) {
			err_memory(e);
			return NULL;
		}
		*array = more;
		*cap = want;
	}
	new = (char *)*array + *n *size;
	memset(new, 0, size);
	++*n;
	return new;
}

static bool
keep(struct reader *r, struct str s, const char **out, struct err *e)
{
	const char *p = arena_text(&r->b->text, s);

	if (p == NULL)
		return err_memory(e);
	*out = p;
	return true;
}

static bool
keep_str(struct reader *r, struct str s, struct str *out, struct err *e)
{
	const char *p = NULL;

	if (!keep(r, s, &p, e))
		return false;
	*out = str_of(p, s.n);
	return true;
}

/* A rule needs a condition, a class and advice. */
static bool
end_rule(struct reader *r, struct err *e)
{
	const struct rule *u;
	const char *lacks = NULL;

	if (r->rule == NULL)
		return true;
	u = &r->rule->rule;
	if ((r->seen & SEEN_CLASS) == 0)
		lacks = "it has no class; add a line 'class = ...'";
	else if ((r->seen & SEEN_ADVICE) == 0)
		lacks = "it has no advice; add a line 'advice = ...'";
	else if ((r->seen & SEEN_CONDITION) == 0)
		lacks = "it has no condition and would match everything; "
			"add a match, code, status or local line";
	return lacks == NULL ||
	    err_set(e, EX_CONFIG, "%s:%u: [%s]: %s", u->file, u->line, u->name,
		lacks);
}

static bool
is_name(struct str s)
{
	if (s.n > RULE_NAME_MAX || !ascii_is_alnum(s.p[0]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '.' &&
		    s.p[i] != '_')
			return false;
	return true;
}

static const struct rule *
find_name(const struct rule_book *b, struct str name)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct rule *u = &b->rules[i].rule;

		if (strncmp(u->name, name.p, name.n) == 0 &&
		    u->name[name.n] == '\0')
			return u;
	}
	return NULL;
}

static bool
start_rule(struct reader *r, const struct ini_line *l, struct err *e)
{
	struct rule_book *b = r->b;
	void *array = b->rules;
	char shown[SHOWN];
	const struct rule *same;
	struct rule_text *t;

	if (!end_rule(r, e))
		return false;
	if (!is_name(l->section))
		return err_set(e, EX_CONFIG,
		    "%s:%u: '%s' is no rule's name; "
		    "use letters, digits, dots and dashes, at most %d",
		    l->file, l->line,
		    str_quote(l->section, shown, sizeof shown), RULE_NAME_MAX);
	same = find_name(b, l->section);
	if (same != NULL)
		return err_set(e, EX_CONFIG,
		    "%s:%u: rule '%s' is "
		    "there already (%s:%u); give it another name",
		    l->file, l->line, same->name, same->file, same->line);
	if (b->count == RULES_MAX)
		return err_set(e, EX_CONFIG,
		    "%s:%u: more than %d rules; "
		    "take some out",
		    l->file, l->line, RULES_MAX);
	t = add(&array, &b->count, &b->cap, sizeof *t, e);
	b->rules = array;
	if (t == NULL)
		return false;
	r->rule = t;
	r->seen = 0;
	t->any_provider = t->any_code = true;
	t->local = RULE_ANY;
	t->patterns = b->pattern_count;
	t->statuses = b->status_count;
	t->samples = b->sample_count;
	t->rule.file = r->file;
	t->rule.line = l->line;
	t->rule.source = t->rule.advice = "";
	return keep(r, l->section, &t->rule.name, e);
}

static bool
read_provider(struct reader *r, const struct ini_line *l, struct err *e)
{
	struct str rest = l->value;
	struct str word;
	unsigned number;

	r->rule->any_provider = false;
	while (str_word(&rest, &word)) {
		if (!provider_of(r->providers, word, &number))
			return bad(r, l, word,
			    "no such provider; name one "
			    "of providers.conf, or add it there",
			    e);
		r->rule->providers[number / 64] |= UINT64_C(1) << (number % 64);
	}
	return l->value.n > 0 ||
	    bad(r, l, l->value,
		"names no provider; name one, or leave the line out", e);
}

/* "550", "55x", "5xx", "none": the range of codes. */
static bool
code_range(struct str word, unsigned *from, unsigned *to)
{
	*from = *to = 0;
	if (str_ieq(word, STR("none")))
		return true;
	if (word.n != 3 || !ascii_is_digit(word.p[0]))
		return false;
	for (size_t i = 0; i < 3; i++) {
		bool any = ascii_lower(word.p[i]) == 'x' && i > 0;

		if (!any && !ascii_is_digit(word.p[i]))
			return false;
		*from = *from * 10 + (any ? 0 : (unsigned)word.p[i] - '0');
		*to = *to * 10 + (any ? 9 : (unsigned)word.p[i] - '0');
	}
	return *from >= 200 && *to < RULE_CODES && *from <= *to;
}

static bool
read_code(struct reader *r, const struct ini_line *l, struct err *e)
{
	struct str rest = l->value;
	struct str word;
	unsigned from, to;

	r->rule->any_code = false;
	while (str_word(&rest, &word)) {
		if (!code_range(word, &from, &to))
			return bad(r, l, word,
			    "no SMTP code; write 550, "
			    "55x, 5xx or none",
			    e);
		for (; from <= to; from++)
			r->rule->codes[from / 64] |= UINT64_C(1) << (from % 64);
	}
	return l->value.n > 0 ||
	    bad(r, l, l->value,
		"holds no code; write one, or leave the line out", e);
}

static bool
status_of(struct str word, struct rule_status *out)
{
	struct str part;
	uint64_t v;
	int i = 0;

	*out = (struct rule_status){ { 0, 0, 0 } };
	if (str_ieq(word, STR("none")))
		return true;
	for (; str_cut(&word, '.', &part); i++) {
		if (i == 3)
			return false;
		if (str_ieq(part, STR("x")))
			out->part[i] = RULE_ANY;
		else if (number_u64(part, 0, 999, &v))
			out->part[i] = (int)v;
		else
			return false;
	}
	return i == 3 && out->part[0] != 0;
}

static bool
read_status(struct reader *r, const struct ini_line *l, struct err *e)
{
	struct rule_book *b = r->b;
	struct str rest = l->value;
	struct rule_status status, *new;
	struct str word;
	void *array;

	while (str_word(&rest, &word)) {
		if (!status_of(word, &status))
			return bad(r, l, word,
			    "no status; write 5.1.1, "
			    "5.7.x, x.2.2 or none",
			    e);
		array = b->statuses;
		new = add(
		    &array, &b->status_count, &b->status_cap, sizeof *new, e);
		b->statuses = array;
		if (new == NULL)
			return false;
		*new = status;
		r->rule->status_count++;
	}
	return l->value.n > 0 ||
	    bad(r, l, l->value,
		"holds no status; write one, or leave the line out", e);
}

static bool
yes_or_no(struct str s, bool *out)
{
	*out = str_ieq(s, STR("yes"));
	return *out || str_ieq(s, STR("no"));
}

static bool
read_local(struct reader *r, const struct ini_line *l, struct err *e)
{
	bool yes;

	if (!yes_or_no(l->value, &yes))
		return bad(r, l, l->value,
		    "neither yes nor no; write one of "
		    "them",
		    e);
	r->rule->local = yes;
	return true;
}

static bool
read_class(struct reader *r, const struct ini_line *l, struct err *e)
{
	enum class c;

	if (!class_of(l->value, &c) || c == CLASS_MANUAL ||
	    c == CLASS_DELIVERED || c == CLASS_RECEIVED)
		return bad(r, l, l->value,
		    "no class of a reply; write one "
		    "such as gone.mailbox or block.ip",
		    e);
	r->rule->rule.class = c;
	return true;
}

static bool
read_strength(struct reader *r, const struct ini_line *l, struct err *e)
{
	if (str_ieq(l->value, STR("strong")))
		r->rule->rule.strength = STRENGTH_STRONG;
	else if (str_ieq(l->value, STR("weak")))
		r->rule->rule.strength = STRENGTH_WEAK;
	else
		return bad(r, l, l->value,
		    "neither strong nor "
		    "weak; write one of them",
		    e);
	return true;
}

/* It may only make a verdict milder: what suppresses is the class alone. */
static bool
read_decision(struct reader *r, const struct ini_line *l, struct err *e)
{
	enum decision d;

	if (!decision_of(l->value, &d) ||
	    (d != DECISION_COUNT_SOFT && d != DECISION_SENDER_FAULT &&
		d != DECISION_IGNORE))
		return bad(r, l, l->value,
		    "not one that makes a verdict milder; write count-soft, "
		    "sender-fault or ignore",
		    e);
	r->rule->rule.decides = true;
	r->rule->rule.decision = d;
	return true;
}

static bool
read_advice(struct reader *r, const struct ini_line *l, struct err *e)
{
	return l->value.n > 0
	    ? keep(r, l->value, &r->rule->rule.advice, e)
	    : bad(r, l, l->value, "it is empty; say what a person should do",
		  e);
}

static bool
read_source(struct reader *r, const struct ini_line *l, struct err *e)
{
	struct str old = str_from(r->rule->rule.source);
	struct buf both = { 0 };
	bool ok;

	buf_add(&both, old);
	if (old.n > 0)
		buf_addc(&both, ' ');
	buf_add(&both, l->value);
	ok = buf_ok(&both, e) &&
	    keep(r, buf_str(&both), &r->rule->rule.source, e);
	buf_release(&both);
	return ok;
}

static bool
read_pattern(
    struct reader *r, const struct ini_line *l, bool unless, struct err *e)
{
	struct rule_book *b = r->b;
	struct str v = l->value;
	void *array = b->patterns;
	struct rule_pattern *new;

	if (v.n < 3 || v.p[0] != '/' || v.p[v.n - 1] != '/')
		return bad(r, l, v,
		    "no pattern; write it between two "
		    "slashes: /user unknown/",
		    e);
	if (v.n > RULE_PATTERN_MAX)
		return bad(
		    r, l, v, "longer than 4096 bytes; split the rule", e);
	new = add(&array, &b->pattern_count, &b->pattern_cap, sizeof *new, e);
	b->patterns = array;
	if (new == NULL)
		return false;
	r->rule->pattern_count++;
	new->line = l->line;
	new->unless = unless;
	return keep_str(r, str_sub(v, 1, v.n - 2), &new->text, e);
}

static bool
read_match(struct reader *r, const struct ini_line *l, struct err *e)
{
	r->seen |= SEEN_MATCH;
	return read_pattern(r, l, false, e);
}

static bool
read_unless(struct reader *r, const struct ini_line *l, struct err *e)
{
	return read_pattern(r, l, true, e);
}

/* One "code=550" in front of a sample; false: it is no such word. */
static bool
sample_word(struct str word, struct rule_sample *s)
{
	struct str key;
	unsigned to;

	if (!str_cut(&word, '=', &key))
		return false;
	if (str_eq(key, STR("code"))) {
		s->has_code = true;
		return code_range(word, &s->code, &to) && s->code == to;
	}
	if (str_eq(key, STR("status"))) {
		s->has_status = true;
		return reply_status_of(word, &s->status) ||
		    str_ieq(word, STR("none"));
	}
	return str_eq(key, STR("local")) && yes_or_no(word, &s->local);
}

/* Text behind "code=550 status=5.1.1 |", or all of it when that is not so. */
static struct str
sample_context(struct str v, struct rule_sample *s)
{
	size_t bar = str_chr(v, '|');
	struct rule_sample got = *s;
	struct str words = str_sub(v, 0, bar);
	struct str word;
	bool any = false;

	if (bar == v.n)
		return v;
	while (str_word(&words, &word)) {
		if (!sample_word(word, &got))
			return v;
		any = true;
	}
	if (!any)
		return v;
	*s = got;
	return str_trim(str_skip(v, bar + 1));
}

static bool
add_sample(struct reader *r, const struct ini_line *l, bool won, struct err *e)
{
	struct rule_book *b = r->b;
	void *array = b->samples;
	struct rule_sample *new;

	new = add(&array, &b->sample_count, &b->sample_cap, sizeof *new, e);
	b->samples = array;
	if (new == NULL)
		return false;
	r->rule->sample_count++;
	new->line = l->line;
	new->won = won;
	return keep_str(r, sample_context(l->value, new), &new->text, e);
}

static bool
read_sample(struct reader *r, const struct ini_line *l, struct err *e)
{
	return add_sample(r, l, true, e);
}

static bool
read_not(struct reader *r, const struct ini_line *l, struct err *e)
{
	return add_sample(r, l, false, e);
}

static const struct {
	struct str name;
	unsigned seen; /* 0: it may come again */
	bool (*read)(struct reader *r, const struct ini_line *l, struct err *e);
} KEYS[] = {
	{ { "provider", 8 }, SEEN_PROVIDER, read_provider },
	{ { "code", 4 }, SEEN_CODE, read_code },
	{ { "status", 6 }, SEEN_STATUS, read_status },
	{ { "local", 5 }, SEEN_LOCAL, read_local },
	{ { "match", 5 }, 0, read_match },
	{ { "unless", 6 }, 0, read_unless },
	{ { "class", 5 }, SEEN_CLASS, read_class },
	{ { "strength", 8 }, SEEN_STRENGTH, read_strength },
	{ { "decision", 8 }, SEEN_DECISION, read_decision },
	{ { "advice", 6 }, SEEN_ADVICE, read_advice },
	{ { "source", 6 }, 0, read_source },
	{ { "sample", 6 }, 0, read_sample },
	{ { "not", 3 }, 0, read_not },
};

static bool
read_line(void *ctx, const struct ini_line *l, struct err *e)
{
	struct reader *r = ctx;

	if (l->key.n == 0)
		return start_rule(r, l, e);
	if (r->rule == NULL)
		return err_set(e, EX_CONFIG,
		    "%s:%u: a line before the first "
		    "rule; write [name] before it",
		    l->file, l->line);
	for (size_t i = 0; i < COUNT(KEYS); i++) {
		if (!str_eq(l->key, KEYS[i].name))
			continue;
		if ((r->seen & KEYS[i].seen) != 0)
			return bad(r, l, l->value,
			    "the key is there "
			    "already; put both values into one line",
			    e);
		r->seen |= KEYS[i].seen;
		return KEYS[i].read(r, l, e);
	}
	return bad(r, l, l->value,
	    "unknown key; `man pmta-suppress-rules` names them", e);
}

bool
book_read(struct rule_book *b, const struct providers *p, struct str text,
    const char *file, struct err *e)
{
	struct reader r = { .b = b, .providers = p };

	return keep(&r, str_from(file), &r.file, e) &&
	    ini_read(text, r.file, read_line, &r, e) && end_rule(&r, e);
}

void
book_release(struct rule_book *b)
{
	free(b->rules);
	free(b->patterns);
	free(b->statuses);
	free(b->samples);
	arena_release(&b->text);
	*b = (struct rule_book){ 0 };
}
