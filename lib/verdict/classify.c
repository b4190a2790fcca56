/* classify.c - one failure as told by a row or a report: its verdict. */
#include "verdict/classify.h"

#include "verdict/fallback.h"

#define OWN_WORDS 64 /* bytes of a reply in which PowerMTA's own stand */

static bool
is_suppression(enum decision d)
{
	return d == DECISION_SUPPRESS_ADDRESS || d == DECISION_SUPPRESS_DOMAIN;
}

/* "host.name (1.2.3.4)", "dns;host.name", "[1.2.3.4]": the name. */
static struct str
host_of(struct str mta)
{
	struct str host;
	size_t n = 0;

	reply_type(mta, &host);
	while (n < host.n && !ascii_is_space(host.p[n]) && host.p[n] != '(')
		n++;
	return str_sub(host, 0, n);
}

static bool
is_zero(struct reply_status s)
{
	return s.class != 0 && s.subject == 0 && s.detail == 0;
}

/*
 * The softer of what the reply says and what the row says. PowerMTA makes up
 * an undefined x.0.0 where the reply has no code; that never counts against
 * one that the reply has.
 */
static struct reply_status
softer(struct reply_status own, struct str dsn_status)
{
	struct reply_status dsn = { 0 };

	if (!reply_status_of(dsn_status, &dsn) ||
	    (own.class != 0 && is_zero(dsn)))
		return own;
	if (own.class == 0)
		return dsn;
	return dsn.class < own.class ? dsn : own;
}

/*
 * Made by the sending MTA itself: its own words, or no words and no host that
 * could have spoken them. Where a host is named and no reply (a site may leave
 * the column out), the code is all there is.
 */
static bool
is_local(const struct failure *f, struct str type, struct str text)
{
	bool silent = text.n == 0 && host_of(f->mta).n == 0;

	if (!f->row)
		return str_ieq(type, STR("x-pmta")) ||
		    (silent && f->dsn_status.n > 0);
	/* "550 5.7.1 recipient is in suppression list": its own list. */
	text = str_sub(text, 0, OWN_WORDS);
	return silent || str_ieq(type, STR("x-pmta")) ||
	    str_ifind(text, STR("recipient is in suppression list")) < text.n;
}

/*
 * Google writes "Action: failed" and an undefined 4.0.0 beside what DNS told
 * it of the recipient's domain: no reply, and the "no" of DNS is one.
 */
static bool
is_undefined_no(const struct failure *f, const struct verdict *v)
{
	return !f->row && v->code == 0 && is_zero(v->status) &&
	    (v->class == CLASS_GONE_DOMAIN || v->class == CLASS_GONE_NULLMX);
}

/* Whether the sender gave up at a reply that will not change, whoever is asked
 * for in whatever way. */
static bool
is_final(const struct failure *f, const struct verdict *v)
{
	if (!f->failed || f->spelled || v->code / 100 == 4)
		return false;
	return v->status.class != 4 || is_undefined_no(f, v);
}

/* Strong when the codes agree with the class. */
static enum strength
agreeing(const struct verdict *v)
{
	struct reply_status s = v->status;

	if (v->code != 0 ? v->code / 100 != 5 : s.class != 5)
		return STRENGTH_WEAK;
	if (!class_is_gone(v->class) || s.class == 0 || is_zero(s) ||
	    s.subject == 1 || s.subject == 2)
		return STRENGTH_STRONG;
	if ((s.subject == 4 && s.detail == 1) ||
	    (s.subject == 5 && s.detail == 0) ||
	    (s.subject == 7 && s.detail == 1))
		return STRENGTH_STRONG;
	return STRENGTH_WEAK;
}

static void
take_rule(const struct rule *r, struct verdict *v)
{
	v->rule = r;
	v->rule_name = r->name;
	v->advice = r->advice;
	v->class = r->class;
	v->strength = r->strength != STRENGTH_NONE ? r->strength : agreeing(v);
	v->decision = r->decides ? r->decision : class_info(r->class)->decision;
}

/*
 * A domain that PowerMTA did not find under the letters beyond ASCII that the
 * row has. What it asked DNS for nobody knows: a wide or an invisible letter
 * is none in the name that is meant, which may be anybody's.
 */
static bool
is_asked_otherwise(const struct failure *f, enum class c)
{
	struct str domain = f->context.rcpt;

	if (!f->row || (c != CLASS_GONE_DOMAIN && c != CLASS_GONE_NULLMX) ||
	    host_of(f->mta).n > 0)
		return false;
	domain = str_skip(domain, str_rchr(domain, '@'));
	for (size_t i = 0; i < domain.n; i++)
		if ((unsigned char)domain.p[i] > 0x7f)
			return true;
	return false;
}

/* What stands above every rule: a soft reply, or no reply, suppresses
 * nobody. */
