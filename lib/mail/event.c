/* event.c - the names of kinds and of reasons to pass over. */
#include "mail/event.h"

/* Words of the type column; the first of a kind is its short name. */
static const struct word {
	const char *text;
	enum kind kind;
} WORDS[] = {
	{ "d", KIND_D },
	{ "delivery", KIND_D },
	{ "delivered", KIND_D },
	{ "b", KIND_B },
	{ "bounce", KIND_B },
	{ "bounced", KIND_B },
	{ "t", KIND_T },
	{ "transient", KIND_T },
	{ "tq", KIND_TQ },
	{ "transient-queue", KIND_TQ },
	{ "r", KIND_R },
	{ "receipt", KIND_R },
	{ "received", KIND_R },
	{ "rb", KIND_RB },
	{ "remote-bounce", KIND_RB },
	{ "rs", KIND_RS },
	{ "remote-status", KIND_RS },
	{ "f", KIND_F },
	{ "fbl", KIND_F },
	{ "feedback", KIND_F },
	{ "feedback-loop", KIND_F },
};

static const char *const KINDS[KIND_COUNT] = {
	[KIND_NONE] = "none",
	[KIND_D] = "d",
	[KIND_B] = "b",
	[KIND_T] = "t",
	[KIND_TQ] = "tq",
	[KIND_R] = "r",
	[KIND_RB] = "rb",
	[KIND_RS] = "rs",
	[KIND_F] = "f",
	[KIND_MB] = "mb",
	[KIND_MF] = "mf",
	[KIND_MU] = "mu",
};

static const char *const SKIPS[SKIP_COUNT] = {
	[SKIP_NONE] = "none",
	[SKIP_UNKNOWN_TYPE] = "unknown-type",
	[SKIP_NO_HEADER] = "no-header",
	[SKIP_NO_COLUMN] = "no-column",
	[SKIP_FIELD_COUNT] = "field-count",
	[SKIP_MALFORMED] = "malformed",
	[SKIP_TOO_LONG] = "too-long",
	[SKIP_NOISE] = "noise",
	[SKIP_BAD_TIME] = "bad-time",
	[SKIP_FUTURE] = "future",
	[SKIP_OLD] = "old",
	[SKIP_NO_RECIPIENT] = "no-recipient",
	[SKIP_BAD_ADDRESS] = "bad-address",
	[SKIP_REDACTED] = "redacted",
	[SKIP_VERP] = "verp",
	[SKIP_OURSELVES] = "ourselves",
	[SKIP_NOT_SMTP] = "not-smtp",
	[SKIP_NOT_A_FAILURE] = "not-a-failure",
	[SKIP_NOT_A_COMPLAINT] = "not-a-complaint",
	[SKIP_JSON] = "json",
	[SKIP_NOT_A_REPORT] = "not-a-report",
	[SKIP_DUPLICATE] = "duplicate",
	[SKIP_QUARANTINED] = "quarantined",
	[SKIP_ERASED] = "erased",
	[SKIP_TOO_MANY] = "too-many",
};

const char *
kind_name(enum kind k)
{
	return (size_t)k < COUNT(KINDS) ? KINDS[k] : KINDS[KIND_NONE];
}

static const struct word *
word_find(struct str type)
{
	for (size_t i = 0; i < COUNT(WORDS); i++)
		if (str_ieq(type, str_from(WORDS[i].text)))
			return &WORDS[i];
	return NULL;
}

struct str
kind_word(struct str type)
{
	const struct word *w = word_find(type);

	return str_from(w != NULL ? w->text : NULL);
}

enum kind
kind_of(struct str type)
{
	const struct word *w;

	/* Nearly every row is a d. */
	if (type.n == 1 && type.p[0] == 'd')
		return KIND_D;
	w = word_find(type);
	return w != NULL ? w->kind : KIND_NONE;
}

const char *
skip_name(enum skip s)
{
	return (size_t)s < COUNT(SKIPS) ? SKIPS[s] : "unknown";
}

const char *
found_name(enum found f)
{
	static const char *const NAMES[] = {
		[FOUND_NONE] = "none",
		[FOUND_NAMED] = "named",
		[FOUND_VERP] = "verp",
		[FOUND_SIGNED] = "signed",
	};

	return (size_t)f < COUNT(NAMES) ? NAMES[f] : "unknown";
}
