/* row_judge.c - what a row's own words say against its use. */
#include "mail/row_judge.h"

/* Whether a status column says code, "5.3.5" or "5.3.5 (text)". */
static bool
status_is(struct str status, struct str code)
{
	status = str_trim(status);
	return str_starts(status, code) &&
	    (status.n == code.n || !ascii_is_digit(status.p[code.n]));
}

/* A b or t that PowerMTA gave itself, without anybody's reply. What it says of
 * a domain that it could not find is no such. */
static bool
is_by_ourselves(const struct event *ev)
{
	struct str diag = str_trim(ev->diag);

	if (str_istarts(diag, STR("x-pmta;")))
		return true;
	if (str_istarts(diag, STR("smtp;")))
		diag = str_trim(str_skip(diag, 5));
	if (str_istarts(diag,
		STR("550 5.7.1 recipient is in suppression "
		    "list \"")))
		return true;
	return str_trim(ev->mta).n == 0 && status_is(ev->status, STR("5.3.5"));
}

static bool
is_any(struct str s, const char *const *words, size_t n)
{
	s = str_trim(s);
	for (size_t i = 0; i < n; i++)
		if (str_ieq(s, str_from(words[i])))
			return true;
	return false;
}

/* Mail that went into a file or program of ours: not the world's answer. */
static bool
is_local(struct str dlv_type)
{
	static const char *const WORDS[] = { "discard", "file", "pipe" };

	return is_any(dlv_type, WORDS, COUNT(WORDS));
}

/* A remote report that nothing failed: RFC 3464's actions but "failed". */
static bool
is_no_failure(const struct event *ev)
{
	static const char *const WORDS[] = { "delayed", "delivered", "relayed",
		"expanded" };

	return is_any(ev->action, WORDS, COUNT(WORDS)) ||
	    str_starts(str_trim(ev->status), STR("2."));
}

static bool
is_no_complaint(struct str feedback)
{
	static const char *const WORDS[] = { "not-spam", "auth-failure" };

	return is_any(feedback, WORDS, COUNT(WORDS));
}

void
row_judge(struct event *ev)
{
	switch (ev->kind) {
	case KIND_D:
		if (ev->dlv_type.n > 0 && !str_ieq(ev->dlv_type, STR("smtp")))
			event_skip(ev, SKIP_NOT_SMTP);
		break;
	case KIND_B:
	case KIND_T:
		if (is_local(ev->dlv_type))
			event_skip(ev, SKIP_NOT_SMTP);
		if (is_by_ourselves(ev))
			event_skip(ev, SKIP_OURSELVES);
		break;
	case KIND_RB:
		if (is_no_failure(ev))
			event_skip(ev, SKIP_NOT_A_FAILURE);
		break;
	case KIND_RS:
		event_skip(ev, SKIP_NOT_A_FAILURE);
		break;
	case KIND_F:
		if (is_no_complaint(ev->feedback))
			event_skip(ev, SKIP_NOT_A_COMPLAINT);
		break;
	default:
		break;
	}
}