static void
soften(const struct failure *f, struct verdict *v)
{
	/* Of its own failures only the look-up of the domain is evidence. */
	if (is_asked_otherwise(f, v->class) || (v->local &&
	    class_is_gone(v->class) && v->class != CLASS_GONE_DOMAIN &&
	    v->class != CLASS_GONE_NULLMX)) {
		v->class = CLASS_SELF_NODELIVERY;
		v->decision = DECISION_IGNORE;
		v->strength = STRENGTH_NONE;
	}
	if (v->local && v->strength == STRENGTH_STRONG)
		v->strength = STRENGTH_WEAK;
	if (is_final(f, v))
		return;
	if (v->strength == STRENGTH_STRONG)
		v->strength = STRENGTH_WEAK;
	if (class_is_gone(v->class))
		v->strength = STRENGTH_NONE;
	if (is_suppression(v->decision))
		v->decision = DECISION_COUNT_SOFT;
}

/* What the reply says of itself, beside what the rules look at. */
struct reading {
	struct str text; /* without its type */
	struct reply_codes codes;
};

static void
fall_back(const struct failure *f, const struct reading *own, struct verdict *v)
{
	struct fallback_input in = {
		.folded = v->folded,
		.dsn_status = f->dsn_status,
		.status = v->status,
		.code = v->code,
		.derived = own->codes.status.class == 0 && own->text.n > 0,
		.local = v->local,
		.categories = f->categories,
		.n_categories = f->n_categories,
	};

	if (f->row && own->text.n == 0 &&
	    (v->status.class == 0 || is_zero(v->status)))
		in.bounce_cat = f->bounce_cat;
	fallback_find(&in, v);
}

/* The sending MTA's own words about a route stand in the status alone:
 * "5.4.4 (unable to route: no such domain)". */
static struct str
route_words(const struct failure *f)
{
	struct str words = str_skip(f->dsn_status,
	    str_chr(f->dsn_status, '('));

	return str_starts(f->dsn_status, STR("5.4.4")) ? words : STR("");
}

static struct rule_input
read_failure(struct rules *r, const struct failure *f, struct buf *folded,
    struct reading *own)
{
	struct str type = reply_type(f->diag, &own->text);
	struct str host = host_of(f->mta);
	struct rule_input in;

	reply_codes(own->text, &own->codes);
	buf_clear(folded);
	reply_fold(own->text, &f->context, folded);
	in = (struct rule_input){
		.folded = buf_str(folded),
		.code = own->codes.code,
		.status = softer(own->codes.status, f->dsn_status),
		.provider = provider_find(rules_providers(r), host, f->domain),
		.local = is_local(f, type, own->text),
	};
	if (in.local && own->text.n == 0) {
		reply_fold(route_words(f), &f->context, folded);
		in.folded = buf_str(folded);
	}
	if (host.n == 0 && f->domain.n == 0)
		in.provider = RULES_ANY_PROVIDER;
	return in;
}

struct rule_input
classify_input(struct rules *r, const struct failure *f, struct buf *folded)
{
	struct reading own;

	return read_failure(r, f, folded, &own);
}

void
classify(struct rules *r, const struct failure *f, struct buf *folded,
    struct verdict *out)
{
	struct reading own;
	struct rule_input in = read_failure(r, f, folded, &own);
	const struct rule *rule;

	*out = (struct verdict){
		.rule_name = "-",
		.folded = in.folded,
		.code = in.code,
		.status = in.status,
		.local = in.local,
		.provider = in.provider == RULES_ANY_PROVIDER ? PROVIDER_OTHER
							      : in.provider,
	};
	rule = rules_find(r, &in, &out->limit_hits);
	if (rule != NULL)
		take_rule(rule, out);
	else
		fall_back(f, &own, out);
	soften(f, out);
}

enum class
classify_feedback(struct str feedback_type)
{
	static const struct {
		const char *name;
		enum class class;
	} TYPES[] = {
		{ "opt-out", CLASS_FBL_OPTOUT },
		{ "opt-out-list", CLASS_FBL_OPTOUT },
		{ "fraud", CLASS_FBL_FRAUD },
		{ "virus", CLASS_FBL_VIRUS },
		{ "auth-failure", CLASS_FBL_AUTH_FAILURE },
		{ "dmarc", CLASS_FBL_AUTH_FAILURE },
		{ "dkim", CLASS_FBL_AUTH_FAILURE },
		{ "spf", CLASS_FBL_AUTH_FAILURE },
		{ "not-spam", CLASS_FBL_NOT_SPAM },
	};

	feedback_type = str_trim(feedback_type);
	for (size_t i = 0; i < COUNT(TYPES); i++)
		if (str_ieq(feedback_type, str_from(TYPES[i].name)))
			return TYPES[i].class;
	return CLASS_FBL_ABUSE;
}
