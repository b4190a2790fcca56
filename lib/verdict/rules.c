/* rules.c - what replies mean: compiles the rules, finds the one that wins. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/quote.h"
#include "verdict/ahocorasick.h"
#include "verdict/literal.h"
#include "verdict/recall.h"
#include "verdict/rulebook.h"
#include "verdict/rulefiles.h"

#define DEPTH_LIMIT 5000
#define HEAP_LIMIT_KIB 4096
#define SHOWN 80

enum answer { ANSWER_NO, ANSWER_MATCH, ANSWER_LIMIT };

/* A pattern is made machine code when it is first asked: a program that works
 * on one report needs few of them. */
enum jit { JIT_NOT_YET, JIT_MADE, JIT_NONE };

/* Bits of rules, one row for each value that a condition may ask for. */
struct rows {
	uint64_t *bits;
	size_t count;
};

struct rules {
	struct rule_files files; /* until their rules are in the book */
	struct rule_book book;
	struct providers *providers;
	pcre2_code **codes; /* one for each pattern of the book */
	size_t code_count;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	enum jit *jit; /* of each of codes */
	struct recall *recall;
	/* The index; no literals: it is still to be made. */
	struct ac *literals;
	size_t words; /* of 64 rules each */
	/* A plane of bits for each set of literals that a rule may have: */
	uint64_t *always; /* rules that lack that set */
	uint64_t *marks; /* scratch for one text */
	struct rows by_provider, by_code, by_local;
};

const char *
strength_name(enum strength s)
{
	return s == STRENGTH_STRONG ? "strong"
	    : s == STRENGTH_WEAK    ? "weak"
				    : "none";
}

const struct providers *
rules_providers(const struct rules *r)
{
	return r->providers;
}

size_t
rules_count(const struct rules *r)
{
	return r->book.count;
}

const struct rule *
rules_at(const struct rules *r, size_t i)
{
	return &r->book.rules[i].rule;
}

bool
rules_has_pattern(const struct rules *r, size_t i)
{
	return r->book.rules[i].pattern_count > 0;
}

const struct rule_book *
rules_book(const struct rules *r)
{
	return &r->book;
}

static bool
bad_pattern(const struct rule_text *t, const struct rule_pattern *p, int number,
    size_t at, struct err *e)
{
	PCRE2_UCHAR why[120];
	char shown[SHOWN];

	if (pcre2_get_error_message(number, why, sizeof why) < 0)
		why[0] = '\0';
	return err_set(e, EX_CONFIG,
	    "%s:%u: [%s] pattern '%s': %s at byte "
	    "%zu; mend the pattern",
	    t->rule.file, p->line, t->rule.name,
	    str_quote(p->text, shown, sizeof shown), (const char *)why, at);
}

/* Texts are bytes: no UTF, so that none is ever refused as malformed. */
static bool
compile(struct rules *r, const struct rule_text *t, size_t i, struct err *e)
{
	const uint32_t options = PCRE2_CASELESS | PCRE2_NEVER_UTF |
	    PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C;
	const struct rule_pattern *p = &r->book.patterns[i];
	int number = 0;
	PCRE2_SIZE at = 0;

	if (r->codes[i] == NULL)
		r->codes[i] = pcre2_compile((PCRE2_SPTR)p->text.p, p->text.n,
		    options, &number, &at, NULL);
	return r->codes[i] != NULL || bad_pattern(t, p, number, at, e);
}

/* The patterns of the rules that are built in, or of the others. */
static bool
compile_all(struct rules *r, bool builtin, struct err *e)
{
	for (size_t i = 0; i < r->book.count; i++) {
		const struct rule_text *t = &r->book.rules[i];

		for (size_t j = 0; j < t->pattern_count; j++)
			if (t->builtin == builtin &&
			    !compile(r, t, t->patterns + j, e))
				return false;
	}
	return true;
}

static void
drop_book(struct rules *r)
{
	for (size_t i = 0; r->codes != NULL && i < r->code_count; i++)
		pcre2_code_free(r->codes[i]);
	free(r->codes);
	free(r->jit);
	pcre2_match_data_free(r->data);
	pcre2_match_context_free(r->limits);
	recall_free(r->recall);
	book_release(&r->book);
	r->codes = NULL;
	r->jit = NULL;
	r->data = NULL;
	r->limits = NULL;
	r->recall = NULL;
}

