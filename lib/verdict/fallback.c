/* fallback.c - a verdict where no rule matches: by its code. */
#include "verdict/fallback.h"

#define ANY 65535 /* every detail of a subject */

static const char NO_ADVICE[] =
    "No rule knows this reply. Look at what the address did before, and "
    "write a rule when many say the same.";
static const char CODE_ADVICE[] =
    "Only the status code speaks here; the text says nothing that is known. "
    "Write a rule when many replies say the same.";
static const char CATEGORY_ADVICE[] =
    "The row holds no reply and no code; PowerMTA's bounce category is all "
    "there is, and it is only a hint.";

/* Status 5.subject.detail (and 4.) when the text says nothing. */
static const struct {
	uint16_t subject, from, to;
	enum class class;
	const char *name; /* "code." and the status */
} CODES[] = {
	{ 1, 1, 1, CLASS_GONE_MAILBOX, "code.5.1.1" },
	{ 1, 2, 2, CLASS_GONE_DOMAIN, "code.5.1.2" },
	{ 1, 3, 3, CLASS_GONE_SYNTAX, "code.5.1.3" },
	{ 1, 4, 4, CLASS_REFUSED_PERSONAL, "code.5.1.4" },
	{ 1, 6, 6, CLASS_GONE_MOVED, "code.5.1.6" },
	{ 1, 7, 7, CLASS_SENDER_ADDRESS, "code.5.1.7" },
	{ 1, 8, 8, CLASS_SENDER_ADDRESS, "code.5.1.8" },
	{ 1, 9, 9, CLASS_DSN_RELAYED, "code.5.1.9" },
	{ 1, 10, 10, CLASS_GONE_NULLMX, "code.5.1.10" },
	{ 2, 1, 1, CLASS_GONE_INACTIVE, "code.5.2.1" },
	{ 2, 2, 2, CLASS_FULL_MAILBOX, "code.5.2.2" },
	{ 2, 3, 3, CLASS_SENDER_SIZE, "code.5.2.3" },
	{ 2, 4, 4, CLASS_REFUSED_LISTEXP, "code.5.2.4" },
	{ 3, 0, 0, CLASS_TEMP_SYSTEM, "code.5.3.0" },
	{ 3, 1, 1, CLASS_FULL_SYSTEM, "code.5.3.1" },
	{ 3, 2, 2, CLASS_TEMP_SYSTEM, "code.5.3.2" },
	{ 3, 3, 3, CLASS_TEMP_SYSTEM, "code.5.3.3" },
	{ 3, 4, 4, CLASS_SENDER_SIZE, "code.5.3.4" },
	{ 3, 5, 5, CLASS_SENDER_CONFIG, "code.5.3.5" },
	{ 4, 0, 0, CLASS_TEMP_NETWORK, "code.5.4.0" },
	{ 4, 1, 1, CLASS_TEMP_NETWORK, "code.5.4.1" },
	{ 4, 2, 2, CLASS_TEMP_NETWORK, "code.5.4.2" },
	{ 4, 3, 3, CLASS_TEMP_DNS, "code.5.4.3" },
	{ 4, 4, 4, CLASS_TEMP_ROUTE, "code.5.4.4" },
	{ 4, 5, 5, CLASS_TEMP_SYSTEM, "code.5.4.5" },
	{ 4, 6, 6, CLASS_TEMP_ROUTE, "code.5.4.6" },
	{ 4, 7, 7, CLASS_TEMP_EXPIRED, "code.5.4.7" },
	{ 5, 3, 3, CLASS_BLOCK_RATE, "code.5.5.3" },
	{ 5, 0, ANY, CLASS_SENDER_PROTOCOL, "code.5.5.x" },
	{ 6, 7, 9, CLASS_SENDER_SMTPUTF8, "code.5.6.7-9" },
	{ 6, 0, ANY, CLASS_SENDER_PROTOCOL, "code.5.6.x" },
	{ 7, 0, 0, CLASS_BLOCK_POLICY, "code.5.7.0" },
	{ 7, 1, 1, CLASS_BLOCK_POLICY, "code.5.7.1" },
	{ 7, 2, 2, CLASS_REFUSED_PERSONAL, "code.5.7.2" },
	{ 7, 3, 4, CLASS_SENDER_TLS, "code.5.7.3-4" },
	{ 7, 5, 7, CLASS_BLOCK_POLICY, "code.5.7.5-7" },
	{ 7, 8, 9, CLASS_SENDER_LOGIN, "code.5.7.8-9" },
	{ 7, 10, 10, CLASS_SENDER_TLS, "code.5.7.10" },
	{ 7, 11, 12, CLASS_SENDER_LOGIN, "code.5.7.11-12" },
	{ 7, 13, 13, CLASS_GONE_INACTIVE, "code.5.7.13" },
	{ 7, 14, 14, CLASS_SENDER_LOGIN, "code.5.7.14" },
	{ 7, 15, 15, CLASS_BLOCK_POLICY, "code.5.7.15" },
	{ 7, 16, 16, CLASS_SENDER_SIZE, "code.5.7.16" },
	{ 7, 17, 17, CLASS_GONE_MOVED, "code.5.7.17" },
	{ 7, 18, 18, CLASS_GONE_DOMAIN, "code.5.7.18" },
	{ 7, 19, 19, CLASS_BLOCK_POLICY, "code.5.7.19" },
	{ 7, 20, 24, CLASS_BLOCK_AUTH, "code.5.7.20-24" },
	{ 7, 25, 25, CLASS_BLOCK_PTR, "code.5.7.25" },
	{ 7, 26, 26, CLASS_BLOCK_AUTH, "code.5.7.26" },
	{ 7, 27, 27, CLASS_SENDER_ADDRESS, "code.5.7.27" },
	{ 7, 28, 28, CLASS_BLOCK_REPUTATION, "code.5.7.28" },
	{ 7, 29, 29, CLASS_BLOCK_AUTH, "code.5.7.29" },
	{ 7, 30, 30, CLASS_SENDER_TLS, "code.5.7.30" },
	/* A refusal for a reason of the receiver's own numbering. */
	{ 7, 0, ANY, CLASS_BLOCK_POLICY, "code.5.7.x" },
};

