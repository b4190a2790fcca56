/* judge.c - the verdict on an event, as the road and a dry run take it. */
#include "work/judge.h"

#include "work/receiver.h"

bool
judge_is_feedback(enum kind k)
{
	return k == KIND_F || k == KIND_MF || k == KIND_MU;
}

static bool
is_failure(enum kind k)
{
	return k == KIND_B || k == KIND_T || kind_is_report(k);
}

/* Whether the recipient of a row has quotes that he needs none of, or a type
 * before his name: hosts that take such a name as it stands do not find it. */
static bool
is_spelled(const struct event *ev)
{
	struct str key = str_from(ev->address);
	struct str s = str_trim(ev->rcpt);

	if (ev->kind != KIND_B && ev->kind != KIND_T)
		return false;
	if (str_starts(s, STR("<")))
		s = str_trim(str_skip(s, 1));
	s = str_sub(s, 0, str_rchr(s, '@'));
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > 0x7f)
			return false;
	return !str_ieq(s, str_sub(key, 0, str_rchr(key, '@')));
}

static void
failure_of(const struct config *c, const struct event *ev, struct failure *f)
{
	*f = (struct failure){ .diag = ev->diag, .dsn_status = ev->status,
		.mta = ev->mta, .bounce_cat = ev->bounce_cat,
		.categories = c->categories,
		.n_categories = c->n_categories,
		.domain = address_domain(str_from(ev->address)),
		.failed = ev->kind != KIND_T,
		.row = ev->kind == KIND_B || ev->kind == KIND_T,
		.spelled = is_spelled(ev),
		.context = { .rcpt = ev->rcpt.n > 0 ? ev->rcpt
		        : str_from(ev->address),
		    .self_ip = ev->source_ip,
		    .self_addr = ev->orig,
		    .self_domain = address_domain(ev->orig),
		    .self_host = str_chr(ev->vmta, '.') < ev->vmta.n
		        ? ev->vmta : STR("") } };
}

/* What needs no reply to be read. */
static enum class
plain_class(const struct event *ev)
{
	switch (ev->kind) {
	case KIND_F:
	case KIND_MF:
		return classify_feedback(ev->feedback);
	case KIND_MU:
		return CLASS_AUTO_UNSUBSCRIBE;
	case KIND_D:
		return CLASS_DELIVERED;
	case KIND_R:
		return CLASS_RECEIVED;
	default:
		return CLASS_UNKNOWN;
	}
}

void
judge_event(const struct config *c, struct rules *r, const struct event *ev,
    struct buf *folded, struct verdict *v)
{
	bool feedback = judge_is_feedback(ev->kind);
	struct failure f;

	if (is_failure(ev->kind)) {
		failure_of(c, ev, &f);
		classify(r, &f, folded, v);
		return;
	}
	*v = (struct verdict){ .class = plain_class(ev),
		.strength = feedback ? STRENGTH_STRONG : STRENGTH_NONE,
		.rule_name = feedback ? "feedback" : "-", .advice = "",
		.folded = STR("") };
	v->provider = receiver_find(NULL, rules_providers(r), ev).provider;
	v->decision = v->class == CLASS_UNKNOWN ? DECISION_IGNORE
	    : class_info(v->class)->decision;
}
