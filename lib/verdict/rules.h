/* rules.h - what replies mean: reads rule files, finds the rule that wins. */
#ifndef VERDICT_RULES_H
#define VERDICT_RULES_H

#include "base/buf.h"
#include "mail/reply.h"
#include "verdict/class.h"
#include "verdict/provider.h"

#define RULES_MAX 4096       /* rules in all files together */
#define RULES_MATCH_LIMIT 20000 /* PCRE2's match limit for one pattern */
/* Neither host nor domain is known: rules of every provider may match. */
#define RULES_ANY_PROVIDER PROVIDER_MAX

enum strength { STRENGTH_NONE, STRENGTH_WEAK, STRENGTH_STRONG };
const char *strength_name(enum strength s);

/* One rule as read; strings live as long as the rule set. */
struct rule {
	const char *name;    /* "microsoft.ip-blocklist" */
	const char *file;
	unsigned line;
	enum class class;
	enum strength strength; /* NONE: worked out from the codes */
	bool decides;           /* decision below replaces the class's own */
	enum decision decision;
	const char *advice, *source; /* source "": none; several: by spaces */
};

/* What a rule may look at. */
struct rule_input {
	struct str folded;           /* reply_fold()'s text */
	unsigned code;               /* SMTP code, 0: none */
	struct reply_status status;  /* the softer of reply and dsnStatus */
	unsigned provider;           /* or RULES_ANY_PROVIDER */
	bool local;  /* no remote reply: made by the sending MTA itself */
};

struct rules; /* opened and freed only by rules.c */

/*
 * Loads every NN-name.rules of the site folder (may be NULL or absent) and of
 * the shipped folder (NULL: the built-in set), which must hold some, in
 * file-name order, the site's before the shipped one of the same number, and
 * providers.conf (the site's whole file wins, then the shipped folder's, then
 * the built-in). EX_CONFIG names file and line, what is wrong and the mend;
 * nothing is loaded by half.
 */
struct rules *rules_open(const char *site_dir, const char *shipped_dir,
    struct err *e);
/*
 * The same for who may never ask what a reply means: what is built in and
 * known to be good waits for rules_prepare(). Until then only
 * rules_providers() may be used. Preparing again does nothing; EX_OSERR: no
 * memory.
 */
struct rules *rules_read(const char *site_dir, const char *shipped_dir,
    struct err *e);
bool rules_prepare(struct rules *r, struct err *e);
void rules_close(struct rules *r);

const struct providers *rules_providers(const struct rules *r);
/* In the order in which they are tried; i is below rules_count(). */
size_t rules_count(const struct rules *r);
const struct rule *rules_at(const struct rules *r, size_t i);

/*
 * The first rule that matches, or NULL. A pattern that hits PCRE2's limits
 * counts as no match and raises *limit_hit (may be NULL), never silently: the
 * caller counts it. Required literals (up to three sets a rule, one literal for
 * each alternative) in an Aho-Corasick table pick the candidates;
 * rules_find_plain() tries one by one (tests hold the two to the same answer).
 * r recalls some hundred answers, which are given again at once.
 */
const struct rule *rules_find(struct rules *r, const struct rule_input *in,
    unsigned *limit_hit);
const struct rule *rules_find_plain(struct rules *r,
    const struct rule_input *in, unsigned *limit_hit);
/* Whether rule i alone matches (for explain and lint). */
bool rules_match(struct rules *r, size_t i, const struct rule_input *in,
    unsigned *limit_hit);


/* Why a rule does not match. */
enum rule_miss {
	RULE_MATCHES,
	RULE_LACKS_TEXT,    /* one of its `match` patterns */
	RULE_LACKS_PROVIDER,
	RULE_LACKS_CODE,
	RULE_LACKS_STATUS,
	RULE_LACKS_LOCAL,
	RULE_HAS_UNLESS,    /* an `unless` pattern matches */
	RULE_LIMIT          /* a pattern hit PCRE2's limits */
};

/* Whether rule i asks for words at all (a `match` or `unless`). */
bool rules_has_pattern(const struct rules *r, size_t i);
/* The first of these that holds for rule i: the text is asked first. */
enum rule_miss rules_why(struct rules *r, size_t i,
    const struct rule_input *in);

/*
 * Runs every sample and not, the stress lines, looks for rules that no sample
 * reaches, rules without a sample, without advice, or without a literal.
 * Appends one line a finding to out ("file:line: rule: what; mend").
 * *errors and *notes count them: an error is a sample that another rule or
 * none wins, a not that wins, a limit hit, a rule no sample reaches.
 */
bool rules_lint(struct rules *r, struct buf *out, unsigned *errors,
    unsigned *notes, struct err *e);

#endif
