/* report.h - replies by volume: what was answered, how often, and what it was
 * taken for. */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H

#include "store/store.h"

/* A folded reply that no rule and no code told the class of. */
struct unknown_row {
	struct str folded, sample, provider;
	int64_t n, first, last; /* to 10 minutes */
};
typedef bool unknown_fn(void *ctx, const struct unknown_row *row,
    struct err *e);
/* The most frequent first, at most limit. */
bool report_unknowns(struct store *s, int64_t since, int64_t limit,
    unknown_fn *fn, void *ctx, struct err *e);

/* What PowerMTA called bounceCat, and what we judged. */
struct category_row {
	struct str category, folded, sample, rule;
	enum class class;
	int64_t n;
};
typedef bool category_fn(void *ctx, const struct category_row *row,
    struct err *e);
/* Evidence with a bounceCat, the most frequent first. */
bool report_categories(struct store *s, int64_t since, category_fn *fn,
    void *ctx, struct err *e);

/* Which failures a report is about; bounds as event times, words empty: all. */
struct report_filter {
	int64_t since, until; /* until 0: no end */
	struct str provider, vmta;
	int64_t limit;
};

/* What a provider replied, and how often; to which of ours, and the rule that
 * judged it. */
struct code_row {
	struct str provider, folded, sample;
	enum class class;
	int64_t n, first, last;
	int64_t provider_id, reply_id; /* with class: the reply's key */
	struct str vmta, ip, rule;
	int64_t code, status;
};
typedef bool code_fn(void *ctx, const struct code_row *row, struct err *e);
/* The most frequent first, at most limit; each reply's rows, one for each of
 * vmta, ip, rule, code and status, follow one another, the latest first. */
bool report_codes(struct store *s, const struct report_filter *f, code_fn *fn,
    void *ctx, struct err *e);

#endif
