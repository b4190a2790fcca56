/* rulebook.h - rules as their files say them; for rules.c and lint.c only. */
#ifndef VERDICT_RULEBOOK_H
#define VERDICT_RULEBOOK_H

#include <stdint.h>

#include "base/arena.h"
#include "verdict/rules.h"

#define RULE_NAME_MAX 64 /* bytes of a rule's name */
#define RULE_PATTERN_MAX 4096 /* bytes of a pattern with its slashes */

#define RULE_CODES 600 /* codes 0 (none) to 599 */
#define RULE_ANY (-1) /* a part of a status, or local, that may be any */

struct rule_pattern {
	struct str text; /* without the slashes */
	unsigned line;
	bool unless; /* it must not match */
};

/* A status with RULE_ANY for each x; 0.0.0 stands for none. */
struct rule_status {
	int part[3];
};

/* A `sample` or, when won is false, a `not`. */
struct rule_sample {
	struct str text; /* raw or folded, without the context words */
	unsigned line;
	bool won;
	bool local;
	bool has_code, has_status; /* the context says so; else from text */
	unsigned code;
	struct reply_status status;
};

/* One rule: a view into the book's arrays for what may come again. */
struct rule_text {
	struct rule rule;
	bool any_provider, any_code;
	uint64_t providers[PROVIDER_MAX / 64];
	uint64_t codes[(RULE_CODES + 63) / 64];
	int local; /* RULE_ANY, 0: remote only, 1: local only */
	bool builtin;     /* set by rules_read() */
	bool has_literal; /* set by rules_prepare() */
	size_t patterns, pattern_count;
	size_t statuses, status_count;
	size_t samples, sample_count;
};

struct rule_book {
	struct rule_text *rules;
	size_t count, cap;
	struct rule_pattern *patterns;
	size_t pattern_count, pattern_cap;
	struct rule_status *statuses;
	size_t status_count, status_cap;
	struct rule_sample *samples;
	size_t sample_count, sample_cap;
	struct arena text;
};

/* Adds the rules of one file. EX_CONFIG names file and line. */
bool book_read(struct rule_book *b, const struct providers *p, struct str text,
    const char *file, struct err *e);
void book_release(struct rule_book *b);

/* What a loaded set was made of. */
const struct rule_book *rules_book(const struct rules *r);
/* Tries every pattern of rule i on text, whatever its other conditions: the
 * line of the first that hits PCRE2's limits, or 0. */
unsigned rules_stress(struct rules *r, size_t i, struct str text);

#endif