static bool
make_room(struct rules *r, struct err *e)
{
	r->code_count = r->book.pattern_count;
	r->codes = calloc(r->code_count + 1, sizeof *r->codes);
	r->jit = calloc(r->code_count + 1, sizeof *r->jit);
	r->data = pcre2_match_data_create(1, NULL);
	r->limits = pcre2_match_context_create(NULL);
	r->recall = recall_new();
	if (r->codes == NULL || r->jit == NULL || r->data == NULL ||
	    r->limits == NULL || r->recall == NULL)
		return err_memory(e);
	pcre2_set_match_limit(r->limits, RULES_MATCH_LIMIT);
	pcre2_set_depth_limit(r->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(r->limits, HEAP_LIMIT_KIB);
	return true;
}

static enum answer
ask(const struct rules *r, size_t pattern, struct str text)
{
	PCRE2_SPTR p = (PCRE2_SPTR)(text.p != NULL ? text.p : "");
	int got;

	assert(r->codes[pattern] != NULL);
	if (r->jit[pattern] == JIT_NOT_YET)
		r->jit[pattern] = pcre2_jit_compile(r->codes[pattern],
				      PCRE2_JIT_COMPLETE) == 0
		    ? JIT_MADE
		    : JIT_NONE;
	if (r->jit[pattern] == JIT_MADE)
		got = pcre2_jit_match(
		    r->codes[pattern], p, text.n, 0, 0, r->data, r->limits);
	else
		got = pcre2_match(
		    r->codes[pattern], p, text.n, 0, 0, r->data, r->limits);
	if (got >= 0)
		return ANSWER_MATCH;
	return got == PCRE2_ERROR_NOMATCH ? ANSWER_NO : ANSWER_LIMIT;
}

static uint64_t *
row(const struct rules *r, const struct rows *rows, size_t i)
{
	return rows->bits + (i < rows->count ? i : 0) * r->words;
}

static void
set(uint64_t *bits, size_t i)
{
	bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static bool
is_set(const uint64_t *bits, size_t i)
{
	return (bits[i / 64] >> (i % 64) & 1) != 0;
}

static bool
rows_make(const struct rules *r, struct rows *rows, size_t count, struct err *e)
{
	rows->bits = calloc(count * r->words, sizeof *rows->bits);
	rows->count = count;
	return rows->bits != NULL || err_memory(e);
}

static bool
allows_provider(const struct rule_text *t, unsigned provider)
{
	return t->any_provider || provider == RULES_ANY_PROVIDER ||
	    (provider < PROVIDER_MAX && is_set(t->providers, provider));
}

static bool
allows_code(const struct rule_text *t, unsigned code)
{
	return t->any_code || is_set(t->codes, code < RULE_CODES ? code : 0);
}

static bool
allows_local(const struct rule_text *t, bool local)
{
	return t->local == RULE_ANY || t->local == (int)local;
}

static bool
allows_status(
    const struct rules *r, const struct rule_text *t, struct reply_status s)
{
	for (size_t i = 0; i < t->status_count; i++) {
		const int *want = r->book.statuses[t->statuses + i].part;

		/* No status at all is only what "none" asks for. */
		if (s.class == 0
			? want[0] == 0
			: (want[0] == RULE_ANY || want[0] == s.class) &&
			    (want[1] == RULE_ANY || want[1] == s.subject) &&
			    (want[2] == RULE_ANY || want[2] == s.detail))
			return true;
	}
	return t->status_count == 0;
}

/* The sets of all its patterns: each must be there. */
static void
find_sets(
    const struct rules *r, const struct rule_text *t, struct literal_sets *all)
{
	struct literal_sets one;

	all->n = 0;
	for (size_t i = t->patterns; i < t->patterns + t->pattern_count; i++) {
		const struct rule_pattern *p = &r->book.patterns[i];

		if (p->unless || !literal_find(p->text, &one))
			continue;
		for (size_t j = 0; j < one.n; j++)
			literal_keep(all, &one.of[j]);
	}
}

static bool
add_literals(struct rules *r, size_t rule, struct err *e)
{
	struct rule_text *t = &r->book.rules[rule];
	struct literal_sets all;

	find_sets(r, t, &all);
	t->has_literal = all.n > 0;
	for (size_t plane = 0; plane < LITERAL_SETS; plane++) {
		size_t bit = plane * r->words * 64 + rule;

		if (plane >= all.n)
			set(r->always, bit);
		for (size_t i = 0; plane < all.n && i < all.of[plane].n; i++)
			if (!ac_add(r->literals,
				str_of(all.of[plane].of[i].p,
				    all.of[plane].of[i].n),
				(unsigned)bit))
				return err_memory(e);
	}
	return true;
}

static void
fill_rows(struct rules *r, size_t i)
{
	const struct rule_text *t = &r->book.rules[i];

	for (unsigned p = 0; p < r->by_provider.count; p++)
		if (allows_provider(t,
			p == r->by_provider.count - 1 ? RULES_ANY_PROVIDER : p))
			set(row(r, &r->by_provider, p), i);
	for (unsigned c = 0; c < RULE_CODES; c++)
		if (allows_code(t, c))
			set(row(r, &r->by_code, c), i);
	for (unsigned local = 0; local < 2; local++)
		if (allows_local(t, local != 0))
			set(row(r, &r->by_local, local), i);
}

static void
drop_index(struct rules *r)
{
	ac_free(r->literals);
	free(r->always);
	free(r->marks);
	free(r->by_provider.bits);
	free(r->by_code.bits);
	free(r->by_local.bits);
	r->literals = NULL;
	r->always = r->marks = NULL;
	r->by_provider.bits = r->by_code.bits = r->by_local.bits = NULL;
}

static bool
fill_index(struct rules *r, struct err *e)
{
	r->words = r->book.count / 64 + 1;
	r->literals = ac_new();
	r->always = calloc(r->words * LITERAL_SETS, sizeof *r->always);
	r->marks = calloc(r->words * LITERAL_SETS, sizeof *r->marks);
	if (r->literals == NULL || r->always == NULL || r->marks == NULL)
		return err_memory(e);
	if (!rows_make(r, &r->by_provider,
		(size_t)provider_count(r->providers) + 1, e) ||
	    !rows_make(r, &r->by_code, RULE_CODES, e) ||
	    !rows_make(r, &r->by_local, 2, e))
		return false;
	for (size_t i = 0; i < r->book.count; i++) {
		if (!add_literals(r, i, e))
			return false;
		fill_rows(r, i);
	}
	return ac_build(r->literals, e);
}

static bool
read_file(struct rules *r, const struct rule_file *f, struct err *e)
{
	size_t before = r->book.count;
	bool ok = book_read(&r->book, r->providers, f->text, f->name, e);

	for (size_t i = before; i < r->book.count; i++)
		r->book.rules[i].builtin = f->builtin;
	return ok;
}

static bool
read_files(struct rules *r, struct err *e)
{
	for (size_t i = 0; i < r->files.count; i++)
		if (!read_file(r, &r->files.of[i], e))
			return false;
	return make_room(r, e) && compile_all(r, false, e);
}

static bool
need_book(struct rules *r, struct err *e)
{
	if (r->files.count == 0 && r->codes != NULL)
		return true;
	if (read_files(r, e)) {
		rule_files_release(&r->files);
		return true;
	}
	drop_book(r);
	return false;
}

static bool
all_builtin(const struct rule_files *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (!f->of[i].builtin)
			return false;
	return true;
}

struct rules *
rules_read(const char *site_dir, const char *shipped_dir, struct err *e)
{
	struct rules *r = calloc(1, sizeof *r);

	if (r == NULL) {
		err_memory(e);
		return NULL;
	}
	if (rule_files_find(&r->files, site_dir, shipped_dir, e))
		r->providers = providers_open(r->files.providers.text,
		    r->files.providers.name, e);
	if (r->providers != NULL && (all_builtin(&r->files) || need_book(r, e)))
		return r;
	rules_close(r);
	return NULL;
}

bool
rules_prepare(struct rules *r, struct err *e)
{
	if (r->literals != NULL)
		return true;
	if (need_book(r, e) && compile_all(r, true, e) && fill_index(r, e))
		return true;
	drop_index(r);
	return false;
}

struct rules *
rules_open(const char *site_dir, const char *shipped_dir, struct err *e)
{
	struct rules *r = rules_read(site_dir, shipped_dir, e);

	if (r == NULL || rules_prepare(r, e))
		return r;
	rules_close(r);
	return NULL;
}

void
rules_close(struct rules *r)
{
	if (r == NULL)
		return;
	drop_index(r);
	drop_book(r);
	providers_close(r->providers);
	rule_files_release(&r->files);
	free(r);
}

/* Whether the patterns hold: each match, and no unless. */
static enum rule_miss
test_text(const struct rules *r, const struct rule_text *t, struct str text)
{
	for (size_t i = t->patterns; i < t->patterns + t->pattern_count; i++) {
		bool unless = r->book.patterns[i].unless;
		enum answer a = ask(r, i, text);

		if (a == ANSWER_LIMIT)
			return RULE_LIMIT;
		if (a == ANSWER_NO && !unless)
			return RULE_LACKS_TEXT;
		if (a == ANSWER_MATCH && unless)
			return RULE_HAS_UNLESS;
	}
	return RULE_MATCHES;
}

static bool
matches(const struct rules *r, const struct rule_text *t, struct str text,
    unsigned *limit_hit)
{
	enum rule_miss m = test_text(r, t, text);

	if (m == RULE_LIMIT && limit_hit != NULL)
		++*limit_hit;
	return m == RULE_MATCHES;
}

static const struct rule *
find(const struct rules *r, const struct rule_input *in, unsigned *limit_hit)
{
	const uint64_t *p = row(r, &r->by_provider,
	    in->provider == RULES_ANY_PROVIDER ? r->by_provider.count - 1
					       : in->provider);
	const uint64_t *c = row(r, &r->by_code, in->code);
	const uint64_t *l = row(r, &r->by_local, in->local);

	memcpy(r->marks, r->always, r->words * LITERAL_SETS * sizeof *r->marks);
	ac_mark(r->literals, in->folded, r->marks);
	for (size_t w = 0; w < r->words; w++) {
		uint64_t bits = p[w] & c[w] & l[w];

		for (size_t plane = 0; plane < LITERAL_SETS; plane++)
			bits &= r->marks[plane * r->words + w];

		for (; bits != 0; bits &= bits - 1) {
			const struct rule_text *t =
			    &r->book
				 .rules[w * 64 + (size_t)__builtin_ctzll(bits)];

			if (allows_status(r, t, in->status) &&
			    matches(r, t, in->folded, limit_hit))
				return &t->rule;
		}
	}
	return NULL;
}

const struct rule *
rules_find(struct rules *r, const struct rule_input *in, unsigned *limit_hit)
{
	const struct rule *rule;
	unsigned hits = 0;

	if (recall_find(r->recall, in, &rule))
		return rule;
	rule = find(r, in, &hits);
	/* A limit hit is to be told each time. */
	if (hits == 0)
		recall_keep(r->recall, in, rule);
	else if (limit_hit != NULL)
		*limit_hit += hits;
	return rule;
}

bool
rules_match(
    struct rules *r, size_t i, const struct rule_input *in, unsigned *limit_hit)
{
	const struct rule_text *t = &r->book.rules[i];

	return allows_provider(t, in->provider) && allows_code(t, in->code) &&
	    allows_local(t, in->local) && allows_status(r, t, in->status) &&
	    matches(r, t, in->folded, limit_hit);
}

const struct rule *
rules_find_plain(
    struct rules *r, const struct rule_input *in, unsigned *limit_hit)
{
	for (size_t i = 0; i < r->book.count; i++)
		if (rules_match(r, i, in, limit_hit))
			return rules_at(r, i);
	return NULL;
}

enum rule_miss
rules_why(struct rules *r, size_t i, const struct rule_input *in)
{
	const struct rule_text *t = &r->book.rules[i];
	enum rule_miss m = test_text(r, t, in->folded);

	if (m == RULE_LACKS_TEXT || m == RULE_LIMIT)
		return m;
	if (!allows_provider(t, in->provider))
		return RULE_LACKS_PROVIDER;
	if (!allows_code(t, in->code))
		return RULE_LACKS_CODE;
	if (!allows_status(r, t, in->status))
		return RULE_LACKS_STATUS;
	return allows_local(t, in->local) ? m : RULE_LACKS_LOCAL;
}

unsigned
rules_stress(struct rules *r, size_t i, struct str text)
{
	const struct rule_text *t = &r->book.rules[i];

	for (size_t j = t->patterns; j < t->patterns + t->pattern_count; j++)
		if (ask(r, j, text) == ANSWER_LIMIT)
			return r->book.patterns[j].line;
	return 0;
}