static const struct {
	const char *name;
	enum class class;
	const char *rule;
} CATEGORIES[] = {
	{ "bad-mailbox", CLASS_GONE_MAILBOX, "bounce-cat.bad-mailbox" },
	{ "inactive-mailbox", CLASS_GONE_INACTIVE,
	    "bounce-cat.inactive-mailbox" },
	{ "bad-domain", CLASS_GONE_DOMAIN, "bounce-cat.bad-domain" },
	{ "quota-issues", CLASS_FULL_MAILBOX, "bounce-cat.quota-issues" },
	{ "message-expired", CLASS_TEMP_EXPIRED, "bounce-cat.message-expired" },
	{ "no-answer-from-host", CLASS_TEMP_NETWORK,
	    "bounce-cat.no-answer-from-host" },
	{ "bad-connection", CLASS_TEMP_NETWORK, "bounce-cat.bad-connection" },
	{ "routing-errors", CLASS_TEMP_ROUTE, "bounce-cat.routing-errors" },
	{ "relaying-issues", CLASS_BLOCK_RELAY, "bounce-cat.relaying-issues" },
	{ "policy-related", CLASS_BLOCK_POLICY, "bounce-cat.policy-related" },
	{ "spam-related", CLASS_BLOCK_REPUTATION, "bounce-cat.spam-related" },
	{ "content-related", CLASS_BLOCK_CONTENT,
	    "bounce-cat.content-related" },
	{ "virus-related", CLASS_BLOCK_VIRUS, "bounce-cat.virus-related" },
	{ "invalid-sender", CLASS_SENDER_ADDRESS, "bounce-cat.invalid-sender" },
	{ "protocol-errors", CLASS_SENDER_PROTOCOL,
	    "bounce-cat.protocol-errors" },
	{ "bad-configuration", CLASS_SENDER_CONFIG,
	    "bounce-cat.bad-configuration" },
};

static void
conclude(struct verdict *v, enum class c, enum strength strength,
    const char *name, const char *advice)
{
	v->class = c;
	v->strength = strength;
	v->decision = class_info(c)->decision;
	v->rule_name = name;
	v->advice = advice;
}

static bool
says(struct str text, const char *words)
{
	return str_ifind(text, str_from(words)) < text.n;
}

/* Codes that are no code of the recipient's mailbox, whatever they look
 * like: made up by PowerMTA from a bare 553, or told after the message
 * itself or the sender's address was refused. */
static bool
is_doubtful(const struct fallback_input *in, enum class c)
{
	if (!class_is_gone(c))
		return false;
	if (in->derived && in->code == 553)
		return true;
	return says(in->folded, "end of data") ||
	    says(in->folded, "to mail from command");
}

static bool
by_code(const struct fallback_input *in, struct verdict *v)
{
	struct reply_status s = in->status;
	enum class c;

	if (s.class == 2) {
		conclude(v, CLASS_DSN_RELAYED, STRENGTH_WEAK, "code.2.x.x",
		    CODE_ADVICE);
		return true;
	}
	for (size_t i = 0; s.class != 0 && i < COUNT(CODES); i++) {
		if (CODES[i].subject != s.subject || s.detail < CODES[i].from ||
		    s.detail > CODES[i].to)
			continue;
		c = CODES[i].class;
		/* PowerMTA's own look-up found no such domain. */
		if (in->local && s.subject == 4 && s.detail == 4 &&
		    says(in->dsn_status, "no such domain"))
			c = CLASS_GONE_DOMAIN;
		if (is_doubtful(in, c))
			return false;
		conclude(v, c, STRENGTH_WEAK, CODES[i].name, CODE_ADVICE);
		return true;
	}
	return false;
}

static const char *
category_rule(struct str name)
{
	for (size_t i = 0; i < COUNT(CATEGORIES); i++)
		if (str_ieq(name, str_from(CATEGORIES[i].name)))
			return CATEGORIES[i].rule;
	return "bounce-cat.own";
}

bool
classify_category(struct str name, const struct category *own, size_t n,
    enum class *out)
{
	for (size_t i = 0; i < n; i++)
		if (str_ieq(name, str_from(own[i].name))) {
			*out = own[i].class;
			return true;
		}
	for (size_t i = 0; i < COUNT(CATEGORIES); i++)
		if (str_ieq(name, str_from(CATEGORIES[i].name))) {
			*out = CATEGORIES[i].class;
			return true;
		}
	return false;
}

/* One vote and no more: nobody is suppressed for it. */
static bool
by_category(const struct fallback_input *in, struct verdict *v)
{
	enum class c;

	if (!classify_category(in->bounce_cat, in->categories,
	    in->n_categories, &c))
		return false;
	conclude(v, c, STRENGTH_NONE, category_rule(in->bounce_cat),
	    CATEGORY_ADVICE);
	if (class_is_gone(v->class))
		v->decision = DECISION_COUNT_SOFT;
	return true;
}

void
fallback_find(const struct fallback_input *in, struct verdict *v)
{
	if (by_code(in, v) || by_category(in, v))
		return;
	conclude(v, CLASS_UNKNOWN, STRENGTH_NONE, "-", NO_ADVICE);
}
